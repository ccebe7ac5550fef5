//! What a file must pass before it replaces what the database holds: a file that lost something or changed its meaning is
//! stopped here, and the last good site stays up.
//!
//! It is looked at by département, kind of property and half-year: against the same months of the database and the best
//! edition ever seen of them, or, where they are new, against the same months a year before.

use std::collections::{BTreeMap, BTreeSet};

use super::balance::Balance;
use super::cells::{CellKey, Cells, EditionCounts, Medians, SalesCell};
use super::content::DvfContent;
use super::format::Field;
use super::gates::{
    ComparedHalfYear, EarlierMonths, drifted, fewer, gained, lost, months_lost, moved, shifted,
};
use super::parse::Code;
use super::sales_file::SalesFile;
use super::scope::Territory;
use crate::base::month::HalfYear;
use crate::base::run::{Counted, RefusalFacts, RefusedCounts};
use crate::base::words::{counted, first_codes};
use crate::config::Gates;
use crate::geo::Geography;
use crate::intake::refusal::Refusal;
use crate::intake::terms::JudgeTerms;

/// Mutations of a half-year that do not all go from a commune by corrections.
const FEWEST_OF_COMMUNE: u64 = 10;

/// Mutations of a half-year after which a commune is not without any a year later.
const FEWEST_A_YEAR_BEFORE: u64 = 50;

/// Refusals of one gate that are told one by one.
const FEW: usize = 3;

/// What the database holds of the months and the territory of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeldSales {
    /// Of the same months.
    pub same: Cells,
    /// Of `same`, what files cover of which all months and the whole territory are known: what else is there now is new.
    pub same_covered: BTreeSet<CellKey>,
    /// Of the same months a year before, under the half-years of the file: of those that are new, or of which it has far more.
    pub year_before: Cells,
    /// Of `year_before`, what files cover as in `same_covered`.
    pub before_covered: BTreeSet<CellKey>,
    /// The most that an edition ever had of half-years that the file covers whole.
    pub best: BTreeMap<CellKey, EditionCounts>,
    /// The median prices of the first editions of half-years that the file covers whole.
    pub first_medians: BTreeMap<CellKey, Medians>,
    /// What the files of the same months, or of a year before, are of, where that holds the territory of the file and more.
    pub wider: Option<String>,
    /// Mutations of the half-years in which the file begins and ends, in the months of these that it does not cover.
    pub beyond: u64,
    /// Day on which the newest file that was imported for some of it was published, where that is known.
    pub released: Option<String>,
}

/// Holds a file against what the database has for the same months and territory, and gives each gate of the configuration
/// that refuses it.
pub fn judge(file: &SalesFile, held: &HeldSales, terms: &JudgeTerms<'_>) -> Vec<Refusal> {
    let JudgeTerms {
        gates,
        geography,
        released,
        year,
    } = *terms;
    let cells = &file.cells;
    let mut refusals = Vec::new();
    refusals.extend(unknown_communes(gates, file));
    refusals.extend(unknown_natures(gates, &file.content));
    refusals.extend(other_names(gates, &file.content));
    refusals.extend(older(released, held.released.as_deref()));
    refusals.extend(vanished(cells, held));
    refusals.extend(vanished_communes(cells, held, geography));
    refusals.extend(narrower(file, held));
    refusals.extend(part(file, cells, held));
    refusals.extend(poorer(file, released, cells, held, geography));
    let mut by_gate = BTreeMap::<&str, Vec<Refusal>>::new();
    for refusal in compared(gates, file, held) {
        by_gate.entry(refusal.gate).or_default().push(refusal);
    }
    refusals.extend(by_gate.into_values().flat_map(first_of));
    refusals.extend(year.and_then(|year| other_year(file, year)));
    refusals
}

/// A file that upstream offers as that of a year and that covers nothing of it: this one would count as imported.
fn other_year(file: &SalesFile, year: i16) -> Option<Refusal> {
    let months = file.scope.months;
    (!months.years().contains(&year)).then(|| {
        let reason = format!(
            "it is of {} to {}, and was offered as that of {year}",
            months.first, months.last
        );
        Refusal::outright("year", reason, RefusalFacts::default())
    })
}

/// Lines of communes that nobody knows.
fn unknown_communes(gates: &Gates, file: &SalesFile) -> Option<Refusal> {
    let (communes, format) = (&file.communes, file.content.format);
    let share = communes.unknown_share();
    let most = gates.unknown_communes;
    (share > most).then(|| {
        let codes = first_codes(communes.unknown.iter().map(Code::as_str));
        Refusal::by_threshold(
            "unknown_communes",
            format!(
                "{share:.1} % of the lines are of communes that do not exist ({codes}); {most} % may be"
            ),
            RefusalFacts::of_column(format.column_name(Field::Commune)).counting(RefusedCounts::of(
                Counted::Lines,
                communes.unknown_lines,
                communes.lines,
            )),
        )
    })
}

