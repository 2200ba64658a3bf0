//! The loop that everybody writes first.

use std::sync::Mutex;
use std::time::Duration;

use super::exchange::{ExchangeError, exchange_in_time, is_right};
use super::{CallFuture, Contender};
use crate::head_to_head::wire::Wire;

pub(super) const TRIES: u32 = 3;

/// The wait after failed try number `number`, from 0.
pub(super) fn wait(number: u32) -> Duration {
    Duration::from_secs(1 << number)
}

/// Three tries with fixed waits. Fetches a new token where its own is not accepted.
pub(super) struct Naive {
    wire: Wire,
    token: Mutex<Option<String>>,
}

impl Naive {
    pub(super) fn new(wire: Wire) -> Self {
        Self { wire, token: Mutex::default() }
    }

    async fn new_token(&self) {
        let token = self.wire.token().await;
        if let Ok(mut current) = self.token.lock() {
            *current = Some(token);
        }
    }
}

impl Contender for Naive {
    fn call(&self) -> CallFuture<'_> {
        Box::pin(async {
            for number in 0..TRIES {
                let token = self.token.lock().ok().and_then(|token| token.clone());
                match exchange_in_time(&self.wire, token).await {
                    Ok(answer) => return is_right(&answer),
                    Err(ExchangeError::Status(401)) => self.new_token().await,
                    Err(_) if number + 1 < TRIES => self.wire.sleep(wait(number)).await,
                    Err(_) => {}
                }
            }
            false
        })
    }
}
