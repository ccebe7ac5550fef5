//! Where the configuration lies, and why it cannot be used.

use std::path::PathBuf;

use thiserror::Error;

/// The name of the configuration file in a project folder.
pub const FILE_NAME: &str = "immostats.toml";

/// Why the configuration cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The folder holds no configuration file, so that it is no project.
    #[error("there is no project in {}: {} is missing; run `immostats init` there, or name the folder with --root", root.display(), FILE_NAME)]
    Missing {
        /// The folder that was looked in.
        root: PathBuf,
    },
    /// The configuration file is there, but cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable {
        /// The configuration file.
        path: PathBuf,
        /// What the operating system says of it.
        source: std::io::Error,
    },
    /// The configuration is not TOML, has a key that is not known, or a value that cannot be.
    #[error("{}: {message}", path.display())]
    Invalid {
        /// The configuration file.
        path: PathBuf,
        /// The key or the line that is wrong, and what was expected.
        message: String,
    },
}
