//! Which commune the sales under a code of the files count for.

use crate::geo::{self, Geography};

/// What communes are taken for one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Naming<'a> {
    /// The communes of today: sales under the code of a commune that has merged since count for the one it is a part of.
    Today(&'a Geography),
    /// The communes that the files name.
    Files,
}

/// A commune by its code, and the département that it lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NamedCommune<'a> {
    pub code: &'a str,
    pub departement: &'a str,
}

impl<'a> Naming<'a> {
    /// The commune that a code stands for; `None` where nobody knows.
    pub(crate) fn of(self, code: &'a str) -> Option<NamedCommune<'a>> {
        match self {
            Self::Today(geography) => geography.current(code).map(|commune| NamedCommune {
                code: &commune.code,
                departement: &commune.departement,
            }),
            Self::Files => Some(NamedCommune {
                code,
                departement: geo::departement_of(code),
            }),
        }
    }
}
