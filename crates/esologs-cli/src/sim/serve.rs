//! The simulator over TCP, until somebody stops it.

use std::io;

use esologs_sim::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, FaultKind, Faults, Running, Simulator, Stats, ThrottleSettings};
use serde_json::json;

use crate::args::{SimArgs, Throttle};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupts;
use crate::{output, words};

pub(super) async fn serve(args: &SimArgs) -> Result<Exit, Failure> {
    let builder = match args.throttle {
        Throttle::Off => Simulator::builder().without_throttle(),
        Throttle::PerMinute(requests) => {
            Simulator::builder().throttle(ThrottleSettings { requests, ..ThrottleSettings::default() })
        }
    };
    let simulator = builder
        .world(super::world(args)?)
        .seed(args.seed)
        .limit(args.limit)
        .window(args.window)
        .race_is_on(args.race_is_on)
        .faults(faults(args)?)
        .build()
        .map_err(|error| Failure::usage(error.to_string()))?;
    let mut interrupts = Interrupts::listen().map_err(|error| Failure::local("cannot listen for Ctrl-C", &error))?;
    let running = simulator.start_tcp(("127.0.0.1", args.port)).await.map_err(|error| cannot_listen(args.port, &error))?;

    introduce(&running, args.json)?;
    interrupts.next().await;

    // Before the farewell to open connections: what they count after this is not the user's.
    let stats = running.sim().stats();
    let ended = running.shutdown().await;
    report(&stats, args.json)?;
    ended.map_err(|error| Failure::local("the server ended by itself", &error))?;
    Ok(Exit::Done)
}

fn faults(args: &SimArgs) -> Result<Faults, Failure> {
    match (&args.faults, args.fault_rate) {
        // A weather, unless a file is called so.
        (Some(path), _) if !path.exists() && path.extension().is_none() => {
            let name = path.to_string_lossy();
            Faults::weather(&name)
                .map_err(|error| Failure::usage(format!("--faults {}: there is no such file, and {error}", words::plain(&name))))
        }
        (Some(path), _) => {
            Faults::from_toml(&super::read(path)?).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
        }
        (None, Some(rate)) => Ok(Faults::mixed(rate, args.seed)),
        (None, None) => Ok(Faults::none()),
    }
}

fn cannot_listen(port: u16, error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::AddrInUse {
        let message = format!("port {port} on 127.0.0.1 is in use by another program");
        return Failure::new(Exit::Local, "local_file", message)
            .with_hint("choose another with --port; --port 0 takes any free one");
    }
    Failure::local(&format!("cannot listen on 127.0.0.1, port {port}"), error)
}

/// What a client needs, in a form that a shell or a `.env` file takes; these are the simulator's own, good nowhere else.
fn introduce(running: &Running, as_json: bool) -> Result<(), Failure> {
    let base_url = running.base_url();
    let text = if as_json {
        let line =
            json!({"event": "serving", "base_url": base_url, "client_id": DEMO_CLIENT_ID, "client_secret": DEMO_CLIENT_SECRET});
        format!("{line}\n")
    } else {
        format!("ESOLOGS_BASE_URL={base_url}\nESOLOGS_ID={DEMO_CLIENT_ID}\nESOLOGS_SECRET={DEMO_CLIENT_SECRET}\n")
    };
    output::data(&text)?;
    let guilds: Vec<String> =
        running.sim().world().guilds.iter().map(|guild| format!("{} ({})", words::title(&guild.name), guild.id)).collect();
    output::talk(format_args!("The simulator answers at {base_url}. Guilds: {}.", guilds.join(", ")));
    output::talk(format_args!("Ctrl-C ends it and tells what it saw."));
    Ok(())
}

fn report(stats: &Stats, as_json: bool) -> Result<(), Failure> {
    if as_json {
        return output::data(&format!("{}\n", json!({"event": "stats", "stats": stats})));
    }
    output::talk(format_args!(
        "{} requests over {} connections; {} tokens; {} points",
        words::count(stats.requests),
        words::count(stats.connections),
        words::count(stats.tokens_issued),
        stats.points_spent
    ));
    for (operation, count) in &stats.by_operation {
        output::talk(format_args!("  {:>8} × {}", words::count(*count), words::plain(operation)));
    }
    if stats.faults_total > 0 {
        output::talk(format_args!("{} faults: {}", words::count(stats.faults_total), fault_words(stats)));
    }
    if stats.refused_for_points + stats.refused_by_throttle > 0 {
        let (points, throttle) = (words::count(stats.refused_for_points), words::count(stats.refused_by_throttle));
        output::talk(format_args!("refused: {points} because the points were spent, {throttle} because of too many requests"));
    }
    Ok(())
}

/// `7 bad gateway, 3 unavailable`, most frequent first.
pub(crate) fn fault_words(stats: &Stats) -> String {
    let mut faults: Vec<(&str, u64)> = stats.faults.iter().map(|(name, count)| (*name, *count)).collect();
    faults.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    let words: Vec<String> = faults.iter().map(|(name, count)| format!("{count} {}", name.replace('_', " "))).collect();
    words.join(", ")
}

/// Faults that a client needs not repeat: the answer is good, only late or spelled otherwise.
pub(crate) fn harmless_faults(stats: &Stats) -> u64 {
    FaultKind::ALL.iter().filter(|kind| kind.is_harmless()).filter_map(|kind| stats.faults.get(kind.name())).sum()
}
