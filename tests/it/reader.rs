//! Plays a reader who has the deeds, or wants to guess them, and everything that is published: pages, data files, two
//! versions of them. What he tries (docs/method.md, section 7, point 6) finds no sale. Each number that a data file holds is
//! known to him by its path ([`fields`]): one that is not is published by nobody who thought of him.

mod classes;
pub mod fields;
mod tables;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::market::{Release, VAR};
use crate::naive::{Sale, Source, is_of_kind, month_name};
use crate::support::{Project, sample, tree, val_d_oise};
use classes::{no_class_by_subtraction, no_class_of_few};
use fields::{Tells, leaves, tells};
use tables::tables_repeat_the_data_files;

/// Sales under which nothing may be told of them.
const FEW: u64 = 5;

/// Below so many sales, prices per m² are to ten €/m².
const MANY: u64 = 30;

/// Characters of the name of a parcel.
const PARCEL: usize = 14;

/// The kinds of property and houses and flats pooled.
const KINDS: [&str; 4] = ["appartement", "maison", "local", "apt_maison"];

/// What a reader has before him.
struct Published {
    /// Every file of the site by its path.
    files: BTreeMap<String, Vec<u8>>,
}

/// What the deeds are, as the official files have them.
struct Deeds {
    /// By the code of their commune.
    sales: HashMap<String, Vec<Sale>>,
    /// Latitudes and longitudes, to a thousandth of a degree: some hundred metres, a few houses in a village.
    positions: HashSet<String>,
    parcels: HashSet<String>,
    /// Numbers and names of streets, by the number and the first word of the name.
    addresses: HashMap<String, HashSet<String>>,
    /// The deeds with a property, by its section (commune, prefix, letters) and kind.
    sections: HashMap<(String, String), HashSet<String>>,
}

/// How often each thing was tried.
type Tried = BTreeMap<&'static str, usize>;

impl Published {
    fn of(project: &Project) -> Self {
        Self {
            files: tree(&project.path("site")),
        }
    }

    fn json(&self) -> impl Iterator<Item = (&str, Value)> {
        let files = self
            .files
            .iter()
            .filter(|(path, _)| path.ends_with(".json") && !path.starts_with("schemas/"));
        files.map(|(path, bytes)| (path.as_str(), serde_json::from_slice(bytes).unwrap()))
    }

    fn communes(&self) -> impl Iterator<Item = (&str, Value)> {
        self.json()
            .filter(|(path, _)| path.starts_with("data/villes/"))
    }
}

impl Deeds {
    fn of(files: &[(PathBuf, &str)]) -> Self {
        let mut deeds = Self {
            sales: HashMap::new(),
            positions: HashSet::new(),
            parcels: HashSet::new(),
            addresses: HashMap::new(),
            sections: HashMap::new(),
        };
        for (path, territory) in files {
            for sale in Source::read(path, territory).sales() {
                let of_commune = deeds.sales.entry(sale.commune.clone());
                of_commune.or_default().push(sale);
            }
            deeds.read(path);
        }
        deeds
    }

    /// What a line of geo-DVF tells besides the sale.
    fn read(&mut self, path: &Path) {
        let file = std::fs::File::open(path).unwrap();
        let reader: Box<dyn std::io::Read> = match path.extension().is_some_and(|gz| gz == "gz") {
            true => Box::new(flate2::read::MultiGzDecoder::new(file)),
            false => Box::new(file),
        };
        let mut reader = csv::Reader::from_reader(reader);
        let header = reader.headers().unwrap().clone();
        let column = |name: &str| header.iter().position(|known| known == name);
        let (Some(parcel), Some(street)) = (column("id_parcelle"), column("adresse_nom_voie"))
        else {
            return;
        };
        let [number, kind, deed] =
            ["adresse_numero", "code_type_local", "id_mutation"].map(|name| column(name).unwrap());
        let degrees = ["latitude", "longitude"].map(|name| column(name).unwrap());
        for row in reader.records() {
            let row = row.unwrap();
            self.parcels.insert(row[parcel].to_owned());
            if let Some(section) = row[parcel].get(..10) {
                // The parcel keeps the prefix of a former commune, and the reader knows today's code.
                let place = (section.to_owned(), row[kind].to_owned());
                self.sections
                    .entry(place)
                    .or_default()
                    .insert(row[deed].to_owned());
            }
            if !row[number].is_empty() && row[street].len() > 5 {
                let address = format!("{} {}", &row[number], &row[street]);
                let begin = address.split(' ').take(2).collect::<Vec<_>>().join(" ");
                self.addresses.entry(begin).or_default().insert(address);
            }
            let thousandths = degrees.map(|degree| {
                let (whole, decimals) = row[degree].split_once('.')?;
                Some(format!("{whole}.{}", decimals.get(..3)?))
            });
            if let [Some(latitude), Some(longitude)] = thousandths {
                self.positions.insert(format!("{latitude} {longitude}"));
            }
        }
    }

