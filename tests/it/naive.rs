//! The method a second time, written from its description and not from `src/`: the lines of a file as text, plain
//! loops over them, and the middle of a sorted list. Slow and simple on purpose.

mod cog;
pub mod comparable;
mod estimates;
pub mod figures;
pub mod numbers;
pub mod official;
pub mod page;

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Read;
use std::ops::RangeInclusive;
use std::path::Path;

/// A line, as far as the official method looks at it, and the number of rooms.
#[derive(Clone)]
struct Line {
    number: String,
    date: String,
    nature: String,
    price: Option<f64>,
    commune: String,
    parcel: String,
    kind: String,
    kind_name: String,
    surface: Option<f64>,
    rooms: u32,
    /// Longitude and latitude, degrees.
    position: Option<[f64; 2]>,
    land: Option<f64>,
    culture: String,
}

impl Line {
    /// What the lines of a mutation have in common: number, date, nature and price.
    fn mutation(&self) -> (&str, &str, &str, Option<u64>) {
        (
            &self.number,
            &self.date,
            &self.nature,
            self.price.map(f64::to_bits),
        )
    }
}

/// A file's lines and the territory it is a file of: codes of communes or départements, separated by commas.
#[derive(Clone)]
pub struct Source {
    pub territory: String,
    /// The half-years that it touches, less the empty months at its ends where there are too many sales for chance.
    pub months: RangeInclusive<i32>,
    lines: Vec<Line>,
}

/// A sale that the official method keeps. Months count from year 0.
#[derive(Clone)]
pub struct Sale {
    pub commune: String,
    pub month: i32,
    pub kind: u8,
    pub rooms: u32,
    /// Sold before it was built.
    pub is_new: bool,
    /// Of all plots of the mutation, each with each culture once; 0 where there is none.
    pub land: f64,
    /// Prefix and section of the parcel; empty where it has none.
    pub section: String,
    pub price: f64,
    pub surface: f64,
    pub price_m2: f64,
}

/// Whether a sale counts for a kind of property; `apt_maison` pools houses and flats.
pub fn is_of_kind(sale: &Sale, kind: &str) -> bool {
    match kind {
        "maison" => sale.kind == 1,
        "appartement" => sale.kind == 2,
        "local" => sale.kind == 4,
        "apt_maison" => sale.kind == 1 || sale.kind == 2,
        _ => panic!("{kind} is no kind of property"),
    }
}

/// `2024-03` for the month that counts from year 0.
pub fn month_name(month: i32) -> String {
    format!("{:04}-{:02}", month / 12, month % 12 + 1)
}

impl Source {
    /// Reads a file of either format, gzipped or not.
    pub fn read(path: &Path, territory: &str) -> Self {
        let mut text = String::new();
        let mut file = File::open(path).unwrap();
        if path.extension().is_some_and(|extension| extension == "gz") {
            flate2::read::MultiGzDecoder::new(file)
                .read_to_string(&mut text)
                .unwrap();
        } else {
            file.read_to_string(&mut text).unwrap();
        }
        let lines = if text.starts_with("id_mutation,") {
            geo_dvf(&text)
        } else {
            dgfip(&text)
        };
        let lines = without_strays(lines);
        Self {
            territory: territory.into(),
            months: months_of(&lines),
            lines,
        }
    }

