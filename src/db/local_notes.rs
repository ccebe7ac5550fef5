//! Notes on communes: what the table of each operator held last, and the day that they were last held against.
//!
//! What has expired stays in the database until its operator removes it, and is shown nowhere: a row whose last day is set
//! later comes back, and the day that decides it is data, so that a build reads no clock.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rusqlite::{Connection, Row, Transaction, params};
use serde::Serialize;

use super::{Database, DbError};
use crate::intake::notes::{LocalFigure, LocalNote, NotesFile};

/// The notes of a source.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceNotes {
    /// The source's id.
    pub source: String,
    /// The day that they were last held against.
    pub day: Date,
    /// All of them, by their rows.
    pub notes: Vec<LocalNote>,
}

/// What reading an operator's table changed of what pages show, or would change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NoteChanges {
    /// Notes that are shown for the first time.
    pub added: u64,
    /// Notes that are others than before.
    pub changed: u64,
    /// Notes that are not shown any more, expired or removed.
    pub removed: u64,
    /// The communes that have notes now.
    pub communes: BTreeSet<String>,
    /// What has expired of the table.
    pub expired: ExpiredNotes,
}

/// Notes that have expired.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ExpiredNotes {
    /// The source's id.
    pub source: String,
    /// Their rows.
    pub rows: Vec<i64>,
    /// The communes that they are on.
    pub communes: BTreeSet<String>,
}

impl SourceNotes {
    /// The notes that have not expired.
    pub fn in_force(&self) -> impl Iterator<Item = &LocalNote> {
        let notes = self.notes.iter();
        notes.filter(|note| !note.has_expired(self.day))
    }

    fn seal(&self) -> Result<[u8; 32], DbError> {
        let text = serde_json::to_vec(&(&self.source, self.day, &self.notes))?;
        Ok(blake3::hash(&text).into())
    }
}

impl NoteChanges {
    /// Whether pages show what they showed.
    pub fn is_nothing(&self) -> bool {
        self.added + self.changed + self.removed == 0
    }

    fn between(before: Option<&SourceNotes>, after: &SourceNotes) -> Self {
        let by_row = |notes: &SourceNotes| -> BTreeMap<i64, LocalNote> {
            let notes = notes.in_force().map(|note| (note.row, note.clone()));
            notes.collect()
        };
        let old = before.map(by_row).unwrap_or_default();
        let new = by_row(after);
        let changed =
            |(row, note): &(&i64, &LocalNote)| old.get(row).is_some_and(|before| before != *note);
        Self {
            added: new.keys().filter(|row| !old.contains_key(row)).count() as u64,
            changed: new.iter().filter(changed).count() as u64,
            removed: old.keys().filter(|row| !new.contains_key(row)).count() as u64,
            communes: new.into_values().map(|note| note.commune).collect(),
            expired: ExpiredNotes::among(after, |note| note.has_expired(after.day)),
        }
    }
}

impl ExpiredNotes {
    /// The expiries of those of some notes for which something holds.
    fn among(notes: &SourceNotes, is_expired: impl Fn(&&LocalNote) -> bool) -> Self {
        let expired: Vec<_> = notes.notes.iter().filter(is_expired).collect();
        Self {
            source: notes.source.clone(),
            rows: expired.iter().map(|note| note.row).collect(),
            communes: expired.iter().map(|note| note.commune.clone()).collect(),
        }
    }
}

