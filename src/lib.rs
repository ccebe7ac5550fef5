//! immostats: French open property data (DVF) into a static website, one page of statistics a commune.
//!
//! The data goes one way, and so do these modules; each knows those before it and none after:
//!
//! - [`config`], [`files`]: the project's settings; the only module that writes files;
//! - [`geo`]: communes, EPCI, départements, régions, former codes;
//! - [`source`]: what is upstream, what of it is new, and how it comes here;
//! - [`dvf`]: lines of the official files to mutations to sales;
//! - [`reading`]: what a file turned out to be, for the report on it;
//! - [`db`]: the SQLite state, which keeps every mutation;
//! - [`gate`]: what a release must pass before it is imported by itself;
//! - [`stats`]: sales to figures;
//! - [`site`]: figures to files;
//! - [`version`]: files to numbered versions, and `site/` as the checkout of one;
//! - [`deploy`]: versions to the places that serve them;
//! - [`state`]: both databases as one file, saved and restored;
//! - [`serve`]: a small web server for a look at it;
//! - [`project`], [`cli`]: a project's folder, and one file a command.

pub mod cli;
pub mod config;
pub mod db;
pub mod deploy;
pub mod dvf;
pub mod files;
pub mod gate;
pub mod geo;
pub mod project;
pub mod reading;
pub mod serve;
pub mod site;
pub mod source;
pub mod state;
pub mod stats;
pub mod version;
