//! What a dry run says, held against the pull that follows.
//!
//! The full number of seeds takes a release build: `cargo test --release -p esologs --test it dry_run -- --nocapture`.

use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use esologs::pull::{DryRun, Forecast, Pull, PullEvent, Summary};
use esologs::{ErrorKind, UnixMillis};
use esologs_sim::world::World;
use esologs_sim::{Faults, Simulator};

use super::files::files;
use super::wire::{GUILD, NOW, Wire, little_world, page};

const SEEDS: u64 = if cfg!(debug_assertions) { 2 } else { 20 };
/// Seconds of fights in a report: some 112 events each.
const COMBAT: RangeInclusive<u64> = if cfg!(debug_assertions) { LITTLE_COMBAT } else { 150..=900 };
const LITTLE_COMBAT: RangeInclusive<u64> = 60..=180;
/// Reports that are here when the rest is reckoned up. Their sizes differ by half of the mean, so that of 12 the sum of 24 others is known to 30 %
/// and of 48 to 20 %.
const KNOWN: u64 = if cfg!(debug_assertions) { 12 } else { 48 };
const DAY: i64 = 24 * 3_600_000;
const OTHER_GUILD: i64 = 777;
const SECOND: Duration = Duration::from_secs(1);
/// How long an answer takes.
const LATENCY: Duration = Duration::from_millis(400);

/// Guilds of raiders: reports of all lengths, of threefold density, a day apart, the last a week before now.
fn world(seed: u64, reports: [(i64, u64); 2]) -> Arc<World> {
    world_of(COMBAT, seed, reports)
}

fn world_of(combat: RangeInclusive<u64>, seed: u64, reports: [(i64, u64); 2]) -> Arc<World> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut toml = format!("seed = {seed}\n");
    for (guild, count) in reports {
        toml += &format!("[[guild]]\nid = {guild}\nname = \"Lanterns {guild}\"\n");
        for number in 1..=count {
            let (combat, fights) = (rng.u64(combat.clone()), rng.u64(6..=24));
            let start = NOW - (7 + number as i64) * DAY;
            toml += &format!(
                "[[report]]\nguild = {guild}\ncombat_seconds = {combat}.0\nfights = {fights}\nstart_unix_ms = {start}\n"
            );
        }
    }
    Arc::new(World::from_toml(&toml, NOW).unwrap())
}

fn service(world: &Arc<World>, limit: u32) -> Wire {
    let sim = Simulator::builder().world(Arc::clone(world)).start_unix_ms(NOW).limit(limit).without_throttle().build().unwrap();
    Wire::to_sim(sim).slow(LATENCY)
}

/// What a pull has truly taken.
struct Truth {
    requests: u64,
    /// Requests that only asked how the points stand.
    looks: usize,
    points: f64,
    bytes: u64,
    done: UnixMillis,
    summary: Summary,
}

async fn carry_out(wire: &Wire, pull: Pull, folder: &Path) -> Truth {
    let looks = || wire.asked().iter().filter(|asked| asked.operation == "RateLimit").count();
    let (before, bytes, looks_before) = (wire.sim.stats(), size_of(folder), looks());
    let summary = pull.run(|_| {}).await.unwrap();
    let after = wire.sim.stats();
    Truth {
        requests: after.executed - before.executed,
        looks: looks() - looks_before,
        points: after.points_spent - before.points_spent,
        bytes: size_of(folder) - bytes,
        done: UnixMillis::new(wire.sim.now_unix_ms()),
        summary,
    }
}

fn size_of(folder: &Path) -> u64 {
    files(&folder.join("data")).values().map(|bytes| bytes.len() as u64).sum()
}

/// A dry run held against the pull that followed.
#[derive(Default)]
struct Held {
    runs: u32,
    points: u32,
    requests: u32,
    bytes: u32,
    end: u32,
    widest: f64,
}

impl Held {
    /// Counts one; its end may lie so far outside of the range.
    fn count(&mut self, what: &str, dry: &DryRun, truth: &Truth, slack: Duration) {
        let Forecast { requests, points, windows, done_at, bytes, .. } = &dry.forecast;
        let (low, high) = (points.start().get(), points.end().get());
        let (half_width, done) = ((high - low) / (high + low), done_at.clone().unwrap());
        println!(
            "{what}: {:.0} points in {low:.0} to {high:.0} (± {:.0} %), {} requests ({} looks) in {requests:?}, {:.1} MB in {:.1} to {:.1}, \
             windows {windows:?}, the end {:.0} s after the first and {:.0} s before the last",
            truth.points,
            100.0 * half_width,
            truth.requests,
            truth.looks,
            truth.bytes as f64 / 1e6,
            *bytes.start() as f64 / 1e6,
            *bytes.end() as f64 / 1e6,
            (truth.done.get() - done.start().get()) as f64 / 1e3,
            (done.end().get() - truth.done.get()) as f64 / 1e3,
        );
        let end = done.start().get() - slack.as_millis() as i64..=done.end().get() + slack.as_millis() as i64;
        self.runs += 1;
        self.points += u32::from((low..=high).contains(&truth.points));
        self.requests += u32::from(requests.contains(&truth.requests));
        self.bytes += u32::from(bytes.contains(&truth.bytes));
        self.end += u32::from(end.contains(&truth.done.get()));
        self.widest = self.widest.max(half_width);
    }

