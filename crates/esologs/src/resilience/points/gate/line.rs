//! Standing in line for points: interactive calls before batch calls, then first come, first served.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{MutexGuard, Notify};
use tokio::time::{Instant, timeout};

use super::{Gate, Short, Want, YIELD};
use crate::resilience::Priority;
use crate::resilience::points::store::lock;
use crate::resilience::points::{Reserved, Why};
use crate::resilience::wait::wait;

/// A moment that moved by less is the same one.
const OTHER_MOMENT: Duration = Duration::from_secs(30);
/// Between two looks of the first in line that nobody told to look, at least.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
/// Where the first in line was to look so long ago and did not, the others do not wait for it: its caller holds it without driving it.
const OVERDUE: Duration = Duration::from_secs(10);

/// What whoever stands in line is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Notice {
    /// It waits, for this reason, so long at most; so many are in line up to it.
    Waiting { why: Why, longest: Duration, queued: usize },
    /// It is time to ask for a snapshot alone: the budget is held back by calls whose charge nobody knows.
    ProbeIsDue,
}

/// Those who wait, of one priority. The first of them asks, the others wait for their turn.
#[derive(Debug, Default)]
pub(super) struct Line {
    turn: tokio::sync::Mutex<()>,
    waiting: AtomicUsize,
    first: Mutex<Option<First>>,
}

/// The first in line: when it looks again, and what it waits for until when.
#[derive(Debug, Clone, Copy)]
struct First {
    looks_at: Instant,
    waits_for: Option<(Why, Instant)>,
}

impl First {
    fn looking() -> Self {
        Self { looks_at: Instant::now(), waits_for: None }
    }
}

impl Line {
    fn len(&self) -> usize {
        self.waiting.load(Ordering::Acquire)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Waits to be the first; `None` where its time is over before.
    async fn turn(&self, want: &Want<'_>, entered: Instant) -> Option<Turn<'_>> {
        let mut turn = std::pin::pin!(self.turn.lock());
        loop {
            let (now, left) = (Instant::now(), want.time_left(entered));
            if left.is_zero() {
                return None;
            }
            let overdue_at = lock(&self.first).map_or(now, |first| first.looks_at) + OVERDUE;
            if overdue_at <= now {
                return Some(Turn { line: self, _held: None });
            }
            if let Ok(held) = timeout(left.min(overdue_at - now), turn.as_mut()).await {
                self.put(First::looking());
                return Some(Turn { line: self, _held: Some(held) });
            }
        }
    }

    fn put(&self, first: First) {
        *lock(&self.first) = Some(first);
    }
}

/// It is this one's turn until it is dropped.
struct Turn<'a> {
    line: &'a Line,
    _held: Option<MutexGuard<'a, ()>>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.line.put(First::looking());
    }
}

/// A place in a line; left when dropped.
pub(super) struct Place<'a> {
    line: &'a Line,
    moved: &'a Notify,
}

impl<'a> Place<'a> {
    fn take(line: &'a Line, moved: &'a Notify) -> Self {
        if line.waiting.fetch_add(1, Ordering::AcqRel) == 0 {
            line.put(First::looking());
        }
        Self { line, moved }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        // Batch calls wait for the end of the interactive line.
        if self.line.waiting.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.moved.notify_waiters();
        }
    }
}

/// What a call in line was told last.
#[derive(Default)]
struct Told(Option<(Why, Instant)>);

impl Told {
    /// Once for each reason, and again for each new moment of the points to come.
    fn is_news(&mut self, why: Why, until: Instant) -> bool {
        let is_news = self.0.is_none_or(|(before, then)| before != why || (why == Why::Spent && until > then + OTHER_MOMENT));
        if is_news {
            self.0 = Some((why, until));
        }
        is_news
    }
}

impl Gate {
    /// Whether nobody stands in line before it.
    pub(super) fn is_turn_of(&self, want: &Want<'_>) -> bool {
        want.is_probe
            || (self.line(Priority::Interactive).is_empty()
                && (want.priority == Priority::Interactive || self.line(Priority::Batch).is_empty()))
    }

    pub(super) fn line(&self, priority: Priority) -> &Line {
        &self.lines[priority as usize]
    }

    /// So many are in line, up to the last of this priority.
    fn queued(&self, priority: Priority) -> usize {
        let before = if priority == Priority::Batch { self.line(Priority::Interactive).len() } else { 0 };
        before + self.line(priority).len()
    }

