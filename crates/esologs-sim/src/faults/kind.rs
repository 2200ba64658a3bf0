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
    /// No whole answer: the connection ended, or nothing more came.
    Lost,
    /// None: the answer is good, only late or spelled otherwise.
    Harmless,
}

/// Which endpoints a kind can hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Api,
    Token,
    Any,
}

/// Makes the enum and its table: variant, name, strikes, damage, endpoints that it can hit, documentation.
macro_rules! fault_kinds {
    ($($variant:ident = $name:literal, $strikes:ident, $damage:ident, on: $reach:ident, $doc:literal;)+) => {
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

            fn reach(self) -> Reach {
                match self { $(Self::$variant => Reach::$reach),+ }
            }
        }
    };
}

fault_kinds! {
    Unauthenticated = "unauthenticated", Before, Auth, on: Api,
        "401 `{\"error\":\"Unauthenticated.\"}`, the form seen most.";
    UnauthenticatedMessage = "unauthenticated_message", Before, Auth, on: Api,
        "401 `{\"message\":\"Unauthenticated.\"}`, Laravel's stock form.";
    UnauthenticatedGraphql = "unauthenticated_graphql", Before, Auth, on: Api,
        "200 with `errors: [{message: \"Unauthenticated.\"}]`.";
    RevokeTokens = "revoke_tokens", Before, Auth, on: Api,
        "Ends every token, then 401: what maintenance did.";
    Banned = "banned", Before, Status, on: Any,
        "403 JSON: the API client was banned.";
    Challenge = "challenge", Before, Status, on: Any,
        "403 HTML with `cf-mitigated: challenge`: the CDN's human check.";
    NotFound = "not_found", Before, Status, on: Any,
        "404 `{\"message\":\"\"}`.";
    RequestTimeout = "request_timeout", Before, Status, on: Any,
        "408 HTML.";
    TooEarly = "too_early", Before, Status, on: Any,
        "425 HTML.";
    PointsSpent = "points_spent", Before, Status, on: Api,
        "429 JSON as if all points were spent. `retry_after` (default 60).";
    Throttled = "throttled", Before, Status, on: Any,
        "429 JSON of the request throttle. `retry_after` (default 1).";
    ThrottledHtml = "throttled_html", Before, Status, on: Any,
        "429 HTML, as the CDN writes it. `retry_after` (default none).";
    ServerErrorHtml = "server_error_html", After, Status, on: Any,
        "500 HTML.";
    ServerErrorJson = "server_error_json", After, Status, on: Any,
        "500 `{\"message\":\"Server Error\"}`.";
    BadGateway = "bad_gateway", Before, Status, on: Any,
        "502 HTML.";
    Unavailable = "unavailable", Before, Status, on: Any,
        "503 HTML. `retry_after` (default none).";
    GatewayTimeout = "gateway_timeout", After, Status, on: Any,
        "504 HTML: executed, but nobody waited for the answer.";
    Cloudflare = "cloudflare", After, Status, on: Any,
        "520 to 527 with the CDN's HTML. `status` (default 520); 521, 525, 526 and 527 strike before execution.";
    Status = "status", Before, Status, on: Any,
        "Any `status` from 300 to 599 (needed), `body` html (default), json or empty.";
    Redirect = "redirect", Before, Status, on: Any,
        "302 to a login page.";
    Maintenance = "maintenance", Before, Content, on: Any,
        "200 HTML: down for maintenance.";
    PhpError = "php_error", Before, Content, on: Any,
        "200 with the text of a PHP error.";
    EmptyBody = "empty_body", After, Content, on: Any,
        "200 with nothing.";
    TruncatedJson = "truncated_json", After, Content, on: Any,
        "200, a whole HTTP message, but its JSON is cut. `at`: after how many bytes.";
    BadEscapes = "bad_escapes", After, Content, on: Api,
        "200, backslashes inside strings where JSON allows none. Taking them out restores the answer.";
    ControlCharacters = "control_characters", After, Content, on: Api,
        "200, raw control characters inside strings. Taking them out restores the answer.";
    DataNull = "data_null", After, Content, on: Api,
        "200 `{\"data\":null}` without errors.";
    NoData = "no_data", After, Content, on: Api,
        "200 `{}`: neither data nor errors.";
    MissingField = "missing_field", After, Content, on: Api,
        "200, but a needed field is missing. `field` (default `fights`, else another that the answer cannot do without).";
    InternalError = "internal_error", After, Content, on: Api,
        "200, `errors: [{message: \"Internal server error\"}]`, `data: null`.";
    GraphqlRateLimit = "graphql_rate_limit", Before, Status, on: Api,
        "200, `errors` that mean a rate limit, `data: null`.";
    PartialData = "partial_data", After, Content, on: Api,
        "200, fields of the answer null with an error, the rest good. `field`: which of those directly under `reportData { … }` and the \
         like, by alias or name or by number from 1, with commas between (default the first). What fails is not charged.";
    StringScalars = "string_scalars", After, Harmless, on: Api,
        "200, `JSON` scalars (`events.data`, `table`, …) as strings that hold JSON. A good answer.";
    NumberStrings = "number_strings", After, Harmless, on: Api,
        "200, numbers inside `JSON` scalars as strings. A good answer: the service does so in places.";
    SchemaDrift = "schema_drift", After, Harmless, on: Api,
        "200, as a later version of the service might answer: unknown fields inside `JSON` scalars, now and then an event of an unknown \
         type, unknown words where the API tells one of a few, and what ESO leaves null (`phases`, `dungeonPulls`, …) filled as \
         the sister sites do. A good answer.";
    StuckCursor = "stuck_cursor", After, Content, on: Api,
        "200, but every page of events says that the next one starts where this one did.";
    ReportGrows = "report_grows", After, Harmless, on: Api,
        "A good answer; from it on, live reports are `lasts` (default 60s) further than the clock says: they change between two pages.";
    StaleReport = "stale_report", After, Harmless, on: Api,
        "A good answer, but live reports are told as they were `lasts` (default 60s) ago, as a cache does.";
    MissingExpiresIn = "missing_expires_in", After, Harmless, on: Token,
        "A good token without `expires_in`.";
    Delay = "delay", After, Harmless, on: Any,
        "A good answer, late. `delay` (default 1s).";
    ResetBeforeHeaders = "reset_before_headers", After, Lost, on: Any,
        "TCP: reset instead of an answer. `at`: after how many bytes of the headers (default 0).";
    CloseBeforeHeaders = "close_before_headers", After, Lost, on: Any,
        "TCP: closed orderly instead of an answer. `at`: after how many bytes of the headers (default 0).";
    ResetInBody = "reset_in_body", After, Lost, on: Any,
        "TCP: reset after the headers. `at`: after how many bytes of the body (default somewhere); `framing`.";
    CloseInBody = "close_in_body", After, Lost, on: Any,
        "TCP: closed orderly after the headers. `at`: after how many bytes of the body (default somewhere); `framing`.";
    LengthTooLarge = "length_too_large", After, Lost, on: Any,
        "TCP: `Content-Length` says `bytes` (default 1) more than there are; closed orderly `lasts` (default 0s) after the last.";
    LengthTooSmall = "length_too_small", After, Lost, on: Any,
        "TCP: `Content-Length` says `bytes` (default 1) less than come; closed `lasts` (default 1s) after the last.";
    StallBeforeHeaders = "stall_before_headers", After, Lost, on: Any,
        "TCP: nothing comes for `lasts` (default for ever), then the good answer.";
    StallInBody = "stall_in_body", After, Lost, on: Any,
        "TCP: in the body nothing more comes for `lasts` (default for ever), then the rest. `at`: after how many bytes of the body (default \
         somewhere); `framing`.";
    Drip = "drip", After, Harmless, on: Any,
        "TCP: a good answer whose body comes `bytes` (default a 20th of it) at a time, `every` (default 100ms). `framing`.";
    CloseIdle = "close_idle", After, Harmless, on: Any,
        "TCP: a good answer; its connection is closed without notice when it has been idle for `lasts` (default 50ms).";
    SlowAccept = "slow_accept", After, Harmless, on: Any,
        "TCP: a good answer that ends its connection; new connections wait `lasts` (default 1s) until they are served.";
    PortClosed = "port_closed", Before, Lost, on: Any,
        "TCP: reset instead of an answer; the port refuses connections for `lasts` (default 800ms), others that are open end with their \
         answers.";
    GoAway = "goaway", Before, Lost, on: Any,
        "HTTP/2: GOAWAY that says that this request was not processed, then the connection is closed.";
    RefusedStream = "refused_stream", Before, Lost, on: Any,
        "HTTP/2: RST_STREAM with REFUSED_STREAM instead of an answer.";
}