impl Database {
    /// The notes of each source, by its id.
    ///
    /// # Errors
    /// When SQLite fails, or they are not those that were imported.
    pub fn local_notes(&self) -> Result<Vec<SourceNotes>, DbError> {
        let mut statement = self
            .connection
            .prepare("SELECT source, jour, sceau FROM sources_de_notes ORDER BY source")?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let source: String = row.get(0)?;
            let altered = || DbError::AlteredNotes {
                source_id: source.clone(),
            };
            let day = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            let day = day.parse().map_err(|_| altered())?;
            let notes = notes(&self.connection, &source)?.ok_or_else(altered)?;
            let known = SourceNotes {
                source: source.clone(),
                day,
                notes,
            };
            let sealed = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
            if known.seal()? != *sealed {
                return Err(altered());
            }
            all.push(known);
        }
        Ok(all)
    }

    /// Stands for all notes that are shown; `None` where there are none.
    ///
    /// # Errors
    /// As [`Database::local_notes`].
    pub fn local_notes_digest(&self) -> Result<Option<blake3::Hash>, DbError> {
        let known = self.local_notes()?;
        let shown = known.iter().map(|known| {
            let notes: Vec<_> = known.in_force().collect();
            (&known.source, notes)
        });
        let shown: Vec<_> = shown.filter(|(_, notes)| !notes.is_empty()).collect();
        match shown.is_empty() {
            true => Ok(None),
            false => Ok(Some(blake3::hash(&serde_json::to_vec(&shown)?))),
        }
    }

    /// What reading a table on a day would change.
    ///
    /// # Errors
    /// As [`Database::local_notes`].
    pub fn preview_local_notes(
        &self,
        file: &NotesFile,
        today: Date,
    ) -> Result<NoteChanges, DbError> {
        let before = self.local_notes_before(&file.source)?;
        Ok(NoteChanges::between(before.as_ref(), &after(file, today)))
    }

    /// Puts the notes of a table in the place of those of its source, in one transaction, held against a day.
    ///
    /// # Errors
    /// When SQLite fails; the old ones then stay.
    pub fn store_local_notes(
        &mut self,
        name: &str,
        file: &NotesFile,
        today: Date,
    ) -> Result<NoteChanges, DbError> {
        let before = self.local_notes_before(&file.source)?;
        let after = after(file, today);
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "INSERT INTO sources_de_notes (source, fichier, importe_le, jour, sceau) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET fichier = excluded.fichier, importe_le = excluded.importe_le,
                 jour = excluded.jour, sceau = excluded.sceau",
            params![
                after.source,
                name,
                super::now(),
                today.to_string(),
                after.seal()?
            ],
        )?;
        replace(&transaction, &after)?;
        transaction.commit()?;
        Ok(NoteChanges::between(before.as_ref(), &after))
    }

    /// Holds all notes against a day, in one transaction, and gives by source those that were shown until now. Where nothing
    /// comes or goes by it, nothing is written.
    ///
    /// # Errors
    /// As [`Database::local_notes`].
    pub fn expire_local_notes(&mut self, today: Date) -> Result<Vec<ExpiredNotes>, DbError> {
        let known = self.local_notes()?;
        let transaction = self.connection.transaction()?;
        let mut expired = Vec::new();
        for before in known {
            let moves = |note: &LocalNote| note.has_expired(before.day) != note.has_expired(today);
            if !before.notes.iter().any(moves) {
                continue;
            }
            let left = ExpiredNotes::among(&before, |note| {
                !note.has_expired(before.day) && note.has_expired(today)
            });
            expired.extend((!left.rows.is_empty()).then_some(left));
            let now = SourceNotes {
                day: today,
                ..before
            };
            transaction.execute(
                "UPDATE sources_de_notes SET jour = ?, sceau = ? WHERE source = ?",
                params![today.to_string(), now.seal()?, now.source],
            )?;
        }
        transaction.commit()?;
        Ok(expired)
    }

    /// The notes of a source before others take their place; those that were altered count for none.
    fn local_notes_before(&self, source: &str) -> Result<Option<SourceNotes>, DbError> {
        match self.local_notes() {
            Err(DbError::AlteredNotes { .. }) => Ok(None),
            known => Ok(known?.into_iter().find(|known| known.source == source)),
        }
    }
}

/// The notes of a source once a table was read on a day.
fn after(file: &NotesFile, today: Date) -> SourceNotes {
    SourceNotes {
        source: file.source.clone(),
        day: today,
        notes: file.notes.clone(),
    }
}

