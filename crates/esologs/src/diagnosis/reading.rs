//! What an exchange tells of each step: pure functions, from what came to what is found.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::DATE;

use super::Cause;
use super::finding::{Finding, Step};
use crate::auth::Claims;
use crate::config::Endpoint;
use crate::decode::{Class, Failure, Stage};
use crate::transport::{Obstacle, TransportError, TransportErrorKind};
use crate::units::UnixMillis;

/// A clock that differs by more is told. Certificates and tokens live for longer than that, but neither begins in the future.
const SKEW: Duration = Duration::from_secs(5 * 60);

/// Which step an exchange broke at, and why.
pub(super) fn broken(error: &TransportError, by_proxy: bool) -> (Step, Cause) {
    match (error.kind(), error.obstacle()) {
        (_, Some(Obstacle::ProxyWantsPassword)) => (Step::Proxy, Cause::ProxyWantsPassword),
        (_, Some(Obstacle::ProxyRefused)) => (Step::Proxy, Cause::ProxyRefused),
        (_, Some(Obstacle::CertificateExpired)) => (Step::Tls, Cause::CertificateExpired),
        (_, Some(Obstacle::CertificateNotYetValid)) => (Step::Tls, Cause::CertificateNotYetValid),
        (_, Some(Obstacle::CertificateOfAnother)) => (Step::Tls, Cause::CertificateOfAnother),
        (_, Some(Obstacle::UnknownIssuer)) => (Step::Tls, Cause::UnknownIssuer),
        (TransportErrorKind::Certificate, _) => (Step::Tls, Cause::Certificate),
        (_, Some(Obstacle::Handshake)) => (Step::Tls, Cause::NoTls),
        (TransportErrorKind::Dns | TransportErrorKind::Connect, _) if by_proxy => (Step::Proxy, Cause::ProxyUnreachable),
        (TransportErrorKind::Dns, _) => (Step::Dns, Cause::NameNotFound),
        (TransportErrorKind::Connect, Some(Obstacle::Refused)) => (Step::Connect, Cause::Refused),
        // The port was open a moment ago: what is missing is the rest of the way.
        (TransportErrorKind::Connect, _) => (Step::Tls, Cause::NoTls),
        (TransportErrorKind::TimedOut, _) => (Step::Answer, Cause::NoAnswer),
        _ => (Step::Answer, Cause::Unstable),
    }
}

/// Why an answer was a failure, at the token endpoint or at the API.
pub(super) fn refused(class: Class, stage: Stage, detail: &str, endpoint: &Endpoint) -> Cause {
    match class {
        Class::CredentialsRejected => Cause::WrongCredentials,
        Class::Unauthenticated => Cause::TokenRefused,
        Class::TokenEnded if detail.contains("has expired") => Cause::TokenExpired,
        Class::TokenEnded => Cause::TokenRefused,
        Class::SignInNeeded => Cause::SignInNeeded,
        Class::CdnBlocked => Cause::HumanCheck,
        // FFLogsViewer#55: `This client is not valid`.
        Class::Forbidden if detail.contains("lient is not valid") => Cause::Banned,
        Class::Forbidden => Cause::Forbidden,
        Class::Throttled => Cause::Throttled,
        Class::PointsSpent | Class::PointsShort | Class::OwnPointsLimit => Cause::PointsSpent,
        // A page: maintenance of the service, or another host's own.
        Class::NotJson | Class::EmptyBody | Class::InvalidJson | Class::Incomplete | Class::NotSupported
            if endpoint.is_official() =>
        {
            Cause::Outage
        }
        Class::NotJson | Class::EmptyBody | Class::InvalidJson | Class::Incomplete | Class::NotSupported => Cause::WrongEndpoint,
        Class::ClientError | Class::Redirected | Class::QueryInvalid | Class::GraphqlUnknown => Cause::WrongEndpoint,
        Class::ServerError
        | Class::ServerUnavailable
        | Class::OriginUnreachable
        | Class::OriginBroken
        | Class::OriginTls
        | Class::OtherServerError
        | Class::GraphqlInternal => Cause::Outage,
        Class::AttemptTimeout | Class::RequestTimeout => Cause::NoAnswer,
        Class::ConnectFailed | Class::ConnectionLost | Class::BodyBroken | Class::NotProcessed => Cause::Unstable,
        Class::CertificateInvalid => Cause::Certificate,
        _ if stage == Stage::Token => Cause::WrongEndpoint,
        _ => Cause::Other,
    }
}

