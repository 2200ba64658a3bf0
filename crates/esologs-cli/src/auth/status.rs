//! `esologs auth status`: who asks, and where that is said; without a request, unless it is to be checked.

use std::path::{Path, PathBuf};

use esologs::{AskedBy, AskedWith, AuthScope, CallPolicy, Client, Endpoint, Error, Origin, TokenStore, UnixMillis};
use serde::Serialize;

use crate::args::StatusArgs;
use crate::connection::Connection;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{output, words};

/// The demo has nothing to be found.
const NO_FAULTS: f64 = 0.0;

pub(crate) async fn run(args: StatusArgs) -> Result<Exit, Failure> {
    let connection = Connection::open(&args.host, NO_FAULTS).await?;
    let client = connection.client.policy(CallPolicy::interactive()).build()?;
    let mut known = Vec::new();
    for by in client.asked_by() {
        let checked = if args.check { Some(check(&client, &by).await) } else { None };
        let kept = connection.kept.as_ref().filter(|_| by.origin == Origin::Store).map(|kept| Kept::of(kept, &by));
        known.push(Known { by, checked, kept });
    }
    let now = client.clock().now();
    if args.json {
        output::data(&json(&client.endpoint().host(), &known)?)?;
    } else {
        output::data(&(lines(&client.endpoint().host(), &known, now).join("\n") + "\n"))?;
    }
    // Everything is told; the first that is not accepted decides how it ends.
    match known.into_iter().find_map(|known| known.checked?.err()) {
        Some(error) => Err(error.into()),
        None => Ok(Exit::Done),
    }
}

/// Somebody in whose name is asked.
#[derive(Debug)]
struct Known {
    by: AskedBy,
    /// The user's name, where there is one; where it was asked.
    checked: Option<Result<Option<String>, Error>>,
    /// Where it is kept, if a sign-in has left it.
    kept: Option<Kept>,
}

/// The file of a sign-in.
#[derive(Debug)]
struct Kept {
    profile: String,
    file: PathBuf,
    /// Who may read it, as `600`; `None` where the system has no such modes.
    mode: Option<String>,
}

impl Kept {
    fn of((store, endpoint): &(TokenStore, Endpoint), by: &AskedBy) -> Self {
        let file = if by.scope.is_user() { store.signed_in_path(endpoint) } else { store.credentials_path(endpoint) };
        Self { profile: store.profile_name().to_owned(), mode: mode(&file), file }
    }
}

#[cfg(unix)]
fn mode(file: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = std::fs::metadata(file).ok()?.permissions().mode();
    Some(format!("{:o}", mode & 0o777))
}

#[cfg(not(unix))]
fn mode(_: &Path) -> Option<String> {
    None
}

async fn check(client: &Client, by: &AskedBy) -> Result<Option<String>, Error> {
    if !by.scope.is_user() {
        return client.rate_limit().await.map(|_| None);
    }
    let user = client.as_user().current_user().await?;
    Ok(user.value().name.clone())
}

fn lines(host: &str, known: &[Known], now: UnixMillis) -> Vec<String> {
    let mut lines = vec![format!("Who asks at {}:", words::plain(host))];
    for known in known {
        lines.push(String::new());
        let facts = facts(known, now);
        let wide = facts.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        lines.extend(facts.iter().map(|(name, fact)| format!("{name:wide$}  {}", words::plain(fact))));
    }
    lines
}

