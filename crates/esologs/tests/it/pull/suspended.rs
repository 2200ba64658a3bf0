//! A machine that is suspended in the middle of a pull: time goes by for the service and on the wall, and not for what waits. And a wall clock
//! that is set back.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use esologs::pull::{Pull, verify};
use esologs::{Client, Clock, UnixMillis};
use esologs_sim::truth::Stream;
use esologs_sim::world::World;
use esologs_sim::{Faults, Simulator};
use tokio::time::Instant;

use super::files::{assert_same, files, truth};
use super::wire::{GUILD, NOW, Wire, finished, paged_world};

const HOUR: Duration = Duration::from_secs(3_600);
const LATENCY: Duration = Duration::from_millis(500);
/// A long wait looks at the wall clock so often.
const LOOK: Duration = Duration::from_secs(30);

/// A laptop and the service that it asks; its wall clock can jump.
struct Laptop {
    wire: Wire,
    jumped_ms: Arc<AtomicI64>,
}

impl Laptop {
    /// At a service with this world and so many points an hour.
    fn at(world: &Arc<World>, limit: u32, faults: Faults) -> Self {
        let sim = Simulator::builder().world(Arc::clone(world)).start_unix_ms(NOW).limit(limit).faults(faults);
        Self { wire: Wire::to_sim(sim.without_throttle().build().unwrap()).slow(LATENCY), jumped_ms: Arc::default() }
    }

    fn client(&self) -> Client {
        let (started, jumped) = (Instant::now(), Arc::clone(&self.jumped_ms));
        let clock = Clock::custom(move || UnixMillis::new(NOW + jumped.load(Ordering::Relaxed)).plus(started.elapsed()));
        self.wire.builder(esologs_sim::DEMO_CLIENT_SECRET).clock(clock).build().unwrap()
    }

    /// Closes the lid after so much of the pull, for so long.
    async fn suspend(&self, after: Duration, time: Duration) {
        tokio::time::sleep(after).await;
        self.wire.sim.pass_time(time);
        self.jumped_ms.fetch_add(time.as_millis() as i64, Ordering::Relaxed);
    }
}

/// Enough reports that a call is a small part of the hour's points.
fn season() -> Arc<World> {
    let reports = "[[report]]\nevents = 100\nfights = 2\n".repeat(60);
    let toml = format!("seed = 5\n[[guild]]\nid = {GUILD}\nname = \"Lanterns\"\n{reports}");
    Arc::new(World::from_toml(&toml, NOW).unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_pull_that_waits_for_points_goes_on_once_the_machine_wakes_and_nothing_is_bought_twice() {
    let world = season();
    let (calm, folder) = (Laptop::at(&world, 1_000_000, Faults::none()), tempfile::tempdir().unwrap());
    Pull::guild(calm.client(), GUILD, folder.path()).run(|_| {}).await.unwrap();
    let all = calm.wire.sim.stats().points_spent;
    let (laptop, folder) = (Laptop::at(&world, (0.7 * all) as u32, Faults::none()), tempfile::tempdir().unwrap());
    let began = Instant::now();

    // By then the hour's points are spent; and it sleeps through the whole of the next hour.
    let pull = Pull::guild(laptop.client(), GUILD, folder.path()).run(|_| {});
    let (summary, ()) = tokio::join!(pull, laptop.suspend(Duration::from_secs(120), 2 * HOUR));

    assert_eq!(summary.unwrap().complete(), 60);
    assert_same(&files(&folder.path().join("data")), &truth(&world, &Stream::DEFAULT), "suspended");
    let bought = |wire: &Wire| {
        let mut bought = wire.reached();
        // Looks at the points, which are asked for while it waits.
        bought.remove("RateLimit");
        bought
    };
    assert_eq!((laptop.wire.sim.stats().refused_for_points, bought(&laptop.wire)), (0, bought(&calm.wire)));
    let awake = began.elapsed();
    assert!(awake < Duration::from_secs(120) + 3 * LOOK, "it has waited for {awake:?}");
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_sleeps_at_any_moment_of_a_pull_amid_faults_brings_home_the_truth() {
    for seed in 0..20 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let (laptop, folder) = (Laptop::at(paged_world(), 400, Faults::mixed(0.1, seed)), tempfile::tempdir().unwrap());
        let (after, time) = (Duration::from_millis(rng.u64(0..20_000)), Duration::from_secs(rng.u64(60..100_000)));

        let pull = Pull::guild(laptop.client(), GUILD, folder.path()).run(|_| {});
        let (summary, ()) = tokio::join!(pull, laptop.suspend(after, time));

        let summary = summary.unwrap();
        let what = format!("seed {seed}: asleep after {after:?} for {time:?}");
        assert!(summary.ended_early.is_none() && summary.missing() == 0, "{what}: {summary:?}");
        assert_same(&files(&folder.path().join("data")), &truth(paged_world(), &Stream::DEFAULT), &what);
        assert_eq!(verify(folder.path()).await.unwrap().gaps, [], "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wall_clock_that_is_set_back_or_ahead_by_itself_changes_nothing_of_a_pull() {
    for jump in [-26 * HOUR.as_millis() as i64, -2 * HOUR.as_millis() as i64, 2 * HOUR.as_millis() as i64] {
        let (laptop, folder) = (Laptop::at(paged_world(), 1_000_000, Faults::none()), tempfile::tempdir().unwrap());
        let clock = Arc::clone(&laptop.jumped_ms);

        let pull = Pull::guild(laptop.client(), GUILD, folder.path()).run(|_| {});
        let set = async {
            tokio::time::sleep(Duration::from_secs(5)).await;
            clock.store(jump, Ordering::Relaxed);
        };
        let (summary, ()) = tokio::join!(pull, set);

        assert_eq!(summary.unwrap().complete(), finished(paged_world()).len(), "{jump} ms");
        assert_same(&files(&folder.path().join("data")), &truth(paged_world(), &Stream::DEFAULT), "a clock that was set");
        let before = laptop.wire.asked().len();
        Pull::guild(laptop.client(), GUILD, folder.path()).run(|_| {}).await.unwrap();
        assert!(laptop.wire.asked().len() - before <= 1, "{jump} ms: a rerun asks for a page of the list at most");
    }
}
