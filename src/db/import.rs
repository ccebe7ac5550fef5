//! A file's mutations into the database: what is already there stays, what the file no longer holds goes, within the
//! file's scope only.

use std::collections::{BTreeMap, HashMap};

use rusqlite::types::ToSql;
use rusqlite::{Connection, Transaction, params};

use super::acts::{Settled, SettledSales, settle};
use super::best::keep_edition;
use super::claims::{WithdrawnClaim, withdrawn_claims};
use super::compare::{FileDifference, Withdrawn, compare, day, position, postal};
use super::edition_months::keep_months;
use super::keep::{check_rows, keep_changed, stale};
use super::{Database, DbError, seals};
use crate::base::kind::PropertyKind;
use crate::base::month::Months;
use crate::base::stop::StopPoint;
use crate::intake::dvf::{DvfContent, SalesFile, Scope};

/// What is known of a batch before it is applied.
pub struct Batch<'a> {
    /// Name of the file, without its folder.
    pub source_file: &'a str,
    /// Day on which the producer published the file, `2026-10-28`, where it is known.
    pub released: Option<&'a str>,
    /// RFC 3339, UTC.
    pub started_at: String,
    /// Whether it comes in against the gates.
    pub forced: bool,
}

/// Changes of a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct YearChange {
    /// What the database holds of the scope before the import.
    pub mutations_before: u64,
    /// Sales among [`Self::mutations_before`] that the method keeps.
    pub sales_before: u64,
    /// Mutations of the file that the database did not hold.
    pub mutations_added: u64,
    /// Mutations of the database that the file no longer holds.
    pub mutations_removed: u64,
    /// Sales that the file adds, corrections apart.
    pub sales_added: u64,
    /// Sales that the file withdraws, corrections apart.
    pub sales_removed: u64,
    /// Sales withdrawn for which another of the same commune, day and kind was added: the same sale with another price
    /// or surface. They count neither as added nor as removed.
    pub sales_corrected: u64,
}

impl YearChange {
    fn add(&mut self, other: &Self) {
        self.mutations_before += other.mutations_before;
        self.sales_before += other.sales_before;
        self.sales_corrected += other.sales_corrected;
        self.mutations_added += other.mutations_added;
        self.mutations_removed += other.mutations_removed;
        self.sales_added += other.sales_added;
        self.sales_removed += other.sales_removed;
    }

    fn settle(&mut self, sales: &SettledSales) {
        let new = sales.added.min(self.sales_added);
        // The others took the place of sales that were withdrawn.
        let corrected = sales.added - new;
        self.sales_corrected -= corrected;
        self.sales_removed += corrected + sales.lost;
        self.sales_added = self.sales_added - new + sales.regained;
    }
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// By year.
    pub years: BTreeMap<i16, YearChange>,
    /// Mutations whose place (coordinates, postal code, section) or land was told otherwise, nothing else.
    pub relocated: u64,
    /// Sales that are none any more, or are again, for what this and other files of communes hold of their acts.
    pub settled: u64,
    /// Months that the scope covers for the first time.
    pub months_added: u64,
    /// Months that an earlier edition claimed to cover, and held next to nothing of.
    pub withdrawn: Vec<Months>,
}

impl Applied {
    /// The changes of all years.
    pub fn total(&self) -> YearChange {
        let mut total = YearChange::default();
        for year in self.years.values() {
            total.add(year);
        }
        total
    }

    /// Whether the database was already as the file has it.
    pub fn is_unchanged(&self) -> bool {
        let total = self.total();
        total.mutations_added
            + total.mutations_removed
            + self.relocated
            + self.settled
            + self.months_added
            == 0
            && self.withdrawn.is_empty()
    }
}

