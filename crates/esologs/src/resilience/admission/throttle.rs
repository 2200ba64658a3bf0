//! What the service tells of its throttle: how many requests are left to this address in the running minute, whoever sends them.
//!
//! Several programs on one machine, or behind one router, share an address. Each of them sees in every answer what is left to all of
//! them, and so how fast it falls. Where it falls too fast to last, each goes slower in proportion to its rate, and otherwise faster
//! by the same step: that brings them to equal shares (Chiu and Jain 1989, as in TCP). Batch work feels it sooner than people do.

use std::time::Duration;

use http::HeaderMap;
use http::header::HeaderName;
use tokio::time::Instant;

use super::slots::Priority;

/// Laravel's window, which it does not name. It begins with an address's first request.
const WINDOW: Duration = Duration::from_secs(60);
/// Over how many seconds it is seen how fast the requests are used.
const MEMORY_S: f64 = 5.0;
/// Where they are used too fast, a rate falls to 1/e of itself in so many seconds.
const FALL_S: f64 = 10.0;
/// Nobody goes slower than this while there is something left, so that he sees when he can go faster: a request in six seconds.
const LEAST_PER_SECOND: f64 = 1.0 / 6.0;

/// A window whose beginning was seen does not end before.
const SURELY: Duration = Duration::from_secs(45);
/// So long a counter is not heeded that jumps back and forth: there are several, one for each machine of the service.
const DISTRUST: Duration = Duration::from_secs(600);

/// What differs by who asks.
#[derive(Debug, Clone, Copy)]
struct Manner {
    /// The share of a window's requests that is left to others.
    kept: f64,
    /// Where the requests are used slowly enough, a rate grows by all of them in so many seconds.
    rise_s: f64,
}

const fn manner(priority: Priority) -> Manner {
    match priority {
        // What others have on their way is not in what was told.
        Priority::Interactive => Manner { kept: 0.01, rise_s: 5.0 },
        Priority::Batch => Manner { kept: 0.05, rise_s: 40.0 },
    }
}

/// What an answer tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Told {
    /// Requests in a window.
    pub(super) limit: f64,
    /// Those that are left of it.
    pub(super) left: Option<f64>,
}

impl Told {
    /// `None` where the service tells nothing, or nothing that can be believed.
    pub(super) fn read(headers: &HeaderMap) -> Option<Self> {
        const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
        const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
        let number = |name| headers.get(name)?.to_str().ok()?.trim().parse::<f64>().ok();
        let limit = number(LIMIT).filter(|limit| (30.0..=60_000.0).contains(limit))?;
        Some(Self { limit, left: number(REMAINING).filter(|left| (0.0..=limit).contains(left)) })
    }

    /// Requests in a second. A tenth is left to others behind the same address.
    pub(super) fn per_second(self) -> f64 {
        0.9 * self.limit / WINDOW.as_secs_f64()
    }
}

/// How fast one may go, so that the window's requests suffice to its end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Share {
    pub(super) per_second: f64,
    /// Requests that may go together.
    pub(super) burst: f64,
    /// After this the share is another.
    pub(super) lasts: Duration,
}

/// The running window, and how fast it is used.
#[derive(Debug)]
pub(super) struct Throttle {
    window: Option<Window>,
    used: Used,
    /// Requests in a second that people and batch work of this client may send, by what all do.
    rates: [f64; 2],
    distrusted_until: Option<Instant>,
}

#[derive(Debug)]
struct Window {
    limit: f64,
    /// What it is at most: as was told last, less what was begun since.
    left: f64,
    /// As was told last.
    told: f64,
    told_at: Instant,
    /// When it was first seen. What was sent before may be of the window before.
    seen: Instant,
    /// By what was used of it then.
    began: Instant,
    /// The one before was seen to end.
    is_seen_from_its_start: bool,
}

impl Window {
    fn new(limit: f64, left: f64, now: Instant) -> Self {
        Self { limit, left, told: left, told_at: now, seen: now, began: now, is_seen_from_its_start: false }
    }

    /// The one after this, which has given requests back. Whoever asks seldom sees it late, with as much used as others use meanwhile.
    fn next(&self, limit: f64, left: f64, used_per_second: f64, now: Instant) -> Self {
        let unseen = Duration::try_from_secs_f64((limit - left) / used_per_second).unwrap_or(Duration::MAX);
        let began = now.checked_sub(unseen).unwrap_or(self.told_at).max(self.told_at);
        Self { began, is_seen_from_its_start: true, ..Self::new(limit, left, now) }
    }

    fn ends(&self) -> Instant {
        self.began + WINDOW
    }

    /// What somebody may take of it in each second that is left.
    fn per_second(&self, priority: Priority, lasts: Duration) -> f64 {
        (self.left - self.limit * manner(priority).kept).max(0.0) / lasts.as_secs_f64().max(0.001)
    }
}

