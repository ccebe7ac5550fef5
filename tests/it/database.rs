//! The database, as others meet it: what can be read from it, and what it refuses.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::Value;

use crate::material::{TOULON_2023, TOULON_2024, a_few_days, rows, text, value};
use crate::support::{Project, sample};

#[test]
fn the_database_can_be_read_by_others() {
    let project = Project::new(&["83"]);
    project.import(&[&sample(TOULON_2023), &sample(TOULON_2024)]);
    project.run(&["build"]);
    let sales = "SELECT count(*) FROM ventes";
    assert_eq!(value(&project, sales), Value::from(3157 + 2803));
    for columns in [
        "SELECT id, date_mutation, code_postal, commune, type_local, surface_reelle, prix, prix_m2, lat, lon, created_at, batch_id FROM ventes",
        "SELECT id, date_mutation, code_postal, commune, type_local, surface_reelle, prix, prix_m2, lat, lon, batch_id FROM transactions",
        "SELECT city_code, period, stat_type, value, calculated_at FROM stats_cache",
        "SELECT batch_id, source_file, rows_imported, started_at, completed_at, status FROM update_log",
    ] {
        assert!(!rows(&project, columns).is_empty(), "{columns}");
    }
    let kinds = rows(
        &project,
        "SELECT DISTINCT type_local FROM ventes ORDER BY 1",
    );
    let kinds: Vec<_> = kinds.into_iter().flatten().collect();
    let named = |name: &str| Value::from(name.to_owned());
    assert_eq!(
        kinds,
        [
            named("Appartement"),
            named("Local industriel. commercial ou assimilé"),
            named("Maison")
        ]
    );
    let cached = |period: &str, kind: &str| {
        value(
            &project,
            &format!(
                "SELECT value FROM stats_cache
                 WHERE niveau = 'commune' AND city_code = '83137' AND period = '{period}' AND stat_type = '{kind}'"
            ),
        )
    };
    let counted = |filter: &str| {
        value(
            &project,
            &format!("{sales} WHERE type_local = 'Appartement' AND {filter}"),
        )
    };
    // What is compared in time has no new homes.
    for (period, filter) in [
        ("2024", "date_mutation LIKE '2024-%' AND NOT neuf"),
        ("2024-11", "date_mutation LIKE '2024-11-%' AND NOT neuf"),
        (
            "2024-Q1",
            "date_mutation BETWEEN '2023-04-01' AND '2024-03-31' AND NOT neuf",
        ),
        ("total", "true"),
        ("window", "date_mutation LIKE '2024-%'"),
    ] {
        assert_eq!(
            cached(period, "nb_ventes_appartement"),
            counted(filter),
            "{period}"
        );
    }
    assert_eq!(
        cached("window", "nb_ventes_neuves_appartement"),
        counted("date_mutation LIKE '2024-%' AND neuf")
    );
    assert_ne!(
        cached("window", "nb_ventes_neuves_appartement"),
        Value::from(0)
    );
    for period in ["2024", "2024-11", "2024-Q1", "window"] {
        assert!(
            match cached(period, "prix_m2_median_appartement") {
                Value::Integer(m2) => m2 > 1_000,
                Value::Real(m2) => m2 > 1_000.0,
                _ => false,
            },
            "{period}"
        );
    }
}

#[test]
fn a_sale_stands_with_the_section_of_its_parcel() {
    let project = Project::new(&["83"]);
    let lines = a_few_days();
    project.import(&[&project.file("days.csv", text(&lines))]);
    let columns: Vec<_> = lines[0].split(',').collect();
    let column = |name: &str| columns.iter().position(|column| *column == name).unwrap();
    let (parcel, date, price) = (
        column("id_parcelle"),
        column("date_mutation"),
        column("valeur_fonciere"),
    );
    let sales = rows(
        &project,
        "SELECT date_mutation, printf('%g', prix), section, biens FROM transactions",
    );
    let mut known = 0;
    for sale in &sales {
        let [Value::Text(day), Value::Text(euros), section, properties] = &sale[..] else {
            panic!("{sale:?}")
        };
        if *properties != Value::Integer(1) {
            assert_eq!(*section, Value::Null, "of several properties, or none");
            continue;
        }
        let Value::Text(section) = section else {
            panic!("{sale:?}")
        };
        let fields = lines.iter().map(|line| line.split(',').collect::<Vec<_>>());
        let stands = fields.into_iter().any(|fields| {
            fields[date] == day
                && fields[price].parse() == euros.parse::<f64>()
                && fields[parcel][5..10] == **section
        });
        assert!(stands, "{sale:?}");
        known += 1;
    }
    assert!(known > 70, "{known}");
}

