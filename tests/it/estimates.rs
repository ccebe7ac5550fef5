//! Prices where sales are few, against another program's and against what they have to reach: `docs/method.md`, section 3.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::naive::Source;
use crate::support::{Project, sample, val_d_oise};

/// The extract of the Rhône.
const RHONE: &str = "69-rhone-2018-extract.csv.gz";

/// A file of `tests/data`.
fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

fn project(files: &[PathBuf]) -> Project {
    let project = Project::new(&[]);
    project.import(&files.iter().map(PathBuf::as_path).collect::<Vec<&Path>>());
    project
}

/// An estimate that is printed.
#[derive(Debug)]
struct Line {
    n: u32,
    price: f64,
    bounds: [f64; 2],
    own_share: f64,
    shown: bool,
}

/// Lines by commune and kind.
fn lines(text: &str) -> BTreeMap<(String, String), Line> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head: Vec<String> = reader.headers().unwrap().iter().map(Into::into).collect();
    assert_eq!(head.join(","), "code,kind,n,own_share,price,low,high,shown");
    let lines = reader.records().map(|record| {
        let record = record.unwrap();
        let number = |column: usize| record[column].parse::<f64>().unwrap();
        let line = Line {
            n: number(2) as u32,
            own_share: number(3),
            price: number(4),
            bounds: [number(5), number(6)],
            shown: &record[7] == "1",
        };
        ((record[0].to_owned(), record[1].to_owned()), line)
    });
    lines.collect()
}

/// Whether what is printed of some files is what another program made of the same: prices within 10 €/m² for 98 of a hundred
/// communes, within 2 % for all that may be shown.
fn assert_as_reference(files: &[PathBuf], reference: &str) {
    let project = project(files);
    let printed = project.run(&["method", "estimates", "--csv"]).stdout;
    let printed = lines(&printed);
    let reference = lines(&std::fs::read_to_string(data(reference)).unwrap());
    let codes =
        |lines: &BTreeMap<(String, String), Line>| -> Vec<_> { lines.keys().cloned().collect() };
    assert_eq!(codes(&printed), codes(&reference));
    let mut close = 0;
    for (place, own) in &printed {
        let known = &reference[place];
        let apart = (own.price - known.price).abs();
        close += usize::from(apart <= 10.0);
        assert!(
            apart / known.price <= 0.02,
            "{place:?}: {own:?} for {known:?}"
        );
        // One number of 2022 stands for two sales of which the other program drops both.
        assert!(
            own.n.abs_diff(known.n) <= 1,
            "{place:?}: {own:?} for {known:?}"
        );
        assert!(
            (own.own_share - known.own_share).abs() < 0.05,
            "{place:?}: {own:?} for {known:?}"
        );
        for (own, known) in own.bounds.iter().zip(known.bounds) {
            assert!(
                (own - known).abs() / known < 0.08,
                "{place:?}: {own} for {known}"
            );
        }
    }
    assert!(
        100 * close >= 98 * printed.len(),
        "{close} of {}",
        printed.len()
    );
    // A bound on the edge of what is shown may lie on its other side.
    let otherwise = printed
        .iter()
        .filter(|(place, own)| own.shown != reference[*place].shown);
    let otherwise: Vec<_> = otherwise.collect();
    assert!(otherwise.len() <= 1, "{otherwise:?}");
}

#[test]
fn estimates_of_the_val_d_oise_are_those_of_another_program() {
    assert_as_reference(&val_d_oise(), "95-estimates.csv");
}

#[test]
fn estimates_of_the_rhone_are_those_of_another_program() {
    assert_as_reference(&[sample(RHONE)], "69-estimates.csv");
}

/// What `method check` measures: value and whether it meets its limit, if it has one, by name.
fn measures(project: &Project) -> BTreeMap<String, (f64, Option<bool>)> {
    let run = project.run(&["--json", "method", "check"]);
    let checked = &run.json()[0];
    let measures = checked["measures"].as_array().unwrap().iter();
    let measures = measures.map(|measure| {
        let limit = measure.get("limit");
        let met = limit.map(|_| measure["met"].as_bool().unwrap());
        let name = measure["name"].as_str().unwrap().to_owned();
        (name, (measure["value"].as_f64().unwrap(), met))
    });
    measures.collect()
}

