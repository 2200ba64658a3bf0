//! The loop around a caller's own function.

use std::future::Future;

use tokio::time::Instant;

use super::retry_policy::{RetryPolicy, Retrying};
use super::retry_step::Tried;
use crate::resilience::wait::wait;
use crate::resilience::{Deadline, Payment, WhenEmpty};

/// Runs `work` until it succeeds or the policy says no more. Works for any async function and any error type; needs no client.
///
/// Dropped, it stops where it is; a repeat that was paid for and not made is paid back. A panic of `work` passes through.
///
/// ```
/// use esologs::{RetryPolicy, retry};
///
/// # async fn download(name: &str) -> Result<u32, std::io::Error> { Ok(7) }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), std::io::Error> {
/// let bytes = retry(&RetryPolicy::new().attempts(5), || download("map.png")).await?;
/// # assert_eq!(bytes, 7);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The last error of `work` itself.
pub async fn retry<T, E, F, Fut>(policy: &RetryPolicy<E>, mut work: F) -> Result<T, E>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    let started = Instant::now();
    let mut tried = Tried::new(Deadline::after(started, policy.deadline));
    let mut rng = policy.rng();
    loop {
        tried.attempts = tried.attempts.saturating_add(1);
        let error = match work().await {
            Ok(value) => {
                if let Some(budget) = &policy.budget {
                    budget.deposit();
                }
                return Ok(value);
            }
            Err(error) => error,
        };
        let failed = Instant::now();
        let Some(pause) = tried.pause_after(&error, policy, failed, &mut rng) else { return Err(error) };
        let Ok(payment) = pay(policy, &tried, failed).await else { return Err(error) };
        // Time in line for the budget, which ends before the deadline, counts as waiting.
        let delay = pause.saturating_sub(failed.elapsed());
        policy.tell(&Retrying { attempt: tried.attempts, error: &error, delay, elapsed: started.elapsed() });
        wait(delay, &policy.clock).await;
        if let Some(payment) = payment {
            payment.keep();
        }
    }
}

/// The budget does not allow a repeat.
struct Broke;

/// Takes the price of a repeat, where the policy has a budget.
async fn pay<E>(policy: &RetryPolicy<E>, tried: &Tried, now: Instant) -> Result<Option<Payment>, Broke> {
    const PRICE: f64 = 1.0;
    let Some(budget) = &policy.budget else { return Ok(None) };
    let payment = match (budget.withdraw(PRICE), budget.settings().when_empty) {
        (Some(payment), _) => payment,
        (None, WhenEmpty::Refuse) => return Err(Broke),
        (None, WhenEmpty::Wait) => {
            let most = tried.most_in_line(policy, now);
            tokio::time::timeout(most, budget.withdraw_in_line(PRICE)).await.map_err(|_| Broke)?
        }
    };
    Ok(Some(payment))
}
