//! The service: a token, what it says of itself, and the cheapest question; for each in whose name is asked.

use std::sync::Arc;

use super::finding::{Finding, Step};
use super::{Cause, Ended, LONGEST_QUESTION, Look, reading};
use crate::auth::Token;
use crate::client::{AskedBy, AskedWith, Client};
use crate::decode::Stage;
use crate::error::Error;

pub(super) async fn look(look: &mut Look, client: &Client) -> Result<(), Ended> {
    look_as(look, client).await?;
    match client.in_users_name() {
        Some(user) => look_as(look, &user).await,
        None => Ok(()),
    }
}

async fn look_as(look: &mut Look, client: &Client) -> Result<(), Ended> {
    let by = client.identity().by();
    if by.with == AskedWith::Token {
        look.note(Finding::not_taken(Step::TokenEndpoint, "not needed: the token is given"))?;
        // One that is over by its own word need not be sent to be refused.
        look.note(reading::token(by.claims.as_ref(), by.scope.is_user(), by.is_renewable, client.clock().now()))?;
    } else {
        let token = match fetch(look, client).await {
            Ok(token) => token,
            Err(failed) => return look.note(failed),
        };
        look.note(Finding::fine(Step::TokenEndpoint, accepted(by)))?;
        let claims = token.claims();
        look.note(reading::token(claims.as_ref(), by.scope.is_user(), by.is_renewable, client.clock().now()))?;
    }
    let points = if by.scope.is_user() { "of the user's points" } else { "points" };
    let finding = match client.rate_limit().await {
        Ok(told) => {
            let (left, limit) = (told.points_left().get().round(), told.limit_per_hour.get().round());
            Finding::fine(Step::Api, format!("it answers; {left} of {limit} {points} are left in this hour"))
        }
        Err(error) => api_failed(&error, client),
    };
    look.note(finding)
}

async fn fetch(look: &Look, client: &Client) -> Result<Arc<Token>, Finding> {
    match tokio::time::timeout(look.left(), client.tokens().get(client, 0, 1)).await {
        Ok(Ok(token)) => Ok(token),
        Ok(Err(failure)) => {
            let failure = failure.without(&client.tokens().secrets(None));
            let cause = reading::refused(failure.class, Stage::Token, &failure.detail, client.endpoint());
            Err(Finding::failed(Step::TokenEndpoint, cause, failure.detail))
        }
        Err(_) => {
            let words = format!("no token within {:.0} s", LONGEST_QUESTION.as_secs_f64());
            Err(Finding::failed(Step::TokenEndpoint, Cause::NoAnswer, words))
        }
    }
}

fn accepted(by: &AskedBy) -> &'static str {
    if by.with == AskedWith::SignIn { "there is a token of the user's sign-in" } else { "id and secret are accepted" }
}

fn api_failed(error: &Error, client: &Client) -> Finding {
    let cause = match error.class() {
        Some(class) => reading::refused(class, Stage::Api, error.message(), client.endpoint()),
        None => Cause::Other,
    };
    match cause {
        // It works; it is only not the time for it.
        Cause::PointsSpent | Cause::Throttled => Finding::odd(Step::Api, cause, error.message()),
        _ => Finding::failed(Step::Api, cause, error.message()),
    }
}
