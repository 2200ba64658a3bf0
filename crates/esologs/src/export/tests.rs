//! What goes into the columns comes out again.

mod back;
mod files;
mod folder;
mod lines;
mod page;
mod random;
