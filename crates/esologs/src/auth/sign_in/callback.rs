//! What a request to the redirect address is: pure, so that it can be tried with whatever a browser or a stranger sends.

use secrecy::SecretString;
use url::form_urlencoded;

/// What came.
pub(super) enum Callback {
    /// The user agreed; the code is good once.
    Agreed(SecretString),
    /// The user, or the service, said no: why, and in which words.
    Refused { error: String, words: String },
    /// An answer to another sign-in, or somebody else's.
    Foreign,
    /// Some other path: an icon, a page that was typed wrong.
    NotHere,
    /// No request for a page.
    NotUnderstood,
}

/// Judges the first line of a request, for the sign-in with this path and state.
pub(super) fn judge(request_line: &str, path: &str, state: &str) -> Callback {
    let mut words = request_line.split(' ');
    let (Some("GET"), Some(target), Some(version), None) = (words.next(), words.next(), words.next(), words.next()) else {
        return Callback::NotUnderstood;
    };
    if !version.starts_with("HTTP/1.") {
        return Callback::NotUnderstood;
    }
    let (asked, query) = target.split_once('?').unwrap_or((target, ""));
    if asked != path {
        return Callback::NotHere;
    }
    let field = |name: &str| {
        let mut values =
            form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        // Given twice, one of them may be a stranger's.
        values.next().filter(|value| !value.is_empty() && values.next().is_none())
    };
    if field("state").is_none_or(|given| !is_same(&given, state)) {
        return Callback::Foreign;
    }
    match (field("error"), field("code")) {
        (Some(error), _) => {
            Callback::Refused { words: field("error_description").or(field("message")).unwrap_or_default(), error }
        }
        (None, Some(code)) => Callback::Agreed(code.into()),
        (None, None) => Callback::NotUnderstood,
    }
}

/// Takes as long wherever the two differ.
fn is_same(given: &str, wanted: &str) -> bool {
    given.len() == wanted.len() && given.bytes().zip(wanted.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn name(request_line: &str) -> String {
        match judge(request_line, "/callback", "right") {
            Callback::Agreed(code) => format!("agreed {}", code.expose_secret()),
            Callback::Refused { error, words } => format!("refused {error} {words}"),
            Callback::Foreign => "foreign".into(),
            Callback::NotHere => "not here".into(),
            Callback::NotUnderstood => "not understood".into(),
        }
    }

    #[test]
    fn an_answer_of_this_sign_in_is_taken() {
        assert_eq!(name("GET /callback?code=a%2Fb&state=right HTTP/1.1"), "agreed a/b");
        assert_eq!(
            name("GET /callback?error=access_denied&error_description=The+user+denied&state=right HTTP/1.1"),
            "refused access_denied The user denied"
        );
    }

    #[test]
    fn an_answer_with_another_state_or_none_is_foreign_whatever_it_says() {
        for query in [
            "code=a&state=wrong",
            "code=a&state=righ",
            "code=a&state=rightt",
            "code=a",
            "code=a&state=",
            "code=a&state=right&state=wrong",
            "error=access_denied&state=wrong",
            "",
        ] {
            assert_eq!(name(&format!("GET /callback?{query} HTTP/1.1")), "foreign", "{query}");
        }
        assert_eq!(name("GET /callback HTTP/1.1"), "foreign");
    }

    #[test]
    fn other_paths_and_other_requests_do_no_harm() {
        for target in ["/favicon.ico", "/", "/callback/?code=a&state=right", "/callbackx?code=a&state=right", "//callback"] {
            assert_eq!(name(&format!("GET {target} HTTP/1.1")), "not here", "{target}");
        }
        for line in ["POST /callback?code=a&state=right HTTP/1.1", "GET /callback", "", "\u{16}\u{3}\u{1}", "GET  / HTTP/1.1"] {
            assert_eq!(name(line), "not understood", "{line}");
        }
        assert_eq!(name("GET /callback?state=right HTTP/1.1"), "not understood");
        assert_eq!(name("GET /callback?code=a&code=b&state=right HTTP/1.1"), "not understood", "two codes are none");
    }
}
