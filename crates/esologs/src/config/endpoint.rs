//! Where the API is.

use std::net::IpAddr;

use http::Uri;
use url::{Host, Url};

use crate::error::{Error, ErrorKind};

/// Host names of the service itself and its sister sites (same paths and same API; only esologs.com is tested).
const OFFICIAL_HOSTS: [&str; 1] = ["www.esologs.com"];

/// Addresses of the service: one base URL moves token and API endpoints together, so that a token made for a host is only
/// ever sent to that host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    base: Url,
    /// Where queries go, ready for each request.
    client_api: Uri,
    user_api: Uri,
}

impl Endpoint {
    /// The service: `https://www.esologs.com`.
    pub const OFFICIAL: &'static str = "https://www.esologs.com";

    /// The service at a base URL such as `https://www.esologs.com` or `http://127.0.0.1:8787`.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where it is no http(s) URL, holds a user name or password, or is plain http to a host that is
    /// not this machine: a secret would travel readable.
    pub fn new(base_url: &str) -> Result<Self, Error> {
        let refuse =
            |why: String| Err::<Self, _>(Error::new(ErrorKind::Usage, format!("base URL '{}': {why}", without_user(base_url))));
        let mut base = match Url::parse(base_url.trim()) {
            Ok(url) => url,
            Err(error) => return refuse(format!("{error}; expected something like {}", Self::OFFICIAL)),
        };
        if !base.username().is_empty() || base.password().is_some() {
            return refuse("holds a user name or password; give the API key by ESOLOGS_ID and ESOLOGS_SECRET".into());
        }
        if base.query().is_some() || base.fragment().is_some() {
            return refuse("holds a query or fragment; only scheme, host, port and path are used".into());
        }
        match base.scheme() {
            "https" => {}
            "http" if is_loopback(&base) => {}
            "http" => {
                return refuse(
                    "is plain http, so the secret would travel readable; use https (plain http is for this machine only)".into(),
                );
            }
            other => return refuse(format!("has the scheme '{other}'; expected https")),
        }
        if base.host().is_none() {
            return refuse("names no host".into());
        }
        // `Url::join` replaces the last path segment, so the base must end in a slash.
        let path = format!("{}/", base.path().trim_end_matches('/'));
        base.set_path(&path);
        let api = |path: &str| format!("{base}api/v2/{path}").parse();
        match (api("client"), api("user")) {
            (Ok(client_api), Ok(user_api)) => Ok(Self { base, client_api, user_api }),
            (Err(error), _) | (_, Err(error)) => refuse(format!("{error}")),
        }
    }

    /// Whether this is a host of the service itself. Others are named to the user before a secret goes there.
    #[must_use]
    pub fn is_official(&self) -> bool {
        self.base.host_str().is_some_and(|host| OFFICIAL_HOSTS.contains(&host)) && self.base.port().is_none()
    }

    /// Whether it is this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.base)
    }

    /// Host and, where it is not the scheme's own, port: `www.esologs.com`, `127.0.0.1:8787`.
    #[must_use]
    pub fn host(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        self.base.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// The service's name among others: the host, but without the port on this machine, where a simulator gets another one
    /// each time.
    pub(crate) fn service_name(&self) -> String {
        if self.is_loopback() { self.base.host_str().unwrap_or_default().to_owned() } else { self.host() }
    }

    /// Name and port of the host, as telemetry wants them apart.
    pub(crate) fn address(&self) -> (String, u16) {
        (self.base.host_str().unwrap_or_default().to_owned(), self.base.port_or_known_default().unwrap_or(443))
    }

    /// The whole base address, for what belongs to it alone.
    pub(crate) fn base_url(&self) -> String {
        self.base.to_string()
    }

    /// Where a user agrees.
    pub(crate) fn authorize_url(&self) -> String {
        self.path("oauth/authorize")
    }

    pub(crate) fn token_url(&self) -> String {
        self.path("oauth/token")
    }

    /// Public data, asked for with client credentials.
    pub(crate) fn client_api_url(&self) -> &Uri {
        &self.client_api
    }

    /// What a user may see, asked for with that user's token.
    pub(crate) fn user_api_url(&self) -> &Uri {
        &self.user_api
    }

    fn path(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

impl Default for Endpoint {
    fn default() -> Self {
        // Proven by the test `the_official_address_is_an_endpoint`.
        Self::new(Self::OFFICIAL).expect("the constant is a valid https URL")
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// The text as given, but for what stands before an `@`: it may be a password.
fn without_user(text: &str) -> String {
    match (text.find("://"), text.rfind('@')) {
        (Some(scheme), Some(at)) if scheme + 3 < at => format!("{}…{}", &text[..scheme + 3], &text[at..]),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_official_address_is_an_endpoint() {
        let endpoint = Endpoint::default();
        assert!(endpoint.is_official());
        assert_eq!(endpoint.token_url(), "https://www.esologs.com/oauth/token");
        assert_eq!(endpoint.client_api_url(), "https://www.esologs.com/api/v2/client");
        assert_eq!(endpoint.user_api_url(), "https://www.esologs.com/api/v2/user");
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for local in ["http://127.0.0.1:8787", "http://localhost:1", "http://[::1]:9/"] {
            let endpoint = Endpoint::new(local).unwrap();
            assert!(endpoint.is_loopback() && !endpoint.is_official(), "{local}");
        }
        for foreign in ["http://www.esologs.com", "http://10.0.0.1", "http://127.0.0.1.example.org", "ftp://x.org"] {
            let error = Endpoint::new(foreign).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Usage, "{foreign}");
        }
    }

    #[test]
    fn a_path_before_the_api_is_kept() {
        let endpoint = Endpoint::new("https://proxy.example.org/eso").unwrap();
        assert_eq!(endpoint.token_url(), "https://proxy.example.org/eso/oauth/token");
    }

    #[test]
    fn a_password_in_the_address_is_refused_and_not_repeated() {
        let error = Endpoint::new("https://me:hunter2@www.esologs.com").unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
        let error = Endpoint::new("nonsense://me:hunter2@host").unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}
