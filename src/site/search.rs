//! What the search field finds: the places that have a page, in files by the first letters of what people type.
//!
//! A place stands in the file of the first three letters of its name, articles and "saint" left out, as do its former names,
//! its postal codes and its own code. For a typing error among these letters it stands in up to four further files: of the
//! first four letters, each is left out in turn, and an error in what was typed leaves one of these rests as it is.
//!
//! Of one letter or two, and of an article or "saint" alone, files hold the best known places only. A file named by a first
//! letter alone lists the files that begin with it, so that nobody asks for one that is not there.

mod letters;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;
use serde::Serialize;

use super::atlas::Atlas;
use super::{french, names, path};
use crate::base::place::Level;
use crate::geo::{Commune, Departement, Geography, Region, sort_key};
use letters::{error_files, file_of, is_stop_word, letters, short_files, words};

/// Communes that are looked at one after the other: those of all of France on all cores.
const CHUNK: usize = 2048;

/// Best known places of a file for each article that names begin with: as many as the field shows.
const BEST_KNOWN: usize = 8;

/// Names that people still have for parts of a région, each with the région's code: those of the régions until 2015, and an
/// abbreviation.
const USUAL_REGIONS: [(&str, &str); 17] = [
    ("Alsace", "44"),
    ("Aquitaine", "75"),
    ("Auvergne", "84"),
    ("Basse-Normandie", "28"),
    ("Bourgogne", "27"),
    ("Champagne-Ardenne", "44"),
    ("Franche-Comté", "27"),
    ("Haute-Normandie", "28"),
    ("Languedoc-Roussillon", "76"),
    ("Limousin", "75"),
    ("Lorraine", "44"),
    ("Midi-Pyrénées", "76"),
    ("Nord-Pas-de-Calais", "32"),
    ("PACA", "93"),
    ("Picardie", "32"),
    ("Poitou-Charentes", "75"),
    ("Rhône-Alpes", "84"),
];

/// A place that is found: its name, its address as its level's letter and its code, what tells it from others of its name, its
/// inhabitants, and by what it is found where that is not its name.
#[derive(Clone, Serialize)]
struct Entry<'a>(
    String,
    String,
    &'a str,
    u64,
    #[serde(skip_serializing_if = "Option::is_none")] Option<String>,
);

/// What the search field finds.
#[derive(Debug)]
pub(super) struct SearchIndex<'a> {
    /// By their paths: places by what people type, and communes by where they lie.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Communes and arrondissements, by the first two letters of their names, then by name.
    pub lists: BTreeMap<String, Vec<&'a Commune>>,
}

/// Where a commune lies: its name, its code, degrees north and east.
#[derive(Serialize)]
struct Centred(String, String, f64, f64);

/// What communes bring.
#[derive(Default)]
struct FoundCommunes<'a> {
    found: Found<'a>,
    /// By tiles of a degree.
    centres: BTreeMap<String, Vec<Centred>>,
    /// As [`SearchIndex::lists`], unsorted.
    lists: BTreeMap<String, Vec<&'a Commune>>,
}

/// The places of each file of the search field.
#[derive(Default)]
struct Found<'a> {
    files: BTreeMap<String, Vec<Entry<'a>>>,
    /// Of which a file has the best known only: by file, by the article or other stop word that their names begin with, and by
    /// whether it is this that the file is named by.
    known: BTreeMap<(String, String, bool), Vec<Entry<'a>>>,
}

