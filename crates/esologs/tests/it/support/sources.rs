//! Source files as text, for tests that hold what must not be in them.

use std::fs;
use std::path::{Path, PathBuf};

/// A source file: its path below the folder that was asked for, and its lines of code.
pub(crate) struct Source {
    pub(crate) path: String,
    /// Code without comments, strings and unit tests; line numbers stay.
    lines: Vec<String>,
}

/// The root of the workspace.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Every Rust file of the library, without its comments, the contents of its strings and its unit tests.
pub(crate) fn library() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, "rs", &mut files);
    assert!(files.len() > 30, "the scan found {} files only: has the library moved?", files.len());
    let tests = files_of_tests(&files);
    files
        .iter()
        .filter(|file| !tests.iter().any(|test| **file == test.with_extension("rs") || file.starts_with(test)))
        .map(|file| {
            let path = file.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
            Source { path, lines: code_lines(&fs::read_to_string(file).unwrap()) }
        })
        .collect()
}

/// Unit tests in files of their own, without the extension: what stands behind a `mod NAME;` under `#[cfg(test)]`.
fn files_of_tests(files: &[PathBuf]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for pair in lines.windows(2).filter(|pair| pair[0] == "#[cfg(test)]") {
            let Some(name) = pair[1].strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';')) else { continue };
            let folder = if file.ends_with("mod.rs") { file.parent().unwrap().to_owned() } else { file.with_extension("") };
            found.push(folder.join(name));
        }
    }
    found
}

/// Every file with this extension below a folder, sorted.
pub(crate) fn collect(folder: &Path, extension: &str, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, extension, files);
        } else if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
}

impl Source {
    /// Whether the file stands in this folder or is this file.
    pub(crate) fn is_in(&self, place: &str) -> bool {
        self.path == place || self.path.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'))
    }

    /// Where one of these words stands, as `path:line: code`. A word counts where no letter, digit or underscore touches it.
    pub(crate) fn places_of(&self, words: &[&str]) -> Vec<String> {
        let hits = self.lines.iter().enumerate().filter(|(_, line)| words.iter().any(|word| has_word(line, word)));
        hits.map(|(at, line)| format!("src/{}:{}: {}", self.path, at + 1, line.trim())).collect()
    }

    /// The file's code as one text.
    pub(crate) fn code(&self) -> String {
        self.lines.join("\n")
    }
}

fn has_word(line: &str, word: &str) -> bool {
    let part_of_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let open = |edge: Option<char>, inner: Option<char>| !(edge.is_some_and(part_of_name) && inner.is_some_and(part_of_name));
        open(before, word.chars().next()) && open(after, word.chars().next_back())
    })
}

/// The lines with comments and the contents of strings blanked, and without items under `#[cfg(test)]`.
fn code_lines(text: &str) -> Vec<String> {
    without_tests(blank_comments_and_strings(text).lines().map(str::to_owned).collect())
}

/// Blanks everything from `#[cfg(test)]` to the end of the item under it.
fn without_tests(mut lines: Vec<String>) -> Vec<String> {
    let mut at = 0;
    while at < lines.len() {
        if lines[at].trim_start().starts_with("#[cfg(test)]") {
            let (mut depth, mut opened) = (0_i32, false);
            while at < lines.len() {
                let line = std::mem::take(&mut lines[at]);
                depth += line.matches('{').count() as i32 - line.matches('}').count() as i32;
                opened |= line.contains('{');
                if (opened && depth <= 0) || (!opened && line.trim_end().ends_with(';')) {
                    break;
                }
                at += 1;
            }
        }
        at += 1;
    }
    lines
}

/// Comments and the contents of string literals as spaces; line breaks stay.
fn blank_comments_and_strings(text: &str) -> String {
    #[derive(PartialEq)]
    enum In {
        Code,
        LineComment,
        BlockComment(u32),
        Text,
        RawText(usize),
    }
    let chars: Vec<char> = text.chars().collect();
    let starts = |at: usize, word: &str| word.chars().enumerate().all(|(offset, c)| chars.get(at + offset) == Some(&c));
    let (mut out, mut state, mut at) = (String::with_capacity(text.len()), In::Code, 0);
    while at < chars.len() {
        let c = chars[at];
        let mut taken = 1;
        let mut shown = if c == '\n' { '\n' } else { ' ' };
        match &mut state {
            In::Code if starts(at, "//") => state = In::LineComment,
            In::Code if starts(at, "/*") => (state, taken) = (In::BlockComment(1), 2),
            In::Code if c == '"' => (state, shown) = (In::Text, '"'),
            In::Code if c == 'r' && (starts(at + 1, "\"") || starts(at + 1, "#")) => {
                let hashes = chars[at + 1..].iter().take_while(|&&c| c == '#').count();
                shown = 'r';
                if chars.get(at + 1 + hashes) == Some(&'"') {
                    (state, taken) = (In::RawText(hashes), 2 + hashes);
                }
            }
            // A character literal may hold a quote: '"', '\'', '\\'.
            In::Code if c == '\'' && chars.get(at + 1) == Some(&'\\') => taken = 4.min(chars.len() - at),
            In::Code if c == '\'' && chars.get(at + 2) == Some(&'\'') => taken = 3,
            In::Code => shown = c,
            In::LineComment if c == '\n' => state = In::Code,
            In::LineComment => {}
            In::BlockComment(depth) if starts(at, "/*") => (*depth, taken) = (*depth + 1, 2),
            In::BlockComment(depth) if starts(at, "*/") => {
                *depth -= 1;
                taken = 2;
                if *depth == 0 {
                    state = In::Code;
                }
            }
            In::BlockComment(_) => {}
            In::Text if c == '\\' => taken = 2,
            In::Text if c == '"' => (state, shown) = (In::Code, '"'),
            In::Text => {}
            In::RawText(hashes) if c == '"' && chars[at + 1..].iter().take(*hashes).filter(|&&c| c == '#').count() == *hashes => {
                taken = 1 + *hashes;
                state = In::Code;
            }
            In::RawText(_) => {}
        }
        out.push(shown);
        for skipped in &chars[at + 1..(at + taken).min(chars.len())] {
            out.push(if *skipped == '\n' { '\n' } else { ' ' });
        }
        at += taken;
    }
    out
}

#[test]
fn a_scan_sees_code_and_neither_comments_nor_strings_nor_unit_tests() {
    let text = "use a::sleep; // sleep\nlet x = \"sleep \\\" sleep\"; /* sleep\n sleep */ let c = '\"'; nap(r#\"sleep \" \"#);\n\
                fn b() { sleepy(); }\n#[cfg(test)]\nmod tests {\n    fn t() { sleep(); }\n}\nfn after() { tokio::time::sleep(d) }\n";
    let source = Source { path: "x.rs".into(), lines: code_lines(text) };

    let places = source.places_of(&["sleep"]);

    assert_eq!(places.len(), 2, "{places:?}");
    assert!(places[0].starts_with("src/x.rs:1: use a::sleep;"), "{places:?}");
    assert!(places[1].starts_with("src/x.rs:9: fn after()"), "{places:?}");
}
