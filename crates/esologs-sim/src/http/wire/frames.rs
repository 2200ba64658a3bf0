//! Where HTTP/2 frames begin and end in what is written.

/// Bytes of a frame's header (RFC 9113, 4.1).
const HEADER: usize = 9;
const GOAWAY: u8 = 0x7;

/// Follows the frames of one direction, so that a frame of our own can be put between two of them.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    header: Vec<u8>,
    payload_left: usize,
}

impl Frames {
    /// Takes note of bytes that were written.
    pub(crate) fn advance(&mut self, mut written: &[u8]) {
        while !written.is_empty() {
            let part = self.left().max(usize::from(self.at_boundary()) * HEADER).min(written.len());
            let (now, later) = written.split_at(part);
            if self.payload_left > 0 {
                self.payload_left -= part;
            } else {
                self.header.extend_from_slice(now);
                self.read_header();
            }
            written = later;
        }
    }

    fn read_header(&mut self) {
        if let [high, middle, low, ..] = self.header[..]
            && self.header.len() == HEADER
        {
            self.payload_left = usize::from(high) << 16 | usize::from(middle) << 8 | usize::from(low);
            self.header.clear();
        }
    }

    /// Whether the last frame is complete.
    pub(crate) fn at_boundary(&self) -> bool {
        self.left() == 0
    }

    /// Bytes that are certain to belong to the frame that has begun; 0 between frames.
    pub(crate) fn left(&self) -> usize {
        match self.header.len() {
            0 => self.payload_left,
            begun => HEADER - begun,
        }
    }
}

/// A GOAWAY without an error: streams after `last_stream` were not processed.
pub(crate) fn goaway(last_stream: u32) -> Vec<u8> {
    let mut frame = vec![0, 0, 8, GOAWAY, 0, 0, 0, 0, 0];
    frame.extend_from_slice(&last_stream.to_be_bytes());
    frame.extend_from_slice(&[0; 4]);
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_followed_however_they_are_cut_into_writes() {
        let mut written = goaway(5);
        written.extend([0, 0, 0, 4, 1, 0, 0, 0, 0]); // an empty frame: SETTINGS, acknowledged
        written.extend([0, 1, 2, 0, 0, 0, 0, 0, 1]);
        written.extend([7; 0x102]);
        let boundaries = [0, 17, 26, written.len()];
        for step in [1, 2, 5, 9, 13, 64, 1_000] {
            let mut frames = Frames::default();
            let mut at = 0;
            for part in written.chunks(step) {
                frames.advance(part);
                at += part.len();
                assert_eq!(frames.at_boundary(), boundaries.contains(&at), "{at} by steps of {step}");
            }
        }
    }
}
