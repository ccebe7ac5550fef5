//! The places of France, read from the files of `data/cog` as `data/cog/README.md` describes them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;

/// A commune of today or an arrondissement municipal.
pub struct Commune {
    pub code: String,
    pub name: String,
    pub departement: String,
    pub region: String,
    pub epci: Option<String>,
    /// The city of an arrondissement.
    pub city: Option<String>,
}

/// Names and what places lie in, by code.
pub struct Places {
    pub communes: BTreeMap<String, Commune>,
    /// The next commune on the way from a former code to today.
    former: BTreeMap<String, String>,
    /// Names of communes déléguées and associées.
    former_names: BTreeMap<String, String>,
    /// Name and members.
    pub epci: BTreeMap<String, (String, Vec<String>)>,
    /// Name and région.
    pub departements: BTreeMap<String, (String, String)>,
}

/// The places that ship with the program.
pub static PLACES: LazyLock<Places> = LazyLock::new(read);

impl Places {
    /// The commune of today that a code, current or former, leads to.
    pub fn current(&self, code: &str) -> Option<&Commune> {
        match self.communes.get(code) {
            Some(commune) => Some(commune),
            None => self.current(self.former.get(code)?),
        }
    }

    /// The name that goes with a code, be it a former one.
    pub fn name_of(&self, code: &str) -> Option<&str> {
        let today = self.communes.get(code).map(|commune| &commune.name);
        Some(today.or_else(|| self.former_names.get(code))?)
    }
}

fn records(file: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("data/cog")
        .join(file);
    let mut text = String::new();
    flate2::read::GzDecoder::new(File::open(path).unwrap())
        .read_to_string(&mut text)
        .unwrap();
    serde_json::from_str(&text).unwrap()
}

fn text(record: &Value, field: &str) -> String {
    record[field].as_str().unwrap().to_owned()
}

fn list<'a>(record: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    record[field].as_array().into_iter().flatten()
}

fn read() -> Places {
    let epci: BTreeMap<String, (String, Vec<String>)> = records("epci.json.gz")
        .iter()
        .map(|record| {
            let members = list(record, "membres").map(|member| text(member, "code"));
            (
                text(record, "code"),
                (text(record, "nom"), members.collect()),
            )
        })
        .collect();
    let departements = records("departements.json.gz")
        .iter()
        .map(|record| {
            (
                text(record, "code"),
                (text(record, "nom"), text(record, "region")),
            )
        })
        .collect();
    let mut epci_of = BTreeMap::new();
    for (code, (_, members)) in &epci {
        for member in members {
            epci_of.insert(member.clone(), code.clone());
        }
    }
    let mut communes = BTreeMap::new();
    let (mut former, mut former_names) = (BTreeMap::new(), BTreeMap::new());
    let records = records("communes.json.gz");
    for record in &records {
        let code = text(record, "code");
        let name = text(record, "nom");
        if record["chefLieu"].is_string() {
            former.insert(code.clone(), text(record, "chefLieu"));
            former_names.insert(code, name);
            continue;
        }
        let city = record["commune"].as_str().map(str::to_owned);
        communes.insert(
            code.clone(),
            Commune {
                name,
                departement: text(record, "departement"),
                region: text(record, "region"),
                epci: epci_of.get(city.as_ref().unwrap_or(&code)).cloned(),
                city,
                code,
            },
        );
    }
    // What a commune déléguée or associée says of itself is right where a commune claims it that it has left.
    for record in &records {
        for code in list(record, "anciensCodes") {
            let code = code.as_str().unwrap().to_owned();
            former.entry(code).or_insert_with(|| text(record, "code"));
        }
    }
    Places {
        communes,
        former,
        former_names,
        epci,
        departements,
    }
}

#[test]
fn the_counts_are_those_of_the_files_description() {
    let arrondissements = PLACES.communes.values().filter(|c| c.city.is_some());
    assert_eq!(arrondissements.count(), 45);
    assert_eq!(PLACES.communes.len(), 34_969 + 45);
    assert_eq!(PLACES.epci.len(), 1_255);
    let current = |code| PLACES.current(code).map(|commune| commune.code.as_str());
    assert_eq!(current("69152"), Some("69149"));
    assert_eq!(current("55273"), Some("55386"));
    assert_eq!(current("60455"), Some("60694"));
    assert_eq!(current("69999"), None);
}
