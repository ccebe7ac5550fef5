//! Lines, mutations, and the rule that makes a sale of a mutation.

use jiff::civil::Date;

use super::parse::Code;
use super::section::Section;
use crate::base::kind::PropertyKind;

/// From this price per m² on, the official method leaves a sale out, €/m².
pub const MAXIMUM_PRICE_M2: f64 = 100_000.0;

/// The natures of mutation that the official method keeps.
pub const SALE_NATURES: [&str; 3] = [
    "Vente",
    "Vente en l'état futur d'achèvement",
    "Adjudication",
];

/// The place of the sale of new homes in [`SALE_NATURES`].
pub const NEW_HOME: usize = 1;

/// A nature of mutation: its place in the list of those met, [`SALE_NATURES`] first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nature(pub u8);

impl Nature {
    /// Whether it is "Vente en l'état futur d'achèvement": the sale of a home that is not built yet. It gets into the files
    /// with its kind and surface years later, once the building is in the land register.
    pub fn is_new_home(self) -> bool {
        usize::from(self.0) == NEW_HOME
    }

    /// Whether the official method keeps it.
    pub fn is_sale(self) -> bool {
        usize::from(self.0) < SALE_NATURES.len()
    }
}

/// What is needed of a line of a file: one property, outbuilding or piece of land of a mutation, or a part of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    pub commune: Code,
    pub postal: Option<[u8; 5]>,
    /// Prefix, section and plan of the parcel.
    pub parcel: [u8; 9],
    /// Number of the disposition within the deed.
    pub disposition: u16,
    pub lots: [[u8; 8]; 5],
    /// `None` for land.
    pub kind: Option<PropertyKind>,
    /// Built surface, m².
    pub surface: Option<f64>,
    /// Main rooms; 0 where there are none or they are not known.
    pub rooms: u16,
    pub culture: [u8; 4],
    /// Surface of the land, m².
    pub land: Option<f64>,
    /// Latitude and longitude, degrees.
    pub position: Option<[f64; 2]>,
}

impl Line {
    /// Whether the line is a house, a flat or business premises: what counts as a property.
    fn is_property(&self) -> bool {
        self.kind
            .is_some_and(|kind| kind != PropertyKind::Outbuilding)
    }

    /// What tells a property from another within a mutation: the official method's ten columns, less those that are
    /// the same on all its lines.
    fn property_key(&self) -> (Code, [u8; 9], Option<PropertyKind>, u64) {
        (self.commune, self.parcel, self.kind, bits(self.surface))
    }

    /// The line as bytes for the mutation's identity: what is stable from one release to the next. Not the commune,
    /// which changes in a merger with the parcel's prefix; not the coordinates nor the address, which are corrected.
    fn identity(&self) -> [u8; IDENTITY] {
        let mut bytes = [0; IDENTITY];
        let mut rest = &mut bytes[..];
        let mut put = |part: &[u8]| {
            let (head, tail) = std::mem::take(&mut rest).split_at_mut(part.len());
            head.copy_from_slice(part);
            rest = tail;
        };
        let departement = self.commune.departement().as_bytes();
        put(departement);
        put(&[0; 3][departement.len()..]);
        put(&self.parcel[3..]);
        for lot in &self.lots {
            put(lot);
        }
        put(&[self.kind.map_or(0, PropertyKind::code)]);
        put(&bits(self.surface).to_le_bytes());
        put(&self.rooms.to_le_bytes());
        put(&self.culture);
        put(&bits(self.land).to_le_bytes());
        bytes
    }
}

/// Bytes of [`Line::identity`].
const IDENTITY: usize = 3 + 6 + 5 * 8 + 1 + 8 + 2 + 4 + 8;

/// A surface's bits, the absent one apart from all others.
fn bits(surface: Option<f64>) -> u64 {
    surface.map_or(u64::MAX, f64::to_bits)
}

/// A transfer of property: what the database keeps of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Mutation {
    /// Hash of the content (blake3, 128 bits): stable whatever the order of the lines, the mutation's number, the
    /// release and the format.
    pub id: [u8; 16],
    /// The number that the file gives it, or what stands for it: no identity, for it is another in the next edition.
    pub number: u64,
    /// The commune of the property, or the first by code where there are none or several.
    pub commune: Code,
    /// The day of the deed.
    pub date: Date,
    /// The kind of transfer that the deed names, such as a sale or an exchange.
    pub nature: Nature,
    /// Price of the whole, €.
    pub price: Option<f64>,
    /// Lines of the file.
    pub lines: u32,
    /// Houses, flats and business premises, exact duplicates dropped.
    pub properties: u32,
    /// The only property's kind; `None` where there are none or several.
    pub kind: Option<PropertyKind>,
    /// Built surface of the only property, m².
    pub surface: Option<f64>,
    /// Main rooms of the only property.
    pub rooms: u16,
    /// Surface of the land sold, m².
    pub land: Option<f64>,
    /// The section of the only property's parcel; unknown where there are none or several.
    pub section: Section,
    /// The postal code of the property, five ASCII digits; `None` where the file gives none.
    pub postal: Option<[u8; 5]>,
    /// Latitude and longitude, degrees.
    pub position: Option<[f64; 2]>,
}

/// Why a mutation makes no statistic, in the order in which the official method filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exclusion {
    /// An exchange, an expropriation, building land…
    Nature,
    /// Land or outbuildings alone.
    NoProperty,
    /// Several houses, flats or business premises for one price.
    SeveralProperties,
    /// The file gives no price.
    NoPrice,
    /// The file gives no built surface of the only property.
    NoSurface,
    /// [`MAXIMUM_PRICE_M2`] or more.
    TooExpensive,
}