impl Throttle {
    pub(super) const fn new() -> Self {
        Self { window: None, used: Used { requests: 0.0, seconds: 0.0 }, rates: [f64::INFINITY; 2], distrusted_until: None }
    }

    /// A request is begun.
    pub(super) fn sent(&mut self) {
        if let Some(window) = &mut self.window {
            window.left -= 1.0;
        }
    }

    /// It was not begun after all.
    pub(super) fn taken_back(&mut self) {
        if let Some(window) = &mut self.window {
            window.left = (window.left + 1.0).min(window.told);
        }
    }

    /// The answer to what was sent at `sent` says what is left.
    pub(super) fn told(&mut self, limit: f64, left: f64, sent: Instant, now: Instant) {
        if self.distrusted_until.is_some_and(|until| now < until) {
            return;
        }
        let Some(window) = &mut self.window else {
            self.window = Some(Window::new(limit, left, now));
            return;
        };
        // Answers overtake each other, by no more than are on their way; a new window gives back far more, or comes when it must.
        let is_over = now >= window.ends();
        let jumps = sent >= window.told_at && left > window.told + limit * 0.1;
        if jumps && window.is_seen_from_its_start && now < window.began + SURELY {
            *self = Self { distrusted_until: Some(now + DISTRUST), ..Self::new() };
        } else if is_over || jumps {
            if now >= window.ends() + WINDOW {
                self.rates = [f64::INFINITY; 2];
            }
            let used_per_second = self.used.per_second();
            *window = if jumps { window.next(limit, left, used_per_second, now) } else { Window::new(limit, left, now) };
        } else if sent >= window.seen && left <= window.told {
            let passed = now.duration_since(window.told_at).as_secs_f64();
            self.used.saw(window.told - left, passed);
            *window = Window { limit, left: left.min(window.left), told: left, told_at: now, ..*window };
            let lasts = window.ends().duration_since(now);
            for (rate, priority) in self.rates.iter_mut().zip([Priority::Interactive, Priority::Batch]) {
                let all = window.per_second(priority, lasts);
                let highest = limit / WINDOW.as_secs_f64();
                let changed = if self.used.per_second() > all {
                    rate.min(highest) * (-passed / FALL_S).exp()
                } else {
                    *rate + all * passed / manner(priority).rise_s
                };
                *rate = changed.clamp(LEAST_PER_SECOND, highest);
            }
        }
    }

    /// Whether a fifth of the requests or less is left.
    pub(super) fn is_low(&self) -> bool {
        self.window.as_ref().is_some_and(|window| window.left <= window.limit / 5.0)
    }

    /// What somebody of this priority may take. `None` where nothing is known.
    pub(super) fn share(&self, priority: Priority, now: Instant) -> Option<Share> {
        let window = self.window.as_ref()?;
        let rate = self.rates[priority as usize];
        let Some(lasts) = window.ends().checked_duration_since(now).filter(|lasts| !lasts.is_zero()) else {
            let is_known = now < window.ends() + WINDOW;
            return is_known.then_some(Share { per_second: rate, burst: f64::INFINITY, lasts: Duration::MAX });
        };
        let all = window.per_second(priority, lasts);
        let burst = (all * lasts.as_secs_f64() / 10.0).floor();
        let least = if window.left >= 1.0 { LEAST_PER_SECOND } else { 0.0 };
        Some(Share { per_second: rate.min(all).max(least), burst, lasts })
    }
}

/// Requests, and the seconds in which they were used; both forgotten slowly.
#[derive(Debug)]
struct Used {
    requests: f64,
    seconds: f64,
}

impl Used {
    fn saw(&mut self, requests: f64, seconds: f64) {
        let kept = (-seconds / MEMORY_S).exp();
        self.requests = self.requests * kept + requests;
        self.seconds = self.seconds * kept + seconds;
    }

    fn per_second(&self) -> f64 {
        self.requests / self.seconds.max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// A throttle of 800 that is told each second what is left, while `taken` requests are used in each; and the time then.
    fn told_for(seconds: u32, taken: f64, start: Instant) -> (Throttle, Instant) {
        let mut throttle = Throttle::new();
        let mut now = start;
        for second in 0..=seconds {
            now = start + SECOND * second;
            throttle.told(800.0, 800.0 - taken * f64::from(second), now, now);
        }
        (throttle, now)
    }

    fn rate(throttle: &Throttle, priority: Priority, now: Instant) -> f64 {
        throttle.share(priority, now).unwrap().per_second
    }

    #[test]
    fn what_the_service_tells_is_read_and_what_cannot_be_is_not_believed() {
        let read = |limit: &str, left: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-ratelimit-limit", limit.parse().unwrap());
            headers.insert("x-ratelimit-remaining", left.parse().unwrap());
            Told::read(&headers)
        };
        assert_eq!(read("800", " 798 "), Some(Told { limit: 800.0, left: Some(798.0) }));
        for left in ["801", "-1", "NaN", "many"] {
            assert_eq!(read("800", left), Some(Told { limit: 800.0, left: None }), "{left}");
        }
        for limit in ["0", "29", "1e9", "inf", "many"] {
            assert_eq!(read(limit, "10"), None, "{limit}");
        }
        assert_eq!(Told::read(&HeaderMap::new()), None);
    }

