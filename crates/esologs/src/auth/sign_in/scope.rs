//! What a user can allow.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind};

/// What a user can allow an API client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scope {
    /// `view-user-profile`: the user's own profile, guilds and characters.
    ViewUserProfile,
    /// `view-private-reports`: the reports that the user may see and others may not.
    ViewPrivateReports,
}

impl Scope {
    /// Every scope that the service has.
    pub const ALL: [Self; 2] = [Self::ViewUserProfile, Self::ViewPrivateReports];

    /// The name that the service knows it by.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ViewUserProfile => "view-user-profile",
            Self::ViewPrivateReports => "view-private-reports",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Scope {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|scope| scope.name() == name).ok_or_else(|| {
            let known = Self::ALL.map(Self::name).join(", ");
            Error::new(ErrorKind::Usage, format!("there is no scope '{}'; there are {known}", name.escape_default()))
        })
    }
}
