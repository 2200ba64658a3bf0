//! What a token is asked for with.

use std::fmt;
use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};

use super::claims::Claims;
use super::request::basic;
use super::signed_in::SignedIn;
use crate::config::Credentials;
use crate::decode::{Class, Failure};
use crate::error::{Error, ErrorKind};
use crate::units::UnixMillis;

/// What a token is asked for with, and so what it may see.
#[derive(Clone)]
pub(crate) enum Grant {
    /// Id and secret of an API client: public data.
    ClientCredentials(Credentials),
    /// A token that the caller has. Nothing renews it.
    Fixed(AccessToken),
    /// A user's sign-in, renewed with its refresh token.
    User(SignedIn),
}

/// A token that the caller got elsewhere (`ESOLOGS_TOKEN`). It is used as it is and never renewed. Prints without the token.
#[derive(Clone)]
pub struct AccessToken {
    token: SecretString,
    origin: Arc<str>,
}

impl AccessToken {
    /// The token, and where it comes from in words that an error can repeat: `ESOLOGS_TOKEN`, `the file token.txt`. White space
    /// around the token (a stray newline of a copy) is dropped.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where the token is empty or holds what no header can carry.
    pub fn new(token: impl AsRef<str>, origin: impl Into<String>) -> Result<Self, Error> {
        let (token, origin) = (token.as_ref().trim(), origin.into());
        let token = token.strip_prefix("Bearer ").unwrap_or(token).trim();
        if token.is_empty() {
            return Err(Error::new(ErrorKind::Usage, format!("the token of {origin} is empty")));
        }
        if !token.chars().all(|c| c.is_ascii_graphic()) {
            let message = format!("the token of {origin} holds a character that no token has; copy it again");
            return Err(Error::new(ErrorKind::Usage, message));
        }
        Ok(Self { token: token.into(), origin: origin.into() })
    }

    /// Where it comes from.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// What the token says of itself, where it can be read.
    #[must_use]
    pub fn claims(&self) -> Option<Claims> {
        Claims::of(self.token.expose_secret())
    }

    pub(super) fn secret(&self) -> &SecretString {
        &self.token
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ClientCredentials(credentials) => credentials.fmt(f),
            Self::Fixed(fixed) => fixed.fmt(f),
            Self::User(user) => user.fmt(f),
        }
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken").field("origin", &self.origin).finish_non_exhaustive()
    }
}

impl Grant {
    /// Whether it is the API client's own: processes with the same one may share its token.
    pub(crate) fn is_of_key(&self) -> bool {
        matches!(self, Self::ClientCredentials(_))
    }

    /// Whose points are spent, in words without a secret.
    pub(crate) fn account(&self) -> String {
        match self {
            Self::ClientCredentials(credentials) => credentials.id().to_owned(),
            Self::Fixed(fixed) => account_of(fixed.claims(), None),
            Self::User(user) => account_of(user.claims(), Some(&user.client_id)),
        }
    }

    /// Id of the user whose it is, where it says so.
    pub(crate) fn user_id(&self) -> Option<String> {
        match self {
            Self::ClientCredentials(_) => None,
            Self::Fixed(fixed) => fixed.claims()?.user_id,
            Self::User(user) => user.claims()?.user_id,
        }
    }

    /// What must not be shown, should the server repeat it.
    pub(super) fn secrets(&self) -> Vec<&str> {
        match self {
            Self::ClientCredentials(credentials) => vec![credentials.expose_secret()],
            Self::Fixed(fixed) => vec![fixed.token.expose_secret()],
            Self::User(user) => user.secrets(),
        }
    }

    /// Id and secret as they go over the line.
    pub(super) fn basic(&self) -> Option<String> {
        match self {
            Self::ClientCredentials(credentials) => Some(basic(credentials.id(), credentials.expose_secret())),
            Self::Fixed(_) => None,
            Self::User(user) => user.client_secret.as_ref().map(|secret| basic(&user.client_id, secret.expose_secret())),
        }
    }

    /// The failure of a call whose token the service did not accept, where no other token can take its place.
    pub(super) fn of_rejection(&self, failure: Failure, now: UnixMillis) -> Failure {
        let Self::Fixed(fixed) = self else { return failure };
        let why = match fixed.claims().and_then(|claims| claims.ends_at) {
            Some(end) if end <= now => format!("it has expired {} ago", words(now.since(end))),
            Some(_) => "it has not expired by its own word, so it was revoked, or made for another host".to_owned(),
            None => "it is expired or revoked".to_owned(),
        };
        let detail = format!("the token of {} is not accepted: {why} ({})", fixed.origin, failure.detail);
        Failure { detail, class: Class::TokenEnded, ..failure }
    }
}

/// The client's id as it stands among the accounts, with that of the user, where there is one.
fn account_of(claims: Option<Claims>, client_id: Option<&str>) -> String {
    let claims = claims.unwrap_or_default();
    let client_id = client_id.map(str::to_owned).or(claims.client_id).unwrap_or_else(|| "a token".to_owned());
    claims.user_id.map_or_else(|| client_id.clone(), |user_id| format!("{client_id} user {user_id}"))
}

/// A time span as people say it.
fn words(span: std::time::Duration) -> String {
    match span.as_secs() {
        0..=119 => format!("{} s", span.as_secs()),
        seconds @ 120..=7_199 => format!("{} min", seconds / 60),
        seconds @ 7_200..=172_799 => format!("{} h", seconds / 3_600),
        seconds => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_taken_as_it_is_copied_and_does_not_show_itself() {
        let token = AccessToken::new(" Bearer hunter2\n", "ESOLOGS_TOKEN").unwrap();
        assert_eq!(token.secret().expose_secret(), "hunter2");
        assert_eq!(format!("{token:?}"), r#"AccessToken { origin: "ESOLOGS_TOKEN", .. }"#);
    }

    #[test]
    fn what_is_no_token_is_refused_without_being_repeated() {
        for wrong in ["", "  ", "hunter2 with blanks", "hunter2\u{e9}", "hunter2\r\nx: y"] {
            let error = AccessToken::new(wrong, "ESOLOGS_TOKEN").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Usage, "{wrong:?}");
            assert!(error.to_string().contains("ESOLOGS_TOKEN") && !error.to_string().contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_span_is_told_in_its_largest_fitting_unit() {
        let told = |seconds| words(std::time::Duration::from_secs(seconds));
        assert_eq!([told(5), told(300), told(7_200), told(200_000)], ["5 s", "5 min", "2 h", "2 days"]);
    }
}
