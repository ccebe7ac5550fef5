//! The use cases: what a person or a workflow asks of a project.
//!
//! A use case stands here, in a file of its own, when it does something: takes the project's lock, writes, asks the
//! network, or brings several rooms together. A command that only asks the database or the version store and prints the
//! answer asks by itself. A use case gives what was done as a type, or a [`Failure`], which tells what was refused from
//! what failed; what comes of its parts on the way it tells an [`Observer`]. It knows nothing of options, of the terminal,
//! or of words for people other than those of errors and findings.

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
pub mod init;
pub mod journal;
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
mod report;
pub mod rollback;
pub mod serve;
pub mod state;
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
