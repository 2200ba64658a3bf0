//! JSON by hand: an event is text from the start, and there are millions of them.

/// Appends fields to an object.
pub(super) struct Json<'a> {
    out: &'a mut Vec<u8>,
    first: bool,
}

impl<'a> Json<'a> {
    /// Opens an object.
    pub(super) fn open(out: &'a mut Vec<u8>) -> Self {
        out.push(b'{');
        Self::inside(out)
    }

    /// Goes on in an object that has been opened and has no field yet.
    pub(super) fn inside(out: &'a mut Vec<u8>) -> Self {
        Self { out, first: true }
    }

    /// Writes a name (which needs no escapes) and the colon, and gives the place of the value.
    pub(super) fn name(&mut self, name: &str) -> &mut Vec<u8> {
        if !self.first {
            self.out.push(b',');
        }
        self.first = false;
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.out
    }

    pub(super) fn int(&mut self, name: &str, value: i64) {
        write_int(self.name(name), value);
    }

    pub(super) fn bool(&mut self, name: &str, value: bool) {
        self.name(name).extend_from_slice(if value { b"true" } else { b"false" });
    }

    /// Writes text that needs no escapes, such as an event's type.
    pub(super) fn plain(&mut self, name: &str, value: &str) {
        self.digits(name, value.as_bytes());
    }

    /// Writes text of digits and dots.
    pub(super) fn digits(&mut self, name: &str, value: &[u8]) {
        let out = self.name(name);
        out.push(b'"');
        out.extend_from_slice(value);
        out.push(b'"');
    }

    /// Writes any text.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        write_text(self.name(name), value);
    }

    pub(super) fn close(self) {
        self.out.push(b'}');
    }
}

/// Appends the digits of a number.
pub(super) fn write_int(out: &mut Vec<u8>, value: i64) {
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    let mut rest = value.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

/// Appends text in quotes, escaped as far as JSON demands.
pub(super) fn write_text(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            0..0x20 => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn fields_are_written_in_order_and_escaped() {
        let mut out = Vec::new();

        let mut json = Json::open(&mut out);
        json.int("a", -120);
        json.bool("b", true);
        json.plain("c", "damage");
        json.text("d", "the \"Twins\"\n\\");
        json.int("e", i64::MIN);
        json.close();

        let text = r#"{"a":-120,"b":true,"c":"damage","d":"the \"Twins\"\u000a\\","e":-9223372036854775808}"#;
        assert_eq!(String::from_utf8(out).unwrap(), text);
    }
}
