//! The method against a second, naive implementation ([`crate::naive`]): to the cell, on the real lines and on random
//! ones, whatever the format and the state of the files.

mod comparables;
mod compare;
mod privacy;
mod random;
mod variants;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::Value;

use crate::naive::Source;
use crate::support::{Project, sample};
pub use compare::stored_figures;
use compare::{assert_comparables, assert_figures, assert_official, assert_pages};
use random::{History, TERRITORY};

/// The files of the sample and what they are files of.
pub const SAMPLE: [(&str, &str); 5] = [
    ("83137-toulon-2023.csv.gz", "83137"),
    ("83137-toulon-2024.csv.gz", "83137"),
    ("83137-toulon-2025-s1.csv.gz", "83137"),
    ("69-rhone-2018-extract.csv.gz", "69"),
    ("valeursfoncieres-2025-s1-ain-extract.txt", "01"),
];

/// A project that holds some files of the sample, and these files read by the naive implementation.
fn project_with(files: &[(&str, &str)], departements: &[&str]) -> (Project, Vec<Source>) {
    let project = Project::new(departements);
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| sample(name)).collect();
    project.import(&paths.iter().map(PathBuf::as_path).collect::<Vec<&Path>>());
    let sources = files
        .iter()
        .map(|(name, territory)| Source::read(&sample(name), territory))
        .collect();
    (project, sources)
}

#[test]
fn official_statistics_of_each_real_file() {
    for file in SAMPLE {
        let (project, sources) = project_with(&[file], &["90"]);
        assert_official(&project, &sources);
    }
}

#[test]
fn official_statistics_of_all_real_files() {
    let (project, sources) = project_with(&SAMPLE, &["90"]);
    assert_official(&project, &sources);
}

