//! Stores open for ever: migrations are frozen, and a store of each schema that ever landed is brought forward.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::material::{TOULON_2023, TOULON_2024, database, extract, text};
use crate::support::{Project, tree};

/// The migrations with the blake3 of their bytes. A store that has been through one never goes through it again, so a file
/// that is listed here never changes: what is to be otherwise comes in a new file, with a line of its own.
const MIGRATIONS: [(&str, &str); 29] = [
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
        "db/0006_columns.sql",
        "87ab4fe7e02740a5fb59d0f9dc0fd737253dcf74494f6b01fb915c888e89f979",
    ),
    (
        "db/0007_edition_months.sql",
        "8bff04ca6dff186a5e480c0c1e3bf08d888b6ba9c9d17cd67ec465fe1209fcb5",
    ),
    (
        "db/0008_models.sql",
        "f5d705cf2e3b85610e6d95232373df4ad8b493f68858d65c4db5ad5f055560c4",
    ),
    (
        "db/0009_contours.sql",
        "fcb439816180cb97e30f5ed2e9e949f91699fab070a6b80bb873e28c46a6bd93",
    ),
    (
        "db/0010_indicators.sql",
        "2096513567fc2f0a6085fa57b0ecac66bd2ff4e0dbf56f539b6ed4006a9e1f40",
    ),
    (
        "db/0011_facts.sql",
        "12a4ef0bc4d3cf480fa4dbdb8bd2c314b10891c2815377bfb04dd551a91dd508",
    ),
    (
        "db/0012_place_keys.sql",
        "2615eba1473ae15f7928f2f32ac269b000c47c2a1c36f878be5af0aae93deacc",
    ),
    (
        "db/0013_local_notes.sql",
        "7cdc62e021e7cb1395394f9761d82ab7e925af23c8c0dc1408d08f898916ba63",
    ),
    (
        "db/0014_edition_medians.sql",
        "f328a085bac8e15ec8a5e2e5a1a4678f41d5501e5cd7349f2b2a7d502e6ccb2a",
    ),
    (
        "db/0015_act_parts.sql",
        "2409e3258d857359f661a9587ca73ef67fc211a10011bc17796581a63240faef",
    ),
    (
        "db/0016_seals.sql",
        "83b608422c0d15a0f75b07e18a8cbdfdc6fbf6a809af91056dc66170995ba4de",
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
        "version/0008_archive.sql",
        "874e04b90565aeaf07ff7c0ecdfd375dd6914a079be0f4874eb9554cec5890cf",
    ),
    (
        "version/0009_archive_seal.sql",
        "390a73fe0d7dbc1049b5ef37c96f179aedb7d99f5d4e366b96f0e9f81a067a2a",
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

/// The stores that programs of the commits in their names left: a few sales of Toulon, four versions with a rollback. Those of
/// the steps between are made of them.
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
    let landed = if database == "immostats" { 9 } else { 6 };
    assert_eq!(found.len(), landed, "stores of {database} that are kept");
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
        let sql = fs::read_to_string(&dump).unwrap();
        let inserted = ["mutations", "transactions"]
            .map(|table| sql.matches(&format!("INSERT INTO {table} (")).count() as i64);
        let rows = "SELECT count(*) FROM mutations";
        assert_eq!(
            count(&path, rows),
            inserted.iter().sum::<i64>(),
            "{}",
            dump.display()
        );
        let kept = "SELECT count(*) FROM sales JOIN positions USING (annee, departement)
                    WHERE neuf IS NOT NULL AND sales.surface_terrain IS NOT NULL AND section IS NOT NULL";
        assert_eq!(count(&path, kept), 2, "{}", dump.display());
        let log = "SELECT count(*) FROM update_log";
        assert_eq!(count(&path, log), imports, "{}", dump.display());
        let figures = "SELECT count(*) FROM stats_cache WHERE niveau = 'commune'";
        assert!(count(&path, figures) > 0, "{}", dump.display());
    }
}

