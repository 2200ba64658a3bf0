//! JSON that was read: its values one after the other, in the order of the text. Strings stay where they are in the text.

use std::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};

/// What was read. It is of use beside the text only.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    pub(super) tokens: Vec<Token>,
    /// Short strings that come again and again, each once.
    pub(super) pieces: Vec<Piece>,
    /// Strings that are written otherwise than they read: those with escapes.
    unescaped: String,
}

/// A value, or the name of a field. What an object or a list holds follows it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token {
    Null,
    Bool(bool),
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    Text(Piece),
    /// A text, by its number among the pieces.
    Known(u32),
    List(u32),
    /// So many names, each with its value.
    Object(u32),
}

/// A string: where it begins, and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    start: u32,
    length: u32,
    is_unescaped: bool,
}

/// Longer strings are seldom the same as others.
const LONGEST_KNOWN: usize = 24;
/// Places for what is known. An answer has some dozens of names; what falls on a place that is taken takes it.
const PLACES: usize = 256;

impl Tape {
    pub(crate) fn read(text: &str) -> Result<Self, serde_json::Error> {
        if u32::try_from(text.len()).is_err() {
            return Err(serde_json::Error::custom("JSON of 4 GiB or more is not read"));
        }
        let mut reader = Reader { text, tape: Self::default(), known: [None; PLACES] };
        // A token for some ten bytes is what events come to.
        reader.tape.tokens.reserve(text.len() / 10);
        let mut deserializer = serde_json::Deserializer::from_str(text);
        Value(&mut reader).deserialize(&mut deserializer)?;
        deserializer.end()?;
        Ok(reader.tape)
    }

    /// The string, in the text that was read.
    pub(super) fn text<'a>(&'a self, piece: Piece, text: &'a str) -> &'a str {
        let within = if piece.is_unescaped { &self.unescaped } else { text };
        let start = piece.start as usize;
        within.get(start..start + piece.length as usize).unwrap_or_default()
    }
}

struct Reader<'a> {
    text: &'a str,
    tape: Tape,
    /// Short strings that were met, and their numbers among the pieces.
    known: [Option<(&'a str, u32)>; PLACES],
}

impl<'a> Reader<'a> {
    /// The token of a string that stands in the text as it reads.
    fn borrowed(&mut self, string: &'a str) {
        let start = string.as_ptr() as usize - self.text.as_ptr() as usize;
        let piece = Piece { start: start as u32, length: string.len() as u32, is_unescaped: false };
        if string.len() > LONGEST_KNOWN {
            return self.tape.tokens.push(Token::Text(piece));
        }
        let place = &mut self.known[place(string)];
        let number = match place {
            Some((known, number)) if *known == string => *number,
            _ => {
                let number = self.tape.pieces.len() as u32;
                self.tape.pieces.push(piece);
                *place = Some((string, number));
                number
            }
        };
        self.tape.tokens.push(Token::Known(number));
    }

    fn unescaped(&mut self, string: &str) {
        let piece = Piece { start: self.tape.unescaped.len() as u32, length: string.len() as u32, is_unescaped: true };
        self.tape.unescaped.push_str(string);
        self.tape.tokens.push(Token::Text(piece));
    }
}

/// The place of a string, by its length and some of its bytes (FNV-1a).
fn place(string: &str) -> usize {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ string.len() as u64;
    for byte in string.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash ^ hash >> 32) as usize % PLACES
}

/// Reads one value.
struct Value<'r, 'a>(&'r mut Reader<'a>);

impl<'r, 'a> Value<'r, 'a> {
    fn push<E>(self, token: Token) -> Result<(), E> {
        self.0.tape.tokens.push(token);
        Ok(())
    }

    /// Makes room for a token whose length is not known yet.
    fn open(&mut self) -> usize {
        self.0.tape.tokens.push(Token::Null);
        self.0.tape.tokens.len() - 1
    }
}

impl<'a> DeserializeSeed<'a> for Value<'_, 'a> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Value<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.push(Token::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.push(Token::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.push(Token::Signed(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.push(Token::Unsigned(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.push(Token::Float(value))
    }

    fn visit_borrowed_str<E: Error>(self, string: &'a str) -> Result<(), E> {
        self.0.borrowed(string);
        Ok(())
    }

    fn visit_str<E: Error>(self, string: &str) -> Result<(), E> {
        self.0.unescaped(string);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'a>>(mut self, mut entries: A) -> Result<(), A::Error> {
        let (at, mut length) = (self.open(), 0);
        while entries.next_element_seed(Value(self.0))?.is_some() {
            length += 1;
        }
        self.0.tape.tokens[at] = Token::List(length);
        Ok(())
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut fields: A) -> Result<(), A::Error> {
        let (at, mut length) = (self.open(), 0);
        while fields.next_key_seed(Name(self.0))?.is_some() {
            fields.next_value_seed(Value(self.0))?;
            length += 1;
        }
        self.0.tape.tokens[at] = Token::Object(length);
        Ok(())
    }
}

/// Reads the name of a field.
struct Name<'r, 'a>(&'r mut Reader<'a>);

impl<'a> DeserializeSeed<'a> for Name<'_, 'a> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(Value(self.0))
    }
}
