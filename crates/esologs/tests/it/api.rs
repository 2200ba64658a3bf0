//! Typed calls: each of them against the schema, and against the simulator; their parameters, lists and answers.

mod answers;
mod any;
mod arguments;
mod every_call;
mod lists;
mod page;
mod schema;
mod simulated;
mod synthetic;
