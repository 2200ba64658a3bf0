//! Starts a browser: the one that `$BROWSER` names, else the one of the system.

use std::process::{Command, Stdio};

const BROWSER: &str = "BROWSER";

/// Opens the address.
///
/// # Errors
/// Why no browser could be started, in words.
pub(super) fn open(url: &str) -> Result<(), String> {
    let named = std::env::var(BROWSER).unwrap_or_default();
    if named.trim().is_empty() {
        return open::that_detached(url).map_err(|error| error.to_string());
    }
    let mut why = String::new();
    for command in named.split(':').filter_map(|command| words_of(command, url)) {
        match start(&command) {
            Ok(()) => return Ok(()),
            Err(error) => why = format!("{BROWSER}={named}: {error}"),
        }
    }
    Err(why)
}

/// A command with the address in the place of `%s`, or behind it; no shell reads it.
fn words_of(command: &str, url: &str) -> Option<Vec<String>> {
    let mut words: Vec<String> = command.split_whitespace().map(|word| word.replace("%s", url)).collect();
    if words.is_empty() {
        return None;
    }
    if !command.contains("%s") {
        words.push(url.to_owned());
    }
    Some(words)
}

fn start(words: &[String]) -> std::io::Result<()> {
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_takes_its_place_in_the_command() {
        let words = |command| words_of(command, "http://x/?a=1&b=2").map(|words| words.join("|"));
        assert_eq!(words("firefox").as_deref(), Some("firefox|http://x/?a=1&b=2"));
        assert_eq!(words("chromium --app=%s --x").as_deref(), Some("chromium|--app=http://x/?a=1&b=2|--x"));
        assert_eq!(words("  "), None);
    }
}
