//! What can be wrong, and what to do about it: one table.

use std::fmt;

use crate::error::ErrorKind;

/// What a [`Diagnosis`](super::Diagnosis) found to be wrong. New ones may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// Nobody says who asks.
    NoCredentials,
    /// A setting cannot be used.
    Setting,
    /// A setting looks like a mistake.
    OddSetting,
    /// What is kept of a sign-in cannot be used.
    SignInFile,
    /// The host's name has no address.
    NameNotFound,
    /// The host is there, and nobody listens at the port.
    Refused,
    /// Nobody answers.
    NoAnswer,
    /// What listens at the port speaks no TLS.
    NoTls,
    /// The host's certificate has ended, by this machine's clock.
    CertificateExpired,
    /// The host's certificate has not begun, by this machine's clock.
    CertificateNotYetValid,
    /// The certificate is for another host.
    CertificateOfAnother,
    /// Nobody this machine trusts vouches for the certificate: mostly a company that opens TLS connections.
    UnknownIssuer,
    /// Something else is wrong with the certificate.
    Certificate,
    /// The proxy does not answer.
    ProxyUnreachable,
    /// The proxy asks for a name and password.
    ProxyWantsPassword,
    /// The proxy does not let connections to the host through.
    ProxyRefused,
    /// A content network asks for a human check.
    HumanCheck,
    /// This machine's clock is wrong.
    ClockSkew,
    /// What answers is not the API.
    WrongEndpoint,
    /// The id or the secret is wrong.
    WrongCredentials,
    /// The API client is banned.
    Banned,
    /// Something between here and the service refuses (403).
    Forbidden,
    /// Too many requests.
    Throttled,
    /// The points of the hour are spent.
    PointsSpent,
    /// The service is in trouble.
    Outage,
    /// Connections are there and break.
    Unstable,
    /// The token's time is over.
    TokenExpired,
    /// The token was good and is not accepted any more, or is one of another host.
    TokenRefused,
    /// The user's sign-in is over.
    SignInNeeded,
    /// The token may not read what is wanted of it.
    MissingScope,
    /// Something that has no words of its own.
    Other,
}

/// A row of the table.
pub(super) struct Rule {
    pub(super) name: &'static str,
    pub(super) kind: ErrorKind,
    pub(super) fix: &'static str,
}

const fn row(name: &'static str, kind: ErrorKind, fix: &'static str) -> Rule {
    Rule { name, kind, fix }
}

