//! What can be wrong with lists of places.

use thiserror::Error;

use crate::base::shown::shown;

/// Why places do not fit together.
#[derive(Debug, Error)]
pub enum GeoError {
    /// A code that does not follow the grammar of its kind.
    #[error("the code \"{code}\" is not {expected}")]
    Code {
        /// The code, as far as a message shows it.
        code: String,
        /// What was expected.
        expected: &'static str,
    },
    /// A name that is empty, too long or holds characters that are not shown.
    #[error("the place {code} is called \"{name}\", which is no name of a place")]
    Name {
        /// The place's code.
        code: String,
        /// The name, as far as a message shows it.
        name: String,
    },
    /// A commune of today in another département than its code says.
    #[error(
        "the commune {code} is said to lie in the département {departement}, which its code does not begin with"
    )]
    OtherDepartement {
        /// The commune's code.
        code: String,
        /// The département that it is said to lie in.
        departement: String,
    },
    /// Two places with one code, or a commune in two EPCI.
    #[error("the code {code} stands twice among the {list}")]
    Duplicate {
        /// What the places are.
        list: &'static str,
        /// The code.
        code: String,
    },
    /// A commune in another région than its département.
    #[error("{code} is in the région {region}, but its département {departement} is not")]
    OtherRegion {
        /// The commune's code.
        code: String,
        /// Its région.
        region: String,
        /// Its département.
        departement: String,
    },
    /// A reference to a place that is not in the data.
    #[error("{code} refers to {target}, which is no {expected} of the data")]
    Unknown {
        /// The code of the place that refers.
        code: String,
        /// The code it refers to.
        target: String,
        /// What that should be.
        expected: &'static str,
    },
    /// Former codes that lead from one to the other and to no commune of today.
    #[error("the former commune {code} leads round in a circle, to no commune of today")]
    Circle {
        /// The former code.
        code: String,
    },
}

impl GeoError {
    pub(super) fn unknown(code: &str, target: &str, expected: &'static str) -> Self {
        Self::Unknown {
            code: code.to_owned(),
            target: shown(target, 20),
            expected,
        }
    }

    pub(super) fn duplicate(list: &'static str, code: &str) -> Self {
        Self::Duplicate {
            list,
            code: code.to_owned(),
        }
    }
}
