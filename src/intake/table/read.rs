//! A table as its source declares it, to the values of places of today.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use indicatif::ProgressBar;

use super::columns::{Filters, Found, filters, if_declared, is_wanted, newest};
use super::error::TableError;
use super::lines::each_line;
use super::merge::{gathered, merged};
use super::places::{CodeMeaning, code_of, named};
use super::reading::Reading;
use super::slot::{PlacedLine, Slot, slots};
use crate::base::pattern::year;
use crate::base::place::{Level, Place};
use crate::config::{Absence, Table, TableFormat};
use crate::geo::{self, Geography, Separation, separated_since};

/// Codes that the lines of a file may name: there are some 35,000 communes and 70,000 schools.
const MOST_CODES: usize = 1_000_000;

/// Lines of a file that are told apart by a column: there are 26 million buildings in France.
const MOST_DISTINCT: usize = 50_000_000;

/// The codes of places by the keys of the lines of another source.
pub type PlaceKeys = BTreeMap<String, String>;

/// The values of an indicator in a year.
#[derive(Clone, Debug, PartialEq)]
pub struct IndicatorSeries {
    /// The indicator's id.
    pub indicator: String,
    /// The year that the values are of.
    pub period: u16,
    /// What is known of each place that has a line.
    pub values: BTreeMap<Place, Reading>,
}

/// What a file of a source of indicators holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableFile {
    /// The source's id.
    pub source: String,
    /// The year of its edition: the newest in its columns, or the declared one.
    pub edition: u16,
    /// By indicator and year.
    pub series: Vec<IndicatorSeries>,
    /// Lines that were read, those apart that the declaration leaves out.
    pub lines: usize,
    /// Lines with nothing where their place stands.
    pub without_place: usize,
    /// Lines of other départements than the one that the file is of, where each file is of one.
    pub elsewhere: usize,
    /// Codes that are of no place, of today or former.
    pub unmatched: Vec<String>,
    /// Keys that no line has of the source by which places are found.
    pub lost_keys: Vec<String>,
    /// Codes of former communes, which count for those of today.
    pub former: Vec<String>,
    /// Codes of communes from which others have separated since: what is told of them is of a whole that is no more.
    pub separated: Vec<String>,
    /// The départements that it has lines of communes in.
    pub departements: BTreeSet<String>,
    /// By the keys of its lines, where other sources find their places by them.
    pub keys: PlaceKeys,
}

/// What the codes in a file mean.
#[derive(Clone, Copy)]
pub struct PlaceTerms<'a> {
    /// The places of today.
    pub geography: &'a Geography,
    /// The places of the keys, of a source that finds its own by those of another.
    pub keys: &'a PlaceKeys,
}

impl TableFile {
    /// Reads a file of a source.
    ///
    /// # Errors
    /// When it is not as the source declares it: a column is missing, a cell is no number, a place is there twice.
    pub fn read(
        path: &Path,
        source: &str,
        table: &Table,
        terms: PlaceTerms<'_>,
        progress: &ProgressBar,
    ) -> Result<Self, TableError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.split('.').next().unwrap_or_default();
        let lines = each_line(
            path,
            &table.container(),
            progress,
            // An API that knows nothing of a département answers with an empty list.
            |columns| match columns.is_empty() && table.format == TableFormat::Json {
                true if table.edition.is_some() => Ok(None),
                _ => Lines::new(columns, source, table, name, terms).map(Some),
            },
            |lines, number, cells| {
                let mut lines = lines.iter_mut();
                lines.try_for_each(|lines| lines.take(number, cells))
            },
        );
        match (lines?, table.edition) {
            (None, Some(edition)) => Ok(Self {
                source: source.to_owned(),
                edition,
                ..Self::default()
            }),
            (None, None) => Err(TableError::NoYear),
            (Some(lines), _) => lines.end(source),
        }
    }

    /// How many places have a value, or a reason for none, of some indicator.
    pub fn places(&self) -> usize {
        let places = self.series.iter().flat_map(|series| series.values.keys());
        places.collect::<BTreeSet<_>>().len()
    }
}

/// The lines of a file: how they are read, and what was read of them so far.
struct Lines<'t> {
    table: &'t Table,
    terms: PlaceTerms<'t>,
    columns: Vec<String>,
    place: Found,
    filters: Filters<'t>,
    period: Option<usize>,
    distinct: Option<usize>,
    key: Option<usize>,
    slots: Vec<Slot<'t>>,
    lines: usize,
    left_out: usize,
    without_place: usize,
    /// Hashes of what stands in the column by which a line counts once: 64 bits are enough for two of 26 million to be the same
    /// once in fifty thousand files, and take nine bytes each, or eighteen.
    seen: HashSet<u64>,
    /// Lines by département.
    departements: BTreeMap<String, usize>,
    /// By what stands in the column of the place.
    places: BTreeMap<String, Place>,
    /// How the file first writes the code of a place of today, and by how else it writes it.
    first_written: BTreeMap<Place, String>,
    spellings: BTreeMap<String, String>,
    unmatched: BTreeSet<String>,
    lost_keys: BTreeSet<String>,
    former: BTreeSet<String>,
    keys: PlaceKeys,
}

