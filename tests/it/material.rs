//! What several tests feed in and look at: pieces of the sample's real lines, the rows of a database.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::time::SystemTime;

use flate2::Compression;
use flate2::write::GzEncoder;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

use crate::support::{Project, lines, sample};

pub const TOULON_2023: &str = "83137-toulon-2023.csv.gz";
pub const TOULON_2024: &str = "83137-toulon-2024.csv.gz";
pub const TOULON_2025: &str = "83137-toulon-2025-s1.csv.gz";

/// The header and the lines of a geo-DVF file of the sample whose date is to be kept. All lines of a mutation have the
/// same date, so none is cut.
pub fn extract(file: &str, keep: impl Fn(&str) -> bool) -> Vec<String> {
    let mut lines = lines(&sample(file));
    let header = lines.remove(0);
    lines.retain(|line| keep(line.split(',').nth(1).unwrap()));
    assert!(!lines.is_empty(), "{file} has no such date");
    lines.insert(0, header);
    lines
}

/// Some 200 mutations of Toulon, of the first days of 2023.
pub fn a_few_days() -> Vec<String> {
    extract(TOULON_2023, |date| date < "2023-01-13")
}

/// Lines as the text of a file.
pub fn text(lines: &[String]) -> String {
    lines.join("\n") + "\n"
}

/// What a file weighs as hosts send it, gzipped.
pub fn packed(bytes: &[u8]) -> usize {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap().len()
}

/// The rows of a query on the project's database, which is not touched by it.
pub fn rows(project: &Project, query: &str) -> Vec<Vec<Value>> {
    // Immutable: a reader of a WAL database would else leave files beside it.
    let address = format!(
        "file:{}?immutable=1",
        project.path("data/immostats.db").display()
    );
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(address, flags).unwrap();
    let mut statement = connection.prepare(query).unwrap();
    let width = statement.column_count();
    let rows = statement.query_map([], |row| (0..width).map(|column| row.get(column)).collect());
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

/// The only value that a query gives.
pub fn value(project: &Project, query: &str) -> Value {
    let mut rows = rows(project, query);
    assert_eq!(rows.len(), 1, "{query}");
    rows.remove(0).remove(0)
}

/// SQL after which a database is as a program without seals left it, so that what a test altered in it is taken for sound.
pub const WITHOUT_SEALS: &str = "DROP TABLE seals; PRAGMA user_version = 15;";

/// Every row of every table, apart from the log of refused files and the seals, which are of it too.
pub fn database(project: &Project) -> BTreeMap<String, Vec<Vec<Value>>> {
    let tables = rows(
        project,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'seals'",
    );
    let mut content = BTreeMap::new();
    for table in tables {
        let Value::Text(name) = &table[0] else {
            panic!("a table without a name")
        };
        let kept = if name == "update_log" {
            "status <> 'refused'"
        } else {
            "true"
        };
        let all = rows(
            project,
            &format!("SELECT * FROM {name} WHERE {kept} ORDER BY 1, 2"),
        );
        content.insert(name.clone(), all);
    }
    content
}

/// When each file below a folder was last written.
pub fn times(folder: &Path) -> BTreeMap<String, SystemTime> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap();
            (
                path.to_owned(),
                entry.metadata().unwrap().modified().unwrap(),
            )
        })
        .collect()
}
