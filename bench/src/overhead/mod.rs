//! What a call costs where nothing goes wrong and there is no network: nanoseconds and allocations.

mod measure;
mod ours;
#[cfg(feature = "head-to-head")]
mod tower;

use std::error::Error;
use std::hint::black_box;

use esologs::{BreakerSettings, CircuitBreaker, Client, Clock, Decisions, RateSettings, RetryBudget, RetryBudgetSettings};
use tokio::time::Instant;

use crate::figures::Table;
#[cfg(feature = "head-to-head")]
use measure::Cost;
use measure::{Costs, Number, Race};

const TOGETHER_NS: f64 = 500.0;
const TOGETHER_ALLOCATIONS: f64 = 2.0;
const BREAKER_NS: f64 = 60.0;
const BUDGET_NS: f64 = 25.0;
const LEDGER_NS: f64 = 100.0;
const SHAPE_NS: f64 = 150.0;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Rounds of which the medians count; the operations take turns in each.
    #[arg(long, default_value_t = 101)]
    rounds: usize,
    /// Milliseconds of each operation in a round.
    #[arg(long, default_value_t = 2.0)]
    millis: f64,
    /// Only this operation, by its number, so that a profiler sees nothing else.
    #[arg(long)]
    only: Option<usize>,
    /// So many times.
    #[arg(long, default_value_t = 10_000, requires = "only")]
    times: usize,
}

/// The operations of the race.
struct Runners {
    clock: Number,
    breaker: Number,
    budget: Number,
    request: Number,
    decode: Number,
    bare: Number,
    decisions: Number,
    everything: Number,
    rate: Number,
    without_breaker: Number,
    without_budget: Number,
    without_flights: Number,
    without_ledger: Number,
    wall_clock: Number,
    ledger: Number,
    shape: Number,
    least: Number,
    #[cfg(feature = "head-to-head")]
    tower: [Number; 2],
}

pub(crate) fn run(args: &Args) -> Result<Table, Box<dyn Error>> {
    let breaker = CircuitBreaker::with_settings(BreakerSettings::interactive())?;
    let budget = RetryBudget::new(RetryBudgetSettings::interactive())?;
    let (wall, shape) = (Clock::system(), Decisions::shape_of_events());
    let mut race = Race::new()?;
    let fast = RateSettings { per_second: 1e9, burst: u32::MAX };
    let runners = Runners {
        clock: race.add(|| {
            black_box(Instant::now());
        }),
        breaker: race.add(|| {
            if let Ok(permit) = breaker.acquire() {
                permit.succeeded();
            }
        }),
        budget: race.add(|| budget.deposit()),
        request: race.add(|| {
            black_box(ours::request());
        }),
        decode: race.add(|| {
            black_box(ours::decode(ours::ANSWER.as_bytes()));
        }),
        bare: race.add_async(|| async {
            black_box(ours::bare().await);
        }),
        decisions: add_decisions(&mut race, ours::client(|builder| builder.request_rate(fast))?)?,
        everything: add_client(&mut race, ours::client(|builder| builder)?)?,
        rate: add_client(&mut race, ours::client(|builder| builder.request_rate(fast))?)?,
        without_breaker: add_client(&mut race, ours::client(|builder| builder.without_breaker())?)?,
        without_budget: add_client(&mut race, ours::client(ours::without_budget)?)?,
        without_flights: add_client(&mut race, ours::client(|builder| builder.without_single_flight())?)?,
        without_ledger: add_client(&mut race, ours::client(|builder| builder.without_ledger())?)?,
        wall_clock: race.add(|| {
            black_box(wall.now());
        }),
        ledger: add_ledger(&mut race, ours::client(|builder| builder.request_rate(fast))?)?,
        shape: race.add(|| {
            black_box(shape());
        }),
        least: add_client(
            &mut race,
            ours::client(|builder| ours::without_budget(builder).without_breaker().without_single_flight().without_ledger())?,
        )?,
        #[cfg(feature = "head-to-head")]
        tower: tower::add(&mut race)?,
    };
    if let Some(only) = args.only {
        race.run_only(only, args.times);
        return Ok(Table::new(format!("`overhead`: operation {only}, {} times", args.times)));
    }
    let costs = race.run(args.rounds.max(1), args.millis);
    Ok(table(args, &runners, &costs))
}

/// Whole calls of a client that has its token.
fn add_client(race: &mut Race<'_>, client: Client) -> Result<Number, esologs::Error> {
    race.runtime().block_on(client.rate_limit())?;
    Ok(race.push(move |runtime, times| {
        runtime.block_on(async {
            for _ in 0..times {
                black_box(client.rate_limit().await.is_ok());
            }
        });
    }))
}

