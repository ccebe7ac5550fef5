use std::path::Path;

use clap::Args;
use serde_json::json;

use super::context::Context;
use super::import::{Care, Input, Way, failure, import};
use crate::app::build::{BuildOptions, bring_up_to_date};
use crate::app::serve::serve;
use crate::app::{Event, Failure, Observer};
use crate::config::FILE_NAME;
use crate::db::Database;
use crate::files;

/// The sample that ships with the program.
const SAMPLE: [(&str, &[u8]); 5] = [
    (
        "83137-toulon-2023.csv.gz",
        include_bytes!("../../data/sample/83137-toulon-2023.csv.gz"),
    ),
    (
        "83137-toulon-2024.csv.gz",
        include_bytes!("../../data/sample/83137-toulon-2024.csv.gz"),
    ),
    (
        "83137-toulon-2025-s1.csv.gz",
        include_bytes!("../../data/sample/83137-toulon-2025-s1.csv.gz"),
    ),
    (
        "69-rhone-2018-extract.csv.gz",
        include_bytes!("../../data/sample/69-rhone-2018-extract.csv.gz"),
    ),
    (
        "valeursfoncieres-2025-s1-ain-extract.txt",
        include_bytes!("../../data/sample/valeursfoncieres-2025-s1-ain-extract.txt"),
    ),
];

const CONFIGURATION: &[u8] = include_bytes!("../../data/sample/immostats.toml");

/// Import the sample that ships with the program, build its site and serve it
///
/// The sample holds real sales: Toulon 2023 to June 2025, the Rhône 2018 (partial), the Ain in January 2025 (an extract).
/// The project is made in the folder demo/ of --root.
#[derive(Debug, Args)]
pub struct Demo {
    /// Stop after the build
    #[arg(long)]
    no_serve: bool,
    /// Port of the server on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
}

impl Demo {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let project = context.project.within("demo");
        let terminal = &context.terminal;
        {
            let _lock = project.lock("demo")?;
            unpack(project.root())?;
            let config = project.config()?;
            let mut database = Database::open(&project.database())?;
            let geography = database.geography()?;
            let way = Way {
                scope: None,
                care: Care::ByHand,
                geography: &geography,
                released: None,
            };
            let folder = project.root().join("data/sample");
            let paths = SAMPLE.map(|(name, _)| folder.join(name));
            let files = paths.map(|path| Input::sales(&path, way));
            import(&mut database, &files, terminal, |_, _| Ok(())).map_err(failure)?;
            drop(database);
            let options = BuildOptions {
                only_changed: true,
                ..BuildOptions::default()
            };
            let built = bring_up_to_date(&project, &config, &options, terminal)?;
            terminal.tell(Event::Built(&built));
        }
        if self.no_serve {
            return Ok(());
        }
        serve(&project.site(), self.port, |address| {
            terminal.summary(
                &format!("the site is at {address} (Ctrl-C stops)"),
                &json!({"address": address}),
            );
        })?;
        Ok(())
    }
}

/// Lays the sample and its configuration down, where they are not there yet.
fn unpack(root: &Path) -> Result<(), Failure> {
    let sample = SAMPLE.map(|(name, bytes)| (root.join("data/sample").join(name), bytes));
    let configuration = (root.join(FILE_NAME), CONFIGURATION);
    for (path, bytes) in sample.into_iter().chain([configuration]) {
        if !path.exists() {
            files::write(&path, bytes)?;
        }
    }
    Ok(())
}