impl<'a> SearchIndex<'a> {
    /// Of the places that have a page: all EPCI with figures, and these.
    pub(super) fn new(
        geography: &'a Geography,
        atlas: &Atlas,
        communes: &[&'a Commune],
        departements: &[&'a Departement],
        regions: &[&'a Region],
    ) -> Self {
        let communes_found = communes
            .par_iter()
            .with_min_len(CHUNK)
            .fold(FoundCommunes::default, |mut found, commune| {
                found.add(geography, atlas, commune);
                found
            })
            .reduce(FoundCommunes::default, FoundCommunes::with);
        let FoundCommunes {
            mut found,
            centres,
            mut lists,
        } = communes_found;
        for (name, commune) in geography.former() {
            let has_page = communes.binary_search_by(|page| page.code.cmp(&commune.code));
            if has_page.is_ok() && name != commune.name {
                let name = french::name(name);
                found.add(&name, &Entry::commune(commune, Some(name.clone())));
            }
        }
        let mut people = HashMap::<&str, u64>::new();
        for commune in geography
            .communes()
            .iter()
            .filter(|one| one.parent.is_none())
        {
            let departement = commune.departement.as_str();
            // An EPCI has nine digits, a département two or three.
            for place in [commune.epci.as_deref(), Some(departement)]
                .into_iter()
                .flatten()
            {
                *people.entry(place).or_default() += u64::from(commune.population.unwrap_or(0));
            }
        }
        let people = |code: &str| people.get(code).copied().unwrap_or(0);
        let epcis = geography.epcis().iter();
        for epci in epcis.filter(|epci| atlas.get(Level::Epci, &epci.code).is_some()) {
            let (name, _) = names::epci(epci);
            let population = people(&epci.code);
            let address = format!("e{}", epci.code);
            let entry = Entry(name.clone(), address, "intercommunalité", population, None);
            found.add(&name, &entry);
            found.suggest(&name, &entry);
        }
        for departement in departements {
            let population = people(&departement.code);
            let entry = |alias| {
                let name = french::name(&departement.name);
                Entry(
                    name,
                    format!("d{}", departement.code),
                    "département",
                    population,
                    alias,
                )
            };
            found.add(&departement.name, &entry(None));
            found.suggest(&departement.name, &entry(None));
            let file = file_of(&departement.code.to_lowercase());
            found.put(file, entry(Some(departement.code.clone())));
        }
        for region in regions {
            let parts = geography.departements().iter();
            let parts = parts.filter(|departement| departement.region == region.code);
            let population = parts.map(|departement| people(&departement.code)).sum();
            let entry = |alias| {
                let name = french::name(&region.name);
                Entry(
                    name,
                    format!("r{}", region.code),
                    "région",
                    population,
                    alias,
                )
            };
            found.add(&region.name, &entry(None));
            found.suggest(&region.name, &entry(None));
            for (usual, _) in USUAL_REGIONS
                .iter()
                .filter(|(_, code)| *code == region.code)
            {
                found.add(usual, &entry(Some((*usual).to_owned())));
            }
        }
        for list in lists.values_mut() {
            list.sort_by_cached_key(|commune| (sort_key(&commune.name), &commune.code));
        }
        let centres = centres.par_iter();
        let centres = centres.map(|(name, communes)| (path::CENTRES.path(name), json(communes)));
        let mut files: BTreeMap<_, _> = centres.collect();
        files.extend(found.into_files());
        Self { files, lists }
    }
}

impl<'a> FoundCommunes<'a> {
    fn add(&mut self, geography: &Geography, atlas: &Atlas, commune: &'a Commune) {
        let found = &mut self.found;
        let entry = |alias| Entry::commune(commune, alias);
        let name = names::commune(commune);
        found.add(&name, &entry(None));
        // The arrondissements of a city would hide the other places that begin as it does.
        if commune.parent.is_none() {
            found.suggest(&name, &entry(None));
        }
        let is_city = !geography.children_of_city(&commune.code).is_empty();
        let mut code_files = BTreeSet::from([file_of(&commune.code.to_lowercase())]);
        for postal in commune.postal_codes.iter().filter(|_| !is_city) {
            code_files.remove(&file_of(postal));
            found.put(file_of(postal), entry(Some(postal.clone())));
        }
        for file in code_files {
            found.put(file, entry(None));
        }
        let centre = atlas.centre(&commune.code);
        // Where a city is, the arrondissement that is near is meant.
        if let Some(centre) = centre.filter(|_| !is_city) {
            let (north, east) = (centre.latitude, centre.longitude);
            let tile = format!("{}_{}", north.floor(), east.floor());
            let centred = Centred(name, commune.code.clone(), north, east);
            self.centres.entry(tile).or_default().push(centred);
        }
        let letters = letters(&words(&commune.name));
        let list = self.lists.entry(letters.chars().take(2).collect());
        list.or_default().push(commune);
    }

    /// With what further communes bring.
    fn with(mut self, other: Self) -> Self {
        append(&mut self.found.files, other.found.files);
        append(&mut self.found.known, other.found.known);
        append(&mut self.centres, other.centres);
        append(&mut self.lists, other.lists);
        self
    }
}

/// Puts further lists after those that are known.
fn append<K: Ord, T>(known: &mut BTreeMap<K, Vec<T>>, others: BTreeMap<K, Vec<T>>) {
    for (key, list) in others {
        known.entry(key).or_default().extend(list);
    }
}

fn json(list: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(list).expect("lists of texts and numbers are JSON")
}

impl<'a> Found<'a> {
    /// Puts a place into the files by which a name of it is found.
    fn add(&mut self, name: &str, entry: &Entry<'a>) {
        let letters = letters(&words(name));
        self.put(file_of(&letters), entry.clone());
        for file in error_files(&letters) {
            self.put(file, entry.clone());
        }
    }

    /// Has a place stand for its first letters where it is well known.
    fn suggest(&mut self, name: &str, entry: &Entry<'a>) {
        let words = words(name);
        let article = words.first().filter(|word| is_stop_word(word));
        let article = article.cloned().unwrap_or_default();
        let mut put = |file, by_article| {
            let places = self.known.entry((file, article.clone(), by_article));
            places.or_default().push(entry.clone());
        };
        for file in BTreeSet::from(short_files(&letters(&words))) {
            put(file, false);
        }
        if !article.is_empty() {
            let whole = words.concat();
            let mut files = BTreeSet::from(short_files(&whole));
            files.insert(file_of(&whole));
            for file in files {
                put(file, true);
            }
        }
    }

    fn put(&mut self, file: String, entry: Entry<'a>) {
        self.files.entry(file).or_default().push(entry);
    }

    /// The files by their paths, with those that list them.
    fn into_files(mut self) -> Vec<(String, Vec<u8>)> {
        for ((file, ..), mut places) in self.known {
            // As the script ranks them.
            places.sort_by_cached_key(|Entry(_, address, _, population, _)| {
                let is_commune = address.starts_with('v');
                (Reverse(is_commune), Reverse(*population), address.clone())
            });
            places.truncate(BEST_KNOWN);
            let file = self.files.entry(file).or_default();
            places.retain(|place| !file.iter().any(|has| has.1 == place.1 && has.4.is_none()));
            file.extend(places);
        }
        let letters = ('a'..='z').chain('0'..='9').map(String::from);
        let mut lists: BTreeMap<_, _> = letters.map(|letter| (letter, Vec::new())).collect();
        for file in self.files.keys() {
            lists.entry(file[..1].to_owned()).or_default().push(file);
        }
        let lists = lists
            .par_iter()
            .map(|(letter, files)| (path::SEARCH.path(letter), json(files)));
        let files = self.files.par_iter();
        let files = files.map(|(name, entries)| (path::SEARCH.path(name), json(entries)));
        files.chain(lists).collect()
    }
}

impl<'a> Entry<'a> {
    fn commune(commune: &'a Commune, alias: Option<String>) -> Self {
        Self(
            names::commune(commune),
            format!("v{}", commune.code),
            &commune.departement,
            commune.population.unwrap_or(0).into(),
            alias,
        )
    }
}