/// The decisions alone, of a client that has its token.
fn add_decisions(race: &mut Race<'_>, client: Client) -> Result<Number, Box<dyn Error>> {
    let snapshot = race.runtime().block_on(client.rate_limit())?;
    let decisions = Decisions::of(client, snapshot)?;
    if !race.runtime().block_on(decisions.once()) {
        return Err("a decision said no".into());
    }
    Ok(race.push(move |runtime, times| {
        runtime.block_on(async {
            for _ in 0..times {
                black_box(decisions.once().await);
            }
        });
    }))
}

/// Points set aside and settled, alone.
fn add_ledger(race: &mut Race<'_>, client: Client) -> Result<Number, Box<dyn Error>> {
    let snapshot = race.runtime().block_on(client.rate_limit())?;
    let decisions = Decisions::of(client, snapshot)?;
    Ok(race.add(move || assert!(decisions.points(), "points are to be had at once")))
}

fn table(args: &Args, runners: &Runners, costs: &Costs) -> Table {
    let mut table = Table::new(format!(
        "`overhead`: a small call (`RateLimit`) without network, one thread, CPU time of the thread, {} rounds of {} ms in turns.",
        args.rounds, args.millis
    ));
    let of = |number| costs.of(number);
    let (everything, bare) = (of(runners.everything), of(runners.bare));
    let clock = of(runners.clock);
    table.row("one look at the clock", clock.to_string());
    let (breaker, budget) = (of(runners.breaker), of(runners.budget));
    table.row("breaker: acquire and record, with two looks at the clock", breaker.to_string());
    let breaker = breaker.minus(clock).minus(clock);
    let row = "breaker: the same without them (a call looks once for all its stages)";
    table.bounded(row, breaker.to_string(), bound(BREAKER_NS), breaker.nanos <= BREAKER_NS);
    table.row("retry budget: deposit, with one look at the clock", budget.to_string());
    let budget = budget.minus(clock);
    table.bounded("retry budget: the same without it", budget.to_string(), bound(BUDGET_NS), budget.nanos <= BUDGET_NS);
    for (name, without) in [
        ("breaker in a call: with less without", runners.without_breaker),
        ("retry budget in a call: with less without", runners.without_budget),
        ("single-flight in a call: with less without", runners.without_flights),
        ("points ledger in a call: with less without", runners.without_ledger),
    ] {
        table.row(name, everything.minus(of(without)).to_string());
    }
    table.row("request rate in a call: with less without", of(runners.rate).minus(everything).to_string());
    let ledger = of(runners.ledger);
    table.row(
        "points ledger: the price, reserve, settle, with one look at the clock and two at the wall clock",
        ledger.to_string(),
    );
    let ledger = ledger.minus(clock).minus(of(runners.wall_clock)).minus(of(runners.wall_clock));
    table.bounded("points ledger: the same without them", ledger.to_string(), bound(LEDGER_NS), ledger.nanos <= LEDGER_NS);
    let shape = of(runners.shape);
    let row = "points ledger: the shape of a call with eight variables";
    table.bounded(row, shape.to_string(), bound(SHAPE_NS), shape.nanos <= SHAPE_NS);
    table.row("building the request (JSON, address, headers)", of(runners.request).to_string());
    table.row("decoding alone (serde_json)", of(runners.decode).to_string());
    table.row("bare exchange: request, transport, decoding", bare.to_string());
    table.row("whole call, everything off that can be", of(runners.least).to_string());
    table.row("whole call, everything on but the request rate", everything.to_string());
    let whole = of(runners.rate);
    table.row("whole call, everything on", whole.to_string());
    table.row("all of the pipeline: whole call, everything on, less bare exchange", whole.minus(bare).to_string());
    let decisions = of(runners.decisions);
    table.bounded(
        "decisions: key and flight, peek, points, slot, request rate, token, acquire and record, points seen, budget, one look at the clock",
        decisions.to_string(),
        format!("at most {TOGETHER_NS} ns, {TOGETHER_ALLOCATIONS} allocations"),
        decisions.nanos <= TOGETHER_NS && decisions.allocations <= TOGETHER_ALLOCATIONS,
    );
    #[cfg(feature = "head-to-head")]
    against_tower(&mut table, whole, runners.tower.map(of));
    #[cfg(not(feature = "head-to-head"))]
    table.row("three layers of tower-resilience", "with `--features head-to-head`");
    table
}

#[cfg(feature = "head-to-head")]
fn against_tower(table: &mut Table, whole: Cost, [nothing, exchange]: [Cost; 2]) {
    table.row("three layers of tower-resilience around nothing", nothing.to_string());
    table.row("three layers of tower-resilience around the bare exchange", exchange.to_string());
    let ratio = whole.nanos / exchange.nanos;
    table.bounded("our whole call / three layers around the same exchange", format!("{ratio:.2}"), "at most 1", ratio <= 1.0);
}

fn bound(nanos: f64) -> String {
    format!("at most {nanos} ns")
}
