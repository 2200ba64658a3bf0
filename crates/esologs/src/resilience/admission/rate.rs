//! The rate at which requests are begun: the service has a throttle per address, and bursts hit it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderMap;
use http::header::HeaderName;
use tokio::time::Instant;

use crate::error::{Error, ErrorKind};

/// How fast requests are begun. Default 5 a second, 10 at once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateSettings {
    /// Requests in a second, in the long run.
    pub per_second: f64,
    /// Requests that may be begun together after a pause.
    pub burst: u32,
}

impl RateSettings {
    pub(crate) fn check(&self) -> Result<(), Error> {
        if !(self.per_second > 0.0 && self.per_second.is_finite()) || self.burst == 0 {
            let why = "request rate: per_second must be above 0 and burst at least 1; `without_request_rate` sets no bound";
            return Err(Error::new(ErrorKind::Usage, why));
        }
        Ok(())
    }
}

impl Default for RateSettings {
    fn default() -> Self {
        Self { per_second: 5.0, burst: 10 }
    }
}

/// Paces the requests of a client: a bucket that refills steadily, kept as the moment at which it is full again.
#[derive(Debug)]
pub(crate) struct RequestRate(Option<Mutex<Pace>>);

#[derive(Debug)]
struct Pace {
    gap: Duration,
    /// The caller's own bound, below which the service's word does not go.
    shortest_gap: Duration,
    burst: u32,
    full_at: Instant,
}

impl RequestRate {
    /// `None` sets no bound. A rate of the caller's own choice is not raised by what the service says.
    pub(crate) fn new(settings: Option<RateSettings>, is_chosen: bool) -> Self {
        let pace = |settings: RateSettings| {
            let gap = Duration::try_from_secs_f64(1.0 / settings.per_second).unwrap_or(Duration::MAX);
            let shortest_gap = if is_chosen { gap } else { Duration::ZERO };
            Mutex::new(Pace { gap, shortest_gap, burst: settings.burst, full_at: Instant::now() })
        };
        Self(settings.map(pace))
    }

    /// Takes the next place and tells how long to wait for it, unless that is longer than `most`: then how long it would be.
    pub(crate) fn reserve(&self, now: Instant, most: Option<Duration>) -> Result<Turn<'_>, Duration> {
        let Some(mut pace) = self.lock() else { return Ok(Turn { rate: None, wait: Duration::ZERO }) };
        let full_at = pace.full_at.max(now) + pace.gap;
        let wait = full_at.saturating_duration_since(now + pace.gap * pace.burst);
        if most.is_some_and(|most| wait >= most) {
            return Err(wait);
        }
        pace.full_at = full_at;
        Ok(Turn { rate: Some(self), wait })
    }

    /// From one request to the next, in the long run; zero where there is no bound.
    pub(crate) fn gap(&self) -> Duration {
        self.lock().map_or(Duration::ZERO, |pace| pace.gap)
    }

    /// Reads what the service says of its own throttle. Laravel's window, which it does not name, is a minute.
    pub(crate) fn learn(&self, headers: &HeaderMap) {
        const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
        let limit = headers.get(LIMIT).and_then(|limit| limit.to_str().ok()?.trim().parse::<f64>().ok());
        let Some(per_minute) = limit.filter(|limit| (30.0..=60_000.0).contains(limit)) else { return };
        if let Some(mut pace) = self.lock() {
            // A tenth is left to others behind the same address.
            pace.gap = Duration::from_secs_f64(60.0 / (0.9 * per_minute)).max(pace.shortest_gap);
        }
    }

    fn lock(&self) -> Option<MutexGuard<'_, Pace>> {
        self.0.as_ref().map(|pace| pace.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A place in the pace. Dropped before it is [used](Self::used), it goes to others.
#[derive(Debug)]
#[must_use = "a place that is dropped goes to others"]
pub(crate) struct Turn<'a> {
    rate: Option<&'a RequestRate>,
    wait: Duration,
}

