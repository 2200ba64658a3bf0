//! Which errors of a test are the service's trouble, not the test's.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use crate::clock::Clock;
use crate::error::Error;
use crate::resilience::time_until_retry_at;

/// What a test can return: every `std` error by itself, boxed (`Box<dyn Error>`, with `Send + Sync` or not), or what hands one
/// out by reference as `anyhow::Error` does. `Kind` tells the three apart and is always inferred.
///
/// ```
/// use esologs::testing::TestError;
///
/// let boxed: Box<dyn std::error::Error> = "report xy has no fights".parse::<u32>().unwrap_err().into();
/// assert_eq!(boxed.in_words(), "invalid digit found in string");
/// ```
pub trait TestError<Kind> {
    /// The error at the head of the chain.
    fn head(&self) -> &(dyn StdError + 'static);

    /// The error in words, with its causes where they say more.
    fn in_words(&self) -> String {
        in_words(self.head())
    }
}

/// A `std` error by itself.
#[derive(Debug)]
pub struct Plain;

/// An error that something else holds.
#[derive(Debug)]
pub struct Held;

/// The box that can go to another thread.
#[derive(Debug)]
pub struct SendBox;

impl<E: StdError + 'static> TestError<Plain> for E {
    fn head(&self) -> &(dyn StdError + 'static) {
        self
    }
}

impl<E: AsRef<dyn StdError + 'static>> TestError<Held> for E {
    fn head(&self) -> &(dyn StdError + 'static) {
        self.as_ref()
    }
}

impl TestError<SendBox> for Box<dyn StdError + Send + Sync + 'static> {
    fn head(&self) -> &(dyn StdError + 'static) {
        &**self
    }
}

/// Whether an error of this library that can pass is anywhere in the chain.
pub(super) fn is_transient(head: &(dyn StdError + 'static)) -> bool {
    of_library(head).any(Error::is_retryable)
}

/// How long the service wants to be left alone.
pub(super) fn retry_after(head: &(dyn StdError + 'static), clock: &Clock) -> Option<Duration> {
    of_library(head).filter(|error| error.is_retryable()).find_map(|error| time_until_retry_at(error, clock))
}

fn of_library<'a>(head: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a Error> {
    chain(head).filter_map(|error| error.downcast_ref::<Error>())
}

fn chain<'a>(head: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    // The source of an `io::Error` is the source of what it wraps; what it wraps has to be asked for.
    std::iter::successors(Some(head), |error| match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped as &(dyn StdError + 'static)),
        None => (*error).source(),
    })
}

fn in_words(head: &(dyn StdError + 'static)) -> String {
    let mut words = String::new();
    for error in chain(head) {
        let text = error.to_string();
        // Many errors repeat their cause in their own text.
        if !words.contains(&text) {
            let joint = if words.is_empty() { "" } else { ": " };
            words.push_str(joint);
            words.push_str(&text);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    fn busy(retryable: bool) -> Error {
        Error::new(ErrorKind::Upstream, "503").with_retryable(retryable)
    }

    fn transient<Kind>(error: &impl TestError<Kind>) -> bool {
        is_transient(error.head())
    }

    /// An error of a user's program, around another.
    #[derive(Debug)]
    struct Own(Box<dyn StdError + Send + Sync>);

    impl std::fmt::Display for Own {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("the roster could not be made")
        }
    }

    impl StdError for Own {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            Some(&*self.0)
        }
    }

    #[test]
    fn an_error_that_can_pass_is_found_wherever_it_is_in_the_chain() {
        assert!(transient(&busy(true)));
        assert!(transient(&Own(Box::new(busy(true)))));
        assert!(transient(&io::Error::other(busy(true))));
        assert!(transient(&io::Error::other(Own(Box::new(io::Error::other(busy(true)))))));
        let boxed: Box<dyn StdError> = Box::new(Own(Box::new(busy(true))));
        assert!(transient(&boxed));
        let sent: Box<dyn StdError + Send + Sync> = Box::new(busy(true));
        assert!(transient(&sent));
    }

    #[test]
    fn what_does_not_pass_and_what_is_not_ours_is_not_transient() {
        assert!(!transient(&busy(false)));
        assert!(!transient(&Own(Box::new(busy(false)))));
        assert!(!transient(&io::Error::from(io::ErrorKind::TimedOut)));
        let boxed: Box<dyn StdError> = "no fights".into();
        assert!(!transient(&boxed));
    }

    #[test]
    fn words_name_each_cause_once() {
        assert_eq!(Own(Box::new(io::Error::other(busy(true)))).in_words(), "the roster could not be made: 503");
    }
}
