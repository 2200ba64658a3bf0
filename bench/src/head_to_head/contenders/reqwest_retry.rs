//! reqwest-middleware with reqwest-retry. The wire takes the place of the network behind the last middleware; errors are real
//! ones of reqwest, made on real sockets while the paused clock stands still.

use std::error::Error;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use http::Extensions;
use reqwest::{Body, Request, Response};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Middleware, Next};
use reqwest_retry::RetryTransientMiddleware;
use reqwest_retry::policies::ExponentialBackoff;

use super::exchange::{TIMEOUT, is_right};
use super::{CallFuture, Contender};
use crate::head_to_head::wire::{Arrived, Wire};
use crate::pull::plain_client;

pub(super) struct ReqwestRetry(ClientWithMiddleware);

impl ReqwestRetry {
    pub(super) fn new(wire: Wire) -> Result<Self, Box<dyn Error>> {
        let policy = ExponentialBackoff::builder().build_with_max_retries(3);
        let client = ClientBuilder::new(plain_client(None)?)
            .with(RetryTransientMiddleware::new_with_policy(policy))
            .with(OnWire { wire, failures: Failures::start()? })
            .build();
        Ok(Self(client))
    }
}

impl Contender for ReqwestRetry {
    fn call(&self) -> CallFuture<'_> {
        Box::pin(async {
            let request = self.0.post("http://wire.test/api/v2/client").body("{}");
            let Ok(response) = request.send().await else { return false };
            let Ok(response) = response.error_for_status() else { return false };
            let Ok(body) = response.bytes().await else { return false };
            serde_json::from_slice(&body).is_ok_and(|answer| is_right(&answer))
        })
    }
}

struct OnWire {
    wire: Wire,
    failures: Failures,
}

#[async_trait::async_trait]
impl Middleware for OnWire {
    async fn handle(&self, _: Request, _: &mut Extensions, _: Next<'_>) -> reqwest_middleware::Result<Response> {
        let arrived = match tokio::time::timeout(self.wire.scaled(TIMEOUT), self.wire.ask(None)).await {
            Ok(arrived) => arrived,
            Err(_) => return Err(self.failures.make(Failure::Timeout)),
        };
        match arrived {
            Arrived::Whole(response) => Ok(Response::from(response)),
            Arrived::Broken(response) => {
                let (head, body) = response.into_parts();
                let pieces = [Ok(body), Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof))];
                Ok(Response::from(http::Response::from_parts(head, Body::wrap_stream(futures_util::stream::iter(pieces)))))
            }
            Arrived::Reset => Err(self.failures.make(Failure::Reset)),
        }
    }
}

#[derive(Clone, Copy)]
enum Failure {
    Reset,
    Timeout,
}

/// Real errors of reqwest: there is no other way to come by one.
struct Failures(std::sync::Mutex<mpsc::Sender<(Failure, mpsc::Sender<reqwest::Error>)>>);

impl Failures {
    fn start() -> Result<Self, Box<dyn Error>> {
        let (ask, asked) = mpsc::channel::<(Failure, mpsc::Sender<reqwest::Error>)>();
        let (resets, silence) = (TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?, TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?);
        let (resetting, silent) = (resets.local_addr()?, silence.local_addr()?);
        thread::spawn(move || {
            // Reads the request, begins no answer, and closes: the client sees its connection end before the headers.
            for mut stream in resets.incoming().flatten() {
                let _ = stream.read(&mut [0; 1024]);
                let _ = stream.flush();
            }
        });
        let client = plain_client(None)?;
        thread::spawn(move || {
            let _silence = silence;
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            while let Ok((failure, reply)) = asked.recv() {
                if let Some(error) = runtime.block_on(fail(&client, failure, resetting, silent)) {
                    let _ = reply.send(error);
                }
            }
        });
        Ok(Self(std::sync::Mutex::new(ask)))
    }

    /// Blocks the thread, so that no virtual time passes.
    fn make(&self, failure: Failure) -> reqwest_middleware::Error {
        let (reply, error) = mpsc::channel();
        let sent = self.0.lock().is_ok_and(|ask| ask.send((failure, reply)).is_ok());
        match sent.then(|| error.recv()) {
            Some(Ok(error)) => error.into(),
            _ => reqwest_middleware::Error::middleware(std::io::Error::other("no error could be made")),
        }
    }
}

async fn fail(client: &reqwest::Client, failure: Failure, resetting: SocketAddr, silent: SocketAddr) -> Option<reqwest::Error> {
    let request = match failure {
        Failure::Reset => client.post(format!("http://{resetting}/")).body("{}"),
        Failure::Timeout => client.post(format!("http://{silent}/")).body("{}").timeout(Duration::from_millis(1)),
    };
    request.send().await.err()
}
