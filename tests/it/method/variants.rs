//! The same mutations in other clothes: in the other format, in another order, as data frames and spreadsheets leave
//! them. What the database and the statistics make of them does not change.

use std::path::PathBuf;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use rusqlite::Connection;
use rusqlite::types::Value as Cell;

use super::compare::{assert_figures, assert_pages, assert_same, stored_figures};
use super::random::{self, History, TERRITORY};
use super::{import, write};
use crate::naive::Source;
use crate::support::Project;

/// Some years of random sales, always the same.
fn sales(number: usize) -> History {
    let mut runner = TestRunner::new(Config {
        rng_seed: RngSeed::Fixed(number as u64),
        ..Config::default()
    });
    random::history(number..number + 1)
        .new_tree(&mut runner)
        .unwrap()
        .current()
}

/// All mutations of the database, but for the batch that brought them and the columns that are left out.
fn transactions(project: &Project, left_out: &[&str]) -> Vec<Vec<Cell>> {
    let connection = Connection::open(project.path("data/immostats.db")).unwrap();
    let mut statement = connection
        .prepare(
            "SELECT t.*, n.libelle FROM transactions t JOIN natures n ON n.id = t.nature
             ORDER BY commune, date_mutation, t.id",
        )
        .unwrap();
    let columns: Vec<usize> = (0..statement.column_count())
        .filter(|&index| {
            // The number of a nature depends on the order in which the natures were met.
            let name = statement.column_name(index).unwrap();
            !["batch_id", "nature"].contains(&name) && !left_out.contains(&name)
        })
        .collect();
    assert!(columns.len() > 10);
    let rows = statement.query_map([], |row| {
        columns.iter().map(|&index| row.get(index)).collect()
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// Rows of a file, the header first.
type Rows = Vec<Vec<String>>;

fn shuffled(rows: &mut Rows) {
    let mut index = 0_u32;
    rows[1..].sort_by_cached_key(|_| {
        index += 1;
        *blake3::hash(&index.to_le_bytes()).as_bytes()
    });
}

/// Changes the cells of some columns.
fn map(rows: &mut Rows, columns: &[&str], change: impl Fn(&str) -> String) {
    let chosen: Vec<usize> = (0..rows[0].len())
        .filter(|&index| columns.contains(&rows[0][index].as_str()))
        .collect();
    assert_eq!(chosen.len(), columns.len());
    for row in &mut rows[1..] {
        for &index in &chosen {
            row[index] = change(&row[index]);
        }
    }
}

fn renumbered(rows: &mut Rows) {
    map(rows, &["id_mutation"], |number| {
        let hash = blake3::hash(number.as_bytes());
        format!(
            "{}-{}",
            &number[..4],
            u32::from_le_bytes(hash.as_bytes()[..4].try_into().unwrap())
        )
    });
}

fn as_floats(rows: &mut Rows) {
    let columns = [
        "valeur_fonciere",
        "code_postal",
        "lot1_numero",
        "nombre_lots",
        "code_type_local",
        "surface_reelle_bati",
        "nombre_pieces_principales",
        "surface_terrain",
    ];
    map(rows, &columns, |number| {
        let whole = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        if whole {
            format!("{number}.0")
        } else {
            number.to_owned()
        }
    });
}

fn without_zeros(rows: &mut Rows) {
    let columns = [
        "code_commune",
        "code_departement",
        "code_postal",
        "numero_disposition",
    ];
    map(rows, &columns, |code| {
        code.trim_start_matches('0').to_owned()
    });
}

fn with_a_column_more(rows: &mut Rows) {
    for (index, row) in rows.iter_mut().enumerate() {
        row.insert(
            4,
            if index == 0 {
                "section_prefixe".into()
            } else {
                index.to_string()
            },
        );
    }
}

fn reversed(rows: &mut Rows) {
    for row in rows {
        row.reverse();
    }
}

/// Changes a geo-DVF file by its cells.
fn rewrite(text: &str, change: impl Fn(&mut Rows)) -> String {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut rows: Rows = reader.deserialize().map(Result::unwrap).collect();
    change(&mut rows);
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn with_byte_order_mark(text: &str) -> String {
    format!("\u{feff}{text}")
}

fn with_crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}

/// Everything at once.
fn battered(text: &str) -> String {
    let text = rewrite(text, |rows| {
        for change in [
            shuffled,
            renumbered,
            as_floats,
            without_zeros,
            with_a_column_more,
            reversed,
        ] {
            change(rows);
        }
    });
    with_byte_order_mark(&with_crlf(&text))
}

/// Years of files with their text changed.
fn write_changed(
    project: &Project,
    folder: &str,
    history: &History,
    change: impl Fn(&str) -> String,
) -> Vec<PathBuf> {
    let file = |(year, mutations): (&u32, &Vec<random::Mutation>)| {
        let text = random::geo_dvf(mutations);
        let changed = change(&text);
        assert_ne!(changed, text);
        project.file(&format!("{folder}/{year}.csv.gz"), changed)
    };
    history.iter().map(file).collect()
}

#[test]
fn lines_in_another_state_are_the_same_sales() {
    let history = sales(400);
    let base = Project::new(&["90"]);
    import(&base, &write(&base, "files", &history, random::geo_dvf));
    let expected = transactions(&base, &[]);
    assert!(expected.len() >= 400);
    let code = |cell: &Cell| matches!(cell, Cell::Text(text) if text == "05061");
    assert!(
        expected.iter().flatten().any(code),
        "codes have zeros to lose"
    );

    type Change = fn(&str) -> String;
    let changes: [(&str, Change); 9] = [
        ("shuffled", |text| rewrite(text, shuffled)),
        ("renumbered", |text| rewrite(text, renumbered)),
        ("as floats", |text| rewrite(text, as_floats)),
        ("without zeros", |text| rewrite(text, without_zeros)),
        ("with a column more", |text| {
            rewrite(text, with_a_column_more)
        }),
        ("with its columns reversed", |text| rewrite(text, reversed)),
        ("with a byte-order mark", with_byte_order_mark),
        ("with CRLF", with_crlf),
        ("battered", battered),
    ];
    for (name, change) in changes {
        let project = Project::new(&["90"]);
        import(
            &project,
            &write_changed(&project, "files", &history, change),
        );
        assert!(
            transactions(&project, &[]) == expected,
            "{name}: other rows"
        );

        // What is there already stays as it is.
        let files = write_changed(&base, name, &history, change);
        let mut arguments = vec![
            "--log-format",
            "json",
            "import",
            "--force",
            "--scope",
            TERRITORY,
        ];
        arguments.extend(files.iter().map(|file| file.to_str().unwrap()));
        for report in base.run(&arguments).json() {
            assert_eq!(report["unchanged"], true, "{name}: {report}");
        }
        assert!(transactions(&base, &[]) == expected, "{name}: changed rows");
    }
}

#[test]
fn lines_in_another_state_give_the_same_figures() {
    let history = sales(600);
    let [straight, battered] = [None, Some(battered)].map(|change| {
        let project = Project::new(&["05"]);
        let files = match change {
            None => write(&project, "files", &history, random::geo_dvf),
            Some(change) => write_changed(&project, "files", &history, change),
        };
        import(&project, &files);
        project.run(&["build"]);
        project
    });
    let sources: Vec<_> = history
        .keys()
        .map(|year| Source::read(&straight.path(&format!("files/{year}.csv")), TERRITORY))
        .collect();
    let expected = assert_figures(&straight, &sources, &[]);
    assert_pages(&straight, &expected);
    assert_same(&stored_figures(&straight), &stored_figures(&battered));
    assert!(straight.site() == battered.site());
}

#[test]
fn both_formats_give_the_same_figures() {
    let history = sales(800);
    let projects = [random::geo_dvf, random::dgfip].map(|format| {
        let project = Project::new(&["90"]);
        let files = write(&project, "files", &history, format);
        import(&project, &files);
        project.run(&["build"]);
        (project, files)
    });
    for (project, files) in &projects {
        let sources: Vec<_> = files
            .iter()
            .map(|file| Source::read(file, TERRITORY))
            .collect();
        assert_figures(project, &sources, &[]);
    }
    let [geo_dvf, dgfip] = projects.map(|(project, _)| project);
    // Without coordinates nothing is estimated from neighbours.
    let observed = |project: &Project| {
        let mut figures = stored_figures(project);
        for figures in figures.values_mut() {
            figures.as_object_mut().unwrap().remove("modelled");
        }
        figures
    };
    assert_same(&observed(&geo_dvf), &observed(&dgfip));

    // The DGFiP has no coordinates; all else is the same in the database.
    let coordinates = ["lat", "lon", "latitude_e6", "longitude_e6"];
    let [geo_dvf, dgfip] = [geo_dvf, dgfip].map(|project| transactions(&project, &coordinates));
    assert!(geo_dvf == dgfip);
}
