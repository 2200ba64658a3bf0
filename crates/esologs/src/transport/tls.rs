//! Trust in the host's certificate: the system's roots, or Mozilla's where the system has none.

use rustls::{ClientConfig, RootCertStore};

use super::{TransportError, TransportErrorKind};

/// A client configuration with roots in every case: a slim container has no CA store, and the HTTP crate refuses to start
/// there even for plain http (seanmonstar/reqwest#2988).
pub(super) fn client_config() -> Result<ClientConfig, TransportError> {
    let mut roots = RootCertStore::empty();
    let native = rustls_native_certs::load_native_certs();
    for error in &native.errors {
        tracing::debug!(%error, "a certificate of the system store was not read");
    }
    roots.add_parsable_certificates(native.certs);
    if roots.is_empty() {
        tracing::info!("no CA certificates on this system; using the built-in list of Mozilla's");
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| TransportError::new(TransportErrorKind::InvalidRequest, "TLS cannot be set up").with_source(error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