    /// Sets points aside when it is this call's turn. Cancelled, it leaves the line.
    pub(crate) async fn stand_in_line<'a>(
        self: &'a Arc<Self>,
        want: &Want<'_>,
        tell: &(dyn Fn(Notice) + Sync),
    ) -> Result<Reserved<'a>, Short> {
        let (entered, line) = (Instant::now(), self.line(want.priority));
        let _place = Place::take(line, &self.moved);
        let mut told = Told::default();
        let first = *lock(&line.first);
        // Behind others it waits for what the first of them waits for.
        if let Some((why, until)) = first.and_then(|first| first.waits_for) {
            told.is_news(why, until);
            let longest = until.saturating_duration_since(entered);
            tell(Notice::Waiting { why, longest, queued: self.queued(want.priority) });
        }
        let Some(_turn) = line.turn(want, entered).await else { return Err(self.too_late().await) };
        loop {
            // From here on nothing that moves is missed.
            let mut moved = std::pin::pin!(self.moved.notified());
            moved.as_mut().enable();
            self.keep_the_pace(want).await;
            let (short, pause) = if want.priority == Priority::Batch && !self.line(Priority::Interactive).is_empty() {
                (None, YIELD)
            } else {
                match self.ask(want).await {
                    Ok(reserved) => {
                        self.has_passed(want);
                        return Ok(reserved);
                    }
                    Err(short) => (Some(short), short.retry_in.unwrap_or_default().max(SHORTEST_PAUSE)),
                }
            };
            let left = want.time_left(entered);
            let (now, mut waits_for) = (Instant::now(), None);
            if let Some(short) = short {
                if !want.puts_up_with(&short, entered.elapsed()) || left.is_zero() {
                    return Err(short);
                }
                if self.is_due_to_probe(&short).await {
                    tell(Notice::ProbeIsDue);
                }
                let longest = if short.why == Why::OnTheirWay { want.lease } else { pause };
                waits_for = Some((short.why, now + longest));
                if told.is_news(short.why, now + pause) {
                    tell(Notice::Waiting { why: short.why, longest, queued: self.queued(want.priority) });
                }
                self.is_held(want, &short);
            }
            let pause = pause.min(left);
            line.put(First { looks_at: now + pause, waits_for });
            tokio::select! {
                // In this order, not a random one, so that a run can be repeated exactly.
                biased;
                () = moved => {}
                _ = wait(pause, &self.clock) => {}
            }
        }
    }

    /// Batch calls are let through one after the other where they were held back until new points came.
    async fn keep_the_pace(&self, want: &Want<'_>) {
        let is_paced = want.priority == Priority::Batch;
        let gap = if is_paced { lock(&self.restart).gap(Instant::now()) } else { Duration::ZERO };
        if !gap.is_zero() {
            wait(gap, &self.clock).await;
        }
    }

    fn has_passed(&self, want: &Want<'_>) {
        if want.priority == Priority::Batch {
            lock(&self.restart).passed(Instant::now());
        }
    }

    fn is_held(&self, want: &Want<'_>, short: &Short) {
        if short.why == Why::Spent && want.priority == Priority::Batch {
            lock(&self.restart).hold(self.line(Priority::Batch).len(), short.standing.length_ms);
        }
    }

    /// Its turn did not come while it had time.
    async fn too_late(&self) -> Short {
        let standing = self.look().await;
        let left_ms = standing.end_ms.map_or(0, |end_ms| end_ms - self.now_ms());
        let retry_in = Duration::from_millis(u64::try_from(left_ms).unwrap_or(0)).max(YIELD);
        Short { why: Why::OnTheirWay, retry_in: Some(retry_in), standing }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::resilience::Deadline;
    use crate::resilience::points::{Ledger, Price};

    fn want() -> Want<'static> {
        Want {
            operation: "Test",
            shape: 0,
            price: Price::PROBE,
            priority: Priority::Batch,
            lease: Duration::from_secs(120),
            deadline: Deadline::after(Instant::now(), None),
            attempt_timeout: Duration::from_secs(10),
            max_wait: Duration::from_secs(4_200),
            is_probe: false,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn each_in_line_is_told_how_many_stand_there_and_one_that_nobody_drives_is_gone_past() {
        let gate = Arc::new(Gate::new(&Ledger::in_memory(), "key", Clock::system(), 1).unwrap());
        let (notices, want) = (Mutex::new(Vec::new()), want());
        let tell = |notice| lock(&notices).push(notice);
        // Nothing is known yet, so the others wait for what the first brings.
        let first = gate.pass(&want).await.unwrap().unwrap();
        let mut put_aside = Box::pin(gate.stand_in_line(&want, &tell));
        assert!(timeout(Duration::from_millis(1), put_aside.as_mut()).await.is_err());

        let third = gate.stand_in_line(&want, &tell);
        drop(first);
        let entered = Instant::now();
        let passed = third.await;

        assert!(passed.is_ok());
        assert!(entered.elapsed() < OVERDUE * 2, "{:?}", entered.elapsed());
        let queued: Vec<usize> = lock(&notices)
            .iter()
            .map(|notice| match notice {
                Notice::Waiting { queued, .. } => *queued,
                Notice::ProbeIsDue => 0,
            })
            .collect();
        assert_eq!(queued, [1, 2]);
    }
}
