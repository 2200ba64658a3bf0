//! What a token request asks for: `Authorization: Basic` or id and secret in the body, body as form or JSON.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::graphql::request::media_type;

/// A request that can be answered with a token, if its secret is right.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TokenRequest {
    pub(crate) grant: Grant,
    pub(crate) client_id: String,
    /// A client without a secret sends none.
    pub(crate) client_secret: Option<String>,
}

/// What the token is asked for with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Grant {
    ClientCredentials,
    /// By a code that a user's agreement has brought.
    Code {
        code: String,
        redirect: String,
        verifier: Option<String>,
    },
    /// By what renews a user's token.
    Refresh(String),
}

/// Why a request cannot be answered with a token; each is status 400.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum BadTokenRequest {
    /// Something that is needed is not there.
    Missing(&'static str),
    /// A grant type that the simulator does not have.
    UnsupportedGrant,
}

#[derive(Default)]
struct Fields {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    code: Option<String>,
    redirect_uri: Option<String>,
    code_verifier: Option<String>,
    refresh_token: Option<String>,
}

pub(crate) fn read(headers: &HeaderMap, body: &Bytes) -> Result<TokenRequest, BadTokenRequest> {
    let fields = read_fields(headers, body);
    let (basic_id, basic_secret) = basic(headers).unzip();
    let grant = match fields.grant_type.as_deref() {
        Some("client_credentials") => Grant::ClientCredentials,
        Some("authorization_code") => Grant::Code {
            code: fields.code.ok_or(BadTokenRequest::Missing("code"))?,
            redirect: fields.redirect_uri.unwrap_or_default(),
            verifier: fields.code_verifier,
        },
        Some("refresh_token") => Grant::Refresh(fields.refresh_token.ok_or(BadTokenRequest::Missing("refresh_token"))?),
        Some(_) => return Err(BadTokenRequest::UnsupportedGrant),
        None => return Err(BadTokenRequest::Missing("grant_type")),
    };
    Ok(TokenRequest {
        grant,
        client_id: basic_id.or(fields.client_id).ok_or(BadTokenRequest::Missing("client_id"))?,
        client_secret: basic_secret.or(fields.client_secret),
    })
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

fn read_fields(headers: &HeaderMap, body: &Bytes) -> Fields {
    let mut fields = Fields::default();
    let mut take = |key: &str, value: &str| {
        let field = match key {
            "grant_type" => &mut fields.grant_type,
            "client_id" => &mut fields.client_id,
            "client_secret" => &mut fields.client_secret,
            "code" => &mut fields.code,
            "redirect_uri" => &mut fields.redirect_uri,
            "code_verifier" => &mut fields.code_verifier,
            "refresh_token" => &mut fields.refresh_token,
            _ => return,
        };
        *field = Some(value.to_owned());
    };
    let kind = media_type(headers);
    if kind == "application/x-www-form-urlencoded" {
        url::form_urlencoded::parse(body).for_each(|(key, value)| take(&key, &value));
    } else if kind.ends_with("json")
        && let Ok(serde_json::Value::Object(map)) = serde_json::from_slice(body)
    {
        map.iter().filter_map(|(key, value)| Some((key, value.as_str()?))).for_each(|(key, value)| take(key, value));
    }
    fields
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::CONTENT_TYPE;

    use super::*;

    #[test]
    fn id_and_secret_are_read_from_the_header_or_from_the_body() {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        let in_body = Bytes::from_static(b"grant_type=client_credentials&client_id=me&client_secret=a%26b");
        let read_from_body = read(&headers, &in_body).unwrap();
        assert_eq!((read_from_body.client_id.as_str(), read_from_body.client_secret.as_deref()), ("me", Some("a&b")));

        headers.insert(AUTHORIZATION, HeaderValue::from_static("Basic bWU6YTpi"));
        let read_from_header = read(&headers, &Bytes::from_static(b"grant_type=client_credentials")).unwrap();
        assert_eq!((read_from_header.client_id.as_str(), read_from_header.client_secret.as_deref()), ("me", Some("a:b")));
    }
}