impl Turn<'_> {
    pub(crate) fn wait(&self) -> Duration {
        self.wait
    }

    /// The request is begun.
    pub(crate) fn used(mut self) {
        self.rate = None;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(mut pace) = self.rate.and_then(RequestRate::lock) {
            let gap = pace.gap;
            pace.full_at -= gap;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn five_a_second() -> RequestRate {
        RequestRate::new(Some(RateSettings::default()), false)
    }

    #[test]
    fn ten_requests_go_at_once_and_then_five_a_second() {
        let (rate, now) = (five_a_second(), Instant::now());
        let waits: Vec<Duration> = (0..20)
            .map(|_| {
                let turn = rate.reserve(now, None).unwrap();
                let wait = turn.wait();
                turn.used();
                wait
            })
            .collect();
        assert!(waits[..10].iter().all(Duration::is_zero), "{waits:?}");
        assert_eq!(waits[10], Duration::from_millis(200));
        assert_eq!(waits[19], Duration::from_secs(2));
    }

    #[test]
    fn no_second_holds_more_than_the_rate_and_the_burst_whenever_requests_come() {
        let (rate, start) = (five_a_second(), Instant::now());
        let mut rng = fastrand::Rng::with_seed(11);
        let (mut now, mut begun) = (start, Vec::new());
        for _ in 0..5_000 {
            now += Duration::from_millis(rng.u64(..400));
            let turn = rate.reserve(now, None).unwrap();
            begun.push(now + turn.wait());
            turn.used();
        }
        for (at, first) in begun.iter().enumerate() {
            let within = begun[at..].iter().take_while(|other| **other < *first + Duration::from_secs(4)).count();
            assert!(within <= 10 + 4 * 5, "{within} requests in 4 s");
        }
    }

    #[test]
    fn who_would_wait_too_long_is_told_and_takes_no_place() {
        let (rate, now) = (five_a_second(), Instant::now());
        (0..12).for_each(|_| rate.reserve(now, None).unwrap().used());

        assert_eq!(rate.reserve(now, Some(Duration::from_millis(500))).unwrap_err(), Duration::from_millis(600));
        assert_eq!(rate.reserve(now, Some(Duration::from_secs(1))).unwrap().wait(), Duration::from_millis(600));
    }

    #[test]
    fn a_cancelled_request_leaves_its_place_to_others() {
        let (rate, now) = (five_a_second(), Instant::now());
        (0..10).for_each(|_| rate.reserve(now, None).unwrap().used());
        drop(rate.reserve(now, None).unwrap());
        assert_eq!(rate.reserve(now, None).unwrap().wait(), Duration::from_millis(200));
    }

    #[test]
    fn the_rate_that_the_service_tells_is_kept_to() {
        let (rate, now) = (five_a_second(), Instant::now());
        let mut headers = HeaderMap::new();
        headers.insert("x-ratelimit-limit", "60".parse().unwrap());

        rate.learn(&headers);

        (0..10).for_each(|_| rate.reserve(now, None).unwrap().used());
        let wait = rate.reserve(now, None).unwrap().wait();
        assert!((1.1..1.2).contains(&wait.as_secs_f64()), "{wait:?}");
        headers.insert("x-ratelimit-limit", "a lot".parse().unwrap());
        rate.learn(&headers);
    }

    #[test]
    fn a_rate_that_the_caller_chose_is_lowered_by_the_service_and_never_raised() {
        let (rate, now) = (RequestRate::new(Some(RateSettings { per_second: 1.0, burst: 1 }), true), Instant::now());
        let mut headers = HeaderMap::new();
        headers.insert("x-ratelimit-limit", "800".parse().unwrap());

        rate.learn(&headers);

        rate.reserve(now, None).unwrap().used();
        assert_eq!(rate.reserve(now, None).unwrap().wait(), Duration::from_secs(1));
    }
}
