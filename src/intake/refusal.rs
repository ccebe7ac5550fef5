//! What a gate says of files that it refuses.

use std::fmt;

use thiserror::Error;

use crate::base::run::RefusalFacts;

/// A gate that refused files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its name, for the record of a run.
    pub gate: &'static str,
    /// Whether `[gates]` of the configuration has a threshold of this name.
    pub has_threshold: bool,
    /// What was measured and what is allowed.
    pub reason: String,
    /// The refusal as data, as far as it may be told to anybody.
    pub facts: RefusalFacts,
}

impl Refusal {
    /// By a gate whose threshold stands in the configuration under its name.
    pub(super) fn by_threshold(gate: &'static str, reason: String, facts: RefusalFacts) -> Self {
        Self {
            gate,
            has_threshold: true,
            reason,
            facts,
        }
    }

    /// That upstream states another licence than it did for the edition in use.
    pub fn of_licence(known: &str, stated: &str) -> Self {
        Self::outright(
            "licence",
            format!(
                "upstream states the licence {stated:?}, and stated {known:?} for the edition in use; read what it asks of those who publish the data"
            ),
            RefusalFacts::default(),
        )
    }

    /// By a gate that has no threshold.
    pub(super) fn outright(gate: &'static str, reason: String, facts: RefusalFacts) -> Self {
        Self {
            gate,
            has_threshold: false,
            reason,
            facts,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.has_threshold {
            true => write!(f, "{} (gates.{})", self.reason, self.gate),
            false => f.write_str(&self.reason),
        }
    }
}

/// All gates that refused a file, or the files of a source that are one content.
#[derive(Debug, Error)]
#[error(
    "{what} was refused: {}. {}The database stays as it was; look at the file, and `immostats {command} --force` imports it all the same",
    refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
    loss.as_deref().unwrap_or_default()
)]
pub struct Refused {
    /// The file, or the source.
    pub what: String,
    /// One at least.
    pub refusals: Vec<Refusal>,
    /// What the database would lose, as a sentence with a blank after it.
    pub loss: Option<String>,
    /// The command that imports it all the same.
    pub command: &'static str,
}
