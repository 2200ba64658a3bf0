//! The kinds of faults, as one table.

use std::fmt;
use std::str::FromStr;

/// When a fault strikes, which decides whether the request is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strikes {
    /// Before execution (at the CDN, at the gate): nothing is charged.
    Before,
    /// After execution: the points are spent, the answer is lost or spoilt.
    After,
}

/// What a kind's answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Damage {
    /// Another answer: an error status, a page that is no JSON. A client has to try again or give up.
    Status,
    /// Status 200 with contents that are of no use: what ends a client that counts equal content failures.
    Content,
    /// A refusal of the token.
    Auth,
    /// None: the answer is good, only late or spelled otherwise.
    Harmless,
}

/// Makes the enum and its table: variant, name, strikes, damage, whether it can hit the token endpoint, documentation.
macro_rules! fault_kinds {
    ($($variant:ident = $name:literal, $strikes:ident, $damage:ident, token: $token:literal, $doc:literal;)+) => {
        /// A kind of fault. [`FaultKind::name`] is how scripts and statistics call it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum FaultKind {
            $(
                #[doc = $doc]
                #[doc = ""]
                #[doc = concat!("In scripts `", $name, "`; strikes ", stringify!($strikes), " execution.")]
                $variant,
            )+
        }

        impl FaultKind {
            /// Every kind, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Name in scripts and statistics.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// Whether it strikes before or after execution, unless the script says otherwise.
            #[must_use]
            pub fn strikes(self) -> Strikes {
                match self { $(Self::$variant => Strikes::$strikes),+ }
            }

            pub(crate) fn damage(self) -> Damage {
                match self { $(Self::$variant => Damage::$damage),+ }
            }

            /// Whether the token endpoint can have it, too.
            #[must_use]
            pub fn fits_token_endpoint(self) -> bool {
                match self { $(Self::$variant => $token),+ }
            }
        }
    };
}

fault_kinds! {
    Unauthenticated = "unauthenticated", Before, Auth, token: false,
        "401 `{\"error\":\"Unauthenticated.\"}`, the form seen most.";
    UnauthenticatedMessage = "unauthenticated_message", Before, Auth, token: false,
        "401 `{\"message\":\"Unauthenticated.\"}`, Laravel's stock form.";
    UnauthenticatedGraphql = "unauthenticated_graphql", Before, Auth, token: false,
        "200 with `errors: [{message: \"Unauthenticated.\"}]`.";
    RevokeTokens = "revoke_tokens", Before, Auth, token: false,
        "Ends every token, then 401: what maintenance did.";
    Banned = "banned", Before, Status, token: true,
        "403 JSON: the API client was banned.";
    Challenge = "challenge", Before, Status, token: true,
        "403 HTML with `cf-mitigated: challenge`: the CDN's human check.";
    NotFound = "not_found", Before, Status, token: true,
        "404 `{\"message\":\"\"}`.";
    RequestTimeout = "request_timeout", Before, Status, token: true,
        "408 HTML.";
    TooEarly = "too_early", Before, Status, token: true,
        "425 HTML.";
    PointsSpent = "points_spent", Before, Status, token: false,
        "429 JSON as if all points were spent. `retry_after` (default 60).";
    Throttled = "throttled", Before, Status, token: true,
        "429 JSON of the request throttle. `retry_after` (default 1).";
    ThrottledHtml = "throttled_html", Before, Status, token: true,
        "429 HTML, as the CDN writes it. `retry_after` (default none).";
    ServerErrorHtml = "server_error_html", After, Status, token: true,
        "500 HTML.";
    ServerErrorJson = "server_error_json", After, Status, token: true,
        "500 `{\"message\":\"Server Error\"}`.";
    BadGateway = "bad_gateway", Before, Status, token: true,
        "502 HTML.";
    Unavailable = "unavailable", Before, Status, token: true,
        "503 HTML. `retry_after` (default none).";
    GatewayTimeout = "gateway_timeout", After, Status, token: true,
        "504 HTML: executed, but nobody waited for the answer.";
    Cloudflare = "cloudflare", After, Status, token: true,
        "520 to 527 with the CDN's HTML. `status` (default 520); 521, 525, 526 and 527 strike before execution.";
    Status = "status", Before, Status, token: true,
        "Any `status` from 300 to 599 (needed), `body` html (default), json or empty.";
    Redirect = "redirect", Before, Status, token: true,
        "302 to a login page.";
    Maintenance = "maintenance", Before, Content, token: true,
        "200 HTML: down for maintenance.";
    PhpError = "php_error", Before, Content, token: true,
        "200 with the text of a PHP error.";
    EmptyBody = "empty_body", After, Content, token: true,
        "200 with nothing.";
    TruncatedJson = "truncated_json", After, Content, token: true,
        "200, a whole HTTP message, but its JSON is cut. `at`: after how many bytes.";
    BadEscapes = "bad_escapes", After, Content, token: false,
        "200, backslashes inside strings where JSON allows none. Taking them out restores the answer.";
    ControlCharacters = "control_characters", After, Content, token: false,
        "200, raw control characters inside strings. Taking them out restores the answer.";
    DataNull = "data_null", After, Content, token: false,
        "200 `{\"data\":null}` without errors.";
    NoData = "no_data", After, Content, token: false,
        "200 `{}`: neither data nor errors.";
    MissingField = "missing_field", After, Content, token: false,
        "200, but a needed field is missing. `field` (default `fights`, else another that the answer cannot do without).";
    InternalError = "internal_error", After, Content, token: false,
        "200, `errors: [{message: \"Internal server error\"}]`, `data: null`.";
    GraphqlRateLimit = "graphql_rate_limit", Before, Status, token: false,
        "200, `errors` that mean a rate limit, `data: null`.";
    PartialData = "partial_data", After, Content, token: false,
        "200, one field of the answer null with an error, the rest good.";
    StringScalars = "string_scalars", After, Harmless, token: false,
        "200, `JSON` scalars (`events.data`, `table`, …) as strings that hold JSON. A good answer.";
    Delay = "delay", After, Harmless, token: true,
        "A good answer, late. `delay` (default 1s).";
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that no kind has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no fault is called {name:?}; there are {}", all_names())]
pub struct UnknownFault {
    name: String,
}

impl FromStr for FaultKind {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, UnknownFault> {
        let known = Self::ALL.iter().copied().find(|kind| kind.name() == name);
        known.ok_or_else(|| UnknownFault { name: name.to_owned() })
    }
}

/// Every name, for messages.
pub(crate) fn all_names() -> String {
    let names: Vec<&str> = FaultKind::ALL.iter().map(|kind| kind.name()).collect();
    names.join(", ")
}
