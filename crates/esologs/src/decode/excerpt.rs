//! The first words of a body, fit to be shown in an error.

/// How much of a body an error shows, in characters.
const EXCERPT_CHARS: usize = 120;

/// The start of a body on one line, without markup and control characters, cut at 120 characters.
pub(crate) fn excerpt(body: &[u8]) -> String {
    // Pages are short; four bytes for a character and some room for the markup that is left out.
    let head = String::from_utf8_lossy(&body[..body.len().min(4 * 1024)]);
    let text = if head.trim_start().starts_with('<') { without_markup(&head) } else { head.into_owned() };
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    let line = without_repeated_start(&words).join(" ");
    if line.chars().count() > EXCERPT_CHARS { line.chars().take(EXCERPT_CHARS).chain(['…']).collect() } else { line }
}

/// The words, once where they begin twice the same: a page's title and its heading mostly are.
fn without_repeated_start<'a, 'b>(words: &'a [&'b str]) -> &'a [&'b str] {
    let repeated = (1..=words.len() / 2).rev().find(|most| words[..*most] == words[*most..2 * most]);
    &words[repeated.unwrap_or(0)..]
}

fn without_markup(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        text.push(' ');
        // Script and style are not for reading.
        let skip = ["script", "style"]
            .iter()
            .find(|name| rest[open + 1..].get(..name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name)));
        let end = match skip {
            Some(name) => rest[open..].find(&format!("</{name}")).map(|at| open + at + 2),
            None => Some(open),
        };
        match end.and_then(|from| rest[from..].find('>').map(|at| from + at + 1)) {
            Some(next) => rest = &rest[next..],
            None => return text,
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_that_is_the_heading_as_well_is_shown_once() {
        let page =
            b"<html><head><title>503 Service Unavailable</title></head><body><h1>503 Service Unavailable</h1><p>No server.</p>";
        assert_eq!(excerpt(page), "503 Service Unavailable No server.");
    }

    #[test]
    fn a_page_is_shown_by_its_words() {
        let page = b"<!DOCTYPE html>\n<html><head><title>Down for maintenance</title><script>var x = '<b>';</script></head><body><h1>Back soon</h1>";
        assert_eq!(excerpt(page), "Down for maintenance Back soon");
    }

    #[test]
    fn a_long_body_is_cut_and_stays_on_one_line() {
        let text = excerpt("a\n\u{7}b ".repeat(500).as_bytes());
        assert!(text.starts_with("a b a b"));
        assert_eq!(text.chars().count(), EXCERPT_CHARS + 1);
    }

    #[test]
    fn any_bytes_make_an_excerpt() {
        for body in [&b""[..], b"<", b"<scr", b"<script", b"\xff\xfe<", "<é".as_bytes()] {
            let _ = excerpt(body);
        }
    }
}
