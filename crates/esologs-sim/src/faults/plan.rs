//! Which request gets which fault.
//!
//! Scripted faults count the requests they are meant for. Faults by rate are drawn from the seed, the request's signature (endpoint and
//! body) and how often that request came before: the order in which concurrent requests arrive changes nothing. Which rate is drawn by
//! can depend on the time: see [`Spell`](super::set::Spell).

use std::collections::HashMap;
use std::time::Duration;

use super::fault::Fault;
use super::kind::{Carrier, Damage, FaultKind};
use super::mixed;
use super::set::{Faults, On, ScriptedFault};

/// What is known of a request when its fault is chosen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'r> {
    pub(crate) is_token: bool,
    pub(crate) operation: &'r str,
    pub(crate) carrier: Carrier,
    /// Hash of endpoint and body.
    pub(crate) signature: u64,
    /// Time since the simulator was built.
    pub(crate) now: Duration,
}

/// Requests whose history is remembered at most; beyond, all are forgotten.
const MAX_SIGNATURES: usize = 65_536;

/// The longest row of content faults for one request.
const MAX_CONTENT_IN_A_ROW: u32 = 3;
/// The longest row of faults for the token endpoint.
const MAX_TOKEN_IN_A_ROW: u32 = 2;

/// Faults, and how far they have come.
#[derive(Debug)]
pub(crate) struct FaultPlan {
    faults: Faults,
    set_at: Duration,
    /// How many requests each scripted fault has counted.
    counted: Vec<u64>,
    history: HashMap<u64, History>,
}

/// What happened to one request so far.
#[derive(Debug, Default)]
struct History {
    seen: u64,
    content_in_a_row: u32,
    faults_in_a_row: u32,
    /// Its token was refused since it was last answered.
    refused: bool,
}

/// A fault for a request, and where it came from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chosen {
    pub(crate) fault: Fault,
    script_index: Option<usize>,
}

impl FaultPlan {
    pub(crate) fn new(faults: Faults, now: Duration) -> Self {
        Self { counted: vec![0; faults.script.len()], faults, set_at: now, history: HashMap::new() }
    }

    /// The fault for this request, if any.
    pub(crate) fn choose(&mut self, target: Target<'_>) -> Option<Chosen> {
        self.choose_scripted(target).or_else(|| self.choose_drawn(target))
    }

    /// Takes a fault back that could not strike because the request was refused before it was executed: the next one shall have it.
    pub(crate) fn give_back(&mut self, chosen: &Chosen) {
        if let Some(counted) = chosen.script_index.and_then(|index| self.counted.get_mut(index)) {
            *counted -= 1;
        }
    }

    fn choose_scripted(&mut self, target: Target<'_>) -> Option<Chosen> {
        let mut chosen = None;
        let since = target.now.saturating_sub(self.set_at);
        for (index, scripted) in self.faults.script.iter().enumerate() {
            if since < scripted.after || !scripted.fits(target) {
                continue;
            }
            let counted = &mut self.counted[index];
            *counted += 1;
            if chosen.is_none() && (scripted.nth..scripted.nth.saturating_add(scripted.times)).contains(counted) {
                let mut fault = scripted.fault.clone();
                fault.luck = mix(self.faults.seed, target.signature, *counted);
                chosen = Some(Chosen { fault, script_index: Some(index) });
            }
        }
        chosen
    }

    fn choose_drawn(&mut self, target: Target<'_>) -> Option<Chosen> {
        let since = target.now.saturating_sub(self.set_at);
        let spell = self.faults.spells.iter().find(|spell| spell.goes_on_at(since));
        let rate = spell.map(|spell| &spell.rate).or(self.faults.rate.as_ref())?;
        // Who sets a spell wants an outage: then there are no tokens either.
        let spares_tokens = spell.is_none();
        if self.history.len() >= MAX_SIGNATURES {
            self.history.clear();
        }
        let history = self.history.entry(target.signature).or_default();
        history.seen += 1;
        let mut random = fastrand::Rng::with_seed(mix(self.faults.seed, target.signature, history.seen));
        let hit = random.f64() < rate.rate;
        let kind = if hit { history.draw(&rate.weights, target, spares_tokens, &mut random) } else { None };
        history.record(kind);
        kind.map(|kind| Chosen { fault: mixed::draw_parameters(kind, &mut random), script_index: None })
    }
}

impl Target<'_> {
    /// Whether its endpoint and its way here can have a fault of that kind.
    fn admits(self, kind: FaultKind) -> bool {
        let fits_endpoint = if self.is_token { kind.fits_token_endpoint() } else { kind.fits_api() };
        fits_endpoint && kind.fits_carrier(self.carrier)
    }
}

impl ScriptedFault {
    fn fits(&self, target: Target<'_>) -> bool {
        let meant = match &self.on {
            On::Token => target.is_token,
            On::Api => !target.is_token,
            On::Operation(name) => !target.is_token && name == target.operation,
            On::Any => true,
        };
        meant && target.admits(self.fault.kind)
    }
}