#[test]
fn the_database_refuses_what_cannot_be() {
    let project = Project::new(&["83"]);
    project.import(&[&project.file("days.csv", text(&a_few_days()))]);
    let connection = Connection::open(project.path("data/immostats.db")).unwrap();
    connection
        .pragma_update(None, "foreign_keys", true)
        .unwrap();
    let insert = |set: &str| {
        let columns = "annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, batch_id";
        connection.execute_batch(&format!(
            "SAVEPOINT attempt;
             CREATE TEMP TABLE row AS SELECT {columns} FROM mutations WHERE biens = 1 LIMIT 1;
             UPDATE temp.row SET id = zeroblob(16);
             UPDATE temp.row SET {set};
             INSERT INTO mutations ({columns}) SELECT {columns} FROM temp.row;"
        ))
    };
    let undo = || {
        connection
            .execute_batch("ROLLBACK TO attempt; RELEASE attempt;")
            .unwrap()
    };
    insert("prix = 1").expect("a row that can be");
    undo();
    for (set, why) in [
        ("prix = 'cher'", "cannot store TEXT value in REAL column"),
        ("lignes = 1.5", "cannot store REAL value in INTEGER column"),
        ("prix = -1", "CHECK constraint failed"),
        ("surface_reelle = 0", "CHECK constraint failed"),
        ("commune = '831'", "CHECK constraint failed"),
        ("annee = 1889", "CHECK constraint failed"),
        ("type_local = NULL", "CHECK constraint failed"),
        ("nature = 999", "FOREIGN KEY constraint failed"),
        ("batch_id = 999", "FOREIGN KEY constraint failed"),
        ("jour = 1332", "CHECK constraint failed"),
        ("jour = NULL", "NOT NULL constraint failed"),
        (
            "id = (SELECT id FROM mutations WHERE biens = 1 LIMIT 1)",
            "UNIQUE constraint failed",
        ),
    ] {
        let error = insert(set).expect_err(set).to_string();
        assert!(error.contains(why), "{set}: {error}");
        undo();
    }
    let status =
        "INSERT INTO update_log (source_file, started_at, status) VALUES ('x', 'now', 'perhaps')";
    assert!(
        connection
            .execute(status, [])
            .unwrap_err()
            .to_string()
            .contains("CHECK")
    );
}

#[test]
fn a_database_that_is_not_ours_is_left_alone() {
    let project = Project::new(&["83"]);
    fs::create_dir(project.path("data")).unwrap();
    let path = project.path("data/immostats.db");
    let file = project.file("days.csv", text(&a_few_days()));
    let refuses = |says: &str, path: &Path| {
        let before = fs::read(path).unwrap();
        for arguments in [
            &["import", file.to_str().unwrap()][..],
            &["build"],
            &["status"],
        ] {
            let run = project.try_run(arguments);
            assert_eq!(run.code, 1, "{arguments:?}: {}", run.stderr);
            assert!(run.stderr.contains(says), "{arguments:?}: {}", run.stderr);
        }
        assert!(fs::read(path).unwrap() == before, "{says}");
    };
    Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE mine (x)")
        .unwrap();
    refuses("is not an immostats database", &path);
    fs::write(&path, "this is no database at all").unwrap();
    refuses("is not an immostats database", &path);
    fs::remove_file(&path).unwrap();
    project.import(&[&file]);
    Connection::open(&path)
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    refuses("made by a newer immostats", &path);
}
