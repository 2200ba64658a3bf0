//! What events, graphs and tables of a report can be narrowed down by: the same for all three.

use crate::ids::FightId;

/// Fights of a report, by their numbers: whatever can be iterated over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FightIds(pub(crate) Vec<FightId>);

impl<I: IntoIterator<Item: Into<FightId>>> From<I> for FightIds {
    fn from(fights: I) -> Self {
        Self(fights.into_iter().map(Into::into).collect())
    }
}

/// `parameters!` or `call!` with the filters behind a call's own parameters.
macro_rules! filtered {
    ($($call:tt)*) => {
        $crate::api::reports::filter::filtered_by! {
            {
                /// Only this ability, by its id in the game.
                ability_id: AbilityId = "abilityID",
                /// Only what led to this death, by its number.
                death: i64 = "death",
                /// Only this difficulty (121 or 122).
                difficulty: i64 = "difficulty",
                /// Only this encounter; 0 for trash.
                encounter_id: EncounterId = "encounterID",
                /// Start of the range, included.
                start_time: ReportTime = "startTime",
                /// End of the range, included.
                end_time: ReportTime = "endTime",
                /// Only these fights, by their numbers. Without a range they stand for the whole of those fights.
                fights: FightIds = "fightIDs",
                /// Further filters, in the language of the site's pins.
                filter_expression: String = "filterExpression",
                /// Which side. The API takes `Friendlies` where nothing is said.
                hostility: HostilityType = "hostilityType",
                /// Only fights that went like this.
                kill_type: KillType = "killType",
                /// Only while the source lacks these auras, by ids.
                source_auras_absent: String = "sourceAurasAbsent",
                /// Only while the source has these auras, by ids.
                source_auras_present: String = "sourceAurasPresent",
                /// Only sources of this class.
                source_class: String = "sourceClass",
                /// Only this source, by actor id.
                source_id: ActorId = "sourceID",
                /// Only this copy of the source.
                source_instance_id: i64 = "sourceInstanceID",
                /// Only while the target lacks these auras, by ids.
                target_auras_absent: String = "targetAurasAbsent",
                /// Only while the target has these auras, by ids.
                target_auras_present: String = "targetAurasPresent",
                /// Only targets of this class.
                target_class: String = "targetClass",
                /// Only this target, by actor id.
                target_id: ActorId = "targetID",
                /// Only this copy of the target.
                target_instance_id: i64 = "targetInstanceID",
                /// Names in the language of the site asked, not of the log. Default true.
                translate: bool = "translate",
                /// Flags of the site's pages.
                view_options: i64 = "viewOptions",
                /// Leave out what follows after this many deaths; 0 for none.
                wipe_cutoff: i64 = "wipeCutoff",
            }
            $($call)*
        }
    };
}
pub(crate) use filtered;

/// The second step of `filtered!`, which is given the filters first.
macro_rules! filtered_by {
    (
        { $($filters:tt)* }
        $(#[$doc:meta])*
        pub struct $name:ident -> one($output:ty) {
            method: $method:literal,
            at: $($step:literal)/+,
            operation: $operation:literal = $document:ident,
            peer: [$($peer:literal),*],
            parameters: { $($own:tt)* }
        }
    ) => {
        $crate::api::call::call! {
            $(#[$doc])*
            pub struct $name -> one($output) {
                method: $method,
                at: $($step)/+,
                operation: $operation = $document,
                peer: [$($peer),*],
                parameters: { $($own)* $($filters)* }
            }
        }
        $crate::api::reports::filter::filtered_by!(@short $name);
    };
    ({ $($filters:tt)* } $name:ident { $($own:tt)* }) => {
        $crate::api::call::parameters!($name { $($own)* $($filters)* });
        $crate::api::reports::filter::filtered_by!(@short $name);
    };
    (@short $name:ident) => {
        impl $name {
            /// Only this fight.
            pub fn fight(self, fight: impl Into<FightId>) -> Self {
                self.fights([fight.into()])
            }

            /// Only between these times, both included.
            pub fn between(self, start: ReportTime, end: ReportTime) -> Self {
                self.start_time(start).end_time(end)
            }
        }
    };
}
pub(crate) use filtered_by;