/// Mutations whose nature is none that the files are known to have: a column that changed, or its encoding.
fn unknown_natures(gates: &Gates, content: &DvfContent) -> Option<Refusal> {
    let unknown = content.unknown_natures();
    let count: u64 = unknown.iter().map(|(_, count)| count).sum();
    let share = count as f64 * 100.0 / content.mutations.len() as f64;
    let most = gates.unknown_natures;
    (share > most).then(|| {
        let names: Vec<_> = unknown
            .iter()
            .take(3)
            .map(|(name, count)| format!("\"{name}\" ({count})"))
            .collect();
        Refusal::by_threshold(
            "unknown_natures",
            format!(
                "{share:.1} % of the mutations are of natures that no official file has, {}; {most} % may be",
                names.join(", ")
            ),
            RefusalFacts::of_column(content.format.column_name(Field::Nature)).counting(
                RefusedCounts::of(Counted::Mutations, count, content.mutations.len() as u64),
            ),
        )
    })
}

/// Lines whose kind of property has another name than its code: columns that were exchanged, or a list that changed.
fn other_names(gates: &Gates, content: &DvfContent) -> Option<Refusal> {
    let column = content.format.column_name(Field::KindName);
    let mut left_empty = content.left_empty.iter();
    let (_, count) = left_empty.find(|(name, _)| name == column)?;
    let lines = content.lines();
    let share = *count as f64 * 100.0 / lines as f64;
    let most = gates.unreadable;
    (share > most).then(|| {
        Refusal::by_threshold(
            "unreadable",
            format!(
                "{share:.1} % of the lines name another kind of property in {column} than their code has; {most} % may"
            ),
            RefusalFacts::of_column(column)
                .counting(RefusedCounts::of(Counted::Lines, *count, lines)),
        )
    })
}

/// A file that was published before the one that was imported for the same months.
fn older(released: Option<&str>, imported: Option<&str>) -> Option<Refusal> {
    let (released, imported) = (released?, imported?);
    (imported > released).then(|| {
        Refusal::outright(
            "older",
            format!(
                "it was published on {released}, and the file of {imported} is imported already"
            ),
            RefusalFacts::default(),
        )
    })
}

/// Départements that the database has for the same months, or a year before, and the file has not.
fn vanished(cells: &Cells, held: &HeldSales) -> Option<Refusal> {
    let mut known = held.same.departements();
    known.extend(held.before_covered.iter().map(|(code, _)| code.as_str()));
    let present = cells.departements();
    let vanished: Vec<_> = known.difference(&present).copied().collect();
    (!vanished.is_empty()).then(|| {
        Refusal::outright(
            "vanished",
            format!(
                "no line is left of the départements {}",
                vanished.join(", ")
            ),
            counting(Counted::Departements, vanished.len()),
        )
    })
}

/// A file of fewer départements than those before it, which does not say that it is one of these.
fn narrower(file: &SalesFile, held: &HeldSales) -> Option<Refusal> {
    let wider = held.wider.as_deref().filter(|_| !file.territory_is_given)?;
    let codes = file.scope.codes().join(",");
    Some(Refusal::outright(
        "vanished",
        format!(
            "it has lines of the départements {codes} only, where files of these months, or of a year before, are of {wider}; if it is one of these départements, say so with --scope {codes}"
        ),
        counting(Counted::Departements, file.scope.codes().len()),
    ))
}

/// Communes of today that the database has in a half-year, or in the same one a year before, and the file has not: it was cut,
/// where its lines go by communes.
fn vanished_communes(cells: &Cells, held: &HeldSales, geography: &Geography) -> Option<Refusal> {
    let today = |code: &str| {
        let commune = geography.current(code);
        commune.map_or_else(|| code.to_owned(), |commune| commune.code.clone())
    };
    let year_before = held.year_before.0.iter();
    let year_before = year_before.filter(|(key, _)| held.before_covered.contains(*key));
    let known = held.same.0.iter().map(|known| (known, FEWEST_OF_COMMUNE));
    let known = known.chain(year_before.map(|known| (known, FEWEST_A_YEAR_BEFORE)));
    let mut vanished = BTreeMap::<String, u64>::new();
    for ((key, before), fewest) in known {
        let Some(after) = cells.0.get(key) else {
            continue;
        };
        let mut counts = BTreeMap::<String, u64>::new();
        for (code, count) in &before.communes {
            *counts.entry(today(code)).or_default() += count;
        }
        for code in after.communes.keys() {
            counts.remove(&today(code));
        }
        counts.retain(|_, count| *count >= fewest);
        vanished.extend(counts);
    }
    let few: Vec<_> = vanished.keys().take(FEW).map(String::as_str).collect();
    let fewest = vanished.values().min()?;
    Some(Refusal::outright(
        "vanished",
        format!(
            "no line is left in a half-year of {} that had {fewest} mutations or more ({}{})",
            counted(vanished.len(), "commune"),
            few.join(", "),
            if vanished.len() > FEW { "…" } else { "" }
        ),
        counting(Counted::Communes, vanished.len()),
    ))
}

