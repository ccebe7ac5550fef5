//! Stores open for ever: migrations are frozen, and a store of each schema that ever landed is brought forward.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::support::{Project, tree};

/// The migrations with the blake3 of their bytes. A store that has been through one never goes through it again, so a file
/// that is listed here never changes: what is to be otherwise comes in a new file, with a line of its own.
const MIGRATIONS: [(&str, &str); 16] = [
    (
        "db/0001_initial.sql",
        "17a46e2208e1cc7899f500cfefcf949d6df1927a37b68c05b5c57420a11be2ac",
    ),
    (
        "db/0002_sources.sql",
        "2b8587a10186ae1b3cedb883ab5f645b7aec2bb8b8a416dfde47b020629c295f",
    ),
    (
        "db/0003_releases.sql",
        "d0c68fe0dd3af022cbb67e1c4bcfa924f5c66a8ed29623516dbedf2f7f17703e",
    ),
    (
        "db/0004_stray_dates.sql",
        "213e85b88cb8b6b031d5b6cd13fae27e87fcb7978c1d213f0e96b8442baa411f",
    ),
    (
        "db/0005_best_editions.sql",
        "1d9184433a2ac6f4a8e876be8a008f5de33d659582ca8a9c79fbda4c0c426658",
    ),
    (
        "db/earlier_log.sql",
        "de1aaf3181df77c072b2618870aa03626ed9ba0ef0b64f53f77aa50d35d151f7",
    ),
    (
        "db/earlier_transactions.sql",
        "78fe4dc7c7bccf1dec6dd2a29b79eaf87113699030b2b678c21ba689fc0e7544",
    ),
    (
        "version/0001_initial.sql",
        "621f7bf5d0a601a1194b562e8d722994d8fc21da4a7dc94e11690072d64723ab",
    ),
    (
        "version/0002_runs.sql",
        "32f038c432dfd4ce62e33a8e58c3a15c3f750d6bc462b8349c2462ea0e565e41",
    ),
    (
        "version/0003_published.sql",
        "7ccf8cfb5bbad90e67177ff7b210b9e82186648b71f4292a70be8c81006e627e",
    ),
    (
        "version/0004_purges.sql",
        "b265e704206591fdc3fa0d27d9d6ae2affc169c0dbb765a2108a78584623d48b",
    ),
    (
        "version/0005_admin.sql",
        "39c713be542f37701de28300418b8e0a60e0bfe0537ac2e4ad1dbf2e6276357e",
    ),
    (
        "version/0006_operator_files.sql",
        "5be0da64e269714ab2a61a0f32222321bc58868db61b88571623974f22421779",
    ),
    (
        "version/0007_numbers.sql",
        "d1d21627736944f65a4efe00b8d708fc8ebf2d1065d66f11219ba19785b8b61c",
    ),
    (
        "version/earlier_entries.sql",
        "5373bdb18b751b9a468c0ae27ac3067ca86ad33c2eec4bbd5ab2f1256f4dd5a2",
    ),
    (
        "version/earlier_keys.sql",
        "462f7603d7db14fe13465f5d210fce01f589534dc5fcb8732f54710f796f32d4",
    ),
];

#[test]
fn migrations_are_frozen() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for room in ["db", "version"] {
        for entry in fs::read_dir(sources.join(room)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if name.ends_with(".sql") {
                let hash = blake3::hash(&fs::read(&path).unwrap()).to_hex();
                found.push((format!("{room}/{name}"), hash.to_string()));
            }
        }
    }
    found.sort();
    let known = MIGRATIONS.map(|(name, hash)| (name.to_owned(), hash.to_owned()));
    assert_eq!(found, known, "a migration that has landed never changes");
}

/// The stores that programs of the commits in their names left: a few sales of Toulon, four versions with a rollback.
pub fn fixtures(database: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/stores");
    let prefix = format!("{database}-");
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with(&prefix)
        })
        .collect();
    found.sort();
    assert_eq!(found.len(), 6, "each schema of {database} that landed");
    found
}

