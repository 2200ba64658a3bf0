//! The list of reports: what is noted of an entry, and which part of the list is to be asked for. Pure.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::api::Report;
use crate::ids::{ReportCode, ZoneId};
use crate::units::UnixMillis;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// All of the list is read again after so long: a report that was uploaded late, with a start long past, is found then at the
/// latest.
pub(super) const WHOLE_LIST_EVERY: Duration = Duration::from_secs(30 * 24 * 3600);
/// A look at what is new goes back so far behind the mark: most late uploads are found at once. A report in the list costs about
/// 4.25 points (api facts §2).
const LATE_UPLOADS: Duration = Duration::from_secs(14 * 24 * 3600);
/// … but not behind more reports than these, so that it stays one page.
const LATE_REPORTS: usize = 50;
/// A list whose reading was broken off longer ago is read from its beginning.
const READ_ON_WITHIN: Duration = Duration::from_secs(3600);
/// A pull that goes on where another one was stopped takes the list as it was read by that one, for so long.
const LIST_STAYS_FRESH: Duration = Duration::from_secs(6 * 3600);
/// How long a report is taken to be that was only named: an evening's raid. A guess.
const USUAL_HOURS: f64 = 2.5;
/// A report counts as final only when its end is so long past.
pub(super) const FINAL_AFTER: Duration = DAY;

/// An entry of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Listed {
    pub(super) code: ReportCode,
    pub(super) title: String,
    pub(super) start: Option<UnixMillis>,
    pub(super) end: Option<UnixMillis>,
    pub(super) revision: Option<i64>,
    pub(super) visibility: Option<String>,
    /// Archived, and not for this key.
    pub(super) is_archived: bool,
    /// Its main zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) zone: Option<ZoneId>,
}

/// Which reports: from the first moment on, and before the second; none is no bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Span {
    pub(super) since: Option<UnixMillis>,
    pub(super) until: Option<UnixMillis>,
    /// Those of this zone only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) zone: Option<ZoneId>,
    /// The newest so many of them only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) last: Option<u32>,
}

/// A reading of the list.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Look {
    pub(super) span: Span,
    /// Everything that was asked for, not only what may be new.
    pub(super) is_whole: bool,
    pub(super) at: UnixMillis,
}

impl From<&Report> for Listed {
    fn from(report: &Report) -> Self {
        let archive = report.archive_status.as_ref();
        Self {
            code: report.code.clone(),
            title: report.title.clone().unwrap_or_default(),
            start: report.start_time,
            end: report.end_time,
            revision: report.revision,
            visibility: report.visibility.clone(),
            is_archived: archive.is_some_and(|it| it.is_archived == Some(true) && it.is_accessible == Some(false)),
            zone: report.zone.as_ref().and_then(|zone| zone.id),
        }
    }
}

impl Listed {
    /// A report of which nothing is known but its code.
    pub(super) fn named(code: ReportCode) -> Self {
        Self {
            code,
            title: String::new(),
            start: None,
            end: None,
            revision: None,
            visibility: None,
            is_archived: false,
            zone: None,
        }
    }

    /// Whether no list has told of it.
    pub(super) fn is_only_named(&self) -> bool {
        self.end.is_none() && self.revision.is_none()
    }

    /// Whether what the list tells of it, where it does, is what the report itself says.
    pub(super) fn agrees_with(&self, end: Option<UnixMillis>, revision: Option<i64>) -> bool {
        self.is_only_named() || (self.end, self.revision) == (end, revision)
    }

    /// From its start to its end, in hours.
    pub(super) fn hours(&self) -> f64 {
        match (self.start, self.end) {
            (Some(start), Some(end)) => end.since(start).as_secs_f64() / 3_600.0,
            _ if self.is_only_named() => USUAL_HOURS,
            _ => 0.0,
        }
    }

    pub(super) fn is_long_past(&self, now: UnixMillis) -> bool {
        is_long_past(self.end, now)
    }
}

pub(super) fn is_long_past(end: Option<UnixMillis>, now: UnixMillis) -> bool {
    end.is_some_and(|end| now.since(end) >= FINAL_AFTER)
}