    /// Those of a kind in some communes between two months.
    fn sold(&self, communes: &HashSet<String>, kind: &str, window: &Value) -> Vec<&Sale> {
        let (Some(from), Some(to)) = (window["from"].as_str(), window["to"].as_str()) else {
            return Vec::new();
        };
        let known = communes
            .iter()
            .filter_map(|commune| self.sales.get(commune));
        let sold = known.flatten().filter(|sale| {
            let month = month_name(sale.month);
            sale.price_m2 < 100_000.0 && is_of_kind(sale, kind) && *from <= *month && *month <= *to
        });
        sold.collect()
    }
}

/// Every number of every data file stands where the reader knows what it tells, and what it tells rests on five sales.
fn each_number_is_known(published: &Published, tried: &mut Tried) {
    let mut unknown = BTreeSet::new();
    for (path, file) in published.json() {
        for leaf in leaves(&file) {
            let Some(tells) = tells(path, &leaf.path) else {
                unknown.insert(format!("{} in {}", leaf.path, folder(path)));
                continue;
            };
            *tried.entry("numbers").or_default() += 1;
            if tells == Tells::Centre {
                let hundredths = leaf.value * 100.0;
                assert!((hundredths - hundredths.round()).abs() < 1e-6, "{path}");
            }
            if tells == Tells::Alike {
                let at = format!("{path}: {} is {}", leaf.path, leaf.value);
                assert!(leaf.listed("prices") >= FEW as usize, "{at}");
                let digits = (leaf.value as u64).to_string();
                assert!(digits.bytes().skip(2).all(|digit| digit == b'0'), "{at}");
                *tried.entry("prices of lists").or_default() += 1;
            }
            if tells == Tells::Estimated {
                assert_eq!(
                    leaf.value as u64 % 10,
                    0,
                    "{path}: {} is {}",
                    leaf.path,
                    leaf.value
                );
            }
            let (Tells::PriceM2(count) | Tells::Rests(count)) = tells else {
                continue;
            };
            let n = leaf.beside(count);
            let at = format!("{path}: {} is {} of {n:?} sales", leaf.path, leaf.value);
            assert!(n.is_some_and(|n| n >= FEW), "{at}");
            if matches!(tells, Tells::PriceM2(_)) && n.is_some_and(|n| n < MANY) {
                assert_eq!(leaf.value as u64 % 10, 0, "{at}");
                *tried.entry("rounded prices per m²").or_default() += 1;
            }
        }
    }
    assert!(
        unknown.is_empty(),
        "the reader does not know what these tell; say it in fields.rs: {unknown:#?}"
    );
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(folder, _)| folder)
}

