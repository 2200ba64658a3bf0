//! What broke, made of the HTTP crate's errors.

use std::error::Error as StdError;
use std::io;

use super::{Obstacle, TransportError, TransportErrorKind};

pub(super) fn in_body(error: reqwest::Error, read: usize) -> TransportError {
    let kind = if not_processed(&error) { TransportErrorKind::NotProcessed } else { TransportErrorKind::BodyBroken };
    TransportError::new(kind, format!("the answer broke off after {read} bytes")).with_source(error.without_url())
}

pub(super) fn before_headers(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    let known = if let Some((obstacle, words)) = certificate_error(&error) {
        let message = format!("the host's certificate is not valid: {words}");
        TransportError::new(TransportErrorKind::Certificate, message).with_obstacle(obstacle)
    } else if not_processed(&error) {
        TransportError::new(TransportErrorKind::NotProcessed, "the server did not process the request")
    } else if error.is_connect() {
        connect_error(&error)
    } else if error.is_builder() {
        TransportError::new(TransportErrorKind::InvalidRequest, "the request is not valid HTTP")
    } else {
        TransportError::new(TransportErrorKind::ClosedBeforeHeaders, "the connection ended before an answer came")
    };
    known.with_source(error)
}

/// The errors of resolver and tunnel are of private types; their texts are for their users' eyes only, so a change of one makes the
/// words less exact, and nothing else.
fn connect_error(error: &reqwest::Error) -> TransportError {
    let says = |words: &str| chain(error).any(|cause| cause.to_string().contains(words));
    let no_connection = |obstacle: Option<Obstacle>, words: &str| {
        let error = TransportError::new(TransportErrorKind::Connect, words);
        match obstacle {
            Some(obstacle) => error.with_obstacle(obstacle),
            None => error,
        }
    };
    if says("proxy authorization required") {
        return no_connection(Some(Obstacle::ProxyWantsPassword), "the proxy asks for a name and password");
    }
    if says("tunnel error: ") && !says("failed to create underlying connection") {
        return no_connection(Some(Obstacle::ProxyRefused), "the proxy does not let the connection through");
    }
    if says("dns error") {
        return TransportError::new(TransportErrorKind::Dns, "the host's name was not found");
    }
    if error.is_timeout() {
        return no_connection(Some(Obstacle::NoAnswer), "no connection in time");
    }
    if io_errors(error).any(|cause| cause.kind() == io::ErrorKind::ConnectionRefused) {
        return no_connection(Some(Obstacle::Refused), "the connection was refused");
    }
    let is_tls = chain(error).any(|cause| cause.is::<rustls::Error>());
    no_connection(is_tls.then_some(Obstacle::Handshake), "no connection")
}

/// rustls's verdict on the certificate; other TLS errors (a broken handshake) are connection errors and pass.
fn certificate_error(error: &reqwest::Error) -> Option<(Obstacle, String)> {
    chain(error).find_map(|cause| match cause.downcast_ref::<rustls::Error>()? {
        rustls::Error::InvalidCertificate(why) => Some(certificate_words(why)),
        rustls::Error::NoCertificatesPresented => Some((Obstacle::Certificate, "none was presented".to_owned())),
        _ => None,
    })
}

fn certificate_words(why: &rustls::CertificateError) -> (Obstacle, String) {
    use rustls::CertificateError as E;
    let (obstacle, words) = match why {
        E::Expired | E::ExpiredContext { .. } => (Obstacle::CertificateExpired, "it has expired"),
        E::NotValidYet | E::NotValidYetContext { .. } => (Obstacle::CertificateNotYetValid, "it is not valid yet"),
        E::UnknownIssuer => (Obstacle::UnknownIssuer, "nobody this machine trusts vouches for it"),
        E::NotValidForName | E::NotValidForNameContext { .. } => (Obstacle::CertificateOfAnother, "it is for another name"),
        E::Revoked => (Obstacle::Certificate, "it has been revoked"),
        // A certificate that signs itself, mostly.
        E::Other(_) | E::BadSignature => {
            return (Obstacle::UnknownIssuer, format!("it is self-signed or made wrongly ({why})"));
        }
        other => return (Obstacle::Certificate, other.to_string()),
    };
    (obstacle, words.to_owned())
}

fn not_processed(error: &reqwest::Error) -> bool {
    chain(error).filter_map(|cause| cause.downcast_ref::<h2::Error>()).any(|cause| {
        cause.reason() == Some(h2::Reason::REFUSED_STREAM)
            || (cause.is_go_away() && cause.is_remote() && cause.reason() == Some(h2::Reason::NO_ERROR))
    })
}

fn io_errors(error: &reqwest::Error) -> impl Iterator<Item = &io::Error> {
    chain(error).filter_map(|cause| cause.downcast_ref::<io::Error>())
}

fn chain(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    let error: &(dyn StdError + 'static) = error;
    // The source of an `io::Error` is the source of what it wraps; what it wraps, perhaps TLS's verdict, has to be asked for.
    std::iter::successors(Some(error), |error| match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped as &(dyn StdError + 'static)),
        None => (*error).source(),
    })
}
