//! From where answers come, noted while calls are made.

use std::sync::{Arc, Mutex, PoisonError};

use crate::resilience::{Answered, Served};

/// Where the answers of some calls come from. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Note(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    served: Mutex<Served>,
    /// Who asks about more calls than these.
    outer: Option<Note>,
}

impl Note {
    /// What is noted here is noted there as well.
    pub(crate) fn within(outer: Option<Self>) -> Self {
        Self(Arc::new(Inner { served: Mutex::default(), outer }))
    }

    pub(crate) fn add(&self, served: &Served) {
        {
            let mut noted = self.0.served.lock().unwrap_or_else(PoisonError::into_inner);
            *noted = std::mem::take(&mut *noted).and(served.clone());
        }
        if let Some(outer) = &self.0.outer {
            outer.add(served);
        }
    }

    pub(crate) fn served(&self) -> Served {
        self.0.served.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A value, and where the answers that it is made of come from.
    pub(crate) fn beside<T>(&self, value: T) -> Answered<T> {
        Answered::new(value, self.served())
    }
}
