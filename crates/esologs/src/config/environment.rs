//! What the environment says of who asks: variables of the process, and a file `.env` in the current folder.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use super::Credentials;
use crate::auth::AccessToken;
use crate::error::{Error, ErrorKind};

/// The id of an API client, under each of its names.
const ID: [&str; 2] = ["ESOLOGS_ID", "ESOLOGS_CLIENT_ID"];
/// Its secret.
const SECRET: [&str; 2] = ["ESOLOGS_SECRET", "ESOLOGS_CLIENT_SECRET"];
/// A token that was fetched elsewhere.
const TOKEN: [&str; 1] = ["ESOLOGS_TOKEN"];
/// The file that may set these names, and no others: it may have come with a download, and must not name the host.
const DOTENV: &str = ".env";

/// Where it is said who asks. What is said by the program itself comes before all of these; then the first place counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Origin {
    /// The program said so ([`ClientBuilder::credentials`](crate::ClientBuilder::credentials)).
    Program,
    /// Variables of the process.
    Environment,
    /// The file `.env` in the current folder.
    DotEnv,
    /// What a sign-in has left in the token store.
    Store,
}

impl Origin {
    /// A name in lower case with underscores, for logs and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Environment => "environment",
            Self::DotEnv => "dotenv",
            Self::Store => "store",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Program => "the program itself",
            Self::Environment => "the environment",
            Self::DotEnv => "the file .env",
            Self::Store => "the token store",
        })
    }
}

/// Something that was said, and where.
#[derive(Clone)]
pub(crate) struct Found<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

/// What the environment says of who asks.
#[derive(Default)]
pub(crate) struct Environment {
    pub(crate) key: Option<Found<Credentials>>,
    pub(crate) token: Option<Found<AccessToken>>,
    /// What looks like a mistake and is none for sure, in sentences.
    pub(crate) oddities: Vec<String>,
}

impl Environment {
    /// Reads the variables of the process, and the file `.env` for what they do not say.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] where only half of id and secret is said, two names of one thing say different things, or the file cannot
    /// be read as lines of `NAME=value`.
    pub(crate) fn read() -> Result<Self, Error> {
        Self::read_from(variable, Path::new(DOTENV))
    }

    fn read_from(variable: impl Fn(&str) -> Result<Option<String>, Error>, dotenv: &Path) -> Result<Self, Error> {
        let mut found = Self::default();
        let process = Said::by_process(variable)?;
        found.oddities = process.oddities();
        found.take(process)?;
        if (found.key.is_none() || found.token.is_none()) && dotenv.is_file() {
            found.take(Said::by_file(dotenv)?)?;
        }
        Ok(found)
    }

    /// Takes over what was not said before.
    fn take(&mut self, said: Said) -> Result<(), Error> {
        if self.key.is_none() {
            let key = key(said.one_of(&ID)?, said.one_of(&SECRET)?, said.origin)?;
            self.key = key.map(|value| Found { value, origin: said.origin });
        }
        if self.token.is_none() {
            let named =
                |name: &str| if said.origin == Origin::DotEnv { format!("{name} in the file {DOTENV}") } else { name.to_owned() };
            let token = said.one_of(&TOKEN)?.map(|(name, token)| AccessToken::new(token, named(name))).transpose()?;
            self.token = token.map(|value| Found { value, origin: said.origin });
        }
        Ok(())
    }
}

type Named<'a> = (&'static str, &'a str);

fn key(id: Option<Named<'_>>, secret: Option<Named<'_>>, place: Origin) -> Result<Option<Credentials>, Error> {
    let missing = |given: &str, missing: &str| {
        let message = format!("{place} sets {given} but not {missing}");
        Err(Error::new(ErrorKind::Usage, message).with_hint(format!("set both {given} and {missing}")))
    };
    match (id, secret) {
        (Some((_, id)), Some((_, secret))) => Credentials::new(id, secret).map(Some),
        (None, None) => Ok(None),
        (Some((given, _)), None) => missing(given, partner(given, &ID, &SECRET)),
        (None, Some((given, _))) => missing(given, partner(given, &SECRET, &ID)),
    }
}

/// The name that belongs to this one.
fn partner(given: &str, names: &[&'static str; 2], partners: &[&'static str; 2]) -> &'static str {
    if given == names[0] { partners[0] } else { partners[1] }
}

/// What one place says, by name. What is blank is not said.
struct Said {
    origin: Origin,
    values: BTreeMap<&'static str, String>,
}

impl Said {
    fn by_process(variable: impl Fn(&str) -> Result<Option<String>, Error>) -> Result<Self, Error> {
        let mut values = BTreeMap::new();
        for name in names() {
            if let Some(value) = variable(name)?.filter(|value| !value.trim().is_empty()) {
                values.insert(name, value);
            }
        }
        Ok(Self { origin: Origin::Environment, values })
    }