    #[test]
    fn whoever_is_alone_with_ten_a_second_is_not_slowed() {
        let (throttle, now) = told_for(50, 10.0, Instant::now());
        assert!(rate(&throttle, Priority::Batch, now) > 13.0);
        assert!(rate(&throttle, Priority::Interactive, now) > 13.0);
    }

    #[test]
    fn where_all_take_too_much_batch_work_slows_down_and_people_do_later() {
        // 13.1 a second are too many for batch work, which leaves 40 of 800, and not for people.
        let (throttle, now) = told_for(30, 13.1, Instant::now());
        assert!(rate(&throttle, Priority::Batch, now) < 2.0, "{throttle:?}");
        assert!(rate(&throttle, Priority::Interactive, now) > 12.0, "{throttle:?}");
        let (throttle, now) = told_for(20, 20.0, Instant::now());
        assert!(rate(&throttle, Priority::Interactive, now) < 3.0, "{throttle:?}");
    }

    #[test]
    fn in_a_spent_window_nobody_goes_before_its_end() {
        let start = Instant::now();
        let mut throttle = Throttle::new();
        throttle.told(800.0, 0.0, start, start);
        let now = start + 20 * SECOND;
        for priority in [Priority::Interactive, Priority::Batch] {
            assert_eq!(throttle.share(priority, now), Some(Share { per_second: 0.0, burst: 0.0, lasts: 40 * SECOND }));
        }
    }

    #[test]
    fn a_new_window_is_seen_by_what_is_left_and_an_answer_of_the_one_before_changes_nothing() {
        let (mut throttle, now) = told_for(20, 30.0, Instant::now());
        let (sent, later) = (now, now + 10 * SECOND);
        throttle.told(800.0, 740.0, later, later);
        let seen = throttle.share(Priority::Interactive, later).unwrap();
        // Thirty a second were used, so the 60 that are used of it took others two seconds.
        assert_eq!((seen.burst, seen.lasts.as_secs_f64().round()), (73.0, 58.0));

        throttle.told(800.0, 150.0, sent, later + SECOND);

        assert_eq!(throttle.share(Priority::Interactive, later).unwrap(), seen);
    }

    #[test]
    fn a_counter_that_jumps_back_and_forth_is_not_heeded_for_ten_minutes() {
        let start = Instant::now();
        let mut throttle = Throttle::new();
        for second in 0..4 {
            let now = start + SECOND * second;
            throttle.told(800.0, if second % 2 == 0 { 700.0 } else { 100.0 }, now, now);
            assert!(throttle.share(Priority::Batch, now).is_some());
        }
        let now = start + SECOND * 4;
        throttle.told(800.0, 699.0, now, now);
        assert_eq!(throttle.share(Priority::Batch, now), None);
        throttle.told(800.0, 99.0, now + SECOND, now + SECOND);
        assert_eq!(throttle.share(Priority::Batch, now + SECOND), None);

        throttle.told(800.0, 99.0, now + DISTRUST, now + DISTRUST);
        assert!(throttle.share(Priority::Batch, now + DISTRUST).is_some());
    }

    #[test]
    fn an_answer_that_was_overtaken_gives_nothing_back() {
        let start = Instant::now();
        let mut throttle = Throttle::new();
        let later = start + 20 * SECOND;
        for (left, sent) in [(500.0, start), (80.0, later), (83.0, later), (400.0, start)] {
            throttle.told(800.0, left, sent, later);
        }
        assert_eq!(throttle.share(Priority::Interactive, later).unwrap().burst, 7.0);
    }

    #[test]
    fn what_is_begun_counts_before_it_is_answered_and_what_is_taken_back_does_not() {
        let start = Instant::now();
        let mut throttle = Throttle::new();
        throttle.told(800.0, 10.0, start, start);
        (0..10).for_each(|_| throttle.sent());
        assert_eq!(rate(&throttle, Priority::Interactive, start), 0.0);
        throttle.taken_back();
        assert_eq!(rate(&throttle, Priority::Interactive, start), LEAST_PER_SECOND);
    }

    #[test]
    fn a_rate_outlives_its_window_and_is_forgotten_a_minute_later() {
        let (throttle, now) = told_for(30, 13.1, Instant::now());
        let then = now + 40 * SECOND;
        assert!(rate(&throttle, Priority::Batch, then) < 2.0);
        assert_eq!(throttle.share(Priority::Batch, then + WINDOW), None);
    }
}