/// The one measure whose name holds all of some words.
fn measure(
    measures: &BTreeMap<String, (f64, Option<bool>)>,
    words: &[&str],
) -> (f64, Option<bool>) {
    let found = measures
        .iter()
        .filter(|(name, _)| words.iter().all(|word| name.contains(word)));
    let found: Vec<_> = found.collect();
    assert_eq!(found.len(), 1, "{words:?}: {found:?}");
    *found[0].1
}

#[test]
fn sales_of_odd_days_of_the_rhone_are_met_as_the_method_has_it() {
    let measures = measures(&project(&[sample(RHONE)]));
    // What `bench/method/small_area.py` prints of the same file.
    for (class, reference, most) in [
        ("no sale", 21.5, 22.5),
        ("1 to 4 sales", 22.0, 22.5),
        ("5 to 10 sales", 19.8, 20.0),
    ] {
        let words = ["houses of the Rhône in 2018", class];
        let (error, met) = measure(&measures, &words);
        assert!((error - reference).abs() <= 0.3, "{class}: {error}");
        assert_eq!((error <= most, met), (true, Some(true)), "{class}: {error}");
    }
    let (flats, met) = measure(&measures, &["flats of the Rhône in 2018", "5 to 10 sales"]);
    assert!((flats - 22.3).abs() <= 0.3, "{flats}");
    assert_eq!(met, None);
}

#[test]
fn intervals_hold_the_medians_of_communes() {
    let measures = measures(&project(&[&val_d_oise()[..], &[sample(RHONE)]].concat()));
    for kind in ["houses", "flats"] {
        let (share, met) = measure(&measures, &[kind, "own medians"]);
        assert!((93.0..=100.0).contains(&share), "{kind}: {share}");
        assert_eq!(met, Some(true));
    }
}

/// Houses of the Rhône that were sold by themselves, on one line: the numbers of the lines, with commune, price and surface.
fn single_houses(
    records: &[csv::StringRecord],
    column: impl Fn(&str) -> usize,
) -> Vec<(usize, String, f64, f64)> {
    let number = column("id_mutation");
    let mut lines = BTreeMap::<&str, usize>::new();
    for record in records {
        *lines.entry(&record[number]).or_default() += 1;
    }
    let houses = records.iter().enumerate().filter(|(_, record)| {
        lines[&record[number]] == 1
            && &record[column("nature_mutation")] == "Vente"
            && &record[column("code_type_local")] == "1"
    });
    houses
        .filter_map(|(line, record)| {
            let value = |name: &str| record[column(name)].parse::<f64>().ok();
            let (price, surface) = (value("valeur_fonciere")?, value("surface_reelle_bati")?);
            Some((
                line,
                record[column("code_commune")].to_owned(),
                price,
                surface,
            ))
        })
        .collect()
}