    /// Each range holds the truth 95 times of 100, that of bytes 90 times; that of points is no wider than this on each side.
    fn check(&self, widest: f64) {
        let Self { runs, points, requests, bytes, end, .. } = self;
        let told = format!("of {runs}: points {points}, requests {requests}, bytes {bytes}, end {end}; ± {:.2}", self.widest);
        println!("{told}");
        let enough = |held: &u32, share: f64| f64::from(*held) >= share * f64::from(*runs);
        assert!([points, requests, end].into_iter().all(|held| enough(held, 0.95)) && enough(bytes, 0.9), "{told}");
        assert!(self.widest <= widest, "{told}");
    }
}

fn days_ago(days: i64) -> UnixMillis {
    UnixMillis::new(NOW - days * DAY)
}

#[tokio::test(start_paused = true)]
async fn once_an_earlier_part_was_pulled_the_ranges_hold_what_the_rest_takes() {
    let mut held = Held::default();
    for seed in 0..SEEDS {
        let all = KNOWN + 24;
        let (wire, folder) = (service(&world(seed, [(GUILD, all), (OTHER_GUILD, 0)]), 1_000_000), tempfile::tempdir().unwrap());
        let client = wire.client();
        let pull = || Pull::guild(client.clone(), GUILD, folder.path());
        pull().until(days_ago(31)).run(|_| {}).await.unwrap();

        let dry = pull().dry_run().await.unwrap();
        let truth = carry_out(&wire, pull(), folder.path()).await;

        let (all, known) = (all as usize, KNOWN as usize);
        assert_eq!((dry.reports, dry.already_here, dry.to_fetch, truth.summary.complete()), (all, known, 24, all));
        assert_eq!(dry.forecast.sizes_of, known);
        held.count(&format!("seed {seed}"), &dry, &truth, 2 * SECOND);
    }
    held.check(0.25);
}

#[tokio::test(start_paused = true)]
async fn over_several_hours_of_budget_the_end_is_told_with_the_waits_for_points() {
    let mut held = Held::default();
    for seed in 0..SEEDS {
        let world = world(100 + seed, [(GUILD, KNOWN + 24), (OTHER_GUILD, 0)]);
        let (wire, folder) = (service(&world, if cfg!(debug_assertions) { 200 } else { 400 }), tempfile::tempdir().unwrap());
        let client = wire.client();
        let pull = || Pull::guild(client.clone(), GUILD, folder.path());
        pull().until(days_ago(31)).run(|_| {}).await.unwrap();

        let dry = pull().dry_run().await.unwrap();
        let truth = carry_out(&wire, pull(), folder.path()).await;

        assert!(*dry.forecast.windows.as_ref().unwrap().start() >= 3, "{dry:?}");
        held.count(&format!("seed {seed}"), &dry, &truth, 60 * SECOND);
    }
    held.check(0.25);
}

#[tokio::test(start_paused = true)]
async fn prices_learned_with_another_guild_count_and_sizes_that_are_guessed_make_the_range_wide() {
    let mut held = Held::default();
    for seed in 0..SEEDS {
        let (wire, folder) =
            (service(&world(200 + seed, [(OTHER_GUILD, 12), (GUILD, 24)]), 1_000_000), tempfile::tempdir().unwrap());
        let client = wire.client();
        Pull::guild(client.clone(), OTHER_GUILD, folder.path().join("other")).run(|_| {}).await.unwrap();
        let pull = || Pull::guild(client.clone(), GUILD, folder.path().join("logs"));

        let dry = pull().dry_run().await.unwrap();
        let truth = carry_out(&wire, pull(), &folder.path().join("logs")).await;

        assert_eq!(dry.forecast.sizes_of, 0);
        assert!(dry.forecast.learned_share > 0.9, "{dry:?}");
        held.count(&format!("seed {seed}"), &dry, &truth, 2 * SECOND);
    }
    held.check(1.0);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_known_before_the_first_pull_and_the_range_holds_the_truth_all_the_same() {
    for seed in 300..300 + SEEDS {
        let (wire, folder) = (service(&world(seed, [(GUILD, 24), (OTHER_GUILD, 0)]), 1_000_000), tempfile::tempdir().unwrap());
        let root = folder.path().join("logs");

        let dry = wire.pull(&root).dry_run().await.unwrap();
        let asked = wire.asked().len();
        let unplanned = Pull::guild(wire.client_without_ledger(), GUILD, &root).dry_run().await.unwrap();

        assert!(!root.exists() && asked == 2, "{asked} requests");
        let truth = carry_out(&wire, wire.pull(&root), &root).await;
        for dry in [&dry, &unplanned] {
            let points = &dry.forecast.points;
            println!("seed {seed}: {:.0} points in {points:?}", truth.points);
            assert!((points.start().get()..=points.end().get()).contains(&truth.points), "{dry:?}");
        }
        assert!(dry.forecast.done_at.is_some(), "{dry:?}");
        assert_eq!((&unplanned.forecast.done_at, &unplanned.forecast.windows), (&None, &None), "nothing is planned with");
    }
}

#[tokio::test(start_paused = true)]
async fn where_all_is_here_the_list_alone_is_to_be_paid_for() {
    let (wire, folder) = (service(&world(1, [(GUILD, 5), (OTHER_GUILD, 0)]), 1_000_000), tempfile::tempdir().unwrap());
    let client = wire.client();
    let pull = || Pull::guild(client.clone(), GUILD, folder.path());
    pull().run(|_| {}).await.unwrap();

    let dry = pull().dry_run().await.unwrap();
    let truth = carry_out(&wire, pull(), folder.path()).await;

    assert_eq!((dry.already_here, dry.to_fetch, dry.cannot_be_had), (5, 0, 0));
    assert_eq!((&dry.forecast.requests, &dry.forecast.bytes), (&(1..=1), &(0..=0)));
    let points = &dry.forecast.points;
    assert!((points.start().get()..=points.end().get()).contains(&truth.points), "{} in {points:?}", truth.points);
    assert!(points.end().get() < 40.0, "{points:?}");
}

#[tokio::test(start_paused = true)]
async fn reports_that_grow_and_those_that_cannot_be_had_are_told_apart() {
    let (wire, folder) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());

    let dry = wire.pull(&folder).dry_run().await.unwrap();

    assert_eq!((dry.reports, dry.to_fetch, dry.live, dry.cannot_be_had, dry.already_here), (6, 4, 1, 2, 0));
    assert_eq!(dry.target_name, "Lanterns");
    let truth = carry_out(&wire, wire.pull(&folder), folder.path()).await;
    assert!(dry.forecast.requests.contains(&truth.requests), "{} in {:?}", truth.requests, dry.forecast.requests);
}

