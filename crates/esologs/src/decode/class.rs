//! The classes of failure and what each one means for a call: the table that every other decision reads.

/// What kind of failure an attempt ended in. The name of each class stands in logs and events ([`Class::name`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Class {
    /// Name not found, connection refused or not in time, TLS handshake broken off: nothing was sent.
    ConnectFailed,
    /// The certificate is not valid for the host.
    CertificateInvalid,
    /// The server said that it did not process the request (HTTP/2).
    NotProcessed,
    /// The connection ended before the headers of an answer.
    ConnectionLost,
    /// No complete answer within the attempt time-out.
    AttemptTimeout,
    /// The body ended early, stood still or could not be decompressed.
    BodyBroken,
    /// The body is larger than the limit of the transport.
    BodyTooLarge,
    /// 200, but a page (maintenance, PHP error) instead of JSON.
    NotJson,
    /// A content network asks for a human check.
    CdnBlocked,
    /// 200 and nothing in it.
    EmptyBody,
    /// 200 and JSON that ends early or is not valid.
    InvalidJson,
    /// Valid JSON without what was asked for: neither data nor errors, `data: null`, or a needed field missing.
    Incomplete,
    /// The API refuses the query: syntax, unknown field, bad argument, too complex.
    QueryInvalid,
    /// The token is not accepted.
    Unauthenticated,
    /// The id or secret is not accepted by the token endpoint.
    CredentialsRejected,
    /// A token that the caller has given, and that nothing renews, is not accepted any more.
    TokenEnded,
    /// A user's sign-in is over, or there is none: only the user can begin another.
    SignInNeeded,
    /// 403: this client is banned, or the content network refuses it.
    Forbidden,
    /// A redirect; a POST is not sent on silently.
    Redirected,
    /// Another 4xx: wrong address, wrong method, too large.
    ClientError,
    /// 408.
    RequestTimeout,
    /// 425.
    TooEarly,
    /// 429 because the points of this hour are spent.
    PointsSpent,
    /// 429 because of too many requests, or without a reason.
    Throttled,
    /// 500 or 504: the server may have worked on the request.
    ServerError,
    /// 502 or 503.
    ServerUnavailable,
    /// 501, 505 or 511: repeating does not help.
    NotSupported,
    /// 521 or 527: the content network did not reach the server.
    OriginUnreachable,
    /// 520, 522, 523 or 524: the content network lost the server while it may have been working.
    OriginBroken,
    /// 525 or 526: TLS between the content network and the server.
    OriginTls,
    /// A 5xx that is none of the above.
    OtherServerError,
    /// GraphQL errors that mean an internal failure or a time-out of the API.
    GraphqlInternal,
    /// The report or other thing is not visible to this key.
    NotVisible,
    /// The report is archived.
    Archived,
    /// The key may not see this.
    PermissionDenied,
    /// GraphQL errors with a message that is not known.
    GraphqlUnknown,
    /// Not sent: the service failed too often lately (open breaker).
    BreakerOpen,
    /// Not sent: no place among the calls on their way, nor in the line for one, or none in time.
    NoSlot,
    /// Not sent: the points that are left are too few, or are held for calls on their way.
    PointsShort,
    /// Not sent: the caller's own limit of points is reached.
    OwnPointsLimit,
    /// Not sent, or not taken: a policy of the caller's own said no.
    Refused,
}

/// Whether and how a failure is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retry {
    Never,
    Yes,
    /// At most so many repeats of this class in a call that counts its attempts.
    AtMost(u32),
    /// Once, in any call.
    Once,
    /// Once at no cost, because the server did not see it; then like any other failure.
    OnceFree,
    /// Once, with a new token.
    AfterNewToken,
    /// After the wait that the server asks for; in a call that counts its attempts at most so many times.
    AfterWait(u32),
    /// Nothing was sent: as soon as it may be, in a call that waits.
    WhenAllowed,
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) retry: Retry,
    /// Says something about the health of the service.
    pub(crate) counts_as_unhealthy: bool,
    /// An older answer may be served instead.
    pub(crate) stale_may_serve: bool,
    /// The service may have charged points for it.
    pub(crate) maybe_charged: bool,
}