/// A section of the land register of which something is told has five homes sold.
fn no_section_of_few(published: &Published, deeds: &Deeds, tried: &mut Tried) {
    for (path, city) in published.communes() {
        let commune = city["metadata"]["city_code"].as_str().unwrap();
        for (kind, code) in [("maison", "1"), ("appartement", "2")] {
            let prefixes = city["by_type"][kind]["estimator"]["sections"].as_object();
            for (prefix, sections) in prefixes.into_iter().flatten() {
                for section in sections.as_object().unwrap().keys() {
                    *tried.entry("sections").or_default() += 1;
                    // In the commune of today, or in a former one whose number is the prefix.
                    let own = format!("{commune}{prefix}{section}");
                    let former = format!("{}{prefix}000{section}", &commune[..2]);
                    let known = [own, former].map(|place| {
                        let sold = deeds.sections.get(&(place, code.to_owned()));
                        sold.map_or(0, HashSet::len)
                    });
                    let sold: usize = known.iter().sum();
                    assert!(
                        sold >= FEW as usize,
                        "{path}: {kind}, {prefix}{section}: {sold} sales"
                    );
                }
            }
        }
    }
}

/// No file names a deed by its place.
fn no_place_of_a_deed(published: &Published, deeds: &Deeds, tried: &mut Tried) {
    for (path, bytes) in &published.files {
        let Ok(text) = std::str::from_utf8(bytes) else {
            continue;
        };
        let words: Vec<&str> = text
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '\'')
            .collect();
        for word in &words {
            if word.len() == PARCEL {
                *tried.entry("words as long as a parcel").or_default() += 1;
                assert!(!deeds.parcels.contains(*word), "{path}: the parcel {word}");
            }
        }
        for start in 0..words.len() {
            if words[start].parse::<u16>().is_err() {
                continue;
            }
            *tried.entry("numbers before words").or_default() += 1;
            // The number and name of a street of up to six words.
            let begin = words[start..words.len().min(start + 2)].join(" ");
            let Some(addresses) = deeds.addresses.get(&begin) else {
                continue;
            };
            for end in start + 2..words.len().min(start + 8) {
                let address = words[start..end].join(" ");
                assert!(
                    !addresses.contains(&address),
                    "{path}: the address {address}"
                );
            }
        }
        // A figure may have as many decimals as a degree; two that are those of one deed may not stand together.
        let thousandths = |word: &&str| {
            let (whole, decimals) = word.split_once('.')?;
            let known = whole.parse::<u8>().is_ok() && decimals.len() >= 3;
            known.then(|| format!("{whole}.{}", &decimals[..3]))
        };
        for pair in words.windows(2) {
            if let [Some(latitude), Some(longitude)] = [&pair[0], &pair[1]].map(thousandths) {
                *tried.entry("pairs of decimals").or_default() += 1;
                for position in [[&latitude, &longitude], [&longitude, &latitude]] {
                    let position = position.map(String::as_str);
                    assert!(
                        !deeds.positions.contains(&position.join(" ")),
                        "{path}: a deed is at {position:?}"
                    );
                }
            }
        }
    }
}

/// A published total price is that of none of the sales behind it, or of five.
fn no_price_of_a_deed(published: &Published, deeds: &Deeds, tried: &mut Tried) {
    let within = communes_of_places(published);
    for (path, place) in published.json() {
        let Some(communes) = within.get(path) else {
            continue;
        };
        for kind in KINDS {
            let segment = &place["by_type"][kind];
            let sold = deeds.sold(communes, kind, &segment["current"]);
            let mut look = |sold: &[&Sale], figures: &Value| {
                for name in ["prix_median", "prix_q1", "prix_q3"] {
                    let Some(price) = figures[name].as_u64() else {
                        continue;
                    };
                    *tried.entry("total prices").or_default() += 1;
                    let same = sold
                        .iter()
                        .filter(|sale| sale.price == price as f64)
                        .count();
                    assert!(
                        !(1..FEW as usize).contains(&same),
                        "{path}: {price} is the price of {same}"
                    );
                }
            };
            look(&sold, &segment["current"]);
            for class in segment["rooms"].as_array().into_iter().flatten() {
                let of_class = sold.iter().filter(|sale| {
                    u64::from(sale.rooms.min(5)) == class["rooms"].as_u64().unwrap()
                });
                look(&of_class.copied().collect::<Vec<_>>(), class);
            }
            for class in segment["surfaces"].as_array().into_iter().flatten() {
                let least = class["surface_min"].as_f64().unwrap();
                let most = class["surface_max"].as_f64().unwrap_or(f64::INFINITY);
                let of_class = sold
                    .iter()
                    .filter(|sale| least <= sale.surface && sale.surface < most + 1.0);
                look(&of_class.copied().collect::<Vec<_>>(), class);
            }
        }
    }
}

