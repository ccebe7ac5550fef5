//! The gates that hold a département and half-year of a file against what is known of it.

use std::collections::BTreeMap;
use std::fmt;

use super::cells::{EditionCounts, MANY_PRICES, Medians, SALE_KINDS, SalesCell, counted};
use crate::base::kind::PropertyKind;
use crate::base::month::{HalfYear, Month, Months};
use crate::base::rank::median;
use crate::base::run::{Counted, RefusalFacts, RefusedCounts};
use crate::config::Gates;
use crate::intake::refusal::Refusal;

/// Mutations of a cell that may go whatever share of it they are: a commune with eight sales has one withdrawn and one
/// corrected.
const MAY_GO: f64 = 2.0;

/// Mutations that may come to a cell whatever share of it they are: a residence whose flats are sold in one half-year.
const MAY_COME: f64 = 20.0;

/// Standard deviations of a count that chance is granted between two years.
const CHANCE: f64 = 4.0;

/// Sales under which a median says nothing.
const FEWEST_PRICES: usize = 4;

/// Standard error of the logarithm of a median of one sale: 1.25 times the spread of the logarithms of the €/m² within a
/// département, 0.45 in the Val-d'Oise.
const SPREAD: f64 = 0.56;

/// How much further the prices of business premises move than those of homes: they differ more from each other. With some
/// 250 a half-year, theirs went up by 38 % in a year in the Val-d'Oise where those of homes moved by 8 %.
const BUSINESS: f64 = 4.0;

/// How much of what prices may move in a year they may in months that were known: corrections move medians by a few per cent, and
/// new homes that get their type late, which cost 20 to 35 % more, by less than ten.
const KNOWN_SHARE: f64 = 0.4;

/// Mutations under which the shares of natures say nothing.
const FEWEST_SHARED: u64 = 30;

/// A place and a half-year of it, in words, and what they are held against.
#[derive(Clone, Copy)]
pub(super) struct ComparedHalfYear<'a> {
    pub(super) place: &'a str,
    /// The code of the département, where it is one.
    pub(super) departement: Option<&'a str>,
    pub(super) half: HalfYear,
    pub(super) earlier: EarlierMonths,
}

/// What a half-year of a file is held against.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum EarlierMonths {
    /// The same months, as they were known.
    Known,
    /// The same months a year before.
    YearBefore,
}

/// In words that a number follows.
impl fmt::Display for EarlierMonths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Known => "it was known to have",
            Self::YearBefore => "the same months a year before have",
        })
    }
}

impl ComparedHalfYear<'_> {
    fn refusal(self, gate: &'static str, found: &str, counts: RefusedCounts) -> Refusal {
        let facts = RefusalFacts {
            departement: self.departement.map(str::to_owned),
            months: Some(self.half.months()),
            counts: Some(counts),
            ..RefusalFacts::default()
        };
        let reason = format!("{} of {} {found}", self.half, self.place);
        Refusal::by_threshold(gate, reason, facts)
    }
}

/// Counts that fell by more than withdrawals and corrections do.
pub(super) fn lost(
    gates: &Gates,
    named: ComparedHalfYear<'_>,
    before: EditionCounts,
    after: EditionCounts,
) -> Vec<Refusal> {
    let allowed = |before: f64| (before * gates.lost / 100.0).max(before.sqrt()).max(MAY_GO);
    let fell = fallen(before, after, allowed);
    let refusal = |(what, name, before, after, share)| {
        named.refusal(
            "lost",
            &format!(
                "has {after} {name} where {} {before}, {share:.0} % less; {} % may go",
                named.earlier, gates.lost
            ),
            RefusedCounts::after(what, after, before),
        )
    };
    fell.into_iter().map(refusal).collect()
}

