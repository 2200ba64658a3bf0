//! Spans for `tracing`, in the names of OpenTelemetry.

use std::collections::BTreeMap;
use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use esologs::CallPolicy;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;

use super::{SECOND, answer, ask, builder};
use crate::support::{Rig, Script, hangs, status};

/// A span as somebody who collects them sees it.
#[derive(Debug, Clone, Default)]
struct Seen {
    name: String,
    parent: Option<String>,
    level: String,
    fields: BTreeMap<String, String>,
    closed: bool,
}

/// Collects spans, and the events in them with the name of their span.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Collected>>);

#[derive(Default)]
struct Collected {
    spans: Vec<(Id, Seen)>,
    events: Vec<String>,
}

impl Collector {
    fn spans(&self) -> Vec<Seen> {
        self.0.lock().unwrap().spans.iter().map(|(_, span)| span.clone()).collect()
    }

    fn events(&self) -> Vec<String> {
        self.0.lock().unwrap().events.clone()
    }

    fn change(&self, id: &Id, change: impl FnOnce(&mut Seen)) {
        // Ids are used again: the newest counts.
        if let Some((_, span)) = self.0.lock().unwrap().spans.iter_mut().rev().find(|(known, _)| known == id) {
            change(span);
        }
    }
}

struct Fields<'a>(&'a mut BTreeMap<String, String>);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Collector {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let span = context.span(id).unwrap();
        let parent = span.parent().map(|parent| parent.name().to_owned());
        let (name, level) = (span.name().to_owned(), span.metadata().level().to_string());
        let mut seen = Seen { name, parent, level, ..Seen::default() };
        attributes.record(&mut Fields(&mut seen.fields));
        self.0.lock().unwrap().spans.push((id.clone(), seen));
    }

    fn on_record(&self, id: &Id, values: &tracing::span::Record<'_>, _: Context<'_, S>) {
        self.change(id, |span| values.record(&mut Fields(&mut span.fields)));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = BTreeMap::new();
        event.record(&mut Fields(&mut fields));
        let mut line = context.event_span(event).map_or_else(String::new, |span| format!("{}: ", span.name()));
        line.push_str(&fields.remove("message").unwrap_or_default());
        for (name, value) in &fields {
            write!(line, " {name}={value}").unwrap();
        }
        self.0.lock().unwrap().events.push(line);
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        self.change(&id, |span| span.closed = true);
    }
}

/// Runs something while spans down to this level are collected.
async fn collected(level: LevelFilter, work: impl Future<Output = ()>) -> Collector {
    let collector = Collector::default();
    stay_awake();
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(level).with(collector.clone()));
    work.await;
    collector
}

/// Tests of other subjects run beside these, with nobody collecting. Whoever comes first to a place that tells something
/// decides for all threads whether anybody may be interested, so there is always somebody who may be.
fn stay_awake() {
    struct Awake;
    impl Subscriber for Awake {
        fn register_callsite(&self, _: &'static tracing::Metadata<'static>) -> tracing::subscriber::Interest {
            tracing::subscriber::Interest::sometimes()
        }
        fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
            false
        }
        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }
        fn record(&self, _: &Id, _: &tracing::span::Record<'_>) {}
        fn record_follows_from(&self, _: &Id, _: &Id) {}
        fn event(&self, _: &Event<'_>) {}
        fn enter(&self, _: &Id) {}
        fn exit(&self, _: &Id) {}
    }
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| tracing::subscriber::set_global_default(Awake).expect("nobody else sets one"));
}

#[tokio::test(start_paused = true)]
async fn a_call_is_a_span_under_its_callers_and_each_attempt_one_under_the_call() {
    let script = Script::new().api(status(503)).api(answer());
    let client = builder(script, CallPolicy::interactive(), 1).build().unwrap();

    let collector = collected(LevelFilter::DEBUG, async {
        use tracing::Instrument as _;
        assert!(ask(&client, "Fights").instrument(tracing::info_span!("page")).await);
    })
    .await;

    let spans: Vec<Seen> = collector.spans().into_iter().filter(|span| span.name != "page").collect();
    let family: Vec<(&str, Option<&str>, &str)> =
        spans.iter().map(|span| (&*span.name, span.parent.as_deref(), &*span.level)).collect();
    assert_eq!(family, [("call", Some("page"), "INFO"), ("attempt", Some("call"), "DEBUG"), ("attempt", Some("call"), "DEBUG")]);
    assert!(spans.iter().all(|span| span.closed), "{spans:#?}");
    let shown = |at: usize| {
        let fields: Vec<String> = spans[at].fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        fields.join("\n")
    };
    insta::assert_snapshot!([shown(0), shown(1), shown(2)].join("\n\n"));
}

