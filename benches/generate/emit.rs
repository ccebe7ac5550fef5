//! From the sales of the communes to the lines of a file, in its order.

use std::io::Write;
use std::ops::{AddAssign, Range};

use anyhow::{Result, ensure};
use rayon::prelude::*;

use super::calendar::Calendar;
use super::departements::market;
use super::format::Format;
use super::period::Period;
use super::places::{Commune, Departement};
use super::random::{Random, exp, hash, mix};
use super::record::Sale;
use super::sales;

/// Mutations of the whole country in a year at scale 1.
const MUTATIONS: f64 = 1_405_000.0;

/// What is to be made.
pub(super) struct Plan {
    pub departements: Vec<Departement>,
    /// Codes of départements; all of them when empty.
    pub only: Vec<String>,
    pub period: Period,
    pub scale: f64,
    pub seed: u64,
    pub change: Option<String>,
    pub format: Format,
}

/// What a file holds.
#[derive(Clone, Copy, Default)]
pub(super) struct Counts {
    pub lines: u64,
    pub mutations: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.lines += other.lines;
        self.mutations += other.mutations;
    }
}

/// The mutations of a département: their text, and where each of them stands in it.
struct Batch {
    text: Vec<u8>,
    mutations: Vec<Mutation>,
}

struct Mutation {
    /// The order of the land registries' files: registry, day of registration, chance.
    order: u64,
    /// What a change of which makes a new number.
    key: Key,
    text: Range<usize>,
}

/// The day and the price in cents, a missing price last.
type Key = (u16, u64);

impl Plan {
    /// Refuses a département or a commune that is not covered.
    pub(super) fn check(&self) -> Result<()> {
        for code in &self.only {
            ensure!(
                self.departements
                    .iter()
                    .any(|departement| departement.code == code),
                "{code} is not a département covered by DVF"
            );
        }
        if let Some(code) = &self.change {
            ensure!(
                self.chosen()
                    .flat_map(|departement| &departement.communes)
                    .any(|commune| commune.label.code == *code),
                "{code} is not a commune of today in the départements asked for (Paris, Lyon and Marseille count by arrondissement)"
            );
        }
        Ok(())
    }

    fn chosen(&self) -> impl Iterator<Item = &Departement> {
        self.departements.iter().filter(|departement| {
            self.only.is_empty() || self.only.iter().any(|code| code == departement.code)
        })
    }

    /// Writes the file of `year`.
    pub(super) fn write(&self, year: i16, out: &mut impl Write) -> Result<Counts> {
        out.write_all(self.format.header().as_bytes())?;
        let calendar = Calendar::new(year)?;
        let weights = self
            .departements
            .iter()
            .flat_map(|departement| &departement.communes);
        let total: f64 = weights.map(|commune| commune.weight).sum();
        let rate = self.scale * MUTATIONS * market(year).0 / total;
        let batch = |departement: &Departement| self.batch(departement, year, rate, &calendar);
        let mut lines = Lines {
            year,
            numbered: self.format != Format::Dgfip,
            ..Lines::default()
        };
        if self.format == Format::NewChain {
            let batches: Vec<Batch> = self
                .chosen()
                .collect::<Vec<_>>()
                .into_par_iter()
                .map(batch)
                .collect();
            let mut mutations: Vec<(&Batch, &Mutation)> = batches
                .iter()
                .flat_map(|batch| {
                    batch
                        .mutations
                        .iter()
                        .map(move |mutation| (batch, mutation))
                })
                .collect();
            mutations.sort_by_key(|(_, mutation)| mutation.key);
            for (batch, mutation) in mutations {
                lines.put(&batch.text[mutation.text.clone()], mutation.key, out)?;
            }
        } else {
            for departement in self.chosen() {
                let mut batch = batch(departement);
                batch
                    .mutations
                    .sort_unstable_by_key(|mutation| mutation.order);
                keep_apart(&mut batch.mutations, lines.last);
                for mutation in &batch.mutations {
                    lines.put(&batch.text[mutation.text.clone()], mutation.key, out)?;
                }
            }
        }
        lines.flush(out)?;
        Ok(lines.counts)
    }

