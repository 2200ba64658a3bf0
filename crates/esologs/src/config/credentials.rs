//! Who asks: the id and secret of an API client.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::environment::Environment;
use crate::error::{Error, ErrorKind};

/// Id and secret of an API client, made at <https://www.esologs.com/api/clients/>. Prints without the secret.
#[derive(Clone)]
pub struct Credentials {
    id: String,
    secret: SecretString,
}

impl Credentials {
    /// The credentials with this id and secret. White space around them (a stray newline of a copy) is dropped.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where one of them is empty or holds a control character.
    pub fn new(id: impl Into<String>, secret: impl Into<String>) -> Result<Self, Error> {
        let (id, secret): (String, String) = (id.into(), secret.into());
        Ok(Self { id: clean("client id", &id)?, secret: clean("client secret", &secret)?.into() })
    }

    /// The credentials in the environment (`ESOLOGS_ID` and `ESOLOGS_SECRET`, or `ESOLOGS_CLIENT_ID` and `ESOLOGS_CLIENT_SECRET`), or
    /// else in the file `.env` of the current folder. `None` where neither names them. The file cannot set anything else, the
    /// host least of all.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where only one of the two is set, both names of one are set to different values, or the file cannot be
    /// read as lines of `NAME=value`.
    pub fn from_env() -> Result<Option<Self>, Error> {
        Ok(Environment::read()?.key.map(|key| key.value))
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn expose_secret(&self) -> &str {
        self.secret.expose_secret()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("id", &self.id).field("secret", &"(not shown)").finish()
    }
}

fn clean(what: &str, text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::new(ErrorKind::Usage, format!("the {what} is empty")));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::new(ErrorKind::Usage, format!("the {what} holds a control character; copy it again")));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_not_in_the_debug_output() {
        let credentials = Credentials::new("me", "hunter2").unwrap();
        assert_eq!(format!("{credentials:?}"), r#"Credentials { id: "me", secret: "(not shown)" }"#);
    }
}