#[tokio::test(start_paused = true)]
async fn what_happens_inside_is_an_event_of_the_span_it_happens_in() {
    let script = Script::new().api(status(503)).api(answer());
    let client = builder(script, CallPolicy::interactive(), 1).build().unwrap();

    let collector = collected(LevelFilter::DEBUG, async { assert!(ask(&client, "Fights").await) }).await;

    insta::assert_snapshot!(collector.events().join("\n"));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_fails_or_is_dropped_says_so_and_its_spans_are_closed() {
    let client = builder(Script::new().api(status(403)).api(hangs()), CallPolicy::interactive(), 1).build().unwrap();

    let collector = collected(LevelFilter::DEBUG, async {
        assert!(!ask(&client, "Refused").await);
        assert!(tokio::time::timeout(SECOND, ask(&client, "Dropped")).await.is_err());
    })
    .await;

    let spans = collector.spans();
    let of = |call: &str, name: &str| {
        spans.iter().find(|span| span.name == name && span.fields["graphql.operation.name"] == call).unwrap().clone()
    };
    for span in [of("Refused", "call"), of("Refused", "attempt")] {
        assert_eq!((&*span.fields["otel.status_code"], &*span.fields["error.type"]), ("ERROR", "forbidden"), "{span:?}");
    }
    let dropped = of("Dropped", "call");
    assert_eq!((dropped.fields.get("otel.status_code"), &*dropped.fields["error.type"]), (None, "cancelled"));
    assert!(spans.iter().all(|span| span.closed), "{spans:#?}");
}

#[tokio::test(start_paused = true)]
async fn whoever_collects_from_info_on_sees_calls_only_and_no_variables() {
    let script = Script::new().api(status(503)).api(answer());
    let client = builder(script, CallPolicy::interactive(), 1).build().unwrap();

    let collector = collected(LevelFilter::INFO, async { assert!(ask(&client, "Fights").await) }).await;

    let names: Vec<String> = collector.spans().into_iter().map(|span| span.name).collect();
    assert_eq!((names, collector.events()), (vec!["call".to_owned()], Vec::new()));
}

#[tokio::test(start_paused = true)]
async fn neither_variables_nor_secrets_are_in_spans_of_any_level() {
    let script = Script::new().api(status(500).body(format!("token-1 {}", Rig::SECRET))).api(answer());
    let client = builder(script, CallPolicy::interactive(), 1).build().unwrap();

    let collector = collected(LevelFilter::TRACE, async { assert!(ask(&client, "Fights").await) }).await;

    let all = format!("{:?}{:?}", collector.spans(), collector.events());
    assert!(all.contains("Fights"));
    for hidden in ["hidden-variable", "token-1", Rig::SECRET, Rig::ID] {
        assert!(!all.contains(hidden), "{hidden}: {all}");
    }
}

#[tokio::test(start_paused = true)]
async fn calls_that_share_an_answer_each_have_a_span_and_the_attempts_are_the_first_ones() {
    let client = builder(Script::new().api(answer().after(SECOND)), CallPolicy::interactive(), 1).build().unwrap();

    let collector = collected(LevelFilter::DEBUG, async {
        let both = tokio::join!(ask(&client, "Fights"), ask(&client, "Fights"));
        assert_eq!(both, (true, true));
    })
    .await;

    let names: Vec<String> = collector.spans().into_iter().map(|span| span.name).collect();
    assert_eq!(names, ["call", "call", "attempt"]);
    assert!(collector.events().iter().any(|event| event.starts_with("call: shares the answer of an equal call")));
    assert!(collector.spans().iter().all(|span| span.closed));
}