fn facts(Known { by, checked, kept }: &Known, now: UnixMillis) -> Vec<(&'static str, String)> {
    let mut facts = vec![match &by.scope {
        AuthScope::User(id) => ("user", shortened(id)),
        scope => ("key", shortened(id_of(scope))),
    }];
    if let Some(Ok(Some(name))) = checked {
        facts.push(("name", words::title(name)));
    }
    facts.push(("said by", by.origin.to_string()));
    if let Some(Kept { profile, file, mode }) = kept {
        facts.push(("profile", profile.clone()));
        let mode = mode.as_ref().map(|mode| format!(" (mode {mode})")).unwrap_or_default();
        facts.push(("file", format!("{}{mode}", words::path(file))));
    }
    facts.push((
        "asks with",
        match by.with {
            AskedWith::Credentials => "id and secret, for which a token is fetched when it is needed",
            AskedWith::SignIn if by.is_renewable => "a sign-in, whose token is renewed when it is about to end",
            AskedWith::SignIn => "a sign-in, whose token cannot be renewed",
            _ => "a token that was given, which nothing renews",
        }
        .to_owned(),
    ));
    if let Some(claims) = &by.claims {
        let made = claims.made_at.map(|made| format!("made {} ago", words::about(now.since(made))));
        let ends = claims.ends_at.map(|ends| {
            if ends <= now {
                format!("ended {} ago", words::about(now.since(ends)))
            } else {
                format!("ends in {}", words::about(ends.since(now)))
            }
        });
        let told: Vec<String> = made.into_iter().chain(ends).collect();
        if !told.is_empty() {
            facts.push(("token", told.join(", ")));
        }
        if by.scope.is_user() {
            let scopes = if claims.scopes.is_empty() { "none".to_owned() } else { claims.scopes.join(", ") };
            facts.push(("scopes", scopes));
        }
    }
    match checked {
        Some(Ok(_)) => facts.push(("accepted", "yes, as the service has just said".to_owned())),
        Some(Err(error)) => facts.push(("accepted", format!("no: {}", error.message()))),
        None => {}
    }
    facts
}

fn id_of(scope: &AuthScope) -> &str {
    match scope {
        AuthScope::Key(id) | AuthScope::User(id) => id,
        _ => "",
    }
}

/// Enough of an id to know it again by.
fn shortened(id: &str) -> String {
    words::cut(id, 9)
}

/// What `--json` prints: described in `docs/cli.md`. Names of fields are a promise.
#[derive(Serialize)]
struct Told<'a> {
    host: &'a str,
    asked_by: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    r#as: &'static str,
    id: &'a str,
    name: Option<&'a str>,
    origin: &'static str,
    with: &'static str,
    is_renewable: bool,
    token_made_at_unix_ms: Option<UnixMillis>,
    token_ends_at_unix_ms: Option<UnixMillis>,
    scopes: &'a [String],
    is_accepted: Option<bool>,
    profile: Option<&'a str>,
    file: Option<String>,
    mode: Option<&'a str>,
}

fn json(host: &str, known: &[Known]) -> Result<String, Failure> {
    let told = Told { host, asked_by: known.iter().map(Row::from).collect() };
    let text = serde_json::to_string_pretty(&told)
        .map_err(|error| Failure::new(Exit::Local, "local_file", format!("cannot write who asks as JSON: {error}")))?;
    Ok(text + "\n")
}

impl<'a> From<&'a Known> for Row<'a> {
    fn from(known: &'a Known) -> Self {
        let Known { by, checked, kept } = known;
        let kept = kept.as_ref();
        let claims = by.claims.as_ref();
        Self {
            r#as: if by.scope.is_user() { "user" } else { "key" },
            id: id_of(&by.scope),
            name: checked.as_ref().and_then(|checked| checked.as_ref().ok()?.as_deref()),
            origin: by.origin.name(),
            with: by.with.name(),
            is_renewable: by.is_renewable,
            token_made_at_unix_ms: claims.and_then(|claims| claims.made_at),
            token_ends_at_unix_ms: claims.and_then(|claims| claims.ends_at),
            scopes: claims.map_or(&[], |claims| &claims.scopes),
            is_accepted: checked.as_ref().map(Result::is_ok),
            profile: kept.map(|kept| kept.profile.as_str()),
            file: kept.map(|kept| kept.file.to_string_lossy().into_owned()),
            mode: kept.and_then(|kept| kept.mode.as_deref()),
        }
    }
}
