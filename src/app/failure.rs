//! Why a use case did not do what was asked of it. What kind of failure it is follows from its type.

use thiserror::Error;

use super::missing::MissingSales;
use super::project::ProjectError;
use crate::base::run::RefusalFacts;
use crate::base::shown::public;
use crate::config::ConfigError;
use crate::db::DbError;
use crate::deploy::{ArchiveError, BucketError, MissingKey, OnlineError, PublishError, PurgeError};
use crate::files::WriteError;
use crate::http::HttpError;
use crate::intake::{IntakeError, Refused};
use crate::site::SiteError;
use crate::source::SourceError;
use crate::stats::StatsError;
use crate::stats::official::ExportError;
use crate::version::VersionError;

/// Why a use case did not do what was asked of it.
#[derive(Debug, Error)]
pub enum Failure {
    /// Input was read and is not what it should be. What was there before stays as it was.
    #[error("{}", with_causes(.0))]
    Refused(anyhow::Error),
    /// An input is not what it should be, or too much of it cannot be read. What was there before stays as it was.
    #[error("{}", with_causes(error))]
    Unread {
        /// Why, with what was being done.
        error: anyhow::Error,
        /// The gate, by its key, where it was one.
        gate: Option<&'static str>,
        /// What may be told of it to anybody.
        facts: Box<RefusalFacts>,
    },
    /// Input was read, and gates refused it. What was there before stays as it was.
    #[error(transparent)]
    Judged(#[from] Refused),
    /// Something was left out for want of these files; everything else is done.
    #[error("{}", sentences(.0))]
    Incomplete(Vec<Problem>),
    /// Another process is at work on the project. Nothing was done.
    #[error("{0}")]
    Busy(ProjectError),
    /// Anything else.
    #[error("{}", with_causes(.0))]
    Failed(anyhow::Error),
}

/// What went wrong with one file of a source, or with a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The source's id.
    pub source: String,
    /// Which file and why, in a sentence.
    pub message: String,
    /// Whether the file was read and refused; otherwise it could not be fetched.
    pub refused: bool,
}

/// An error with its causes, each said once: some errors say in their own text what the cause is.
fn with_causes(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        // SQLite's has a number before the same words.
        let numbered = cause.strip_prefix("Error code ");
        let words = numbered.and_then(|numbered| numbered.split_once(": "));
        if !text.contains(words.map_or(cause.as_str(), |(_, words)| words)) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}

fn sentences(problems: &[Problem]) -> String {
    let messages: Vec<_> = problems
        .iter()
        .map(|problem| problem.message.as_str())
        .collect();
    messages.join("\n")
}

impl Failure {
    /// A failure for a reason that no other type names.
    pub fn because(reason: impl Into<String>) -> Self {
        Self::Failed(anyhow::Error::msg(reason.into()))
    }

    /// A failure for want of a source `of` a kind of data, which names those that there are.
    pub(super) fn no_source<'s>(id: &str, of: &str, known: impl Iterator<Item = &'s str>) -> Self {
        let known: Vec<_> = known.collect();
        Self::because(format!(
            "there is no source {id} of {of}; there are {}",
            known.join(", ")
        ))
    }

    /// The failure, with what was being done before its reason.
    #[must_use]
    pub fn context(self, doing: String) -> Self {
        match self {
            Self::Refused(error) => Self::Refused(error.context(doing)),
            Self::Unread { error, gate, facts } => Self::Unread {
                error: error.context(doing),
                gate,
                facts,
            },
            Self::Failed(error) => Self::Failed(error.context(doing)),
            other => other,
        }
    }

    /// Success when there is no problem.
    ///
    /// # Errors
    /// [`Failure::Incomplete`] when there is one.
    pub fn unless_complete(problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Self::Incomplete(problems))
        }
    }

    /// What a public page may tell of it: no text of an input, and no folder of the machine.
    pub fn public(&self) -> String {
        public(&self.to_string())
    }

    /// Whether input is to blame: it was read, and is not what it should be.
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Refused(_) | Self::Unread { .. } | Self::Judged(_) => true,
            Self::Incomplete(problems) => problems.iter().any(|problem| problem.refused),
            Self::Busy(_) | Self::Failed(_) => false,
        }
    }
}

impl From<ProjectError> for Failure {
    fn from(error: ProjectError) -> Self {
        match error {
            ProjectError::Busy { .. } => Self::Busy(error),
            error => Self::Failed(error.into()),
        }
    }
}

impl From<IntakeError> for Failure {
    fn from(error: IntakeError) -> Self {
        if error.is_refusal() {
            Self::Unread {
                gate: error.gate(),
                facts: Box::new(error.facts().clone()),
                error: error.into(),
            }
        } else {
            Self::Failed(error.into())
        }
    }
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        if error.is_refusal() {
            Self::Refused(error.into())
        } else {
            Self::Failed(error.into())
        }
    }
}

/// Errors that never come from the content of an input.
macro_rules! failed {
    ($($error:ty),* $(,)?) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::Failed(error.into())
            }
        }
    )*};
}

failed!(
    anyhow::Error,
    ArchiveError,
    BucketError,
    std::io::Error,
    serde_json::Error,
    ConfigError,
    DbError,
    ExportError,
    HttpError,
    MissingKey,
    MissingSales,
    OnlineError,
    PublishError,
    PurgeError,
    SiteError,
    StatsError,
    VersionError,
    WriteError,
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_said_once() {
        let missing = || std::io::Error::from_raw_os_error(2);
        let write = crate::files::write(std::path::Path::new("/dev/null/x"), b"").unwrap_err();
        let failed = Failure::from(write).to_string();
        assert_eq!(failed.matches("(os error").count(), 1, "{failed}");
        let sqlite = rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(8),
            Some("attempt to write a readonly database".into()),
        );
        let failed = Failure::Failed(sqlite.into()).to_string();
        assert_eq!(failed, "attempt to write a readonly database");
        let context = anyhow::Error::from(missing()).context("x cannot be read");
        let failed = Failure::Failed(context).to_string();
        assert!(failed.starts_with("x cannot be read: ") && failed.ends_with("(os error 2)"));
    }
}
