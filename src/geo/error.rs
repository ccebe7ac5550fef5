//! What can be wrong with the geographic data.

use std::io;

/// Why the geographic data cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum GeoError {
    /// An embedded file is not sound gzip.
    #[error("The embedded file {file}.json.gz cannot be decompressed.")]
    Unpack {
        /// Which of the four files.
        file: &'static str,
        /// What the decompression met.
        source: io::Error,
    },
    /// A file is not the JSON that the package publishes.
    #[error("The file {file}.json does not have the form of @etalab/decoupage-administratif.")]
    Json {
        /// Which of the four files.
        file: &'static str,
        /// Where and what.
        source: serde_json::Error,
    },
    /// A commune déléguée or associée, or an arrondissement, that does not say what it is a part of.
    #[error("The commune {code} has no field {field}.")]
    Incomplete {
        /// The commune's code.
        code: String,
        /// The field, as the JSON names it.
        field: &'static str,
    },
    /// A commune's code that is not five bytes long.
    #[error("The commune code {code} does not have five characters.")]
    Code {
        /// The code.
        code: String,
    },
    /// Two places with one code, or a commune in two EPCI.
    #[error("The code {code} stands twice in {file}.json.")]
    Duplicate {
        /// Which of the four files.
        file: &'static str,
        /// The code.
        code: String,
    },
    /// A commune in another région than its département.
    #[error("{code} is in the région {region}, but its département {departement} is not.")]
    OtherRegion {
        /// The commune's code.
        code: String,
        /// Its région.
        region: String,
        /// Its département.
        departement: String,
    },
    /// A reference to a place that is not in the data.
    #[error("{code} refers to {target}, which is no {expected} of the data.")]
    Unknown {
        /// The code of the place that refers.
        code: String,
        /// The code it refers to.
        target: String,
        /// What that should be.
        expected: &'static str,
    },
    /// Former codes that lead from one to the other and to no commune of today.
    #[error("The former commune {code} leads round in a circle, to no commune of today.")]
    Circle {
        /// The former code.
        code: String,
    },
}

impl GeoError {
    pub(super) fn unknown(code: &str, target: &str, expected: &'static str) -> Self {
        GeoError::Unknown {
            code: code.to_owned(),
            target: target.to_owned(),
            expected,
        }
    }

    pub(super) fn duplicate(file: &'static str, code: &str) -> Self {
        GeoError::Duplicate {
            file,
            code: code.to_owned(),
        }
    }
}