impl Cause {
    /// A name in lower case with underscores, for logs and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.rule().name
    }

    /// The kind of error that calls end with because of it.
    #[must_use]
    pub const fn kind(self) -> ErrorKind {
        self.rule().kind
    }

    /// What to do about it.
    #[must_use]
    pub const fn fix(self) -> &'static str {
        self.rule().fix
    }

    const fn rule(self) -> Rule {
        use ErrorKind as K;
        match self {
            Self::NoCredentials => row(
                "no_credentials",
                K::Auth,
                "make an API client at https://www.esologs.com/api/clients/ and set ESOLOGS_ID and ESOLOGS_SECRET, in the environment or in \
                 a file .env in the folder where you run this",
            ),
            Self::Setting => row("setting", K::Usage, "correct the setting that is named"),
            Self::OddSetting => row("odd_setting", K::Usage, "look at what is named: it may be a mistake of copying"),
            Self::SignInFile => row(
                "sign_in_file",
                K::LocalFile,
                "update esologs, if the file is of a later version; otherwise forget it with 'esologs auth logout' and sign in again. \
                 ESOLOGS_ID and ESOLOGS_SECRET need no file",
            ),
            Self::NameNotFound => row(
                "name_not_found",
                K::Unreachable,
                "check the network and its name servers, and ESOLOGS_BASE_URL for a slip; behind a proxy, set HTTPS_PROXY",
            ),
            Self::Refused => row(
                "refused",
                K::Unreachable,
                "check host and port of ESOLOGS_BASE_URL, and whether a firewall refuses the connection; behind a proxy, set HTTPS_PROXY",
            ),
            Self::NoAnswer => row(
                "no_answer",
                K::Unreachable,
                "check the network and its firewall: packets get lost; behind a proxy, set HTTPS_PROXY; otherwise try again later",
            ),
            Self::NoTls => row(
                "no_tls",
                K::Unreachable,
                "check host and port of ESOLOGS_BASE_URL: what listens there speaks no https; or a firewall breaks TLS connections off",
            ),
            Self::CertificateExpired => row(
                "certificate_expired",
                K::Certificate,
                "set this machine's clock, if it is wrong; if it is right, whoever runs the host has to renew the certificate",
            ),
            Self::CertificateNotYetValid => {
                row("certificate_not_yet_valid", K::Certificate, "set this machine's clock: it seems to be behind")
            }
            Self::CertificateOfAnother => row(
                "certificate_of_another_host",
                K::Certificate,
                "check the host in ESOLOGS_BASE_URL; if it is right, something else answers in its place: a sign-in page of the network, \
                 or a wrong entry of a name server",
            ),
            Self::UnknownIssuer => row(
                "unknown_issuer",
                K::Certificate,
                "mostly a company or a virus scanner opens TLS connections: get its authority's certificate as a PEM file and name it in \
                 SSL_CERT_FILE",
            ),
            Self::Certificate => row("certificate", K::Certificate, "tell whoever runs the host; the certificate cannot be used"),
            Self::ProxyUnreachable => row(
                "proxy_unreachable",
                K::Unreachable,
                "correct the variable that names the proxy, or unset it; NO_PROXY takes single hosts out of it",
            ),
            Self::ProxyWantsPassword => row(
                "proxy_wants_password",
                K::Unreachable,
                "give name and password in the variable: HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT (special characters as %40 and the like)",
            ),
            Self::ProxyRefused => row(
                "proxy_refused",
                K::Unreachable,
                "ask whoever runs the proxy to let connections to the host through, or take the host out of it by NO_PROXY",
            ),
            Self::HumanCheck => row(
                "human_check",
                K::CdnBlocked,
                "nothing is wrong with the key: this network address, often that of a data centre or VPN, is asked to prove that it is \
                 human; try another network",
            ),
            Self::ClockSkew => row("clock_skew", K::Usage, "set this machine's clock; certificates and tokens have dates"),
            Self::WrongEndpoint => row(
                "wrong_endpoint",
                K::Usage,
                "correct ESOLOGS_BASE_URL or --base-url, or leave both out: what answers there is not the API",
            ),
            Self::WrongCredentials => row(
                "wrong_credentials",
                K::Auth,
                "compare id and secret with https://www.esologs.com/api/clients/ and copy both again; a secret is shown once only, when the \
                 client is made",
            ),
            Self::Banned => row(
                "banned",
                K::Forbidden,
                "the service does not accept this API client any more: see https://www.esologs.com/api/clients/ and ask ESO Logs; a new id and \
                 secret do not get around a ban",
            ),
            Self::Forbidden => row(
                "forbidden",
                K::CdnBlocked,
                "something between here and the service refuses: a firewall, or the content network; try another network",
            ),
            Self::Throttled => row("throttled", K::RateLimited, "nothing is wrong: wait some minutes and ask less often"),
            Self::PointsSpent => row(
                "points_spent",
                K::RateLimited,
                "nothing is wrong: the points come back with the hour; 'esologs limits' tells when, and who spent them",
            ),
            Self::Outage => {
                row("outage", K::Upstream, "it is not you: the service is in trouble, or is being worked on; try again later")
            }
            Self::Unstable => {
                row("unstable", K::Upstream, "the way to the service breaks off: try again, and try another network")
            }
            Self::TokenExpired => row(
                "token_expired",
                K::Auth,
                "get a new token: sign in again with 'esologs auth login', or set another ESOLOGS_TOKEN",
            ),
            Self::TokenRefused => row(
                "token_refused",
                K::Auth,
                "the token was revoked, or is one of another host: sign in again with 'esologs auth login', or set another ESOLOGS_TOKEN; \
                 check ESOLOGS_BASE_URL",
            ),
            Self::SignInNeeded => row("sign_in_needed", K::Auth, "sign in again: 'esologs auth login --user'"),
            Self::MissingScope => row(
                "missing_scope",
                K::PermissionDenied,
                "sign in again with 'esologs auth login --user' and allow what is asked for; without it private reports look as if they \
                 did not exist",
            ),
            Self::Other => row("other", K::Upstream, "run it with -v and look at the causes"),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
