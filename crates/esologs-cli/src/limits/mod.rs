//! `esologs limits`: how the points stand, who spent them, and when there are new ones.

mod json;
mod view;

use esologs::{Client, PointsView, UnixMillis};

use crate::args::LimitsArgs;
use crate::asking::Asking;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::layout::Screen;
use crate::output;

/// What is known, from where, and when.
#[derive(Debug)]
struct Known {
    host: String,
    /// Where the account is kept.
    ledger: String,
    /// Whether the service has just told.
    is_fresh: bool,
    now: UnixMillis,
    points: PointsView,
}

pub(crate) async fn run(args: LimitsArgs) -> Result<Exit, Failure> {
    let asking = Asking { name: "esologs limits", service: &args.service, batch: false, cache: None };
    asking.ask(async |client: Client, ledger| look(&client, ledger, &args).await).await
}

/// Asks, and shows what is known; that is something even where the service does not answer.
async fn look(client: &Client, ledger: String, args: &LimitsArgs) -> Result<Exit, Failure> {
    let asked = if args.offline { None } else { Some(client.rate_limit().await) };
    let known = Known {
        host: client.endpoint().host(),
        ledger,
        is_fresh: matches!(asked, Some(Ok(_))),
        now: client.clock().now(),
        // There is always a ledger here.
        points: client.points().await.ok_or_else(|| Failure::usage("points are not planned with"))?,
    };
    if args.json {
        output::data(&json::text(&known)?)?;
    } else if known.is_fresh || known.points.limit.is_some() {
        let screen = Screen::of_stdout(false);
        output::data(&(view::lines(&known, args.costs, &screen).join("\n") + "\n"))?;
    } else {
        output::talk(format_args!("nothing is known of the points yet; the account is in {}", known.ledger));
    }
    match asked {
        Some(Err(error)) => Err(error.into()),
        _ => Ok(Exit::Done),
    }
}
