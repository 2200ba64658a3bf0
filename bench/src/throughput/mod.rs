//! Calls a second with 32 on their way, everything on, beside the HTTP crate alone doing the same calls.

mod plain;

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use esologs::transport::HttpTransport;
use esologs::{CallPolicy, Client, ClientBuilder, Credentials, Endpoint, Guild};
use tokio::time::Instant;

use crate::canned::{Answers, World, serve};
use crate::figures::{Table, median};
use crate::process;
use crate::pull::plain_client;
use plain::{AsOurs, Template, with_reqwest, with_transport};

const BOUND: f64 = 0.9;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Rounds of which the medians count; the contenders take turns in each.
    #[arg(long, default_value_t = 25)]
    rounds: usize,
    /// Calls of each contender in a round.
    #[arg(long, default_value_t = 4_000)]
    calls: usize,
    /// Calls on their way at a time.
    #[arg(long, default_value_t = 32)]
    in_flight: usize,
    /// Only this contender, 0 to 5, so that a profiler sees nothing else. CPU time is not looked at then.
    #[arg(long)]
    only: Option<usize>,
}

/// Who makes the calls.
#[derive(Clone)]
enum Contender {
    /// The HTTP crate alone, which reads a plain value.
    Reqwest(reqwest::Client, Template),
    /// The HTTP crate alone, which reads the type that our client brings.
    ReqwestAsOurs(reqwest::Client, Template),
    Transport(HttpTransport, Template),
    Ours(Client),
}

impl Contender {
    async fn call(&self, number: i64) -> Result<(), Box<dyn Error + Send + Sync>> {
        match self {
            Self::Reqwest(client, template) => drop(with_reqwest::<Guild>(client, template, number).await?),
            Self::ReqwestAsOurs(client, template) => drop(with_reqwest::<AsOurs>(client, template, number).await?),
            Self::Transport(transport, template) => drop(with_transport(transport, template, number).await?),
            Self::Ours(client) => drop(client.guild(number).get().await?),
        }
        Ok(())
    }
}

/// One contender's figures, a pair for each round: calls a second, and CPU microseconds a call (server included).
#[derive(Default)]
struct Figures {
    rates: Vec<f64>,
    cpu_micros: Vec<f64>,
}

const NAMES: [&str; 6] = [
    "plain reqwest",
    "plain reqwest, time-out 10 s, read into the same type",
    "our transport alone",
    "our client, all that can be is off",
    "our client, everything on but the points ledger",
    "our client, everything on",
];

pub(crate) fn run(args: &Args) -> Result<Table, Box<dyn Error>> {
    let address = serve(Arc::new(Answers::of(World::SMALL)))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if args.only.is_some_and(|only| only >= NAMES.len()) {
        return Err(format!("there are {} contenders, from 0", NAMES.len()).into());
    }
    let contenders = runtime.block_on(contenders(address, args.in_flight))?;
    let mut figures: [Figures; 6] = Default::default();
    let numbers = Arc::new(AtomicI64::new(1));
    // Valgrind does not know the way to this clock.
    let cpu_seconds = || if args.only.is_some() { 0.0 } else { process::cpu_seconds() };
    for round in 0..=args.rounds.max(1) {
        for (number, (contender, figures)) in contenders.iter().zip(&mut figures).enumerate() {
            if args.only.is_some_and(|only| only != number) {
                continue;
            }
            let (began, cpu) = (Instant::now(), cpu_seconds());
            runtime.block_on(drive(contender, args, &numbers))?;
            // The first round opens connections.
            if round > 0 {
                figures.rates.push(args.calls as f64 / began.elapsed().as_secs_f64());
                figures.cpu_micros.push((cpu_seconds() - cpu) * 1e6 / args.calls as f64);
            }
        }
    }
    Ok(table(args, &figures))
}

async fn contenders(address: SocketAddr, in_flight: usize) -> Result<[Contender; 6], Box<dyn Error>> {
    let template = Template::of_guild(address).await?;
    let policy = CallPolicy { concurrency: in_flight, ..CallPolicy::interactive() };
    let client = |change: fn(ClientBuilder) -> ClientBuilder, policy| -> Result<Client, Box<dyn Error>> {
        let builder = Client::builder()
            .credentials(Credentials::new("canned", "canned")?)
            .endpoint(Endpoint::new(&format!("http://{address}"))?)
            .policy(policy)
            .without_request_rate();
        Ok(change(builder).build()?)
    };
    Ok([
        Contender::Reqwest(plain_client(None)?, template.clone()),
        Contender::ReqwestAsOurs(plain_client(Some(Duration::from_secs(10)))?, template.clone()),
        Contender::Transport(plain::transport(in_flight)?, template),
        Contender::Ours(client(
            |builder| builder.without_breaker().without_single_flight().without_ledger(),
            CallPolicy { retry_budget: None, ..policy.clone() },
        )?),
        Contender::Ours(client(|builder| builder.without_ledger(), policy.clone())?),
        Contender::Ours(client(|builder| builder, policy)?),
    ])
}

/// Makes the calls, each about a guild of its own so that no two are equal.
async fn drive(contender: &Contender, args: &Args, numbers: &Arc<AtomicI64>) -> Result<(), Box<dyn Error>> {
    let each = args.calls.div_ceil(args.in_flight.max(1));
    let tasks: Vec<_> = (0..args.in_flight)
        .map(|_| {
            let (contender, numbers) = (contender.clone(), Arc::clone(numbers));
            tokio::spawn(async move {
                for _ in 0..each {
                    contender.call(numbers.fetch_add(1, Ordering::Relaxed)).await?;
                }
                Ok::<_, Box<dyn Error + Send + Sync>>(())
            })
        })
        .collect();
    for task in tasks {
        task.await?.map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn table(args: &Args, figures: &[Figures; 6]) -> Table {
    let mut table = Table::new(format!(
        "`throughput`: {} small calls (`Guild`) in each of {} rounds, {} on their way, no two equal; server in the same process.",
        args.calls, args.rounds, args.in_flight
    ));
    for (name, figures) in NAMES.iter().zip(figures).filter(|(_, figures)| !figures.rates.is_empty()) {
        let (rate, cpu) = (median(figures.rates.iter().copied()), median(figures.cpu_micros.iter().copied()));
        table.row(&format!("{name}: calls/s, CPU of client and server a call"), format!("{rate:.0}, {cpu:.0} µs"));
    }
    if args.only.is_some() {
        return table;
    }
    let [plain, same_type, .., without_ledger, ours] = figures;
    for (name, base) in [(NAMES[0], plain), (NAMES[1], same_type)] {
        let cpu = median(ours.cpu_micros.iter().zip(&base.cpu_micros).map(|(ours, base)| ours / base));
        table.row(&format!("everything on / {name}: CPU, pairs of a round"), format!("{cpu:.2}"));
        let ratio = median(ours.rates.iter().zip(&base.rates).map(|(ours, base)| ours / base));
        let row = format!("everything on / {name}: calls/s, pairs of a round");
        table.bounded(&row, format!("{ratio:.2}"), format!("at least {BOUND}"), ratio >= BOUND);
    }
    let cpu = median(ours.cpu_micros.iter().zip(&without_ledger.cpu_micros).map(|(ours, base)| ours - base));
    table.row("points ledger: CPU a call, pairs of a round", format!("{cpu:.1} µs"));
    let ratio = median(ours.rates.iter().zip(&without_ledger.rates).map(|(ours, base)| ours / base));
    table.row("everything on / without the points ledger: calls/s, pairs of a round", format!("{ratio:.2}"));
    table
}
