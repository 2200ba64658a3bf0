//! What nobody else can know of a sign-in: its state, and the verifier whose digest the service is shown first (RFC 7636).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use crate::error::{Error, ErrorKind};

/// Random bytes in each; 43 characters, the least that RFC 7636 allows.
const BYTES: usize = 32;

/// State and verifier. Does not print: both are secrets as long as the sign-in is open.
pub(super) struct Proof {
    state: SecretString,
    verifier: SecretString,
}

impl Proof {
    /// New ones, from the random numbers of the system.
    pub(super) fn new() -> Result<Self, Error> {
        Ok(Self { state: random()?.into(), verifier: random()?.into() })
    }

    pub(super) fn state(&self) -> &str {
        self.state.expose_secret()
    }

    pub(super) fn verifier(&self) -> &str {
        self.verifier.expose_secret()
    }

    /// What the service is shown of the verifier before the user agrees.
    pub(super) fn challenge(&self) -> String {
        challenge(self.verifier())
    }
}

fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

fn random() -> Result<String, Error> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::new(ErrorKind::LocalFile, format!("this machine gives no random numbers: {error}")))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_the_one_of_rfc_7636_appendix_b() {
        assert_eq!(challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn every_sign_in_has_a_proof_of_its_own() {
        let (one, other) = (Proof::new().unwrap(), Proof::new().unwrap());
        let all = [one.state(), one.verifier(), other.state(), other.verifier()];
        assert!(all.iter().all(|text| text.len() == 43));
        assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), 4);
    }
}
