//! What people read while a command works: bars where there is a terminal, plain lines elsewhere, a summary at the end.

use std::fs::File;
use std::io::{IsTerminal, Write, stderr, stdout};
use std::sync::Mutex;
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};
use clap::ValueEnum;
use clap::builder::Styles;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::layer;
use tracing_subscriber::fmt::time::uptime;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, registry};

use crate::app::Failure;

/// How messages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// Lines for people
    Text,
    /// One JSON object a line
    Json,
}

/// Standard output and standard error. Whoever reads them may stop: the work goes on, and nobody is told.
#[derive(Clone, Copy)]
pub(super) struct Terminal {
    quiet: bool,
    json: bool,
    format: LogFormat,
}

impl Terminal {
    /// Sets up the log on standard error, and the journal, where there is one: JSON lines of all that is done.
    pub(super) fn new(
        quiet: bool,
        json: bool,
        verbose: u8,
        format: LogFormat,
        journal: Option<File>,
    ) -> Self {
        let level = match (quiet, verbose) {
            (true, _) => LevelFilter::ERROR,
            (false, 0) => LevelFilter::INFO,
            (false, 1) => LevelFilter::DEBUG,
            (false, _) => LevelFilter::TRACE,
        };
        let stderr_layer = layer()
            .with_writer(stderr)
            .with_target(false)
            .log_internal_errors(false);
        let log = match format {
            LogFormat::Json => stderr_layer.json().flatten_event(true).boxed(),
            // With -v, each message carries the time since the start.
            LogFormat::Text if verbose > 0 => stderr_layer
                .with_ansi(false)
                .with_timer(uptime())
                .compact()
                .boxed(),
            LogFormat::Text => stderr_layer
                .with_ansi(false)
                .without_time()
                .compact()
                .boxed(),
        };
        let own = Targets::new()
            .with_target("immostats", level)
            .with_target("journal", LevelFilter::OFF);
        let journal = journal.map(|file| {
            let layer = layer()
                .json()
                .flatten_event(true)
                .with_writer(Mutex::new(file))
                .log_internal_errors(false);
            layer.with_filter(
                Targets::new()
                    .with_target("immostats", LevelFilter::DEBUG)
                    .with_target("journal", LevelFilter::DEBUG),
            )
        });
        // A second set-up, as in tests within one process, is no fault.
        let _ = registry()
            .with(log.with_filter(own))
            .with(journal)
            .try_init();
        Self {
            quiet,
            json,
            format,
        }
    }

    fn interactive(&self) -> bool {
        !self.quiet && self.format == LogFormat::Text && stderr().is_terminal()
    }

    /// A bar that counts bytes of a file.
    pub(super) fn bytes(&self, message: &str) -> ProgressBar {
        self.bar(
            message,
            "{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec}, {eta} left",
        )
    }

    /// A bar that counts pages.
    pub(super) fn pages(&self, message: &str, length: u64) -> ProgressBar {
        let bar = self.bar(
            message,
            "{msg} {wide_bar} {pos}/{len} {per_sec}, {eta} left",
        );
        bar.set_length(length);
        bar
    }

    fn bar(&self, message: &str, template: &str) -> ProgressBar {
        if !self.interactive() {
            tracing::info!("{message}");
            return ProgressBar::hidden();
        }
        let style = ProgressStyle::with_template(template).unwrap_or(ProgressStyle::default_bar());
        let bar = ProgressBar::no_length()
            .with_style(style)
            .with_message(message.to_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }

    /// What a command found or did: text for people, or the same as one line of JSON.
    pub(super) fn summary(&self, text: &str, data: &impl Serialize) {
        if self.json || (self.format == LogFormat::Json && !self.quiet) {
            print(&json(data));
        } else if !self.quiet {
            print(text);
        }
    }

    /// What may be wrong, where nothing but errors is told and it is what the command was asked for.
    pub(super) fn warning_when_quiet(&self, what: &str, found: &str) {
        if self.quiet {
            let _ = writeln!(stderr(), "warning: {what}: {found}");
        }
    }

    /// Why a command did not do what was asked of it.
    pub(super) fn failure(&self, failure: &Failure) {
        match self.format {
            LogFormat::Text => {
                let style = Styles::styled();
                let style = style.get_error();
                let mut stderr = AutoStream::auto(stderr().lock());
                let _ = writeln!(stderr, "{style}error:{style:#} {failure}");
            }
            LogFormat::Json => tracing::error!("{failure}"),
        }
    }
}

/// Colours from here on, for this process.
pub(super) fn set_color(choice: clap::ColorChoice) {
    match choice {
        clap::ColorChoice::Auto => ColorChoice::Auto,
        clap::ColorChoice::Always => ColorChoice::Always,
        clap::ColorChoice::Never => ColorChoice::Never,
    }
    .write_global();
}

fn json(data: &impl Serialize) -> String {
    serde_json::to_string(data).unwrap_or_else(|error| error.to_string())
}

/// A line on standard output. That nobody reads it, or that a disk is full, does not stop the work.
pub(super) fn print(line: &str) {
    let _ = writeln!(stdout().lock(), "{line}");
}
