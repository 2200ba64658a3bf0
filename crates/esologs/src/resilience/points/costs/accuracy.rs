//! How well prices are learned, against a service of its own making.

use super::service::{Telling, World};

const SEEDS: u64 = 16;

/// The value that this share of them does not pass.
fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() as f64 * share).ceil() as usize).clamp(1, values.len()) - 1]
}

#[test]
fn thirty_warm_calls_of_each_shape_are_enough_for_the_forecast() {
    for own_is_in_it in [true] {
        for lag_ms in [1_000, 5_000] {
            for (how, processes, workers) in [("serial", 1, 1), ("4 at once", 1, 4)] {
                for burn in [0.0, 500.0] {
                    let (mut of_calls, mut of_means, mut sights) = (vec![], vec![], vec![]);
                    let mut below = 0;
                    for seed in 0..SEEDS {
                        let mut world = World::new(seed, Telling { lag_ms, own_is_in_it }, processes, workers, burn, 300);
                        world.run(180);
                        for kind in &world.kinds {
                            let expected = world.processes[0].estimate(kind).expected;
                            of_means.push((expected - kind.price).abs() / kind.price);
                        }
                        world.run(180 + 120);
                        for (_, expected, at_most, cost) in &world.history[180..] {
                            of_calls.push((expected - cost).abs() / cost);
                            below += usize::from(at_most < cost);
                        }
                        sights.push(match world.processes[0].study.sight {
                            super::sight::Sight::Own => 0,
                            super::sight::Sight::Next => 1,
                            super::sight::Sight::After { ms, .. } => ms,
                        });
                    }
                    let n = of_calls.len();
                    println!(
                        "{:5} lag {:4} {how:12} burn {burn:4}: calls p50 {:5.1} % p95 {:5.1} %   means p50 {:5.1} % p95 {:5.1} %  below {:4.1} %  {sights:?}",
                        if own_is_in_it { "own" } else { "next" },
                        lag_ms,
                        100.0 * quantile(&mut of_calls, 0.5),
                        100.0 * quantile(&mut of_calls, 0.95),
                        100.0 * quantile(&mut of_means, 0.5),
                        100.0 * quantile(&mut of_means, 0.95),
                        100.0 * below as f64 / n as f64,
                    );
                }
            }
        }
    }
}