/// Whether the host answers at all, asked without a token. What it answers is for the steps that follow.
pub(super) fn answer(failure: Option<&Failure>) -> Finding {
    match failure.filter(|failure| failure.class == Class::CdnBlocked) {
        Some(failure) => Finding::failed(Step::Answer, Cause::HumanCheck, failure.detail.clone()),
        None => Finding::fine(Step::Answer, "the host answers, and asks for no human check"),
    }
}

/// This machine's clock beside the host's.
pub(super) fn clock(headers: &HeaderMap, now: UnixMillis) -> Finding {
    let date = headers.get(DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?.trim()).ok());
    let Some(date) = date.and_then(|date| date.duration_since(SystemTime::UNIX_EPOCH).ok()) else {
        return Finding::not_taken(Step::Clock, "the host does not tell the time");
    };
    let theirs = UnixMillis::new(0).plus(date);
    let (ahead, behind) = (now.since(theirs), theirs.since(now));
    match (ahead, behind) {
        (ahead, _) if ahead > SKEW => Finding::odd(
            Step::Clock,
            Cause::ClockSkew,
            format!("this machine's clock is {} ahead of the host's: it says {}", about(ahead), date_of(now)),
        ),
        (_, behind) if behind > SKEW => Finding::odd(
            Step::Clock,
            Cause::ClockSkew,
            format!("this machine's clock is {} behind the host's: it says {}", about(behind), date_of(now)),
        ),
        _ => Finding::fine(Step::Clock, "within 5 minutes of the host's"),
    }
}

/// What lets a user's token see private reports.
const PRIVATE_REPORTS: &str = "view-private-reports";

/// What a token says of itself.
pub(super) fn token(claims: Option<&Claims>, is_user: bool, is_renewable: bool, now: UnixMillis) -> Finding {
    let Some(claims) = claims else {
        return Finding::fine(Step::Token, "it says nothing of itself; the API will");
    };
    let end = match claims.ends_at {
        Some(end) if end <= now && is_renewable => format!("it ended {} ago, and is renewed", about(now.since(end))),
        Some(end) if end <= now => {
            let words = format!("it ended {} ago, on {}", about(now.since(end)), date_of(end));
            return Finding::failed(Step::Token, Cause::TokenExpired, words);
        }
        Some(end) => format!("it is good for {}", about(end.since(now))),
        None => "it names no end".to_owned(),
    };
    if !is_user {
        return Finding::fine(Step::Token, end);
    }
    let scopes = if claims.scopes.is_empty() { "nothing".to_owned() } else { claims.scopes.join(", ") };
    let words = format!("{end}; its user agreed to {scopes}");
    if claims.scopes.iter().any(|scope| scope == PRIVATE_REPORTS) {
        Finding::fine(Step::Token, words)
    } else {
        Finding::odd(Step::Token, Cause::MissingScope, words)
    }
}

/// A moment as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(super) fn date_of(moment: UnixMillis) -> String {
    let since = Duration::from_millis(u64::try_from(moment.get()).unwrap_or(0));
    // What lies beyond the year 9999 cannot be written.
    match SystemTime::UNIX_EPOCH.checked_add(since).filter(|_| since.as_secs() < 253_402_300_800) {
        Some(time) => httpdate::fmt_http_date(time),
        None => "a moment out of range".to_owned(),
    }
}

