//! The numbering of the new chain: lines of the whole file sorted by date and price, a new number where one of them
//! changes, prices and surfaces in simple precision. Taken apart again, it gives the sales of the sound numbering.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap::Parser;
use rusqlite::types::Value;

use crate::market::{column, with};
use crate::material::rows;
use crate::support::{Project, lines, sample};

#[path = "../../benches/generate/generator.rs"]
mod generator;

const NUMBER: usize = 0;
const DATE: usize = 1;
const NATURE: usize = 3;
const PRICE: usize = 4;
const COMMUNE: usize = 10;
const FORMER: [usize; 3] = [13, 14, 16];
const PARCEL: usize = 15;
const KIND: usize = 29;
const SURFACE: usize = 31;
const LAND: usize = 37;

/// A file as the new chain makes it.
fn chained(lines: &[String]) -> Vec<String> {
    let key = |line: &String| {
        let price = column(line, PRICE).parse().unwrap_or(f64::INFINITY);
        (column(line, DATE).to_owned(), price)
    };
    let mut sorted = lines[1..].to_vec();
    sorted.sort_by(|a, b| key(a).partial_cmp(&key(b)).unwrap());
    let (mut number, mut last) = (0, None);
    let mut chained = vec![lines[0].clone()];
    for line in &sorted {
        if last.as_ref() != Some(&key(line)) {
            number += 1;
            last = Some(key(line));
        }
        let mut line = with(
            line,
            NUMBER,
            &format!("{}-{number}", &column(line, DATE)[..4]),
        );
        for of in [PRICE, SURFACE, LAND] {
            if let Ok(value) = column(&line, of).parse::<f32>() {
                line = with(&line, of, &format!("{value:?}"));
            }
        }
        for of in FORMER {
            line = with(&line, of, "");
        }
        chained.push(line);
    }
    chained
}

/// The sales that the numbers of a file give, taken as they are.
fn as_it_is(lines: &[String]) -> usize {
    let mut numbers = BTreeMap::<&str, Vec<&String>>::new();
    for line in &lines[1..] {
        numbers.entry(column(line, NUMBER)).or_default().push(line);
    }
    let kept = [
        "Vente",
        "Vente en l'état futur d'achèvement",
        "Adjudication",
    ];
    let is_sale = |lines: &&Vec<&String>| {
        let properties: BTreeSet<_> = lines
            .iter()
            .filter(|line| kept.contains(&column(line, NATURE)))
            .filter(|line| ["1", "2", "4"].contains(&column(line, KIND)))
            .map(|line| [COMMUNE, PARCEL, KIND, SURFACE].map(|of| column(line, of)))
            .collect();
        let Some([_, _, _, surface]) = properties.first() else {
            return false;
        };
        let per_m2 = |price: f64| surface.parse::<f64>().map(|surface| price / surface);
        let price = column(lines[0], PRICE).parse().ok().map(per_m2);
        properties.len() == 1 && matches!(price, Some(Ok(price)) if price < 100_000.0)
    };
    numbers.values().filter(is_sale).count()
}

/// How often each sale is in the database: commune, day, kind, surface, price in simple precision.
fn sales(project: &Project) -> BTreeMap<String, usize> {
    let mut sales = BTreeMap::new();
    let query = "SELECT commune, date_mutation, type_local, surface_reelle, prix FROM transactions WHERE prix_m2 < 100000";
    for row in rows(project, query) {
        let Value::Real(price) = row[4] else {
            panic!("{row:?}")
        };
        let sale = format!("{:?} {}", &row[..4], price as f32);
        *sales.entry(sale).or_insert(0) += 1;
    }
    sales
}

/// What is in the first and not in the second.
fn beyond(a: &BTreeMap<String, usize>, b: &BTreeMap<String, usize>) -> usize {
    let missing = |(sale, count): (&String, &usize)| {
        count.saturating_sub(b.get(sale).copied().unwrap_or_default())
    };
    a.iter().map(missing).sum()
}

/// Imports a file and gives the report and the project.
fn import(path: &Path) -> (serde_json::Value, Project) {
    let project = Project::new(&["83"]);
    let run = project.run(&["--log-format", "json", "import", path.to_str().unwrap()]);
    let [report] = &run.json()[..] else {
        panic!("{}", run.stdout)
    };
    (report.clone(), project)
}

