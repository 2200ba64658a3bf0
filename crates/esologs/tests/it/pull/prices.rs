//! What a pull has learned of prices.

use std::sync::Arc;
use std::time::Duration;

use esologs_sim::Simulator;
use esologs_sim::world::World;

use super::wire::{GUILD, NOW, Wire};

const SEEDS: u64 = if cfg!(debug_assertions) { 6 } else { 100 };
/// What the simulator charges for any request, and for the question for the points nothing more.
const BASE: f64 = 1.2;

/// Reports of 5 minutes to half an hour.
fn world(seed: u64) -> Arc<World> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let reports = (1..=10).map(|number| {
        let (combat, fights, start) = (rng.u64(60..=400), rng.u64(4..=20), NOW - (7 + number) * 24 * 3_600_000);
        format!("[[report]]\nguild = {GUILD}\ncombat_seconds = {combat}.0\nfights = {fights}\nstart_unix_ms = {start}\n")
    });
    let reports: String = reports.collect();
    let toml = format!("seed = {seed}\n[[guild]]\nid = {GUILD}\nname = \"Lanterns\"\n{reports}");
    Arc::new(World::from_toml(&toml, NOW).unwrap())
}

#[tokio::test(start_paused = true)]
async fn through_many_short_windows_the_price_of_a_look_at_the_points_is_learned() {
    let mut off = Vec::new();
    for seed in 0..SEEDS {
        let sim = Simulator::builder().world(world(seed)).start_unix_ms(NOW).limit(80).window(Duration::from_secs(20));
        let wire = Wire::to_sim(sim.without_throttle().build().unwrap()).slow(Duration::from_millis(1 + 40 * (seed % 10)));
        let (client, folder) = (wire.client(), tempfile::tempdir().unwrap());
        esologs::pull::Pull::guild(client.clone(), GUILD, folder.path()).run(|_| {}).await.unwrap();

        let costs = client.points().await.unwrap().costs;

        let look = costs.iter().find(|cost| cost.operation == "RateLimit");
        println!("seed {seed}: {:?}", look.map(|look| (look.calls, look.mean, look.p95, look.is_learned)));
        off.extend(look.filter(|look| look.calls >= 20).map(|look| (look.mean.get() - BASE).abs() / BASE));
    }
    off.sort_by(f64::total_cmp);
    println!("{off:.3?}");
    assert!(off.len() as u64 >= SEEDS / 2 && off[off.len() * 95 / 100] <= 0.2, "{off:.3?}");
}
