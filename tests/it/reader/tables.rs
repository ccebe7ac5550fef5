//! The tables of communes say what the data files of the communes say, cell by cell, and nothing else.

use serde_json::Value;

use super::{Published, Tried};

/// Columns about the commune, and where the same stands in its data file.
const PLACE: [(&str, &str); 7] = [
    ("code", "/metadata/city_code"),
    ("type", "/metadata/kind"),
    ("departement", "/metadata/departement/code"),
    ("region", "/metadata/region/code"),
    ("epci", "/metadata/epci/code"),
    ("population", "/metadata/population"),
    ("volume", "/current_stats/volume"),
];

/// Columns about a kind of home, the kind left out.
const HOMES: [(&str, &str); 12] = [
    ("prix_m2", "/current/prix_m2"),
    ("prix_m2_bas", "/current/prix_m2_interval/0"),
    ("prix_m2_haut", "/current/prix_m2_interval/1"),
    ("fragile", "/current/fragile"),
    ("ventes", "/current/volume"),
    ("ventes_neuf", "/current/volume_neuf"),
    ("mois", "/current/covered"),
    ("dernier_mois", "/current/to"),
    ("prix_median", "/current/prix_median"),
    ("estimation", "/estimate/prix_m2"),
    ("estimation_bas", "/estimate/prix_m2_interval/0"),
    ("estimation_haut", "/estimate/prix_m2_interval/1"),
];

/// The parts of a change, and where they stand in it.
const CHANGE: [(&str, &str); 3] = [
    ("evolution_1_an", "/percent"),
    ("evolution_1_an_bas", "/interval/0"),
    ("evolution_1_an_haut", "/interval/1"),
];

/// Cells that are empty where the data file has nothing, and what it has everywhere else.
pub fn tables_repeat_the_data_files(published: &Published, tried: &mut Tried) {
    let indicators = published.files.get("data/indicateurs.json");
    let indicators = indicators.map_or_else(Vec::new, |file| {
        serde_json::from_slice::<Vec<(String, Value)>>(file).unwrap()
    });
    let tables = published
        .files
        .iter()
        .filter(|(path, _)| path.ends_with(".csv"));
    for (path, bytes) in tables {
        let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap();
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text);
        let columns = reader.headers().unwrap().clone();
        for row in reader.records() {
            let row = row.unwrap();
            let file = &published.files[&format!("data/villes/{}.json", &row[0])];
            let city: Value = serde_json::from_slice(file).unwrap();
            for (column, cell) in columns.iter().zip(&row) {
                if column == "nom" {
                    continue;
                }
                let indicator = indicators.iter().find(|(id, _)| id == column);
                let expected = match indicator {
                    Some((id, meaning)) => of_indicator(&city["indicators"][id], meaning),
                    None => expected(&city, column),
                };
                assert_eq!(cell, expected, "{path}: {column} of {}", &row[0]);
                *tried.entry("cells of tables").or_default() += usize::from(!cell.is_empty());
            }
        }
    }
}

fn expected(city: &Value, column: &str) -> String {
    let at = |pointer: &str| city.pointer(pointer).map_or_else(String::new, plain);
    if let Some((_, pointer)) = PLACE.iter().find(|(name, _)| *name == column) {
        return at(pointer);
    }
    let (name, kind) = column.rsplit_once('_').unwrap();
    let kind = &city["by_type"][kind];
    if let Some((_, pointer)) = HOMES.iter().find(|(known, _)| *known == name) {
        // What a data file leaves out of a window where it goes without saying.
        return kind.pointer(pointer).map_or_else(
            || match (&kind["current"], name) {
                (Value::Object(_), "fragile" | "ventes_neuf") => "0".to_owned(),
                (Value::Object(window), "mois") => plain(&window["months"]),
                _ => String::new(),
            },
            plain,
        );
    }
    let changes = kind["changes"].as_array();
    let change = changes.and_then(|changes| changes.iter().find(|change| change["years"] == 1));
    let Some(change) = change else {
        return String::new();
    };
    let own = &change["own"];
    if name == "evolution_propre" {
        return u8::from(!own.is_null()).to_string();
    }
    let shown = if own.is_null() { &change["wider"] } else { own };
    let (_, pointer) = CHANGE
        .iter()
        .find(|(known, _)| *known == name)
        .expect(column);
    let percent = shown.pointer(pointer).and_then(Value::as_f64);
    percent.map_or_else(String::new, |percent| {
        format!("{percent:.1}").replace('.', ",")
    })
}

/// What the data file tells of an indicator, with its decimals.
fn of_indicator(told: &Value, meaning: &Value) -> String {
    let decimals = meaning["decimals"].as_u64().unwrap() as usize;
    match told["value"].as_f64() {
        Some(number) => format!("{number:.decimals$}").replace('.', ","),
        None => plain(&told["category"]),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(truth) => u8::from(*truth).to_string(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}
