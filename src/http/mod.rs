//! Requests to other machines, for every room that makes some: bounded in time and size, tried again where that may
//! help, kept to where they may go, and told of without secrets.

mod address;
mod client;
mod error;
mod guard;
mod pace;
mod secret;

pub use address::RedactedUrl;
pub use client::{
    Client, NextAttempt, Patience, Request, Retry, block_on, header, install_cryptography,
};
pub use error::HttpError;
pub use guard::{Guard, Stray};
pub use pace::Pace;
pub use secret::{HIDDEN, Secret, quote, scrub};
