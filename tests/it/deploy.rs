//! What follows a version: the CDN is told what changed, people are told how it went.

mod cdn;
mod mail;
mod notify;
pub mod purge;
mod service;
