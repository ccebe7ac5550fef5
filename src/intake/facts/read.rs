//! The lines of a file to facts: a number a zone, day and dimensions.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use indicatif::ProgressBar;
use jiff::civil::{Date, ISOWeekDate, Weekday};

use super::error::FactsError;
use super::zones::{Zone, ZoneTable};
use crate::base::shown::shown;
use crate::base::words::first_codes;
use crate::config::{Aggregate, Facts, OneOrMore};
use crate::geo::Geography;
use crate::intake::file::{self, FileError};
use crate::intake::table::{TableError, TextGrid, commune_code, number};
use crate::source::Wrapping;

/// Characters of a name that a message shows.
const SHOWN: usize = 40;

/// The facts of each zone, by its key, and day: a number by the values of the dimensions. A zone and day whose numbers were
/// all left out has none.
pub type ZoneDays = BTreeMap<(String, Date), BTreeMap<Vec<String>, f64>>;

/// What a file of a source of facts holds.
#[derive(Clone, Debug, PartialEq)]
pub struct FactsFile {
    /// The source's id.
    pub source: String,
    /// The names of the dimensions.
    pub dimensions: Vec<String>,
    /// Its zones, by what is the same however their names are written.
    pub zones: BTreeMap<String, Zone>,
    /// The facts.
    pub days: ZoneDays,
    /// What became of its lines.
    pub lines: ReadLines,
    /// Names and codes that are of no place that is known, with how many lines they have.
    pub unknown: BTreeMap<String, usize>,
}

/// How many lines a file has, by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadLines {
    /// Lines of facts.
    pub taken: usize,
    /// Lines that the declaration leaves out.
    pub filtered: usize,
    /// Lines whose number is 0 or less, where such are left out.
    pub not_positive: usize,
}

/// Numbers on their way to one.
#[derive(Default)]
struct Total {
    sum: f64,
    count: u32,
}

impl Total {
    fn number(&self, aggregate: Aggregate) -> f64 {
        match aggregate {
            Aggregate::Sum => self.sum,
            Aggregate::Mean => self.sum / f64::from(self.count),
        }
    }
}

impl FactsFile {
    /// Reads a file of a source. Without a table of zones, places are codes of communes.
    ///
    /// # Errors
    /// When it is not as the source declares it: a column is missing, a cell is no day or no number, no place is known.
    pub fn read(
        path: &Path,
        source: &str,
        facts: &Facts,
        zones: Option<&ZoneTable>,
        geography: &Geography,
        progress: &ProgressBar,
    ) -> Result<Self, FactsError> {
        let grid = TextGrid::read(path, &facts.container(), progress)?;
        let column = |name: &String| grid.column(name);
        let [date, place, value] = [
            column(&facts.date)?,
            column(&facts.place)?,
            column(&facts.value)?,
        ];
        let dimensions = facts.dimensions.iter().map(column);
        let dimensions = dimensions.collect::<Result<Vec<_>, _>>()?;
        let filters = facts.r#where.iter();
        let filters = filters.map(|(name, filter)| Ok((column(name)?, filter)));
        let filters = filters.collect::<Result<Vec<_>, TableError>>()?;
        let mut file = Self {
            source: source.to_owned(),
            dimensions: facts.dimensions.clone(),
            zones: BTreeMap::new(),
            days: ZoneDays::new(),
            lines: ReadLines::default(),
            unknown: BTreeMap::new(),
        };
        // By what stands in the file: names come in many lines.
        let mut keys = HashMap::<&str, Option<String>>::new();
        let mut totals = BTreeMap::<(String, Date), BTreeMap<Vec<String>, Total>>::new();
        for (line, cells) in &grid.lines {
            let is_of_it =
                |(index, filter): &(usize, &OneOrMore)| filter.all().contains(&cells[*index]);
            if !filters.iter().all(is_of_it) {
                file.lines.filtered += 1;
                continue;
            }
            let name = cells[place].as_str();
            let key = keys.entry(name).or_insert_with(|| {
                let (key, zone) = zone_of(name, zones, geography)?;
                file.zones.insert(key.clone(), zone);
                Some(key)
            });
            let Some(key) = key else {
                *file.unknown.entry(name.to_owned()).or_default() += 1;
                continue;
            };
            let told = |column: usize| (*line, grid.columns[column].clone(), cells[column].clone());
            let day = day(&cells[date]).ok_or_else(|| {
                let (line, column, cell) = told(date);
                FactsError::Day { line, column, cell }
            })?;
            let number = number(&cells[value], facts.decimal).ok_or_else(|| {
                let (line, column, cell) = told(value);
                FactsError::Number { line, column, cell }
            })?;
            // What is left out all the same says that the zone and day were delivered.
            let day = totals.entry((key.clone(), day)).or_default();
            if facts.positive && number <= 0.0 {
                file.lines.not_positive += 1;
                continue;
            }
            let values = dimensions.iter().map(|column| cells[*column].clone());
            let total = day.entry(values.collect()).or_default();
            total.sum += number;
            total.count += 1;
            file.lines.taken += 1;
        }
        if file.zones.is_empty() && !file.unknown.is_empty() {
            return Err(FactsError::Unknown {
                lines: file.unknown.values().sum(),
                first: file.first_unknown(),
                wanted: match zones {
                    Some(_) => "facts.zones has to lead their names to communes",
                    None => {
                        "codes of communes were expected: facts.zones leads the names of zones to them"
                    }
                },
            });
        }
        let facts_of = |day: BTreeMap<_, Total>| {
            let totals = day.into_iter();
            totals.map(|(values, total)| (values, total.number(facts.aggregate)))
        };
        let days = totals.into_iter();
        file.days = days
            .map(|(key, day)| (key, facts_of(day).collect()))
            .collect();
        Ok(file)
    }

