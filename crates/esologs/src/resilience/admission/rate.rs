//! The rate at which requests are begun: the service has a throttle per address, and bursts hit it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderMap;
use tokio::time::Instant;

use super::pace::{Pace, Places, TurnIn};
use super::slots::Priority;
use super::throttle::Told;
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
    /// So many requests a second, and what comes in two seconds at once, as 10 of the usual 5 a second do; one at least.
    #[must_use]
    pub fn new(per_second: f64) -> Self {
        Self { per_second, burst: (2.0 * per_second).ceil().max(1.0) as u32 }
    }

    fn check(&self) -> Result<(), Error> {
        if !(self.per_second > 0.0 && self.per_second.is_finite()) || self.burst == 0 {
            let why = "request rate: per_second must be above 0 and burst at least 1; `without_request_rate` sets no bound";
            return Err(Error::new(ErrorKind::Usage, why));
        }
        Ok(())
    }
}

impl Default for RateSettings {
    fn default() -> Self {
        Self::new(5.0)
    }
}

/// What bounds the requests of a client.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Pacing {
    /// A rate until the service tells its own.
    Usual(RateSettings),
    /// A rate of the caller's choice, which is not raised by what the service says.
    Chosen(RateSettings),
    /// Only what the service says is left.
    Told,
}

impl Pacing {
    pub(crate) fn check(self) -> Result<(), Error> {
        match self {
            Self::Usual(settings) | Self::Chosen(settings) => settings.check(),
            Self::Told => Ok(()),
        }
    }
}

/// Paces the requests of a client.
#[derive(Debug)]
pub(crate) struct RequestRate(Option<Mutex<Pace>>);

impl RequestRate {
    /// `None` sets no bound.
    pub(crate) fn new(pacing: Option<Pacing>) -> Self {
        Self(pacing.map(|pacing| Mutex::new(Pace::new(pacing, Instant::now()))))
    }

    /// Takes the next place, and tells how long to wait for it as things stand. If that is longer than `most`, no place is taken.
    pub(crate) fn reserve(
        &self,
        priority: Priority,
        now: Instant,
        most: Option<Duration>,
    ) -> Result<(Turn<'_>, Duration), TurnIn> {
        let Some(mut pace) = self.lock() else { return Ok((Turn { place: None }, Duration::ZERO)) };
        pace.drain(now);
        let places = pace.take(priority);
        let turn_in = pace.wait(places, now);
        if most.is_some_and(|most| turn_in.time >= most) {
            pace.give_back(places);
            return Err(turn_in);
        }
        Ok((Turn { place: Some((self, places)) }, turn_in.time))
    }

    /// From one request to the next, in the long run; zero where there is no bound.
    pub(crate) fn gap(&self) -> Duration {
        self.lock().map_or(Duration::ZERO, |pace| pace.gap())
    }

    /// Reads what the service says of its own throttle in the answer to a request that was sent at `sent`.
    pub(crate) fn learn(&self, headers: &HeaderMap, sent: Instant, now: Instant) {
        let Some(mut pace) = self.lock() else { return };
        let Some(told) = Told::read(headers) else { return };
        pace.learn(told, sent, now);
    }

