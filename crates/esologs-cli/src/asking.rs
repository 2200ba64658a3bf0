//! What every command that asks the service does around its question: whom to ask, how patiently, who listens, and when to stop.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use esologs::events::{Explanation, Story};
use esologs::{CallPolicy, Client, Clock, Event, Served};
use tokio::time::{MissedTickBehavior, interval};

use crate::args::{CacheArgs, ServiceArgs};
use crate::budget::{self, Budget};
use crate::cache::{self, served};
use crate::connection::Connection;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::Interrupts;
use crate::listening::{self, Listening};
use crate::output;
use crate::waits::Waits;

/// The demo answers at once: a single question has nothing to show of repeats.
const NO_FAULTS: f64 = 0.0;
/// Shorter waits are not worth a line.
const TOLD_WAIT: Duration = Duration::from_secs(2);
/// How often is looked for waits that have become news.
const TICK: Duration = Duration::from_millis(500);

/// How a command asks.
#[derive(Debug)]
pub(crate) struct Asking<'a> {
    /// What its spending is listed as.
    pub(crate) name: &'a str,
    pub(crate) service: &'a ServiceArgs,
    pub(crate) batch: bool,
    /// `None` where the question is about now.
    pub(crate) cache: Option<&'a CacheArgs>,
}

impl Asking<'_> {
    /// Does the work with a client, until it is done, somebody stops it, or its time is over. The work is told where its points
    /// are accounted for.
    pub(crate) async fn ask<W: Future<Output = Result<Exit, Failure>>>(
        &self,
        work: impl FnOnce(Client, String) -> W,
    ) -> Result<Exit, Failure> {
        let mut interrupts = Interrupts::listen().map_err(|error| Failure::local("cannot listen for Ctrl-C", &error))?;
        let budget = Budget::begin(self.service, self.name)?;
        let connection = Connection::open(&self.service.host, NO_FAULTS).await?;
        let policy = if self.batch { CallPolicy::batch() } else { CallPolicy::interactive() };
        let listening = Listening::start(&self.service.listen)?;
        let teller = Arc::new(Teller::default());
        let listener = Arc::clone(&teller);
        let builder = connection.client.policy(budget.policy(policy)).ledger(budget.ledger());
        let builder = listening.attach(builder.on_event(move |event| listener.on_call(event)));
        let client = match self.cache {
            Some(args) => cache::using(cache::attach(builder, args, &self.service.host)?.build()?, args),
            None => builder.build()?,
        };
        budget.tell_alone(&client).await;
        let outcome = tokio::select! {
            outcome = work(client.clone(), budget.place().to_owned()) => {
                outcome.map_err(|failure| budget.with_way_out(failure, self.batch))
            }
            signal = interrupts.next() => {
                output::talk(format_args!("stopped by {signal}; nothing was printed"));
                Ok(Exit::Interrupted)
            }
            () = budget.time_over() => Err(budget::out_of_time(&budget)),
            never = teller.watch() => match never {},
        };
        budget.tell_alone(&client).await;
        client.leave().await;
        served::tell(&teller.served());
        if let Some(explanation) = listening.finish() {
            listening::tell(&story(&explanation));
        }
        outcome
    }
}

/// The story of a single call; sums where there were several. Probes of the breaker are shorter than the call that waits for them.
fn story(explanation: &Explanation) -> Vec<String> {
    match explanation.longest.as_slice() {
        [only] => Story::lines(only),
        _ => explanation.lines(),
    }
}

/// Says which waits there are, on stderr.
#[derive(Debug, Default)]
struct Teller {
    waits: Mutex<Waits>,
    served: Mutex<Served>,
}

impl Teller {
    fn on_call(&self, event: &Event<'_>) {
        if let Event::Answered { served, .. } = event {
            let mut worst = self.served.lock().unwrap_or_else(PoisonError::into_inner);
            *worst = std::mem::take(&mut *worst).and((*served).clone());
        }
        self.waits.lock().unwrap_or_else(PoisonError::into_inner).note(event, Clock::system().now());
        self.tell();
    }

    /// Where the answers so far come from, as the worst of them.
    fn served(&self) -> Served {
        self.served.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks now and then for waits that have become news. Never ends.
    async fn watch(&self) -> Infallible {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.tell();
        }
    }

    fn tell(&self) {
        let now = Clock::system().now();
        let news = self.waits.lock().unwrap_or_else(PoisonError::into_inner).news(now);
        for wait in news.iter().filter(|wait| wait.delay >= TOLD_WAIT) {
            output::talk(format_args!("{}", wait.words(now)));
        }
    }
}