    /// The sales that the official method keeps, whatever their price per m². A number is none of the state's, but a
    /// counter's: where it holds several dates, prices or natures, its lines are several mutations
    /// (docs/method.md, section 1). So it changes nothing that the whole-period files compare lines without their date.
    pub fn sales(&self) -> Vec<Sale> {
        let mut met = HashSet::new();
        let mut rooms = HashMap::new();
        let mut kept = Vec::new();
        for line in &self.lines {
            let key = (
                line.mutation(),
                (departement_of(&line.commune), &line.commune),
                &line.parcel,
                (&line.kind, &line.kind_name),
                line.surface.map(f64::to_bits),
            );
            // Lines that are the same to the method may differ in their rooms: the largest number stands for them.
            let most: &mut u32 = rooms.entry(key).or_default();
            *most = line.rooms.max(*most);
            if met.insert(key) {
                kept.push((line, key));
            }
        }
        kept.retain(|(line, _)| {
            [
                "Vente",
                "Vente en l'état futur d'achèvement",
                "Adjudication",
            ]
            .contains(&line.nature.as_str())
                && ["1", "2", "4"].contains(&line.kind.as_str())
        });
        let mut lines_of = HashMap::new();
        for (line, _) in &kept {
            *lines_of.entry(line.mutation()).or_insert(0) += 1;
        }
        kept.retain(|(line, _)| lines_of[&line.mutation()] == 1);

        let mut land = HashMap::<_, HashSet<_>>::new();
        for line in &self.lines {
            if let Some(m2) = line.land.filter(|&m2| m2 > 0.0) {
                let plot = (&line.parcel, &line.culture, m2.to_bits());
                land.entry(line.mutation()).or_default().insert(plot);
            }
        }
        let mut sales = Vec::new();
        for (line, key) in kept {
            let (Some(price), Some(surface)) = (line.price, line.surface) else {
                continue;
            };
            let price_m2 = price / surface;
            if price_m2.is_finite() {
                sales.push(Sale {
                    commune: line.commune.clone(),
                    month: month_of(&line.date),
                    kind: line.kind.parse().unwrap(),
                    rooms: rooms[&key],
                    is_new: line.nature.contains("futur"),
                    land: land.get(&line.mutation()).map_or(0.0, |plots| {
                        plots.iter().map(|plot| f64::from_bits(plot.2)).sum()
                    }),
                    section: section(&line.commune, &line.parcel),
                    price,
                    surface,
                    price_m2,
                });
            }
        }
        sales
    }
}

/// Prefix and section of a parcel, which stand behind its commune; empty where it names none.
fn section(commune: &str, parcel: &str) -> String {
    let section = parcel.get(5..10).unwrap_or_default();
    let names_one = section.len() == 5 && &section[3..] != "00";
    if names_one && !parcel.starts_with(commune) && section.starts_with("000") {
        // Of a former commune, under its number.
        format!("{}{}", &parcel[2..5], &section[3..])
    } else if names_one {
        section.to_owned()
    } else {
        String::new()
    }
}

/// The lines but for those of half-years with less than a tenth of the mutations of the usual one: the one in which the
/// middle mutation stands, the fullest half-year first.
fn without_strays(mut lines: Vec<Line>) -> Vec<Line> {
    let mutations: HashSet<_> = lines.iter().map(Line::mutation).collect();
    let mut halves = HashMap::<i32, usize>::new();
    for (_, date, ..) in &mutations {
        *halves.entry(month_of(date) / 6).or_default() += 1;
    }
    // Each mutation by the size of its half-year.
    let mut sizes: Vec<usize> = halves.values().flat_map(|&n| vec![n; n]).collect();
    sizes.sort_by(|a, b| b.cmp(a));
    let usual = sizes[(sizes.len() - 1) / 2];
    lines.retain(|line| halves[&(month_of(&line.date) / 6)] * 10 >= usual);
    lines
}

/// The half-years that lines touch. The first begins with its first sale, and the last ends with its last, where all its
/// sales would not lie in so few of six months once in a thousand times.
fn months_of(lines: &[Line]) -> RangeInclusive<i32> {
    let dates = lines.iter().map(|line| month_of(&line.date));
    let (first, last) = (dates.clone().min().unwrap(), dates.max().unwrap());
    let mutations: HashSet<_> = lines.iter().map(Line::mutation).collect();
    let is_cut = |half: i32, months: i32| {
        let within = mutations
            .iter()
            .filter(|(_, date, ..)| month_of(date) / 6 == half);
        (f64::from(months) / 6.0).powi(within.count() as i32) < 0.001
    };
    let (opens, closes) = (first / 6 * 6, last / 6 * 6 + 5);
    let start = if is_cut(first / 6, opens + 6 - first) {
        first
    } else {
        opens
    };
    let end = if is_cut(last / 6, last - closes + 6) {
        last
    } else {
        closes
    };
    start..=end
}

