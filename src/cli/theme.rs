use std::fmt::Write as _;

use clap::{Args, Subcommand};
use serde_json::json;

use super::context::Context;
use crate::app::Failure;
use crate::app::theme::{ThemeFile, ThemeState, eject, list};

/// List the templates and assets of the site, and copy those that ship to change them
#[derive(Debug, Args)]
pub(super) struct Theme {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Say which templates and assets are the project's own, and which of these are copies of what has changed since
    List,
    /// Copy one that ships into templates/, where it takes the place of the one that ships
    ///
    /// A file that is there already is never overwritten.
    Eject {
        /// Its name, such as commune.html or assets/style.css; all of them where none is named
        name: Option<String>,
    },
}

impl Theme {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        match &self.action {
            Action::List => {
                let files = list(&context.project)?;
                context.terminal.summary(&text(&files), &files);
            }
            Action::Eject { name } => {
                let paths = eject(&context.project, name.as_deref())?;
                let paths: Vec<_> = paths
                    .iter()
                    .map(|path| path.display().to_string())
                    .collect();
                let lines: Vec<_> = paths
                    .iter()
                    .map(|path| format!("{path} is written; it is used from the next build on"))
                    .collect();
                context
                    .terminal
                    .summary(&lines.join("\n"), &json!({"written": paths}));
            }
        }
        Ok(())
    }
}

/// A line a file, those that are not as they ship last.
fn text(files: &[ThemeFile]) -> String {
    let mut text = String::new();
    let width = files.iter().map(|file| file.name.len()).max().unwrap_or(0);
    let is_own = |file: &&ThemeFile| file.state != ThemeState::BuiltIn;
    for file in files
        .iter()
        .filter(|file| !is_own(file))
        .chain(files.iter().filter(is_own))
    {
        let words = match file.state {
            ThemeState::BuiltIn => "built in",
            ThemeState::Same => "a copy of the built-in one, as it is",
            ThemeState::Overridden => "the project's own",
            ThemeState::Outdated => {
                "the project's own; the built-in one has changed since it was copied"
            }
            ThemeState::Unrecorded => "the project's own, in the place of a built-in one",
            ThemeState::Own => "the project's own; none of this name is built in",
        };
        let _ = writeln!(text, "{:width$}  {words}", file.name);
    }
    text.truncate(text.trim_end().len());
    text
}
