//! The command line: one file a command, each an options struct, whose comments are its help, and a `run`.

mod build;
mod demo;
mod diff;
mod export;
mod gc;
mod import;
mod init;
mod rollback;
mod state;
mod status;
mod terminal;
mod verify;
mod versions;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::dvf::{ReadError, ScopeError};
use crate::gate::Refused;
use crate::project::Project;
use crate::version::Store;

pub use terminal::{LogFormat, Terminal};

/// Exit codes: 0 done, 1 failed, 2 wrong usage, 3 input refused.
const FAILED: u8 = 1;
const REFUSED: u8 = 3;

/// Property prices of every commune of France, from the open data of the tax office to a static website.
#[derive(Debug, Parser)]
#[command(name = "immostats", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
struct Global {
    /// The project's folder, which holds immostats.toml, data/ and site/
    #[arg(long, global = true, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// Say nothing but errors
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say more; twice, everything
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// How messages are written
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
    /// Wait for another immostats that is writing, instead of giving up
    #[arg(long, global = true)]
    wait: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Init),
    Import(import::Import),
    Build(build::Build),
    Export(export::Export),
    Status(status::Status),
    Versions(versions::Versions),
    Diff(diff::Diff),
    Rollback(rollback::Rollback),
    Verify(verify::Verify),
    Gc(gc::Gc),
    State(state::State),
    Demo(demo::Demo),
}

/// What a command works with.
struct Context {
    project: Project,
    terminal: Terminal,
    wait: bool,
}

impl Context {
    /// The version store, which has to be there.
    fn store(&self) -> anyhow::Result<Store> {
        let path = self.project.versions();
        if !path.exists() {
            anyhow::bail!("there is no version yet in {}; run `immostats build`", self.project.root().display());
        }
        Ok(Store::open(&path)?)
    }
}

/// Reads the command line, does what it says and tells how it went.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let terminal = Terminal::new(cli.global.quiet, cli.global.verbose, cli.global.log_format);
    let context = Context {
        project: Project::new(cli.global.root),
        terminal,
        wait: cli.global.wait,
    };
    let outcome = match cli.command {
        Command::Init(options) => options.run(&context),
        Command::Import(options) => options.run(&context),
        Command::Build(options) => options.run(&context),
        Command::Export(options) => options.run(&context),
        Command::Status(options) => options.run(&context),
        Command::Versions(options) => options.run(&context),
        Command::Diff(options) => options.run(&context),
        Command::Rollback(options) => options.run(&context),
        Command::Verify(options) => options.run(&context),
        Command::Gc(options) => options.run(&context),
        Command::State(options) => options.run(&context),
        Command::Demo(options) => options.run(&context),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            context.terminal.error(&error);
            ExitCode::from(if is_refusal(&error) { REFUSED } else { FAILED })
        }
    }
}

/// Whether the input is to blame: it was read, and is not what it should be.
fn is_refusal(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.is::<ScopeError>()
            || cause.is::<Refused>()
            || cause
                .downcast_ref::<ReadError>()
                .is_some_and(|error| !matches!(error, ReadError::Open { .. }))
    })
}
