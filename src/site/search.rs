//! What the search field finds: the places that have a page, in files by the first letters of what people type.
//!
//! A place stands in the file of the first three letters of its name, articles and "saint" left out, as do its former names
//! and its postal codes. For a typing error among these letters it stands in up to four further files: of the first four
//! letters, each is left out in turn, and an error in what was typed leaves one of these rests as it is.

use std::collections::{BTreeMap, HashMap};

use deunicode::deunicode;
use serde::Serialize;

use super::atlas::Atlas;
use super::{french, names, path};
use crate::base::place::Level;
use crate::geo::{Commune, Departement, Geography, Region, sort_key};

/// Letters that name a file.
const LETTERS: usize = 3;

/// Files for typing errors among the first letters.
const ERROR_FILES: u32 = 512;

/// Words that people leave out, or abbreviate; the script has the same.
const STOP_WORDS: [&str; 21] = [
    "le", "la", "les", "l", "d", "de", "du", "des", "en", "sur", "sous", "aux", "au", "a", "et",
    "saint", "sainte", "saints", "st", "ste", "sts",
];

/// Words that an EPCI's name begins with.
const FORMS: [&str; 7] = [
    "communaute",
    "communes",
    "agglomeration",
    "agglo",
    "urbaine",
    "metropole",
    "cc",
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

/// The places of each file of the search field.
#[derive(Default)]
struct Found<'a>(BTreeMap<String, Vec<Entry<'a>>>);

impl<'a> SearchIndex<'a> {
    /// Of the places that have a page: all EPCI with figures, and these.
    pub(super) fn new(
        geography: &'a Geography,
        atlas: &Atlas,
        communes: &[&'a Commune],
        departements: &[&'a Departement],
        regions: &[&'a Region],
    ) -> Self {
        let mut found = Found::default();
        let mut centres = BTreeMap::<String, Vec<Centred>>::new();
        let mut lists = BTreeMap::<String, Vec<&Commune>>::new();
        for &commune in communes {
            let entry = |alias| Entry::commune(commune, alias);
            found.add(&names::commune(commune), &entry(None));
            let is_city = !geography.children_of_city(&commune.code).is_empty();
            for postal in commune.postal_codes.iter().filter(|_| !is_city) {
                found.put(file_of(postal), entry(Some(postal.clone())));
            }
            let centre = atlas.centre(&commune.code);
            if let Some(centre) = centre.filter(|_| commune.parent.is_none()) {
                let (north, east) = (centre.latitude, centre.longitude);
                let tile = format!("{}_{}", north.floor(), east.floor());
                let centred = Centred(names::commune(commune), commune.code.clone(), north, east);
                centres.entry(tile).or_default().push(centred);
            }
            let letters = letters(&commune.name);
            let list = lists.entry(letters.chars().take(2).collect());
            list.or_default().push(commune);
        }
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
            found.add(
                &name,
                &Entry(name.clone(), address, "intercommunalité", population, None),
            );
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
            let file = file_of(&departement.code.to_lowercase());
            found.put(file, entry(Some(departement.code.clone())));
        }
        for region in regions {
            let parts = geography.departements().iter();
            let parts = parts.filter(|departement| departement.region == region.code);
            let population = parts.map(|departement| people(&departement.code)).sum();
            let name = french::name(&region.name);
            found.add(
                &region.name,
                &Entry(
                    name,
                    format!("r{}", region.code),
                    "région",
                    population,
                    None,
                ),
            );
        }
        for list in lists.values_mut() {
            list.sort_by_cached_key(|commune| (sort_key(&commune.name), &commune.code));
        }
        let found = found.0.iter();
        let found = found.map(|(name, entries)| (path::SEARCH.path(name), json(entries)));
        let centres = centres.iter();
        let centres = centres.map(|(name, communes)| (path::CENTRES.path(name), json(communes)));
        Self {
            files: found.chain(centres).collect(),
            lists,
        }
    }
}

fn json(list: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(list).expect("lists of texts and numbers are JSON")
}

impl<'a> Found<'a> {
    /// Puts a place into the files by which a name of it is found.
    fn add(&mut self, name: &str, entry: &Entry<'a>) {
        let letters = letters(name);
        self.put(file_of(&letters), entry.clone());
        for file in error_files(&letters) {
            self.put(file, entry.clone());
        }
    }

    fn put(&mut self, file: String, entry: Entry<'a>) {
        self.0.entry(file).or_default().push(entry);
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

/// The letters and digits of a name that count, without accents.
fn letters(name: &str) -> String {
    let plain = deunicode(name).to_lowercase();
    let words = plain.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let counts = |word: &&&str| !STOP_WORDS.contains(word) && !FORMS.contains(word);
    let counting: Vec<_> = words.iter().filter(counts).copied().collect();
    match counting.is_empty() {
        true => words.concat(),
        false => counting.concat(),
    }
}

/// The file of the first letters.
fn file_of(letters: &str) -> String {
    let mut file: String = letters.chars().take(LETTERS).collect();
    while file.len() < LETTERS {
        file.push('_');
    }
    file
}

/// The files in which a place is found in spite of an error among its first letters.
fn error_files(letters: &str) -> Vec<String> {
    let first: Vec<char> = letters.chars().take(LETTERS + 1).collect();
    if first.len() <= LETTERS {
        return Vec::new();
    }
    let rests = (0..first.len()).map(|left_out| {
        let rest = first
            .iter()
            .enumerate()
            .filter(|(place, _)| *place != left_out);
        let rest: String = rest.map(|(_, letter)| letter).collect();
        format!("x-{}", hash(&rest) % ERROR_FILES)
    });
    let mut files: Vec<_> = rests.collect();
    files.sort();
    files.dedup();
    files
}

/// FNV-1a, which takes the script one line.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_and_saint_do_not_count() {
        for (name, expected) in [
            ("L’Haÿ-les-Roses", "hayroses"),
            ("Saint-Étienne", "etienne"),
            ("Le Mans", "mans"),
            ("Aix-en-Provence", "aixprovence"),
            ("Y", "y"),
            ("Le Saint", "lesaint"),
            ("Métropole Aix-Marseille-Provence", "aixmarseilleprovence"),
        ] {
            assert_eq!(letters(name), expected);
        }
        assert_eq!([file_of("mans"), file_of("y")], ["man", "y__"]);
    }

    #[test]
    fn an_error_among_the_first_letters_leaves_a_file_in_common() {
        let right = error_files("cergy");
        for typed in ["ecrgy", "crgy", "cxrgy", "cxergy", "xergy", "cegry"] {
            let files = error_files(typed);
            assert!(files.iter().any(|file| right.contains(file)), "{typed}");
        }
        assert!(error_files("us").is_empty());
        // That of the reference: http://www.isthe.com/chongo/tech/comp/fnv/
        assert_eq!(hash("foobar"), 0xbf9c_f968);
    }
}
