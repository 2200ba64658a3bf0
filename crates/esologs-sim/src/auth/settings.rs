//! How users sign in.

use std::time::Duration;

use super::DEMO_PUBLIC_CLIENT_ID;

/// A user of the simulated site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInUser {
    /// Id, which stands in the user's tokens as `sub`.
    pub id: i64,
    /// Name, as the page at which the user agrees shows it.
    pub name: String,
}

/// What comes with a renewed token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshTokens {
    /// A new refresh token; the old one is dead from then on. As league/oauth2-server does it by default.
    Rotate,
    /// A new refresh token; the old one stays good.
    Add,
    /// None; the old one stays good.
    Keep,
}

/// How users sign in: which addresses answers are brought to, who there is, how long codes live.
#[derive(Debug, Clone)]
pub struct SignInSettings {
    /// Registered redirect addresses. For `http://127.0.0.1` the port does not count, for others every letter does.
    pub redirects: Vec<String>,
    /// Ids of API clients that have no secret.
    pub public_clients: Vec<String>,
    /// Who can sign in.
    pub users: Vec<SignInUser>,
    /// How long a code is good.
    pub code_lifetime: Duration,
    /// What comes with a renewed token.
    pub refresh_tokens: RefreshTokens,
}

impl Default for SignInSettings {
    fn default() -> Self {
        let user = |id, name: &str| SignInUser { id, name: name.to_owned() };
        Self {
            redirects: ["http://127.0.0.1:8765/callback", "http://localhost:8765/callback"].map(str::to_owned).into(),
            public_clients: vec![DEMO_PUBLIC_CLIENT_ID.to_owned()],
            users: vec![user(1, "Simulated User"), user(2, "Another User")],
            code_lifetime: Duration::from_secs(600),
            refresh_tokens: RefreshTokens::Rotate,
        }
    }
}

impl SignInSettings {
    /// Whether answers may be brought to this address (RFC 8252, 7.3: a program on the user's machine takes the port it gets).
    pub(crate) fn is_registered(&self, redirect: &str) -> bool {
        let without_port = |address: &str| {
            let mut url = url::Url::parse(address).ok()?;
            (url.scheme() == "http" && url.host_str() == Some("127.0.0.1")).then_some(())?;
            url.set_port(None).ok()?;
            Some(String::from(url))
        };
        self.redirects.iter().any(|registered| {
            registered == redirect || without_port(registered).is_some_and(|known| Some(known) == without_port(redirect))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_port_of_127_0_0_1_is_left_open() {
        let settings = SignInSettings::default();
        for good in ["http://127.0.0.1:8765/callback", "http://127.0.0.1:40000/callback", "http://localhost:8765/callback"] {
            assert!(settings.is_registered(good), "{good}");
        }
        for bad in [
            "http://localhost:40000/callback",
            "http://127.0.0.1:8765/callback/",
            "http://127.0.0.1:8765/other",
            "https://127.0.0.1:8765/callback",
            "http://example.org/callback",
            "",
        ] {
            assert!(!settings.is_registered(bad), "{bad}");
        }
    }
}
