//! What an answer is to the pipeline: the form in which it comes is all that tells one call from another once it is sent. So the
//! pipeline is one for all of them, and compiled once.

use std::any::{Any, TypeId};
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{DeserializeOwned, DeserializeSeed as _, IgnoredAny};

use super::classify::Failure;
use super::envelope::{Envelope, EnvelopeIn, GraphqlError};
use crate::api::{Lines, RateLimitData};
use crate::error::{Error, ErrorKind};
use crate::query::{Batch, Selection};
use crate::resilience::Served;

/// The `data` of an operation, of whatever type.
///
/// A field that the operation cannot do without is no `Option`: where it is missing, the answer is a failure.
pub(crate) trait Answerable: Any + Send {
    /// Whether it can be handed over although the answer holds errors as well: some part is null because of them. A typed
    /// value cannot tell which part, so the errors are its outcome.
    fn is_usable_beside_errors(&self, errors: &[GraphqlError]) -> bool {
        let _ = errors;
        false
    }

    /// The service's words where it put an error in the place of a value, `{"error": "…"}` inside the scalar `JSON`, without a
    /// GraphQL error (oBusk/warcraftlogs-search).
    fn error_inside(&self) -> Option<String> {
        None
    }

    /// Whether null stands in the place of all that was asked for.
    fn is_nothing(&self) -> bool {
        false
    }

    /// Whether null stands where that begins which the call is about: right under a root field, or above.
    fn is_hidden(&self) -> bool {
        false
    }

    /// The snapshot of the points budget that came with it, where the document asks for one and the service sent one.
    fn points(&self) -> Option<&RateLimitData> {
        None
    }

    /// The parts that were asked for and failed by themselves, and why. Asked of operations that consist of parts.
    fn failed_parts(&self, asked: &Batch, errors: &[GraphqlError]) -> Vec<(usize, Failure)> {
        let _ = (asked, errors);
        Vec::new()
    }

    /// The first field that was selected and is not there. Asked of callers' own queries, whose types we do not know.
    fn lacks(&self, selection: &Selection) -> Option<String> {
        let _ = selection;
        None
    }

    /// Takes what a later answer, of the same type, brought for parts that had failed.
    fn take_parts(&mut self, later: Box<dyn Any>) {
        let _ = later;
    }

    /// Gives a part up.
    fn end_part(&mut self, part: usize, error: Error) {
        let _ = (part, error);
    }

    /// Takes the entries of [`Form::long_list`], after everything else was read with an empty list in its place.
    fn put_list(&mut self, entries: Lines) {
        let _ = entries;
    }
}

impl Answerable for IgnoredAny {}

/// What a successful attempt brought.
#[derive(Debug)]
pub(crate) struct Answer<D = Box<dyn Answerable>> {
    pub(crate) data: D,
    /// Errors beside the data: a part is missing.
    pub(crate) errors: Vec<GraphqlError>,
    /// Its strings had to be mended before it could be read.
    pub(crate) was_repaired: bool,
    /// Where it comes from.
    pub(crate) served: Served,
}

impl Answer {
    /// The same with its data as the type that it was read as.
    pub(crate) fn typed<T: Answerable>(self) -> Result<Answer<T>, Error> {
        let Self { data, errors, was_repaired, served } = self;
        let data: Box<dyn Any> = data;
        match data.downcast::<T>() {
            Ok(data) => Ok(Answer { data: *data, errors, was_repaired, served }),
            Err(_) => Err(Error::new(ErrorKind::BadAnswer, "the answer was read as another type than the one asked for")),
        }
    }
}

/// The form in which `data` comes: how it is read, and as what.
pub(crate) trait Form: Send + Sync + 'static {
    type Data: Answerable;

    /// Where the list lies that makes the answer long, as the names on the way to it; empty where there is none.
    fn long_list(&self) -> &'static [&'static str] {
        &[]
    }

    fn read<'de, D: Deserializer<'de>>(&self, deserializer: D) -> Result<Self::Data, D::Error>;
}

/// The form of a type that reads itself.
pub(crate) struct As<T>(PhantomData<fn() -> T>);

impl<T> As<T> {
    pub(crate) const FORM: Self = Self(PhantomData);
}

impl<T: Answerable + DeserializeOwned> Form for As<T> {
    type Data = T;

    fn read<'de, D: Deserializer<'de>>(&self, deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

/// A form, whatever the type it is read as.
pub(crate) trait AnyForm: Send + Sync {
    /// [`Form::long_list`].
    fn list(&self) -> &'static [&'static str];

    /// [`Form::Data`].
    fn data_type(&self) -> TypeId;

    fn envelope(&self, body: &[u8]) -> Result<Envelope, serde_json::Error>;

    /// Why a body cannot be read, with the place. Keeping track of it costs as much as reading.
    fn trouble(&self, body: &[u8]) -> Option<String>;
}

impl<F: Form> AnyForm for F {
    fn list(&self) -> &'static [&'static str] {
        self.long_list()
    }

    fn data_type(&self) -> TypeId {
        TypeId::of::<F::Data>()
    }

    fn envelope(&self, body: &[u8]) -> Result<Envelope, serde_json::Error> {
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        let envelope = EnvelopeIn(self).deserialize(&mut deserializer)?;
        deserializer.end()?;
        Ok(envelope)
    }

    fn trouble(&self, body: &[u8]) -> Option<String> {
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        let mut track = serde_path_to_error::Track::new();
        let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
        let error = EnvelopeIn(self).deserialize(tracked).err()?;
        Some(format!("at {}: {error}", track.path()))
    }
}
