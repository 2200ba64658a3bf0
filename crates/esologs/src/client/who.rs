//! Who asks, as it is said: by the program, by the environment, by a file `.env`, by what a sign-in has left.

use crate::auth::{AccessToken, Grant, SignedIn, TokenStore};
use crate::config::{Credentials, Endpoint, Environment, Found, Origin};
use crate::error::{Error, ErrorKind};

/// What is said of who asks: an API client, a user, or both.
#[derive(Default)]
pub(super) struct Who {
    pub(super) key: Option<Found<Grant>>,
    pub(super) user: Option<Found<Grant>>,
    /// What of it looks like a mistake, in sentences.
    pub(super) oddities: Vec<String>,
    /// What the user should hear of the files of a sign-in.
    pub(super) troubles: Vec<String>,
    unreadable: Option<Error>,
}

/// Where to look for what a sign-in has left.
pub(super) struct KeptIn<'a> {
    pub(super) store: &'a TokenStore,
    pub(super) endpoint: &'a Endpoint,
}

impl Who {
    pub(super) fn set_key(&mut self, grant: Grant, origin: Origin) {
        self.key = Some(Found { value: grant, origin });
    }

    pub(super) fn set_user(&mut self, grant: Grant, origin: Origin) {
        self.user = Some(Found { value: grant, origin });
    }

    /// A token is a user's where it says so itself.
    pub(super) fn set_token(&mut self, token: AccessToken, origin: Origin) {
        if is_of_user(&token) {
            self.set_user(Grant::Fixed(token), origin);
        } else {
            self.set_key(Grant::Fixed(token), origin);
        }
    }

    fn is_empty(&self) -> bool {
        self.key.is_none() && self.user.is_none()
    }

    /// Who asks in the end: what the program says and nothing else, or each of key and user from the first place that says it.
    pub(super) fn settle(self, kept: Self, place: Option<KeptIn<'_>>) -> Result<Self, Error> {
        if !self.is_empty() {
            return Ok(self);
        }
        let mut said = Self::of_environment(Environment::read()?).or(kept);
        if let Some(place) = place {
            said.look_in(&place);
        }
        Ok(said)
    }

    /// An error where that is nobody.
    pub(super) fn somebody(self) -> Result<Self, Error> {
        if self.is_empty() { Err(self.unreadable.unwrap_or_else(nobody)) } else { Ok(self) }
    }

    fn or(self, later: Self) -> Self {
        Self { key: self.key.or(later.key), user: self.user.or(later.user), ..self }
    }

    /// Looks for who is not named yet; what is kept of who is named is not read. A file that cannot be read is an error only where
    /// nobody else is there to ask.
    fn look_in(&mut self, KeptIn { store, endpoint }: &KeptIn<'_>) {
        let mut unreadable = None;
        if self.key.is_none() {
            match store.look_for_credentials(endpoint, &mut self.troubles) {
                Ok(key) => self.key = key.map(|key| Found { value: Grant::ClientCredentials(key), origin: Origin::Store }),
                Err(error) => unreadable = Some(error),
            }
        }
        if self.user.is_none() {
            match store.look_for_signed_in(endpoint, &mut self.troubles) {
                Ok(user) => self.user = user.map(|user| Found { value: Grant::User(user), origin: Origin::Store }),
                Err(error) => unreadable = unreadable.or(Some(error)),
            }
        }
        match unreadable {
            Some(error) if !self.is_empty() => self.troubles.push(format!("{}; it is not used", error.message())),
            unreadable => self.unreadable = unreadable,
        }
    }

    fn of_environment(environment: Environment) -> Self {
        let mut said = Self { oddities: environment.oddities, ..Self::default() };
        if let Some(Found { value, origin }) = environment.key {
            said.set_key(Grant::ClientCredentials(value), origin);
        }
        if let Some(Found { value, origin }) = environment.token {
            // Of two places the first; of id, secret and token at one place the token, which nobody sets without a reason.
            let is_later = said.key.as_ref().is_some_and(|key| key.origin < origin) && !is_of_user(&value);
            if !is_later {
                said.set_token(value, origin);
            }
        }
        said
    }
}

