//! Numbers through the `metrics` facade.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use esologs::events::metrics_subscriber;
use esologs::{Cache, CallPolicy};
use metrics::{Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit};

use super::{SECOND, answer, ask, breaker, builder};
use crate::support::{Script, hangs, status};

/// Everything that was recorded: the values of an instrument with its labels, in order; counters and gauges as they stand.
#[derive(Clone, Default)]
struct Ledger(Arc<Mutex<BTreeMap<String, Vec<f64>>>>);

struct Instrument {
    ledger: Ledger,
    name: String,
}

impl Ledger {
    fn instrument(&self, key: &Key) -> Arc<Instrument> {
        let labels: Vec<String> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        Arc::new(Instrument { ledger: self.clone(), name: format!("{}{{{}}}", key.name(), labels.join(",")) })
    }

    /// What stands under a name, without the common prefix.
    fn of(&self, name: &str) -> Vec<f64> {
        self.0.lock().unwrap().get(&format!("esologs.client.{name}")).cloned().unwrap_or_default()
    }

    fn names(&self) -> Vec<String> {
        self.0.lock().unwrap().keys().cloned().collect()
    }
}

impl Instrument {
    fn change(&self, change: impl FnOnce(f64) -> f64) {
        let mut ledger = self.ledger.0.lock().unwrap();
        let values = ledger.entry(self.name.clone()).or_insert_with(|| vec![0.0]);
        values[0] = change(values[0]);
    }
}

impl CounterFn for Instrument {
    fn increment(&self, by: u64) {
        self.change(|value| value + by as f64);
    }
    fn absolute(&self, value: u64) {
        self.change(|_| value as f64);
    }
}

impl GaugeFn for Instrument {
    fn increment(&self, by: f64) {
        self.change(|value| value + by);
    }
    fn decrement(&self, by: f64) {
        self.change(|value| value - by);
    }
    fn set(&self, to: f64) {
        self.change(|_| to);
    }
}

impl HistogramFn for Instrument {
    fn record(&self, value: f64) {
        self.ledger.0.lock().unwrap().entry(self.name.clone()).or_default().push(value);
    }
}

impl Recorder for Ledger {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.instrument(key))
    }
    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.instrument(key))
    }
    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.instrument(key))
    }
}

#[tokio::test(start_paused = true)]
async fn calls_attempts_retries_and_tokens_are_counted_and_timed() {
    let ledger = Ledger::default();
    let _guard = metrics::set_default_local_recorder(&ledger);
    let script = Script::new().api(hangs()).api(answer().after(SECOND)).api(status(403));
    let client = builder(script, CallPolicy::interactive(), 1).on_event(metrics_subscriber()).build().unwrap();

    assert!(ask(&client, "Fights").await);
    assert!(!ask(&client, "Refused").await);

    assert_eq!(ledger.of("attempt.duration{op=Fights,attempt=1,class=attempt_timeout}"), [10.0]);
    assert_eq!(ledger.of("attempt.duration{op=Fights,attempt=2,class=none}"), [1.0]);
    let took = ledger.of("request.duration{op=Fights,outcome=ok,served=fresh}")[0];
    let waited = ledger.of("wait.duration{reason=backoff}")[0];
    assert!((took - 11.0 - waited).abs() < 0.01, "{took} s, of which {waited} s a wait");
    assert_eq!(ledger.of("request.duration{op=Refused,outcome=forbidden,served=none}").len(), 1);
    assert_eq!(ledger.of("retry.total{class=attempt_timeout,decision=retried}"), [1.0]);
    assert_eq!(ledger.of("retry.total{class=forbidden,decision=not_retryable}"), [1.0]);
    assert_eq!(ledger.of("token.refresh.total{result=ok}"), [1.0]);
}

#[tokio::test(start_paused = true)]
async fn the_gauges_come_back_to_zero_also_where_calls_are_dropped() {
    let ledger = Ledger::default();
    let _guard = metrics::set_default_local_recorder(&ledger);
    let script = Script::new().api_always(hangs());
    let policy = CallPolicy { concurrency: 1, ..CallPolicy::batch() };
    let client = builder(script, policy, 1).on_event(metrics_subscriber()).build().unwrap();

    {
        let mut both = Box::pin(async { tokio::join!(ask(&client, "First"), ask(&client, "Second")) });
        assert!(tokio::time::timeout(SECOND, &mut both).await.is_err());
        assert_eq!((ledger.of("bulkhead.in_use{}"), ledger.of("bulkhead.queued{}")), (vec![1.0], vec![1.0]));
    }

    assert_eq!((ledger.of("bulkhead.in_use{}"), ledger.of("bulkhead.queued{}")), (vec![0.0], vec![0.0]));
    assert_eq!(ledger.of("request.duration{op=First,outcome=cancelled,served=none}"), [1.0]);
}

#[tokio::test(start_paused = true)]
async fn what_the_cache_had_is_counted_and_calls_are_told_apart_by_it() {
    let ledger = Ledger::default();
    let _guard = metrics::set_default_local_recorder(&ledger);
    let script = Script::new().api(answer()).api_always(status(503));
    let builder = builder(script, CallPolicy::batch(), 1).cache(Cache::in_memory());
    let client = builder.on_event(metrics_subscriber()).build().unwrap();

    assert!(ask(&client, "Fights").await && ask(&client, "Fights").await);
    tokio::time::sleep(2 * 3_600 * SECOND).await;
    assert!(ask(&client, "Fights").await);

    for (result, times) in [("hit", 1), ("miss", 2), ("stale_error", 1)] {
        assert_eq!(ledger.of(&format!("cache.total{{result={result}}}")), [f64::from(times)], "{result}");
    }
    for served in ["fresh", "cached", "stale"] {
        assert_eq!(ledger.of(&format!("request.duration{{op=Fights,outcome=ok,served={served}}}")).len(), 1, "{served}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_breaker_and_shared_answers_are_counted() {
    let ledger = Ledger::default();
    let _guard = metrics::set_default_local_recorder(&ledger);
    let script = Script::new().api(answer().after(SECOND)).api_always(status(503));
    let client = builder(script, CallPolicy { attempts: Some(1), ..CallPolicy::interactive() }, 1)
        .breaker(breaker(1, SECOND))
        .on_event(metrics_subscriber())
        .build()
        .unwrap();

    assert_eq!(tokio::join!(ask(&client, "Fights"), ask(&client, "Fights")), (true, true));
    assert!(!ask(&client, "Fails").await);
    assert!(!ask(&client, "NotAsked").await);

    assert_eq!(ledger.of("singleflight.shared.total{}"), [1.0]);
    assert_eq!(ledger.of("breaker.transitions.total{from=closed,to=open,cause=consecutive_failures}"), [1.0]);
    assert_eq!((ledger.of("breaker.state{}"), ledger.of("breaker.rejected.total{}")), (vec![2.0], vec![1.0]));
}

#[tokio::test(start_paused = true)]
async fn every_number_is_in_the_manual() {
    let ledger = Ledger::default();
    let _guard = metrics::set_default_local_recorder(&ledger);
    let script = Script::new().api(hangs()).api(status(503)).api_always(answer());
    let client = builder(script, CallPolicy::interactive(), 1).on_event(metrics_subscriber()).build().unwrap();
    assert!(ask(&client, "Fights").await);

    let manual = std::fs::read_to_string(crate::support::sources::workspace().join("docs/telemetry.md")).unwrap();

    for name in ledger.names() {
        let name = name.split('{').next().unwrap();
        assert!(manual.contains(&format!("| `{name}` |")), "docs/telemetry.md lacks {name}");
    }
}