/// The communes that the figures of each data file are of.
fn communes_of_places(published: &Published) -> HashMap<String, HashSet<String>> {
    let mut within = HashMap::<String, HashSet<String>>::new();
    for (path, city) in published.communes() {
        let city = &city["metadata"];
        let wider = [
            ("epci", "epci"),
            ("departement", "departement"),
            ("region", "region"),
        ];
        let wider = wider.into_iter().filter_map(|(field, folder)| {
            let code = city[field]["code"].as_str()?;
            Some(format!("data/{folder}/{code}.json"))
        });
        let files = wider.chain([path.to_owned(), "data/france.json".to_owned()]);
        for file in files {
            let code = city["city_code"].as_str().unwrap().to_owned();
            within.entry(file).or_default().insert(code);
        }
    }
    within
}

/// A mean that hides beside others of the same months is known to no ten m² from them: of one kind from both and the
/// other, of a commune from a wider place and its other communes.
fn no_mean_by_subtraction(published: &Published, project: &Project, tried: &mut Tried) {
    let figures = crate::method::stored_figures(project);
    let mean = |window: &Value| {
        let n = window["n"].as_u64()?;
        let error = [5.0, 2.5, 0.5][usize::from(n >= 60) + usize::from(n >= 300)];
        Some((n as f64, window["mean_surface"].as_f64()?, error))
    };
    let mut subtract = |what: &str, whole: &Value, shown: &[&Value], hidden: &Value| {
        let window = |value: &Value| (value["from"].clone(), value["to"].clone());
        if hidden["n"].as_u64().is_none_or(|n| n == 0)
            || !hidden["mean_surface"].is_null()
            || shown
                .iter()
                .chain([&hidden])
                .any(|part| window(part) != window(whole))
        {
            return;
        }
        let (Some(whole), Some(parts)) = (
            mean(whole),
            shown
                .iter()
                .map(|part| mean(part))
                .collect::<Option<Vec<_>>>(),
        ) else {
            return;
        };
        let rest = whole.0 - parts.iter().map(|part| part.0).sum::<f64>();
        if rest <= 0.0 {
            return;
        }
        *tried.entry("means by subtraction").or_default() += 1;
        let error = whole.0 * whole.2 + parts.iter().map(|part| part.0 * part.2).sum::<f64>();
        let width = 2.0 * error / rest;
        assert!(
            width > 10.0,
            "{what}: the hidden mean is known within {width} m²"
        );
    };
    for (place, figures) in &figures {
        let window = |kind: &str| &figures[kind]["current"];
        for (shown, hidden) in [("maison", "appartement"), ("appartement", "maison")] {
            subtract(
                &format!("{place:?}"),
                window("apt_maison"),
                &[window(shown)],
                window(hidden),
            );
        }
    }
    for (epci, communes) in &members(published) {
        let of = |level: &str, code: &str, kind: &str| {
            let place = figures.get(&(level.to_owned(), code.to_owned()));
            place.map(|figures| &figures[kind]["current"])
        };
        for kind in KINDS {
            let parts: Vec<_> = communes
                .iter()
                .filter_map(|code| of("commune", code, kind))
                .collect();
            let Some(whole) = of("epci", epci, kind) else {
                continue;
            };
            for (index, hidden) in parts.iter().enumerate() {
                let others: Vec<&Value> = parts
                    .iter()
                    .enumerate()
                    .filter(|(other, _)| *other != index)
                    .map(|(_, part)| *part)
                    .collect();
                subtract(epci, whole, &others, hidden);
            }
        }
    }
}