impl Class {
    /// Every class, for tables and tests.
    pub const ALL: [Self; 41] = [
        Self::ConnectFailed,
        Self::CertificateInvalid,
        Self::NotProcessed,
        Self::ConnectionLost,
        Self::AttemptTimeout,
        Self::BodyBroken,
        Self::BodyTooLarge,
        Self::NotJson,
        Self::CdnBlocked,
        Self::EmptyBody,
        Self::InvalidJson,
        Self::Incomplete,
        Self::QueryInvalid,
        Self::Unauthenticated,
        Self::CredentialsRejected,
        Self::TokenEnded,
        Self::SignInNeeded,
        Self::Forbidden,
        Self::Redirected,
        Self::ClientError,
        Self::RequestTimeout,
        Self::TooEarly,
        Self::PointsSpent,
        Self::Throttled,
        Self::ServerError,
        Self::ServerUnavailable,
        Self::NotSupported,
        Self::OriginUnreachable,
        Self::OriginBroken,
        Self::OriginTls,
        Self::OtherServerError,
        Self::GraphqlInternal,
        Self::NotVisible,
        Self::Archived,
        Self::PermissionDenied,
        Self::GraphqlUnknown,
        Self::BreakerOpen,
        Self::NoSlot,
        Self::PointsShort,
        Self::OwnPointsLimit,
        Self::Refused,
    ];

    /// A name in lower case with underscores, for logs and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ConnectFailed => "connect_failed",
            Self::CertificateInvalid => "certificate_invalid",
            Self::NotProcessed => "not_processed",
            Self::ConnectionLost => "connection_lost",
            Self::AttemptTimeout => "attempt_timeout",
            Self::BodyBroken => "body_broken",
            Self::BodyTooLarge => "body_too_large",
            Self::NotJson => "not_json",
            Self::CdnBlocked => "cdn_blocked",
            Self::EmptyBody => "empty_body",
            Self::InvalidJson => "invalid_json",
            Self::Incomplete => "incomplete",
            Self::QueryInvalid => "query_invalid",
            Self::Unauthenticated => "unauthenticated",
            Self::CredentialsRejected => "credentials_rejected",
            Self::TokenEnded => "token_ended",
            Self::SignInNeeded => "sign_in_needed",
            Self::Forbidden => "forbidden",
            Self::Redirected => "redirected",
            Self::ClientError => "client_error",
            Self::RequestTimeout => "request_timeout",
            Self::TooEarly => "too_early",
            Self::PointsSpent => "points_spent",
            Self::Throttled => "throttled",
            Self::ServerError => "server_error",
            Self::ServerUnavailable => "server_unavailable",
            Self::NotSupported => "not_supported",
            Self::OriginUnreachable => "origin_unreachable",
            Self::OriginBroken => "origin_broken",
            Self::OriginTls => "origin_tls",
            Self::OtherServerError => "other_server_error",
            Self::GraphqlInternal => "graphql_internal",
            Self::NotVisible => "not_visible",
            Self::Archived => "archived",
            Self::PermissionDenied => "permission_denied",
            Self::GraphqlUnknown => "graphql_unknown",
            Self::BreakerOpen => "breaker_open",
            Self::NoSlot => "no_slot",
            Self::PointsShort => "points_short",
            Self::OwnPointsLimit => "own_points_limit",
            Self::Refused => "refused",
        }
    }

    /// The class's row of the table (the classification table of ARCHITECTURE.md, reasons there).
    pub(crate) const fn rule(self) -> Rule {
        use Retry::{AfterNewToken, AfterWait, AtMost, Never, Once, OnceFree, WhenAllowed, Yes};
        //                                                unhealthy stale  charged
        match self {
            Self::ConnectFailed => row(Yes, true, true, false),
            Self::CertificateInvalid => row(Never, false, false, false),
            Self::NotProcessed => row(OnceFree, false, false, false),
            Self::ConnectionLost => row(Yes, true, true, true),
            Self::AttemptTimeout => row(Yes, true, true, true),
            Self::BodyBroken => row(Yes, true, true, true),
            Self::BodyTooLarge => row(Never, false, false, true),
            Self::NotJson => row(AtMost(2), true, true, false),
            Self::CdnBlocked => row(Never, false, true, false),
            Self::EmptyBody => row(AtMost(2), true, true, true),
            Self::InvalidJson => row(AtMost(2), true, true, true),
            Self::Incomplete => row(AtMost(1), true, true, true),
            Self::QueryInvalid => row(Never, false, false, false),
            Self::Unauthenticated => row(AfterNewToken, false, false, false),
            Self::CredentialsRejected => row(Never, false, false, false),
            Self::TokenEnded => row(Never, false, false, false),
            Self::SignInNeeded => row(Never, false, false, false),
            Self::Forbidden => row(Never, false, false, false),
            Self::Redirected => row(Never, false, false, false),
            Self::ClientError => row(Never, false, false, false),
            Self::RequestTimeout => row(Yes, true, true, false),
            Self::TooEarly => row(Once, false, false, false),
            Self::PointsSpent => row(AfterWait(2), false, true, false),
            Self::Throttled => row(AfterWait(2), false, true, false),
            Self::ServerError => row(Yes, true, true, true),
            Self::ServerUnavailable => row(Yes, true, true, false),
            Self::NotSupported => row(Never, false, false, false),
            Self::OriginUnreachable => row(Yes, true, true, false),
            Self::OriginBroken => row(Yes, true, true, true),
            Self::OriginTls => row(Never, true, true, false),
            Self::OtherServerError => row(Yes, true, true, true),
            Self::GraphqlInternal => row(AtMost(2), true, true, true),
            Self::NotVisible => row(Never, false, false, true),
            Self::Archived => row(Never, false, false, true),
            Self::PermissionDenied => row(Never, false, false, true),
            Self::GraphqlUnknown => row(Never, false, false, true),
            Self::BreakerOpen => row(WhenAllowed, false, true, false),
            Self::NoSlot => row(WhenAllowed, false, true, false),
            Self::PointsShort => row(WhenAllowed, false, true, false),
            Self::OwnPointsLimit => row(Never, false, true, false),
            Self::Refused => row(Never, false, false, false),
        }
    }

    /// Whether nothing was sent because we refused it ourselves.
    pub(crate) const fn is_local(self) -> bool {
        matches!(self, Self::BreakerOpen) || self.is_local_limit()
    }

    /// Whether a limit of this client's own was met, which says nothing of the service.
    pub(crate) const fn is_local_limit(self) -> bool {
        matches!(self, Self::NoSlot | Self::PointsShort | Self::OwnPointsLimit)
    }

    /// Whether it is an answer of the service's own code, so that the service is alive whatever it said.
    pub(crate) const fn is_from_the_service(self) -> bool {
        matches!(
            self,
            Self::QueryInvalid
                | Self::Unauthenticated
                | Self::TokenEnded
                | Self::ClientError
                | Self::TooEarly
                | Self::PointsSpent
                | Self::Throttled
                | Self::NotVisible
                | Self::Archived
                | Self::PermissionDenied
                | Self::GraphqlUnknown
        )
    }

    /// Whether another who asks may be answered: it is about what the one who asked may see.
    pub(crate) const fn is_about_who_asks(self) -> bool {
        matches!(self, Self::NotVisible | Self::Archived | Self::PermissionDenied)
    }

    /// Whether the answer came but its content was unusable: such a failure can be permanent, so it ends a patient call
    /// after a few repeats.
    pub(crate) const fn is_content(self) -> bool {
        matches!(self, Self::NotJson | Self::EmptyBody | Self::InvalidJson | Self::Incomplete | Self::GraphqlInternal)
    }
}

