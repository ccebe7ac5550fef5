//! The integration tests: they drive the real executable on folders of their own.

#![allow(
    clippy::disallowed_methods,
    reason = "only the program's own writes go through one module"
)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(unreachable_pub, reason = "nothing outside uses a test binary")]

mod admin;
mod chain;
mod commands;
mod contours;
mod database;
mod demo;
mod deploy;
mod doctor;
mod estimates;
mod facts;
mod french;
mod grist;
mod hosts;
mod imports;
mod incremental;
mod indicators;
mod input;
mod journal;
mod kill;
mod layers;
mod links;
mod maps;
mod market;
mod material;
mod method;
mod naive;
mod online;
mod pages;
mod publish;
mod reader;
mod readme;
mod recent;
mod s3;
mod server;
mod source;
mod stop;
mod stores;
mod support;
mod theme;
mod versions;
mod workflow;
