//! Everybody who is told.

use std::sync::Arc;

use super::Event;

/// Who is told. Called on the task of the call: be quick, do not block.
pub(crate) type Subscriber = Arc<dyn Fn(&Event<'_>) + Send + Sync>;

/// Everybody who is told, in the order in which they came.
#[derive(Clone, Default)]
pub(crate) struct Subscribers(Vec<Subscriber>);

impl Subscribers {
    pub(crate) fn add(&mut self, subscriber: Subscriber) {
        self.0.push(subscriber);
    }

    pub(crate) fn tell(&self, event: &Event<'_>) {
        for subscriber in &self.0 {
            subscriber(event);
        }
    }
}