impl<'t> Lines<'t> {
    fn new(
        columns: Vec<String>,
        source: &str,
        table: &'t Table,
        name: &str,
        terms: PlaceTerms<'t>,
    ) -> Result<Self, TableError> {
        Ok(Self {
            table,
            terms,
            place: newest(&columns, table.place.all())?,
            filters: filters(&columns, &table.r#where)?,
            period: if_declared(&columns, table.period.as_ref())?,
            distinct: if_declared(&columns, table.distinct.as_ref())?,
            key: if_declared(&columns, table.key.as_ref())?,
            slots: slots(&columns, source, table, name)?,
            columns,
            lines: 0,
            left_out: 0,
            without_place: 0,
            seen: HashSet::new(),
            departements: BTreeMap::new(),
            places: BTreeMap::new(),
            first_written: BTreeMap::new(),
            spellings: BTreeMap::new(),
            unmatched: BTreeSet::new(),
            lost_keys: BTreeSet::new(),
            former: BTreeSet::new(),
            keys: PlaceKeys::new(),
        })
    }

    /// Takes what a line says.
    fn take(&mut self, number: usize, cells: &[String]) -> Result<(), TableError> {
        // Lines that name no object are of as many.
        let is_again = |seen: &mut HashSet<u64>, column: usize| {
            !cells[column].is_empty() && !seen.insert(hash(&cells[column]))
        };
        if !is_wanted(&self.filters, cells)
            || self
                .distinct
                .is_some_and(|column| is_again(&mut self.seen, column))
        {
            self.left_out += 1;
            return Ok(());
        }
        self.lines += 1;
        let code = code_of(&cells[self.place.index], self.table.places);
        if code.is_empty() {
            self.without_place += 1;
            return self.bounded();
        }
        if !self.places.contains_key(code) {
            let Some(place) = self.find(code) else {
                return self.bounded();
            };
            self.places.insert(code.to_owned(), place);
        }
        if let Some(key) = self.key {
            let key = cells[key].clone();
            self.keys.entry(key).or_insert_with(|| code.to_owned());
        }
        self.bounded()?;
        if self.table.by_departement {
            let departement = geo::departement_of(&self.places[code].code);
            match self.departements.get_mut(departement) {
                Some(lines) => *lines += 1,
                None => drop(self.departements.insert(departement.to_owned(), 1)),
            }
        }
        let year = self
            .period
            .map(|column| self.year(number, column, &cells[column]));
        let line = PlacedLine {
            number,
            cells,
            code: self.spellings.get(code).map_or(code, String::as_str),
            year: year.transpose()?,
        };
        for slot in &mut self.slots {
            slot.take(&self.columns, self.table, &line)?;
        }
        Ok(())
    }

    /// The place of today of what stands in the column of the place; notes what is of none.
    fn find(&mut self, written: &str) -> Option<Place> {
        let code = match self.table.via {
            None => written,
            Some(_) => match self.terms.keys.get(written) {
                Some(code) => code,
                None => {
                    self.lost_keys.insert(written.to_owned());
                    return None;
                }
            },
        };
        match named(code, self.table.places, self.terms.geography) {
            CodeMeaning::Today(today) => {
                // `1004` is `01004`, and no part of it. Of several keys each is an object of its own.
                if self.table.via.is_none() {
                    match self.first_written.get(&today) {
                        Some(first) => {
                            self.spellings.insert(written.to_owned(), first.clone());
                        }
                        None => {
                            self.first_written.insert(today.clone(), written.to_owned());
                        }
                    }
                }
                Some(today)
            }
            CodeMeaning::Former(today) => {
                self.former.insert(code.to_owned());
                Some(today)
            }
            CodeMeaning::Unknown => {
                self.unmatched.insert(code.to_owned());
                None
            }
        }
    }

    /// Refuses a file that names more places than there can be, for what is kept of its lines is kept by place, and one of more
    /// lines that count once.
    fn bounded(&self) -> Result<(), TableError> {
        if self.seen.len() > MOST_DISTINCT {
            return Err(TableError::TooLarge {
                what: "lines that count once",
                most: MOST_DISTINCT,
            });
        }
        let codes = self.places.len() + self.unmatched.len();
        match codes.max(self.lost_keys.len()).max(self.keys.len()) > MOST_CODES {
            true => Err(TableError::TooLarge {
                what: "codes of places",
                most: MOST_CODES,
            }),
            false => Ok(()),
        }
    }

    /// Leaves out the lines of other départements than the one that most are of: a building at the border must not stand for all of
    /// those next door. Gives how many that are.
    fn keep_departement(&mut self) -> usize {
        let most = self.departements.iter().max_by_key(|(_, lines)| **lines);
        let Some((departement, lines)) = most else {
            return 0;
        };
        let all: usize = self.departements.values().sum();
        let is_own = |place: &Place| geo::departement_of(&place.code) == departement;
        self.places.retain(|_, place| is_own(place));
        all - lines
    }

    /// The year of a line, the first four digits of a cell.
    fn year(&self, line: usize, column: usize, cell: &str) -> Result<u16, TableError> {
        let digits = cell.get(..4).unwrap_or(cell);
        let year = year(digits).filter(|_| digits.len() == 4);
        year.ok_or_else(|| TableError::Year {
            line,
            column: self.columns[column].clone(),
            cell: cell.to_owned(),
        })
    }

    /// What the file holds.
    fn end(mut self, source: &str) -> Result<TableFile, TableError> {
        let elsewhere = self.keep_departement();
        if self.places.is_empty() {
            let lines = self.lines + self.left_out;
            return Err(match &self.table.via {
                Some(via) if !self.lost_keys.is_empty() => TableError::NoKey {
                    lines,
                    via: via.clone(),
                },
                _ => TableError::Empty { lines },
            });
        }
        let years = self.slots.iter().flat_map(|slot| {
            let shift = slot.indicator.years_before;
            slot.values.keys().map(move |period| period + shift)
        });
        let edition = self.place.year.or(years.max()).or(self.table.edition);
        let edition = edition.ok_or(TableError::NoYear)?;
        let separations = self.separations(self.table.vintage.unwrap_or(edition));
        let places = self.places.values();
        let communes = places.filter(|place| place.level == Level::Commune);
        let departements = communes
            .map(|place| geo::departement_of(&place.code).to_owned())
            .collect();
        Ok(TableFile {
            source: source.to_owned(),
            edition,
            series: self.series(&separations),
            lines: self.lines,
            without_place: self.without_place,
            elsewhere,
            unmatched: self.unmatched.into_iter().collect(),
            lost_keys: self.lost_keys.into_iter().collect(),
            former: self.former.into_iter().collect(),
            separated: separations.iter().map(|one| one.whole.into()).collect(),
            departements,
            keys: self.keys,
        })
    }

    /// The separations that the codes of the file know nothing of: those since an edition of the Code officiel géographique
    /// of which it has the whole and none of the parts.
    fn separations(&self, edition: u16) -> Vec<Separation> {
        if self.table.via.is_some() {
            return Vec::new();
        }
        let communes = self
            .places
            .values()
            .filter(|place| place.level == Level::Commune);
        let codes: HashSet<&str> = communes.map(|place| place.code.as_str()).collect();
        let is_before = |one: &Separation| {
            codes.contains(one.whole) && !one.parts.iter().any(|part| codes.contains(part))
        };
        separated_since(edition).filter(is_before).collect()
    }

    /// The values of the places of today, by indicator and year.
    fn series(&self, separations: &[Separation]) -> Vec<IndicatorSeries> {
        let together = match self.table.via {
            Some(_) => gathered,
            None => merged,
        };
        let mut all = Vec::new();
        for slot in &self.slots {
            for (period, values) in &slot.values {
                let mut parts = BTreeMap::<&Place, Vec<(&str, &Reading)>>::new();
                for (code, reading) in values {
                    // Those of other départements are left out.
                    let Some(place) = self.places.get(code) else {
                        continue;
                    };
                    parts.entry(place).or_default().push((code, reading));
                }
                let weight = slot.indicator.weight.as_ref();
                let weights = weight.and_then(|weight| {
                    let mut slots = self.slots.iter();
                    let slot = slots.find(|other| other.indicator.id == *weight)?;
                    let values = slot.values.get(period);
                    values.or_else(|| slot.values.values().next_back())
                });
                let of_place = |(place, readings): (&Place, Vec<_>)| {
                    let rollup = slot.indicator.rollup;
                    (place.clone(), together(&readings, rollup, weights))
                };
                let mut values: BTreeMap<_, _> = parts.into_iter().map(of_place).collect();
                let separated = separations
                    .iter()
                    .flat_map(|one| one.parts.iter().chain([&one.whole]));
                values.extend(separated.map(|code| {
                    let place = Place::new(Level::Commune, *code);
                    (place, Reading::Absent(Absence::Unavailable))
                }));
                all.push(IndicatorSeries {
                    indicator: slot.indicator.id.clone(),
                    period: *period,
                    values,
                });
            }
        }
        all
    }
}

/// Stands for a text.
fn hash(text: &str) -> u64 {
    let hash = blake3::hash(text.as_bytes());
    u64::from_be_bytes(std::array::from_fn(|byte| hash.as_bytes()[byte]))
}
