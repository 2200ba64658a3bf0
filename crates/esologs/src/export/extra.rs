//! The column `extra`: what no column can hold, as the JSON text of an object.

/// The text of one row's `extra`, while the row is read.
#[derive(Debug, Default)]
pub(super) struct Extra(String);

impl Extra {
    /// Keeps a field: its name as it stands in the JSON, and the text of its value.
    pub(super) fn keep(&mut self, name: &str, json: &str) {
        self.name(name);
        self.0.push_str(json);
    }

    /// Begins an object of this name, of which perhaps nothing has to be kept. Ended by [`end`](Self::end).
    pub(super) fn begin(&mut self, name: &str) -> Begun {
        let before = self.0.len();
        self.name(name);
        self.0.push('{');
        Begun { before, inside: self.0.len() }
    }

    /// Ends an object; where nothing of it was kept, its name is not kept either.
    pub(super) fn end(&mut self, begun: &Begun) {
        if self.0.len() == begun.inside {
            self.0.truncate(begun.before);
        } else {
            self.0.push('}');
        }
    }

    fn name(&mut self, name: &str) {
        // Values never end with a bracket that opens, so this is an object that has just begun.
        let first = match self.0.as_bytes().last() {
            None => "{",
            Some(b'{') => "",
            Some(_) => ",",
        };
        self.0.push_str(first);
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
    }

    /// The text of this row, and nothing again; `None` where nothing was kept.
    pub(super) fn finish<R>(&mut self, take: impl FnOnce(Option<&str>) -> R) -> R {
        if self.0.is_empty() {
            return take(None);
        }
        self.0.push('}');
        let taken = take(Some(&self.0));
        self.0.clear();
        taken
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

/// An object in [`Extra`] that has begun.
#[derive(Debug)]
pub(super) struct Begun {
    before: usize,
    inside: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(extra: &mut Extra) -> Option<String> {
        extra.finish(|text| text.map(str::to_owned))
    }

    #[test]
    fn an_object_of_which_nothing_is_kept_leaves_no_trace() {
        let mut extra = Extra::default();

        let begun = extra.begin("sourceResources");
        extra.end(&begun);

        assert_eq!(text(&mut extra), None);
    }

    #[test]
    fn what_is_kept_stands_where_it_stood() {
        let mut extra = Extra::default();

        extra.keep("a", "\"{\"");
        let begun = extra.begin("b");
        extra.keep("c", "[1]");
        extra.keep("d", "{}");
        extra.end(&begun);
        extra.keep("e", "null");

        assert_eq!(text(&mut extra).as_deref(), Some(r#"{"a":"{","b":{"c":[1],"d":{}},"e":null}"#));
        assert_eq!(text(&mut extra), None, "the next row begins with nothing");
    }
}