/// What a sign-in has left, for who is not named elsewhere.
pub(super) fn kept(key: Option<Credentials>, user: Option<SignedIn>) -> Who {
    let mut who = Who::default();
    if let Some(key) = key {
        who.set_key(Grant::ClientCredentials(key), Origin::Store);
    }
    if let Some(user) = user {
        who.set_user(Grant::User(user), Origin::Store);
    }
    who
}

/// Servers of a newer kind name the client itself as the subject of its own token.
fn is_of_user(token: &AccessToken) -> bool {
    token.claims().is_some_and(|claims| claims.user_id.is_some() && claims.user_id != claims.client_id)
}

pub(super) fn nobody() -> Error {
    Error::new(ErrorKind::Auth, "no API credentials: ESOLOGS_ID and ESOLOGS_SECRET are not set").with_hint(
        "make an API client at https://www.esologs.com/api/clients/, then run `esologs auth login`, or set both variables, or put them into a file .env",
    )
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::json;

    use super::*;

    fn token(aud: &str, sub: &str) -> AccessToken {
        let payload = URL_SAFE_NO_PAD.encode(json!({"aud": aud, "sub": sub, "scopes": []}).to_string());
        AccessToken::new(format!("eyJ0eXAi.{payload}.c2lnbg"), "ESOLOGS_TOKEN").unwrap()
    }

    fn environment(key: Option<Origin>, token: Option<(AccessToken, Origin)>) -> Who {
        let key = key.map(|origin| Found { value: Credentials::new("abc", "s3cret").unwrap(), origin });
        let token = token.map(|(value, origin)| Found { value, origin });
        Who::of_environment(Environment { key, token, oddities: Vec::new() })
    }

    /// Who asks: as the key, as the user.
    fn told(who: &Who) -> [Option<String>; 2] {
        [&who.key, &who.user].map(|found| found.as_ref().map(|found| format!("{} {}", kind(&found.value), found.origin.name())))
    }

    fn kind(grant: &Grant) -> &'static str {
        match grant {
            Grant::ClientCredentials(_) => "pair",
            Grant::Fixed(_) => "token",
            Grant::User(_) => "sign-in",
        }
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn a_token_is_the_users_or_the_keys_by_what_it_says_of_itself() {
        let of = |token| told(&environment(None, Some((token, Origin::Environment))));
        assert_eq!(of(token("abc", "42")), [None, some("token environment")]);
        assert_eq!(of(token("abc", "")), [some("token environment"), None]);
        assert_eq!(of(token("abc", "abc")), [some("token environment"), None], "a client as its own subject");
        assert_eq!(of(AccessToken::new("opaque", "ESOLOGS_TOKEN").unwrap()), [some("token environment"), None]);
    }

    #[test]
    fn a_key_and_a_users_token_are_two_who_ask() {
        let both = environment(Some(Origin::Environment), Some((token("abc", "42"), Origin::DotEnv)));
        assert_eq!(told(&both), [some("pair environment"), some("token dotenv")]);
    }

    #[test]
    fn of_pair_and_token_of_a_key_the_earlier_place_counts_and_at_one_place_the_token() {
        let with = |key, origin| told(&environment(Some(key), Some((token("abc", ""), origin))));
        assert_eq!(with(Origin::Environment, Origin::DotEnv), [some("pair environment"), None]);
        assert_eq!(with(Origin::DotEnv, Origin::Environment), [some("token environment"), None]);
        assert_eq!(with(Origin::DotEnv, Origin::DotEnv), [some("token dotenv"), None]);
    }

    #[test]
    fn what_the_program_says_comes_alone_and_what_was_kept_comes_last() {
        let kept = || kept(Some(Credentials::new("kept", "s").unwrap()), Some(SignedIn::with_token("kept", "t")));
        let mut program = Who::default();
        program.set_key(Grant::ClientCredentials(Credentials::new("mine", "s").unwrap()), Origin::Program);

        assert_eq!(told(&program.settle(kept(), None).unwrap()), [some("pair program"), None]);
        let environment = environment(Some(Origin::Environment), None);
        assert_eq!(told(&environment.or(kept())), [some("pair environment"), some("sign-in store")]);
    }
}
