//! Who asks: the id and secret of an API client.

use std::fmt;
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use crate::error::{Error, ErrorKind};

const ID: &str = "ESOLOGS_ID";
const SECRET: &str = "ESOLOGS_SECRET";

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

    /// The credentials in the environment (`ESOLOGS_ID`, `ESOLOGS_SECRET`), or else in the file `.env` of the current
    /// folder. `None` where neither names them. The file cannot set anything else, the host least of all.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where only one of the two is set, or the file cannot be read as lines of `NAME=value`.
    pub fn from_env() -> Result<Option<Self>, Error> {
        let from_process = (variable(ID)?, variable(SECRET)?);
        if from_process.0.is_some() || from_process.1.is_some() {
            return Self::from_pair(from_process, "the environment");
        }
        let path = Path::new(".env");
        if !path.is_file() {
            return Ok(None);
        }
        Self::from_pair(read_dotenv(path)?, ".env")
    }

    fn from_pair(pair: (Option<String>, Option<String>), place: &str) -> Result<Option<Self>, Error> {
        let missing = |name: &str, given: &str| {
            Err(Error::new(ErrorKind::Usage, format!("{place} sets {given} but not {name}"))
                .with_hint(format!("set both {ID} and {SECRET}")))
        };
        match pair {
            (Some(id), Some(secret)) => Self::new(id, secret).map(Some),
            (None, None) => Ok(None),
            (Some(_), None) => missing(SECRET, ID),
            (None, Some(_)) => missing(ID, SECRET),
        }
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

fn variable(name: &str) -> Result<Option<String>, Error> {
    match std::env::var(name) {
        Ok(value) if value.trim().is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(Error::new(ErrorKind::Usage, format!("{name} is not valid UTF-8"))),
    }
}

/// Reads the two names out of a file of lines `NAME=value`, as shells, Docker and editors of every system write them. Other
/// names are none of our business, whatever stands behind them; nothing is substituted.
fn read_dotenv(path: &Path) -> Result<(Option<String>, Option<String>), Error> {
    let refuse = |why: String| Error::new(ErrorKind::Usage, format!("cannot read {}: {why}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| refuse(error.to_string()))?;
    let (mut id, mut secret) = (None, None);
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let Some((name, value)) = line.split_once('=') else { continue };
        let name = name.trim();
        let place = match name.strip_prefix("export ").unwrap_or(name).trim() {
            ID => &mut id,
            SECRET => &mut secret,
            _ => continue,
        };
        // The line is not quoted in the message: it may hold the secret.
        let value = unquoted(value.trim()).ok_or_else(|| refuse(format!("the quotes in line {} do not match", index + 1)))?;
        *place = Some(value.to_owned()).filter(|value| !value.is_empty());
    }
    Ok((id, secret))
}

/// A value without the quotes around it or, where it has none, without the comment behind it.
fn unquoted(value: &str) -> Option<&str> {
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let (inner, rest) = value[1..].split_once(quote)?;
            (rest.trim().is_empty() || rest.trim_start().starts_with('#')).then_some(inner)
        }
        _ => Some(value.split(" #").next().unwrap_or_default().trim()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_not_in_the_debug_output() {
        let credentials = Credentials::new("me", "hunter2").unwrap();
        assert_eq!(format!("{credentials:?}"), r#"Credentials { id: "me", secret: "(not shown)" }"#);
    }

    #[test]
    fn a_dotenv_file_gives_id_and_secret_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".env");
        std::fs::write(&path, "# mine\nESOLOGS_ID=abc\nexport ESOLOGS_SECRET=\"s3 cret\"\nESOLOGS_BASE_URL=http://evil\n")
            .unwrap();

        let (id, secret) = read_dotenv(&path).unwrap();

        assert_eq!((id.as_deref(), secret.as_deref()), (Some("abc"), Some("s3 cret")));
    }

    #[test]
    fn dotenv_files_of_every_system_are_read_and_nothing_is_substituted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".env");
        for text in [
            "\u{feff}ESOLOGS_ID=abc\r\nESOLOGS_SECRET=a$HOME\r\n",
            "OTHER=a b c\nnonsense\n\nESOLOGS_ID = 'abc' # mine\nESOLOGS_SECRET=a$HOME # mine\n",
            "ESOLOGS_ID=\"abc\"\nexport ESOLOGS_SECRET='a$HOME'",
        ] {
            std::fs::write(&path, text).unwrap();
            let (id, secret) = read_dotenv(&path).unwrap();
            assert_eq!((id.as_deref(), secret.as_deref()), (Some("abc"), Some("a$HOME")), "{text:?}");
        }
    }

    #[test]
    fn a_broken_dotenv_line_is_told_by_its_number_and_not_quoted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".env");
        std::fs::write(&path, "ESOLOGS_ID=abc\nESOLOGS_SECRET='hunter2\n").unwrap();

        let error = read_dotenv(&path).unwrap_err();

        assert!(error.to_string().contains("line 2"), "{error}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }

    #[test]
    fn half_a_pair_of_credentials_names_the_missing_half() {
        let error = Credentials::from_pair((Some("abc".into()), None), ".env").unwrap_err();
        assert_eq!(error.to_string(), ".env sets ESOLOGS_ID but not ESOLOGS_SECRET");
    }
}