/// The notes of a source, by their rows; `None` where one of them cannot be what was stored.
fn notes(connection: &Connection, source: &str) -> Result<Option<Vec<LocalNote>>, DbError> {
    let mut statement = connection.prepare_cached(
        "SELECT ligne, commune, texte, lien, libelle, nombre, unite, valable_jusqu_au
         FROM notes_locales WHERE source = ? ORDER BY ligne",
    )?;
    let rows = statement.query_map([source], note)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn note(row: &Row<'_>) -> rusqlite::Result<Option<LocalNote>> {
    let label: Option<String> = row.get(4)?;
    let number: Option<f64> = row.get(5)?;
    let unit = row.get(6)?;
    let figure = label.zip(number).map(|(label, number)| LocalFigure {
        label,
        number,
        unit,
    });
    let day: Option<String> = row.get(7)?;
    let Ok(valid_until) = day.map(|day| day.parse()).transpose() else {
        return Ok(None);
    };
    Ok(Some(LocalNote {
        row: row.get(0)?,
        commune: row.get(1)?,
        text: row.get(2)?,
        link: row.get(3)?,
        figure,
        valid_until,
    }))
}

/// Puts notes in the place of those of their source.
fn replace(transaction: &Transaction<'_>, after: &SourceNotes) -> Result<(), DbError> {
    let mut delete = transaction.prepare_cached("DELETE FROM notes_locales WHERE source = ?")?;
    delete.execute([&after.source])?;
    let mut insert = transaction.prepare_cached(
        "INSERT INTO notes_locales (source, ligne, commune, texte, lien, libelle, nombre, unite, valable_jusqu_au)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    for note in &after.notes {
        let figure = note.figure.as_ref();
        insert.execute(params![
            after.source,
            note.row,
            note.commune,
            note.text,
            note.link,
            figure.map(|figure| &figure.label),
            figure.map(|figure| figure.number),
            figure.and_then(|figure| figure.unit.as_ref()),
            note.valid_until.map(|day| day.to_string()),
        ])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn note(row: i64, commune: &str, valid_until: Option<&str>) -> LocalNote {
        LocalNote {
            row,
            commune: commune.into(),
            text: Some("Une note.\nDeux lignes.".into()),
            link: Some("https://ville.example.fr/".into()),
            figure: Some(LocalFigure {
                label: "Permis".into(),
                number: 12.5,
                unit: None,
            }),
            valid_until: valid_until.map(day),
        }
    }

    fn file(source: &str, notes: Vec<LocalNote>) -> NotesFile {
        NotesFile {
            source: source.into(),
            rows: notes.len(),
            notes,
            ..NotesFile::default()
        }
    }

    #[test]
    fn a_table_replaces_what_its_source_said_and_nothing_else() {
        let mut database = Database::in_memory().unwrap();
        let today = day("2026-11-27");
        assert_eq!(database.local_notes_digest().unwrap(), None);
        let other = file("agence", vec![note(1, "97302", None)]);
        database.store_local_notes("b.json", &other, today).unwrap();
        let first = file(
            "mairie",
            vec![note(1, "83137", None), note(2, "83061", None)],
        );
        let preview = database.preview_local_notes(&first, today).unwrap();
        let changes = database.store_local_notes("a.json", &first, today).unwrap();
        assert_eq!(changes, preview);
        assert_eq!((changes.added, changes.changed, changes.removed), (2, 0, 0));
        let digest = database.local_notes_digest().unwrap();
        let again = database.store_local_notes("c.json", &first, today).unwrap();
        assert!(again.is_nothing());
        assert_eq!(database.local_notes_digest().unwrap(), digest);

        let mut changed = note(2, "83061", None);
        changed.text = None;
        let second = file("mairie", vec![changed, note(3, "83137", None)]);
        let changes = database
            .store_local_notes("d.json", &second, today)
            .unwrap();
        assert_eq!((changes.added, changes.changed, changes.removed), (1, 1, 1));
        let known = database.local_notes().unwrap();
        assert_eq!(known[0].notes, other.notes);
        assert_eq!(known[1].notes, second.notes);
        let none = file("mairie", Vec::new());
        let changes = database.store_local_notes("e.json", &none, today).unwrap();
        assert_eq!(changes.removed, 2);
    }

    #[test]
    fn a_note_is_shown_on_its_last_day_and_gone_on_the_next() {
        let mut database = Database::in_memory().unwrap();
        let notes = vec![
            note(1, "83137", Some("2026-11-30")),
            note(2, "83061", Some("2026-11-20")),
            note(3, "83126", None),
        ];
        let file = file("mairie", notes);
        let stored = database.store_local_notes("a.json", &file, day("2026-11-27"));
        let changes = stored.unwrap();
        assert_eq!((changes.added, &changes.expired.rows[..]), (2, &[2][..]));
        let rows = |database: &Database| -> Vec<i64> {
            let known = database.local_notes().unwrap();
            known[0].in_force().map(|note| note.row).collect()
        };
        let digest = database.local_notes_digest().unwrap();
        assert_eq!(database.expire_local_notes(day("2026-11-30")).unwrap(), []);
        assert_eq!(rows(&database), [1, 3]);
        assert_eq!(database.local_notes_digest().unwrap(), digest);
        let expired = database.expire_local_notes(day("2026-12-01")).unwrap();
        assert_eq!(expired[0].rows, [1]);
        assert_eq!(expired[0].communes, BTreeSet::from(["83137".to_owned()]));
        assert_eq!(rows(&database), [3]);
        assert_ne!(database.local_notes_digest().unwrap(), digest);
        assert_eq!(database.expire_local_notes(day("2026-12-02")).unwrap(), []);
        // Its operator gives it more time: it is shown again, and none of the other rows is new.
        let mut longer = file.clone();
        longer.notes[0].valid_until = Some(day("2027-01-31"));
        let stored = database.store_local_notes("b.json", &longer, day("2026-12-02"));
        let changes = stored.unwrap();
        assert_eq!((changes.added, changes.changed, changes.removed), (1, 0, 0));
    }

    #[test]
    fn altered_notes_are_never_shown() {
        for alteration in [
            "UPDATE notes_locales SET texte = 'Une autre.'",
            "UPDATE notes_locales SET commune = '83061'",
            "UPDATE notes_locales SET nombre = 13",
            "UPDATE notes_locales SET valable_jusqu_au = NULL",
            "UPDATE notes_locales SET valable_jusqu_au = 'demain'",
            "UPDATE sources_de_notes SET jour = '2026-01-01'",
            "UPDATE sources_de_notes SET jour = 'hier'",
            "DELETE FROM notes_locales",
        ] {
            let mut database = Database::in_memory().unwrap();
            let (today, file) = (
                day("2026-11-27"),
                file("mairie", vec![note(1, "83137", Some("2026-11-20"))]),
            );
            database.store_local_notes("a.json", &file, today).unwrap();
            assert_eq!(database.connection.execute(alteration, []).unwrap(), 1);
            for outcome in [
                database.local_notes().map(drop),
                database.local_notes_digest().map(drop),
                database.expire_local_notes(today).map(drop),
            ] {
                let is_told = matches!(outcome, Err(DbError::AlteredNotes { .. }));
                assert!(is_told, "{alteration}");
            }
            // Their own file brings them back.
            database.store_local_notes("a.json", &file, today).unwrap();
            assert_eq!(database.local_notes().unwrap()[0].notes, file.notes);
        }
    }
}
