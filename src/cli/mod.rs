//! The command line: one file a command, each an options struct, whose comments are its help, and a `run`.

mod archive;
mod build;
mod check;
mod completions;
mod context;
mod demo;
mod diff;
mod doctor;
mod estimate;
mod export;
mod facts;
mod fetch;
mod gc;
mod github;
mod import;
mod indicators;
mod init;
mod log;
mod man;
mod method;
mod notify;
mod observer;
mod online;
mod publish;
mod purge;
mod releases;
mod rollback;
mod serve;
mod state;
mod status;
mod terminal;
mod theme;
mod update;
mod verify;
mod versions;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::{Args, ColorChoice, CommandFactory, Parser, Subcommand};

use context::Context;
use terminal::{LogFormat, Terminal};

use crate::app::{Failure, Project, journal};

/// Exit codes; 2 is clap's.
const FAILED: u8 = 1;
const REFUSED: u8 = 3;

const EXIT_CODES: &str =
    "Exit codes: 0 done; 1 failed; 2 wrong usage; 3 input was read and refused";

/// Property prices of every commune of France, from the open data of the tax office to a static website.
#[derive(Debug, Parser)]
#[command(name = "immostats", version = env!("IMMOSTATS_VERSION"), max_term_width = 100, after_help = EXIT_CODES)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
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
    /// Print what the command reports as JSON, a line each
    #[arg(long, global = true)]
    json: bool,
    /// How messages are written
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
    /// Whether messages have colours
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    color: ColorChoice,
    /// Wait for another immostats that is writing, instead of giving up
    #[arg(long, global = true)]
    wait: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Init),
    Update(update::Update),
    Check(check::Check),
    Fetch(fetch::Fetch),
    Import(import::Import),
    Build(build::Build),
    Export(export::Export),
    Estimate(estimate::Estimate),
    Status(status::Status),
    Indicators(indicators::Indicators),
    Facts(facts::Facts),
    Releases(releases::Releases),
    Log(log::Log),
    Versions(versions::Versions),
    Diff(diff::Diff),
    Rollback(rollback::Rollback),
    Verify(verify::Verify),
    Gc(gc::Gc),
    Archive(archive::Archive),
    Online(online::Online),
    Publish(publish::Publish),
    Purge(purge::Purge),
    Notify(notify::Notify),
    State(state::State),
    Method(method::Method),
    Doctor(doctor::Doctor),
    Theme(theme::Theme),
    Serve(serve::Serve),
    Demo(demo::Demo),
    Completions(completions::Completions),
    Man(man::Man),
}

impl Command {
    /// Whether what it does is kept in the journal: what changes the project is, a look at it is not.
    fn is_journaled(&self) -> bool {
        match self {
            Self::Import(options) => !options.is_dry_run(),
            Self::Update(options) => !options.is_dry_run(),
            Self::Publish(options) => !options.is_dry_run(),
            Self::Purge(options) => !options.is_dry_run(),
            Self::Export(options) => options.is_journaled(),
            Self::Notify(options) => !options.is_dry_run(),
            Self::Fetch(_) => true,
            Self::Build(_) | Self::Rollback(_) | Self::Verify(_) | Self::Gc(_) | Self::State(_) => {
                true
            }
            _ => false,
        }
    }

    fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::Init(options) => options.run(context),
            Self::Update(options) => options.run(context),
            Self::Check(options) => options.run(context),
            Self::Fetch(options) => options.run(context),
            Self::Import(options) => options.run(context),
            Self::Build(options) => options.run(context),
            Self::Export(options) => options.run(context),
            Self::Estimate(options) => options.run(context),
            Self::Status(options) => options.run(context),
            Self::Indicators(options) => options.run(context),
            Self::Facts(options) => options.run(context),
            Self::Releases(options) => options.run(context),
            Self::Log(options) => options.run(context),
            Self::Versions(options) => options.run(context),
            Self::Diff(options) => options.run(context),
            Self::Rollback(options) => options.run(context),
            Self::Verify(options) => options.run(context),
            Self::Gc(options) => options.run(context),
            Self::Archive(options) => options.run(context),
            Self::Online(options) => options.run(context),
            Self::Publish(options) => options.run(context),
            Self::Purge(options) => options.run(context),
            Self::Notify(options) => options.run(context),
            Self::State(options) => options.run(context),
            Self::Method(options) => options.run(context),
            Self::Doctor(options) => options.run(context),
            Self::Theme(options) => options.run(context),
            Self::Serve(options) => options.run(context),
            Self::Demo(options) => options.run(context),
            Self::Completions(options) => options.run(Cli::command()),
            Self::Man(options) => options.run(Cli::command()),
        }
    }
}

/// Reads the command line, does what it says and tells how it went.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    terminal::set_color(cli.global.color);
    // The panic was told by its hook; to whoever waits for the program it is a failure like others.
    let code = catch_unwind(AssertUnwindSafe(|| run(cli)));
    ExitCode::from(code.unwrap_or(FAILED))
}

fn run(cli: Cli) -> u8 {
    let Cli { global, command } = cli;
    let project = Project::new(global.root, global.wait);
    let journal = command
        .is_journaled()
        .then(|| journal::open(&project))
        .flatten();
    let terminal = Terminal::new(
        global.quiet,
        global.json,
        global.verbose,
        global.log_format,
        journal,
    );
    let context = Context { project, terminal };
    let started = Instant::now();
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    tracing::debug!(target: "journal", ?arguments, version = env!("IMMOSTATS_VERSION"), "started");
    let outcome = command.run(&context);
    let seconds = started.elapsed().as_secs_f64();
    match outcome {
        Ok(()) => {
            tracing::debug!(target: "journal", seconds, "done");
            0
        }
        Err(failure) => {
            tracing::debug!(target: "journal", seconds, error = failure.to_string(), "failed");
            context.terminal.failure(&failure);
            match failure.is_refusal() {
                true => REFUSED,
                false => FAILED,
            }
        }
    }
}