    fn batch(&self, departement: &Departement, year: i16, rate: f64, calendar: &Calendar) -> Batch {
        let mut batch = Batch {
            text: Vec::new(),
            mutations: Vec::new(),
        };
        let (days, known) = (self.period.days(year), self.period.known(year));
        let trend = market(year).1;
        let communes = &departement.communes;
        for (place, commune) in communes.iter().enumerate() {
            let neighbour = &communes[(place + 1) % communes.len()];
            let changed = year == self.period.last_year()
                && self.change.as_ref() == Some(&commune.label.code);
            let mut random = Random::new(hash(&[self.seed, year as u64], &commune.label.code));
            let expected = commune.weight * rate * exp(0.08 * random.normal());
            let count =
                expected as u32 + u32::from(random.chance(expected - f64::from(expected as u32)));
            let mut add = |neighbour: &Commune, withdrawn: bool, random: &mut Random| {
                let sale = sales::draw(commune, neighbour, year, trend, calendar, random);
                let alone = sale
                    .lines
                    .iter()
                    .all(|line| line.site.label.code == sale.lines[0].site.label.code);
                // Drawn for each sale, kept or not: those after it must not depend on it.
                let chance = random.next() >> 32;
                if days.contains(&sale.day) && sale.registered <= known && !(withdrawn && alone) {
                    let registry = mix(commune.key) % departement.registries;
                    let order = registry << 48 | u64::from(sale.registered) << 32 | chance;
                    batch.add(&sale, order, |text| {
                        self.format.write(&sale, departement.code, calendar, text)
                    });
                }
            };
            for rank in 0..count {
                add(neighbour, changed && rank < 3, &mut random);
            }
            if changed {
                // From a stream of their own, within the commune alone.
                let mut random = Random::new(mix(commune.key ^ self.seed ^ 0xadd));
                for _ in 0..4 {
                    add(commune, false, &mut random);
                }
            }
        }
        batch
    }
}

impl Batch {
    fn add(&mut self, sale: &Sale, order: u64, write: impl FnOnce(&mut Vec<u8>)) {
        let begin = self.text.len();
        write(&mut self.text);
        self.mutations.push(Mutation {
            order,
            key: (sale.day, sale.price.unwrap_or(u64::MAX)),
            text: begin..self.text.len(),
        });
    }
}

/// Sees to it that no mutation follows one of the same day and price: the DGFiP source would make one of both.
fn keep_apart(mutations: &mut [Mutation], mut last: Option<Key>) {
    for place in 0..mutations.len() {
        if Some(mutations[place].key) == last {
            let other =
                (place + 1..mutations.len()).find(|other| Some(mutations[*other].key) != last);
            if let Some(other) = other {
                mutations.swap(place, other);
            }
        }
        last = Some(mutations[place].key);
    }
}

/// Numbers mutations and writes their lines by large blocks.
#[derive(Default)]
struct Lines {
    year: i16,
    numbered: bool,
    counts: Counts,
    last: Option<Key>,
    block: Vec<u8>,
}

impl Lines {
    /// Writes the lines of a mutation, under the last number where day and price are the last ones.
    fn put(&mut self, text: &[u8], key: Key, out: &mut impl Write) -> Result<()> {
        if self.last != Some(key) {
            self.counts.mutations += 1;
            self.last = Some(key);
        }
        let number = format!("{}-{}", self.year, self.counts.mutations);
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            if self.numbered {
                self.block.extend_from_slice(number.as_bytes());
            }
            self.block.extend_from_slice(line);
            self.counts.lines += 1;
        }
        if self.block.len() > 1 << 18 {
            self.flush(out)?;
        }
        Ok(())
    }

    fn flush(&mut self, out: &mut impl Write) -> Result<()> {
        out.write_all(&self.block)?;
        self.block.clear();
        Ok(())
    }
}