impl Exclusion {
    /// Every reason, in the order in which the method filters.
    pub const ALL: [Self; 6] = [
        Self::Nature,
        Self::NoProperty,
        Self::SeveralProperties,
        Self::NoPrice,
        Self::NoSurface,
        Self::TooExpensive,
    ];

    /// A few words for a report.
    pub fn label(self) -> &'static str {
        match self {
            Self::Nature => "nature",
            Self::NoProperty => "no property",
            Self::SeveralProperties => "several properties",
            Self::NoPrice => "no price",
            Self::NoSurface => "no surface",
            Self::TooExpensive => "100,000 €/m² or more",
        }
    }
}

impl Mutation {
    /// Puts the lines of one mutation together.
    ///
    /// # Panics
    /// When there is no line.
    pub fn from_lines<'a>(
        date: Date,
        nature: (Nature, &str),
        price: Option<f64>,
        lines: impl ExactSizeIterator<Item = &'a Line> + Clone,
        number: u64,
    ) -> Self {
        let mut keys: Vec<_> = lines
            .clone()
            .filter(|line| line.is_property())
            .map(Line::property_key)
            .collect();
        keys.sort_unstable();
        keys.dedup();
        let only = match keys[..] {
            [key] => Some(key),
            _ => None,
        };
        // The lines that describe the only property, else all of them; the least of each value, whatever their order.
        let described = || {
            lines
                .clone()
                .filter(move |line| only.is_none_or(|key| line.property_key() == key))
        };
        let mut parcels: Vec<_> = lines
            .clone()
            .filter_map(|line| {
                line.land
                    .map(|m2| (line.commune, line.parcel, line.culture, m2.to_bits()))
            })
            .collect();
        parcels.sort_unstable();
        parcels.dedup();
        Self {
            id: identity(date, nature.1, price, lines.clone()),
            number,
            commune: described()
                .map(|line| line.commune)
                .min()
                .expect("a mutation stands on a line at least"),
            date,
            nature: nature.0,
            price,
            lines: lines.len() as u32,
            properties: keys.len() as u32,
            kind: only.and_then(|(_, _, kind, _)| kind),
            surface: only.and_then(|_| described().next()?.surface),
            rooms: only.map_or(0, |_| described().map(|line| line.rooms).max().unwrap_or(0)),
            land: (!parcels.is_empty())
                .then(|| parcels.iter().map(|plot| f64::from_bits(plot.3)).sum()),
            section: only.map_or(Section::UNKNOWN, |(_, parcel, ..)| {
                let [prefix @ .., _, _, _, _] = parcel;
                Section::from_bytes(prefix)
            }),
            postal: described().filter_map(|line| line.postal).min(),
            // Of several parcels, the first by its commune and number: in most files what stands on the first line.
            position: described()
                .filter_map(|line| Some(((line.commune, line.parcel), line.position?)))
                .min_by(|(parcel, a), (other, b)| {
                    let degrees = || a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1]));
                    parcel.cmp(other).then_with(degrees)
                })
                .map(|(_, position)| position),
        }
    }

    /// Price per built m², €/m², where there is one property with a price and a surface.
    pub fn price_m2(&self) -> Option<f64> {
        self.kind?;
        Some(self.price? / self.surface?)
    }

    /// Why the mutation is not a sale in the sense of the official method; `None` when it is one.
    pub fn exclusion(&self) -> Option<Exclusion> {
        if !self.nature.is_sale() {
            Some(Exclusion::Nature)
        } else if self.properties == 0 {
            Some(Exclusion::NoProperty)
        } else if self.properties > 1 {
            Some(Exclusion::SeveralProperties)
        } else if self.price.is_none() {
            Some(Exclusion::NoPrice)
        } else if self.surface.is_none() {
            Some(Exclusion::NoSurface)
        } else {
            self.price_m2()
                .is_none_or(|price| price >= MAXIMUM_PRICE_M2)
                .then_some(Exclusion::TooExpensive)
        }
    }

    /// Marks the same content met a further time: `occurrence` counts from 1.
    pub fn mark_occurrence(&mut self, first: [u8; 16], occurrence: u32) {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&first);
        hasher.update(&occurrence.to_le_bytes());
        self.id = truncate(hasher.finalize());
    }
}

fn identity<'a>(
    date: Date,
    nature: &str,
    price: Option<f64>,
    lines: impl ExactSizeIterator<Item = &'a Line>,
) -> [u8; 16] {
    let mut bytes = Vec::with_capacity(64 + lines.len() * IDENTITY);
    bytes.extend(date.year().to_le_bytes());
    bytes.extend([date.month() as u8, date.day() as u8]);
    bytes.extend((nature.len() as u32).to_le_bytes());
    bytes.extend(nature.as_bytes());
    // In simple precision, as the files of 2026 have it, so that a sale of 445139.08 € is the same when they make
    // 445139.06 of it; and the same for 2175,00 and 2175.0.
    let price = price.map_or(u32::MAX, |euros| (euros as f32).to_bits());
    bytes.extend(price.to_le_bytes());
    let start = bytes.len();
    for line in lines {
        bytes.extend(line.identity());
    }
    let (content, _) = bytes[start..].as_chunks_mut::<IDENTITY>();
    content.sort_unstable();
    truncate(blake3::hash(&bytes))
}

fn truncate(hash: blake3::Hash) -> [u8; 16] {
    let mut id = [0; 16];
    id.copy_from_slice(&hash.as_bytes()[..16]);
    id
}
