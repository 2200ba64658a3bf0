//! The faults, as the tests of the command line have them, too.

use serde::Deserialize;

const SINGLE_FAULTS: &str = include_str!("../../../crates/esologs-cli/tests/single-faults.toml");

/// A fault that strikes a run of the program.
#[derive(Debug, Deserialize)]
pub(crate) struct Single {
    pub(crate) name: String,
    /// An entry of the simulator's script.
    fault: toml::Table,
}

#[derive(Deserialize)]
struct File {
    single: Vec<Single>,
}

impl Single {
    pub(crate) fn all() -> Result<Vec<Self>, toml::de::Error> {
        Ok(toml::from_str::<File>(SINGLE_FAULTS)?.single)
    }

    /// What the simulator calls the fault.
    pub(crate) fn kind(&self) -> &str {
        self.fault.get("kind").and_then(toml::Value::as_str).unwrap_or_default()
    }

    /// How many requests it hits.
    pub(crate) fn times(&self) -> i64 {
        self.fault.get("times").and_then(toml::Value::as_integer).unwrap_or(1)
    }

    /// The script of this fault alone.
    pub(crate) fn script(&self) -> Result<String, toml::ser::Error> {
        let faults = toml::Value::Array(vec![self.fault.clone().into()]);
        toml::to_string(&toml::Table::from_iter([("fault".to_owned(), faults)]))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use esologs_sim::Faults;

    use super::*;

    #[test]
    fn there_are_at_least_24_faults_with_different_names_and_each_is_one_that_the_simulator_has() {
        let singles = Single::all().unwrap();
        let names: BTreeSet<&str> = singles.iter().map(|single| single.name.as_str()).collect();
        assert!(names.len() >= 24 && names.len() == singles.len(), "{} names of {} faults", names.len(), singles.len());
        for single in &singles {
            let faults = Faults::from_toml(&single.script().unwrap());
            assert!(faults.is_ok(), "{}: {faults:?}", single.name);
        }
    }
}
