//! JSON laid out anew without being read: numbers and strings stay to the letter.

/// In the one form or the other.
pub(crate) fn laid_out(json: &str, is_indented: bool) -> String {
    if is_indented { indented(json) } else { on_one_line(json) }
}

/// The JSON text with a line for each value, indented by two spaces. The text must be valid JSON.
pub(crate) fn indented(json: &str) -> String {
    let mut layout = Layout { out: String::with_capacity(json.len() * 2), depth: Some(0) };
    layout.write(json);
    layout.out
}

/// The JSON text on one line, without white space between its parts. The text must be valid JSON.
pub(crate) fn on_one_line(json: &str) -> String {
    let mut layout = Layout { out: String::with_capacity(json.len() + 1), depth: None };
    layout.write(json);
    layout.out
}

struct Layout {
    out: String,
    /// How deep the present value is nested; `None` where all goes on one line.
    depth: Option<usize>,
}

impl Layout {
    fn write(&mut self, json: &str) {
        let mut rest = json.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '"' => self.string(&mut rest),
                '{' | '[' => {
                    while rest.next_if(|c| c.is_ascii_whitespace()).is_some() {}
                    self.out.push(c);
                    // Nothing in it: both brackets on one line.
                    match rest.next_if(|next| matches!(next, '}' | ']')) {
                        Some(end) => self.out.push(end),
                        None => self.new_line(1),
                    }
                }
                '}' | ']' => {
                    self.new_line(-1);
                    self.out.push(c);
                }
                ',' => {
                    self.out.push(c);
                    self.new_line(0);
                }
                ':' => self.out.push_str(if self.depth.is_some() { ": " } else { ":" }),
                c if c.is_ascii_whitespace() => {}
                c => self.out.push(c),
            }
        }
        self.out.push('\n');
    }

    fn string(&mut self, rest: &mut impl Iterator<Item = char>) {
        self.out.push('"');
        while let Some(c) = rest.next() {
            self.out.push(c);
            match c {
                '"' => return,
                '\\' => self.out.extend(rest.next()),
                _ => {}
            }
        }
    }

    fn new_line(&mut self, deeper: isize) {
        let Some(depth) = &mut self.depth else { return };
        *depth = depth.saturating_add_signed(deeper);
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n("  ", *depth));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"a":[1.0,2e5,-0],"b":"x, {\"y\": [1]}\\","c":{},"d":[ ], "e" : {"f":null}}"#;

    #[test]
    fn numbers_and_strings_stay_to_the_letter() {
        let expected = r#"{
  "a": [
    1.0,
    2e5,
    -0
  ],
  "b": "x, {\"y\": [1]}\\",
  "c": {},
  "d": [],
  "e": {
    "f": null
  }
}
"#;
        assert_eq!(indented(TEXT), expected);
    }

    #[test]
    fn one_line_is_one_line_and_comes_back_from_the_indented_text() {
        let line = on_one_line(TEXT);
        assert_eq!(line, "{\"a\":[1.0,2e5,-0],\"b\":\"x, {\\\"y\\\": [1]}\\\\\",\"c\":{},\"d\":[],\"e\":{\"f\":null}}\n");
        assert_eq!(on_one_line(&indented(TEXT)), line);
    }
}
