//! Compression of answers for clients that allow it.

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, VARY};
use http::{HeaderMap, HeaderValue, Response};

/// Answers shorter than this are sent as they are, as web servers do.
const MIN_BYTES: usize = 256;

/// Whether `Accept-Encoding` allows gzip.
pub(crate) fn accepted(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let refused = parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        (name.eq_ignore_ascii_case("gzip") || name == "*") && !refused
    })
}

/// The answer, compressed. Fast rather than small: the simulator's time counts, the loopback's bytes do not.
pub(crate) fn compress(mut response: Response<Bytes>) -> Response<Bytes> {
    if response.body().len() < MIN_BYTES {
        return response;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(response.body().len() / 4), Compression::fast());
    let compressed = encoder.write_all(response.body()).and_then(|()| encoder.finish());
    if let Ok(compressed) = compressed {
        *response.body_mut() = Bytes::from(compressed);
        let headers = response.headers_mut();
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    response
}