#[tokio::test(start_paused = true)]
async fn what_a_pull_would_be_refused_for_a_dry_run_is_and_no_folder_is_made() {
    let (wire, place) = (Wire::to(little_world(), Faults::none()), tempfile::tempdir().unwrap());
    let root = place.path().join("logs");
    let down = Wire::to(little_world(), Faults::none()).instead(|_| Some(page(503)));
    let full = tempfile::tempdir().unwrap();
    std::fs::write(full.path().join("thesis.txt"), "mine").unwrap();

    let unknown = Pull::guild(wire.client(), 999_999, &root).dry_run().await.unwrap_err();
    let unsigned = Pull::guild(wire.client_with_secret("mistyped"), GUILD, &root).dry_run().await.unwrap_err();
    let offline = Pull::guild(down.client().attempts(1), GUILD, &root).dry_run().await.unwrap_err();
    let asked = wire.asked().len();
    let foreign = wire.pull(&full).dry_run().await.unwrap_err();

    let kinds = [&unknown, &unsigned, &offline, &foreign].map(esologs::Error::kind);
    assert_eq!(kinds, [ErrorKind::NotVisible, ErrorKind::Auth, ErrorKind::Upstream, ErrorKind::LocalFile]);
    assert!(!root.exists(), "no folder was made");
    assert_eq!(std::fs::read_dir(full.path()).unwrap().count(), 1, "nothing was added");
    assert_eq!(wire.asked().len(), asked, "the folder is looked at before anything is bought");
}

#[tokio::test(start_paused = true)]
async fn a_pull_tells_with_each_report_what_is_left_until_nothing_is() {
    let (wire, folder) =
        (service(&world_of(LITTLE_COMBAT, 7, [(GUILD, 24), (OTHER_GUILD, 0)]), 150), tempfile::tempdir().unwrap());
    let told = Mutex::new(Vec::new());

    let pull = wire.pull(&folder).run(|event| {
        if let PullEvent::Forecast { left, .. } = event {
            told.lock().unwrap().push((UnixMillis::new(wire.sim.now_unix_ms()), (*left).clone()));
        }
    });
    assert_eq!(pull.await.unwrap().complete(), 24);

    let (told, done) = (told.into_inner().unwrap(), wire.sim.now_unix_ms());
    assert_eq!(told.len(), 25, "after the list and with each report");
    assert_eq!(told[24].1.requests, 0..=0);
    let (mut off, mut held) = (Vec::new(), 0);
    for (at, left) in &told[6..24] {
        let range = left.done_at.clone().unwrap();
        let [first, last, truth] =
            [range.start(), range.end(), &UnixMillis::new(done)].map(|end| (end.get() - at.get()) as f64 / 1e3);
        println!("{truth:.0} s left, told {first:.0} to {last:.0}");
        held += u32::from((first - 60.0..=last + 60.0).contains(&truth));
        off.push(((first + last) / 2.0 - truth).abs() / truth.max(60.0));
    }
    assert!(held >= 17, "of 18 ranges {held} held the end");
    off.sort_by(f64::total_cmp);
    assert!(off[off.len() / 2] < 0.25, "half of the times it is off by less than a quarter of what is left: {off:.2?}");
}
