//! Blocks: each has its template, and shows nothing of its place that the data file does not have.

use serde_json::Value;

use super::*;

/// The names of the files with an ending in a folder of the repository.
fn names(folder: &str, ending: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            Some(name.strip_suffix(ending)?.to_owned())
        })
        .collect();
    names.sort();
    names
}

#[test]
fn a_block_is_a_file_and_a_component_of_its_name() {
    let mut blocks = names("src/site/block", ".rs");
    blocks.retain(|name| !["mod", "schema"].contains(&name.as_str()));
    // What only the data file has of them is drawn by others.
    blocks
        .retain(|name| !["changes", "distribution", "headline", "series"].contains(&name.as_str()));
    assert_eq!(blocks, names("templates/block", ".html"));

    let (config, atlas) = (config(), atlas());
    let site = Site::new(&config, &FRANCE, &atlas, None).unwrap();
    for block in blocks {
        let component = site.theme.tera.get_component_definition(&block);
        let component = component.unwrap_or_else(|| panic!("{block}.html has no such component"));
        for argument in component.args() {
            // Its own data is handed to it; of all else on the page it sees these.
            let common = ["site", "root"].contains(&argument.name());
            assert_eq!(argument.is_implicit(), common, "{block}: {argument:?}");
        }
    }
}

/// Gives each number a value of its own, above all that pages write otherwise.
fn tell_apart(value: &mut Value, next: &mut u32) {
    match value {
        Value::Number(number) => {
            *next += 1;
            *number = match number.is_f64() {
                true => serde_json::Number::from_f64(f64::from(*next) + 0.5).unwrap(),
                false => (*next).into(),
            };
        }
        Value::Array(items) => items.iter_mut().for_each(|item| tell_apart(item, next)),
        Value::Object(fields) => fields.values_mut().for_each(|item| tell_apart(item, next)),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// The numbers of a text from a bound on, with their decimals, as French or JSON writes them.
fn numbers(text: &str, from: f64) -> HashSet<String> {
    let plain = text.replace('\u{202f}', "").replace(',', ".");
    plain
        .split(|c: char| !c.is_ascii_digit() && c != '.')
        .map(|word| word.trim_matches('.').to_owned())
        .filter(|word| word.parse().is_ok_and(|number: f64| number >= from))
        .collect()
}

#[test]
fn what_a_page_shows_of_its_place_is_in_its_data_file() {
    const FROM: u32 = 500_000;
    let mut value = serde_json::to_value(figures(170, 30)).unwrap();
    let mut last = FROM;
    tell_apart(&mut value, &mut last);
    let mut figures: Figures = serde_json::from_value(value).unwrap();
    // A commune is not made of communes.
    (figures.coverage.communes, figures.coverage.communes_total) = (1, 1);
    let mut atlas = atlas();
    let (place, entry) = entry(Level::Commune, "83137", &figures);
    atlas.insert(place, entry);
    let files = build(&config(), &FRANCE, &atlas, None);
    let page = text(&files, "ville/83137/index.html");
    // The lines of a chart's grid are no figures.
    let words = page
        .split('<')
        .filter(|part| !part.starts_with("text y="))
        .filter_map(|part| Some(part.split_once('>')?.1));
    let shown = numbers(&words.collect::<Vec<_>>().join(" "), FROM.into());
    let data = text(&files, "data/villes/83137.json").replace(',', " ");
    let published = numbers(&data, FROM.into());
    let missing: Vec<_> = shown.difference(&published).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(shown.len() > 100, "{}", shown.len());
    assert!(published.len() > shown.len());
}
