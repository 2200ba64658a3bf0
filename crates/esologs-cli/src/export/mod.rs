//! `esologs export`: from the command line to the words at the end.

mod summary;
mod watch;

use std::ops::ControlFlow;
use std::sync::Arc;

use esologs::export::{Export, ExportSummary};
use serde_json::json;

use crate::args::ExportArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupts;
use crate::output;
use watch::Watch;

pub(crate) async fn run(args: ExportArgs) -> Result<Exit, Failure> {
    let watch = Arc::new(Watch::new(args.json));
    let ended = make(&args, &watch).await;
    watch.close();
    let exit = match &ended {
        Ok(Ended::Finished(exported)) => {
            let exit = if exported.failed().next().is_some() { Exit::Local } else { Exit::Done };
            summary::tell(exported);
            watch.emit("summary", &summary::fields(exported, exit));
            exit
        }
        Ok(Ended::Interrupted(signal)) => {
            let again = "The same command again goes on where this stopped; files that are done are kept.";
            output::talk(format_args!("Stopped by {signal}. {again}"));
            watch.emit("interrupted", &json!({"by": "signal", "exit_code": Exit::Interrupted.code()}));
            Exit::Interrupted
        }
        Err(failure) => {
            watch.emit("error", &failure.fields());
            failure.exit()
        }
    };
    watch.written()?;
    ended.map(|_| exit)
}

/// How an export can end.
#[derive(Debug)]
enum Ended {
    Finished(ExportSummary),
    Interrupted(&'static str),
}

async fn make(args: &ExportArgs, watch: &Arc<Watch>) -> Result<Ended, Failure> {
    let mut interrupts = Interrupts::listen().map_err(|error| Failure::local("cannot listen for Ctrl-C", &error))?;
    let (export, listener) = (export(args), Arc::clone(watch));
    let mut making = tokio::task::spawn_blocking(move || {
        export.run(|event| {
            listener.on_event(event);
            if listener.is_stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    });
    let (made, signal) = tokio::select! {
        made = &mut making => (made, None),
        signal = interrupts.next() => {
            watch.stop();
            // It ends with the piece that it is at.
            (making.await, Some(signal))
        }
    };
    let broken_off =
        |error: tokio::task::JoinError| Failure::new(Exit::Local, "local_file", format!("the export was broken off: {error}"));
    match (made.map_err(broken_off)?, signal) {
        (Ok(exported), _) => Ok(Ended::Finished(exported)),
        (Err(error), Some(signal)) if error.kind() == esologs::ErrorKind::Stopped => Ok(Ended::Interrupted(signal)),
        (Err(error), _) => Err(error.into()),
    }
}

fn export(args: &ExportArgs) -> Export {
    let mut export = Export::of(&args.folder).to(args.to);
    if let Some(output) = &args.output {
        export = export.output(output);
    }
    if let Some(streams) = &args.streams {
        export = export.streams(streams.0.iter().copied());
    }
    if args.include_live { export.with_live() } else { export }
}
