//! A generated mutation and its lines, before they take the form of one of the files.

use super::places::Label;
use super::words::Culture;

/// What a line is about; a plot without a building has none.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    House,
    Flat,
    Outbuilding,
    Premises,
}

impl Kind {
    /// Its code and name in the files.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::House => ("1", "Maison"),
            Self::Flat => ("2", "Appartement"),
            Self::Outbuilding => ("3", "Dépendance"),
            Self::Premises => ("4", "Local industriel. commercial ou assimilé"),
        }
    }
}

#[derive(Clone, Copy)]
pub(super) struct Street {
    /// `RUE`, `AV`…; empty for a place without streets.
    pub kind: &'static str,
    pub words: [&'static str; 2],
    /// A number, after a B for a place without streets.
    pub code: u16,
}

#[derive(Clone, Copy)]
pub(super) struct Parcel {
    pub prefix: u16,
    pub section: [u8; 2],
    pub plan: u16,
}

/// A plot: its place in the land registry, its address and its position.
#[derive(Clone, Copy)]
pub(super) struct Site<'a> {
    pub label: &'a Label,
    /// The former commune that the line also names.
    pub former: Option<&'a Label>,
    pub parcel: Parcel,
    pub postal_code: &'a str,
    pub street: Option<Street>,
    /// 0 where the address has none.
    pub number: u16,
    pub suffix: &'static str,
    /// Longitude and latitude in millionths of a degree.
    pub position: Option<(i32, i32)>,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Lot {
    /// 0 for no lot.
    pub number: u16,
    pub lettered: bool,
    /// Hundredths of a square metre, 0 for none.
    pub carrez: u32,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Lots {
    pub count: u8,
    /// The first five.
    pub named: [Lot; 5],
}

#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub site: Site<'a>,
    pub disposition: u16,
    /// 0 for none.
    pub volume: u8,
    pub lots: Lots,
    pub kind: Option<Kind>,
    /// Built surface in square metres, 0 for none.
    pub surface: u32,
    /// Main rooms; unknown for some premises, which then have no surface either.
    pub rooms: Option<u8>,
    pub land: Option<Land>,
}

/// A stretch of a plot with one use.
#[derive(Clone, Copy)]
pub(super) struct Land {
    pub culture: &'static Culture,
    /// Whether the special use is named.
    pub special: bool,
    /// Square metres.
    pub surface: u32,
}

pub(super) struct Sale<'a> {
    /// Days since the first of January.
    pub day: u16,
    /// The day of its entry in the land registry, counted from the same first of January.
    pub registered: u16,
    pub nature: &'static str,
    /// Cents.
    pub price: Option<u64>,
    pub lines: Vec<Line<'a>>,
}
