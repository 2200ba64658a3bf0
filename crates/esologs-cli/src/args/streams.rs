//! A list of event streams.

use esologs::pull::EventStream;

/// The streams that were asked for; none at all is possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Streams(pub(crate) Vec<EventStream>);

pub(super) fn read_streams(text: &str) -> Result<Streams, String> {
    let names: Vec<&str> = text.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    match names.as_slice() {
        [] => Err("the list is empty; 'none' asks for no events".to_owned()),
        ["none"] => Ok(Streams(Vec::new())),
        names if names.contains(&"none") => Err("'none' stands alone".to_owned()),
        names => {
            let read = names.iter().map(|name| name.parse::<EventStream>().map_err(|error| error.to_string()));
            let mut streams: Vec<EventStream> = read.collect::<Result<_, _>>()?;
            streams.sort_unstable();
            streams.dedup();
            Ok(Streams(streams))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_in_any_order_and_named_twice_counts_once() {
        let streams = read_streams("healing, deaths,healing").unwrap();
        assert_eq!(streams.0, [EventStream::Deaths, EventStream::Healing]);
        assert_eq!(read_streams("none").unwrap().0, []);
    }

    #[test]
    fn a_wrong_name_and_a_none_among_others_are_refused() {
        assert!(read_streams("deaths,dmg").unwrap_err().starts_with("'dmg' is not an event stream: choose from deaths,"));
        assert_eq!(read_streams("none,deaths").unwrap_err(), "'none' stands alone");
        assert_eq!(read_streams(" , ").unwrap_err(), "the list is empty; 'none' asks for no events");
    }
}
