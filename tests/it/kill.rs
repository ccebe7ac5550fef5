//! Killed anywhere, still whole: the executable is killed at its named points ([`points`]) and at random moments
//! ([`commands`]) of whatever writes. After each, the databases are sound, every file is an old or a new one, the next
//! command makes the old or the new version whole, and running to the end gives the bytes of a run that nothing stopped.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tempfile::TempDir;

use crate::market::{GUYANE, Release, VAR};
use crate::support::{Project, tree};
use crate::versions::{live, versions};

mod commands;
mod disk;
mod points;

type Site = BTreeMap<String, Vec<u8>>;

/// Kills of one command at random moments, until there are as many as wanted.
struct Kills {
    wanted: u32,
    struck: u32,
    tried: u32,
    /// How long the command takes when nothing stops it.
    usual: Duration,
}

impl Kills {
    /// Measures the command, which is run once.
    fn new(wanted: u32, project: &Project, arguments: &[&str]) -> Self {
        let started = Instant::now();
        project.run(arguments);
        Self {
            wanted,
            struck: 0,
            tried: 0,
            usual: started.elapsed(),
        }
    }

    fn go_on(&self) -> bool {
        assert!(
            self.tried < 5 * self.wanted,
            "{} attempts hit a living process {} times only",
            self.tried,
            self.struck
        );
        if self.struck == self.wanted {
            println!("{} kills survived in {} attempts", self.struck, self.tried);
        }
        self.struck < self.wanted
    }

    /// Runs the command and kills it somewhere in the time that it takes. The moments spread evenly, whatever their
    /// number.
    fn strike(&mut self, project: &Project, arguments: &[&str]) {
        let share = (f64::from(self.tried) * 0.618_033_988_749_895).fract();
        self.tried += 1;
        let mut child = project
            .command()
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(self.usual.mul_f64(share));
        // Refused when the process has ended already.
        let _ = child.kill();
        if child.wait().unwrap().signal() == Some(9) {
            self.struck += 1;
        } else {
            // It was slow when it was measured.
            self.usual = self.usual.mul_f64(0.8);
        }
    }
}

/// What a database holds once its journal has been played, read from a copy: the program itself is to find it as the
/// killed process left it.
fn copied<T>(database: &Path, read: impl FnOnce(&Connection) -> T) -> Option<T> {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    for end in ["", "-wal"] {
        let [from, to] = [database, &copy].map(|path| {
            let mut path = path.as_os_str().to_owned();
            path.push(end);
            PathBuf::from(path)
        });
        if from.exists() {
            fs::copy(from, to).unwrap();
        }
    }
    copy.exists()
        .then(|| read(&Connection::open(&copy).unwrap()))
}

