//! The simulator inside this program: what `--demo` asks instead of the service.

use esologs::Credentials;
use esologs_sim::world::{Size, WorldConfig};
use esologs_sim::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, Faults, Running, Simulator, Stats};

use crate::failure::Failure;

/// Points an hour, as keys of the service with a subscription have them.
const POINTS: u32 = 18_000;

/// A running demo. It ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Demo {
    running: Running,
}

impl Demo {
    pub(crate) async fn start(seed: u64, fault_rate: f64) -> Result<Self, Failure> {
        let simulator = Simulator::builder()
            .world_config(WorldConfig { seed, size: Size::Demo })
            .seed(seed)
            .limit(POINTS)
            // It is our own, and nobody else's.
            .without_throttle()
            .faults(Faults::mixed(fault_rate, seed))
            .build()
            .map_err(|error| Failure::usage(error.to_string()))?;
        let running = simulator
            .start_tcp(("127.0.0.1", 0))
            .await
            .map_err(|error| Failure::local("the demo's simulator cannot listen on 127.0.0.1", &error))?;
        Ok(Self { running })
    }

    pub(crate) fn credentials() -> Result<Credentials, Failure> {
        Ok(Credentials::new(DEMO_CLIENT_ID, DEMO_CLIENT_SECRET)?)
    }

    pub(crate) fn base_url(&self) -> String {
        self.running.base_url()
    }

    /// What the simulator itself has counted.
    pub(crate) fn stats(&self) -> Stats {
        self.running.sim().stats()
    }
}