#[test]
fn what_an_earlier_program_did_not_keep_is_made_of_the_rows_and_of_the_same_file() {
    let days = |year: &str| -> (&str, Vec<&str>) {
        match year {
            "2023" => (
                TOULON_2023,
                vec!["01-02", "01-03", "01-04", "03-20", "08-17"],
            ),
            _ => (TOULON_2024, vec!["01-02", "01-03", "01-04", "03-29"]),
        }
    };
    let import = |project: &Project, year: &str| {
        let (file, days) = days(year);
        let lines = extract(file, |date| days.contains(&&date[5..]));
        let file = project.file(&format!("{year}.csv"), text(&lines));
        let scope = format!("83137@{year}-01..{year}-12");
        let released = format!("{}-04-20", year.parse::<u16>().unwrap() + 1);
        let options = [
            "--scope",
            &scope,
            "--released",
            &released,
            "--force",
            "--json",
        ];
        project.run(&[&["import", file.to_str().unwrap()], &options[..]].concat())
    };
    let project = Project::new(&["83"]);
    let dump = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/stores/immostats-6373a2b.sql");
    let path = put(&project, &dump, "immostats");
    let digests = "SELECT count(*) FROM commune_digests WHERE hex(digest) = ";
    let before: String = Connection::open(&path)
        .unwrap()
        .query_row("SELECT hex(digest) FROM commune_digests", [], |row| {
            row.get(0)
        })
        .unwrap();
    let same = format!("{digests} '{before}'");
    project.run(&["build"]);
    project.run(&["verify"]);
    assert_eq!(count(&path, &same), 1, "no sale changed");
    let unknown = "SELECT count(*) FROM mutations WHERE biens = 1 AND section IS NULL";
    assert!(count(&path, unknown) > 70);
    for year in ["2023", "2024"] {
        let report = import(&project, year).json();
        let told = report[0].to_string();
        let relocated = report[0]["relocated"].as_u64().unwrap();
        assert!(relocated > 20, "{told}");
        assert_eq!(report[0]["years"][0]["sales_added"], 0, "{told}");
        assert_eq!(report[0]["years"][0]["sales_corrected"], 0, "{told}");
        let again = import(&project, year).json();
        assert_eq!(again[0]["unchanged"], true, "{again:?}");
    }
    assert_eq!(count(&path, unknown), 0);
    project.run(&["verify"]);
    project.run(&["build"]);
    assert_eq!(count(&path, &same), 0, "sections are known now");
    project.run(&["verify", "--rebuild"]);
    let changes = "SELECT count(*) FROM changes WHERE batch_id > 2 AND mutations_ajoutees + mutations_retirees > 0";
    assert_eq!(count(&path, changes), 0);
    let new = Project::new(&["83"]);
    for year in ["2023", "2024"] {
        import(&new, year);
    }
    new.run(&["build"]);
    let tables = ["mutations", "sales", "positions", "commune_digests"];
    let [known, fresh] = [&project, &new].map(|project| {
        let mut tables_of = database(project);
        let mut rows = tables.map(|table| tables_of.remove(table).unwrap());
        // By another batch.
        rows[0].iter_mut().for_each(|row| drop(row.remove(15)));
        rows
    });
    assert!(known == fresh);
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
fn states_saved_by_earlier_programs_are_restored() {
    for commit in ["bba1aae", "579e7a2"] {
        let project = Project::new(&["83"]);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/stores");
        let state = folder.join(format!("state-{commit}.tar.zst"));
        project.run(&["state", "restore", state.to_str().unwrap()]);
        project.run(&["verify", "--repair"]);
        project.run(&["build", "--allow-removals", "--resume"]);
        project.run(&["verify", "--rebuild"]);
        project.run(&["rollback", "previous"]);
        project.run(&["verify"]);
    }
}

/// The state of the second program has something of all that a database can hold, and the figures of two releases.
#[test]
fn contours_indicators_facts_notes_and_archive_come_through() {
    let project = Project::new(&["83"]);
    let state = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/stores/state-579e7a2.tar.zst");
    project.run(&["state", "restore", state.to_str().unwrap()]);
    let path = project.path("data/immostats.db");
    for (rows, table) in [
        (1, "contours"),
        (4, "valeurs"),
        (2, "faits"),
        (1, "notes_locales"),
    ] {
        let found = count(&path, &format!("SELECT count(*) FROM {table}"));
        assert_eq!(found, rows, "{table}");
    }
    let archived = count(
        &project.path("data/versions.db"),
        "SELECT count(*) FROM archive",
    );
    assert_eq!(archived, 4);
    project.run(&["verify", "--repair"]);
    project.run(&["archive", "verify"]);
    // A seal that was made of another content than the file's would stop a build.
    project.run(&["build", "--resume"]);
    let page = fs::read_to_string(project.path("site/ville/83137/index.html")).unwrap();
    for told in ["Taxe foncière", "49,8"] {
        assert!(page.contains(told), "{told}");
    }
}

/// A database that stopped at any of the steps: what a program of that day made of one of the day before.
#[test]
fn databases_of_every_step_between_are_brought_forward_and_built() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let steps = MIGRATIONS
        .iter()
        .filter(|(name, _)| name.starts_with("db/0"));
    let steps: Vec<_> = steps
        .map(|(name, _)| fs::read_to_string(sources.join(name)).unwrap())
        .collect();
    // Of the fewest steps among those whose first migration was frozen already.
    let dump = fixtures("immostats")
        .into_iter()
        .find(|dump| dump.ends_with("immostats-6373a2b.sql"))
        .unwrap();
    let begun = 5;
    // After the last step what follows from the rest would have been made too.
    for last in begun..steps.len() - 1 {
        let project = Project::new(&["83"]);
        let path = put(&project, &dump, "immostats");
        let store = Connection::open(&path).unwrap();
        for step in &steps[begun..=last] {
            store.execute_batch(step).unwrap();
        }
        store
            .pragma_update(None, "user_version", last as i32 + 1)
            .unwrap();
        let sales = "SELECT count(*) FROM mutations";
        let before: i64 = store.query_row(sales, [], |row| row.get(0)).unwrap();
        drop(store);
        project.run(&["build"]);
        project.run(&["verify", "--rebuild"]);
        assert_eq!(count(&path, sales), before, "{} steps", last + 1);
    }
}
