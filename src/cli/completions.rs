use clap::{Args, Command};
use clap_complete::{Shell, generate};

use super::terminal::print;
use crate::app::Failure;

/// Print the completions of a shell
///
/// For bash, into a file of ~/.local/share/bash-completion/completions/; for fish, of ~/.config/fish/completions/; for
/// zsh, named _immostats in a folder of $fpath.
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, mut program: Command) -> Result<(), Failure> {
        let mut script = Vec::new();
        generate(self.shell, &mut program, "immostats", &mut script);
        print(String::from_utf8_lossy(&script).trim_end());
        Ok(())
    }
}