#[test]
fn who_has_fewer_than_five_sales_changes_no_estimate() {
    let text = read(&sample(RHONE));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().unwrap().clone();
    let column = |name: &str| head.iter().position(|known| known == name).unwrap();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    // All houses sold, by commune, and the median of the département.
    let sales = Source::read(&sample(RHONE), "69").sales();
    let houses = sales
        .iter()
        .filter(|sale| sale.kind == 1 && !sale.is_new && sale.price_m2 < 100_000.0);
    let mut counts = BTreeMap::<&str, usize>::new();
    let mut prices = Vec::new();
    for sale in houses {
        *counts.entry(&sale.commune).or_default() += 1;
        prices.push(sale.price_m2);
    }
    prices.sort_by(f64::total_cmp);
    let median = prices[prices.len() / 2];
    // The prices of the first two sales of a commune change places, where none of the four prices per m² gets to the other side
    // of the département's median.
    let mut changed = records.clone();
    let mut first = BTreeMap::new();
    let mut permuted = 0;
    for (line, commune, price, surface) in single_houses(&records, column) {
        if counts
            .get(commune.as_str())
            .is_none_or(|n| !(2..5).contains(n))
        {
            continue;
        }
        let Some((other, its_price, its_surface)) = first.remove(&commune) else {
            first.insert(commune, (line, price, surface));
            continue;
        };
        let sides = [
            price / surface,
            its_price / its_surface,
            its_price / surface,
            price / its_surface,
        ];
        let sides = sides.map(|per_m2| per_m2.partial_cmp(&median).unwrap());
        if sides == [sides[0]; 4] && sides[0].is_ne() && price != its_price {
            let with = |line: usize, price: &str| {
                let fields = records[line].iter().enumerate();
                let own = column("valeur_fonciere");
                fields
                    .map(|(at, field)| if at == own { price } else { field })
                    .collect::<csv::StringRecord>()
            };
            let own = column("valeur_fonciere");
            changed[line] = with(line, &records[other][own]);
            changed[other] = with(other, &records[line][own]);
            permuted += 1;
        }
    }
    assert!(permuted >= 10, "{permuted}");
    let estimates = |records: &[csv::StringRecord]| {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&head).unwrap();
        for record in records {
            writer.write_record(record).unwrap();
        }
        let project = Project::new(&[]);
        let file = project.file("69.csv", writer.into_inner().unwrap());
        project.run(&["import", "--scope", "69", file.to_str().unwrap()]);
        project
            .run(&["method", "estimates", "--csv", "--today"])
            .stdout
    };
    assert_eq!(estimates(&records), estimates(&changed));
}

/// Sales of a commune move the estimates of its neighbours, whose own sales are as they were.
#[test]
fn a_neighbour_s_estimate_is_made_again_and_no_other_page() {
    let text = read(&sample(RHONE));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().unwrap().clone();
    let column = |name: &str| head.iter().position(|known| known == name).unwrap();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    // A commune of few houses, all sold for half as much again.
    let dearer = records.iter().map(|record| {
        let mut fields: Vec<String> = record.iter().map(str::to_owned).collect();
        let price = fields[column("valeur_fonciere")].parse::<f64>();
        if let (Ok(price), "69072") = (price, &record[column("code_commune")]) {
            fields[column("valeur_fonciere")] = (1.5 * price).to_string();
        }
        csv::StringRecord::from(fields)
    });
    let dearer: Vec<csv::StringRecord> = dearer.collect();
    let import = |project: &Project, records: &[csv::StringRecord]| {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&head).unwrap();
        for record in records {
            writer.write_record(record).unwrap();
        }
        let file = project.file("69.csv", writer.into_inner().unwrap());
        project.run(&["import", "--scope", "69", file.to_str().unwrap()]);
        project.run(&["build", "--only-changed"]);
    };
    let project = Project::new(&["69"]);
    import(&project, &records);
    let before = project.site();
    import(&project, &dearer);
    let after = project.site();
    let afresh = Project::new(&["69"]);
    import(&afresh, &dearer);
    assert!(after == afresh.site(), "other bytes than from nothing");
    project.run(&["verify", "--rebuild"]);

    let estimate = |site: &BTreeMap<String, Vec<u8>>, file: &str| {
        let city: serde_json::Value = serde_json::from_slice(&site[file]).unwrap();
        city["by_type"]["maison"]["estimate"].clone()
    };
    let cities = after
        .keys()
        .filter(|file| file.starts_with("data/villes/") && !file.ends_with("/69072.json"));
    let (moved, same): (Vec<_>, Vec<_>) =
        cities.partition(|file| estimate(&before, file) != estimate(&after, file));
    assert!(moved.len() >= 5 && same.len() > 100, "{moved:?}");
    // What the estimator takes of a commune is finer than what its page shows.
    let shown = |site: &BTreeMap<String, Vec<u8>>, file: &str| {
        let mut city: serde_json::Value = serde_json::from_slice(&site[file]).unwrap();
        for kind in ["maison", "appartement"] {
            city["by_type"][kind]["estimator"].take();
        }
        city
    };
    for file in same {
        assert_eq!(shown(&before, file), shown(&after, file), "{file}");
    }
}

fn read(path: &Path) -> String {
    let mut text = String::new();
    let file = std::fs::File::open(path).unwrap();
    flate2::read::MultiGzDecoder::new(file)
        .read_to_string(&mut text)
        .unwrap();
    text
}
