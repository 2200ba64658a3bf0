//! The token is not accepted any more, and a thousand callers find out at once.

use std::error::Error;
use std::time::Duration;

use super::{Kind, begin, ends, score};
use crate::head_to_head::matrix::{Figure, Scenario, Scores};
use crate::head_to_head::wire::{Reply, Wire};

const CALLERS: usize = 1_000;

pub(super) fn scenario() -> Scenario {
    let figures =
        vec![Figure::new("rejected token, 1,000 callers: requests for a new one (– has no tokens)"), Figure::new("… calls lost")];
    super::scenario(figures, run)
}

async fn run(kind: Kind) -> Result<Scores, Box<dyn Error>> {
    if !(kind.is_ours() || kind == Kind::Naive) {
        return Ok(vec![None, None]);
    }
    let wire = Wire::new(kind.scale(), |request| if request.token.is_some() { Reply::Good } else { Reply::Unauthorized });
    let contender = kind.build(&wire)?;
    contender.call().await;
    let before = wire.token_requests();
    wire.answer_by(|request| match request.token.as_deref() {
        Some("token-1") | None => Reply::Unauthorized,
        Some(_) => Reply::Slow(Duration::from_millis(60)),
    });
    let ended = ends((0..CALLERS).map(|_| begin(&contender, &wire)).collect()).await?;
    let tokens = wire.token_requests() - before;
    let lost = ended.iter().filter(|call| !call.is_right).count();
    Ok(vec![score(tokens as f64, tokens.to_string()), score(lost as f64, lost.to_string())])
}