impl History {
    /// Draws a kind by weight among those that may strike now.
    fn draw(
        &self,
        weights: &[(FaultKind, f64)],
        target: Target<'_>,
        spares_tokens: bool,
        random: &mut fastrand::Rng,
    ) -> Option<FaultKind> {
        let weight_of = |(kind, weight): &(FaultKind, f64)| if self.admits(*kind, target, spares_tokens) { *weight } else { 0.0 };
        let total: f64 = weights.iter().map(weight_of).sum();
        let mut left = random.f64() * total;
        weights.iter().find_map(|entry| {
            let weight = weight_of(entry);
            if weight > 0.0 && left < weight {
                return Some(entry.0);
            }
            left -= weight;
            None
        })
    }

    fn admits(&self, kind: FaultKind, target: Target<'_>, spares_tokens: bool) -> bool {
        if !target.admits(kind) || (spares_tokens && target.is_token && self.faults_in_a_row >= MAX_TOKEN_IN_A_ROW) {
            return false;
        }
        match kind.damage() {
            Damage::Content => self.content_in_a_row < MAX_CONTENT_IN_A_ROW,
            Damage::Auth => !self.refused,
            Damage::Status | Damage::Lost | Damage::Harmless => true,
        }
    }

    fn record(&mut self, kind: Option<FaultKind>) {
        match kind.map(FaultKind::damage) {
            None | Some(Damage::Harmless) => {
                self.content_in_a_row = 0;
                self.faults_in_a_row = 0;
                self.refused = false;
            }
            Some(damage) => {
                self.faults_in_a_row += 1;
                self.content_in_a_row += u32::from(damage == Damage::Content);
                self.refused |= damage == Damage::Auth;
            }
        }
    }
}

/// One number out of three, well mixed (the finaliser of splitmix64).
fn mix(seed: u64, signature: u64, count: u64) -> u64 {
    let mut z = seed ^ signature.rotate_left(32) ^ count.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Hash of a request's endpoint and body (FNV-1a: the same on every machine and in every version).
pub(crate) fn signature(endpoint: &str, body: &[u8]) -> u64 {
    endpoint
        .bytes()
        .chain(body.iter().copied())
        .fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::faults::Weather;

    const REQUESTS: u64 = 20_000;

    /// How often each kind strikes different requests that came that way at that time.
    fn drawn(weather: &str, is_token: bool, carrier: Carrier, seconds: u64) -> BTreeMap<&'static str, u64> {
        let mut plan = FaultPlan::new(Faults::weather(weather).unwrap().seeded(9), Duration::ZERO);
        let mut counts = BTreeMap::new();
        for signature in 0..REQUESTS {
            let target = Target { is_token, operation: "", carrier, signature, now: Duration::from_secs(seconds) };
            if let Some(chosen) = plan.choose(target) {
                *counts.entry(chosen.fault.kind.name()).or_default() += 1;
            }
        }
        counts
    }

    fn assert_rate(counts: &BTreeMap<&str, u64>, rate: f64) {
        let hit = counts.values().sum::<u64>() as f64;
        let (mean, sigma) = (REQUESTS as f64 * rate, (REQUESTS as f64 * rate * (1.0 - rate)).sqrt());
        assert!((hit - mean).abs() <= 4.0 * sigma, "{hit} of {mean} with sigma {sigma}");
    }

    #[test]
    fn drizzle_and_storm_meet_their_rates_however_requests_come() {
        for carrier in [Carrier::InProcess, Carrier::Http1, Carrier::Http2] {
            for is_token in [false, true] {
                assert!(drawn("calm", is_token, carrier, 10).is_empty());
                assert_rate(&drawn("drizzle", is_token, carrier, 10), 0.03);
                assert_rate(&drawn("storm", is_token, carrier, 10), 0.3);
            }
        }
    }

    #[test]
    fn a_storm_has_every_kind_that_its_requests_can_have() {
        let storm = Weather::ALL.iter().find(|weather| weather.name == "storm").unwrap();
        for carrier in [Carrier::InProcess, Carrier::Http1, Carrier::Http2] {
            for is_token in [false, true] {
                let fits = |kind: &&FaultKind| {
                    let fits_endpoint = if is_token { kind.fits_token_endpoint() } else { kind.fits_api() };
                    fits_endpoint && kind.fits_carrier(carrier) && storm.toml.contains(&format!("\n{} = ", kind.name()))
                };
                let mut expected: Vec<&str> = FaultKind::ALL.iter().filter(fits).map(|kind| kind.name()).collect();
                expected.sort_unstable();
                let seen: Vec<&str> = drawn("storm", is_token, carrier, 0).into_keys().collect();
                assert_eq!(seen, expected, "{carrier:?}, token: {is_token}");
            }
        }
    }

    #[test]
    fn an_outage_comes_and_goes_by_the_clock_and_spares_nobody() {
        for is_token in [false, true] {
            for (second, rate) in [(0, 0.0), (4, 0.0), (5, 1.0), (19, 1.0), (20, 0.0), (64, 0.0), (65, 1.0), (80, 0.0)] {
                assert_rate(&drawn("outage", is_token, Carrier::Http1, second), rate);
            }
        }
        let mut plan = FaultPlan::new(Faults::weather("outage").unwrap(), Duration::from_secs(100));
        let asked_at = |seconds| Target {
            is_token: true,
            operation: "",
            carrier: Carrier::Http1,
            signature: 1,
            now: Duration::from_secs(seconds),
        };
        assert!(plan.choose(asked_at(104)).is_none(), "time counts from when the faults were set");
        assert!((0..50).all(|_| plan.choose(asked_at(106)).is_some()), "the same token request is never let through");
    }
}