impl Database {
    /// What importing a file would change. Nothing is written.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn preview(&self, file: &SalesFile) -> Result<Applied, DbError> {
        let (difference, claims) = difference(&self.connection, file)?;
        let known = self.covered_months(&file.scope)?;
        let settled = Settled::new();
        Ok(report(file, (&difference, &settled), known, &claims))
    }

    /// Brings the scope of a file to what it holds, in one transaction, and logs the batch.
    ///
    /// # Errors
    /// When SQLite fails; the database is then as it was.
    pub fn import(&mut self, batch: &Batch<'_>, file: &SalesFile) -> Result<Applied, DbError> {
        // Each row is made by this module, and names a nature, a type and a batch that this very transaction found or
        // made: to check millions of them again would prove nothing, and `verify` looks at all.
        let check = |connection: &Connection, checked: bool| {
            connection.pragma_update(None, "foreign_keys", checked)?;
            connection.pragma_update(None, "ignore_check_constraints", !checked)
        };
        StopPoint::ImportBegun.reach();
        check(&self.connection, false)?;
        let applied = self.replace(batch, file);
        check(&self.connection, true)?;
        applied
    }

    fn replace(&mut self, batch: &Batch<'_>, file: &SalesFile) -> Result<Applied, DbError> {
        let SalesFile {
            content,
            scope,
            communes,
            stray,
            ..
        } = file;
        let known = self.covered_months(scope)?;
        let transaction = self.connection.transaction()?;
        seals::check(&transaction, seals::LOG)?;
        seals::check(&transaction, seals::BEST)?;
        let (difference, claims) = difference(&transaction, file)?;
        transaction.execute(
            "INSERT INTO update_log (source_file, format, scope, first_month, last_month, released, numbering,
                 rows_imported, rows_unreadable, mutations, sales, transactions_added, transactions_removed, started_at,
                 completed_at, status, territory, rows_former, numbers, rows_stray)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'done', ?, ?, ?, ?)",
            params![
                batch.source_file,
                content.format.name(),
                scope.to_string(),
                scope.months.first,
                scope.months.last,
                batch.released,
                content.numbering.name(),
                content.lines() as i64,
                content.unreadable as i64,
                content.mutations.len() as i64,
                content.mutations.iter().filter(|m| m.exclusion().is_none()).count() as i64,
                difference.added.len() as i64,
                difference.removed.len() as i64,
                batch.started_at,
                super::now(),
                scope.codes().join(","),
                communes.former_lines as i64,
                content.numbering.numbers().map(|numbers| numbers as i64),
                stray.lines as i64,
            ],
        )?;
        let batch_id = transaction.last_insert_rowid();
        for claim in &claims {
            claim.withdraw(&transaction)?;
        }
        let settled = write(&transaction, batch_id, file, &difference)?;
        let applied = report(file, (&difference, &settled), known, &claims);
        if applied.is_unchanged() {
            transaction.execute(
                "UPDATE update_log SET status = 'unchanged' WHERE batch_id = ?",
                [batch_id],
            )?;
        }
        keep_edition(&transaction, file, batch.forced)?;
        keep_months(&transaction, batch_id, file)?;
        seals::seal(&transaction, seals::LOG)?;
        seals::seal(&transaction, seals::BEST)?;
        seals::seal_batch(&transaction, batch_id)?;
        StopPoint::ImportWritten.reach();
        transaction.commit()?;
        StopPoint::ImportCommitted.reach();
        Ok(applied)
    }

    /// Logs a file that was refused.
    ///
    /// # Errors
    /// When SQLite fails.
    pub fn log_refused(
        &self,
        source_file: &str,
        started_at: &str,
        message: &str,
    ) -> Result<(), DbError> {
        let transaction = self.connection.unchecked_transaction()?;
        seals::check(&transaction, seals::LOG)?;
        transaction.execute(
            "INSERT INTO update_log (source_file, started_at, completed_at, status, message)
             VALUES (?, ?, ?, 'refused', ?)",
            params![source_file, started_at, super::now(), message],
        )?;
        seals::seal(&transaction, seals::LOG)?;
        Ok(transaction.commit()?)
    }

    /// How many of the scope's codes and months are covered already.
    fn covered_months(&self, scope: &Scope) -> Result<u64, DbError> {
        let mut statement = self
            .connection
            .prepare("SELECT count(*) FROM coverage WHERE code = ? AND mois BETWEEN ? AND ?")?;
        let (first, last) = (scope.months.first, scope.months.last);
        let mut known = 0;
        for code in scope.codes() {
            known += statement.query_row((code, first, last), |row| row.get::<_, i64>(0))? as u64;
        }
        Ok(known)
    }
}