/// What the site tells of which communes make an intercommunalité, by its code.
fn members(published: &Published) -> HashMap<String, Vec<String>> {
    let mut members = HashMap::<String, Vec<String>>::new();
    for (_, city) in published.communes() {
        let city = &city["metadata"];
        let code = city["city_code"].as_str().unwrap();
        if let Some(epci) = city["epci"]["code"].as_str() {
            members.entry(epci.into()).or_default().push(code.into());
        }
    }
    members
}

/// Each amount of a commune's page stands in its data file, or is rounded as that of a wider place or a neighbour is.
fn no_amount_of_its_own(published: &Published, tried: &mut Tried) {
    for (path, city) in published.communes() {
        let known: HashSet<u64> = leaves(&city).iter().map(|leaf| leaf.value as u64).collect();
        let code = city["metadata"]["city_code"].as_str().unwrap();
        let page = &published.files[&format!("ville/{code}/index.html")];
        let page = std::str::from_utf8(page).unwrap();
        let main = page.split_once("<main").unwrap().1;
        for (before, _) in main.match_indices('€').map(|(at, _)| main.split_at(at)) {
            let is_of_number =
                |c: char| c.is_ascii_digit() || ['\u{202f}', '\u{a0}', ' '].contains(&c);
            let text = before.trim_end_matches(is_of_number);
            let digits: String = before[text.len()..]
                .chars()
                .filter(char::is_ascii_digit)
                .collect();
            let Ok(value) = digits.parse::<u64>() else {
                continue;
            };
            *tried.entry("amounts of pages").or_default() += 1;
            // 100,000 €/m² and the like stand in texts.
            assert!(
                known.contains(&value) || value % 10 == 0,
                "{path}: the page shows {value} €"
            );
        }
    }
}

/// From one version to the next: where fewer than five sales of a commune changed, no price of theirs appears, and no mean
/// of theirs by subtraction.
fn nothing_between_two_versions(
    before: &Published,
    after: &Published,
    deeds: &[Deeds; 2],
    tried: &mut Tried,
) {
    let key = |sale: &Sale| {
        (
            sale.month,
            sale.kind,
            sale.price.to_bits(),
            sale.surface.to_bits(),
        )
    };
    let earlier: HashMap<&str, Value> = before.communes().collect();
    for (path, city) in after.communes() {
        let Some(earlier) = earlier.get(path) else {
            continue;
        };
        let commune = city["metadata"]["city_code"].as_str().unwrap();
        let of = |deeds: &Deeds| -> Vec<_> {
            deeds
                .sales
                .get(commune)
                .into_iter()
                .flatten()
                .map(key)
                .collect()
        };
        let (old, mut new) = (of(&deeds[0]), of(&deeds[1]));
        for sale in &old {
            if let Some(place) = new.iter().position(|known| known == sale) {
                new.swap_remove(place);
            }
        }
        if new.is_empty() || new.len() >= FEW as usize {
            continue;
        }
        *tried
            .entry("communes with one to four new sales")
            .or_default() += 1;
        let shown: HashSet<u64> = leaves(earlier)
            .iter()
            .map(|leaf| leaf.value.to_bits())
            .collect();
        for leaf in leaves(&city) {
            let total = matches!(tells(path, &leaf.path), Some(Tells::Price));
            if total && !shown.contains(&leaf.value.to_bits()) {
                *tried.entry("prices that changed").or_default() += 1;
                let is_new = |sale: &&(i32, u8, u64, u64)| f64::from_bits(sale.2) == leaf.value;
                assert!(
                    !new.iter().any(|sale| is_new(&sale)),
                    "{path}: {} is a new sale's",
                    leaf.path
                );
            }
            // What is told of a release is counts.
            if leaf.path.starts_with("last_release") {
                assert_eq!(
                    tells(path, &leaf.path),
                    Some(Tells::Count),
                    "{path}: {}",
                    leaf.path
                );
            }
        }
        for kind in KINDS {
            let window = |city: &Value| {
                let window = &city["by_type"][kind]["current"];
                let n = window["volume"].as_f64()?;
                let error = [5.0, 2.5, 0.5][usize::from(n >= 60.0) + usize::from(n >= 300.0)];
                window["surface_moyenne"].as_f64()?;
                Some((n, error, window["from"].clone(), window["to"].clone()))
            };
            if let (Some(old), Some(new)) = (window(earlier), window(&city))
                && (&old.2, &old.3) == (&new.2, &new.3)
                && new.0 > old.0
            {
                *tried.entry("means of two versions").or_default() += 1;
                let width = 2.0 * (old.0 * old.1 + new.0 * new.1) / (new.0 - old.0);
                assert!(
                    width > 10.0,
                    "{path}: the new sales' mean is known within {width} m²"
                );
            }
        }
    }
}

