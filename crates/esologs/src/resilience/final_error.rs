//! The error that a call ends with: what happened and what to do now.

use crate::config::Endpoint;
use crate::decode::{Class, Failure, Retry, Stage};
use crate::error::{Error, ErrorKind};
use crate::resilience::retry::GiveUp;
use crate::units::UnixMillis;

/// The last failure of a call, as an error for people.
pub(crate) fn describe(failure: &Failure, why: GiveUp, retry_at: Option<UnixMillis>, endpoint: &Endpoint) -> Error {
    let host = endpoint.host();
    let at = if failure.stage == Stage::Token { "token endpoint: " } else { "" };
    let message = match failure.class {
        Class::ConnectFailed => format!("cannot reach {host}: {}", failure.detail),
        Class::CredentialsRejected => format!("{host} does not accept this client id and secret ({})", failure.detail),
        Class::Unauthenticated => format!("{host} does not accept the token, not even a new one ({})", failure.detail),
        Class::TokenEnded => failure.detail.clone(),
        Class::SignInNeeded => format!("the user has to sign in to {host}: {}", failure.detail),
        Class::CdnBlocked | Class::Forbidden => format!("{host} refuses this client: {}", failure.detail),
        Class::PointsSpent => "the points of this hour are spent".to_owned(),
        Class::Redirected => format!("{host} answers with a redirect, which is not followed: {}", failure.detail),
        _ => format!("{at}{}", failure.detail),
    };
    let message = match why {
        GiveUp::Content => format!("{message}; the same several times in a row, so it looks permanent"),
        GiveUp::Deadline(_) => format!("{message}; the next try would come after the deadline"),
        GiveUp::Budget => format!("{message}; not repeated, since too many calls failed lately (empty retry budget)"),
        _ => message,
    };
    let mut error = Error::new(kind(failure.class), message)
        .with_class(failure.class)
        .with_retryable(!matches!(why, GiveUp::NotRetryable))
        .with_outage(matches!(why, GiveUp::MaxWait(_) | GiveUp::Deadline(_)) && !failure.class.is_local_limit())
        .with_budget_exhausted(matches!(why, GiveUp::Budget))
        .with_retry_at(retry_at)
        .with_answer(failure.answer.clone());
    if let Some(hint) = hint(failure) {
        error = error.with_hint(hint);
    }
    match &failure.cause {
        Some(cause) => error.with_shared_source(std::sync::Arc::clone(cause)),
        None => error,
    }
}

/// A failure outside of calls, as an error for people.
pub(crate) fn describe_failure(failure: &Failure, endpoint: &Endpoint) -> Error {
    let is_final = failure.class.rule().retry == Retry::Never;
    describe(failure, if is_final { GiveUp::NotRetryable } else { GiveUp::Attempts }, None, endpoint)
}

const fn kind(class: Class) -> ErrorKind {
    match class {
        Class::ConnectFailed => ErrorKind::Unreachable,
        Class::CertificateInvalid => ErrorKind::Certificate,
        Class::AttemptTimeout | Class::RequestTimeout => ErrorKind::Timeout,
        Class::NotJson
        | Class::EmptyBody
        | Class::InvalidJson
        | Class::Incomplete
        | Class::BodyTooLarge
        | Class::GraphqlUnknown => ErrorKind::BadAnswer,
        Class::CdnBlocked => ErrorKind::CdnBlocked,
        Class::QueryInvalid => ErrorKind::QueryInvalid,
        Class::Unauthenticated | Class::CredentialsRejected | Class::TokenEnded | Class::SignInNeeded => ErrorKind::Auth,
        Class::Forbidden => ErrorKind::Forbidden,
        Class::PointsSpent | Class::Throttled | Class::PointsShort => ErrorKind::RateLimited,
        Class::OwnPointsLimit => ErrorKind::Stopped,
        Class::NotVisible => ErrorKind::NotVisible,
        Class::Archived => ErrorKind::Archived,
        Class::PermissionDenied => ErrorKind::PermissionDenied,
        Class::BreakerOpen => ErrorKind::Unavailable,
        Class::NoSlot => ErrorKind::Busy,
        Class::Refused => ErrorKind::Refused,
        Class::ConnectionLost
        | Class::NotProcessed
        | Class::BodyBroken
        | Class::Redirected
        | Class::ClientError
        | Class::TooEarly
        | Class::ServerError
        | Class::ServerUnavailable
        | Class::NotSupported
        | Class::OriginUnreachable
        | Class::OriginBroken
        | Class::OriginTls
        | Class::OtherServerError
        | Class::GraphqlInternal => ErrorKind::Upstream,
    }
}

fn hint(failure: &Failure) -> Option<&'static str> {
    match failure.class {
        Class::BreakerOpen if failure.pause.is_none() => Some("close it with `CircuitBreaker::close`"),
        Class::ConnectFailed => Some("check the network, the proxy settings (HTTPS_PROXY) and the base URL"),
        Class::CertificateInvalid => Some("check this machine's clock, and whether a proxy opens TLS connections"),
        Class::CredentialsRejected => {
            Some("check ESOLOGS_ID and ESOLOGS_SECRET; ids and secrets are made at https://www.esologs.com/api/clients/")
        }
        Class::TokenEnded => Some("get a new token, or let the program fetch its own: set ESOLOGS_ID and ESOLOGS_SECRET"),
        Class::SignInNeeded => Some("sign in with `esologs auth login --user`"),
        Class::CdnBlocked => {
            Some("this network address is asked to prove that it is human, often that of a data centre; try another network")
        }
        Class::Forbidden => Some("the API client may be banned; see https://www.esologs.com/api/clients/"),
        Class::OwnPointsLimit => Some("raise the limit (`Ledger::max_points`, `--max-points`)"),
        Class::PointsShort if failure.pause.is_none() => {
            Some("ask for less at once: a lower limit, fewer reports, a shorter time")
        }
        Class::PointsSpent | Class::Throttled | Class::PointsShort => Some("try again later, or let the call wait (batch)"),
        Class::NotVisible => {
            Some("a private report cannot be told from a deleted one; check the code, or sign in: `esologs auth login --user`")
        }
        Class::Archived => {
            Some("reports older than about two years are shown to users with a subscription only: `esologs auth login --user`")
        }
        Class::ClientError | Class::Redirected => Some("check the base URL"),
        Class::AttemptTimeout
        | Class::ConnectionLost
        | Class::BodyBroken
        | Class::NotJson
        | Class::ServerError
        | Class::ServerUnavailable
        | Class::OriginUnreachable
        | Class::OriginBroken
        | Class::OtherServerError
        | Class::BreakerOpen => Some("the service, or the way to it, is in trouble; try again later"),
        Class::NoSlot => Some("make fewer calls at a time, or allow more (`CallPolicy::concurrency`)"),
        _ => None,
    }
}
