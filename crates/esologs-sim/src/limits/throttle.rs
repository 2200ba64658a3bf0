//! Requests per address: Laravel's throttle, a window that begins with an address's first request.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

/// How many requests one address may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThrottleSettings {
    /// Requests in one window. Default 800 (seen as `X-RateLimit-Limit`).
    pub requests: u32,
    /// Length of the window. Default 60 s (Laravel's).
    pub window: Duration,
}

impl Default for ThrottleSettings {
    fn default() -> Self {
        Self { requests: 800, window: Duration::from_secs(60) }
    }
}

/// What the throttle says to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ThrottleVerdict {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// Seconds until the window ends, when the request is refused.
    pub(crate) refused_for_s: Option<u64>,
}

/// Addresses kept at most; beyond, those whose window is over are forgotten, then all.
const MAX_ADDRESSES: usize = 10_000;

#[derive(Debug)]
pub(crate) struct Throttle {
    settings: ThrottleSettings,
    windows: HashMap<IpAddr, Window>,
}

#[derive(Debug)]
struct Window {
    began: Duration,
    hits: u32,
}

impl Throttle {
    pub(crate) fn new(settings: ThrottleSettings) -> Self {
        Self { settings, windows: HashMap::new() }
    }

    /// Counts a request. A refused one is not counted, so that waiting as told is always enough.
    pub(crate) fn hit(&mut self, address: IpAddr, now: Duration) -> ThrottleVerdict {
        self.make_room(now);
        let ThrottleSettings { requests, window } = self.settings;
        let current = self.windows.entry(address).or_insert(Window { began: now, hits: 0 });
        if now.saturating_sub(current.began) >= window {
            *current = Window { began: now, hits: 0 };
        }
        if current.hits >= requests {
            let left_ms = (current.began + window).saturating_sub(now).as_millis();
            return ThrottleVerdict {
                limit: requests,
                remaining: 0,
                refused_for_s: Some(u64::try_from(left_ms.div_ceil(1_000)).unwrap_or(u64::MAX)),
            };
        }
        current.hits += 1;
        ThrottleVerdict { limit: requests, remaining: requests - current.hits, refused_for_s: None }
    }

    fn make_room(&mut self, now: Duration) {
        if self.windows.len() < MAX_ADDRESSES {
            return;
        }
        let window = self.settings.window;
        self.windows.retain(|_, kept| now.saturating_sub(kept.began) < window);
        if self.windows.len() >= MAX_ADDRESSES {
            self.windows.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn each_address_has_its_own_window_that_begins_with_its_first_request() {
        let mut throttle = Throttle::new(ThrottleSettings { requests: 2, window: Duration::from_secs(60) });
        let (one, two) = (IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from([10, 0, 0, 1]));
        let at = Duration::from_secs;
        assert_eq!(throttle.hit(one, at(5)).remaining, 1);
        assert_eq!(throttle.hit(one, at(6)).remaining, 0);
        assert_eq!(throttle.hit(one, at(25)).refused_for_s, Some(40));
        assert_eq!(throttle.hit(two, at(25)).refused_for_s, None);
        assert_eq!(throttle.hit(one, at(65)).refused_for_s, None);
    }
}
