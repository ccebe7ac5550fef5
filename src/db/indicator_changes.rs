//! What a file of indicators changes, and its values into the database.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::Serialize;

use super::indicators::{IndicatorEdition, Readings, SELECT, edition, release, seal, values};
use super::{Database, DbError, seals};
use crate::base::place::{Level, Place};
use crate::geo;
use crate::intake::DataInUse;
use crate::intake::table::{HeldSeries, IndicatorSeries, Reading, TableFile};

/// Changes of values that a report shows.
const SHOWN: usize = 20;

/// What a series of a file takes the place of, and what there is then.
struct Replacement<'f> {
    series: &'f IndicatorSeries,
    /// The edition that it belongs to, where it is there already.
    edition: Option<IndicatorEdition>,
    before: Readings,
    after: Readings,
}

/// What importing a file of indicators changed, or would change.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct IndicatorChanges {
    /// Places and years that have a value, or a reason for none, for the first time.
    pub added: u64,
    /// Places of which the value is another.
    pub changed: u64,
    /// Places that have no value any more.
    pub removed: u64,
    /// The largest changes of numbers, by how many times another they are. An edition that is not there yet is held against the
    /// numbers in use before it is stored.
    pub largest: Vec<NumberChange>,
}

/// A number that changes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NumberChange {
    /// The indicator's id.
    pub indicator: String,
    /// The code of the place.
    pub place: String,
    /// The year.
    pub period: u16,
    /// The number before.
    pub before: f64,
    /// The number now.
    pub after: f64,
}

impl IndicatorChanges {
    /// Whether everything is as it was.
    pub fn is_nothing(&self) -> bool {
        self.added + self.changed + self.removed == 0
    }
}

impl Database {
    /// What importing a file would change.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn preview_indicators(&self, file: &TableFile) -> Result<IndicatorChanges, DbError> {
        let held = self.held_indicators(&file.source)?;
        Ok(changes(&replacements(&self.connection, file)?, &held))
    }

    /// Puts the values of a file in the place of those of its source, edition and year, in one transaction. Of départements
    /// that it has no line in, what is there stays.
    ///
    /// # Errors
    /// When SQLite fails; the old ones then stay.
    pub fn store_indicators(
        &mut self,
        name: &str,
        file: &TableFile,
    ) -> Result<IndicatorChanges, DbError> {
        let transaction = self.connection.transaction()?;
        seals::check(&transaction, seals::INDICATORS)?;
        let replacements = replacements(&transaction, file)?;
        for replacement in &replacements {
            store(&transaction, name, file, replacement)?;
        }
        let mut insert = transaction
            .prepare_cached("INSERT OR REPLACE INTO cles (source, cle, code) VALUES (?, ?, ?)")?;
        for (key, code) in &file.keys {
            insert.execute([&file.source, key, code])?;
        }
        drop(insert);
        release(&transaction, &file.source)?;
        seals::seal(&transaction, seals::INDICATORS)?;
        transaction.commit()?;
        Ok(changes(&replacements, &HeldSeries::new()))
    }
}

/// What each series of a file takes the place of.
fn replacements<'f>(
    connection: &Connection,
    file: &'f TableFile,
) -> Result<Vec<Replacement<'f>>, DbError> {
    let one = "WHERE source = ? AND millesime = ? AND indicateur = ? AND periode = ?";
    let mut statement = connection.prepare_cached(&format!("{SELECT} {one}"))?;
    let mut replacements = Vec::new();
    for series in &file.series {
        let key = params![file.source, file.edition, series.indicator, series.period];
        let edition = statement.query_row(key, edition).optional()?;
        let before = match &edition {
            Some(edition) => values(connection, edition.id)?.0,
            None => Readings::new(),
        };
        let known = edition.iter().flat_map(|edition| &edition.departements);
        let known = known.cloned().collect();
        replacements.push(Replacement {
            after: replaced(&before, &known, file, series),
            series,
            edition,
            before,
        });
    }
    Ok(replacements)
}

/// The values after those of a file took the place of what they replace, which is of the communes of `known` départements.
fn replaced(
    before: &Readings,
    known: &BTreeSet<String>,
    file: &TableFile,
    series: &IndicatorSeries,
) -> Readings {
    // A file of some of the départements says nothing of wider places that it does not name.
    let is_part = !known.is_subset(&file.departements);
    let is_elsewhere = |place: &Place| match place.level {
        Level::Commune => !file.departements.contains(geo::departement_of(&place.code)),
        Level::Departement => !file.departements.contains(&place.code),
        Level::Epci | Level::Region | Level::Pays => is_part,
    };
    let mut after = series.values.clone();
    for (place, reading) in before {
        if is_elsewhere(place) {
            after
                .entry(place.clone())
                .or_insert_with(|| reading.clone());
        }
    }
    after
}

