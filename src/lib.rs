//! immostats: French open property data (DVF) into a static website, one page of statistics a commune.
//!
//! The data goes one way, and so do these modules; each knows those before it and none after:
//!
//! - [`base`], [`config`], [`files`]: what every room needs; the project's settings; the only module that writes files;
//! - [`http`]: requests to other machines, bounded, retried and kept to where they may go;
//! - [`source`]: what is upstream, what of it is new, and how it comes here;
//! - [`geo`]: communes, EPCI, départements, régions, former codes;
//! - [`intake`]: files as they come, to mutations and places;
//! - [`db`]: the SQLite state, which keeps every mutation;
//! - [`stats`]: sales to figures;
//! - [`site`]: figures to files;
//! - [`version`]: files to numbered versions in a store with SQL of its own, and `site/` as the checkout of one;
//! - [`deploy`]: versions to the places that serve them;
//! - [`app`]: the use cases on a project's folder;
//! - [`cli`]: options, words and exit codes, one file a command.

pub mod app;
pub mod base;
pub mod cli;
pub mod config;
pub mod db;
pub mod deploy;
pub mod files;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
pub mod geo;
pub mod http;
pub mod intake;
pub mod site;
pub mod source;
pub mod stats;
pub mod version;