impl Span {
    /// The reports that are meant, out of a list with the newest first.
    pub(super) fn of<'a>(&self, reports: &'a [Listed]) -> impl Iterator<Item = &'a Listed> + use<'a> {
        let (span, most) = (*self, self.last.map_or(usize::MAX, |last| last as usize));
        reports.iter().filter(move |report| span.holds(report)).take(most)
    }

    /// Whether a report lies within, however many there are. One without a start is never left out.
    pub(super) fn holds(&self, report: &Listed) -> bool {
        // The service may take its own bounds as included.
        let in_time = |start| self.since.is_none_or(|since| start >= since) && self.until.is_none_or(|until| start < until);
        report.start.is_none_or(in_time) && (self.zone.is_none() || self.zone == report.zone)
    }

    /// Takes over how far a look has reached that was for the same reports.
    pub(super) fn reach_to(&mut self, look: &Self) {
        if self.zone == look.zone {
            self.until = self.until.zip(look.until).map(|(old, new)| old.max(new));
        }
    }

    /// The same without a number, where so many are known that it amounts to a start.
    fn as_far_as(self, known: &[&Listed]) -> Self {
        match self.last {
            Some(last) if known.len() >= last as usize => {
                Self { since: self.since.max(known.last().and_then(|oldest| oldest.start)), last: None, ..self }
            }
            _ => self,
        }
    }

    /// Whether there may be reports in it, begun before the other's end, that are not in the other.
    fn reaches_beyond(&self, other: &Self) -> bool {
        let begins_before = match (self.since, other.since) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(since), Some(other)) => since < other,
        };
        begins_before || (other.zone.is_some() && other.zone != self.zone)
    }

    /// Whether it is for the same reports as an earlier one, or later ones of them.
    fn follows(&self, earlier: &Self) -> bool {
        let kind = |span: &Self| (span.until, span.zone, span.last);
        kind(self) == kind(earlier) && !self.reaches_beyond(earlier)
    }
}

/// What is known of the list before a look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before<'a> {
    pub(super) reports: &'a [Listed],
    /// Where and when all of it was read.
    pub(super) whole: Option<(Span, UnixMillis)>,
}

/// Which part of the list is to be asked for. `is_settled`: nothing is left to be done about a report.
///
/// The mark is where contiguous complete work ends: the start of the oldest report that is not settled, or of the newest one.
pub(super) fn look(before: Before<'_>, asked: Span, now: UnixMillis, is_settled: impl Fn(&Listed) -> bool) -> Look {
    let whole = Look { span: asked, is_whole: true, at: now };
    let Some((span, at)) = before.whole else { return whole };
    let within: Vec<&Listed> = asked.of(before.reports).filter(|report| report.start.is_some()).collect();
    // A list that was noted by an earlier version tells of no zones.
    let knows_zones = asked.zone.is_none() || before.reports.iter().all(|report| report.zone.is_some());
    if asked.as_far_as(&within).reaches_beyond(&span) || !knows_zones || now.since(at) >= WHOLE_LIST_EVERY || now < at {
        return whole;
    }
    let mark = within.iter().rposition(|report| !is_settled(report)).unwrap_or(0);
    let Some(start) = within.get(mark).and_then(|report| report.start) else { return whole };
    let late = back(start, LATE_UPLOADS);
    let floor = within.get(mark + LATE_REPORTS).and_then(|report| report.start);
    let mut since = floor.map_or(late, |floor| late.max(floor));
    // What lies behind the end of an earlier span was never looked at.
    since = span.until.map_or(since, |until| since.min(until));
    let since = asked.since.map_or(since, |asked| since.max(asked));
    Look { span: Span { since: Some(since), last: None, ..asked }, is_whole: false, at: now }
}

/// Whether the list needs no look at all: a pull for the same was stopped on its way, not long after it had read it.
pub(super) fn is_fresh(stopped: Span, read_at: UnixMillis, asked: Span, now: UnixMillis) -> bool {
    asked.follows(&stopped) && now >= read_at && now.since(read_at) < LIST_STAYS_FRESH
}

/// Whether a reading that was broken off brings what is to be asked for, and is so fresh that it can go on. (`--since '3 months
/// ago'` is a little later each time.)
pub(super) fn goes_on(broken_off: &Look, look: &Look) -> bool {
    broken_off.is_whole == look.is_whole
        && look.span.follows(&broken_off.span)
        && look.at >= broken_off.at
        && look.at.since(broken_off.at) < READ_ON_WITHIN
}

