//! The way that requests take: straight, or by a proxy that the environment names.

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;

/// The way that a request takes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Route {
    /// To the host itself.
    Direct,
    /// By a proxy.
    Proxy(ProxyAddress),
}

/// Where a proxy is. The name and password that may belong to it are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProxyAddress {
    /// Its host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The variable that names it.
    pub variable: &'static str,
}

/// As the HTTP crate finds it: it asks the same matcher.
pub(super) fn of_environment(uri: &Uri) -> Route {
    let Some(proxy) = Matcher::from_system().intercept(uri) else { return Route::Direct };
    let Some(host) = proxy.uri().host() else { return Route::Direct };
    let port = proxy.uri().port_u16().unwrap_or(if proxy.uri().scheme_str() == Some("https") { 443 } else { 80 });
    let variables: &[&str] = if uri.scheme_str() == Some("https") {
        &["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
    } else {
        &["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
    };
    let names_it = |name: &&&'static str| std::env::var(name).is_ok_and(|value| value.contains(host));
    let variable = variables.iter().find(names_it).copied().unwrap_or("the system's settings");
    Route::Proxy(ProxyAddress { host: host.to_owned(), port, variable })
}
