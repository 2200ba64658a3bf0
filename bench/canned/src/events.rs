//! Events as the API sends them: compact JSON, damage with flags now and then, four in ten with resources. About 330 bytes.

use std::fmt::Write as _;

use fastrand::Rng;

const ABILITIES: [u32; 8] = [61919, 40058, 21481, 45135, 109966, 61687, 61665, 126890];

/// Appends one event at this time.
pub fn append_event(page: &mut String, time: u64, rng: &mut Rng) {
    let ability = ABILITIES[rng.usize(..ABILITIES.len())];
    let (source, target) = (rng.u32(1..13), rng.u32(30..90));
    let _ = write!(
        page,
        r#"{{"timestamp":{time},"type":"damage","sourceID":{source},"sourceIsFriendly":true,"targetID":{target},"targetInstance":{},"targetIsFriendly":false,"abilityGameID":{ability},"fight":1,"buffs":"{}.{}.{}.","hitType":{},"amount":{}"#,
        rng.u32(1..9),
        ABILITIES[rng.usize(..ABILITIES.len())],
        ABILITIES[rng.usize(..ABILITIES.len())],
        ABILITIES[rng.usize(..ABILITIES.len())],
        rng.u32(1..11),
        rng.u32(..20_000),
    );
    if rng.u8(..3) == 0 {
        page.push_str(r#","tick":true"#);
    }
    if rng.u8(..10) < 4 {
        append_resources(page, "sourceResources", rng);
    }
    page.push('}');
}

fn append_resources(page: &mut String, name: &str, rng: &mut Rng) {
    let _ = write!(
        page,
        r#","{name}":{{"hitPoints":{},"maxHitPoints":24110,"magicka":{},"maxMagicka":31800,"stamina":{},"maxStamina":12004,"ultimate":{},"maxUltimate":500,"werewolf":0,"maxWerewolf":0,"absorb":0,"championPoints":2410,"x":{},"y":{},"facing":{}.{}}}"#,
        rng.u32(..24_110),
        rng.u32(..31_800),
        rng.u32(..12_004),
        rng.u32(..500),
        rng.i32(-20_000..20_000),
        rng.i32(-20_000..20_000),
        rng.u32(..360),
        rng.u32(1..10),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_about_330_bytes_long() {
        let (mut page, mut rng) = (String::new(), Rng::with_seed(1));
        for time in 0..10_000 {
            append_event(&mut page, time, &mut rng);
        }
        let mean = page.len() / 10_000;
        assert!((310..=350).contains(&mean), "{mean} bytes");
    }
}
