//! What the attempts of one call leave behind for the next.

use std::sync::Arc;
use std::time::Duration;

use super::retry::History;
use crate::auth::Token;
use crate::decode::Failure;

/// What the attempts of one call have left behind.
pub(super) struct Progress {
    pub(super) history: History,
    /// How long the last attempt has stood in line for points before it was sent.
    pub(super) in_line: Duration,
    /// The token of the last attempt, so that a rejected one is named exactly.
    pub(super) token: Option<Arc<Token>>,
    second_hand_was_rejected: bool,
    /// What the key was answered, where the user is asked as in its place.
    pub(super) refused_to_key: Option<Failure>,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self {
            history: History::new(),
            in_line: Duration::ZERO,
            token: None,
            second_hand_was_rejected: false,
            refused_to_key: None,
        }
    }

    /// The next attempt begins.
    pub(super) fn begin(&mut self) {
        self.history.begin();
        self.in_line = Duration::ZERO;
    }

    /// Whether the token was another process's, in place of a rejected one. It may be as old, so that its rejection says nothing
    /// about the key; once in a call.
    pub(super) fn had_a_second_hand_token(&mut self) -> bool {
        let is_second_hand = self.token.as_ref().is_some_and(|token| token.is_second_hand());
        is_second_hand && !std::mem::replace(&mut self.second_hand_was_rejected, true)
    }

    /// The failure with what the key was answered before, where the user was asked as in its place.
    pub(super) fn with_the_keys(&self, failure: &Failure) -> Failure {
        match &self.refused_to_key {
            None => failure.clone(),
            Some(before) if before.class == failure.class => Failure {
                detail: format!("{} (neither to this key nor to the signed-in user)", failure.detail),
                ..failure.clone()
            },
            Some(before) => {
                let detail = format!("as the signed-in user: {}; as the key: {}", failure.detail, before.detail);
                Failure { detail, ..failure.clone() }
            }
        }
    }

    /// With the first attempt begun.
    pub(super) fn first() -> Self {
        let mut progress = Self::new();
        progress.begin();
        progress
    }
}
