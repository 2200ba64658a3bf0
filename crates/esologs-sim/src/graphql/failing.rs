//! Fields that a fault lets fail: those directly under a namespace (`reportData { a: report(…) … }`), which are all nullable, so that
//! the rest of the answer stays.

use std::cell::Cell;

use crate::faults::Fault;

/// Which of an answer's fields fail.
#[derive(Debug)]
pub(crate) struct FailingFields {
    chosen: Vec<Chosen>,
    seen: Cell<usize>,
}

/// One of them. A GraphQL name never begins with a digit, so the two cannot be confused.
#[derive(Debug, PartialEq, Eq)]
enum Chosen {
    /// By its key in the answer: alias or name.
    Key(String),
    /// By its place among all such fields of the query, from 1.
    Nth(usize),
}

impl FailingFields {
    /// The fields that the fault names ("b, 4"), or the first.
    pub(crate) fn of(fault: &Fault) -> Self {
        let named = fault.field.as_deref().unwrap_or("1").split(',').map(str::trim);
        let chosen = named.map(|name| name.parse().map_or_else(|_| Chosen::Key(name.to_owned()), Chosen::Nth));
        Self { chosen: chosen.collect(), seen: Cell::new(0) }
    }

    /// Counts the field with that key, and tells whether it fails. Fields are executed in the order of the query.
    pub(crate) fn hits(&self, key: &str) -> bool {
        let place = self.seen.get() + 1;
        self.seen.set(place);
        self.chosen.iter().any(|chosen| match chosen {
            Chosen::Key(name) => name == key,
            Chosen::Nth(nth) => *nth == place,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::FailingFields;
    use crate::faults::{Fault, FaultKind};

    #[test]
    fn fields_are_chosen_by_key_and_by_place_and_the_first_by_default() {
        let hit = |field: Option<&str>| {
            let field = field.map(str::to_owned);
            let failing = FailingFields::of(&Fault { field, ..Fault::new(FaultKind::PartialData) });
            ["a", "b", "c", "d"].map(|key| failing.hits(key))
        };
        assert_eq!(hit(None), [true, false, false, false]);
        assert_eq!(hit(Some("b, 4")), [false, true, false, true]);
        assert_eq!(hit(Some("x")), [false; 4]);
    }
}