/// Puts a store into a project, as the program of its time left it.
pub fn put(project: &Project, dump: &Path, database: &str) -> PathBuf {
    let path = project.path(&format!("data/{database}.db"));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let sql = fs::read_to_string(dump).unwrap();
    Connection::open(&path)
        .unwrap()
        .execute_batch(&sql)
        .unwrap();
    path
}

/// The tables of a store as they are written down in it.
pub fn schema(database: &Path) -> Vec<String> {
    schema_of(&Connection::open(database).unwrap())
}

/// As [`schema`].
pub fn schema_of(connection: &Connection) -> Vec<String> {
    let tables =
        "SELECT sql FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL ORDER BY name";
    let mut statement = connection.prepare(tables).unwrap();
    let tables = statement.query_map([], |row| row.get(0)).unwrap();
    tables.collect::<Result<_, _>>().unwrap()
}

fn count(database: &Path, sql: &str) -> i64 {
    let database = Connection::open(database).unwrap();
    database.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn databases_of_every_schema_are_brought_forward_and_built() {
    for dump in fixtures("immostats") {
        let project = Project::new(&["83"]);
        let path = put(&project, &dump, "immostats");
        let imports = count(&path, "SELECT count(*) FROM update_log");
        project.run(&["build"]);
        project.run(&["verify", "--rebuild"]);
        let rows = "SELECT count(*) FROM mutations";
        assert_eq!(count(&path, rows), 42, "{}", dump.display());
        let log = "SELECT count(*) FROM update_log";
        assert_eq!(count(&path, log), imports, "{}", dump.display());
        let figures = "SELECT count(*) FROM stats_cache WHERE niveau = 'commune'";
        assert!(count(&path, figures) > 0, "{}", dump.display());
    }
}

#[test]
fn version_stores_of_every_schema_roll_back_to_what_was_built() {
    for dump in fixtures("versions") {
        let project = Project::new(&["83"]);
        put(&project, &fixtures("immostats")[0], "immostats");
        let path = put(&project, &dump, "versions");
        for (number, files) in versions(&path) {
            project.run(&["rollback", &number]);
            project.run(&["verify"]);
            let site = tree(&project.path("site"));
            for (file, hash) in files {
                let found = site.get(&file).map(|bytes| *blake3::hash(bytes).as_bytes());
                assert_eq!(
                    found,
                    Some(hash),
                    "{file} of {number} in {}",
                    dump.display()
                );
            }
        }
        project.run(&["build", "--allow-removals"]);
        project.run(&["verify"]);
    }
}

/// The versions of a store with the hash of each of their files, read before the program has seen it.
fn versions(store: &Path) -> BTreeMap<String, BTreeMap<String, [u8; 32]>> {
    let store = Connection::open(store).unwrap();
    let mut statement = store
        .prepare(
            "SELECT v.number, p.path, o.hash FROM entries e JOIN versions v ON v.id = e.version
             JOIN paths p ON p.id = e.path JOIN objects o ON o.id = e.object",
        )
        .unwrap();
    let mut versions: BTreeMap<String, BTreeMap<_, _>> = BTreeMap::new();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let number = row.get(0).unwrap();
        let files = versions.entry(number).or_default();
        files.insert(row.get(1).unwrap(), row.get(2).unwrap());
    }
    assert_eq!(versions.len(), 4);
    versions
}

#[test]
fn a_state_saved_by_the_program_before_is_restored() {
    let project = Project::new(&["83"]);
    let state = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/stores/state-bba1aae.tar.zst");
    project.run(&["state", "restore", state.to_str().unwrap()]);
    project.run(&["verify", "--repair"]);
    project.run(&["build", "--allow-removals"]);
    project.run(&["verify", "--rebuild"]);
    project.run(&["rollback", "previous"]);
    project.run(&["verify"]);
}