/// What must carry a request for a kind to strike it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Carrier {
    /// Nothing in particular: it was handed over in process.
    InProcess,
    /// A TCP connection, by HTTP/1.1.
    Http1,
    /// A TCP connection, by HTTP/2.
    Http2,
}

impl FaultKind {
    /// Whether the token endpoint can have it.
    #[must_use]
    pub fn fits_token_endpoint(self) -> bool {
        self.reach() != Reach::Api
    }

    /// Whether the GraphQL endpoints can have it.
    #[must_use]
    pub fn fits_api(self) -> bool {
        self.reach() != Reach::Token
    }

    /// Whether it takes `lasts`.
    pub(crate) fn can_last(self) -> bool {
        let moves_reports = matches!(self, Self::ReportGrows | Self::StaleReport);
        let stays_open = matches!(self, Self::LengthTooLarge | Self::LengthTooSmall | Self::CloseIdle);
        let stalls = matches!(self, Self::StallBeforeHeaders | Self::StallInBody);
        moves_reports || stays_open || stalls || matches!(self, Self::SlowAccept | Self::PortClosed)
    }

    /// Whether it takes `at`.
    pub(crate) fn has_a_place(self) -> bool {
        self.has_framing() && self != Self::Drip
            || matches!(self, Self::TruncatedJson | Self::ResetBeforeHeaders | Self::CloseBeforeHeaders)
    }

