//! What a token says of itself.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

use crate::units::UnixMillis;

/// What a token says of itself, where it is a JWT, as the service's are. Nobody here has checked its signature: it explains, and
/// decides nothing that matters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Claims {
    /// Id of the API client that it was made for.
    pub client_id: Option<String>,
    /// Id of the user whose it is; `None` in tokens of client credentials.
    pub user_id: Option<String>,
    /// What its user agreed to, for instance `view-private-reports`.
    pub scopes: Vec<String>,
    /// When it was made.
    pub made_at: Option<UnixMillis>,
    /// When it ends, if nobody revokes it before.
    pub ends_at: Option<UnixMillis>,
}

#[derive(Deserialize)]
struct Payload {
    #[serde(default)]
    aud: Value,
    #[serde(default)]
    sub: Value,
    #[serde(default)]
    scopes: Value,
    #[serde(default)]
    iat: Value,
    #[serde(default)]
    exp: Value,
}

impl Claims {
    /// Reads the second of the three parts; `None` where it is no JWT.
    pub(crate) fn of(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        let (payload, 3) = (parts.nth(1)?, parts.count() + 2) else { return None };
        let payload: Payload = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?).ok()?;
        Some(Self {
            client_id: text(&payload.aud),
            user_id: text(&payload.sub),
            scopes: payload.scopes.as_array().into_iter().flatten().filter_map(text).collect(),
            made_at: moment(&payload.iat),
            ends_at: moment(&payload.exp),
        })
    }
}

/// Ids come as text, as numbers, and the audience as a list of one.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(values) => values.first().and_then(text),
        _ => None,
    }
}

/// Seconds since 1970, with fractions where the server is a newer Passport.
fn moment(value: &Value) -> Option<UnixMillis> {
    let seconds = value.as_f64().or_else(|| value.as_str()?.parse().ok()).filter(|seconds| seconds.is_finite())?;
    Some(UnixMillis::new((seconds * 1_000.0).round() as i64))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn jwt(payload: &Value) -> String {
        format!("eyJ0eXAi.{}.c2lnbmF0dXJl", URL_SAFE_NO_PAD.encode(payload.to_string()))
    }

    #[test]
    fn a_user_token_names_its_user_its_client_its_scopes_and_its_end() {
        let token = jwt(&json!({"aud": "abc", "sub": "42", "scopes": ["view-user-profile"], "iat": 1.5, "exp": 1_800_000_000}));

        let claims = Claims::of(&token).unwrap();

        assert_eq!((claims.client_id.as_deref(), claims.user_id.as_deref()), (Some("abc"), Some("42")));
        assert_eq!(claims.scopes, ["view-user-profile"]);
        assert_eq!((claims.made_at, claims.ends_at), (Some(UnixMillis::new(1_500)), Some(UnixMillis::new(1_800_000_000_000))));
    }

    #[test]
    fn a_token_of_client_credentials_has_no_user() {
        for sub in [json!(""), json!(null)] {
            assert_eq!(Claims::of(&jwt(&json!({"aud": ["abc"], "sub": sub, "scopes": []}))).unwrap().user_id, None);
        }
    }

    #[test]
    fn what_is_no_jwt_says_nothing() {
        for token in ["", "abc", "a.b.c", "a.b", &jwt(&json!("x")), &format!("{}.more", jwt(&json!({})))] {
            assert_eq!(Claims::of(token), None, "{token}");
        }
    }
}
