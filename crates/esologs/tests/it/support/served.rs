//! A simulator over TCP and a client on it.

use esologs::CallPolicy;
use esologs_sim::{Faults, Running, ScriptedFault, Simulator, Stats};

use super::in_process::client_of;
use super::rig::Rig;
use super::server::{Identity, tls_before};

/// Both, and what each saw of the other.
pub(crate) struct Served {
    running: Running,
    pub(crate) rig: Rig,
}

impl Served {
    /// HTTP/1.1 over plain TCP. There is no throttle: what is refused is refused by a fault.
    pub(crate) async fn with(faults: Faults, policy: CallPolicy) -> Self {
        Self::of(simulator(faults), policy).await
    }

    /// One fault, once or as often as it says.
    pub(crate) async fn struck_by(fault: ScriptedFault, policy: CallPolicy) -> Self {
        Self::with(Faults::none().with(fault), policy).await
    }

    /// A simulator of the test's own.
    pub(crate) async fn of(sim: Simulator, policy: CallPolicy) -> Self {
        let running = sim.start_tcp("127.0.0.1:0").await.unwrap();
        let rig = Rig::over_tcp(&running.base_url(), policy);
        Self { running, rig }
    }

    /// HTTP/2 over TLS, where this identity is trusted.
    pub(crate) async fn in_http2(faults: Faults, policy: CallPolicy, identity: &Identity) -> Self {
        let running = simulator(faults).start_tcp("127.0.0.1:0").await.unwrap();
        let port = tls_before(running.addr(), identity).await;
        let rig = Rig::over_tcp(&format!("https://localhost:{port}"), policy);
        Self { running, rig }
    }

    pub(crate) fn sim(&self) -> &Simulator {
        self.running.sim()
    }

    pub(crate) fn stats(&self) -> Stats {
        self.running.sim().stats()
    }

    /// Requests that reached the API and the token endpoint.
    pub(crate) fn requests(&self) -> (u64, u64) {
        let stats = self.stats();
        let of = |path| stats.by_endpoint.get(path).copied().unwrap_or_default();
        (of("/api/v2/client"), of("/oauth/token"))
    }

    /// How many times the points of one `rate_limit` were charged, and how many of these for nothing.
    pub(crate) async fn charged(&self) -> (f64, f64) {
        let sim = simulator(Faults::none());
        client_of(&sim, CallPolicy::plain()).rate_limit().await.unwrap();
        let (price, stats) = (sim.stats().points_spent, self.stats());
        let times = |points: f64| (100.0 * points / price).round() / 100.0;
        (times(stats.points_spent), times(stats.points_spent_on_broken_answers))
    }
}

fn simulator(faults: Faults) -> Simulator {
    Simulator::builder().start_unix_ms(1_790_000_000_000).without_throttle().faults(faults).build().unwrap()
}
