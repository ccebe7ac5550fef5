//! A chunk of a file, read by itself: its lines put into mutations, but for the first and the last, whose other lines may
//! stand in the chunks beside it.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::chunk::Chunk;
use super::communes::separated;
use super::error::Fault;
use super::format::Field;
use super::group::{ClosedMutations, Grouping, LineOrder, Row};
use super::layout::{Layout, MutationHead};
use super::mutation::Nature;
use super::nature;
use super::parse::Code;
use super::record::{Record, Records};
use crate::geo::Geography;

/// Reasons kept of unreadable lines.
pub(super) const REASONS: usize = 5;

/// More natures than this in one file: the column holds something else.
const MAXIMUM_NATURES: usize = 50;

/// Whether a line lacks its end.
fn is_short(fault: &Fault) -> bool {
    match fault {
        Fault::Width { found, expected } => found < expected,
        fault => matches!(fault, Fault::Quote),
    }
}

/// What the lines of a file are read by.
#[derive(Clone, Copy)]
pub(super) struct LineTerms<'a> {
    pub layout: &'a Layout,
    pub grouping: Grouping,
    /// The places of today.
    pub geography: &'a Geography,
}

/// What a chunk holds.
pub(super) struct ParsedChunk {
    /// Lines of the first mutation, where there are several.
    pub first: Vec<Row>,
    /// The mutations between the first and the last.
    pub closed: ClosedMutations,
    /// Lines of the last mutation; all lines where they are collected.
    pub last: Vec<Row>,
    pub order: LineOrder,
    /// The natures known before, and then those that the chunk added.
    pub natures: Vec<String>,
    pub lines: u64,
    pub unreadable: u64,
    /// By column of the file, values that no figure needs and that could not be read.
    pub left_empty: Vec<u64>,
    /// Lines by the commune that they name and the one of today that their parcel lies in, where these differ.
    pub separated: BTreeMap<(Code, Code), u64>,
    /// Where the first few unreadable lines begin in the file, and why they cannot be read.
    pub faults: Vec<(u64, Fault)>,
    /// Where the file's last line begins, where the file ends in the middle of it.
    pub cut: Option<u64>,
}

impl ParsedChunk {
    /// Reads a chunk, given the natures that were met before it.
    pub(super) fn read(chunk: &Chunk, reading: LineTerms<'_>, natures: &[String]) -> Self {
        let layout = reading.layout;
        let mut parsed = Self {
            first: Vec::new(),
            closed: ClosedMutations::default(),
            last: Vec::new(),
            order: LineOrder::default(),
            natures: natures.to_vec(),
            lines: 0,
            unreadable: 0,
            left_empty: vec![0; layout.names.len()],
            separated: BTreeMap::new(),
            faults: Vec::new(),
            cut: None,
        };
        let mut number = Number::default();
        let utf8 = simdutf8::basic::from_utf8(&chunk.bytes).is_ok();
        let mut records = Records::new(layout.records(), &chunk.bytes);
        let mut record = Record::default();
        while let Some(start) = records.read(&mut record) {
            parsed.lines += 1;
            if let Err(mut fault) = parsed.take(reading, &record, utf8, &mut number) {
                let start = chunk.start + start as u64;
                parsed.unreadable += 1;
                if records.are_over() && is_short(&fault) && !chunk.bytes.ends_with(b"\n") {
                    parsed.cut = Some(start);
                    fault = Fault::Cut;
                }
                if parsed.faults.len() < REASONS {
                    parsed.faults.push((start, fault));
                }
            }
        }
        parsed
    }