/// A length of time in words: `7 min`, `3 h 20 min`, `2 days`.
pub(super) fn about(length: Duration) -> String {
    let minutes = (length.as_secs() + 30) / 60;
    match minutes {
        0..60 => format!("{minutes} min"),
        60..2_880 if minutes.is_multiple_of(60) => format!("{} h", minutes / 60),
        60..2_880 => format!("{} h {} min", minutes / 60, minutes % 60),
        _ => format!("{} days", minutes / 1_440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_that_broke_is_the_one_that_was_in_the_way() {
        let error = |kind, obstacle: Option<Obstacle>| {
            let error = TransportError::new(kind, "x");
            obstacle.into_iter().fold(error, TransportError::with_obstacle)
        };
        for (kind, obstacle, by_proxy, expected) in [
            (TransportErrorKind::Dns, None, false, (Step::Dns, Cause::NameNotFound)),
            (TransportErrorKind::Dns, None, true, (Step::Proxy, Cause::ProxyUnreachable)),
            (TransportErrorKind::Connect, Some(Obstacle::Refused), false, (Step::Connect, Cause::Refused)),
            (TransportErrorKind::Connect, Some(Obstacle::Refused), true, (Step::Proxy, Cause::ProxyUnreachable)),
            (TransportErrorKind::Connect, Some(Obstacle::NoAnswer), false, (Step::Tls, Cause::NoTls)),
            (TransportErrorKind::Connect, Some(Obstacle::ProxyWantsPassword), true, (Step::Proxy, Cause::ProxyWantsPassword)),
            (TransportErrorKind::Certificate, Some(Obstacle::UnknownIssuer), true, (Step::Tls, Cause::UnknownIssuer)),
            (TransportErrorKind::Certificate, None, false, (Step::Tls, Cause::Certificate)),
            (TransportErrorKind::ClosedBeforeHeaders, None, false, (Step::Answer, Cause::Unstable)),
        ] {
            assert_eq!(broken(&error(kind, obstacle), by_proxy), expected, "{kind:?} {obstacle:?} by a proxy: {by_proxy}");
        }
    }

    #[test]
    fn a_page_is_maintenance_at_the_service_and_the_wrong_address_elsewhere() {
        let (official, other) = (Endpoint::default(), Endpoint::new("https://logs.example.org").unwrap());
        assert_eq!(refused(Class::NotJson, Stage::Token, "", &official), Cause::Outage);
        assert_eq!(refused(Class::NotJson, Stage::Token, "", &other), Cause::WrongEndpoint);
    }

    #[test]
    fn a_403_in_the_services_own_words_is_a_ban_and_another_is_not() {
        let endpoint = Endpoint::default();
        let banned = refused(Class::Forbidden, Stage::Token, "HTTP 403: This client is not valid.", &endpoint);
        assert_eq!((banned, banned.kind()), (Cause::Banned, crate::ErrorKind::Forbidden));
        let other = refused(Class::Forbidden, Stage::Api, "HTTP 403: Blocked by Example Firewall", &endpoint);
        assert_eq!(other, Cause::Forbidden);
    }

    #[test]
    fn a_clock_is_told_by_its_amount_from_five_minutes_on() {
        let mut headers = HeaderMap::new();
        headers.insert(DATE, "Sun, 06 Nov 1994 08:49:37 GMT".parse().unwrap());
        let theirs = UnixMillis::new(784_111_777_000);
        for (minutes, words) in [
            (4, None),
            (-4, None),
            (6, Some("6 min ahead of the host's")),
            (-200, Some("3 h 20 min behind the host's")),
            (60 * 24 * 9, Some("9 days ahead of the host's")),
        ] {
            let finding = clock(&headers, UnixMillis::new(theirs.get() + minutes * 60_000));
            assert_eq!(finding.cause, words.map(|_| Cause::ClockSkew), "{minutes} min: {finding:?}");
            assert!(words.is_none_or(|words| finding.found.contains(words)), "{finding:?}");
        }
        assert_eq!(clock(&HeaderMap::new(), theirs).cause, None);
    }

    #[test]
    fn a_token_that_has_ended_is_told_with_its_end_unless_another_can_be_had() {
        let now = UnixMillis::new(1_790_000_000_000);
        let claims = |end_ms: i64| Claims { ends_at: Some(UnixMillis::new(now.get() + end_ms)), ..Claims::default() };

        let over = token(Some(&claims(-7_200_000)), false, false, now);
        assert_eq!(
            (over.cause, over.found.as_str()),
            (Some(Cause::TokenExpired), "it ended 2 h ago, on Mon, 21 Sep 2026 12:13:20 GMT")
        );
        assert_eq!(token(Some(&claims(-7_200_000)), false, true, now).cause, None);
        assert_eq!(token(Some(&claims(86_400_000 * 9)), false, false, now).found, "it is good for 9 days");
        assert_eq!(token(None, true, false, now).cause, None, "an opaque token");
    }

    #[test]
    fn a_user_who_did_not_agree_to_private_reports_is_told() {
        let claims = |scope: &str| Claims { scopes: vec![scope.to_owned()], ..Claims::default() };
        let now = UnixMillis::new(0);
        let without = token(Some(&claims("view-user-profile")), true, true, now);
        assert_eq!(
            (without.cause, without.found.as_str()),
            (Some(Cause::MissingScope), "it names no end; its user agreed to view-user-profile")
        );
        assert_eq!(token(Some(&claims("view-private-reports")), true, true, now).cause, None);
        assert_eq!(token(Some(&claims("view-user-profile")), false, true, now).cause, None, "a key's token needs no scope");
    }
}
