//! The wire at its worst, over real sockets with the real client: what breaks is found, repeated or named, and nothing wrong
//! is ever handed over.

mod every_offset;
mod facts;
mod faults;
mod http2;
mod random;
mod storm;
mod token;
