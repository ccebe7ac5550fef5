//! A chunk of a file, read by itself: its lines put into mutations, but for the first and the last, whose other lines may
//! stand in the chunks beside it.

use std::hash::{DefaultHasher, Hash, Hasher};

use simd_csv::{ByteRecord, TotalReaderBuilder};

use super::chunk::Chunk;
use super::error::Fault;
use super::group::{ClosedMutations, Grouping, LineOrder, Row};
use super::layout::{Head, Layout};
use super::mutation::Nature;

/// Reasons kept of unreadable lines.
pub(super) const REASONS: usize = 5;

/// More natures than this in one file: the column holds something else.
const MAXIMUM_NATURES: usize = 50;

/// What a chunk holds.
pub(super) struct ParsedChunk {
    /// Lines of the first mutation, where there are several.
    pub first: Vec<Row>,
    /// The mutations between the first and the last.
    pub closed: ClosedMutations,
    /// Lines of the last mutation; all lines where they are collected.
    pub last: Vec<Row>,
    pub order: LineOrder,
    /// Those known before, and then those that the chunk added.
    pub natures: Vec<String>,
    pub lines: u64,
    pub unreadable: u64,
    /// Where the first few unreadable lines begin in the file, and why they cannot be read.
    pub faults: Vec<(u64, Fault)>,
}

impl ParsedChunk {
    /// Reads a chunk, given the natures that were met before it.
    pub(super) fn read(
        chunk: &Chunk,
        layout: &Layout,
        grouping: Grouping,
        natures: &[String],
    ) -> Self {
        let mut parsed = Self {
            first: Vec::new(),
            closed: ClosedMutations::default(),
            last: Vec::new(),
            order: LineOrder::default(),
            natures: natures.to_vec(),
            lines: 0,
            unreadable: 0,
            faults: Vec::new(),
        };
        let mut number = Number::default();
        let utf8 = str::from_utf8(&chunk.bytes).is_ok();
        let mut reader = TotalReaderBuilder::new()
            .delimiter(layout.format.separator())
            .quote(layout.format.quote())
            .from_bytes(&chunk.bytes);
        // The first record is what the reader takes for the names of columns.
        let mut start = 0;
        let mut record = reader.byte_headers().clone();
        while !record.is_empty() {
            parsed.lines += 1;
            if let Err(fault) = parsed.take(layout, &record, utf8, grouping, &mut number) {
                parsed.unreadable += 1;
                if parsed.faults.len() < REASONS {
                    parsed.faults.push((chunk.start + start, fault));
                }
            }
            start = reader.position();
            reader.read_byte_record(&mut record);
        }
        parsed
    }

    /// Takes a record, unless it cannot be read. `utf8` says that it is known to be UTF-8.
    fn take(
        &mut self,
        layout: &Layout,
        record: &ByteRecord,
        utf8: bool,
        grouping: Grouping,
        number: &mut Number,
    ) -> Result<(), Fault> {
        if record.len() != layout.names.len() {
            return Err(Fault::Width {
                found: record.len(),
                expected: layout.names.len(),
            });
        }
        if !utf8 && str::from_utf8(record.as_slice()).is_err() {
            let wrong = record
                .iter()
                .position(|field| str::from_utf8(field).is_err());
            let wrong = wrong.unwrap_or_default();
            return Err(Fault::Utf8 {
                column: layout.names[wrong].clone(),
                value: String::from_utf8_lossy(record.get(wrong).unwrap_or_default())
                    .chars()
                    .take(60)
                    .collect(),
            });
        }
        let head = layout.head(record)?;
        let line = layout.line(record)?;
        let nature = nature(&mut self.natures, head.nature).ok_or(Fault::Natures {
            limit: MAXIMUM_NATURES,
        })?;
        let row = Row {
            key: number.key(&head),
            date: head.date,
            nature,
            price: head.price,
            line,
        };
        self.push(row, grouping);
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

/// The number of the last line, and its hash: the lines of a mutation follow each other.
#[derive(Default)]
struct Number {
    text: Vec<u8>,
    hash: u64,
}

impl Number {
    /// The key of a line's mutation: the hash of its number or, where the format has none, of date and price, which are
    /// the same on a run of lines.
    fn key(&mut self, head: &Head<'_>) -> u64 {
        let mut hasher = DefaultHasher::new();
        match head.number {
            None => (head.date, head.price.map(f64::to_bits)).hash(&mut hasher),
            Some(number) if number == self.text => return self.hash,
            Some(number) => {
                self.text.clear();
                self.text.extend_from_slice(number);
                hasher.write(number);
            }
        }
        self.hash = hasher.finish();
        self.hash
    }
}

/// The index of a nature in the list, to which it is added; `None` when they are too many to be natures.
fn nature(natures: &mut Vec<String>, text: &[u8]) -> Option<Nature> {
    let known = natures.iter().position(|n| n.as_bytes() == text);
    let index = known.or_else(|| {
        // A typographic apostrophe is the same word.
        let text = String::from_utf8_lossy(text).replace('’', "'");
        natures.iter().position(|n| *n == text).or_else(|| {
            (natures.len() < MAXIMUM_NATURES).then(|| {
                natures.push(text);
                natures.len() - 1
            })
        })
    });
    index.map(|index| Nature(index as u8))
}
