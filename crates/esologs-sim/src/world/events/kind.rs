//! The types of events.

/// An event's `type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// `damage`
    Damage,
    /// `heal`
    Heal,
    /// `absorbed`: damage that a shield took.
    Absorbed,
    /// `cast`
    Cast,
    /// `begincast`
    BeginCast,
    /// `applybuff`
    ApplyBuff,
    /// `removebuff`
    RemoveBuff,
    /// `applybuffstack`
    ApplyBuffStack,
    /// `removebuffstack`
    RemoveBuffStack,
    /// `applydebuff`
    ApplyDebuff,
    /// `removedebuff`
    RemoveDebuff,
    /// `applydebuffstack`
    ApplyDebuffStack,
    /// `removedebuffstack`
    RemoveDebuffStack,
    /// `death`
    Death,
    /// `resourcechange`
    ResourceChange,
    /// `interrupt`
    Interrupt,
    /// `dispel`
    Dispel,
    /// `summon`
    Summon,
    /// `combatantinfo`
    CombatantInfo,
    /// `playerentercombat`
    PlayerEnterCombat,
}

impl EventKind {
    /// The value of the event's `type`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Damage => "damage",
            Self::Heal => "heal",
            Self::Absorbed => "absorbed",
            Self::Cast => "cast",
            Self::BeginCast => "begincast",
            Self::ApplyBuff => "applybuff",
            Self::RemoveBuff => "removebuff",
            Self::ApplyBuffStack => "applybuffstack",
            Self::RemoveBuffStack => "removebuffstack",
            Self::ApplyDebuff => "applydebuff",
            Self::RemoveDebuff => "removedebuff",
            Self::ApplyDebuffStack => "applydebuffstack",
            Self::RemoveDebuffStack => "removedebuffstack",
            Self::Death => "death",
            Self::ResourceChange => "resourcechange",
            Self::Interrupt => "interrupt",
            Self::Dispel => "dispel",
            Self::Summon => "summon",
            Self::CombatantInfo => "combatantinfo",
            Self::PlayerEnterCombat => "playerentercombat",
        }
    }

    /// Whether `includeResources` adds the state of source and target.
    pub(super) fn has_resources(self) -> bool {
        matches!(self, Self::Damage | Self::Heal | Self::Cast | Self::BeginCast | Self::Death | Self::ResourceChange)
    }
}
