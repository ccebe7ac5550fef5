//! The communes covered by DVF, from the project's own copy of the COG, and what their sales are like.

use std::collections::HashMap;
use std::io::Read;

use anyhow::{Context, Result};
use flate2::read::GzDecoder;
use serde::Deserialize;

use super::departements::{DEPARTEMENTS, Row};
use super::random::{Random, exp, hash};

const COMMUNES: &[u8] = include_bytes!("../../data/cog/communes.json.gz");
/// Communes that joined another since 2020 (INSEE, "mouvements de communes", 2025), with the year when they did.
const MERGED: &str = include_str!("merged.csv");

/// A commune as a line of DVF names it.
#[derive(Clone)]
pub(super) struct Label {
    pub code: String,
    pub name: String,
    /// The name in capitals without accents, as the DGFiP source has it.
    pub capitals: String,
}

/// A former commune inside today's.
pub(super) struct Part {
    pub label: Label,
    /// The last year whose sales stand under the former code. Later ones stand under today's, the former code being left
    /// in the parcel's prefix.
    pub until: i16,
}

pub(super) struct Commune {
    pub label: Label,
    pub postal_codes: Vec<String>,
    pub population: u32,
    pub parts: Vec<Part>,
    /// Its share of the country's sales, on a scale of its own.
    pub weight: f64,
    /// Where it ranks in size: 0 below 500 inhabitants, then 2,000, 5,000, 20,000, 60,000 and above.
    pub size: usize,
    /// The level of prices, €/m².
    pub flat: f64,
    pub house: f64,
    /// Longitude and latitude of its middle, and how far its land reaches, in degrees.
    pub middle: (f64, f64),
    pub reach: f64,
    /// A number of its own, to derive its streets and parcels from.
    pub key: u64,
}

pub(super) struct Departement {
    pub code: &'static str,
    pub communes: Vec<Commune>,
    /// Land registries among which its communes are shared out: the files hold one after another.
    pub registries: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    code: String,
    nom: String,
    departement: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    codes_postaux: Vec<String>,
    #[serde(default)]
    population: u32,
    chef_lieu: Option<String>,
}

#[derive(Deserialize)]
struct Merger {
    former: String,
    name: String,
    commune: String,
    merged: i16,
}

/// The départements of DVF in the order of the files, with their communes (arrondissements in Paris, Lyon and Marseille).
pub(super) fn load() -> Result<Vec<Departement>> {
    let mut text = String::new();
    GzDecoder::new(COMMUNES).read_to_string(&mut text)?;
    let entries: Vec<Entry> =
        serde_json::from_str(&text).context("reading the communes of the COG")?;
    let mut parts = parts(&entries)?;
    let mut departements: Vec<Departement> = DEPARTEMENTS
        .iter()
        .map(|row| Departement {
            code: row.0,
            communes: Vec::new(),
            registries: 1,
        })
        .collect();
    let places: HashMap<&str, usize> = DEPARTEMENTS
        .iter()
        .enumerate()
        .map(|(place, row)| (row.0, place))
        .collect();
    for entry in entries {
        let sold_by_arrondissement = matches!(entry.code.as_str(), "75056" | "69123" | "13055");
        let current = matches!(
            entry.kind.as_str(),
            "commune-actuelle" | "arrondissement-municipal"
        );
        let Some(place) = places
            .get(entry.departement.as_str())
            .filter(|_| current && !sold_by_arrondissement)
        else {
            continue;
        };
        let parts = parts.remove(&entry.code).unwrap_or_default();
        departements[*place]
            .communes
            .push(commune(entry, &DEPARTEMENTS[*place], parts));
    }
    for departement in &mut departements {
        departement
            .communes
            .sort_by(|a, b| a.label.code.cmp(&b.label.code));
        let population: u32 = departement
            .communes
            .iter()
            .map(|commune| commune.population)
            .sum();
        departement.registries = 1 + u64::from(population / 400_000);
    }
    Ok(departements)
}

/// The former communes of each commune: those that merged lately, and the délégués and associées of older mergers.
fn parts(entries: &[Entry]) -> Result<HashMap<String, Vec<Part>>> {
    let mut parts: HashMap<String, Vec<Part>> = HashMap::new();
    for merger in csv::Reader::from_reader(MERGED.as_bytes()).deserialize() {
        let merger: Merger = merger.context("reading the mergers of communes")?;
        // The land registry follows at the turn of the year after: Pierre-Bénite joined Oullins in 2024, and its sales
        // stand under 69152 up to the end of that year.
        let part = Part {
            label: label(merger.former, merger.name),
            until: merger.merged,
        };
        parts.entry(merger.commune).or_default().push(part);
    }
    for entry in entries {
        let Some(head) = entry.chef_lieu.as_ref().filter(|head| **head != entry.code) else {
            continue;
        };
        let known = parts.entry(head.clone()).or_default();
        if known.iter().all(|part| part.label.code != entry.code) {
            known.push(Part {
                label: label(entry.code.clone(), entry.nom.clone()),
                until: i16::MIN,
            });
        }
    }
    Ok(parts)
}

fn label(code: String, name: String) -> Label {
    let capitals = deunicode::deunicode(name.trim_end_matches(" Arrondissement")).to_uppercase();
    Label {
        code,
        name,
        capitals,
    }
}

fn commune(entry: Entry, row: &Row, parts: Vec<Part>) -> Commune {
    let (_, longitude, latitude, half_width, flat, house) = *row;
    let key = hash(&[], &entry.code);
    let mut random = Random::new(key);
    let level = exp(0.22 * random.normal());
    let size =
        [500, 2_000, 5_000, 20_000, 60_000].partition_point(|bound| *bound <= entry.population);
    // Sales for one inhabitant against the country's: small communes sell more land, measured on 1,000 mutations of the
    // whole country.
    let rate = [1.43, 1.14, 1.07, 0.82, 0.95, 0.98][size] * exp(0.25 * random.normal());
    Commune {
        postal_codes: entry.codes_postaux,
        population: entry.population,
        parts,
        weight: f64::from(entry.population + 15) * rate,
        size,
        flat: flat * level,
        house: house * level * exp(0.08 * random.normal()),
        middle: (
            longitude + half_width * (2.0 * random.unit() - 1.0),
            latitude + 0.65 * half_width * (2.0 * random.unit() - 1.0),
        ),
        reach: (half_width / 12.0).min(0.025),
        key,
        label: label(entry.code, entry.nom),
    }
}
