//! Fault scripts that have names, as one asks for the weather.

use super::set::Faults;

/// A script that comes with the simulator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Weather {
    /// What it is asked for by.
    pub name: &'static str,
    /// What it is like, in a line.
    pub summary: &'static str,
    /// The script, to be read or to start one's own from.
    pub toml: &'static str,
}

/// A name that no weather has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no weather is called {name:?}; there are {}", names())]
pub struct UnknownWeather {
    name: String,
}

macro_rules! weathers {
    ($($name:literal: $summary:literal;)+) => {
        &[$(Weather {
            name: $name,
            summary: $summary,
            toml: include_str!(concat!("../../weather/", $name, ".toml")),
        }),+]
    };
}

impl Weather {
    /// All of them, from fair to foul.
    pub const ALL: &'static [Self] = weathers! {
        "calm": "no faults";
        "drizzle": "3 requests in 100 fail in one of the usual ways";
        "storm": "3 requests in 10 fail, in every way that passes, the connection's included";
        "outage": "nothing is answered from 5 s to 20 s, again every minute";
        "maintenance": "maintenance pages from 5 s to 20 s, then all tokens are gone";
    };
}

impl Faults {
    /// The faults of that weather: `calm`, `drizzle`, `storm`, `outage` or `maintenance` ([`Weather::ALL`]).
    ///
    /// ```
    /// # use esologs_sim::Faults;
    /// let faults = Faults::weather("storm")?.seeded(7);
    /// # Ok::<(), esologs_sim::UnknownWeather>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When none is called so.
    pub fn weather(name: &str) -> Result<Self, UnknownWeather> {
        let known = Weather::ALL.iter().find(|weather| weather.name == name);
        // A test reads them all, so the second error does not occur.
        known.and_then(|weather| Self::from_toml(weather.toml).ok()).ok_or_else(|| UnknownWeather { name: name.to_owned() })
    }
}

fn names() -> String {
    let names: Vec<&str> = Weather::ALL.iter().map(|weather| weather.name).collect();
    names.join(", ")
}
