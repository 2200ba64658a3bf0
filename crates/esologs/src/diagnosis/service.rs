//! The service: a token, what it says of itself, and the cheapest question.

use super::finding::{Finding, Step};
use super::{Ended, Look, reading};
use crate::client::Client;
use crate::decode::Stage;
use crate::error::Error;

pub(super) async fn look(look: &mut Look, client: &Client) -> Result<(), Ended> {
    let token = match tokio::time::timeout(look.left(), client.tokens().get(client, 0, 1)).await {
        Ok(Ok(token)) => token,
        Ok(Err(failure)) => {
            let failure = failure.without(&client.tokens().secrets(None));
            let cause = reading::refused(failure.class, Stage::Token, &failure.detail, client.endpoint());
            return look.note(Finding::failed(Step::TokenEndpoint, cause, failure.detail));
        }
        Err(_) => {
            let words = format!("no token within {:.0} s", super::LONGEST_QUESTION.as_secs_f64());
            return look.note(Finding::failed(Step::TokenEndpoint, super::Cause::NoAnswer, words));
        }
    };
    drop(token);
    look.note(Finding::fine(Step::TokenEndpoint, "id and secret are accepted"))?;
    let finding = match client.rate_limit().await {
        Ok(points) => {
            let (left, limit) = (points.points_left().get().round(), points.limit_per_hour.get().round());
            Finding::fine(Step::Api, format!("it answers; {left} of {limit} points are left in this hour"))
        }
        Err(error) => api_failed(&error, client),
    };
    look.note(finding)
}

fn api_failed(error: &Error, client: &Client) -> Finding {
    let cause = match error.class() {
        Some(class) => reading::refused(class, Stage::Api, error.message(), client.endpoint()),
        None => super::Cause::Other,
    };
    let words = error.message();
    match cause {
        // It works; it is only not the time for it.
        super::Cause::PointsSpent | super::Cause::Throttled => Finding::odd(Step::Api, cause, words),
        _ => Finding::failed(Step::Api, cause, words),
    }
}
