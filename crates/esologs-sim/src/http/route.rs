//! Which path means what.

use http::Method;

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    Token,
    /// The page at which a user agrees.
    Authorize,
    Api(Endpoint),
    /// A known path, but not by this method.
    WrongMethod(&'static str),
    Unknown,
}

/// One of the two GraphQL endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// Public data.
    Client,
    /// Data of the token's user.
    User,
}

const TOKEN: &str = "/oauth/token";
const AUTHORIZE: &str = "/oauth/authorize";
const CLIENT: &str = "/api/v2/client";
const USER: &str = "/api/v2/user";

impl Route {
    pub(crate) fn of(method: &Method, path: &str) -> Self {
        let (route, path) = match path.trim_end_matches('/') {
            TOKEN => (Self::Token, TOKEN),
            AUTHORIZE if matches!(*method, Method::GET | Method::POST) => return Self::Authorize,
            AUTHORIZE => return Self::WrongMethod(AUTHORIZE),
            CLIENT => (Self::Api(Endpoint::Client), CLIENT),
            USER => (Self::Api(Endpoint::User), USER),
            _ => return Self::Unknown,
        };
        if method == Method::POST { route } else { Self::WrongMethod(path) }
    }

    /// The path, for statistics.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Token => TOKEN,
            Self::Authorize => AUTHORIZE,
            Self::Api(Endpoint::Client) => CLIENT,
            Self::Api(Endpoint::User) => USER,
            Self::WrongMethod(path) => path,
            Self::Unknown => "other",
        }
    }
}
