use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::Context;
use crate::app::{Failure, state};

/// Save both databases and the journals as one file, or restore them from it
#[derive(Debug, Args)]
pub(super) struct State {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Save the databases, even while another immostats writes
    Save {
        /// The file to write, a .tar.zst
        file: PathBuf,
    },
    /// Put saved databases in the place of the project's, once they are proven whole, and add to the journals what they lack
    Restore {
        /// The file to read
        file: PathBuf,
        /// Lose what the project holds and the state does not
        #[arg(long)]
        force: bool,
    },
}

impl State {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        match &self.action {
            Action::Save { file } => {
                let size = state::save(&context.project, file)?;
                context.terminal.summary(
                    &format!("{} is written, {:.1} MB", file.display(), size as f64 / 1e6),
                    &json!({"file": file.display().to_string(), "size": size}),
                );
            }
            Action::Restore { file, force } => {
                state::restore(&context.project, file, *force)?;
                context.terminal.summary(
                    &format!("the state of {} is restored; `immostats verify --repair` brings site/ to it", file.display()),
                    &json!({"file": file.display().to_string()}),
                );
            }
        }
        Ok(())
    }
}
