//! The use cases: what a person or a workflow asks of a project.
//!
//! Each stands in a file of its own, and they alone open the database and the version store. A use case gives what was done
//! or found as a type, or a [`Failure`], which tells what was refused from what failed; whether what was found is a failure
//! too, its verdict says. What comes of its parts on the way it tells an [`Observer`]. It knows nothing of options, of the
//! terminal, or of words for people other than those of errors and findings.

pub mod archive;
pub mod build;
pub mod demo;
pub mod doctor;
pub mod estimate;
pub mod export;
pub mod facts;
mod failure;
pub mod fetch;
pub mod grist;
mod health;
pub mod import;
pub mod indicators;
pub mod init;
pub mod journal;
pub mod log;
mod material;
pub mod method;
mod missing;
pub mod notify;
mod observer;
pub mod online;
mod preview;
pub mod project;
pub mod publish;
pub mod purge;
pub mod record;
pub mod releases;
mod report;
pub mod rollback;
pub mod serve;
pub mod state;
pub mod status;
pub mod theme;
pub mod update;
pub mod upstream;
pub mod verify;
pub mod versions;
pub mod visual;
mod waiting;

pub use failure::{Failure, Problem};
pub use observer::{Activity, Event, Observer};
pub use project::{Project, ProjectError};
pub use report::{
    Built, Comparison, FactsMode, Imported, ImportedContent, ImportedFacts, Inspection,
};
