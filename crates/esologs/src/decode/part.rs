//! Whether a part of an answer failed, where the parts of one answer can fail by themselves.

use super::class::{Class, Retry};
use super::classify::{Failure, told};
use super::envelope::GraphqlError;
use super::message::{class_of_all, precedence};

/// What came for a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PartState<'a> {
    /// A value that can be used.
    Whole,
    /// `null`.
    Null,
    /// Something else than was asked for, and what is wrong with it.
    Unreadable(&'a str),
    /// Nothing at all.
    Absent,
}

/// The part's failure, where it has one: its own errors decide, then what came. `what` names it.
pub(crate) fn failure_of_part(what: &str, state: PartState<'_>, errors: &[GraphqlError]) -> Option<Failure> {
    if let Some(class) = class_of_all(errors) {
        return Some(Failure::new(class, format!("report {what}: {}", told(errors, class))));
    }
    match state {
        PartState::Whole => None,
        // A report that is not shown is null, with an error or without.
        PartState::Null => Some(Failure::new(
            Class::NotVisible,
            format!("report {what} is not visible to this key (private, deleted or mistyped)"),
        )),
        PartState::Unreadable(why) => {
            Some(Failure::new(Class::Incomplete, format!("report {what} is not of the shape that was asked for, {why}")))
        }
        PartState::Absent => Some(Failure::new(Class::Incomplete, format!("report {what} is missing in the answer"))),
    }
}

/// Whether asking for the part again may help.
pub(crate) fn may_come_again(failure: &Failure) -> bool {
    failure.class.rule().retry != Retry::Never
}

/// The failure of several parts as one of the attempt: the class of what must be done first, and how many there are.
pub(crate) fn failure_of_parts<'a>(failures: impl IntoIterator<Item = &'a Failure>, asked: usize) -> Option<Failure> {
    let failures: Vec<&Failure> = failures.into_iter().collect();
    let first = failures.iter().min_by_key(|failure| precedence(failure.class))?;
    let detail = format!("{} of {asked} parts failed: {}", failures.len(), first.detail);
    Some(Failure { detail, ..(*first).clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(message: &str) -> GraphqlError {
        serde_json::from_value(serde_json::json!({"message": message, "path": ["reportData", "r1"]})).unwrap()
    }

    #[test]
    fn the_errors_of_a_part_decide_before_what_came() {
        let class = |state, errors: &[GraphqlError]| failure_of_part("x", state, errors).map(|failure| failure.class);
        assert_eq!(class(PartState::Whole, &[]), None);
        assert_eq!(class(PartState::Null, &[]), Some(Class::NotVisible));
        assert_eq!(class(PartState::Null, &[error("Internal server error")]), Some(Class::GraphqlInternal));
        assert_eq!(class(PartState::Null, &[error("This report does not exist.")]), Some(Class::NotVisible));
        assert_eq!(
            class(PartState::Whole, &[error("Internal server error")]),
            Some(Class::GraphqlInternal),
            "a part of it is null"
        );
        assert_eq!(class(PartState::Absent, &[]), Some(Class::Incomplete));
        assert_eq!(class(PartState::Unreadable("y"), &[]), Some(Class::Incomplete));
    }

    #[test]
    fn several_failures_are_one_of_the_class_that_comes_first() {
        let failures = [Failure::new(Class::GraphqlInternal, "a"), Failure::new(Class::Throttled, "b")];
        let together = failure_of_parts(&failures, 5).unwrap();
        assert_eq!((together.class, together.detail.as_str()), (Class::Throttled, "2 of 5 parts failed: b"));
        assert!(failure_of_parts(&[], 5).is_none());
    }
}
