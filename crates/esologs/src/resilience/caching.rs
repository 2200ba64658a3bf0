//! Steps 2 and 3 of a call: an answer that is kept, and an older one in the place of a failure.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::Priority;
use super::cache::{Answers, Entry, Question, Served, StaleCause, Standing};
use super::call::{Call, Received};
use crate::client::Client;
use crate::config::CallPolicy;
use crate::decode::{Answer, AnyForm, Class, reread};
use crate::error::{Error, ErrorKind};
use crate::events::{CacheResult, Event};
use crate::query::Operation;
use crate::units::UnixMillis;

/// How calls of a client use its cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum CacheUse {
    /// What is fresh is taken; what is older is shown while it is refreshed, and where the service fails.
    #[default]
    Usual,
    /// What is fresh is taken, and nothing older for whatever reason.
    FreshOnly,
    /// The service is asked, and its answer kept.
    Refresh,
    /// The service is not asked.
    Only,
    /// As if there were none.
    Skip,
}

/// An answer that is kept, and what may be done with it.
type Found = (Entry, Standing);

/// What the cache has for a call.
pub(super) enum LookedUp {
    /// Nothing else is needed.
    Answer(Answer),
    /// The service has to be asked; this may stand in where it fails.
    Older(Option<Entry>),
}

/// What an answer means for the cache.
pub(super) enum Worth {
    /// It is whole: read in the form that was asked for, without errors and without mending.
    Keeping(Bytes),
    /// There is nothing any more where something was.
    Forgetting,
    Nothing,
}

impl Worth {
    pub(super) fn of(received: &Received) -> Self {
        let answer = &received.answer;
        if !answer.errors.is_empty() || answer.was_repaired {
            return Self::Nothing;
        }
        match &received.body {
            _ if answer.data.is_nothing() => Self::Forgetting,
            Some(body) => Self::Keeping(body.clone()),
            None => Self::Nothing,
        }
    }
}

impl Client {
    /// Step 2: what is fresh costs nothing; what is older is remembered, or shown while it is refreshed behind it.
    pub(super) async fn look_up(&self, call: &Arc<Call>, form: &'static dyn AnyForm) -> Result<LookedUp, Error> {
        let how = self.cache_use();
        let (Some(cache), Some(question)) = (self.cache(), &call.question) else {
            return if how == CacheUse::Only { Err(not_kept(call)) } else { Ok(LookedUp::Older(None)) };
        };
        if how == CacheUse::Refresh {
            return Ok(LookedUp::Older(None));
        }
        let now = self.clock().now();
        let found = match cache.find(question, now).await {
            Some(fresh) if fresh.1 == Standing::Fresh => Some(fresh),
            older => self.kept_for_user(call, cache, now, older).await,
        };
        self.tell_news(cache);
        let found = found.map(|(entry, standing)| (age(&entry, now), standing, entry));
        let looked_up = match found {
            Some((age, Standing::Fresh, entry)) => self.taken(call, form, &entry, CacheResult::Hit, Served::Cached { age }),
            Some((age, _, entry)) if how == CacheUse::Only => {
                let served = Served::Stale { age, cause: StaleCause::NotAsked, retry_at: None };
                self.taken(call, form, &entry, CacheResult::StaleNotAsked, served)
            }
            Some((age, Standing::Stale { may_revalidate: true }, entry))
                if how == CacheUse::Usual && cache.revalidates() && self.policy().priority == Priority::Interactive =>
            {
                let served = Served::Stale { age, cause: StaleCause::Refreshing, retry_at: None };
                let taken = self.taken(call, form, &entry, CacheResult::StaleRevalidate, served);
                if taken.is_some() {
                    self.refresh_behind(call, cache, form);
                }
                taken
            }
            Some((_, _, entry)) if how == CacheUse::Usual => {
                self.tell_asked(call, CacheResult::Miss, None);
                return Ok(LookedUp::Older(Some(entry)));
            }
            _ => None,
        };
        match looked_up {
            Some(answer) => Ok(LookedUp::Answer(answer)),
            None => {
                self.tell_asked(call, CacheResult::Miss, None);
                if how == CacheUse::Only { Err(not_kept(call)) } else { Ok(LookedUp::Older(None)) }
            }
        }
    }

    /// What is kept for the signed-in user, where the key may be refused a report and that user asked in its place: what is fresh, or where
    /// there is nothing else. The key is shown no more of a report than the user, and may have heard that the report changed.
    async fn kept_for_user(&self, call: &Call, of_key: &Arc<Answers>, now: UnixMillis, older: Option<Found>) -> Option<Found> {
        let Some(user) = self.in_users_name().filter(|_| call.operation.reports().next().is_some()) else { return older };
        let (Some(cache), Some(question)) = (user.cache(), user.question(&call.operation)) else { return older };
        let of_user = cache.find(&question, now).await.filter(|(entry, _)| !of_key.knows_newer_than(entry));
        self.tell_news(cache);
        of_user.filter(|(_, standing)| older.is_none() || *standing == Standing::Fresh).or(older)
    }