/// What differs between a file and the database, and the claims that go with what they left.
fn difference(
    connection: &Connection,
    file: &SalesFile,
) -> Result<(FileDifference, Vec<WithdrawnClaim>), DbError> {
    let SalesFile { scope, content, .. } = file;
    let claims = withdrawn_claims(connection, scope, content)?;
    let mut difference = compare(connection, scope, &content.mutations)?;
    for claim in &claims {
        difference
            .removed
            .extend(claim.mutations(connection, scope)?);
    }
    if claims.len() > 1 {
        // Two of them may have left the same.
        let key = |gone: &Withdrawn| (gone.year, gone.commune.clone(), gone.day, gone.id);
        difference.removed.sort_by_cached_key(key);
        difference.removed.dedup_by_key(|gone| key(gone));
    }
    Ok((difference, claims))
}

fn report(
    file: &SalesFile,
    (difference, settled): (&FileDifference, &Settled),
    known: u64,
    claims: &[WithdrawnClaim],
) -> Applied {
    let mut applied = Applied {
        relocated: difference.relocated.len() as u64,
        settled: settled.values().map(SettledSales::count).sum(),
        withdrawn: claims.iter().flat_map(|claim| claim.lost.clone()).collect(),
        ..Applied::default()
    };
    for (_, year, change) in changes(&file.content, difference, settled) {
        applied.years.entry(year).or_default().add(&change);
    }
    for (&year, &(mutations, sales)) in &difference.before {
        let change = applied.years.entry(year).or_default();
        change.mutations_before = mutations;
        change.sales_before = sales;
    }
    applied.months_added =
        file.scope.months.count() as u64 * file.scope.codes().len() as u64 - known;
    applied
}

/// The changes by commune and year.
fn changes<'a>(
    content: &'a DvfContent,
    difference: &'a FileDifference,
    settled: &'a Settled,
) -> impl Iterator<Item = (&'a str, i16, YearChange)> {
    let mut changes = BTreeMap::<(&str, i16), YearChange>::new();
    let mut withdrawn = HashMap::<(&str, i16, i16, PropertyKind), u64>::new();
    for stored in &difference.removed {
        let change = changes.entry((&stored.commune, stored.year)).or_default();
        change.mutations_removed += 1;
        if let Some(kind) = stored.sale {
            change.sales_removed += 1;
            let twins = (stored.commune.as_str(), stored.year, stored.day, kind);
            *withdrawn.entry(twins).or_default() += 1;
        }
    }
    // What is told otherwise of their sales is no change of them, but figures are made again.
    for (commune, year) in &difference.retold {
        changes.entry((commune, *year)).or_default();
    }
    let added = |&index: &usize| &content.mutations[index];
    let place = |index: &usize| (added(index).date.year(), added(index).commune);
    for run in difference.added.chunk_by(|a, b| place(a) == place(b)) {
        let commune = added(&run[0]).commune.as_str();
        let change = changes.entry((commune, place(&run[0]).0)).or_default();
        change.mutations_added += run.len() as u64;
        let sales = run
            .iter()
            .map(added)
            .filter(|mutation| mutation.exclusion().is_none());
        for (sale, kind) in sales.filter_map(|sale| Some((sale, sale.kind?))) {
            match withdrawn.get_mut(&(commune, sale.date.year(), day(sale.date), kind)) {
                Some(twins) if *twins > 0 => {
                    *twins -= 1;
                    change.sales_removed -= 1;
                    change.sales_corrected += 1;
                }
                _ => change.sales_added += 1,
            }
        }
    }
    for ((year, commune), sales) in settled {
        changes.entry((commune, *year)).or_default().settle(sales);
    }
    changes
        .into_iter()
        .map(|((commune, year), change)| (commune, year, change))
}