/// What replacements change; `held` are the numbers in use.
fn changes(replacements: &[Replacement<'_>], held: &HeldSeries) -> IndicatorChanges {
    let mut changes = IndicatorChanges::default();
    for replacement in replacements {
        let Replacement {
            series,
            before,
            after,
            ..
        } = replacement;
        for (place, now) in after {
            match before.get(place) {
                None => changes.added += 1,
                Some(then) => changes.changed += u64::from(then != now),
            }
        }
        let is_newest = || {
            let mut all = replacements.iter().map(|other| other.series);
            all.all(|other| other.indicator != series.indicator || other.period <= series.period)
        };
        let before = match &replacement.edition {
            Some(_) => Some(before),
            None => held.get(&series.indicator).filter(|_| is_newest()),
        };
        for (place, then) in before.into_iter().flatten() {
            let then = then.number();
            let now = after.get(place).and_then(Reading::number);
            if let Some((before, after)) = then.zip(now).filter(|(then, now)| then != now) {
                changes.largest.push(NumberChange {
                    indicator: series.indicator.clone(),
                    place: place.code.clone(),
                    period: series.period,
                    before,
                    after,
                });
            }
        }
        changes.removed += replacement.removed().count() as u64;
    }
    let times = |change: &NumberChange| {
        let ratio = (change.after.abs() + 1.0) / (change.before.abs() + 1.0);
        ratio.max(1.0 / ratio)
    };
    changes
        .largest
        .sort_by(|a, b| times(b).total_cmp(&times(a)));
    changes.largest.truncate(SHOWN);
    changes
}

impl Replacement<'_> {
    /// The places of which nothing is said any more.
    fn removed(&self) -> impl Iterator<Item = &Place> {
        let before = self.before.keys();
        before.filter(|place| !self.after.contains_key(*place))
    }
}