fn month_of(date: &str) -> i32 {
    let number = |text: &str| text.parse::<i32>().unwrap();
    number(&date[..4]) * 12 + number(&date[5..7]) - 1
}

/// The département of a commune's code.
pub fn departement_of(commune: &str) -> &str {
    if commune.starts_with("97") {
        &commune[..3]
    } else {
        &commune[..2]
    }
}

/// A decimal number with a point or a comma, or nothing.
fn number(text: &str) -> Option<f64> {
    (!text.is_empty()).then(|| text.replace(',', ".").parse().unwrap())
}

/// A coordinate, where the file has it.
fn degrees(row: &HashMap<String, String>, name: &str) -> Option<f64> {
    number(row.get(name)?)
}

/// A price: 0 stands for none.
fn price(text: &str) -> Option<f64> {
    number(text).filter(|&price| price != 0.0)
}

/// Rows as maps from the column's name to its text.
fn rows(text: &str, separator: u8) -> Vec<HashMap<String, String>> {
    csv::ReaderBuilder::new()
        .delimiter(separator)
        .quoting(separator == b',')
        .from_reader(text.as_bytes())
        .deserialize()
        .map(Result::unwrap)
        .collect()
}

fn geo_dvf(text: &str) -> Vec<Line> {
    let line = |row: HashMap<String, String>| Line {
        number: row["id_mutation"].clone(),
        date: row["date_mutation"].clone(),
        nature: row["nature_mutation"].clone(),
        price: price(&row["valeur_fonciere"]),
        commune: row["code_commune"].clone(),
        parcel: row["id_parcelle"].clone(),
        kind: row["code_type_local"].clone(),
        kind_name: row["type_local"].clone(),
        surface: number(&row["surface_reelle_bati"]),
        rooms: row["nombre_pieces_principales"].parse().unwrap_or(0),
        position: degrees(&row, "longitude")
            .zip(degrees(&row, "latitude"))
            .map(<[f64; 2]>::from),
        land: row.get("surface_terrain").and_then(|text| number(text)),
        culture: row.get("code_nature_culture").cloned().unwrap_or_default(),
    };
    rows(text, b',').into_iter().map(line).collect()
}

/// The DGFiP numbers no mutation: each is a run of lines with one date and one price.
fn dgfip(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut run = 0;
    for row in rows(text, b'|') {
        let field = |name: &str| row[name].trim();
        let date: Vec<&str> = field("Date mutation").split('/').collect();
        let date = format!("{}-{}-{}", date[2], date[1], date[0]);
        let price = price(field("Valeur fonciere"));
        if lines
            .last()
            .is_none_or(|last| last.date != date || last.price != price)
        {
            run += 1;
        }
        let departement = format!("{:0>2}", field("Code departement"));
        let width = 5 - departement.len();
        let commune = format!("{departement}{:0>width$}", field("Code commune"));
        lines.push(Line {
            number: run.to_string(),
            date,
            nature: field("Nature mutation").into(),
            price,
            parcel: format!(
                "{commune}{:0>3}{:0>2}{:0>4}",
                field("Prefixe de section"),
                field("Section"),
                field("No plan")
            ),
            commune,
            kind: field("Code type local").into(),
            kind_name: field("Type local").into(),
            surface: number(field("Surface reelle bati")),
            rooms: field("Nombre pieces principales").parse().unwrap_or(0),
            land: number(field("Surface terrain")),
            culture: field("Nature culture").into(),
            position: None,
        });
    }
    lines
}
