//! A small schema in all the states that a file can be in.

#![allow(clippy::disallowed_methods, reason = "files to be refused")]

use std::fs;

use rusqlite::Connection;
use tempfile::TempDir;

use super::*;

const FIRST: &str = "
    CREATE TABLE items (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, price INTEGER) STRICT;
    CREATE INDEX items_by_name ON items (name);
    CREATE TABLE counts (name TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO items VALUES (1, 'first', NULL);";

const SECOND: &str = "
    CREATE TABLE notes (item INTEGER REFERENCES items (id), text TEXT) STRICT;
    ALTER TABLE counts ADD COLUMN noted INTEGER NOT NULL DEFAULT 0;
    UPDATE counts SET noted = n;";

/// How the first migration once read: the price was a text, in euros and cents.
const EARLIER_FIRST: &str = "
    CREATE TABLE items (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, euros TEXT) STRICT;
    CREATE TABLE counts (name TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE VIEW named AS SELECT name FROM items;";

fn schema() -> Schema {
    let earlier = Connection::open_in_memory().unwrap();
    earlier.execute_batch(EARLIER_FIRST).unwrap();
    let digest = Shape::read(&earlier).unwrap().digest();
    Schema {
        name: "test store",
        application_id: 0x7465_7374,
        migrations: &[FIRST, SECOND],
        views: || {
            vec![
                ("named", "SELECT id, name FROM items".to_owned()),
                (
                    "dear",
                    "SELECT name FROM items WHERE price > 100".to_owned(),
                ),
            ]
        },
        first: &[],
        settings: &[],
        earlier: Box::leak(Box::new([EarlierForm {
            digest: digest.leak(),
            scripts: &["
                ALTER TABLE earlier_items ADD COLUMN price INTEGER;
                UPDATE earlier_items SET price = CAST(euros AS INTEGER);
                DROP TABLE earlier_counts;"],
        }])),
        derive: |connection| {
            let count = "INSERT INTO counts SELECT name, count(*), 0 FROM items GROUP BY name";
            Ok(connection.execute_batch(count)?)
        },
        shapes: OnceLock::new(),
    }
}

/// A file in a folder of its own, made by SQL.
fn file(sql: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a file #1.db");
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    (folder, path)
}

fn ours(migrations: &[&str]) -> String {
    format!(
        "PRAGMA application_id = 0x74657374; {}",
        migrations.concat()
    )
}

fn list(connection: &Connection, query: &str) -> Vec<String> {
    let mut statement = connection.prepare(query).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// The tables and indexes of a file, its views, and its two numbers.
fn standing(connection: &Connection) -> (String, Vec<String>, [i32; 2]) {
    let pragma = |name| {
        connection
            .pragma_query_value(None, name, |row| row.get(0))
            .unwrap()
    };
    (
        Shape::read(connection).unwrap().digest(),
        list(
            connection,
            "SELECT sql FROM sqlite_schema WHERE type = 'view' ORDER BY name",
        ),
        ["user_version", "application_id"].map(pragma),
    )
}

#[track_caller]
fn refused(path: &Path, says: &str) {
    let (before, schema) = (fs::read(path).unwrap(), schema());
    for error in [schema.open(path).err(), schema.open_read_only(path).err()] {
        let error = error.unwrap().to_string();
        assert!(error.contains(says), "{error}");
    }
    assert!(fs::read(path).unwrap() == before);
    assert_eq!(path.parent().unwrap().read_dir().unwrap().count(), 1);
}

#[test]
fn a_file_of_each_state_ends_in_the_present_schema() {
    let schema = schema();
    let present = standing(&schema.in_memory().unwrap());
    assert_eq!(present.2, [2, 0x7465_7374]);
    let whole = ours(&[FIRST, SECOND]);
    let earlier = "INSERT INTO items VALUES (3, 'third', '7'), (9, 'ninth', '8,50'); DELETE FROM items WHERE id = 9;";
    let note = "INSERT INTO notes VALUES (3, 'of the third');";
    for (sql, items, notes) in [
        (String::new(), vec!["1"], 0),
        (ours(&[FIRST]), vec!["1"], 0),
        (whole.clone(), vec!["1"], 0),
        // What the numbers say does not count, and what somebody added does not matter.
        (format!("{whole} PRAGMA user_version = -1;"), vec!["1"], 0),
        (
            format!("{whole} CREATE TABLE mine (x); CREATE VIEW named AS SELECT 1;"),
            vec!["1"],
            0,
        ),
        (ours(&[EARLIER_FIRST, earlier]), vec!["1", "3"], 0),
        (
            ours(&[EARLIER_FIRST, SECOND, earlier, note]),
            vec!["1", "3"],
            1,
        ),
    ] {
        for read_only in [false, true] {
            let (folder, path) = file(&sql);
            if read_only && sql.is_empty() {
                assert!(schema.open_read_only(&path).unwrap().is_none());
                continue;
            }
            let connection = if read_only {
                schema.open_read_only(&path).unwrap().unwrap()
            } else {
                schema.open(&path).unwrap()
            };
            let mine = list(
                &connection,
                "SELECT name FROM sqlite_schema WHERE name = 'mine'",
            );
            if mine.is_empty() {
                assert_eq!(standing(&connection).0, present.0, "{sql}");
            }
            assert_eq!(
                list(&connection, "SELECT CAST(id AS TEXT) FROM items"),
                items,
                "{sql}"
            );
            let counted = "SELECT name FROM notes, items WHERE id = item";
            assert_eq!(list(&connection, counted).len(), notes, "{sql}");
            if items.len() > 1 {
                let third = "SELECT CAST(price AS TEXT) FROM items WHERE id = 3";
                assert_eq!(list(&connection, third), ["7"]);
                assert_eq!(
                    list(&connection, "SELECT name FROM counts"),
                    ["first", "third"]
                );
                let given = "SELECT CAST(seq AS TEXT) FROM sqlite_sequence WHERE name = 'items'";
                assert_eq!(list(&connection, given), ["9"]);
            }
            drop(connection);
            assert_eq!(folder.path().read_dir().unwrap().count(), 1);
        }
    }
    let missing = Path::new("no/such/file.db");
    assert!(schema.open_read_only(missing).unwrap().is_none());
}

#[test]
fn a_file_that_is_as_it_should_be_is_not_written_to() {
    let (folder, path) = file("");
    let schema = schema();
    drop(schema.open(&path).unwrap());
    let before = fs::read(&path).unwrap();
    let reader = schema.open_read_only(&path).unwrap();
    drop(schema.open(&path).unwrap());
    drop(reader);
    assert!(fs::read(&path).unwrap() == before);
    assert_eq!(folder.path().read_dir().unwrap().count(), 1);
}

#[test]
fn what_is_none_of_ours_is_refused_and_stays_as_it_is() {
    let whole = ours(&[FIRST, SECOND]);
    for (sql, says) in [
        (
            "CREATE TABLE mine (x)".to_owned(),
            "is not an immostats test store; move it away",
        ),
        (
            "PRAGMA application_id = 7".to_owned(),
            "is not an immostats test store",
        ),
        (
            format!("{whole} PRAGMA application_id = 7"),
            "is not an immostats test store",
        ),
        (
            format!("{whole} PRAGMA user_version = 3"),
            "made by a newer immostats (schema 3, this one knows 2)",
        ),
        (
            format!("{whole} PRAGMA user_version = 2147483647"),
            "update immostats",
        ),
        (
            format!("{whole} DROP TABLE counts"),
            "are none that an immostats made; put a saved one",
        ),
        (
            format!("{whole} DROP INDEX items_by_name"),
            "are none that an immostats made",
        ),
        (
            format!("{whole} ALTER TABLE items ADD COLUMN mine TEXT"),
            "are none that an immostats made",
        ),
        (
            ours(&[EARLIER_FIRST, "DROP TABLE counts"]),
            "are none that an immostats made",
        ),
        (
            ours(&[
                EARLIER_FIRST,
                SECOND,
                "PRAGMA foreign_keys = OFF;
                 INSERT INTO items VALUES (1, 'first', '1');
                 INSERT INTO notes VALUES (2, 'of none');
                 PRAGMA journal_mode = WAL",
            ]),
            "cannot be brought forward: rows of notes point to missing rows; put a saved one",
        ),
    ] {
        let (_folder, path) = file(&sql);
        refused(&path, says);
    }
    let (_folder, path) = file("");
    fs::write(&path, "this is no database at all").unwrap();
    refused(&path, "is not an immostats test store");
    let (_folder, path) = file(&whole);
    let mut bytes = fs::read(&path).unwrap();
    // The tree of the tables begins behind the header of 100 bytes.
    bytes[100..200].fill(0xff);
    fs::write(&path, bytes).unwrap();
    refused(&path, "are none that an immostats made");
}

#[test]
fn what_is_read_is_whole_while_another_writes() {
    let (folder, path) = file(&ours(&[FIRST, SECOND]));
    let schema = schema();
    drop(schema.open(&path).unwrap());
    let reader = schema.open_read_only(&path).unwrap().unwrap();
    let names = |query: &str| list(&reader, query);
    let all = "SELECT name FROM items ORDER BY name";
    assert_eq!(names(all), ["first"]);
    let writer = schema.open(&path).unwrap();
    // Pages that the reader has not read yet are written over.
    writer
        .execute_batch(
            "WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
             INSERT INTO items SELECT i, 'item ' || i, 1 FROM n;
             DELETE FROM items WHERE id % 3 = 0;
             PRAGMA wal_checkpoint(TRUNCATE);",
        )
        .unwrap();
    let expected = list(&writer, all);
    assert!(expected.len() > 10_000);
    assert_eq!(names(all), expected);
    assert_eq!(names("PRAGMA integrity_check"), ["ok"]);
    assert!(reader.execute("DELETE FROM items", []).is_err());
    drop((writer, reader));
    assert_eq!(folder.path().read_dir().unwrap().count(), 1);
}