const fn row(retry: Retry, counts_as_unhealthy: bool, stale_may_serve: bool, maybe_charged: bool) -> Rule {
    Rule { retry, counts_as_unhealthy, stale_may_serve, maybe_charged }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_class_stands_in_the_list_once_under_its_own_name() {
        let names: BTreeSet<_> = Class::ALL.iter().map(|class| class.name()).collect();
        assert_eq!(names.len(), Class::ALL.len());
        assert_eq!(Class::ALL[Class::ALL.len() - 1], Class::Refused, "the list ends with the last class");
    }

    #[test]
    fn what_says_no_is_never_repeated_and_never_hidden_behind_an_older_answer() {
        for class in [
            Class::Forbidden,
            Class::NotVisible,
            Class::PermissionDenied,
            Class::QueryInvalid,
            Class::CredentialsRejected,
            Class::TokenEnded,
            Class::SignInNeeded,
        ] {
            assert_eq!(class.rule().retry, Retry::Never, "{}", class.name());
            assert!(!class.rule().stale_may_serve, "{}", class.name());
        }
    }

    #[test]
    fn a_429_is_no_sign_of_bad_health() {
        assert!(!Class::Throttled.rule().counts_as_unhealthy);
        assert!(!Class::PointsSpent.rule().counts_as_unhealthy);
    }

    #[test]
    fn an_answer_of_the_services_own_code_tells_that_it_is_alive_and_nothing_else_does() {
        for class in [Class::PointsSpent, Class::NotVisible, Class::QueryInvalid, Class::Unauthenticated] {
            assert!(class.is_from_the_service(), "{}", class.name());
        }
        for class in [Class::ConnectFailed, Class::BreakerOpen, Class::Forbidden, Class::ServerError, Class::CdnBlocked] {
            assert!(!class.is_from_the_service(), "{}", class.name());
        }
    }

    #[test]
    fn what_was_not_sent_is_our_own_refusal_and_what_came_unusable_is_content() {
        assert!([Class::BreakerOpen, Class::NoSlot].into_iter().all(Class::is_local));
        let of_others = [Class::ConnectFailed, Class::Throttled, Class::PointsSpent, Class::ServerUnavailable, Class::Refused];
        assert!(!of_others.into_iter().any(Class::is_local));
        let content = [Class::NotJson, Class::EmptyBody, Class::InvalidJson, Class::Incomplete, Class::GraphqlInternal];
        assert!(Class::ALL.into_iter().all(|class| class.is_content() == content.contains(&class)));
    }
}
