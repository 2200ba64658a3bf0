//! The same bytes with the HTTP crate alone: what the network part of a pull costs at least.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::{ClientConfig, RootCertStore, crypto::ring};

/// Requests under way at a time: as many as a pull has reports in work.
pub(super) const AT_A_TIME: usize = 2;

/// Asks for these pages and throws their bytes away.
pub(crate) async fn download(address: SocketAddr, requests: Vec<String>) -> Result<(), Box<dyn Error>> {
    let client = client(None)?;
    let url = format!("http://{address}/api/v2/client");
    let share = requests.len().div_ceil(AT_A_TIME).max(1);
    let tasks: Vec<_> = requests
        .chunks(share)
        .map(|requests| tokio::spawn(one_after_the_other(client.clone(), url.clone(), requests.to_vec())))
        .collect();
    for task in tasks {
        task.await??;
    }
    Ok(())
}

async fn one_after_the_other(client: reqwest::Client, url: String, requests: Vec<String>) -> Result<(), reqwest::Error> {
    for request in requests {
        let mut response = client.post(&url).body(request).send().await?.error_for_status()?;
        while response.chunk().await?.is_some() {}
    }
    Ok(())
}

/// No TLS is spoken to loopback, but the crate wants it set up.
pub(crate) fn client(timeout: Option<Duration>) -> Result<reqwest::Client, Box<dyn Error>> {
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    let builder = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy();
    let builder = match timeout {
        Some(timeout) => builder.timeout(timeout),
        None => builder,
    };
    Ok(builder.build()?)
}