    /// The first of the unknown names.
    pub fn first_unknown(&self) -> String {
        let names: Vec<_> = self.unknown.keys().map(|name| shown(name, SHOWN)).collect();
        first_codes(names.iter().map(String::as_str))
    }

    /// How many facts there are.
    pub fn facts(&self) -> usize {
        self.days.values().map(BTreeMap::len).sum()
    }

    /// Its first and its last day; `None` where it has none.
    pub fn span(&self) -> Option<(Date, Date)> {
        let days = || self.days.keys().map(|(_, day)| *day);
        Some((days().min()?, days().max()?))
    }
}

/// The zone that a cell names, with its key: one of the table, or else a commune by its code.
fn zone_of(name: &str, zones: Option<&ZoneTable>, geography: &Geography) -> Option<(String, Zone)> {
    if let Some(zones) = zones {
        let (key, zone) = zones.find(name)?;
        return Some((key.clone(), zone.clone()));
    }
    let code = commune_code(name);
    geography.current(&code)?;
    let zone = Zone {
        name: code.clone(),
        communes: BTreeSet::from([code.clone()]),
    };
    Some((code, zone))
}

/// The day of a cell: a date, with or without a time, or the Monday of a week by ISO 8601 (`2024-W12`, in French `2024-S12`).
fn day(cell: &str) -> Option<Date> {
    let Some((year, week)) = cell.split_once("-S").or_else(|| cell.split_once("-W")) else {
        return cell.parse().ok();
    };
    let (year, week) = (year.parse().ok()?, week.parse().ok()?);
    let monday = ISOWeekDate::new(year, week, Weekday::Monday);
    monday.ok().map(ISOWeekDate::date)
}