    fn lock(&self) -> Option<MutexGuard<'_, Pace>> {
        self.0.as_ref().map(|pace| pace.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A place in the pace. Dropped before it is [used](Self::used), it goes to others.
#[derive(Debug)]
#[must_use = "a place that is dropped goes to others"]
pub(crate) struct Turn<'a> {
    place: Option<(&'a RequestRate, Places)>,
}

impl Turn<'_> {
    /// How long it is until then, as things stand now. It grows shorter when others leave or a new window begins, and longer when
    /// others come.
    pub(crate) fn wait(&self, now: Instant) -> TurnIn {
        const NOW: TurnIn = TurnIn { time: Duration::ZERO, is_shared_out: false };
        let Some((rate, places)) = self.place else { return NOW };
        let Some(mut pace) = rate.lock() else { return NOW };
        pace.drain(now);
        pace.wait(places, now)
    }

    /// The request is begun.
    pub(crate) fn used(mut self) {
        self.place = None;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let Some((rate, places)) = self.place else { return };
        if let Some(mut pace) = rate.lock() {
            pace.give_back(places);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEOPLE: Priority = Priority::Interactive;

    fn five_a_second() -> RequestRate {
        RequestRate::new(Some(Pacing::Usual(RateSettings::default())))
    }

    #[test]
    fn ten_requests_go_at_once_and_then_five_a_second() {
        let (rate, now) = (five_a_second(), Instant::now());
        let waits: Vec<Duration> = (0..20)
            .map(|_| {
                let (turn, wait) = rate.reserve(PEOPLE, now, None).unwrap();
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
            let (turn, wait) = rate.reserve(PEOPLE, now, None).unwrap();
            begun.push(now + wait);
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
        (0..12).for_each(|_| rate.reserve(PEOPLE, now, None).unwrap().0.used());

        let refused = rate.reserve(PEOPLE, now, Some(Duration::from_millis(500))).unwrap_err();
        assert_eq!(refused, TurnIn { time: Duration::from_millis(600), is_shared_out: false });
        assert_eq!(rate.reserve(PEOPLE, now, Some(Duration::from_secs(1))).unwrap().1, Duration::from_millis(600));
    }

    #[test]
    fn a_cancelled_request_leaves_its_place_to_others() {
        let (rate, now) = (five_a_second(), Instant::now());
        (0..10).for_each(|_| rate.reserve(PEOPLE, now, None).unwrap().0.used());
        drop(rate.reserve(PEOPLE, now, None).unwrap());
        assert_eq!(rate.reserve(PEOPLE, now, None).unwrap().1, Duration::from_millis(200));
    }

    #[test]
    fn the_rate_that_the_service_tells_is_kept_to() {
        let (rate, now) = (five_a_second(), Instant::now());
        let mut headers = HeaderMap::new();
        headers.insert("x-ratelimit-limit", "60".parse().unwrap());

        rate.learn(&headers, now, now);

        (0..10).for_each(|_| rate.reserve(PEOPLE, now, None).unwrap().0.used());
        let wait = rate.reserve(PEOPLE, now, None).unwrap().1;
        assert!((1.1..1.2).contains(&wait.as_secs_f64()), "{wait:?}");
        headers.insert("x-ratelimit-limit", "a lot".parse().unwrap());
        rate.learn(&headers, now, now);
    }

    #[test]
    fn a_rate_that_the_caller_chose_is_lowered_by_the_service_and_never_raised() {
        let (rate, now) = (RequestRate::new(Some(Pacing::Chosen(RateSettings { per_second: 1.0, burst: 1 }))), Instant::now());
        let mut headers = HeaderMap::new();
        headers.insert("x-ratelimit-limit", "800".parse().unwrap());

        rate.learn(&headers, now, now);

        rate.reserve(PEOPLE, now, None).unwrap().0.used();
        assert_eq!(rate.reserve(PEOPLE, now, None).unwrap().1, Duration::from_secs(1));
    }

    #[test]
    fn who_is_bounded_by_the_services_word_alone_goes_at_once_until_a_fifth_is_left() {
        let (rate, now) = (RequestRate::new(Some(Pacing::Told)), Instant::now());
        let told = |left: u32| {
            let mut headers = HeaderMap::new();
            headers.insert("x-ratelimit-limit", "800".parse().unwrap());
            headers.insert("x-ratelimit-remaining", left.into());
            rate.learn(&headers, now, now);
            rate.reserve(PEOPLE, now, None).unwrap()
        };
        assert_eq!(rate.gap(), Duration::ZERO);
        for left in [799, 500, 200] {
            let (turn, wait) = told(left);
            assert_eq!(wait, Duration::ZERO, "{left} left");
            turn.used();
        }
        let mut waits = Vec::new();
        for left in (100..120).rev() {
            let (turn, wait) = told(left);
            waits.push(wait);
            turn.used();
        }
        assert!(waits[19] > Duration::from_secs(5), "{waits:?}");
    }
}