/// A file that ends within a half-year, or begins there, and knows less of its months than the database, which has the
/// others too: it was cut, or is an extract.
fn part(file: &SalesFile, cells: &Cells, held: &HeldSales) -> Option<Refusal> {
    let lost = held.same.0.iter().any(|(key, before)| {
        let after = cells.0.get(key).map_or(0, SalesCell::mutations);
        after < before.mutations()
    });
    (!file.months_are_given && held.beyond > 0 && lost).then(|| {
        let months = file.scope.months;
        let codes = file.scope.codes().join(",");
        Refusal::outright(
            "part",
            format!(
                "it holds {} to {} only, less than the database does of these months, which has {} mutations of the rest of the half-year: it looks like a part of a file; if it is not, give its months, --scope {codes}@{}..{}",
                months.first, months.last, held.beyond, months.first, months.last
            ),
            RefusalFacts {
                months: Some(months),
                ..RefusalFacts::default()
            },
        )
    })
}

/// A file that brings nothing and lacks much: it was cut where no line and no month tells; or one of which nobody says when it
/// was published, and that has less than an edition of a known day.
fn poorer(
    file: &SalesFile,
    released: Option<&str>,
    cells: &Cells,
    held: &HeldSales,
    geography: &Geography,
) -> Option<Refusal> {
    if file.months_are_given {
        return None;
    }
    let balance = Balance::of(&held.same, cells, geography);
    // What cannot be read has a gate of its own, and slips of dates were left out.
    let told = file.content.unreadable + file.stray.mutations();
    let lost = balance.lost(told)?;
    let (before, after) = (balance.before, balance.after);
    let known = held.released.as_deref().filter(|_| released.is_none());
    let counts = RefusedCounts::after(Counted::Mutations, after, before);
    let facts = RefusalFacts::default().counting(counts);
    match known {
        _ if !balance.is_gain => Some(Refusal::outright(
            "part",
            format!(
                "it has more mutations than the database in no commune and half-year, and {lost} of {before} less: it looks like a file that was cut"
            ),
            facts,
        )),
        Some(known) => Some(Refusal::outright(
            "older",
            format!(
                "it has {after} mutations where the file of {known} has {before}, and nobody says when it was published: it may be an older edition; if it is not, say when with --released"
            ),
            facts,
        )),
        None => None,
    }
}

/// What the gates find, département by département and in all of them together; of the file of a commune, in this.
fn compared(gates: &Gates, file: &SalesFile, held: &HeldSales) -> Vec<Refusal> {
    let cells = &file.cells;
    let keys: BTreeSet<&CellKey> = [cells, &held.same, &held.year_before]
        .into_iter()
        .flat_map(|cells| cells.0.keys())
        .collect();
    let mut refusals = Vec::new();
    let (mut same_sums, mut new_sums) = (Sums::default(), Sums::default());
    let empty = SalesCell::default();
    for key in keys {
        let after = cells.0.get(key).unwrap_or(&empty);
        let place = match &file.scope.territory {
            Territory::Commune(code) => format!("the commune {}", code.as_str()),
            _ => format!("the département {}", key.0),
        };
        let named = |earlier| ComparedHalfYear {
            place: &place,
            departement: Some(&key.0),
            half: key.1,
            earlier,
        };
        let same = held.same.0.get(key);
        if let Some(same) = same {
            let best = held.best.get(key).copied().unwrap_or_default();
            let before = same.counts().max(best);
            refusals.extend(lost(
                gates,
                named(EarlierMonths::Known),
                before,
                after.counts(),
            ));
            refusals.extend(months_lost(
                gates,
                named(EarlierMonths::Known),
                &same.months,
                &after.months,
            ));
        }
        if let Some(before) = same.filter(|_| held.same_covered.contains(key)) {
            let mut steps = same_months(gates, named(EarlierMonths::Known), before, after);
            // An edition that lacked much is not what its correction is held against, where that is as the year before was.
            let usual = held.year_before.0.get(key);
            let usual = usual.filter(|usual| {
                held.before_covered.contains(key)
                    && steps.iter().any(|refusal| refusal.gate == "gained")
                    && new_months(gates, named(EarlierMonths::YearBefore), usual, after).is_empty()
            });
            if usual.is_some() {
                steps.retain(|refusal| refusal.gate != "gained");
            }
            // Nor may it come in steps, each of them small.
            if usual.is_none() && !steps.iter().any(|refusal| refusal.gate == "gained") {
                steps.extend(crept(gates, held, key, named, before, after));
            }
            let is_step = steps.iter().any(|refusal| refusal.gate == "moved");
            refusals.extend(steps);
            if let Some(first) = held.first_medians.get(key).filter(|_| !is_step) {
                refusals.extend(drifted(gates, named(EarlierMonths::Known), first, after));
            }
            match usual {
                Some(usual) => new_sums.add(key.1, usual, after),
                None => same_sums.add(key.1, before, after),
            }
        } else if let Some(before) = held.year_before.0.get(key)
            && held.before_covered.contains(key)
        {
            refusals.extend(new_months(
                gates,
                named(EarlierMonths::YearBefore),
                before,
                after,
            ));
            new_sums.add(key.1, before, after);
        }
    }
    refusals.extend(same_sums.judge(gates, EarlierMonths::Known, same_months));
    refusals.extend(new_sums.judge(gates, EarlierMonths::YearBefore, new_months));
    refusals
}