    /// Step 3: an older answer in the place of the final failure, where its class allows that. A "no" is never covered, and ends what is
    /// kept of what it is about.
    pub(super) async fn or_older(
        &self,
        call: &Call,
        form: &dyn AnyForm,
        older: Option<Entry>,
        result: Result<(Answer, u32), Error>,
    ) -> Result<(Answer, u32), Error> {
        let error = match result {
            Err(error) => error,
            Ok(answered) => return Ok(answered),
        };
        let Some(class) = error.class() else { return Err(error) };
        if ends_what_is_kept(class) {
            self.forget_for_both(call).await;
        }
        let Some(entry) = older.filter(|_| class.rule().stale_may_serve) else { return Err(error) };
        let (age, retry_at, attempts) = (age(&entry, self.clock().now()), error.retry_at(), error.attempts());
        let served = Served::Stale { age, cause: StaleCause::Failed(error.clone()), retry_at };
        let taken = self.taken(call, form, &entry, CacheResult::StaleError, served);
        taken.map(|answer| (answer, attempts)).ok_or(error)
    }

    /// The question that an operation asks of its cache; `None` where the answer is not kept.
    pub(super) fn question(&self, operation: &Operation) -> Option<Question> {
        self.cache().and_then(|cache| cache.question(operation))
    }

    /// Neither this client nor the user who was asked in its place is shown it: nothing that is kept of it is an answer any more.
    pub(super) async fn forget_for_both(&self, call: &Call) {
        self.keep(call.question.as_deref(), Worth::Forgetting).await;
        if let Some(user) = self.in_users_name() {
            user.keep(user.question(&call.operation).as_ref(), Worth::Forgetting).await;
        }
    }

    /// Keeps what a call brought, where it is worth that.
    pub(super) async fn keep(&self, question: Option<&Question>, worth: Worth) {
        let (Some(cache), Some(question)) = (self.cache(), question) else { return };
        let now = self.clock().now();
        match worth {
            Worth::Keeping(body) => cache.keep(question, body, now).await,
            Worth::Forgetting => cache.forget(question, now).await,
            Worth::Nothing => {}
        }
        self.tell_news(cache);
    }

    /// The kept answer in this form. `None` where it is not of that form: another call asked the same and took less.
    fn taken(&self, call: &Call, form: &dyn AnyForm, entry: &Entry, result: CacheResult, served: Served) -> Option<Answer> {
        let answer = reread(&entry.body, form).ok()?;
        self.tell_asked(call, result, Some(served.age()));
        Some(Answer { served, ..answer })
    }

    /// Asks for a newer answer behind the one that is shown: one attempt, and from the points alone that nobody else needs, as the ledger
    /// gives them to batch calls.
    fn refresh_behind(&self, call: &Call, cache: &Arc<Answers>, form: &'static dyn AnyForm) {
        let Some(question) = &call.question else { return };
        let Some(refreshing) = cache.begin_refresh(&question.key) else { return };
        let from_surplus = CallPolicy { priority: Priority::Batch, ..CallPolicy::plain() };
        let (client, operation) = (self.with_policy(from_surplus).refreshing(), call.operation.clone());
        let refresh: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(async move {
            let _refreshing = refreshing;
            // Where it fails, what is shown gets older; its events tell.
            _ = client.call_in(form, operation).await;
        });
        tokio::spawn(refresh);
    }

    fn tell_asked(&self, call: &Call, result: CacheResult, age: Option<Duration>) {
        self.tell(&Event::CacheAsked { call: call.number, operation: call.operation(), result, age });
    }

    fn tell_news(&self, cache: &Answers) {
        for why in cache.news() {
            self.tell(&Event::CacheTrouble { why: &why });
        }
    }
}

fn age(entry: &Entry, now: UnixMillis) -> Duration {
    now.since(entry.header.kept_at)
}

/// The service has said that this is not to be seen, or not any more.
const fn ends_what_is_kept(class: Class) -> bool {
    matches!(class, Class::NotVisible | Class::Archived | Class::PermissionDenied)
}

fn not_kept(call: &Call) -> Error {
    Error::new(ErrorKind::NotCached, "the cache holds no answer to it, and the service was not to be asked")
        .with_hint("ask the service: do without `only_cached`")
        .with_call(call.operation(), 0, call.elapsed())
}
