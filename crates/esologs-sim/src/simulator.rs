//! The simulator itself: its state, and what tests can do to it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::auth::UserScopes;
use crate::auth::codes::Agreements;
use crate::auth::tokens::{Bearer, TokenUser, Tokens};
use crate::builder::{Settings, SimulatorBuilder};
use crate::clock::Clock;
use crate::faults::Faults;
use crate::faults::plan::FaultPlan;
use crate::graphql::documents::Documents;
use crate::limits::points::{PointsLedger, PointsSettings};
use crate::limits::throttle::Throttle;
use crate::stats::Stats;
use crate::world::World;

/// The API, in process or over TCP. Clones are handles to the same service.
///
/// In process, a request is answered by [`Simulator::handle`]; over TCP, see [`Simulator::start_tcp`].
#[derive(Debug, Clone)]
pub struct Simulator {
    pub(crate) shared: Arc<Shared>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) world: Arc<World>,
    pub(crate) documents: &'static Documents,
    pub(crate) clock: Clock,
    pub(crate) settings: Settings,
    state: Mutex<State>,
}

/// Everything that changes.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) tokens: Tokens,
    /// Codes and refresh tokens of users.
    pub(crate) agreements: Agreements,
    /// Accounts by client id, as many as there are credentials, and by user.
    ledgers: HashMap<String, PointsLedger>,
    pub(crate) throttle: Option<Throttle>,
    pub(crate) plan: FaultPlan,
    pub(crate) stats: Stats,
    /// How far faults have moved live reports ahead of the clock.
    pub(crate) live_ahead_ms: i64,
}

impl Simulator {
    /// Starts to describe a simulator; `.build()` makes it.
    pub fn builder() -> SimulatorBuilder {
        SimulatorBuilder::default()
    }

    pub(crate) fn new(world: Arc<World>, start_unix_ms: i64, settings: Settings) -> Self {
        let ledger = || PointsLedger::new(settings.points.clone());
        let state = State {
            tokens: Tokens::new(settings.token_lifetime, settings.seed),
            agreements: Agreements::new(settings.seed),
            ledgers: settings.client_ids().map(|id| (id.to_owned(), ledger())).collect(),
            throttle: settings.throttle.map(Throttle::new),
            plan: FaultPlan::new(settings.faults.clone(), Duration::ZERO),
            stats: Stats::default(),
            live_ahead_ms: 0,
        };
        Self {
            shared: Arc::new(Shared {
                world,
                documents: Documents::shared(),
                clock: Clock::starting_at(start_unix_ms),
                settings,
                state: Mutex::new(state),
            }),
        }
    }

    /// What is simulated.
    #[must_use]
    pub fn world(&self) -> &Arc<World> {
        &self.shared.world
    }

    /// The simulated wall clock, milliseconds since 1970.
    #[must_use]
    pub fn now_unix_ms(&self) -> i64 {
        self.shared.clock.now_unix_ms()
    }

    /// Lets time go by for the service alone, as it does while the machine of its client is suspended: tokio's clock, which the
    /// client waits by, stands still.
    pub fn pass_time(&self, time: Duration) {
        self.shared.clock.put_on(time);
    }

    /// What it saw so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.state().stats.clone()
    }

    /// Ends every token, as maintenance did: the next request with an old one is 401, however long it should have lived.
    pub fn revoke_tokens(&self) {
        self.state().tokens.revoke_all();
    }

    /// Ends every sign-in of users, as a password that is changed does: tokens, and what renews them.
    pub fn revoke_sign_ins(&self) {
        let mut state = self.state();
        state.tokens.revoke_all();
        state.agreements.revoke_all();
    }

    /// Makes a user token for `/api/v2/user` without the sign-in that real ones need. It belongs to the first API key and user.
    #[must_use]
    pub fn issue_user_token(&self, scopes: UserScopes) -> String {
        let client_id = self.shared.settings.credentials.first().map(|key| key.id.clone());
        let id = self.shared.settings.sign_in.users.first().map_or(1, |user| user.id);
        let user = TokenUser { id, scopes: scopes.into() };
        let bearer = Bearer { client_id: client_id.unwrap_or_default(), user: Some(user) };
        let (now, now_unix_ms) = (self.now(), self.now_unix_ms());
        let mut state = self.state();
        state.stats.tokens_issued += 1;
        state.tokens.issue(bearer, now, now_unix_ms)
    }

    /// Changes the points limit of all keys at once, as the service did to keys in use.
    pub fn set_limit(&self, points: u32) {
        for ledger in self.state().ledgers.values_mut() {
            ledger.set_limit(points);
        }
    }

    /// Spends points of an API key as if another user of the key had. An unknown key is ignored.
    pub fn spend_elsewhere(&self, client_id: &str, points: f64) {
        let now = self.now();
        if let Some(ledger) = self.state().ledgers.get_mut(client_id) {
            ledger.charge(now, points);
        }
    }

    /// Replaces all faults; scripted ones start to count anew, and spells from now.
    pub fn set_faults(&self, faults: Faults) {
        let now = self.now();
        self.state().plan = FaultPlan::new(faults, now);
    }

    pub(crate) fn count_connection(&self) {
        self.state().stats.connections += 1;
    }

    /// Time since the start, which windows and token lives are counted in.
    pub(crate) fn now(&self) -> Duration {
        self.shared.clock.elapsed()
    }

    /// A std mutex: it is held for moments, never over an await, and never while a query is executed.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The account of this name; a user's begins with the first request.
    pub(crate) fn ledger(&mut self, account: &str, settings: &PointsSettings) -> &mut PointsLedger {
        self.ledgers.entry(account.to_owned()).or_insert_with(|| PointsLedger::new(settings.clone()))
    }
}