fn back(moment: UnixMillis, by: Duration) -> UnixMillis {
    UnixMillis::new(moment.get().saturating_sub(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 24 * 3_600_000;

    fn at(day: i64) -> UnixMillis {
        UnixMillis::new(1_700_000_000_000 + day * DAY_MS)
    }

    fn listed(day: i64) -> Listed {
        let code = format!("{day:0>16}").parse().unwrap();
        let (start, end) = (Some(at(day)), Some(at(day)));
        Listed { start, end, revision: Some(1), ..Listed::named(code) }
    }

    fn span(since: Option<i64>, until: Option<i64>) -> Span {
        Span { since: since.map(at), until: until.map(at), ..Span::default() }
    }

    /// The look on day 100 after all of the list was read on day 95.
    fn look_after(days: &[i64], read: Span, asked: Span, open: &[i64]) -> Look {
        let reports: Vec<Listed> = days.iter().map(|day| listed(*day)).collect();
        let before = Before { reports: &reports, whole: Some((read, at(95))) };
        look(before, asked, at(100), |report| !open.iter().any(|day| report.start == Some(at(*day))))
    }

    #[test]
    fn what_may_be_new_is_asked_for_from_a_fortnight_before_the_newest_report_on() {
        let look = look_after(&[90, 60, 30], span(None, None), span(None, None), &[]);
        assert_eq!((look.is_whole, look.span), (false, span(Some(76), None)));
    }

    #[test]
    fn the_mark_stays_at_the_oldest_report_of_which_something_is_left_to_be_done() {
        let look = look_after(&[90, 60, 30], span(None, None), span(None, None), &[60]);
        assert_eq!((look.is_whole, look.span), (false, span(Some(46), None)));
    }

    #[test]
    fn where_there_are_many_reports_it_goes_back_behind_fifty_of_them_only() {
        let many: Vec<Listed> =
            (0..200).map(|hour| Listed { start: Some(UnixMillis::new(at(90).get() - hour * 3_600_000)), ..listed(90) }).collect();
        let before = Before { reports: &many, whole: Some((span(None, None), at(95))) };
        let look = look(before, span(None, None), at(100), |_| true);
        assert_eq!(look.span.since, many[50].start);
    }

    #[test]
    fn all_of_the_list_is_read_at_first_after_thirty_days_and_where_older_reports_are_asked_for() {
        let whole = |before, asked, now| look(before, asked, now, |_| true).is_whole;
        let reports = [listed(90)];
        let read = |span| Before { reports: &reports, whole: Some((span, at(70))) };
        assert!(whole(Before { reports: &[], whole: None }, span(None, None), at(100)));
        assert!(!whole(read(span(None, None)), span(None, None), at(99)));
        assert!(whole(read(span(None, None)), span(None, None), at(100)));
        assert!(whole(read(span(Some(50), None)), span(Some(40), None), at(80)), "an earlier --since");
        assert!(whole(read(span(Some(50), None)), span(None, None), at(80)), "no --since any more");
        assert!(!whole(read(span(Some(50), None)), span(Some(60), None), at(80)), "a later --since");
        assert!(whole(read(span(None, None)), span(None, None), at(60)), "the clock went back");
    }

    #[test]
    fn what_lies_behind_an_earlier_until_is_looked_at() {
        let look = look_after(&[60, 30], span(None, Some(62)), span(None, None), &[]);
        assert_eq!(look.span, span(Some(46), None));
        let look = look_after(&[60], span(None, Some(40)), span(None, None), &[]);
        assert_eq!(look.span, span(Some(40), None));
    }

    #[test]
    fn a_list_that_a_stopped_pull_has_read_is_good_for_six_hours_and_for_the_same_reports() {
        let fresh =
            |stopped, asked, hours: i64| is_fresh(stopped, at(1), asked, UnixMillis::new(at(1).get() + hours * 3_600_000));
        let all = span(None, None);
        assert!(fresh(all, all, 0) && fresh(all, all, 5) && fresh(all, span(Some(0), None), 5));
        assert!(!fresh(all, all, 6) && !fresh(all, all, -1));
        assert!(!fresh(span(Some(0), None), all, 1) && !fresh(all, span(None, Some(0)), 1));
    }

    #[test]
    fn a_reading_goes_on_within_an_hour_and_for_the_same_span_only() {
        let of = |span, minutes: i64| Look { span, is_whole: true, at: UnixMillis::new(at(1).get() + minutes * 60_000) };
        let first = of(span(None, None), 0);
        assert!(goes_on(&first, &of(span(None, None), 59)));
        assert!(!goes_on(&first, &of(span(None, None), 60)));
        assert!(goes_on(&first, &of(span(Some(1), None), 1)));
        assert!(!goes_on(&of(span(Some(1), None), 0), &first));
        assert!(!goes_on(&first, &of(span(None, Some(5)), 1)));
        assert!(!goes_on(&first, &of(span(None, None), -1)));
    }
}