/// Months that fell by more: the end of a file that was cut. Within a month chance is larger beside what goes.
pub(super) fn months_lost(
    gates: &Gates,
    named: ComparedHalfYear<'_>,
    before: &BTreeMap<Month, u64>,
    after: &BTreeMap<Month, u64>,
) -> Vec<Refusal> {
    let refusals = before.iter().filter_map(|(month, before)| {
        let after = after.get(month).copied().unwrap_or_default();
        let (count, gone) = (*before as f64, *before as f64 - after as f64);
        (gone > (count * gates.lost / 100.0).max(CHANCE * count.sqrt())).then(|| {
            let refusal = named.refusal(
                "lost",
                &format!(
                    "has {after} mutations in {month} where {} {before}, {:.0} % less; {} % may go",
                    named.earlier,
                    gone * 100.0 / count,
                    gates.lost
                ),
                RefusedCounts::after(Counted::Mutations, after, *before),
            );
            let months = Some(Months::from([*month; 2]));
            Refusal {
                facts: RefusalFacts {
                    months,
                    ..refusal.facts
                },
                ..refusal
            }
        })
    });
    refusals.collect()
}

/// Counts of new months that are further below those of a year before than a market falls and a release is late.
pub(super) fn fewer(
    gates: &Gates,
    named: ComparedHalfYear<'_>,
    before: EditionCounts,
    after: EditionCounts,
) -> Vec<Refusal> {
    let allowed = |before: f64| (before * gates.fewer / 100.0).max(CHANCE * before.sqrt());
    let fell = fallen(before, after, allowed);
    let refusal = |(what, name, before, after, share)| {
        named.refusal(
            "fewer",
            &format!(
                "has {after} {name} where {} {before}, {share:.0} % less; {} % may be missing",
                named.earlier, gates.fewer
            ),
            RefusedCounts::after(what, after, before),
        )
    };
    fell.into_iter().map(refusal).collect()
}

/// Counts that fell by more than is allowed of what they were: what they count and its name, before, after, and by how many
/// per cent.
fn fallen(
    before: EditionCounts,
    after: EditionCounts,
    allowed: impl Fn(f64) -> f64,
) -> Vec<(Counted, &'static str, u64, u64, f64)> {
    let pairs = before.named().zip(after.named());
    let fell = pairs.filter_map(|((what, name, before), (.., after))| {
        let gone = before as f64 - after as f64;
        let share = gone * 100.0 / before as f64;
        (gone > allowed(before as f64)).then_some((what, name, before, after, share))
    });
    fell.collect()
}

/// Counts that rose by more than late sales bring, or a market grows in a year.
pub(super) fn gained(
    gates: &Gates,
    named: ComparedHalfYear<'_>,
    before: EditionCounts,
    after: EditionCounts,
) -> Vec<Refusal> {
    let pairs = before.named().zip(after.named());
    let rose = pairs.filter_map(|((what, name, before), (.., after))| {
        let count = before as f64;
        let allowed = count * gates.gained / 100.0;
        let allowed = allowed.max(CHANCE * count.sqrt()).max(MAY_COME);
        (after as f64 - count > allowed).then(|| {
            named.refusal(
                "gained",
                &format!(
                    "has {after} {name} where {} {before}; {} % may come",
                    named.earlier, gates.gained
                ),
                RefusedCounts::after(what, after, before),
            )
        })
    });
    rose.collect()
}

/// Kinds of property whose median is further from that of the first edition of its half-year than prices move in one step: by
/// several, none of which is as large.
pub(super) fn drifted(
    gates: &Gates,
    named: ComparedHalfYear<'_>,
    first: &Medians,
    after: &SalesCell,
) -> Vec<Refusal> {
    let now = after.medians();
    let kinds = SALE_KINDS.into_iter().zip(first.iter().zip(now));
    let refusals = kinds.filter_map(|((kind, what), (first, now))| {
        let (first, now) = (*first.as_ref()?, now?);
        let share = share_moved(gates, kind);
        ((now / first).max(first / now) > 1.0 + share / 100.0).then(|| {
            named.refusal(
                "moved",
                &format!(
                    "has {what} at {now:.0} €/m² where its first edition had {first:.0} ({:+.0} %); {share:.0} % is the limit",
                    (now / first - 1.0) * 100.0,
                ),
                RefusedCounts::only(counted(kind), after.sales(kind)),
            )
        })
    });
    refusals.collect()
}

