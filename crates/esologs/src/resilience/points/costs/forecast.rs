//! When the points of a window will be spent, and what a list of calls will take: points, windows, time.

use super::Estimate;

/// So many standard deviations on each side make a range that holds 95 times of 100.
const RANGE: f64 = 2.0;
/// At the end of a window a patient caller leaves a little: it waits for what is not settled yet. Never more than this share.
const LEFT_OVER: f64 = 0.05;
/// The reserve for interactive calls falls to nothing over the last part of a window.
const LAST_PART: f64 = 0.25;
/// In so many steps a window is gone through.
const STEPS: u32 = 200;
/// Nobody waits longer: beyond so many windows there is no forecast.
const MOST_WINDOWS: f64 = 100_000.0;
/// The window of the service, where none was seen to its end. One that is nearly over when it is joined may be a short one as well
/// (a simulator's): of twenty that are joined somewhere, one is so near its end.
const USUAL_WINDOW_MS: i64 = 3_600_000;
const SOON_OVER_MS: i64 = USUAL_WINDOW_MS / 20;
/// Where calls wait for a window's points, the ledger asks how it stands a few times, before the reserve falls and near the end: 4 to 8 times in an
/// hour of 400 points, up to 20 where there are more points and each counts less (`account/looks.rs`). Each costs what any request does.
const PROBES: u64 = 10;
const PROBE: f64 = 1.2;
const HOUR_MS: f64 = 3_600_000.0;
/// The burn of others is not steady: so much less, or more.
const BURN_RANGE: f64 = 0.25;
/// Nor is what a call takes: so much less, or more.
const CALL_RANGE: f64 = 0.2;

/// How an account stands, for a forecast. Points and milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Outlook {
    pub(crate) now_ms: i64,
    /// What a window holds.
    pub(crate) limit: f64,
    /// What the service has told to be spent.
    pub(crate) spent: f64,
    /// What is set aside, or not settled yet.
    pub(crate) open: f64,
    pub(crate) window_end_ms: i64,
    /// How long a window is, as far as that is known.
    pub(crate) window_ms: Range<i64>,
    /// The share of the limit that is kept for interactive calls, and the one that is never planned with.
    pub(crate) reserve: f64,
    pub(crate) safety: f64,
    /// What others spend, in points per hour.
    pub(crate) burn_per_hour: f64,
}

/// When the points that are left of a window are spent, at so many in a millisecond; `None` where they last to its end.
pub(crate) fn spent_at_ms(left: f64, points_per_ms: f64, now_ms: i64, window_end_ms: i64) -> Option<i64> {
    if left <= 0.0 {
        return Some(now_ms);
    }
    let at_ms = now_ms as f64 + left / points_per_ms.max(0.0);
    // Without any spending it is never; so it is where the next window begins first.
    (at_ms < window_end_ms as f64).then_some(at_ms as i64)
}

/// Calls of one shape that are to be made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Planned {
    pub(crate) estimate: Estimate,
    pub(crate) count: f64,
    /// Standard deviation of the count. Where there are more calls of one shape than expected, there are more of all: reports are
    /// longer than thought.
    pub(crate) off_by: f64,
    /// So many there are at least.
    pub(crate) least: f64,
}

/// How fast calls are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pace {
    /// What one call takes, in milliseconds, and how many are made at once.
    pub(crate) call_ms: f64,
    pub(crate) at_once: u32,
    /// So many calls of the end may be made one after the other, while nothing else is left to be done.
    pub(crate) tail: f64,
}

/// From the least to the most.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Range<T> {
    pub(crate) low: T,
    pub(crate) high: T,
}

/// What a list of calls takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Plan {
    pub(crate) requests: Range<u64>,
    pub(crate) points: Range<f64>,
    /// The windows that are spent from, the running one included.
    pub(crate) windows: Range<u64>,
    /// When it is done, in milliseconds since 1970; `None` where that is not within any time that one waits.
    pub(crate) done_ms: Range<Option<i64>>,
}

/// How long a window is. `told_ms` is the longest time to its end that was told: of a window that was joined somewhere in its middle,
/// all that is known.
pub(crate) fn window_ms(told_ms: Option<i64>, was_joined: bool) -> Range<i64> {
    let usual = Range { low: USUAL_WINDOW_MS, high: USUAL_WINDOW_MS };
    match told_ms {
        None => usual,
        Some(told_ms) if !was_joined => Range { low: told_ms, high: told_ms },
        Some(told_ms) if told_ms <= SOON_OVER_MS => Range { low: told_ms, ..usual },
        Some(told_ms) => Range { low: told_ms.max(usual.low), high: told_ms.max(usual.high) },
    }
}

