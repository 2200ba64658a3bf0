//! Faults as a TOML file.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::fault::{BodyForm, Fault, Framing};
use super::kind::{FaultKind, Strikes};
use super::mixed;
use super::set::{Faults, On, Rate, ScriptedFault, Spell};

/// Why a script cannot be used. The message names the entry, the key and what is allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("fault script: {0}")]
pub struct FaultScriptError(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    seed: u64,
    rate: Option<f64>,
    mix: Option<BTreeMap<String, f64>>,
    #[serde(default)]
    spell: Vec<SpellEntry>,
    #[serde(default)]
    fault: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpellEntry {
    from: Option<NumberOrText>,
    lasts: NumberOrText,
    every: Option<NumberOrText>,
    rate: f64,
    mix: Option<BTreeMap<String, f64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    kind: String,
    on: Option<String>,
    after: Option<NumberOrText>,
    nth: Option<u64>,
    times: Option<u64>,
    status: Option<u16>,
    body: Option<String>,
    retry_after: Option<NumberOrText>,
    delay: Option<NumberOrText>,
    strikes: Option<String>,
    at: Option<usize>,
    field: Option<String>,
    lasts: Option<NumberOrText>,
    bytes: Option<usize>,
    every: Option<NumberOrText>,
    framing: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a whole number or a text")]
enum NumberOrText {
    Number(u64),
    Text(String),
}

impl Faults {
    /// Reads a script.
    ///
    /// ```
    /// # use esologs_sim::Faults;
    /// let faults = Faults::from_toml(r#"
    ///     seed = 7
    ///     rate = 0.2                  # share of requests hit by drawn faults; without [mix]: the mixed set
    ///
    ///     [mix]                       # weights by fault name
    ///     bad_gateway = 3
    ///     truncated_json = 1
    ///
    ///     [[spell]]                   # for a time there is another rate; token requests are not spared
    ///     from = "10s"                # since the faults were set; default 0
    ///     lasts = "20s"
    ///     every = "2m"                # from one beginning to the next; default: once
    ///     rate = 1.0
    ///     mix = { unavailable = 2, bad_gateway = 1 }
    ///
    ///     [[fault]]
    ///     on = "ReportEvents"         # "token", "api", "any" or an operation's name; default "api"
    ///     nth = 3                     # first matching request that is hit, from 1; default 1
    ///     times = 2                   # how many in a row; default 1
    ///     after = "30s"               # count only requests so long after the faults were set; default 0
    ///     kind = "unavailable"        # see `FaultKind` for all
    ///     retry_after = 1             # seconds, or any text
    ///     delay = "250ms"             # before the answer: milliseconds, or "250ms", "1.5s", "2m"
    ///     strikes = "after"           # "before": no points charged, "after": charged; default: the kind's own way
    ///
    ///     [[fault]]
    ///     on = "token"
    ///     kind = "status"
    ///     status = 507                # 300 to 599 (kind "cloudflare": 520 to 527)
    ///     body = "json"               # "html" (default), "json", "empty"
    ///
    ///     [[fault]]
    ///     kind = "truncated_json"
    ///     at = 1000                   # cut after so many bytes; default: somewhere
    ///
    ///     [[fault]]
    ///     kind = "missing_field"
    ///     field = "fights"
    ///
    ///     [[fault]]
    ///     kind = "partial_data"
    ///     field = "b, 4"              # the field with the alias `b` and the fourth of all fail; default: the first
    ///
    ///     [[fault]]                   # faults of the connection strike requests that come over TCP
    ///     kind = "reset_in_body"
    ///     at = 100                    # after so many bytes, as they are on the wire; default: somewhere
    ///     framing = "chunked"         # "length" (default), "chunked"
    ///
    ///     [[fault]]
    ///     kind = "stall_in_body"
    ///     lasts = "8s"                # default: for ever
    ///
    ///     [[fault]]
    ///     kind = "drip"
    ///     bytes = 16                  # so many at a time; default: a 20th of the body
    ///     every = "50ms"
    ///
    ///     [[fault]]
    ///     on = "token"
    ///     kind = "length_too_small"
    ///     bytes = 3                   # so many less than come
    /// "#)?;
    /// # Ok::<(), esologs_sim::FaultScriptError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the text is no TOML, has a key or value that is not allowed, or asks for what a kind cannot do.
    pub fn from_toml(text: &str) -> Result<Self, FaultScriptError> {
        let file: File = toml::from_str(text).map_err(|error| FaultScriptError(error.to_string().trim_end().to_owned()))?;
        let rate = read_rate(file.rate, file.mix).map_err(FaultScriptError)?;
        let mut spells = Vec::with_capacity(file.spell.len());
        for (index, entry) in file.spell.into_iter().enumerate() {
            spells.push(read_spell(entry).map_err(|wrong| FaultScriptError(format!("spell {}: {wrong}", index + 1)))?);
        }
        let mut script = Vec::with_capacity(file.fault.len());
        for (index, entry) in file.fault.into_iter().enumerate() {
            let read = read_entry(entry);
            script.push(read.map_err(|wrong| FaultScriptError(format!("fault {}: {wrong}", index + 1)))?);
        }
        Ok(Self { seed: file.seed, rate, spells, script })
    }
}

fn read_rate(rate: Option<f64>, mix: Option<BTreeMap<String, f64>>) -> Result<Option<Rate>, String> {
    let Some(rate) = rate else {
        return if mix.is_some() { Err("`mix` needs a `rate` from 0 to 1".to_owned()) } else { Ok(None) };
    };
    if !(0.0..=1.0).contains(&rate) {
        return Err(format!("`rate` is {rate}, allowed is 0 to 1"));
    }
    let Some(mix) = mix else {
        return Ok(Some(Rate { rate, weights: mixed::WEIGHTS.to_vec() }));
    };
    let mut weights = Vec::with_capacity(mix.len());
    for (name, weight) in mix {
        let kind: FaultKind = name.parse().map_err(|unknown| format!("mix: {unknown}"))?;
        if !(weight.is_finite() && weight >= 0.0) {
            return Err(format!("mix: the weight of `{name}` is {weight}, allowed is 0 or more"));
        }
        if kind == FaultKind::Status {
            return Err("mix: `status` needs a status of its own, so it can only stand in a [[fault]]".to_owned());
        }
        weights.push((kind, weight));
    }
    Ok(Some(Rate { rate, weights }))
}

fn read_spell(entry: SpellEntry) -> Result<Spell, String> {
    let time = |key: &str, value: Option<NumberOrText>| value.map(|value| read_time(key, &value)).transpose();
    let lasts = read_time("lasts", &entry.lasts)?;
    let every = time("every", entry.every)?;
    if every.is_some_and(|every| every < lasts) {
        return Err("`every` is shorter than `lasts`".to_owned());
    }
    let rate = read_rate(Some(entry.rate), entry.mix)?.ok_or("`rate` is needed")?;
    Ok(Spell { from: time("from", entry.from)?.unwrap_or_default(), lasts, every, rate })
}

fn read_entry(entry: Entry) -> Result<ScriptedFault, String> {
    let kind: FaultKind = entry.kind.parse().map_err(|unknown| format!("kind: {unknown}"))?;
    let on = match entry.on.as_deref() {
        None if !kind.fits_api() => On::Token,
        None | Some("api") => On::Api,
        Some("token") => On::Token,
        Some("any") => On::Any,
        Some("") => return Err("on: allowed are \"token\", \"api\", \"any\" or the name of an operation".to_owned()),
        Some(operation) => On::Operation(operation.to_owned()),
    };
    if on == On::Token && !kind.fits_token_endpoint() {
        return Err(format!("`{kind}` cannot happen to a token request; {} can", kinds_for_token()));
    }
    if matches!(on, On::Api | On::Operation(_)) && !kind.fits_api() {
        return Err(format!("`{kind}` can happen to a token request only"));
    }
    let mut fault = Fault::new(kind);
    fault.status = read_status(kind, entry.status)?;
    fault.body = entry.body.as_deref().map(read_body).transpose()?;
    fault.retry_after = entry.retry_after.map(|value| match value {
        NumberOrText::Number(seconds) => seconds.to_string(),
        NumberOrText::Text(text) => text,
    });
    if let Some(delay) = entry.delay {
        fault.delay = read_time("delay", &delay)?;
    }
    fault.strikes = entry.strikes.as_deref().map(read_strikes).transpose()?;
    only_with("at", kind, entry.at.is_none() || kind.has_a_place())?;
    fault.at = entry.at;
    only_with("field", kind, entry.field.is_none() || kind.has_fields())?;
    fault.field = entry.field;
    only_with("lasts", kind, entry.lasts.is_none() || kind.can_last())?;
    fault.lasts = entry.lasts.map(|lasts| read_time("lasts", &lasts)).transpose()?;
    only_with("bytes", kind, entry.bytes.is_none() || kind.has_bytes())?;
    if entry.bytes == Some(0) {
        return Err("`bytes` is at least 1".to_owned());
    }
    fault.bytes = entry.bytes;
    only_with("every", kind, entry.every.is_none() || kind == FaultKind::Drip)?;
    fault.every = entry.every.map(|every| read_time("every", &every)).transpose()?;
    only_with("framing", kind, entry.framing.is_none() || kind.has_framing())?;
    fault.framing = entry.framing.as_deref().map(read_framing).transpose()?;
    let after = entry.after.map(|after| read_time("after", &after)).transpose()?.unwrap_or_default();
    Ok(ScriptedFault { on, after, nth: at_least_one("nth", entry.nth)?, times: at_least_one("times", entry.times)?, fault })
}

/// An error where a key is given to a kind that does nothing with it.
fn only_with(key: &str, kind: FaultKind, used: bool) -> Result<(), String> {
    if used { Ok(()) } else { Err(format!("`{kind}` has no `{key}`")) }
}

fn kinds_for_token() -> String {
    let fitting = FaultKind::ALL.iter().filter(|kind| kind.fits_token_endpoint());
    fitting.map(|kind| kind.name()).collect::<Vec<_>>().join(", ")
}

fn at_least_one(key: &str, value: Option<u64>) -> Result<u64, String> {
    match value {
        Some(0) => Err(format!("`{key}` counts from 1")),
        Some(count) => Ok(count),
        None => Ok(1),
    }
}

fn read_status(kind: FaultKind, status: Option<u16>) -> Result<Option<u16>, String> {
    let allowed = match kind {
        FaultKind::Cloudflare => 520..=527,
        FaultKind::Status => 300..=599,
        _ if status.is_some() => return Err(format!("`{kind}` has a status of its own; use kind \"status\" to choose one")),
        _ => return Ok(None),
    };
    match status {
        Some(status) if allowed.contains(&status) => Ok(Some(status)),
        None if kind == FaultKind::Cloudflare => Ok(None),
        None => Err(format!("`{kind}` needs a `status` from {} to {}", allowed.start(), allowed.end())),
        Some(status) => Err(format!("`status` is {status}, allowed with `{kind}` is {} to {}", allowed.start(), allowed.end())),
    }
}

fn read_body(name: &str) -> Result<BodyForm, String> {
    match name {
        "html" => Ok(BodyForm::Html),
        "json" => Ok(BodyForm::Json),
        "empty" => Ok(BodyForm::Empty),
        _ => Err(format!("`body` is {name:?}, allowed are \"html\", \"json\", \"empty\"")),
    }
}

fn read_framing(name: &str) -> Result<Framing, String> {
    match name {
        "length" => Ok(Framing::Length),
        "chunked" => Ok(Framing::Chunked),
        _ => Err(format!("`framing` is {name:?}, allowed are \"length\", \"chunked\"")),
    }
}

fn read_strikes(name: &str) -> Result<Strikes, String> {
    match name {
        "before" => Ok(Strikes::Before),
        "after" => Ok(Strikes::After),
        _ => Err(format!("`strikes` is {name:?}, allowed are \"before\" (no points charged), \"after\" (points charged)")),
    }
}

fn read_time(key: &str, value: &NumberOrText) -> Result<Duration, String> {
    let text = match value {
        NumberOrText::Number(millis) => return Ok(Duration::from_millis(*millis)),
        NumberOrText::Text(text) => text.trim(),
    };
    let (digits, unit) = text.split_at(text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len()));
    let seconds_per_unit = match unit {
        "ms" => Some(0.001),
        "s" => Some(1.0),
        "m" => Some(60.0),
        _ => None,
    };
    let amount: Option<f64> = digits.trim().parse().ok();
    let seconds = amount.zip(seconds_per_unit).map(|(amount, per_unit)| amount * per_unit);
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| format!("`{key}` is {text:?}, allowed are milliseconds (250) or texts like \"250ms\", \"1.5s\", \"2m\""))
}