    /// Reads these names out of a file of lines `NAME=value`, as shells, Docker and editors of every system write them. Other names
    /// are none of our business, whatever stands behind them; nothing is substituted.
    fn by_file(path: &Path) -> Result<Self, Error> {
        let refuse = |why: String| Error::new(ErrorKind::Usage, format!("cannot read {}: {why}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|error| refuse(error.to_string()))?;
        let mut values = BTreeMap::new();
        for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let Some((name, value)) = line.split_once('=') else { continue };
            let name = name.trim();
            let name = name.strip_prefix("export ").unwrap_or(name).trim();
            let Some(name) = names().find(|known| *known == name) else { continue };
            // The line is not quoted in the message: it may hold the secret.
            let value = unquoted(value.trim()).ok_or_else(|| refuse(format!("the quotes in line {} do not match", index + 1)))?;
            if value.is_empty() {
                values.remove(name);
            } else {
                values.insert(name, value.to_owned());
            }
        }
        Ok(Self { origin: Origin::DotEnv, values })
    }

    /// What is said under one of these names of the same thing.
    fn one_of(&self, names: &[&'static str]) -> Result<Option<Named<'_>>, Error> {
        let mut said = names.iter().filter_map(|name| Some((*name, self.values.get(name)?.as_str())));
        let Some(first) = said.next() else { return Ok(None) };
        match said.find(|(_, value)| value.trim() != first.1.trim()) {
            None => Ok(Some(first)),
            Some((other, _)) => {
                let message = format!("{} sets both {} and {other}, to different values", self.origin, first.0);
                Err(Error::new(ErrorKind::Usage, message).with_hint("they are two names of one thing: keep one of them"))
            }
        }
    }

    fn oddities(&self) -> Vec<String> {
        let odd = self.values.iter().filter_map(|(name, value)| {
            let trimmed = value.trim();
            let quoted = trimmed.len() > 1 && trimmed.starts_with(['"', '\'']) && trimmed.ends_with(['"', '\'']);
            if quoted {
                Some(format!("{name} stands in quotes, which are taken for a part of it (Docker's --env-file keeps them)"))
            } else if trimmed.len() < value.len() {
                Some(format!("{name} has white space around it, which is left out"))
            } else if trimmed.contains(char::is_whitespace) {
                Some(format!("{name} has white space in the middle"))
            } else {
                None
            }
        });
        odd.collect()
    }
}

fn names() -> impl Iterator<Item = &'static str> {
    ID.into_iter().chain(SECRET).chain(TOKEN)
}

fn variable(name: &str) -> Result<Option<String>, Error> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(Error::new(ErrorKind::Usage, format!("{name} is not valid UTF-8"))),
    }
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