/// Plans calls that wait for points: they spend what a window leaves them, and go on in the next.
pub(crate) fn plan(calls: &[Planned], pace: Pace, outlook: &Outlook) -> Plan {
    let Range { low, high } = outlook.window_ms;
    let plan = plan_in(low, calls, pace, outlook);
    if low == high { plan } else { plan.or(plan_in(high, calls, pace, outlook)) }
}

impl Plan {
    /// What holds, whichever of both comes true.
    fn or(self, other: Self) -> Self {
        let (this, other_done) = (self.done_ms, other.done_ms);
        Self {
            requests: self.requests.or(other.requests),
            points: self.points.or(other.points),
            windows: self.windows.or(other.windows),
            done_ms: Range {
                low: this.low.into_iter().chain(other_done.low).min(),
                high: this.high.zip(other_done.high).map(|(one, other)| one.max(other)),
            },
        }
    }
}

impl<T: PartialOrd> Range<T> {
    fn or(self, other: Self) -> Self {
        Self {
            low: if other.low < self.low { other.low } else { self.low },
            high: if other.high > self.high { other.high } else { self.high },
        }
    }
}

/// The same in windows of this length.
fn plan_in(window_ms: i64, calls: &[Planned], pace: Pace, outlook: &Outlook) -> Plan {
    let (mut requests, mut points) = (requests(calls), points(calls));
    let quick = Pace { call_ms: (1.0 - CALL_RANGE) * pace.call_ms, tail: 0.0, ..pace };
    let slow = Pace { call_ms: (1.0 + CALL_RANGE) * pace.call_ms, ..pace };
    let run = |requests, points, pace, luck| Run::of(requests, points, pace, outlook, window_ms, luck).finish(outlook, luck);
    let low = run(requests.low, points.low, quick, &BEST);
    let mut high = run(requests.high, points.high, slow, &WORST);
    let probes = PROBES * high.0.saturating_sub(1);
    if probes > 0 {
        requests.high += probes;
        points.high += PROBE * probes as f64;
        high = run(requests.high, points.high, slow, &WORST);
    }
    Plan { requests, points, windows: Range { low: low.0, high: high.0 }, done_ms: Range { low: low.1, high: high.1 } }
}

/// How many calls there are.
pub(crate) fn requests(calls: &[Planned]) -> Range<u64> {
    let (mean, off_by) = calls.iter().fold((0.0, 0.0), |(mean, off_by), calls| (mean + calls.count, off_by + calls.off_by));
    let (off_by, least) = (RANGE * off_by, calls.iter().map(|calls| calls.least).sum());
    Range { low: (mean - off_by).max(least).floor() as u64, high: (mean + off_by).ceil() as u64 }
}

/// What they cost together: single calls scatter and even out, a mean that is off is off for all of its shape, and a number that is
/// off is off for all shapes.
pub(crate) fn points(calls: &[Planned]) -> Range<f64> {
    let sum = |value: &dyn Fn(&Planned) -> f64| calls.iter().map(value).sum::<f64>();
    // How far off the prices of so many calls are.
    let prices = |count: &dyn Fn(&Planned) -> f64| {
        sum(&|call| count(call) * call.estimate.deviation.powi(2) + (count(call) * error(&call.estimate)).powi(2))
    };
    let mean = sum(&|call| call.count * call.estimate.expected);
    let of_counts = sum(&|call| call.off_by * call.estimate.expected);
    let off_by = RANGE * (prices(&|call| call.count) + of_counts.powi(2)).sqrt();
    let least = sum(&|call| call.least * call.estimate.expected) - RANGE * prices(&|call| call.least).sqrt();
    Range { low: (mean - off_by).max(least).max(0.0), high: mean + off_by }
}

/// How far off the mean may be. Of a price that was never seen, by as much as is set aside beyond the guess.
fn error(estimate: &Estimate) -> f64 {
    if estimate.is_learned { estimate.error } else { 0.5 * (estimate.at_most - estimate.expected).max(0.0) }
}

/// What else may be so or otherwise.
struct Luck {
    /// What others spend, in units of what they were seen to.
    burn: f64,
    /// The share of a window that is left at its end.
    left_over: f64,
    /// The share of what is not settled yet that will count as spent: a call may have cost less than was set aside for it, and be in the
    /// service's counter already.
    open: f64,
}

