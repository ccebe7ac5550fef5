use std::path::PathBuf;

use clap::{Args, Command};
use clap_mangen::Man as Page;

use super::terminal::print;
use crate::app::Failure;
use crate::files;

/// Print the manual page, or write one for each command
#[derive(Debug, Args)]
pub(super) struct Man {
    /// Write immostats.1 and one file a command to this folder
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(self, mut program: Command) -> Result<(), Failure> {
        program.build();
        let page = |command: Command| -> std::io::Result<Vec<u8>> {
            let mut text = Vec::new();
            Page::new(command).render(&mut text)?;
            Ok(text)
        };
        let Some(folder) = self.to else {
            print(String::from_utf8_lossy(&page(program)?).trim_end());
            return Ok(());
        };
        for command in program.get_subcommands() {
            // immostats-build, once the program is built.
            let name = command.get_display_name().unwrap_or(command.get_name());
            let file = folder.join(format!("{name}.1"));
            files::write(&file, &page(command.clone())?)?;
        }
        Ok(files::write(&folder.join("immostats.1"), &page(program)?)?)
    }
}
