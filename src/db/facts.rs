//! Facts by place and day: what each source delivered last of each zone and day.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use rusqlite::types::{Type, Value};
use rusqlite::{Connection, OptionalExtension, Transaction, params, params_from_iter};
use serde::Serialize;

use super::{Database, DbError};
use crate::base::stop::StopPoint;
use crate::intake::facts::FactsFile;

/// Dimensions that a row of facts has room for.
const DIMENSIONS: usize = 3;

/// What importing a file of facts changed, or would change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FactsChanges {
    /// Days of zones that are delivered for the first time.
    pub added: u64,
    /// Days of zones that take the place of those delivered before.
    pub replaced: u64,
    /// Days of zones that stay as a file told them that was delivered after the first edition of this one.
    pub kept: u64,
}

/// The facts of a zone on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ZoneDay {
    /// Stands for the zone.
    pub zone: i64,
    /// The day, or the Monday of a week.
    pub day: Date,
    /// Their sum.
    pub sum: f64,
    /// How many they are; 0 where the day was delivered without any.
    pub facts: u32,
}

impl Database {
    /// What stood for a file of a source, and for how it was read, when it was imported last; `None` where it never was.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn facts_digest(&self, source: &str, file: &str) -> Result<Option<blake3::Hash>, DbError> {
        let digest = self.connection.query_row(
            "SELECT empreinte FROM faits_fichiers WHERE source = ? AND nom = ?",
            [source, file],
            |row| row.get::<_, [u8; 32]>(0),
        );
        Ok(digest.optional()?.map(blake3::Hash::from_bytes))
    }

    /// How many files of a source were imported.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn facts_files(&self, source: &str) -> Result<u32, DbError> {
        let count = "SELECT count(*) FROM faits_fichiers WHERE source = ?";
        let count = self.connection.query_row(count, [source], |row| row.get(0));
        Ok(count?)
    }

    /// The codes of the communes of the zones of a source, of today or former.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn facts_communes(&self, source: &str) -> Result<BTreeSet<String>, DbError> {
        let mut statement = self.connection.prepare(
            "SELECT commune FROM faits_communes JOIN faits_zones ON id = zone WHERE source = ?",
        )?;
        let rows = statement.query_map([source], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The days of the zones of a source, in the order of the days.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn facts_days(&self, source: &str) -> Result<Vec<ZoneDay>, DbError> {
        let mut statement = self.connection.prepare(
            "SELECT d.zone, d.jour, total(f.valeur), count(f.valeur)
             FROM faits_zones z JOIN faits_jours d ON d.zone = z.id LEFT JOIN faits f ON f.jour = d.id
             WHERE z.source = ? GROUP BY d.id ORDER BY d.jour, d.zone",
        )?;
        let rows = statement.query_map([source], |row| {
            let day = row.get::<_, String>(1)?.parse();
            let unread = |error: jiff::Error| {
                rusqlite::Error::FromSqlConversionFailure(1, Type::Text, error.into())
            };
            Ok(ZoneDay {
                zone: row.get(0)?,
                day: day.map_err(unread)?,
                sum: row.get(2)?,
                facts: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What importing a file under its name would change.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn preview_facts(&self, name: &str, file: &FactsFile) -> Result<FactsChanges, DbError> {
        let known = self.connection.query_row(
            "SELECT id FROM faits_fichiers WHERE source = ? AND nom = ?",
            [&file.source, name],
            |row| row.get(0),
        );
        // The id of a new one comes after all others.
        let file_id = known.optional()?.unwrap_or(i64::MAX);
        let mut changes = FactsChanges::default();
        for (key, day) in file.days.keys() {
            let known = delivered(&self.connection, &file.source, key, *day)?;
            changes.count(known, file_id);
        }
        Ok(changes)
    }

    /// Puts the facts of a file in the place of all that were delivered before of the same zones and days, and remembers by
    /// its name what stands for it: all in one transaction, a `batch` of facts a statement. Files are in the order in which
    /// they came first: a new edition of one leaves alone what a later one tells.
    ///
    /// # Errors
    /// When SQLite fails; what was there then stays.
    pub fn store_facts(
        &mut self,
        (name, digest): (&str, blake3::Hash),
        file: &FactsFile,
        batch: usize,
    ) -> Result<FactsChanges, DbError> {
        let transaction = self.connection.transaction()?;
        let file_id = id(
            &transaction,
            "INSERT INTO faits_fichiers (source, nom, empreinte, importe_le) VALUES (?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET empreinte = excluded.empreinte, importe_le = excluded.importe_le RETURNING id",
            params![file.source, name, digest.as_bytes(), super::now()],
        )?;
        let zones = store_zones(&transaction, file)?;
        let mut labels = Labels::store(&transaction, file)?;
        let mut changes = FactsChanges::default();
        let mut rows = Vec::new();
        for ((key, day), facts) in &file.days {
            let known = delivered(&transaction, &file.source, key, *day)?;
            if !changes.count(known, file_id) {
                continue;
            }
            if let Some((known, _)) = known {
                let delete = "DELETE FROM faits WHERE jour = ?";
                transaction.prepare_cached(delete)?.execute([known])?;
            }
            let day_id = id(
                &transaction,
                "INSERT INTO faits_jours (zone, jour, fichier) VALUES (?, ?, ?)
                 ON CONFLICT DO UPDATE SET fichier = excluded.fichier RETURNING id",
                params![zones[key.as_str()], day.to_string(), file_id],
            )?;
            for (values, number) in facts {
                let mut row = vec![Value::from(day_id)];
                for (dimension, value) in values.iter().enumerate() {
                    row.push(labels.id(&transaction, dimension, value)?.into());
                }
                rows.push(filled(row, 1, *number));
            }
        }
        insert(&transaction, "faits", &rows, batch)?;
        StopPoint::ImportWritten.reach();
        transaction.commit()?;
        StopPoint::ImportCommitted.reach();
        Ok(changes)
    }

    /// Empties the table of tests.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn clear_test_facts(&self) -> Result<(), DbError> {
        self.connection.execute("DELETE FROM faits_essai", [])?;
        Ok(())
    }

    /// Puts the facts of a file into the table of tests, as [`Database::store_facts`] puts them where they count.
    ///
    /// # Errors
    /// When SQLite fails; what was there then stays.
    pub fn store_test_facts(
        &mut self,
        file: &FactsFile,
        batch: usize,
    ) -> Result<FactsChanges, DbError> {
        let transaction = self.connection.transaction()?;
        let mut changes = FactsChanges::default();
        let mut rows = Vec::new();
        for ((key, day), facts) in &file.days {
            let (zone, day) = (&file.zones[key].name, day.to_string());
            let delete = "DELETE FROM faits_essai WHERE zone = ? AND jour = ?";
            let deleted = transaction.prepare_cached(delete)?.execute([zone, &day])?;
            changes.count((deleted > 0).then_some((0, 0)), 0);
            for (values, number) in facts {
                let texts = [&file.source, zone, &day].into_iter().chain(values);
                let row = texts.map(|text| Value::from(text.clone())).collect();
                rows.push(filled(row, 3, *number));
            }
        }
        insert(&transaction, "faits_essai", &rows, batch)?;
        transaction.commit()?;
        Ok(changes)
    }
}

impl FactsChanges {
    /// Counts a day of a zone that `file` tells of, which was delivered before under an id by another file or was not. Whether
    /// it takes the place of what is known.
    fn count(&mut self, known: Option<(i64, i64)>, file: i64) -> bool {
        let counter = match known {
            None => &mut self.added,
            Some((_, other)) if other > file => &mut self.kept,
            Some(_) => &mut self.replaced,
        };
        *counter += 1;
        known.is_none_or(|(_, other)| other <= file)
    }
}

/// The id of a day of a zone, and that of the file that delivered it last; `None` where it never was.
fn delivered(
    connection: &Connection,
    source: &str,
    zone: &str,
    day: Date,
) -> Result<Option<(i64, i64)>, DbError> {
    let mut statement = connection.prepare_cached(
        "SELECT d.id, d.fichier FROM faits_zones z JOIN faits_jours d ON d.zone = z.id
         WHERE z.source = ? AND z.cle = ? AND d.jour = ?",
    )?;
    let found = statement.query_row(params![source, zone, day.to_string()], |row| {
        Ok((row.get(0)?, row.get(1)?))
    });
    Ok(found.optional()?)
}

/// The id of a row that is made, or made anew.
fn id(
    transaction: &Transaction<'_>,
    upsert: &str,
    values: impl rusqlite::Params,
) -> Result<i64, DbError> {
    let mut statement = transaction.prepare_cached(upsert)?;
    Ok(statement.query_row(values, |row| row.get(0))?)
}

/// Stores the zones of a file as they are declared now, and gives their ids by their keys.
fn store_zones<'f>(
    transaction: &Transaction<'_>,
    file: &'f FactsFile,
) -> Result<BTreeMap<&'f str, i64>, DbError> {
    let mut ids = BTreeMap::new();
    for (key, zone) in &file.zones {
        let zone_id = id(
            transaction,
            "INSERT INTO faits_zones (source, cle, nom) VALUES (?, ?, ?)
             ON CONFLICT DO UPDATE SET nom = excluded.nom RETURNING id",
            params![file.source, key, zone.name],
        )?;
        transaction.execute("DELETE FROM faits_communes WHERE zone = ?", [zone_id])?;
        for commune in &zone.communes {
            let insert = "INSERT INTO faits_communes (zone, commune) VALUES (?, ?)";
            transaction.execute(insert, params![zone_id, commune])?;
        }
        ids.insert(key.as_str(), zone_id);
    }
    Ok(ids)
}

/// The ids of the values of the dimensions.
struct Labels<'f> {
    dimensions: Vec<i64>,
    known: HashMap<(usize, &'f str), i64>,
}

impl<'f> Labels<'f> {
    fn store(transaction: &Transaction<'_>, file: &FactsFile) -> Result<Self, DbError> {
        let names = file.dimensions.iter();
        let ids = names.map(|name| {
            let upsert = "INSERT INTO faits_dimensions (source, nom) VALUES (?, ?)
                          ON CONFLICT DO UPDATE SET nom = excluded.nom RETURNING id";
            id(transaction, upsert, [&file.source, name])
        });
        Ok(Self {
            dimensions: ids.collect::<Result<_, _>>()?,
            known: HashMap::new(),
        })
    }

    fn id(
        &mut self,
        transaction: &Transaction<'_>,
        dimension: usize,
        value: &'f str,
    ) -> Result<i64, DbError> {
        if let Some(known) = self.known.get(&(dimension, value)) {
            return Ok(*known);
        }
        let id = id(
            transaction,
            "INSERT INTO faits_modalites (dimension, libelle) VALUES (?, ?)
             ON CONFLICT DO UPDATE SET libelle = excluded.libelle RETURNING id",
            params![self.dimensions[dimension], value],
        )?;
        self.known.insert((dimension, value), id);
        Ok(id)
    }
}

/// A row that begins with so many values before those of its dimensions, and ends with a number.
fn filled(mut row: Vec<Value>, before: usize, number: f64) -> Vec<Value> {
    row.resize(before + DIMENSIONS, Value::Null);
    row.push(number.into());
    row
}

/// Inserts rows into a table, a batch a statement.
fn insert(
    transaction: &Transaction<'_>,
    table: &str,
    rows: &[Vec<Value>],
    batch: usize,
) -> Result<(), DbError> {
    for rows in rows.chunks(batch) {
        let row = format!("({})", vec!["?"; rows[0].len()].join(", "));
        let insert = format!(
            "INSERT INTO {table} VALUES {}",
            vec![row; rows.len()].join(", ")
        );
        let values = params_from_iter(rows.iter().flatten());
        transaction.prepare_cached(&insert)?.execute(values)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::LazyLock;

    use indicatif::ProgressBar;
    use proptest::prelude::*;

    use super::*;
    use crate::config::Facts;
    use crate::geo::Geography;
    use crate::intake::cog;

    static PLACES: LazyLock<Geography> = LazyLock::new(|| cog::embedded().unwrap());

    /// Nights of two origins; nothing of 0 or less.
    static NIGHTS: LazyLock<Facts> = LazyLock::new(|| {
        toml::from_str(
            r#"folder = "in"
files = ["*.csv"]
date = "jour"
place = "commune"
value = "nuits"
positive = true
dimensions = ["origine"]
attribution = "volumes made up"
"#,
        )
        .unwrap()
    });

    /// Lines of a delivery: day, commune, origin, volume.
    type Delivery = Vec<(i8, usize, usize, i32)>;

    const COMMUNES: [&str; 3] = ["15014", "15187", "15258"];
    const ORIGINS: [&str; 2] = ["France", "Chine"];

    fn file(folder: &Path, delivery: &Delivery) -> FactsFile {
        let lines = delivery.iter().map(|(day, commune, origin, volume)| {
            format!(
                "2024-05-{day:02};{};{};{volume}\n",
                COMMUNES[*commune], ORIGINS[*origin]
            )
        });
        let text = format!("jour;commune;origine;nuits\n{}", lines.collect::<String>());
        let path = folder.join("in.csv");
        crate::files::write(&path, text.as_bytes()).unwrap();
        let bar = ProgressBar::hidden();
        FactsFile::read(&path, "nuitees", &NIGHTS, None, &PLACES, &bar).unwrap()
    }

    fn texts(database: &Database, query: &str) -> Vec<String> {
        let mut statement = database.connection.prepare(query).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

        #[test]
        fn any_deliveries_leave_what_came_last_of_each_zone_and_day(
            deliveries in prop::collection::vec(
                (0..4_u8, prop::collection::vec((1..5_i8, 0..3_usize, 0..2_usize, -2..20_i32), 0..12)),
                1..6,
            ),
            batch in 1..9_usize,
        ) {
            let folder = tempfile::tempdir().unwrap();
            let mut database = Database::in_memory().unwrap();
            // The rows of the last delivery of each commune and day, by plain rules, with the number of the file that it came in.
            let mut model = BTreeMap::<_, (usize, BTreeMap<_, i32>)>::new();
            let mut names = Vec::new();
            for (name, delivery) in &deliveries {
                let mut delivered = BTreeMap::<_, BTreeMap<_, i32>>::new();
                for (day, commune, origin, volume) in delivery {
                    let rows = delivered.entry((*commune, *day)).or_default();
                    if *volume > 0 {
                        *rows.entry(*origin).or_default() += volume;
                    }
                }
                if !names.contains(name) {
                    names.push(*name);
                }
                let number = names.iter().position(|known| known == name).unwrap();
                let all = delivered.len();
                let known = delivered.keys().filter(|key| model.contains_key(*key)).count();
                // What a file that came later for the first time tells stays.
                delivered.retain(|key, _| model.get(key).is_none_or(|(other, _)| *other <= number));
                let kept = all - delivered.len();
                let expected = FactsChanges {
                    added: (all - known) as u64,
                    replaced: (known - kept) as u64,
                    kept: kept as u64,
                };
                let file = file(folder.path(), delivery);
                let name = format!("{name}.csv");
                prop_assert_eq!(database.preview_facts(&name, &file).unwrap(), expected);
                let changes = database.store_facts((&name, blake3::hash(b"")), &file, batch).unwrap();
                prop_assert_eq!(changes, expected);
                model.extend(delivered.into_iter().map(|(key, rows)| (key, (number, rows))));
            }
            let rows = model.iter().flat_map(|((commune, day), (_, rows))| {
                rows.iter().map(move |(origin, sum)| {
                    format!("{} 2024-05-{day:02} {} {sum}.0", COMMUNES[*commune], ORIGINS[*origin])
                })
            });
            let mut rows: Vec<_> = rows.collect();
            rows.sort();
            let query = "SELECT zone || ' ' || jour || ' ' || modalite_1 || ' ' || valeur FROM faits_par_jour ORDER BY 1";
            prop_assert_eq!(texts(&database, query), rows.clone());
            let days = database.facts_days("nuitees").unwrap();
            prop_assert_eq!(days.len(), model.len());
            let sum: f64 = days.iter().map(|known| known.sum).sum();
            let expected: i32 = model.values().flat_map(|(_, rows)| rows.values()).sum();
            prop_assert_eq!(sum, f64::from(expected));
            prop_assert_eq!(days.iter().map(|known| known.facts as usize).sum::<usize>(), rows.len());
        }
    }

    #[test]
    fn a_source_has_its_own_files_zones_and_days() {
        let folder = tempfile::tempdir().unwrap();
        let mut database = Database::in_memory().unwrap();
        let nights = file(folder.path(), &vec![(1, 0, 0, 5), (1, 1, 0, 0)]);
        let other = FactsFile {
            source: "passages".into(),
            ..nights.clone()
        };
        let digest = blake3::hash(b"a");
        for file in [&nights, &other] {
            let changes = database.store_facts(("a.csv", digest), file, 500).unwrap();
            assert_eq!((changes.added, changes.replaced), (2, 0));
        }
        for source in ["nuitees", "passages"] {
            assert_eq!(database.facts_files(source).unwrap(), 1);
            assert_eq!(
                database.facts_digest(source, "a.csv").unwrap(),
                Some(digest)
            );
            assert_eq!(database.facts_digest(source, "b.csv").unwrap(), None);
            let communes = BTreeSet::from(["15014".into(), "15187".into()]);
            assert_eq!(database.facts_communes(source).unwrap(), communes);
            let days = database.facts_days(source).unwrap();
            let told: Vec<_> = days.iter().map(|day| (day.sum, day.facts)).collect();
            assert_eq!(told, [(5.0, 1), (0.0, 0)]);
        }
        let tested = "SELECT zone || ' ' || jour || ' ' || valeur FROM faits_essai ORDER BY 1";
        let again = file(folder.path(), &vec![(1, 0, 0, 7), (2, 0, 0, 9)]);
        for file in [&nights, &again] {
            database.store_test_facts(file, 500).unwrap();
        }
        // A file has the place of those before it here too.
        let expected = ["15014 2024-05-01 7.0", "15014 2024-05-02 9.0"];
        assert_eq!(texts(&database, tested), expected);
        database.clear_test_facts().unwrap();
        assert_eq!(texts(&database, "SELECT zone FROM faits_essai"), [""; 0]);
    }
}