/// Imports a sound file and the same as the new chain makes it, and holds one against the other.
#[track_caller]
fn compare(sound: &Path, new: &Path) -> usize {
    let (report, project) = import(sound);
    assert_eq!(report["numbering"], "sound");
    let expected = sales(&project);
    let total: usize = expected.values().sum();
    assert!(total > 1_000);

    let (report, project) = import(new);
    assert_eq!(report["numbering"], "regrouped");
    let file = lines(new);
    let numbers: BTreeSet<_> = file[1..].iter().map(|line| column(line, NUMBER)).collect();
    assert_eq!(report["numbers"], numbers.len());
    let text = project
        .run(&["import", "--dry-run", new.to_str().unwrap()])
        .stdout;
    let words = format!(
        "The file numbers all sales of a day at one price together ({} numbers): they were taken apart by commune, section and disposition into ",
        numbers.len()
    );
    assert!(text.contains(&words), "{text}");

    let found = sales(&project);
    let (lost, invented) = (beyond(&expected, &found), beyond(&found, &expected));
    let percent = |count: usize| count as f64 * 100.0 / total as f64;
    println!(
        "{}: {total} sales; {lost} lost ({:.3} %), {invented} that are none ({:.3} %)",
        sound.display(),
        percent(lost),
        percent(invented)
    );
    assert!(percent(lost) <= 0.5, "{lost} of {total} are lost");
    assert!(percent(invented) <= 0.2, "{invented} are none, of {total}");

    let naive = as_it_is(&file);
    println!(
        "taken as it is: {naive}, {:.1} % lost",
        percent(total - naive)
    );
    total - naive
}

/// A file of the sample as the new chain makes it.
fn of_sample(project: &Project, name: &str) -> PathBuf {
    let chained = chained(&lines(&sample(name)));
    project.file(name, chained.join("\n") + "\n")
}

#[test]
fn the_real_files_come_out_of_the_new_chain_as_they_were() {
    let folder = Project::new(&["83"]);
    for name in [
        "83137-toulon-2023.csv.gz",
        "83137-toulon-2024.csv.gz",
        "83137-toulon-2025-s1.csv.gz",
        "69-rhone-2018-extract.csv.gz",
    ] {
        let lost = compare(&sample(name), &of_sample(&folder, name));
        assert!(lost > 0, "{name}");
    }
}

/// The generator of the benchmarks makes both forms of the same sales of the country.
#[test]
fn a_national_file_comes_out_of_the_new_chain_as_it_was() {
    let folder = Project::new(&["83"]);
    let generate = |out: &str, options: &[&str]| {
        let out = folder.path(out);
        let whole = ["generate", "--years", "2024", "--scale", "0.02", "--out"].map(OsStr::new);
        let options = options.iter().map(OsStr::new);
        let arguments = whole.into_iter().chain([out.as_os_str()]).chain(options);
        generator::generate(&generator::Options::parse_from(arguments)).unwrap();
        out.join("2024.csv.gz")
    };
    let (sound, new) = (generate("sound", &[]), generate("new", &["--new-chain"]));
    let lost = compare(&sound, &new);
    // The denser the sales, the more share a day and a price: a third of the country's at its full size.
    assert!(lost > 1_000, "{lost}");
}

/// From a sound release to one of the new chain: the sales stay the same ones.
#[test]
fn the_switch_to_the_new_chain_withdraws_nothing_that_is_still_there() {
    let project = Project::new(&["83"]);
    let name = "83137-toulon-2024.csv.gz";
    project.import(&[&sample(name)]);
    let before: usize = sales(&project).values().sum();
    let new = of_sample(&project, name);
    let run = project.run(&["--log-format", "json", "import", new.to_str().unwrap()]);
    let [report] = &run.json()[..] else {
        panic!("{}", run.stdout)
    };
    let year = &report["years"][0];
    let changed: u64 = ["sales_added", "sales_removed", "sales_corrected"]
        .iter()
        .map(|key| year[*key].as_u64().unwrap())
        .sum();
    assert!(
        changed * 100 < before as u64,
        "{changed} of {before}: {year}"
    );
}