/// Tries everything on one version.
fn read(project: &Project, deeds: &Deeds) -> Tried {
    let published = Published::of(project);
    let mut tried = Tried::new();
    each_number_is_known(&published, &mut tried);
    no_place_of_a_deed(&published, deeds, &mut tried);
    no_section_of_few(&published, deeds, &mut tried);
    no_price_of_a_deed(&published, deeds, &mut tried);
    no_class_of_few(&published, deeds, &mut tried);
    no_class_by_subtraction(&published, project, &mut tried);
    no_mean_by_subtraction(&published, project, &mut tried);
    no_amount_of_its_own(&published, &mut tried);
    tables_repeat_the_data_files(&published, &mut tried);
    tried
}

/// Everything was tried often.
#[track_caller]
fn assert_tried(tried: &Tried, least: &[(&str, usize)]) {
    for (what, least) in least {
        let times = tried.get(what).copied().unwrap_or(0);
        assert!(
            times >= *least,
            "{what} were tried {times} times: {tried:?}"
        );
    }
}

#[test]
fn no_sale_of_the_sample_and_of_the_val_d_oise_is_found() {
    let mut files: Vec<_> = crate::method::SAMPLE
        .map(|(name, territory)| (sample(name), territory))
        .into();
    files.extend(val_d_oise().map(|file| (file, "95")));
    let project = Project::new(&["01", "69", "83", "95"]);
    // With all that a site can publish.
    project.configure(
        "[site]\naddress = \"https://prix.example.fr\"\ndepartements = [\"01\", \"69\", \"83\", \"95\"]\nrecent_sales = true\n\n[deploy]\nhost = \"nginx\"\n",
    );
    let paths: Vec<_> = files.iter().map(|(path, _)| path.as_path()).collect();
    project.import(&paths);
    project.run(&["build"]);
    let tried = read(&project, &Deeds::of(&files));
    assert_tried(
        &tried,
        &[
            ("numbers", 50_000),
            ("rounded prices per m²", 5_000),
            ("total prices", 1_000),
            ("means by subtraction", 20),
            ("amounts of pages", 1_000),
            ("sections", 500),
            ("classes of prices", 500),
            ("classes by subtraction", 20),
            ("cells of tables", 5_000),
            ("prices of lists", 500),
        ],
    );
}

/// Random places of few sales, and a second edition that adds some to each.
#[test]
fn no_sale_of_random_places_is_found_nor_one_that_a_release_adds() {
    for seed in 0..3 {
        let project = Project::new(&["83"]);
        let mut release = Release::of_year("83", &VAR, 2023, seed);
        let mut versions = Vec::new();
        for version in 0..2 {
            let file = project.file(&format!("{version}.csv"), release.text());
            project.run(&[
                "import",
                "--force",
                "--scope",
                "83@2023-01..2023-12",
                file.to_str().unwrap(),
            ]);
            project.run(&["build"]);
            let deeds = Deeds::of(&[(file, "83")]);
            let tried = read(&project, &deeds);
            assert_tried(&tried, &[("numbers", 100)]);
            versions.push((Published::of(&project), deeds));
            release.revise(seed + 100);
        }
        let [(before, old), (after, new)]: [_; 2] = versions.try_into().ok().unwrap();
        nothing_between_two_versions(&before, &after, &[old, new], &mut Tried::new());
    }
}
