//! What a user is asked to agree to: the query of `/oauth/authorize`, read and checked.

use url::{Url, form_urlencoded};

use super::settings::SignInSettings;
use super::tokens::UserScopes;

/// A request that a user can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AuthorizeRequest {
    pub(crate) client_id: String,
    pub(crate) redirect: String,
    pub(crate) state: Option<String>,
    pub(crate) scopes: GrantedScopes,
    /// The SHA-256 of the verifier, where there is one.
    pub(crate) challenge: Option<String>,
}

/// What a user allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct GrantedScopes {
    pub(crate) profile: bool,
    pub(crate) private_reports: bool,
}

impl GrantedScopes {
    pub(crate) fn names(self) -> Vec<&'static str> {
        let named = [(self.profile, "view-user-profile"), (self.private_reports, "view-private-reports")];
        named.into_iter().filter_map(|(is_granted, name)| is_granted.then_some(name)).collect()
    }

    fn read(text: &str) -> Option<Self> {
        let mut scopes = Self::default();
        for name in text.split_whitespace() {
            match name {
                "view-user-profile" => scopes.profile = true,
                "view-private-reports" => scopes.private_reports = true,
                _ => return None,
            }
        }
        Some(scopes)
    }
}

impl From<UserScopes> for GrantedScopes {
    fn from(scopes: UserScopes) -> Self {
        Self { profile: true, private_reports: scopes.view_private_reports }
    }
}

/// Why nobody is asked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum BadAuthorizeRequest {
    /// Unknown client, or an address that is not registered: told here, for nobody knows where the browser would be sent.
    InvalidClient,
    /// Told here.
    Invalid { error: &'static str, hint: &'static str },
    /// Told at the redirect address.
    InvalidScope { redirect: String, state: Option<String> },
}

/// Reads the query; `is_client` knows the ids.
pub(crate) fn read(
    query: &str,
    settings: &SignInSettings,
    is_client: impl Fn(&str) -> bool,
) -> Result<AuthorizeRequest, BadAuthorizeRequest> {
    let field =
        |name: &str| form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let invalid = |error, hint| Err(BadAuthorizeRequest::Invalid { error, hint });
    if field("response_type").as_deref() != Some("code") {
        return invalid("unsupported_grant_type", "Check that all required parameters have been provided");
    }
    let Some(client_id) = field("client_id") else { return invalid("invalid_request", "Check the `client_id` parameter") };
    let redirect = field("redirect_uri").unwrap_or_default();
    if !is_client(&client_id) || !settings.is_registered(&redirect) {
        return Err(BadAuthorizeRequest::InvalidClient);
    }
    let state = field("state");
    let Some(scopes) = GrantedScopes::read(&field("scope").unwrap_or_default()) else {
        return Err(BadAuthorizeRequest::InvalidScope { redirect, state });
    };
    let challenge = field("code_challenge");
    match challenge.as_deref() {
        None if settings.public_clients.contains(&client_id) => {
            return invalid("invalid_request", "Code challenge must be provided for public clients");
        }
        Some(_) if field("code_challenge_method").as_deref() != Some("S256") => {
            return invalid("invalid_request", "Code challenge method must be `S256`");
        }
        Some(challenge) if challenge.len() != 43 => {
            return invalid("invalid_request", "Code challenge must follow the specifications of RFC-7636.");
        }
        _ => {}
    }
    Ok(AuthorizeRequest { client_id, redirect, state, scopes, challenge })
}

/// The redirect address with these fields behind it, and the state where there is one.
pub(crate) fn back(redirect: &str, fields: &[(&str, &str)], state: Option<&str>) -> String {
    let state = state.map(|state| ("state", state));
    // What is no address was refused before.
    Url::parse_with_params(redirect, fields.iter().copied().chain(state)).map_or_else(|_| redirect.to_owned(), String::from)
}