fn store(
    transaction: &Transaction<'_>,
    name: &str,
    file: &TableFile,
    replacement: &Replacement<'_>,
) -> Result<(), DbError> {
    let Replacement {
        series,
        edition,
        before,
        after,
    } = replacement;
    let mut departements = file.departements.clone();
    let known = edition.iter().flat_map(|edition| &edition.departements);
    departements.extend(known.cloned());
    let (departements, unmatched) = (
        departements.into_iter().collect::<Vec<_>>().join(","),
        file.unmatched.join(","),
    );
    let id: i64 = transaction.query_row(
        "INSERT INTO editions (source, millesime, indicateur, periode, fichier, importe_le, departements, non_trouves, sceau)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET fichier = excluded.fichier, importe_le = excluded.importe_le,
             departements = excluded.departements, non_trouves = excluded.non_trouves, sceau = excluded.sceau
         RETURNING id",
        params![
            file.source,
            file.edition,
            series.indicator,
            series.period,
            name,
            super::now(),
            departements,
            unmatched,
            seal(after),
        ],
        |row| row.get(0),
    )?;
    let mut delete = transaction.prepare_cached(
        "DELETE FROM valeurs WHERE edition = ? AND niveau = ? AND territoire = ?",
    )?;
    for place in replacement.removed() {
        delete.execute(params![id, place.level.name(), place.code])?;
    }
    let mut insert = transaction.prepare_cached(
        "INSERT OR REPLACE INTO valeurs (edition, niveau, territoire, valeur, categorie, absence)
         VALUES (?, ?, ?, ?, ?, ?)",
    )?;
    for (place, reading) in after {
        if before.get(place) == Some(reading) {
            continue;
        }
        let (number, category, reason) = match reading {
            Reading::Number(number) => (Some(*number), None, None),
            Reading::Category(category) => (None, Some(category.as_str()), None),
            Reading::Absent(reason) => (None, None, Some(reason.name())),
        };
        insert.execute(params![
            id,
            place.level.name(),
            place.code,
            number,
            category,
            reason
        ])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::config::Absence;
    use crate::intake::table::PlaceKeys;

    fn file(values: &[(&str, Reading)], departements: &[&str]) -> TableFile {
        let values = values.iter();
        TableFile {
            source: "lovac".into(),
            edition: 2026,
            series: vec![IndicatorSeries {
                indicator: "vacants".into(),
                period: 2025,
                values: values
                    .map(|(code, reading)| (Place::new(Level::Commune, *code), reading.clone()))
                    .collect(),
            }],
            lines: 1,
            without_place: 0,
            elsewhere: 0,
            unmatched: vec!["99999".into()],
            lost_keys: Vec::new(),
            former: Vec::new(),
            separated: Vec::new(),
            departements: departements.iter().map(|code| (*code).to_owned()).collect(),
            keys: PlaceKeys::new(),
        }
    }

    fn all(database: &Database) -> Readings {
        let editions = database.indicator_editions().unwrap();
        assert_eq!(editions.len(), 1);
        database.indicator_values(&editions[0]).unwrap()
    }

    #[test]
    fn a_file_replaces_its_edition_where_it_has_lines() {
        use Reading::{Absent, Category, Number};
        let mut database = Database::in_memory().unwrap();
        assert_eq!(database.indicators_digest().unwrap(), None);
        let first = file(
            &[("95018", Number(905.0)), ("95002", Absent(Absence::Secret))],
            &["95"],
        );
        let changes = database.store_indicators("a.csv", &first).unwrap();
        assert_eq!((changes.added, changes.changed, changes.removed), (2, 0, 0));
        let digest = database.indicators_digest().unwrap();
        assert!(
            database
                .store_indicators("a.csv", &first)
                .unwrap()
                .is_nothing()
        );
        assert_eq!(database.indicators_digest().unwrap(), digest);

        let elsewhere = file(&[("83137", Category("C".into()))], &["83"]);
        database.store_indicators("b.csv", &elsewhere).unwrap();
        let again = file(&[("95018", Number(910.0))], &["95"]);
        let changes = database.store_indicators("c.csv", &again).unwrap();
        assert_eq!((changes.added, changes.changed, changes.removed), (0, 1, 1));
        assert_eq!(changes.largest[0].after, 910.0);
        let expected = [("83137", Category("C".into())), ("95018", Number(910.0))];
        let expected = expected.map(|(code, reading)| (Place::new(Level::Commune, code), reading));
        let expected = BTreeMap::from(expected);
        assert_eq!(all(&database), expected);
        let editions = database.indicator_editions().unwrap();
        assert_eq!(
            editions[0].departements,
            BTreeSet::from(["83".into(), "95".into()])
        );
        assert_eq!(
            database.held_indicators("lovac").unwrap()["vacants"],
            expected
        );
    }

    #[test]
    fn a_new_edition_is_held_against_the_numbers_in_use_before_it_is_stored() {
        use Reading::Number;
        let mut database = Database::in_memory().unwrap();
        let first = file(&[("95018", Number(905.0)), ("95002", Number(3.0))], &["95"]);
        database.store_indicators("a.csv", &first).unwrap();
        let mut next = file(
            &[("95018", Number(910.0)), ("95002", Number(30.0))],
            &["95"],
        );
        next.edition += 1;
        next.series[0].period += 1;
        let changes = database.preview_indicators(&next).unwrap();
        assert_eq!((changes.added, changes.changed), (2, 0));
        let largest = changes.largest.iter();
        let largest: Vec<_> = largest
            .map(|one| (one.place.as_str(), one.before, one.after))
            .collect();
        assert_eq!(largest, [("95002", 3.0, 30.0), ("95018", 905.0, 910.0)]);
    }

    #[test]
    fn a_file_of_a_departement_leaves_wider_places_of_others() {
        let of = |level, code: &str, departement: &str| {
            let mut file = file(&[], &[departement]);
            let place = Place::new(level, code);
            file.series[0].values = BTreeMap::from([(place, Reading::Number(1.0))]);
            file
        };
        for (level, first, second) in [
            (Level::Departement, "95", "83"),
            (Level::Epci, "249500109", "248300543"),
        ] {
            let mut database = Database::in_memory().unwrap();
            for (code, departement) in [(first, "95"), (second, "83")] {
                let changes = database.store_indicators("a.csv", &of(level, code, departement));
                assert_eq!(changes.unwrap().removed, 0);
            }
            assert_eq!(all(&database).len(), 2);
        }
    }

    #[test]
    fn altered_values_are_never_shown() {
        for alteration in [
            "SET valeur = 1",
            "SET territoire = '95019'",
            "SET valeur = NULL, absence = 'secret'",
        ] {
            let mut database = Database::in_memory().unwrap();
            let first = file(&[("95018", Reading::Number(905.0))], &["95"]);
            database.store_indicators("a.csv", &first).unwrap();
            let alter = format!("UPDATE valeurs {alteration}");
            assert_eq!(database.connection.execute(&alter, []).unwrap(), 1);
            let editions = database.indicator_editions().unwrap();
            let error = database.indicator_values(&editions[0]).unwrap_err();
            assert!(
                matches!(error, DbError::AlteredIndicators { .. }),
                "{alteration}"
            );
        }
    }

    #[test]
    fn an_altered_edition_is_known() {
        let mut database = Database::in_memory().unwrap();
        let first = file(&[("95018", Reading::Number(905.0))], &["95"]);
        database.store_indicators("a.csv", &first).unwrap();
        assert!(database.altered_tables().unwrap().is_empty());
        let alter = "UPDATE editions SET departements = '83'";
        database.connection.execute(alter, []).unwrap();
        assert_eq!(database.altered_tables().unwrap(), ["editions"]);
        let error = database.store_indicators("a.csv", &first).unwrap_err();
        assert!(matches!(error, DbError::AlteredTable { table: "editions" }));
    }
}