/// How far a median of a kind may move, in per cent.
fn share_moved(gates: &Gates, kind: PropertyKind) -> f64 {
    match kind {
        PropertyKind::Business => BUSINESS * gates.moved,
        PropertyKind::House | PropertyKind::Flat | PropertyKind::Outbuilding => gates.moved,
    }
}

/// Kinds of property whose median moved further than prices do, or than that of the same months is corrected.
pub(super) fn moved(
    gates: &Gates,
    named: ComparedHalfYear<'_>,
    before: &SalesCell,
    after: &SalesCell,
) -> Vec<Refusal> {
    let part = match named.earlier {
        EarlierMonths::Known => KNOWN_SHARE,
        EarlierMonths::YearBefore => 1.0,
    };
    let refusals = SALE_KINDS.into_iter().filter_map(|(kind, what)| {
        let mut old = before.prices.get(&kind)?.clone();
        let mut new = after.prices.get(&kind)?.clone();
        let counts = RefusedCounts::after(counted(kind), new.len() as u64, old.len() as u64);
        let fewest = old.len().min(new.len());
        if fewest < FEWEST_PRICES {
            return None;
        }
        let share = share_moved(gates, kind) * part;
        let chance = match fewest < MANY_PRICES {
            true => 3.0 * SPREAD * (1.0 / old.len() as f64 + 1.0 / new.len() as f64).sqrt(),
            false => 0.0,
        };
        let limit = (1.0 + share / 100.0) * chance.exp();
        let (old, new) = (median(&mut old)?, median(&mut new)?);
        let ratio = (new / old).max(old / new);
        (ratio > limit).then(|| {
            named.refusal(
                "moved",
                &format!(
                    "has {what} at {new:.0} €/m² where {} {old:.0} ({:+.0} %); {:.0} % is the limit for so many sales",
                    named.earlier,
                    (new / old - 1.0) * 100.0,
                    (limit - 1.0) * 100.0
                ),
                counts,
            )
        })
    });
    refusals.collect()
}

/// Natures whose share of the mutations is another: a word that was renamed, or lines that were taken for others.
pub(super) fn shifted(
    gates: &Gates,
    named: ComparedHalfYear<'_>,
    before: &SalesCell,
    after: &SalesCell,
) -> Vec<Refusal> {
    let (all_before, all_after) = (before.mutations(), after.mutations());
    let fewest = all_before.min(all_after);
    if fewest < FEWEST_SHARED {
        return Vec::new();
    }
    let mut natures: Vec<&String> = before.natures.keys().chain(after.natures.keys()).collect();
    natures.sort_unstable();
    natures.dedup();
    let count = |cell: &SalesCell, nature: &String| cell.natures.get(nature).copied().unwrap_or(0);
    let share =
        |cell: &SalesCell, all: u64, nature: &String| count(cell, nature) as f64 / all as f64;
    let refusals = natures.into_iter().filter_map(|nature| {
        let old = share(before, all_before, nature);
        let new = share(after, all_after, nature);
        let larger = old.max(new);
        let chance = 300.0 * (larger * (1.0 - larger) / fewest as f64).sqrt();
        ((new - old).abs() * 100.0 > gates.natures.max(chance)).then(|| {
            named.refusal(
                "natures",
                &format!(
                    "has {:.0} % of its mutations under the nature \"{nature}\" where {} {:.0} %; {} points are the limit",
                    new * 100.0,
                    named.earlier,
                    old * 100.0,
                    gates.natures
                ),
                RefusedCounts::after(Counted::Mutations, count(after, nature), count(before, nature)),
            )
        })
    });
    refusals.collect()
}
