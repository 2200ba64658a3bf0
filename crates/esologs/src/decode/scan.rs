//! JSON without white space, checked at the speed that a page of events asks for.
//!
//! Stricter than JSON and nowhere laxer: white space outside strings is refused, and so is a value nested more than
//! [`DEEPEST`] deep. What is refused here can still be JSON; serde_json decides, and tells what is wrong.
//!
//! Every function takes the text and a place, and answers with the place after what it is named for, or `None` where something
//! else stands there. Whether strings are UTF-8 is left to the caller, who can ask that of all of them at once.
//!
//! Most of the time goes into waiting for one place to become known from the one before. So strings and digits are
//! passed eight bytes at a time, and each function is made part of `value`: as calls they take a third longer.

/// The most objects and lists that a value may stand in.
pub(super) const DEEPEST: u32 = 63;

/// This byte.
#[inline(always)]
pub(crate) fn byte(json: &[u8], at: usize, byte: u8) -> Option<usize> {
    (peek(json, at)? == byte).then_some(at + 1)
}

/// The name of a field, and its colon.
#[inline(always)]
pub(crate) fn name(json: &[u8], at: usize) -> Option<usize> {
    let after = rest_of_string(json, byte(json, at, b'"')?)?;
    byte(json, after, b':')
}

/// A value of any kind with all that is in it.
#[inline]
pub(crate) fn value(json: &[u8], mut at: usize) -> Option<usize> {
    // A bit for each that is open, 1 for an object and 0 for a list, the innermost lowest; above them a 1 that tells how many.
    let mut open = 1_u64;
    loop {
        // Here begins a value.
        at = match peek(json, at)? {
            b'"' => rest_of_string(json, at + 1)?,
            b'-' => number(json, at + 1)?,
            b'0'..=b'9' => number(json, at)?,
            b't' => word(json, at, b"true")?,
            b'f' => word(json, at, b"false")?,
            b'n' => word(json, at, b"null")?,
            b'{' => match byte(json, at + 1, b'}') {
                Some(after) => after,
                None => {
                    open = with(open, 1)?;
                    at = name(json, at + 1)?;
                    continue;
                }
            },
            b'[' => match byte(json, at + 1, b']') {
                Some(after) => after,
                None => {
                    open = with(open, 0)?;
                    at += 1;
                    continue;
                }
            },
            _ => return None,
        };
        // Here one has ended.
        loop {
            if open == 1 {
                return Some(at);
            }
            let in_object = open & 1 == 1;
            let next = peek(json, at)?;
            at += 1;
            if next == b',' {
                if in_object {
                    at = name(json, at)?;
                }
                break;
            }
            if next != if in_object { b'}' } else { b']' } {
                return None;
            }
            open >>= 1;
        }
    }
}

#[inline(always)]
fn peek(json: &[u8], at: usize) -> Option<u8> {
    json.get(at).copied()
}

#[inline(always)]
fn with(open: u64, bit: u64) -> Option<u64> {
    (open >> DEEPEST == 0).then_some(open << 1 | bit)
}

#[inline(always)]
fn word(json: &[u8], at: usize, word: &[u8]) -> Option<usize> {
    json[at..].starts_with(word).then_some(at + word.len())
}

/// A number after its sign.
#[inline(always)]
fn number(json: &[u8], at: usize) -> Option<usize> {
    let after = digits(json, at)?;
    if json[at] == b'0' && after > at + 1 {
        return None;
    }
    match peek(json, after) {
        Some(b'.' | b'e' | b'E') => fraction_and_exponent(json, after),
        _ => Some(after),
    }
}

/// One of them, or both.
#[inline(never)]
fn fraction_and_exponent(json: &[u8], mut at: usize) -> Option<usize> {
    if let Some(fraction) = byte(json, at, b'.') {
        at = digits(json, fraction)?;
    }
    if let Some(b'e' | b'E') = peek(json, at) {
        let sign = peek(json, at + 1).is_some_and(|byte| matches!(byte, b'+' | b'-'));
        at = digits(json, at + 1 + usize::from(sign))?;
    }
    Some(at)
}

/// At least one digit.
#[inline(always)]
fn digits(json: &[u8], at: usize) -> Option<usize> {
    let after = next_marked(json, at, mark_no_digits, |byte| !byte.is_ascii_digit());
    (after > at).then_some(after)
}

/// A string after its first quote.
#[inline(always)]
fn rest_of_string(json: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at = next_marked(json, at, mark_no_text, |byte| matches!(byte, b'"' | b'\\' | 0..b' '));
        match peek(json, at)? {
            b'"' => return Some(at + 1),
            b'\\' => at = rest_of_escape(json, at + 1)?,
            _ => return None,
        }
    }
}

/// An escape after its backslash. Half of a surrogate pair may stand alone: serde_json lets it pass where it makes no text of it.
#[cold]
fn rest_of_escape(json: &[u8], at: usize) -> Option<usize> {
    match json[at..] {
        [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => Some(at + 1),
        [b'u', a, b, c, d, ..] if [a, b, c, d].iter().all(u8::is_ascii_hexdigit) => Some(at + 5),
        _ => None,
    }
}

/// The place of the first byte that `mark` marks, or the end. `is_marked` says the same of one byte, for the last few.
#[inline(always)]
fn next_marked(json: &[u8], mut at: usize, mark: impl Fn(u64) -> u64, is_marked: impl Fn(u8) -> bool) -> usize {
    while let Some(eight) = json.get(at..at + 8).and_then(<[u8]>::first_chunk) {
        let marks = mark(u64::from_le_bytes(*eight));
        if marks != 0 {
            return at + marks.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while peek(json, at).is_some_and(|byte| !is_marked(byte)) {
        at += 1;
    }
    at
}

const ONES: u64 = u64::from_le_bytes([0x01; 8]);
const TOPS: u64 = u64::from_le_bytes([0x80; 8]);

const fn each(byte: u8) -> u64 {
    ONES * byte as u64
}

/// The top bit of each byte that is no digit.
#[inline(always)]
fn mark_no_digits(eight: u64) -> u64 {
    // Digits become 0 to 9. With 118 added, anything larger reaches the top bit.
    let numbers = eight ^ each(b'0');
    (((numbers & !TOPS) + each(0x80 - 10)) | numbers) & TOPS
}

/// The top bit of the first byte that is quote, backslash or control character. Subtractions borrow, so that bytes after the first
/// can be marked wrongly.
#[inline(always)]
fn mark_no_text(eight: u64) -> u64 {
    // With this bit turned, the quote stands right above the control characters, and the blank does not.
    let quotes_and_controls = (eight ^ each(0x02)).wrapping_sub(each(0x21));
    let backslashes = (eight ^ each(b'\\')).wrapping_sub(each(1));
    (quotes_and_controls | backslashes) & !eight & TOPS
}

#[cfg(test)]
mod tests;