/// Sales that known months gained in several steps, held against the year before, where the edition before still passed there.
fn crept<'n>(
    gates: &Gates,
    held: &HeldSales,
    key: &CellKey,
    named: impl Fn(EarlierMonths) -> ComparedHalfYear<'n>,
    before: &SalesCell,
    after: &SalesCell,
) -> Vec<Refusal> {
    let usual = held.year_before.0.get(key);
    let Some(usual) = usual.filter(|_| held.before_covered.contains(key)) else {
        return Vec::new();
    };
    let gained = |edition: &SalesCell| {
        let named = named(EarlierMonths::YearBefore);
        gained(gates, named, usual.counts(), edition.counts())
    };
    match gained(before).is_empty() {
        true => gained(after),
        false => Vec::new(),
    }
}

fn same_months(
    gates: &Gates,
    named: ComparedHalfYear<'_>,
    before: &SalesCell,
    after: &SalesCell,
) -> Vec<Refusal> {
    let mut refusals = gained(gates, named, before.counts(), after.counts());
    refusals.extend(moved(gates, named, before, after));
    refusals.extend(shifted(gates, named, before, after));
    refusals
}

fn new_months(
    gates: &Gates,
    named: ComparedHalfYear<'_>,
    before: &SalesCell,
    after: &SalesCell,
) -> Vec<Refusal> {
    let mut refusals = fewer(gates, named, before.counts(), after.counts());
    refusals.extend(same_months(gates, named, before, after));
    refusals
}

/// Cells before and after, summed over départements: small ones are much alike in what chance does to them.
#[derive(Default)]
struct Sums(BTreeMap<HalfYear, (u32, SalesCell, SalesCell)>);

impl Sums {
    fn add(&mut self, half: HalfYear, before: &SalesCell, after: &SalesCell) {
        let (count, sum_before, sum_after) = self.0.entry(half).or_default();
        *count += 1;
        sum_before.join(before);
        sum_after.join(after);
    }

    /// What is found in the sums of more than one département.
    fn judge(
        &self,
        gates: &Gates,
        earlier: EarlierMonths,
        judge: fn(&Gates, ComparedHalfYear<'_>, &SalesCell, &SalesCell) -> Vec<Refusal>,
    ) -> Vec<Refusal> {
        let several = self.0.iter().filter(|(_, (count, ..))| *count > 1);
        let refusals = several.flat_map(|(half, (count, before, after))| {
            let place = format!("all {count} départements");
            let named = ComparedHalfYear {
                place: &place,
                departement: None,
                half: *half,
                earlier,
            };
            judge(gates, named, before, after)
        });
        refusals.collect()
    }
}

/// That so many places are to blame.
fn counting(what: Counted, found: usize) -> RefusalFacts {
    RefusalFacts::default().counting(RefusedCounts::only(what, found as u64))
}

/// The first few refusals of a gate, and how many there are beside.
fn first_of(mut refusals: Vec<Refusal>) -> Vec<Refusal> {
    let more = refusals.len().saturating_sub(FEW);
    refusals.truncate(FEW);
    if more > 0
        && let Some(last) = refusals.last_mut()
    {
        last.reason
            .push_str(&format!(", and {more} more of the kind"));
    }
    refusals
}
