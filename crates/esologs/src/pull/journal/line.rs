//! The form of a line: checksum, number, JSON. Pure.
//!
//! `5f1e09ab 17 {"is":"page",…}`: the checksum (CRC-32 as of zlib, eight hexadecimal digits) is of what follows it, the number
//! counts the lines from 1, so that a line that was cut out is noticed as well as one that was changed.

/// CRC-32, as zlib and gzip reckon it.
pub(in crate::pull) fn checksum(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes)
}

/// The line of this number, with its end.
pub(super) fn written(number: u64, json: &str) -> String {
    let body = format!("{number} {json}");
    format!("{:08x} {body}\n", checksum(body.as_bytes()))
}

/// The JSON of a line without its end; `None` where it is not the line of this number, or was changed.
pub(super) fn read(line: &[u8], number: u64) -> Option<&str> {
    let (sum, body) = line.split_at_checked(9)?;
    if sum != format!("{:08x} ", checksum(body)).as_bytes() {
        return None;
    }
    let (found, json) = std::str::from_utf8(body).ok()?.split_once(' ')?;
    (found.parse() == Ok(number)).then_some(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_back_under_its_own_number_only() {
        let line = written(17, r#"{"a":1}"#);
        let line = line.strip_suffix('\n').unwrap().as_bytes();
        assert_eq!(read(line, 17), Some(r#"{"a":1}"#));
        assert_eq!(read(line, 18), None, "a line was cut out before it");
    }

    #[test]
    fn a_line_with_any_byte_changed_or_cut_is_not_read() {
        let line = written(3, r#"{"is":"page","lines":12}"#);
        let line = line.strip_suffix('\n').unwrap().as_bytes();
        for at in 0..line.len() {
            for bit in 0..8 {
                let mut changed = line.to_vec();
                changed[at] ^= 1 << bit;
                assert_eq!(read(&changed, 3), None, "byte {at}, bit {bit}");
            }
            assert_eq!(read(&line[..at], 3), None, "cut at {at}");
        }
    }

    #[test]
    fn the_checksum_is_the_one_that_zlib_and_gzip_reckon() {
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
    }
}