#[test]
fn official_statistics_of_toulon_are_those_of_the_official_program() {
    let (project, _) = project_with(&SAMPLE[..2], &["90"]);
    project.run(&["export", "statistiques-dvf", "--out", "export"]);
    let mut reader = csv::Reader::from_path(project.path("export/stats_whole_period.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    let toulon = rows
        .iter()
        .find(|row| row.iter().next() == Some("83137"))
        .unwrap();
    for (kind, expected) in [
        ("appartement", ["4813", "2887", "2633"]),
        ("maison", ["792", "4816", "4652"]),
        ("local", ["355", "2659", "2091"]),
        ("apt_maison", ["5605", "3160", "2818"]),
    ] {
        let found = ["nb_ventes", "moy_prix_m2", "med_prix_m2"].map(|name| {
            let column = format!("{name}_whole_{kind}");
            &toulon[header.iter().position(|name| *name == column).unwrap()]
        });
        assert_eq!(found, expected, "{kind}");
    }
}

/// The mean of the middle two is half of an odd number here, and by interpolation between them slightly more or less.
#[test]
fn official_medians_between_two_prices_are_rounded_half_to_even() {
    let pairs = [
        ("83137", 72, [394_000, 83_000], "3312"),
        ("83126", 120, [322_000, 53_000], "1562"),
        ("83129", 120, [371_000, 58_000], "1788"),
    ];
    let mut text = "id_mutation,date_mutation,numero_disposition,nature_mutation,valeur_fonciere,code_commune,\
        code_departement,id_parcelle,code_type_local,type_local,surface_reelle_bati,nombre_pieces_principales,\
        surface_terrain,code_nature_culture,lot1_numero,lot2_numero,lot3_numero,lot4_numero,lot5_numero\n"
        .to_owned();
    for (commune, surface, prices, _) in pairs {
        for price in prices {
            text += &format!(
                "2024-{price},2024-03-05,000001,Vente,{price},{commune},83,{commune}000AB0001,2,Appartement,{surface},\
                 3,,,,,,,\n"
            );
        }
    }
    let project = Project::new(&["90"]);
    let file = project.file("flats.csv", text);
    project.run(&["import", "--scope", "83", file.to_str().unwrap()]);
    assert_official(&project, &[Source::read(&file, "83")]);
    let mut reader = csv::Reader::from_path(project.path("export/stats_whole_period.csv")).unwrap();
    let rows: Vec<BTreeMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    for (commune, .., median) in pairs {
        let row = rows.iter().find(|row| row["code_geo"] == commune).unwrap();
        assert_eq!(row["med_prix_m2_whole_appartement"], median, "{commune}");
    }
}

#[test]
fn figures_and_pages_of_the_real_files() {
    let (project, sources) = project_with(&SAMPLE, &["69", "83"]);
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&format!(
        "{configuration}\n[[notes]]\nterritory = \"69\"\npartial_years = [2018]\ntext = \"Année incomplète.\"\n"
    ));
    project.run(&["build"]);
    let expected = assert_figures(&project, &sources, &[("69", 2018)]);
    assert_pages(&project, &expected);
    assert_comparables(&project, &sources, &[("69", 2018)]);
}

/// The years of a history as files, one a year.
fn write(
    project: &Project,
    folder: &str,
    history: &History,
    lines: fn(&[random::Mutation]) -> String,
) -> Vec<PathBuf> {
    let file = |(year, mutations): (&u32, &Vec<random::Mutation>)| {
        let text = lines(mutations);
        let extension = if text.starts_with("id_mutation") {
            "csv"
        } else {
            "txt"
        };
        project.file(&format!("{folder}/{year}.{extension}"), text)
    };
    history.iter().map(file).collect()
}

/// Imports files of the random sales' territory, in which chance plays a larger part than the gates allow.
#[track_caller]
fn import(project: &Project, files: &[PathBuf]) {
    let mut arguments = vec!["import", "--force", "--scope", TERRITORY];
    arguments.extend(files.iter().map(|file| file.to_str().unwrap()));
    project.run(&arguments);
}

/// Which parts of the figures a set of places shows, so that a test can tell that it saw them.
fn parts(figures: &Value, into: &mut BTreeSet<String>) {
    for kind in ["appartement", "maison", "local", "apt_maison"] {
        let segment = &figures[kind];
        into.insert(format!("window of {}", segment["current"]["months"]));
        for name in ["median", "mean_surface", "q1", "p10", "interval"] {
            into.insert(format!("{name}: {}", !segment["current"][name].is_null()));
        }
        for name in ["change_1_year", "change_longest"] {
            into.insert(format!("{name}: {}", segment[name]["significant"]));
        }
        for name in ["distribution", "price_distribution", "surfaces"] {
            into.insert(format!("{name}: {}", !segment[name].is_null()));
        }
        into.insert(format!("quarterly: {}", segment["quarterly"].is_array()));
        if let Some(new) = segment["current"]["new_homes"].as_u64() {
            into.insert(format!("new_homes: {}", new > 0));
        }
    }
    into.insert(format!(
        "seasonality: {}",
        figures["seasonality"][0].is_u64()
    ));
}

#[test]
fn figures_and_official_statistics_of_random_lines() {
    let mut runner = TestRunner::new(Config {
        cases: 8,
        max_shrink_iters: 60,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(2),
        ..Config::default()
    });
    let seen = RefCell::new(BTreeSet::new());
    let result = runner.run(&random::history(100..1_200), |history| {
        let project = Project::new(&["90"]);
        let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
        project.configure(&format!(
            "{configuration}\n[[notes]]\nterritory = \"69266\"\npartial_years = [2022]\ntext = \"Année incomplète.\"\n"
        ));
        let files = write(&project, "files", &history, random::geo_dvf);
        import(&project, &files);
        project.run(&["build"]);
        let sources: Vec<_> = files.iter().map(|file| Source::read(file, TERRITORY)).collect();
        assert_official(&project, &sources);
        let expected = assert_figures(&project, &sources, &[("69266", 2022)]);
        assert_comparables(&project, &sources, &[("69266", 2022)]);
        for figures in expected.values() {
            parts(figures, &mut seen.borrow_mut());
        }
        let several = random::numbers_of_several(&history).into_iter();
        seen.borrow_mut().extend(several.map(|what| format!("numbers of several {what}")));
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    let seen = seen.into_inner();
    for part in [
        "median",
        "mean_surface",
        "q1",
        "p10",
        "interval",
        "distribution",
        "price_distribution",
        "surfaces",
        "quarterly",
        "seasonality",
        "change_1_year",
        "change_longest",
        "new_homes",
    ] {
        for found in [true, false] {
            assert!(
                seen.contains(&format!("{part}: {found}")),
                "{part}: {found} was not met: {seen:?}"
            );
        }
    }
    for window in ["12", "24", "36", "60", "null"] {
        assert!(seen.contains(&format!("window of {window}")), "{seen:?}");
    }
    for what in ["dates", "prices", "natures"] {
        assert!(
            seen.contains(&format!("numbers of several {what}")),
            "{seen:?}"
        );
    }
}
