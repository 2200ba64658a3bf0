//! Callers' own policies around the call and around the attempt.

use super::AttemptError;
use super::call::Call;
use crate::client::Client;
use crate::decode::{Class, Failure};
use crate::error::{Error, ErrorKind};
use crate::hooks::{AttemptInfo, CallInfo, Work};

const NOT_RUN: &str = "a policy of the caller's own said that it succeeded, but brought no answer";

impl Client {
    /// The call through the caller's own policies, the first given outermost.
    pub(super) async fn around_call<V: Send>(
        &self,
        call: &Call,
        work: impl Future<Output = Result<V, Error>> + Send,
    ) -> Result<V, Error> {
        if self.call_hooks().is_empty() {
            return work.await;
        }
        let mut brought = None;
        let mut wrapped: Work<'_, Error> = Box::pin(async { work.await.map(|value| brought = Some(value)) });
        let info = CallInfo { call: call.number, operation: call.operation() };
        for hook in self.call_hooks().iter().rev() {
            wrapped = hook.around(info, wrapped);
        }
        wrapped.await?;
        brought.ok_or_else(|| Error::new(ErrorKind::Refused, NOT_RUN).with_call(call.operation(), 0, call.elapsed()))
    }

    /// An attempt through the caller's own policies, the first given outermost.
    pub(super) async fn around_attempt<V: Send>(
        &self,
        info: AttemptInfo<'_>,
        work: impl Future<Output = Result<V, Failure>> + Send,
    ) -> Result<V, Failure> {
        if self.attempt_hooks().is_empty() {
            return work.await;
        }
        let mut brought = None;
        let mut wrapped: Work<'_, AttemptError> =
            Box::pin(async { work.await.map(|value| brought = Some(value)).map_err(AttemptError) });
        for hook in self.attempt_hooks().iter().rev() {
            wrapped = hook.around(info, wrapped);
        }
        wrapped.await.map_err(|AttemptError(failure)| failure)?;
        brought.ok_or_else(|| Failure::new(Class::Refused, NOT_RUN))
    }
}