/// Stands for a file and for how it is read: its bytes, the declaration and the zones. What only says where files are, how
/// they are stored and whose they are does not count.
///
/// # Errors
/// When the file cannot be read.
pub fn reading_digest(
    path: &Path,
    facts: &Facts,
    zones: Option<&ZoneTable>,
) -> Result<blake3::Hash, FactsError> {
    let reading = Facts {
        folder: String::new(),
        files: Vec::new(),
        zones: None,
        batch: 0,
        attribution: String::new(),
        licence: String::new(),
        ..facts.clone()
    };
    let mut hasher = blake3::Hasher::new();
    let reading = serde_json::to_vec(&(reading, zones)).map_err(FactsError::Declaration)?;
    hasher.update(blake3::hash(&reading).as_bytes());
    let hashed = file::open(path, &Wrapping::AS_IT_IS, &ProgressBar::hidden(), |bytes| {
        hasher.update_reader(bytes).map(drop)
    });
    hashed
        .map_err(TableError::File)?
        .map_err(|error| TableError::File(FileError::damaged(path, error)))?;
    Ok(hasher.finalize())
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::intake::cog;

    static PLACES: LazyLock<Geography> = LazyLock::new(|| cog::embedded().unwrap());

    /// What is read of a text: a line a fact, or why it is refused.
    fn read(text: &str, declared: &str) -> Result<(FactsFile, Vec<String>), String> {
        let facts: Facts = toml::from_str(&format!(
            "folder = \"in\"\nfiles = [\"*\"]\ndate = \"Date\"\nplace = \"Zone\"\nvalue = \"Volume\"\nattribution = \"\"\n{declared}"
        ))
        .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        crate::files::write(&path, text.as_bytes()).unwrap();
        let zones = facts
            .zones
            .as_ref()
            .map(|zones| ZoneTable::read(zones, folder.path(), &PLACES).unwrap());
        let bar = ProgressBar::hidden();
        let file = FactsFile::read(&path, "nuitees", &facts, zones.as_ref(), &PLACES, &bar)
            .map_err(|error| error.to_string())?;
        let mut told = Vec::new();
        for ((zone, day), facts) in &file.days {
            for (values, number) in facts {
                told.push(format!("{zone} {day} {} {number}", values.join("/")));
            }
        }
        Ok((file, told))
    }

    #[test]
    fn lines_of_one_zone_day_and_dimensions_are_one_fact() {
        let text = "Date;Zone;Origine;Volume\n2024-03-18;15014;Rhône;10\n2024-03-18;15014;Rhône;30\n2024-03-18;15014;Paris;5\n2024-S13;15014;Paris;0\n2024-03-19 00:00:00;1004;Paris;1 250,5\n";
        let declared = "dimensions = [\"Origine\"]\npositive = true\ndecimal = \",\"\n";
        let (file, facts) = read(text, declared).unwrap();
        let expected = [
            "01004 2024-03-19 Paris 1250.5",
            "15014 2024-03-18 Paris 5",
            "15014 2024-03-18 Rhône 40",
        ];
        assert_eq!(facts, expected);
        assert_eq!((file.lines.taken, file.lines.not_positive), (4, 1));
        let monday = Date::constant(2024, 3, 25);
        assert_eq!(file.days[&("15014".into(), monday)].len(), 0);
        let (_, means) = read(text, &format!("{declared}aggregate = \"mean\"\n")).unwrap();
        assert_eq!(means[2], "15014 2024-03-18 Rhône 20");
    }

    #[test]
    fn places_that_are_unknown_are_named_and_lines_left_out_counted() {
        let text = "Date;Zone;Type;Volume\n2024-03-18;SAINT FLOUR;a;10\n2024-03-18;Saint-Flour;b;2\n2024-03-18;Ailleurs;a;x\n";
        let declared = "where = { Type = \"a\" }\nzones = { \"Saint-Flour\" = [\"15187\"] }\n";
        let (file, facts) = read(text, declared).unwrap();
        assert_eq!(facts, ["saint flour 2024-03-18  10"]);
        assert_eq!((file.lines.taken, file.lines.filtered), (1, 1));
        assert_eq!(file.unknown, BTreeMap::from([("Ailleurs".into(), 1)]));
        let told = read(text, "").unwrap_err();
        assert!(
            told.contains("none of its 3 lines") && told.contains("facts.zones"),
            "{told}"
        );
    }

    #[test]
    fn what_is_no_day_or_no_number_is_told_with_its_line() {
        for (line, part) in [
            (
                "2024-02-30;15014;1",
                "line 2, column Date: \"2024-02-30\" is no day",
            ),
            ("2024-S54;15014;1", "is no day"),
            ("18/03/2024;15014;1", "2024-03-18"),
            (
                "2024-03-18;15014;",
                "line 2, column Volume: \"\" is no number",
            ),
            ("2024-03-18;15014;beaucoup", "\"beaucoup\" is no number"),
        ] {
            let told = read(&format!("Date;Zone;Volume\n{line}\n"), "").unwrap_err();
            assert!(told.contains(part), "{line}: {told}");
        }
        let told = read("Date;Zone;Volumes\n2024-03-18;15014;1\n", "").unwrap_err();
        assert!(
            told.contains("no column Volume; it has Date, Zone, Volumes"),
            "{told}"
        );
    }
}
