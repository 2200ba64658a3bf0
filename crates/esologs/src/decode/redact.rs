//! Secrets taken out of words that came from a server.

const INSTEAD: &str = "(not shown)";
/// A cut excerpt can end in the middle of a secret; so much of its beginning is enough to recognise it.
const RECOGNISED: usize = 4;

/// The text without the secret, and without a beginning of it where the text was cut.
pub(super) fn redact(text: &str, secret: &str) -> String {
    if secret.is_empty() {
        return text.to_owned();
    }
    let text = text.replace(secret, INSTEAD);
    let Some(cut) = text.find('…') else { return text };
    let (head, tail) = text.split_at(cut);
    let starts = secret.char_indices().map(|(at, _)| &secret[..at]).filter(|start| start.len() >= RECOGNISED);
    match starts.rev().find(|start| head.ends_with(start)) {
        Some(start) => format!("{}{INSTEAD}{tail}", &head[..head.len() - start.len()]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_taken_out_wherever_it_stands() {
        assert_eq!(redact("id=me hunter2 and hunter2!", "hunter2"), "id=me (not shown) and (not shown)!");
        assert_eq!(redact("nothing here", "hunter2"), "nothing here");
    }

    #[test]
    fn the_beginning_of_a_secret_at_a_cut_is_taken_out_too() {
        assert_eq!(redact("authorization: hunt…", "hunter2"), "authorization: (not shown)…");
        assert_eq!(redact("authorization: hunter…: x", "hunter2"), "authorization: (not shown)…: x");
    }
}
