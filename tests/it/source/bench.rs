//! A project whose sources are on a server of this machine.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::material::{TOULON_2023, TOULON_2024, TOULON_2025, extract, text};
use crate::server::{DATASET, Server};
use crate::support::{Project, Run};

/// The project and the server of its sources.
pub struct Bench {
    pub project: Project,
    pub server: Server,
}

/// Timeouts and waits that suit a server of this machine.
pub const FETCH: &str = "parallel = 2\nconnect_timeout = 2.0\nidle_timeout = 0.5\ntotal_timeout = 8.0\nretries = 2\nretry_wait = 0.02\nmaximum_size = 1\nmaximum_unpacked = 4\n";

/// What `{year}` goes back, so that the sample's years are in it for good.
pub fn years() -> String {
    (jiff::Zoned::now().year() - 2022).to_string()
}

impl Bench {
    /// With the source `dvf`: a dataset, and a folder by years to fall back on.
    pub fn new() -> Self {
        let server = Server::start();
        let source = format!(
            "[[sources]]\nid = \"dvf\"\nkind = \"geo-dvf\"\ndataset = \"{DATASET}\"\nresources = [\"DVF {{year}}\"]\nurls = [\"{}\"]\nyears = {}\nevery = \"6 months\"\n",
            server.url("/geo-dvf/{year}/full.csv.gz"),
            years()
        );
        Self::with(server, true, &source)
    }

    /// With sources of its own.
    pub fn with(server: Server, allow_private: bool, sources: &str) -> Self {
        let project = Project::new(&["83"]);
        let bench = Self { project, server };
        bench.configure(allow_private, sources);
        bench
    }

    /// Replaces the sources. Their files are the first days of a year, more of them in some editions than in others.
    pub fn configure(&self, allow_private: bool, sources: &str) {
        self.project.configure(&format!(
            "[site]\naddress = \"https://prix.example.fr\"\ndepartements = [\"83\"]\n[gates]\ngained = 400.0\n[fetch]\napi = \"{}\"\nallow_private_addresses = {allow_private}\n{FETCH}{sources}",
            self.server.url("/api/1")
        ));
    }

    /// The executable, without the proxies of this machine.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.project.command();
        for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
            command.env_remove(name).env_remove(name.to_uppercase());
        }
        command.env_remove("GITHUB_OUTPUT").args(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        outcome(&mut self.command(arguments))
    }

    /// Runs the executable, which has to end with this exit code.
    #[track_caller]
    pub fn ends(&self, code: i32, arguments: &[&str]) -> Run {
        let run = self.run(arguments);
        assert_eq!(
            run.code, code,
            "{arguments:?}\n{}{}",
            run.stdout, run.stderr
        );
        run
    }

    /// Publishes files of sales, `(year, bytes)`, in the dataset and in the folder.
    pub fn publish(&self, files: &[(&str, &[u8])]) {
        let mut resources = Vec::new();
        for (year, bytes) in files {
            let path = folder(year);
            self.server.file(&path, *bytes);
            resources.push(self.server.resource(
                &format!("DVF {year}"),
                &path,
                "2026-10-20T08:00:00+00:00",
            ));
        }
        self.server.dataset(&resources);
    }

    /// The names of the files in the folder of downloads.
    pub fn downloads(&self) -> Vec<String> {
        let folder = self.project.path("data/downloads/dvf");
        let mut names: Vec<_> = fs::read_dir(folder)
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// The bytes of the only file in the folder of downloads.
    #[track_caller]
    pub fn downloaded(&self) -> Vec<u8> {
        let names = self.downloads();
        assert_eq!(names.len(), 1, "{names:?}");
        fs::read(self.project.path("data/downloads/dvf").join(&names[0])).unwrap()
    }

    /// Every file of the project with its time of change, but those that tell of a run.
    pub fn times(&self) -> BTreeMap<String, std::time::SystemTime> {
        walkdir::WalkDir::new(self.project.root())
            .into_iter()
            .map(Result::unwrap)
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| {
                let path = entry.path().strip_prefix(self.project.root()).unwrap();
                (
                    path.to_str().unwrap().to_owned(),
                    entry.metadata().unwrap().modified().unwrap(),
                )
            })
            // The lock and the journal tell of runs; SQLite's two files beside a database are there while it is read.
            .filter(|(path, _)| path != "data/lock" && !path.starts_with("data/log"))
            .filter(|(path, _)| !path.ends_with("-wal") && !path.ends_with("-shm"))
            .collect()
    }

    /// The methods and targets of the requests for files of sales since the last time.
    pub fn file_requests(&self) -> Vec<String> {
        let requests = self.server.requests().into_iter();
        let lines = requests.map(|request| format!("{} {}", request.method, request.target));
        lines.filter(|line| line.contains("full.csv.gz")).collect()
    }
}

/// What a command leaves.
pub fn outcome(command: &mut Command) -> Run {
    let output = command.output().unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Where the folder of the server has a year.
pub fn folder(year: &str) -> String {
    format!("/geo-dvf/{year}/full.csv.gz")
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

/// A file of real sales of Toulon in a year, up to a day of January.
pub fn sales(year: &str, last: &str) -> Vec<u8> {
    let file = match year {
        "2023" => TOULON_2023,
        "2024" => TOULON_2024,
        _ => TOULON_2025,
    };
    gzip(
        text(&extract(file, |date| {
            date <= format!("{year}-01-{last}").as_str()
        }))
        .as_bytes(),
    )
}

/// A finding of `check --json`, by source and item.
#[track_caller]
pub fn finding<'a>(data: &'a Value, source: &str, item: &str) -> &'a Value {
    let sources = data["sources"].as_array().unwrap().iter();
    let mut items = sources
        .filter(|report| report["id"] == source)
        .flat_map(|report| report["items"].as_array().unwrap())
        .filter(|finding| finding["item"] == item);
    items
        .next()
        .unwrap_or_else(|| panic!("no {source} {item} in {data}"))
}
