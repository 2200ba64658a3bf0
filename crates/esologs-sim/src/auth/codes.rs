//! Codes and refresh tokens: what a user's agreement is traded for, and how it is renewed.

use std::collections::HashMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::authorize::AuthorizeRequest;
use super::settings::{RefreshTokens, SignInSettings};
use super::tokens::{Bearer, TokenUser};

/// Codes and refresh tokens begin like the encrypted ones of league/oauth2-server.
const BEGIN: &str = "def50200";
/// Codes and refresh tokens kept at most; beyond, new ones are refused.
const MOST: usize = 10_000;

/// What users have agreed to and has not ended.
#[derive(Debug)]
pub(crate) struct Agreements {
    random: fastrand::Rng,
    codes: HashMap<String, Code>,
    refresh: HashMap<String, Refresh>,
}

#[derive(Debug)]
struct Code {
    asked: AuthorizeRequest,
    user: i64,
    ends: Duration,
    is_used: bool,
}

#[derive(Debug, Clone)]
struct Refresh {
    bearer: Bearer,
    is_revoked: bool,
}

/// Why a code or refresh token is not taken: the hint of league's `invalid_grant`.
pub(crate) type InvalidGrant = &'static str;

impl Agreements {
    pub(crate) fn new(seed: u64) -> Self {
        // Not the tokens' own sequence.
        Self { random: fastrand::Rng::with_seed(seed ^ 0x5167_6e69_6e00), codes: HashMap::new(), refresh: HashMap::new() }
    }

    /// A code for what this user agreed to.
    pub(crate) fn agree(
        &mut self,
        asked: AuthorizeRequest,
        user: i64,
        settings: &SignInSettings,
        now: Duration,
    ) -> Option<String> {
        if self.codes.len() >= MOST {
            self.codes.retain(|_, code| now < code.ends);
        }
        (self.codes.len() < MOST).then_some(())?;
        let code = self.text(96);
        let ends = now.saturating_add(settings.code_lifetime);
        self.codes.insert(code.clone(), Code { asked, user, ends, is_used: false });
        Some(code)
    }

    /// Whose the code is. It is good once, for the client and the address that it was made for, and with the verifier.
    pub(crate) fn trade(
        &mut self,
        code: &str,
        client_id: &str,
        redirect: &str,
        verifier: Option<&str>,
        now: Duration,
    ) -> Result<Bearer, InvalidGrant> {
        let code = self.codes.get_mut(code).ok_or("Cannot decrypt the authorization code")?;
        if now >= code.ends {
            return Err("Authorization code has expired");
        }
        if code.is_used {
            return Err("Authorization code has been revoked");
        }
        if code.asked.client_id != client_id {
            return Err("Authorization code was not issued to this client");
        }
        if code.asked.redirect != redirect {
            return Err("Invalid redirect URI");
        }
        match (&code.asked.challenge, verifier) {
            (None, None) => {}
            (None, Some(_)) => return Err("Authorization code was issued without a code challenge"),
            (Some(_), None) => return Err("Check the `code_verifier` parameter"),
            (Some(challenge), Some(verifier)) => {
                if URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) != *challenge {
                    return Err("Failed to verify `code_verifier`.");
                }
            }
        }
        code.is_used = true;
        let user = Some(TokenUser { id: code.user, scopes: code.asked.scopes });
        Ok(Bearer { client_id: client_id.to_owned(), user })
    }

    /// A refresh token for this user.
    pub(crate) fn refresh_token(&mut self, bearer: Bearer) -> Option<String> {
        if self.refresh.len() >= MOST {
            self.refresh.retain(|_, refresh| !refresh.is_revoked);
        }
        (self.refresh.len() < MOST).then_some(())?;
        let token = self.text(160);
        self.refresh.insert(token.clone(), Refresh { bearer, is_revoked: false });
        Some(token)
    }

    /// Whose the refresh token is, and the one that comes in its place, where one does.
    pub(crate) fn renew(
        &mut self,
        token: &str,
        client_id: &str,
        rule: RefreshTokens,
    ) -> Result<(Bearer, Option<String>), InvalidGrant> {
        let refresh = self.refresh.get_mut(token).ok_or("Cannot decrypt the refresh token")?;
        if refresh.is_revoked {
            return Err("Token has been revoked");
        }
        if refresh.bearer.client_id != client_id {
            return Err("Token is not linked to client");
        }
        refresh.is_revoked = rule == RefreshTokens::Rotate;
        let bearer = refresh.bearer.clone();
        let next = if rule == RefreshTokens::Keep { None } else { self.refresh_token(bearer.clone()) };
        Ok((bearer, next))
    }

    /// Ends every sign-in.
    pub(crate) fn revoke_all(&mut self) {
        self.refresh.values_mut().for_each(|refresh| refresh.is_revoked = true);
        self.codes.clear();
    }

    fn text(&mut self, digits: usize) -> String {
        let random: String = (0..digits).map(|_| self.random.digit(16)).collect();
        format!("{BEGIN}{random}")
    }
}
