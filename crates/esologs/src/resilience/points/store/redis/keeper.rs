//! Speaks to Redis for a process that is idle, and looks for Redis while it is away.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;

use super::STEP_TIMEOUT;
use super::shared::{Link, Question, Shared, What};
use crate::resilience::points::Step;

/// Pauses between the tries to reach Redis again: the first, doubled with each, up to the longest; half of each by chance.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Goes on until the store is dropped.
pub(super) async fn keep(shared: Weak<Shared>, lost: Arc<Notify>) {
    let mut pause = Duration::ZERO;
    loop {
        let is_lost = timeout(pause, lost.notified()).await.is_ok();
        let Some(shared) = shared.upgrade() else { return };
        if !is_lost {
            shared.beat().await;
            shared.give_token().await;
        }
        pause = shared.pause();
    }
}

impl Shared {
    fn pause(&self) -> Duration {
        let state = self.lock();
        match &state.link {
            Link::Away { tries, .. } => pause_after(*tries, fastrand::f64()),
            _ => self.tuning.beat.saturating_sub(state.answered_at.map_or(Duration::ZERO, |at| at.elapsed())).max(FIRST_PAUSE),
        }
    }

    async fn beat(&self) {
        let (is_away, idle) = {
            let state = self.lock();
            let idle = state.answered_at.map_or(Duration::MAX, |at| at.elapsed());
            match state.link {
                Link::Untried => return,
                Link::Up(_) => (false, idle),
                Link::Away { .. } => (true, idle),
            }
        };
        if is_away {
            self.come_back().await;
        } else if idle >= self.tuning.beat {
            self.step(Step::Look, self.now_ms()).await;
        }
    }

    /// Tells Redis what happened without it. When it has taken that in, steps go there again.
    async fn come_back(&self) {
        let coming = async {
            let connection = self.place().connect().await?;
            let question = Question { what: What::Step(Step::Look), id: 0, now_ms: self.now_ms() };
            self.ask_on(connection.inner.clone(), question).await?;
            Ok(connection)
        };
        let came = timeout(STEP_TIMEOUT, coming).await.unwrap_or_else(|_| Err(self.place().no_answer(STEP_TIMEOUT)));
        let mut state = self.lock();
        match (came, &mut state.link) {
            (Ok(connection), _) => {
                state.link = Link::Up(connection);
                state.own.end_alone();
            }
            (Err(why), Link::Away { reason, tries }) => {
                *reason = why;
                *tries = tries.saturating_add(1);
            }
            (Err(_), _) => {}
        }
    }
}

fn pause_after(tries: u32, chance: f64) -> Duration {
    let whole = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(tries)).min(LONGEST_PAUSE);
    whole.mul_f64(0.5 + 0.5 * chance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redis_is_looked_for_soon_at_first_and_every_second_or_two_later() {
        let of = |tries| (pause_after(tries, 0.0).as_millis(), pause_after(tries, 1.0).as_millis());

        assert_eq!(of(0), (25, 50));
        assert_eq!(of(1), (50, 100));
        assert_eq!(of(6), (1_000, 2_000));
        assert_eq!(of(u32::MAX), (1_000, 2_000));
    }
}
