//! The GraphQL side: the shipped schema, executed by apollo-compiler over the world.
//!
//! - [`request`]: what a body asks for
//! - [`documents`]: parsing and validation, remembered
//! - [`call`]: what resolvers may look at, what they leave behind
//! - [`resolve`]: one module per corner of the schema
//! - [`mod@write`]: the answer as compact JSON, event pages spliced in
//! - [`errors`]: apollo's error texts in the service's words

pub(crate) mod args;
pub(crate) mod call;
pub(crate) mod documents;
mod drift;
pub(crate) mod errors;
pub(crate) mod execute;
pub(crate) mod failing;
pub(crate) mod json;
pub(crate) mod node;
pub(crate) mod paginate;
pub(crate) mod request;
pub(crate) mod resolve;
pub(crate) mod write;

/// The API's schema, as shipped with the project.
pub const SCHEMA: &str = include_str!("../../../../schema/esologs.graphql");
