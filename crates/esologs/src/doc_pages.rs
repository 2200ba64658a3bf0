//! The pages outside of the sources whose examples are compiled and run with the doc tests. A test of `invariants.rs` holds
//! that every page of `docs/policies/` is here.

macro_rules! pages {
    ($($name:ident: $path:literal,)*) => { $(#[doc = include_str!(concat!("../../../", $path))] struct $name;)* };
}

pages! {
    Readme: "README.md",
    Overview: "docs/policies/README.md",
    Cache: "docs/policies/cache.md",
    CircuitBreaker: "docs/policies/circuit-breaker.md",
    Concurrency: "docs/policies/concurrency.md",
    Connections: "docs/policies/connections.md",
    Deadline: "docs/policies/deadline.md",
    Hooks: "docs/policies/hooks.md",
    Points: "docs/policies/points.md",
    RequestRate: "docs/policies/request-rate.md",
    Retry: "docs/policies/retry.md",
    RetryBudget: "docs/policies/retry-budget.md",
    SingleFlight: "docs/policies/single-flight.md",
    Token: "docs/policies/token.md",
    SignIn: "docs/sign-in.md",
    Testing: "docs/testing.md",
    Api: "docs/api.md",
    Events: "docs/events.md",
    WhoAsks: "docs/who-asks.md",
}

// What it shows is there with the feature only.
#[cfg(feature = "export")]
pages! {
    Export: "docs/export.md",
}