    /// What is found where the process has these variables and the file this text.
    fn read(process: &[(&str, &str)], dotenv: Option<&str>) -> Result<Environment, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(DOTENV);
        if let Some(text) = dotenv {
            std::fs::write(&path, text).unwrap();
        }
        let variable = |name: &str| Ok(process.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()));
        Environment::read_from(variable, &path)
    }

    /// Id, secret, and where they were said.
    fn key_of(environment: &Environment) -> Option<(&str, &str, Origin)> {
        environment.key.as_ref().map(|key| (key.value.id(), key.value.expose_secret(), key.origin))
    }

    fn token_of(environment: &Environment) -> Option<(&str, Origin)> {
        environment.token.as_ref().map(|token| (token.value.origin(), token.origin))
    }

    #[test]
    fn id_and_secret_have_two_names_each() {
        for names in [["ESOLOGS_ID", "ESOLOGS_SECRET"], ["ESOLOGS_CLIENT_ID", "ESOLOGS_CLIENT_SECRET"]] {
            let found = read(&[(names[0], "abc"), (names[1], "s3cret")], None).unwrap();
            assert_eq!(key_of(&found), Some(("abc", "s3cret", Origin::Environment)));
        }
        let mixed = read(&[("ESOLOGS_ID", "abc"), ("ESOLOGS_CLIENT_SECRET", "s3cret")], None).unwrap();
        assert_eq!(key_of(&mixed), Some(("abc", "s3cret", Origin::Environment)));
    }

    #[test]
    fn two_names_that_say_the_same_are_no_mistake() {
        let same =
            [("ESOLOGS_ID", "abc"), ("ESOLOGS_CLIENT_ID", "abc "), ("ESOLOGS_SECRET", "s"), ("ESOLOGS_CLIENT_SECRET", "s")];
        assert_eq!(key_of(&read(&same, None).unwrap()), Some(("abc", "s", Origin::Environment)));
    }

    #[test]
    fn two_names_that_say_different_things_are_told_and_their_values_are_not() {
        let different = [("ESOLOGS_ID", "abc"), ("ESOLOGS_SECRET", "hunter2"), ("ESOLOGS_CLIENT_SECRET", "hunter3")];

        let error = read(&different, None).map(|_| ()).unwrap_err();

        assert_eq!(error.kind(), ErrorKind::Usage);
        let message = "the environment sets both ESOLOGS_SECRET and ESOLOGS_CLIENT_SECRET, to different values";
        assert_eq!(error.to_string(), message);
        assert!(!format!("{error:?}").contains("hunter"), "{error:?}");
    }

    #[test]
    fn the_process_comes_before_the_file_and_each_of_key_and_token_from_where_it_is_said() {
        let file = "ESOLOGS_ID=of-file\nESOLOGS_SECRET=of-file\nESOLOGS_TOKEN=tok-of-file\n";
        let process = [("ESOLOGS_ID", "abc"), ("ESOLOGS_SECRET", "s3cret")];

        let (of_file, of_both) = (read(&[], Some(file)).unwrap(), read(&process, Some(file)).unwrap());

        assert_eq!(key_of(&of_file), Some(("of-file", "of-file", Origin::DotEnv)));
        assert_eq!(key_of(&of_both), Some(("abc", "s3cret", Origin::Environment)));
        assert_eq!(token_of(&of_both), Some(("ESOLOGS_TOKEN in the file .env", Origin::DotEnv)));
    }

    #[test]
    fn half_a_pair_names_the_missing_half_by_the_name_that_goes_with_it() {
        for (given, missing) in [
            ("ESOLOGS_ID", "ESOLOGS_SECRET"),
            ("ESOLOGS_SECRET", "ESOLOGS_ID"),
            ("ESOLOGS_CLIENT_ID", "ESOLOGS_CLIENT_SECRET"),
            ("ESOLOGS_CLIENT_SECRET", "ESOLOGS_CLIENT_ID"),
        ] {
            let error = read(&[(given, "x")], None).map(|_| ()).unwrap_err();
            assert_eq!(error.to_string(), format!("the environment sets {given} but not {missing}"));
            let error = read(&[], Some(&format!("{given}=x\n"))).map(|_| ()).unwrap_err();
            assert_eq!(error.to_string(), format!("the file .env sets {given} but not {missing}"));
        }
    }

    #[test]
    fn half_a_pair_in_the_process_is_not_completed_by_the_file() {
        let file = "ESOLOGS_ID=abc\nESOLOGS_SECRET=s3cret\n";
        assert!(read(&[("ESOLOGS_ID", "abc")], Some(file)).is_err());
    }

    #[test]
    fn blank_variables_say_nothing() {
        let blank =
            read(&[("ESOLOGS_ID", " "), ("ESOLOGS_SECRET", ""), ("ESOLOGS_TOKEN", "\t")], Some("ESOLOGS_TOKEN=\n")).unwrap();
        assert!(blank.key.is_none() && blank.token.is_none());
    }

    #[test]
    fn white_space_and_quotes_are_told_by_the_name_of_the_variable_and_never_with_its_value() {
        for (name, value, begins) in [
            ("ESOLOGS_ID", " hunter2\n", "ESOLOGS_ID has white space around it"),
            ("ESOLOGS_ID", "\"hunter2\"", "ESOLOGS_ID stands in quotes"),
            ("ESOLOGS_ID", "hunter2 hunter2", "ESOLOGS_ID has white space in the middle"),
        ] {
            let told = read(&[(name, value), ("ESOLOGS_SECRET", "s3cret")], None).unwrap().oddities;
            assert!(told.len() == 1 && told[0].starts_with(begins) && !told[0].contains("hunter2"), "{told:?}");
        }
    }

    #[test]
    fn a_dotenv_file_says_who_asks_and_nothing_else() {
        let text =
            "# mine\nESOLOGS_ID=abc\nexport ESOLOGS_SECRET=\"s3 cret\"\nESOLOGS_BASE_URL=http://evil\nHTTPS_PROXY=http://evil\n";
        assert_eq!(key_of(&read(&[], Some(text)).unwrap()), Some(("abc", "s3 cret", Origin::DotEnv)));
    }

    #[test]
    fn dotenv_files_of_every_system_are_read_and_nothing_is_substituted() {
        for text in [
            "\u{feff}ESOLOGS_ID=abc\r\nESOLOGS_SECRET=a$HOME\r\n",
            "OTHER=a b c\nnonsense\n\nESOLOGS_ID = 'abc' # mine\nESOLOGS_SECRET=a$HOME # mine\n",
            "ESOLOGS_ID=\"abc\"\nexport ESOLOGS_SECRET='a$HOME'",
            "ESOLOGS_CLIENT_ID=abc\nESOLOGS_CLIENT_SECRET=old\nESOLOGS_CLIENT_SECRET=a$HOME\n",
        ] {
            assert_eq!(key_of(&read(&[], Some(text)).unwrap()), Some(("abc", "a$HOME", Origin::DotEnv)), "{text:?}");
        }
    }

    #[test]
    fn a_broken_dotenv_line_is_told_by_its_number_and_not_quoted() {
        let error = read(&[], Some("ESOLOGS_ID=abc\nESOLOGS_SECRET='hunter2\n")).map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
}