    /// Takes a record, unless it cannot be read. `utf8` says that it is known to be UTF-8.
    fn take(
        &mut self,
        reading: LineTerms<'_>,
        record: &Record<'_>,
        utf8: bool,
        number: &mut Number,
    ) -> Result<(), Fault> {
        let layout = reading.layout;
        if record.is_open {
            return Err(Fault::Quote);
        }
        if record.len() != layout.names.len() {
            return Err(Fault::Width {
                found: record.len(),
                expected: layout.names.len(),
            });
        }
        let head = layout.head(record)?;
        let mut line = layout.line(record, &mut self.left_empty)?;
        if let Some(today) = separated(line.commune, &line.parcel[..3], reading.geography) {
            *self.separated.entry((line.commune, today)).or_default() += 1;
            line.commune = today;
        }
        if !utf8 {
            layout.count_other_encodings(record, &mut self.left_empty);
        }
        let nature = number
            .nature(&head, &mut self.natures)
            .ok_or_else(|| Fault::Natures {
                column: layout.format.column_name(Field::Nature),
                limit: MAXIMUM_NATURES,
            })?;
        let row = Row {
            key: number.key(&head, reading.grouping),
            date: head.date,
            nature,
            price: head.price,
            line,
        };
        self.push(row, reading.grouping);
        Ok(())
    }

    fn push(&mut self, row: Row, grouping: Grouping) {
        let ends =
            !grouping.keeps_all_lines && self.last.last().is_some_and(|last| last.key != row.key);
        if ends && self.first.is_empty() {
            std::mem::swap(&mut self.first, &mut self.last);
        } else if ends {
            self.closed
                .close(&mut self.last, &self.natures, grouping.splits_numbers);
        }
        self.order.see(&row);
        self.last.push(row);
    }
}

/// The number of the last line and its key, its nature and what that is: the lines of a mutation follow each other.
#[derive(Default)]
struct Number {
    text: Vec<u8>,
    key: u64,
    nature: Option<(Vec<u8>, Nature)>,
}

impl Number {
    /// The key of a line's mutation: that of its number or, where the format has none, the hash of date and price, which are
    /// the same on a run of lines.
    fn key(&mut self, head: &MutationHead<'_>, grouping: Grouping) -> u64 {
        match head.number.filter(|_| !grouping.ignores_numbers) {
            None => {
                let mut hasher = DefaultHasher::new();
                (head.date, head.price.map(f64::to_bits)).hash(&mut hasher);
                self.key = hasher.finish();
            }
            Some(number) if number == self.text => {}
            Some(number) => {
                self.text.clear();
                self.text.extend_from_slice(number);
                self.key = key_of(number);
            }
        }
        self.key
    }

    /// The nature of a line: its place in the list, to which it is added; `None` when they are too many to be natures.
    fn nature(&mut self, head: &MutationHead<'_>, natures: &mut Vec<String>) -> Option<Nature> {
        if let Some((text, nature)) = &self.nature
            && text == head.nature
        {
            return Some(*nature);
        }
        let named = |name: &str| natures.iter().position(|known| known == name);
        let text = str::from_utf8(head.nature).ok();
        let index = match text.and_then(named) {
            Some(index) => index,
            None => {
                let name = nature::name(head.nature);
                match named(&name) {
                    Some(index) => index,
                    None if natures.len() >= MAXIMUM_NATURES => return None,
                    None => {
                        natures.push(name);
                        natures.len() - 1
                    }
                }
            }
        };
        let nature = Nature(index as u8);
        self.nature = Some((head.nature.to_vec(), nature));
        Some(nature)
    }
}

/// What stands for a number: itself where it is made of digits and dashes and not too long, as `2024-1163284` is; else a hash.
/// The database keeps it.
fn key_of(number: &[u8]) -> u64 {
    const DIGITS: u64 = 11;
    let place = |byte: &u8| match byte {
        b'0'..=b'9' => Some(u64::from(byte - b'0') + 1),
        b'-' => Some(DIGITS),
        _ => None,
    };
    let exact = number.iter().try_fold(0_u64, |key, byte| {
        key.checked_mul(DIGITS)?.checked_add(place(byte)?)
    });
    exact.unwrap_or_else(|| {
        let mut hasher = DefaultHasher::new();
        hasher.write(number);
        hasher.finish()
    })
}
