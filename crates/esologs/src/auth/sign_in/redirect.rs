//! The address on this machine that the browser brings the answer to.

use std::net::Ipv4Addr;

use tokio::net::TcpListener;
use url::{Host, Url};

use super::SignIn;
use crate::error::{Error, ErrorKind};

/// A redirect address of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Redirect {
    /// As it was given: services compare it letter by letter.
    text: String,
    url: Url,
}

impl Redirect {
    pub(super) fn new(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let refuse = |why: &str| {
            Err(Error::new(ErrorKind::Usage, format!("the redirect address {why}"))
                .with_hint(format!("use an address of this machine, such as {}", SignIn::DEFAULT_REDIRECT)))
        };
        let Ok(url) = Url::parse(text) else { return refuse("is no address") };
        if url.scheme() != "http" {
            return refuse("is not plain http, which is all that a program on this machine can answer");
        }
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
            return refuse("holds more than host, port and path");
        }
        match url.host() {
            Some(Host::Ipv4(Ipv4Addr::LOCALHOST) | Host::Domain("localhost")) => Ok(Self { text: text.to_owned(), url }),
            // The code would go to whoever is there.
            _ => refuse("is not of this machine (127.0.0.1 or localhost), so the answer would go elsewhere"),
        }
    }

    pub(super) fn path(&self) -> &str {
        self.url.path()
    }

    /// Listens there, on 127.0.0.1 only; tells the address with the port that it became.
    pub(super) async fn listen(&self) -> Result<(TcpListener, String), Error> {
        let port = self.url.port_or_known_default().unwrap_or(80);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| {
            Error::new(ErrorKind::LocalFile, format!("cannot listen for the answer on port {port} of this machine: {error}"))
                .with_hint(
                    "end the program that uses the port, or register another redirect address and name its port (`--port`)",
                )
        })?;
        let bound = listener
            .local_addr()
            .map_err(|error| Error::new(ErrorKind::LocalFile, format!("the port of the answer is not known: {error}")))?;
        let mut url = self.url.clone();
        let is_chosen = port != 0 || url.set_port(Some(bound.port())).is_err();
        Ok((listener, if is_chosen { self.text.clone() } else { url.into() }))
    }
}

impl Default for Redirect {
    fn default() -> Self {
        // Proven by the test `the_default_is_an_address_of_this_machine`.
        Self::new(SignIn::DEFAULT_REDIRECT).expect("the constant is an address of this machine")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_an_address_of_this_machine() {
        assert_eq!(Redirect::default().path(), "/callback");
        assert!(Redirect::new("http://localhost:1234").is_ok());
    }

    #[test]
    fn an_address_that_is_not_of_this_machine_is_refused() {
        for elsewhere in [
            "http://example.org/callback",
            "http://127.0.0.1.example.org/callback",
            "http://192.168.0.1:8765/callback",
            "http://0.0.0.0:8765/callback",
            "http://127.0.0.2:8765/callback",
            "http://[::1]:8765/callback",
            "https://127.0.0.1:8765/callback",
            "http://me:hunter2@127.0.0.1:8765/callback",
            "http://127.0.0.1:8765/callback?next=http://example.org",
            "callback",
        ] {
            let error = Redirect::new(elsewhere).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Usage, "{elsewhere}");
            assert!(!format!("{error:?}").contains("hunter2"));
        }
    }

    #[tokio::test]
    async fn it_listens_on_the_loopback_address_only_and_names_the_port_that_it_took() {
        let (listener, address) = Redirect::new("http://127.0.0.1:0/back").unwrap().listen().await.unwrap();
        let bound = listener.local_addr().unwrap();
        assert!(bound.ip().is_loopback());
        assert_eq!(address, format!("http://127.0.0.1:{}/back", bound.port()));

        let taken = Redirect::new(&address).unwrap().listen().await.unwrap_err();
        assert!(taken.to_string().contains(&format!("port {}", bound.port())), "{taken}");
    }
}
