//! A branch of the repository, which some host serves.

use super::kind::{Host, Limits, SentHeaders};

/// Git services refuse files over 100 MB.
pub(super) const HOST: Host = Host {
    key: "branch",
    name: "a Git branch",
    limits: |_| Limits {
        file_size: Some(100 << 20),
        files_seen_to_fail: Some(70_000),
        ..Limits::default()
    },
    headers: SentHeaders::OfHost,
    is_pushed_to: true,
    files: None,
};