const BEST: Luck = Luck { burn: 1.0 - BURN_RANGE, left_over: 0.0, open: 0.0 };
const WORST: Luck = Luck { burn: 1.0 + BURN_RANGE, left_over: LEFT_OVER, open: 1.0 };

/// One way that it may go.
struct Run {
    points: f64,
    /// Points per millisecond, ours at most and the others'.
    rate: f64,
    burn: f64,
    window_ms: f64,
    /// What a window leaves to be planned with.
    planned: f64,
    reserve: f64,
    call_ms: f64,
}

impl Run {
    fn of(requests: u64, points: f64, pace: Pace, outlook: &Outlook, window_ms: i64, luck: &Luck) -> Self {
        let at_once = f64::from(pace.at_once.max(1));
        let alone = pace.tail.min(requests as f64) * (1.0 - 1.0 / at_once);
        let all_ms = (requests as f64 / at_once + alone) * pace.call_ms.max(1.0);
        Self {
            points,
            rate: if all_ms > 0.0 { points / all_ms } else { 0.0 },
            burn: luck.burn * outlook.burn_per_hour.max(0.0) / HOUR_MS,
            window_ms: window_ms.max(1_000) as f64,
            planned: outlook.limit * (1.0 - outlook.safety - luck.left_over),
            reserve: outlook.limit * outlook.reserve,
            call_ms: pace.call_ms,
        }
    }

    /// Goes through the windows; how many, and when it is done.
    fn finish(&self, outlook: &Outlook, luck: &Luck) -> (u64, Option<i64>) {
        let mut left = self.points;
        let first_ms = (outlook.window_end_ms - outlook.now_ms).max(0) as f64;
        let (used, done) = self.spend(left, outlook.spent + luck.open * outlook.open, first_ms);
        if let Some(done) = done {
            return (1, Some(outlook.now_ms + done as i64));
        }
        left -= used;
        let mut windows = u64::from(used > 0.0);
        let mut at_ms = outlook.now_ms as f64 + first_ms;
        // Whole windows are all alike, so they are not gone through one by one.
        let (whole, _) = self.spend(f64::INFINITY, 0.0, self.window_ms);
        if whole <= 0.0 || left / whole > MOST_WINDOWS {
            return (windows, None);
        }
        let skipped = (left / whole - 1e-9).floor().max(0.0);
        left -= skipped * whole;
        at_ms += skipped * self.window_ms;
        windows += skipped as u64;
        let (_, done) = self.spend(left, 0.0, self.window_ms);
        let done = done.unwrap_or(self.window_ms);
        (windows + 1, Some((at_ms + done) as i64))
    }

