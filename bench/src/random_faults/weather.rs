//! What the simulator is told to do.

use std::error::Error;

use esologs_sim::{FaultKind, Faults, On, ScriptedFault, Weather};

/// What an answer without use can look like.
const USELESS: [FaultKind; 5] =
    [FaultKind::EmptyBody, FaultKind::TruncatedJson, FaultKind::DataNull, FaultKind::MissingField, FaultKind::InternalError];
/// For how many requests a call answers without use are drawn; it makes 1.4 at a rate of 30 %.
const REQUESTS_PER_CALL: u64 = 3;

/// The weather `storm`, which has every fault that passes, at another rate. It has no closed port: that fails the attempts of all
/// calls under way, and the share of requests that were drawn would say nothing of the attempts.
pub(crate) fn storm(rate: f64, seed: u64) -> Result<Faults, Box<dyn Error>> {
    let storm = Weather::ALL.iter().find(|weather| weather.name == "storm").ok_or("the simulator has no storm")?;
    let mut script: toml::Table = storm.toml.parse()?;
    script.insert("rate".to_owned(), rate.into());
    let mix = script.get_mut("mix").and_then(toml::Value::as_table_mut).ok_or("the storm has no mix")?;
    mix.remove("port_closed");
    Ok(Faults::from_toml(&toml::to_string(&script)?)?.seeded(seed))
}

/// Answers without use, drawn for each request alone. (By rate, the simulator gives a request no more than three in a row.)
pub(crate) fn useless(rate: f64, calls: u32, seed: u64) -> Faults {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut faults = Faults::none();
    for nth in 1..=u64::from(calls) * REQUESTS_PER_CALL {
        if random.f64() < rate {
            let kind = USELESS[random.usize(..USELESS.len())];
            faults = faults.with(ScriptedFault::new(On::Api, kind).nth(nth));
        }
    }
    faults
}
