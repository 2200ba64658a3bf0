//! The classes of failure as people would tell them.

use super::Class;

impl Class {
    /// What happened, in words that can follow a number or a colon: "3 × no whole answer in time".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::ConnectFailed => "no connection to the service",
            Self::CertificateInvalid => "the certificate of the host is not valid",
            Self::ConnectionLost | Self::NotProcessed => "the connection broke before an answer came",
            Self::AttemptTimeout | Self::RequestTimeout => "no whole answer in time",
            Self::BodyBroken => "the answer broke off on the way",
            Self::BodyTooLarge => "an answer too large to be read",
            Self::NotJson => "a web page (maintenance, an error text) instead of data",
            Self::EmptyBody => "an empty answer",
            Self::InvalidJson => "a garbled or cut answer",
            Self::Incomplete => "an answer with parts missing",
            Self::QueryInvalid => "the service does not understand the query",
            Self::Unauthenticated => "the sign-in was refused and had to be renewed",
            Self::CredentialsRejected => "the service does not accept the credentials",
            Self::TokenEnded => "the token is expired or revoked",
            Self::SignInNeeded => "the user has to sign in",
            Self::PointsSpent => "the points of the hour were spent",
            Self::Throttled | Self::TooEarly => "asked to slow down",
            Self::ServerUnavailable => "the service was not available (502, 503)",
            Self::ServerError | Self::NotSupported | Self::OtherServerError => "the service failed inside (5xx)",
            Self::OriginUnreachable | Self::OriginBroken | Self::OriginTls => "the network in front of the service lost it (52x)",
            Self::GraphqlInternal | Self::GraphqlUnknown => "the API reported an error of its own",
            Self::CdnBlocked | Self::Forbidden => "the service refused this client",
            Self::Redirected => "the service pointed to another address",
            Self::ClientError => "the service refused the request (4xx)",
            Self::NotVisible => "not visible to this key (private, deleted or mistyped)",
            Self::Archived => "archived",
            Self::PermissionDenied => "this key may not see it",
            Self::BreakerOpen => "not sent, since the service failed too often lately",
            Self::NoSlot => "not sent, since too many calls were in line",
            Self::PointsShort => "not sent, since too few points were left",
            Self::OwnPointsLimit => "not sent, since the limit of points of this client's own was reached",
            Self::Refused => "not sent, since a policy of the caller's own refused it",
        }
    }

    /// The class of this [name](Self::name).
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }
}
