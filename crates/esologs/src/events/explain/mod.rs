//! Why calls took as long as they did.

mod account;
mod cause;
mod explanation;
mod story;
mod time;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use self::account::Account;
pub use self::cause::Cause;
pub use self::explanation::{Explanation, Spent};
pub use self::story::{Ending, Part, Story};
use super::Event;
use super::open_calls::MOST_OPEN_CALLS;
use super::record::{Record, What};
use crate::clock::Clock;
use crate::units::UnixMillis;

/// Stories of the longest calls that are kept.
const MOST_STORIES: usize = 3;

/// The story of a call, from the records of a decision log; `None` where the call, or its end, is not among them.
#[must_use]
pub fn explain(records: &[Record], call: u64) -> Option<Story> {
    let mut books = Books::default();
    records.iter().filter(|record| record.call() == Some(call)).find_map(|record| books.note(record))
}

/// Listens to one client and knows where the time of its calls went. Clones are the same.
///
/// ```
/// use esologs::events::Explainer;
/// use esologs::{Client, Clock};
///
/// # async fn example() -> Result<(), esologs::Error> {
/// let explainer = Explainer::new(Clock::system());
/// let client = Client::builder().on_event(explainer.subscriber()).build()?;
/// client.rate_limit().await?;
/// println!("{}", explainer.explanation());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Explainer(Arc<Listening>);

#[derive(Debug)]
struct Listening {
    clock: Clock,
    started: UnixMillis,
    books: Mutex<Books>,
}

impl Explainer {
    /// One that begins now. The clock shall be the client's.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        let started = clock.now();
        Self(Arc::new(Listening { clock, started, books: Mutex::default() }))
    }

    /// Takes note of an event.
    pub fn observe(&self, event: &Event<'_>) {
        let Listening { clock, started, books } = &*self.0;
        let record = Record::of(event, clock.now().since(*started));
        books.lock().unwrap_or_else(PoisonError::into_inner).note(&record);
    }

    /// [`observe`](Self::observe) as a closure for [`ClientBuilder::on_event`](crate::ClientBuilder::on_event).
    pub fn subscriber(&self) -> impl Fn(&Event<'_>) + Send + Sync + 'static {
        let explainer = self.clone();
        move |event| explainer.observe(event)
    }

    /// Where the time of the calls went that have ended.
    #[must_use]
    pub fn explanation(&self) -> Explanation {
        self.0.books.lock().unwrap_or_else(PoisonError::into_inner).explanation()
    }
}

impl Explanation {
    /// Where the time of all calls of a decision log went.
    #[must_use]
    pub fn of(records: &[Record]) -> Self {
        let mut books = Books::default();
        for record in records {
            books.note(record);
        }
        books.explanation()
    }
}

/// The accounts of the calls that go on, and the sums of those that have ended.
#[derive(Debug, Default)]
struct Books {
    accounts: HashMap<u64, Account>,
    calls: u64,
    total_ms: u64,
    /// How often, and how long.
    spent: BTreeMap<Cause, (u64, u64)>,
    longest: Vec<Story>,
}

impl Books {
    /// The story of the call that ends with this record.
    fn note(&mut self, record: &Record) -> Option<Story> {
        let call = record.call()?;
        if let What::CallStarted { operation, .. } = &record.what {
            if self.accounts.len() < MOST_OPEN_CALLS {
                self.accounts.insert(call, Account::new(call, operation.clone(), record.at_ms));
            }
            return None;
        }
        // Of a call that its caller has left, attempts may go on for others who share it: nobody's time any more.
        let story = self.accounts.get_mut(&call)?.book(&record.what, record.at_ms)?;
        self.accounts.remove(&call);
        self.add_up(&story);
        Some(story)
    }

    fn add_up(&mut self, story: &Story) {
        self.calls += 1;
        self.total_ms += story.total_ms;
        for part in &story.parts {
            let (count, ms) = self.spent.entry(part.cause).or_default();
            (*count, *ms) = (*count + 1, *ms + part.ms);
        }
        let place = self.longest.partition_point(|longer| longer.total_ms >= story.total_ms);
        if place < MOST_STORIES {
            self.longest.insert(place, story.clone());
            self.longest.truncate(MOST_STORIES);
        }
    }

    fn explanation(&self) -> Explanation {
        let mut causes: Vec<Spent> =
            self.spent.iter().map(|(cause, (count, ms))| Spent { cause: *cause, count: *count, ms: *ms }).collect();
        causes.sort_by_key(|spent| std::cmp::Reverse(spent.ms));
        Explanation { calls: self.calls, total_ms: self.total_ms, causes, longest: self.longest.clone() }
    }
}