fn column(connection: &Connection, query: &str) -> Vec<String> {
    let mut statement = connection.prepare(query).unwrap();
    let rows = statement.query_map([], |row| row.get(0));
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

/// Whether a table is there: a process may be killed before it has made any.
fn has(connection: &Connection, table: &str) -> bool {
    connection.table_exists(None, table).unwrap()
}

#[track_caller]
fn assert_sound(connection: &Connection) {
    assert_eq!(column(connection, "PRAGMA integrity_check"), ["ok"]);
    assert_eq!(
        column(connection, "SELECT \"table\" FROM pragma_foreign_key_check"),
        [""; 0]
    );
}

/// What is sold and what is covered.
fn sales(project: &Project) -> Vec<String> {
    let read = |connection: &Connection| {
        assert_sound(connection);
        if !has(connection, "mutations") {
            return Vec::new();
        }
        let mut all = column(
            connection,
            "SELECT commune || ' ' || date_mutation || ' ' || hex(id) || ' ' || prix FROM transactions ORDER BY 1",
        );
        all.extend(column(
            connection,
            "SELECT code || ' ' || mois FROM coverage ORDER BY 1",
        ));
        all
    };
    copied(&project.path("data/immostats.db"), read).unwrap_or_default()
}

fn hashes(site: &Site) -> BTreeMap<String, String> {
    let hex = |bytes: &Vec<u8>| blake3::hash(bytes).to_hex().to_uppercase();
    site.iter()
        .map(|(path, bytes)| (path.clone(), hex(bytes)))
        .collect()
}

/// Proves that the databases are sound, that the live version is one of the states, and that each file of `site/` is one
/// of theirs.
#[track_caller]
fn assert_whole(project: &Project, states: &[&Site]) {
    copied(&project.path("data/immostats.db"), assert_sound);
    copied(&project.path("data/versions.db"), |connection| {
        assert_sound(connection);
        if !has(connection, "history")
            || column(connection, "SELECT number FROM versions").is_empty()
        {
            return;
        }
        let list = column(
            connection,
            "SELECT p.path || ' ' || hex(o.hash) FROM entries e JOIN paths p ON p.id = e.path JOIN objects o ON o.id = e.object
             WHERE e.version = (SELECT version FROM history ORDER BY id DESC LIMIT 1)",
        );
        let list: BTreeMap<_, _> = list
            .iter()
            .map(|line| line.split_once(' ').unwrap())
            .map(|(path, hash)| (path.to_owned(), hash.to_owned()))
            .collect();
        assert!(
            states.iter().any(|state| hashes(state) == list),
            "the live version is neither the old nor the new one"
        );
    });
    if !project.path("site").exists() {
        return;
    }
    for (path, bytes) in project.site() {
        let staged = path.starts_with(".immostats-staging/");
        let known = states.iter().any(|state| state.get(&path) == Some(&bytes));
        assert!(
            staged || known,
            "{path} is neither old nor new, of {} bytes",
            bytes.len()
        );
    }
}

/// Proves that nothing waits any more, in `site/` and beside the databases.
#[track_caller]
fn assert_tidy(project: &Project) {
    let left: Vec<_> = walkdir::WalkDir::new(project.root())
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.to_string_lossy().contains("/.immostats-"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Runs the next command, which makes the live version whole, and proves that it is one of the states.
#[track_caller]
fn assert_next_command_completes(project: &Project, states: &[&Site]) {
    let number = live_by_the_store(project);
    project.run(&["rollback", &number]);
    let site = project.site();
    assert!(states.iter().any(|state| **state == site), "half a version");
    assert_eq!(live(project), number);
}

/// A folder as it was, to come back to.
struct Base {
    copy: TempDir,
    project: PathBuf,
    names: Vec<&'static str>,
}

impl Base {
    fn of(project: &Project, names: &[&'static str]) -> Self {
        let base = Self {
            copy: tempfile::tempdir().unwrap(),
            project: project.root().into(),
            names: names.into(),
        };
        for name in names {
            copy(&project.path(name), &base.copy.path().join(name));
        }
        base
    }

    fn restore(&self) {
        for name in &self.names {
            let folder = self.project.join(name);
            for entry in fs::read_dir(&folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    fs::remove_dir_all(path)
                } else {
                    fs::remove_file(path)
                }
                .unwrap();
            }
            // Refused where a file system is mounted, or when it is not there.
            let _ = fs::remove_dir(&folder);
            copy(&self.copy.path().join(name), &folder);
        }
    }
}

/// Copies a folder with the times of its files, if it is there.
fn copy(from: &Path, to: &Path) {
    for (path, bytes) in if from.exists() {
        tree(from)
    } else {
        Site::new()
    } {
        let target = to.join(&path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(&target, bytes).unwrap();
        let time = fs::metadata(from.join(&path)).unwrap().modified().unwrap();
        fs::File::options()
            .write(true)
            .open(&target)
            .unwrap()
            .set_modified(time)
            .unwrap();
    }
}

fn strings(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

/// Imports the first edition of a year's sales. Gives the next edition, which is another tenth of them.
fn first_edition(project: &Project) -> Release {
    let mut release = Release::of_year("973", &GUYANE, 2024, 11);
    release.import(project);
    release.revise(12);
    release
}

const BUILD: [&str; 3] = ["build", "--only-changed", "--allow-removals"];

/// Two versions of a site, most of whose files differ; some are only in the first, some only in the second. The second
/// is live.
fn two_versions(project: &Project) -> [(String, Site); 2] {
    first_edition(project);
    Release::of_year("83061", &VAR[1..2], 2024, 13).import(project);
    project.run(&BUILD);
    let first = (live(project), project.site());
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&format!(
        "{}name = \"Prix d’ici\"\n",
        configuration.replace(", \"83\"", "")
    ));
    project.file("templates/assets/style.css", "body { margin: 0 }\n");
    project.run(&BUILD);
    let second = (live(project), project.site());
    assert!(first.1.keys().any(|path| !second.1.contains_key(path)));
    assert!(second.1.keys().any(|path| !first.1.contains_key(path)));
    [first, second]
}

/// The live version by the store, whatever `site/` says.
fn live_by_the_store(project: &Project) -> String {
    let versions = versions(project);
    let live = versions
        .iter()
        .find(|version| version["live"] == true)
        .unwrap();
    live["version"].as_str().unwrap().to_owned()
}