    /// Whether it takes `framing`.
    pub(crate) fn has_framing(self) -> bool {
        matches!(self, Self::ResetInBody | Self::CloseInBody | Self::StallInBody | Self::Drip)
    }

    /// Whether it takes `field`.
    pub(crate) fn has_fields(self) -> bool {
        matches!(self, Self::MissingField | Self::PartialData)
    }

    /// Whether it takes `bytes`.
    pub(crate) fn has_bytes(self) -> bool {
        matches!(self, Self::LengthTooLarge | Self::LengthTooSmall | Self::Drip)
    }

    /// Whether it is a fault of the connection, below HTTP: such a fault strikes requests that came over TCP, and no others.
    #[must_use]
    pub fn is_below_http(self) -> bool {
        self.least_carrier() > Carrier::InProcess
    }

    /// Whether the client gets no answer at all, so that none needs to be made.
    pub(crate) fn leaves_no_answer(self) -> bool {
        matches!(self, Self::ResetBeforeHeaders | Self::CloseBeforeHeaders)
            || matches!(self, Self::PortClosed | Self::GoAway | Self::RefusedStream)
    }

    /// Whether it can strike a request that came that way.
    pub(crate) fn fits_carrier(self, carrier: Carrier) -> bool {
        carrier >= self.least_carrier()
    }

    fn least_carrier(self) -> Carrier {
        match self {
            Self::GoAway | Self::RefusedStream => Carrier::Http2,
            Self::ResetBeforeHeaders | Self::CloseBeforeHeaders | Self::ResetInBody | Self::CloseInBody => Carrier::Http1,
            Self::LengthTooLarge | Self::LengthTooSmall | Self::StallBeforeHeaders | Self::StallInBody => Carrier::Http1,
            Self::Drip | Self::CloseIdle | Self::SlowAccept | Self::PortClosed => Carrier::Http1,
            _ => Carrier::InProcess,
        }
    }

    /// Whether its answer is good, only late or spelled otherwise, so that a client need not ask again.
    #[must_use]
    pub fn is_harmless(self) -> bool {
        self.damage() == Damage::Harmless
    }
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
