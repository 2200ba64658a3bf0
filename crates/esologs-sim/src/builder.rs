//! How a simulator is made.

use std::sync::Arc;
use std::time::Duration;

use crate::Simulator;
use crate::auth::{Credentials, SignInSettings};
use crate::clock::machine_unix_ms;
use crate::faults::Faults;
use crate::limits::{CostModel, PointsSettings, ThrottleSettings};
use crate::world::{Size, World, WorldConfig};

/// Why a simulator cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A limit of no points would refuse everything for ever.
    #[error("the points limit is 0; it must be at least 1")]
    NoPoints,
    /// Windows are counted in milliseconds.
    #[error("the {0} is shorter than a millisecond")]
    WindowTooShort(&'static str),
    /// A throttle of no requests would refuse everything for ever.
    #[error("the throttle admits no requests; it must admit at least 1, or be switched off")]
    NoRequests,
    /// A token that is dead at once is of no use.
    #[error("the token lifetime is shorter than a second")]
    TokenLifetimeTooShort,
}

/// Settings of a [`Simulator`], all with defaults.
#[derive(Debug, Clone)]
#[must_use]
pub struct SimulatorBuilder {
    world: WorldSource,
    start_unix_ms: Option<i64>,
    pub(crate) settings: Settings,
}

/// What a simulator is told once.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) seed: u64,
    pub(crate) credentials: Vec<Credentials>,
    pub(crate) sign_in: SignInSettings,
    pub(crate) token_lifetime: Duration,
    pub(crate) points: PointsSettings,
    pub(crate) throttle: Option<ThrottleSettings>,
    pub(crate) faults: Faults,
    pub(crate) race_is_on: bool,
}

#[derive(Debug, Clone)]
enum WorldSource {
    Generate(WorldConfig),
    Given(Arc<World>),
}

/// Laravel Passport's default: a year.
const TOKEN_LIFETIME: Duration = Duration::from_secs(31_536_000);

impl Default for SimulatorBuilder {
    fn default() -> Self {
        Self {
            world: WorldSource::Generate(WorldConfig { seed: 1, size: Size::Small }),
            start_unix_ms: None,
            settings: Settings {
                seed: 1,
                credentials: Vec::new(),
                sign_in: SignInSettings::default(),
                token_lifetime: TOKEN_LIFETIME,
                points: PointsSettings::default(),
                throttle: Some(ThrottleSettings::default()),
                faults: Faults::none(),
                race_is_on: false,
            },
        }
    }
}

impl SimulatorBuilder {
    /// The world to generate. Default: seed 1, [`Size::Small`].
    pub fn world_config(mut self, config: WorldConfig) -> Self {
        self.world = WorldSource::Generate(config);
        self
    }

    /// A world that is there already: read from a file, or shared between simulators.
    pub fn world(mut self, world: impl Into<Arc<World>>) -> Self {
        self.world = WorldSource::Given(world.into());
        self
    }

    /// Seed of tokens. Worlds and faults have seeds of their own. Default 1.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// Wall-clock time at which the simulator starts, in milliseconds since 1970; from there it runs with tokio's clock.
    /// Default: the machine's.
    pub fn start_unix_ms(mut self, start_unix_ms: i64) -> Self {
        self.start_unix_ms = Some(start_unix_ms);
        self
    }

    /// Adds an API key, instead of the demo key. Points are counted for each key.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.settings.credentials.push(credentials);
        self
    }

    /// How users sign in. Default [`SignInSettings::default`].
    pub fn sign_in(mut self, settings: SignInSettings) -> Self {
        self.settings.sign_in = settings;
        self
    }

    /// How long tokens are good (`expires_in`). Default a year.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.settings.token_lifetime = lifetime;
        self
    }

    /// Everything about points at once.
    pub fn points(mut self, points: PointsSettings) -> Self {
        self.settings.points = points;
        self
    }

    /// Points of a window. Default 18,000.
    pub fn limit(mut self, points: u32) -> Self {
        self.settings.points.limit = points;
        self
    }

    /// Length of the window. Default one hour.
    pub fn window(mut self, window: Duration) -> Self {
        self.settings.points.window = window;
        self
    }

    /// What requests cost. Default [`CostModel::Complexity`].
    pub fn cost_model(mut self, model: CostModel) -> Self {
        self.settings.points.cost_model = model;
        self
    }

    /// How far `pointsSpentThisHour` is behind. Default zero.
    pub fn snapshot_lag(mut self, lag: Duration) -> Self {
        self.settings.points.snapshot_lag = lag;
        self
    }

    /// Whether `pointsSpentThisHour` holds the cost of the query that asks for it. Default `true`.
    pub fn snapshot_includes_own_query(mut self, included: bool) -> Self {
        self.settings.points.snapshot_includes_own_query = included;
        self
    }

    /// The request throttle. Default 800 requests per 60 s and address.
    pub fn throttle(mut self, throttle: ThrottleSettings) -> Self {
        self.settings.throttle = Some(throttle);
        self
    }

    /// No request throttle.
    pub fn without_throttle(mut self) -> Self {
        self.settings.throttle = None;
        self
    }

    /// The faults. Default none.
    pub fn faults(mut self, faults: Faults) -> Self {
        self.settings.faults = faults;
        self
    }

    /// Whether a race to a first kill is on, for `progressRaceData`. Default `false`: then it answers null, but for the past race, which
    /// has the competition id 1.
    pub fn race_is_on(mut self, on: bool) -> Self {
        self.settings.race_is_on = on;
        self
    }

    /// Makes the simulator.
    ///
    /// # Errors
    ///
    /// When a setting makes no sense; the error says which.
    pub fn build(mut self) -> Result<Simulator, BuildError> {
        if self.settings.credentials.is_empty() {
            self.settings.credentials.push(Credentials::demo());
        }
        self.settings.check()?;
        let start_unix_ms = self.start_unix_ms.unwrap_or_else(machine_unix_ms);
        let world = match self.world {
            WorldSource::Generate(config) => Arc::new(World::generate(&config, start_unix_ms)),
            WorldSource::Given(world) => world,
        };
        Ok(Simulator::new(world, start_unix_ms, self.settings))
    }
}

impl Settings {
    /// Ids of all API clients, with a secret and without.
    pub(crate) fn client_ids(&self) -> impl Iterator<Item = &str> {
        self.credentials.iter().map(|key| key.id.as_str()).chain(self.sign_in.public_clients.iter().map(String::as_str))
    }

    fn check(&self) -> Result<(), BuildError> {
        if self.points.limit == 0 {
            return Err(BuildError::NoPoints);
        }
        if self.points.window < Duration::from_millis(1) {
            return Err(BuildError::WindowTooShort("points window"));
        }
        if let Some(throttle) = self.throttle {
            if throttle.requests == 0 {
                return Err(BuildError::NoRequests);
            }
            if throttle.window < Duration::from_millis(1) {
                return Err(BuildError::WindowTooShort("throttle window"));
            }
        }
        if self.token_lifetime < Duration::from_secs(1) {
            return Err(BuildError::TokenLifetimeTooShort);
        }
        Ok(())
    }
}
