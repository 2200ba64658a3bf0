//! A 429 that says for how long: whether it is heeded, and whether anybody sleeps for longer than makes sense.

use std::error::Error;
use std::time::{Duration, SystemTime};

use super::{EPOCH_MS, Kind, begin, score};
use crate::head_to_head::matrix::{Figure, Scenario, Scores};
use crate::head_to_head::wire::{Reply, Wire};

const CALLS: usize = 20;

pub(super) fn all() -> Vec<Scenario> {
    vec![
        of("`Retry-After: 5`", 5, |left| left.as_secs_f64().ceil().to_string()),
        of("`Retry-After` as a date 5 s ahead", 5, |left| date(Duration::from_secs(5), left)),
        of("`Retry-After: 40`", 40, |left| left.as_secs_f64().ceil().to_string()),
        of("`Retry-After: 99999999999999999999`", 86_400, |_| "99999999999999999999".to_owned()),
    ]
}

/// The moment does not move, however much of the time is left.
fn date(at: Duration, _left: Duration) -> String {
    let epoch = SystemTime::UNIX_EPOCH + Duration::from_millis(EPOCH_MS.unsigned_abs());
    httpdate::fmt_http_date(epoch + at)
}

fn of(name: &str, seconds: u64, says: fn(Duration) -> String) -> Scenario {
    let figures = vec![
        Figure::new(format!("{name}: requests too early, a call")),
        Figure::new(format!("{name}: calls lost, after how long their callers know"))
            .reason("a service that asks for more time than there is gets no more requests, so such a call cannot succeed"),
    ];
    super::scenario(figures, move |kind| run(kind, Duration::from_secs(seconds), says))
}

async fn run(kind: Kind, closed: Duration, says: fn(Duration) -> String) -> Result<Scores, Box<dyn Error>> {
    let (mut early, mut lost, mut knows) = (0, 0, Duration::ZERO);
    for _ in 0..CALLS {
        let wire = Wire::new(kind.scale(), move |request| match closed.checked_sub(request.at) {
            Some(left) if !left.is_zero() => Reply::Throttled(says(left)),
            _ => Reply::Good,
        });
        let call = begin(&kind.build(&wire)?, &wire).await?;
        early += wire.moments().iter().skip(1).filter(|at| **at < closed).count();
        if !call.is_right {
            lost += 1;
            knows += call.ended - call.began;
        }
    }
    let early = early as f64 / CALLS as f64;
    let share = 100.0 * f64::from(lost) / CALLS as f64;
    let text = if lost == 0 { "0 %".to_owned() } else { format!("{share:.0} %, {:.1} s", knows.as_secs_f64() / f64::from(lost)) };
    Ok(vec![score(early, format!("{early:.1}")), score(share, text)])
}
