//! Objects of an answer: a value of the world, and the call it is resolved for.

use apollo_compiler::resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue};

use super::args::Args;
use super::call::Call;

/// What a resolver answers.
pub(crate) type Resolved<'a> = Result<ResolvedValue<'a>, FieldError>;

/// A type of the schema: its name and its fields.
pub(crate) trait Resolve {
    /// Name in the schema.
    const TYPE: &'static str;

    /// The value of one field. A field that nobody wrote a resolver for is null, see [`absent`].
    fn field<'a>(&'a self, call: &'a Call<'a>, name: &str, args: Args<'a>) -> Resolved<'a>;
}

/// An object of the answer.
pub(crate) struct Node<'c, T> {
    pub(crate) call: &'c Call<'c>,
    pub(crate) it: T,
}

impl<T: Resolve> ObjectValue for Node<'_, T> {
    fn type_name(&self) -> &str {
        T::TYPE
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Resolved<'a> {
        self.it.field(self.call, info.field_name(), Args::of(info))
    }
}

/// An error of one field; apollo adds path and locations.
pub(crate) fn field_error(message: impl Into<String>) -> FieldError {
    FieldError { message: message.into() }
}

/// A field that the simulator knows nothing to say about.
pub(crate) fn absent<'a>() -> Resolved<'a> {
    Ok(ResolvedValue::null())
}
