//! Row 12: a thousand clients of a service that loses four fifths of its capacity for half a minute, and tells all that it
//! refuses to come back after the same ten seconds.

use std::sync::{Arc, Mutex};

use esologs::CallPolicy;
use tokio::task::JoinSet;

use super::share::in_parallel;
use super::world::{Answer, Ended, LATENCY, World, at_random, client_of, in_virtual_time, traffic};
use crate::figures::Table;

const CLIENTS: u64 = 1_000;
/// Capacity over the base load.
const HEADROOM: f64 = 1.2;
/// The service is well, is weak, and is well again, until so many seconds.
const WEAK_FROM: f64 = 60.0;
const WELL_FROM: f64 = 90.0;
const END: f64 = 210.0;
const LEFT_WHILE_WEAK: f64 = 0.2;

/// Requests and calls, second by second.
#[derive(Debug, Clone)]
pub(crate) struct Herd {
    /// Requests that reached the service.
    offered: Vec<f64>,
    /// Calls begun in this second, and those of them that succeeded in the end.
    begun: Vec<f64>,
    succeeded: Vec<f64>,
}

/// So many clients, `calls` a second of each; the service refuses with `status`.
pub(crate) fn herd(clients: u64, calls: f64, status: u16, seed: u64) -> Herd {
    in_virtual_time(async {
        let base = calls * clients as f64;
        let bins = || vec![0.0; END as usize + 60];
        let herd = Herd { offered: bins(), begun: bins(), succeeded: bins() };
        let herd = Arc::new(Mutex::new(herd));
        let offered = Arc::clone(&herd);
        // A bucket that refills at the service's capacity and holds a tenth of a second of it.
        let (mut bucket, mut looked) = (0.1 * base, 0.0);
        let world = World::new(move |ask| {
            let now = ask.at.as_secs_f64();
            offered.lock().unwrap().offered[now as usize] += 1.0;
            let capacity = base * HEADROOM * if (WEAK_FROM..WELL_FROM).contains(&now) { LEFT_WHILE_WEAK } else { 1.0 };
            bucket = f64::min(bucket + (now - looked) * capacity, 0.1 * capacity);
            looked = now;
            if bucket < 1.0 {
                return (Answer::retry_after(status, "10"), LATENCY);
            }
            bucket -= 1.0;
            (Answer::Good, LATENCY)
        });
        let mut running = JoinSet::new();
        for number in 0..clients {
            let (world, herd) = (world.clone(), Arc::clone(&herd));
            running.spawn(async move {
                let seed = seed * CLIENTS + number;
                let client = client_of(&world, CallPolicy::interactive(), seed).without_request_rate();
                let client = client.build().expect("default settings");
                let moments = at_random(calls, u32::MAX, seed).take_while(|at| at.as_secs_f64() < END);
                traffic(&client, moments, |Ended { began, result, .. }| {
                    let (mut herd, second) = (herd.lock().unwrap(), began.as_secs() as usize);
                    herd.begun[second] += 1.0;
                    herd.succeeded[second] += f64::from(u8::from(result.is_ok()));
                })
                .await;
            });
        }
        while let Some(client) = running.join_next().await {
            client.expect("no panic");
        }
        herd.lock().unwrap().clone()
    })
}

impl Herd {
    /// Requests over calls, from so many seconds after the recovery on.
    fn offered_over_base(&self, after: usize) -> f64 {
        let (from, to) = (WELL_FROM as usize + after, END as usize);
        self.offered[from..to].iter().sum::<f64>() / self.begun[from..to].iter().sum::<f64>()
    }

    /// Share of the calls begun from so many seconds after the recovery on that succeeded.
    fn goodput(&self, after: usize) -> f64 {
        let (from, to) = (WELL_FROM as usize + after, END as usize);
        self.succeeded[from..to].iter().sum::<f64>() / self.begun[from..to].iter().sum::<f64>()
    }

    /// The fullest second over the mean, from the moment the service weakens.
    fn peak_over_mean(&self) -> f64 {
        let bins = &self.offered[WEAK_FROM as usize..END as usize];
        let mean = bins.iter().sum::<f64>() / bins.len() as f64;
        bins.iter().copied().fold(0.0, f64::max) / mean
    }
}

/// Calls a second of each client, what it is refused with, and whether the bounds are held against it (decision 0012).
const HERDS: [(f64, u16, bool); 4] = [(1.0, 503, true), (0.1, 503, false), (1.0, 429, false), (0.1, 429, false)];

pub(crate) fn rows(table: &mut Table, seeds: u64) {
    for (calls, status, is_bounded) in HERDS {
        let seen = in_parallel(0..seeds, |seed| herd(CLIENTS, calls, status, seed));
        // Of one herd, 3 sigma to the bad side of the mean of all.
        let over = |value: fn(&Herd) -> f64, sign: f64| {
            let values: Vec<f64> = seen.iter().map(value).collect();
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() - 1) as f64;
            (mean, mean + sign * 3.0 * variance.sqrt())
        };
        let what = format!("12: 1,000 clients, {calls} calls/s each, {status}, {seeds} seeds");
        let mut row = |name: &str, (mean, worst): (f64, f64), bound: &str, held: bool| {
            let (name, figure) = (format!("{what}: {name}"), format!("{mean:.4} ({worst:.4} with 3 sigma)"));
            if is_bounded { table.bounded(&name, figure, bound, held) } else { table.row(&name, figure) }
        };
        let offered = over(|herd| herd.offered_over_base(0), 1.0);
        row("load offered after recovery, of the base", offered, "at most 1.2", offered.1 <= 1.2);
        let goodput = over(|herd| herd.goodput(30), -1.0);
        row("goodput from 30 s after on", goodput, "at least 0.99", goodput.1 >= 0.99);
        let peak = over(Herd::peak_over_mean, 1.0);
        row("fullest second over the mean", peak, "at most 2", peak.1 <= 2.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_clients_let_a_service_recover_and_do_not_come_back_together() {
        let herd = herd(150, 1.0, 503, 1);

        let refused = herd.begun.iter().sum::<f64>() - herd.succeeded.iter().sum::<f64>();
        assert!(refused > 1_000.0, "the weak service refused only {refused} calls for good");
        assert!(herd.offered_over_base(0) <= 1.2, "{}", herd.offered_over_base(0));
        assert!(herd.goodput(30) >= 0.99, "{}", herd.goodput(30));
        assert!(herd.peak_over_mean() <= 2.0, "{}", herd.peak_over_mean());
    }
}