fn write(
    transaction: &Transaction<'_>,
    batch_id: i64,
    file: &SalesFile,
    difference: &FileDifference,
) -> Result<Settled, DbError> {
    let SalesFile { scope, content, .. } = file;
    let stale = stale(scope, content, difference);
    check_rows(transaction, &stale)?;
    let natures = nature_ids(transaction, &content.natures)?;
    let mut delete = transaction
        .prepare("DELETE FROM mutations WHERE annee = ? AND commune = ? AND jour = ? AND id = ?")?;
    for stored in &difference.removed {
        delete.execute(params![stored.year, stored.commune, stored.day, stored.id])?;
    }
    let mut insert = transaction.prepare(
        "INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local,
             surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    for mutation in difference
        .added
        .iter()
        .map(|&index| &content.mutations[index])
    {
        let position = position(mutation);
        let mut place = 0;
        let mut bind = |value: &dyn ToSql| {
            place += 1;
            insert.raw_bind_parameter(place, value)
        };
        bind(&mutation.date.year())?;
        bind(&mutation.commune.as_str())?;
        bind(&day(mutation.date))?;
        bind(&mutation.id)?;
        bind(&natures[usize::from(mutation.nature.0)])?;
        bind(&mutation.price)?;
        bind(&mutation.lines)?;
        bind(&mutation.properties)?;
        bind(&mutation.kind)?;
        bind(&mutation.surface)?;
        bind(&mutation.kind.map(|_| mutation.rooms))?;
        bind(&mutation.land)?;
        bind(&postal(mutation))?;
        bind(&position.map(|p| p[0]))?;
        bind(&position.map(|p| p[1]))?;
        bind(&batch_id)?;
        bind(&mutation.section)?;
        insert.raw_execute()?;
    }
    let mut relocate = transaction.prepare(
        "UPDATE mutations SET latitude_e6 = coalesce(?, latitude_e6), longitude_e6 = coalesce(?, longitude_e6),
             postal = coalesce(?, postal), section = coalesce(?, section), surface_terrain = ?
         WHERE annee = ? AND commune = ? AND jour = ? AND id = ?",
    )?;
    for mutation in difference
        .relocated
        .iter()
        .map(|&index| &content.mutations[index])
    {
        let position = position(mutation);
        relocate.execute(params![
            position.map(|p| p[0]),
            position.map(|p| p[1]),
            postal(mutation),
            mutation.section,
            mutation.land,
            mutation.date.year(),
            mutation.commune.as_str(),
            day(mutation.date),
            mutation.id,
        ])?;
    }
    keep_changed(transaction, stale)?;
    let settled = settle(transaction, batch_id, file, difference)?;
    let mut log = transaction.prepare("INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?)")?;
    for (commune, year, change) in changes(content, difference, &settled) {
        log.execute(params![
            batch_id,
            commune,
            year,
            change.mutations_added as i64,
            change.mutations_removed as i64,
            change.sales_added as i64,
            change.sales_removed as i64,
            change.sales_corrected as i64,
        ])?;
    }
    let mut cover = transaction.prepare(
        "INSERT INTO coverage (code, mois, batch_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    )?;
    for code in scope.codes() {
        for month in scope.months.iter() {
            cover.execute(params![code, month, batch_id])?;
        }
    }
    Ok(settled)
}

/// The database's id of each of the file's natures; a new one is added.
fn nature_ids(transaction: &Transaction<'_>, natures: &[String]) -> Result<Vec<i64>, DbError> {
    let mut add =
        transaction.prepare("INSERT INTO natures (libelle) VALUES (?) ON CONFLICT DO NOTHING")?;
    let mut find = transaction.prepare("SELECT id FROM natures WHERE libelle = ?")?;
    let mut ids = Vec::with_capacity(natures.len());
    for nature in natures {
        add.execute([nature])?;
        ids.push(find.query_row([nature], |row| row.get(0))?);
    }
    Ok(ids)
}