    /// What is used of a window of which so much is spent and so long is left, and when all of it is done, if it is.
    fn spend(&self, wanted: f64, spent: f64, left_ms: f64) -> (f64, Option<f64>) {
        if wanted <= 0.0 {
            return (0.0, Some(self.call_ms.min(left_ms)));
        }
        let (mut used, mut spent) = (0.0, spent);
        let step_ms = left_ms / f64::from(STEPS);
        for step in 1..=STEPS {
            let at_ms = f64::from(step) * step_ms;
            spent += self.burn * step_ms;
            let kept = self.reserve * ((left_ms - at_ms) / (LAST_PART * self.window_ms)).clamp(0.0, 1.0);
            let room = (self.planned - kept - spent).max(0.0);
            let taken = (self.rate * step_ms).min(room);
            if used + taken >= wanted {
                let share = (wanted - used) / taken;
                return (wanted, Some(at_ms - (1.0 - share) * step_ms));
            }
            used += taken;
            spent += taken;
        }
        (used, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_790_000_000_000;
    const MINUTE_MS: i64 = 60_000;

    fn outlook() -> Outlook {
        Outlook {
            now_ms: NOW_MS,
            limit: 18_000.0,
            spent: 3_000.0,
            open: 0.0,
            window_end_ms: NOW_MS + 30 * MINUTE_MS,
            window_ms: Range { low: 60 * MINUTE_MS, high: 60 * MINUTE_MS },
            reserve: 0.0,
            safety: 0.0,
            burn_per_hour: 0.0,
        }
    }

    fn known(points: f64) -> Estimate {
        Estimate { expected: points, error: 0.0, deviation: 0.0, p95: points, at_most: points, is_learned: true }
    }

    fn some(estimate: Estimate, count: u32) -> Planned {
        Planned { estimate, count: count.into(), off_by: 0.0, least: 0.0 }
    }

    /// Calls that take so long, to the millisecond.
    fn pace(call_ms: f64, at_once: u32) -> Pace {
        Pace { call_ms, at_once, tail: 0.0 }
    }

    fn minutes(at_ms: Option<i64>) -> Option<f64> {
        at_ms.map(|at_ms| (at_ms - NOW_MS) as f64 / MINUTE_MS as f64)
    }

    #[test]
    fn points_are_spent_where_the_rate_reaches_the_limit_before_the_window_ends() {
        let at = |left, each_hour: f64| minutes(spent_at_ms(left, each_hour / HOUR_MS, NOW_MS, NOW_MS + 30 * MINUTE_MS));
        assert_eq!(at(15_000.0, 60_000.0), Some(15.0));
        assert_eq!(at(10_000.0, 60_000.0), Some(10.0));
        assert_eq!(at(15_000.0, 30_000.0), None, "at the very end the next window begins");
        assert_eq!(at(15_000.0, 30_100.0).map(f64::round), Some(30.0));
        assert_eq!(at(15_000.0, 0.0), None);
        assert_eq!(at(15_000.0, -5.0), None);
        assert_eq!(at(0.0, 1.0), Some(0.0));
    }

    #[test]
    fn a_plan_that_fits_takes_as_long_as_its_calls() {
        let calls = [some(known(10.0), 600)];
        let plan = plan(&calls, pace(400.0, 2), &outlook());
        assert_eq!(plan.requests, Range { low: 600, high: 600 });
        assert_eq!(plan.points, Range { low: 6_000.0, high: 6_000.0 });
        assert_eq!(plan.windows, Range { low: 1, high: 1 });
        assert_eq!((minutes(plan.done_ms.low), minutes(plan.done_ms.high)), (Some(1.6), Some(2.4)));
    }

    #[test]
    fn what_does_not_fit_goes_on_in_the_next_windows() {
        // 15,000 now, 18,000 in each whole window (five per cent less at worst), 100 points a second.
        let calls = [some(known(10.0), 6_000)];
        let plan = plan(&calls, pace(100.0, 1), &outlook());
        assert_eq!(plan.windows, Range { low: 4, high: 4 });
        let (low, high) = (minutes(plan.done_ms.low).unwrap(), minutes(plan.done_ms.high).unwrap());
        // 9,000 are left for the window that begins after 150 minutes, with calls that take 80 ms; at worst 11,736 with the looks at the points, in 120 ms.
        assert!((low - 151.2).abs() < 0.01, "{low}");
        assert!((high - 152.36).abs() < 0.01, "{high}");
    }

    #[test]
    fn the_reserve_is_left_alone_until_the_last_quarter_of_a_window() {
        let outlook = Outlook { reserve: 0.5, spent: 0.0, window_end_ms: NOW_MS + 60 * MINUTE_MS, ..outlook() };
        let done = |count| {
            let calls = [some(known(10.0), count)];
            minutes(plan(&calls, pace(1.0, 1), &outlook).done_ms.low).unwrap()
        };
        assert!(done(899) < 1.0);
        assert!((done(1_350) - 52.5).abs() < 0.5, "{}", done(1_350));
        assert!((done(1_799) - 60.0).abs() < 0.5, "{}", done(1_799));
    }

    #[test]
    fn what_is_not_settled_may_be_spent_already_or_yet_to_come() {
        // 15,000 are left, or 10,000.
        let plan = plan(&[some(known(10.0), 1_200)], pace(1.0, 1), &Outlook { open: 5_000.0, ..outlook() });

        assert_eq!(plan.windows, Range { low: 1, high: 2 });
        assert!(minutes(plan.done_ms.low) < Some(1.0) && minutes(plan.done_ms.high) > Some(30.0), "{plan:?}");
    }

    #[test]
    fn others_take_from_every_window() {
        let outlook = Outlook { burn_per_hour: 9_000.0, spent: 18_000.0, ..outlook() };
        let calls = [some(known(10.0), 1_800)];
        let plan = plan(&calls, pace(2_000.0, 1), &outlook);
        // Ten points in two seconds are 18,000 an hour; with the others' 9,000 a window is spent after 40 minutes.
        assert_eq!(plan.windows, Range { low: 2, high: 2 });
        let (low, high) = (minutes(plan.done_ms.low).unwrap(), minutes(plan.done_ms.high).unwrap());
        assert!(low < 30.0 + 60.0 + 20.0 && 30.0 + 60.0 + 20.0 < high, "{low} {high}");
    }

    #[test]
    fn what_never_ends_has_no_end() {
        let outlook = Outlook { safety: 1.0, ..outlook() };
        let calls = [some(known(10.0), 100_000)];
        let plan = plan(&calls, pace(10.0, 1), &outlook);
        assert_eq!(plan.done_ms.high, None);
        assert_eq!(super::plan(&[], pace(10.0, 1), &outlook).points, Range { low: 0.0, high: 0.0 });
    }

    #[test]
    fn a_range_grows_with_the_root_of_the_calls_where_they_scatter_and_with_their_number_where_the_mean_is_unsure() {
        let width = |estimate, count| {
            let points = points(&[some(estimate, count)]);
            points.high - points.low
        };
        let scattering = Estimate { deviation: 1.0, ..known(10.0) };
        assert!((width(scattering, 400) - 2.0 * width(scattering, 100)).abs() < 1e-9);
        assert!((width(scattering, 100) - 40.0).abs() < 1e-9);
        let unsure = Estimate { error: 0.1, ..known(10.0) };
        assert!((width(unsure, 400) - 4.0 * width(unsure, 100)).abs() < 1e-9);
        let guessed = Estimate { at_most: 30.0, is_learned: false, ..known(10.0) };
        assert!((points(&[some(guessed, 5)]).high - 150.0).abs() < 1e-9);
    }

    #[test]
    fn a_number_of_calls_that_is_not_known_is_so_for_all_shapes_at_once() {
        let unsure = |off_by| Planned { off_by, ..some(known(10.0), 100) };
        let calls = [unsure(3.0), unsure(4.0), unsure(0.0)];
        assert_eq!(requests(&calls), Range { low: 286, high: 314 });
        assert_eq!(points(&calls), Range { low: 2_860.0, high: 3_140.0 });
        assert_eq!(requests(&[unsure(90.0)]), Range { low: 0, high: 280 });
        let at_least = [Planned { least: 40.0, ..unsure(90.0) }];
        assert_eq!((requests(&at_least).low, points(&at_least).low), (40, 400.0));
    }

    #[test]
    fn the_end_may_come_sooner_with_quick_calls_and_later_with_slow_ones_that_are_made_alone_at_last() {
        let calls = [some(known(1.0), 600)];
        let plan = plan(&calls, Pace { tail: 100.0, ..pace(1_000.0, 2) }, &outlook());
        let [low, high] = [plan.done_ms.low, plan.done_ms.high].map(|done| minutes(done).unwrap());
        assert!((low - 0.8 * 5.0).abs() < 0.02, "{low}");
        assert!((high - 1.2 * (5.0 + 50.0 / 60.0)).abs() < 0.02, "{high}");
    }

    #[test]
    fn a_window_that_was_joined_is_taken_for_an_hour_unless_it_is_nearly_over_or_longer() {
        let range = |low, high| Range { low: low * MINUTE_MS, high: high * MINUTE_MS };
        assert_eq!(window_ms(None, true), range(60, 60));
        assert_eq!(window_ms(Some(30 * MINUTE_MS), true), range(60, 60));
        assert_eq!(window_ms(Some(3 * MINUTE_MS), true), range(3, 60), "it may be a short one");
        assert_eq!(window_ms(Some(90 * MINUTE_MS), true), range(90, 90));
        assert_eq!(window_ms(Some(3 * MINUTE_MS), false), range(3, 3), "one before it was seen to its end");
    }

    #[test]
    fn where_windows_may_be_short_the_end_may_come_early_and_where_they_may_be_long_late() {
        let calls = [some(known(10.0), 6_000)];
        let in_windows = |low, high| {
            let window_ms = Range { low: low * MINUTE_MS, high: high * MINUTE_MS };
            plan(&calls, pace(100.0, 1), &Outlook { window_ms, window_end_ms: NOW_MS + MINUTE_MS, ..outlook() })
        };

        let [short, long, either] = [in_windows(3, 3), in_windows(60, 60), in_windows(3, 60)];

        assert!(minutes(short.done_ms.high) < Some(20.0) && minutes(long.done_ms.low) > Some(120.0), "{short:?} {long:?}");
        assert_eq!((either.done_ms.low, either.done_ms.high), (short.done_ms.low, long.done_ms.high));
        let windows = [short.windows, long.windows].map(|windows| windows.high);
        assert_eq!(either.windows.high, windows[0].max(windows[1]));
    }
}
