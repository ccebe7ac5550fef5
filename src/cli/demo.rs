use clap::Args;

use super::build::summary;
use super::context::Context;
use super::serve::Serve;
use crate::app::Failure;
use crate::app::demo::demo;

/// The page that the demonstration opens at, of the département whose sales the sample holds whole.
const DEPARTEMENT: &str = "departement/95/";

/// Import the sample that ships with the program, build its site and serve it
///
/// The sample holds real sales: the Val-d'Oise 2021 to 2025, Toulon 2023 to June 2025, the Rhône 2018 (partial), the Ain
/// in January 2025 (an extract).
/// The project is made in the folder demo/ of --root.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Stop after the build
    #[arg(long)]
    no_serve: bool,
    #[command(flatten)]
    serve: Serve,
}

impl Demo {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let context = Context {
            project: context.project.within("demo"),
            terminal: context.terminal,
        };
        let (text, data) = summary(&demo(&context.project, &context.terminal)?);
        context.terminal.summary(&text, &data);
        match self.no_serve {
            true => Ok(()),
            false => self.serve.run_at(&context, DEPARTEMENT),
        }
    }
}
