//! The parcels of a commune. All of a parcel follows from its number, so that two sales of one place agree on its address.

use super::places::{Commune, Part};
use super::random::{Random, mix};
use super::record::{Parcel, Site, Street};
use super::words::{
    FIRST_NAMES, LAST_NAMES, PLACE_BEGINNINGS, PLACE_ENDINGS, STREET_COMPLEMENTS, STREET_KINDS,
    SUFFIXES,
};

/// Where a parcel lies.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Zone {
    /// In a street.
    Town,
    /// At a place without streets, with a house that may have a number.
    Hamlet,
    Field,
}

/// A parcel of `commune` in `zone`, sold in `year`.
pub(super) fn parcel<'a>(
    commune: &'a Commune,
    zone: Zone,
    year: i16,
    random: &mut Random,
) -> Site<'a> {
    let (section, plan) = match zone {
        Zone::Town => {
            let sections = (commune.population / 1_200 + 2).min(400);
            (town_section(random.below(sections)), 1 + random.below(450))
        }
        Zone::Hamlet | Zone::Field => (field_section(random.below(14)), 1 + random.below(1_400)),
    };
    site(
        commune,
        part(commune, random),
        Parcel {
            prefix: 0,
            section,
            plan: plan as u16,
        },
        zone,
        year,
    )
}

/// The parcel of a building with several owners: there are few of them, and their flats come back on the market.
pub(super) fn building<'a>(commune: &'a Commune, year: i16, random: &mut Random) -> Site<'a> {
    let rank = random.below(commune.population / 120 + 2);
    shared(commune, rank, year, 0)
}

/// The parcel of a building that is being built in `year`.
pub(super) fn programme<'a>(commune: &'a Commune, year: i16, random: &mut Random) -> Site<'a> {
    let rank = random.below(commune.population / 6_000 + 1);
    shared(commune, rank, year, year as u64)
}

fn shared(commune: &Commune, rank: u32, year: i16, series: u64) -> Site<'_> {
    let mut random = Random::new(mix(commune.key ^ u64::from(rank)) ^ series);
    parcel(commune, Zone::Town, year, &mut random)
}

/// Another parcel near the one of `site`.
pub(super) fn beside<'a>(
    commune: &'a Commune,
    like: &Site<'a>,
    zone: Zone,
    year: i16,
    random: &mut Random,
) -> Site<'a> {
    let plan = like.parcel.plan + 1 + random.below(9) as u16;
    let part = commune
        .parts
        .iter()
        .find(|part| part.label.code == like.label.code || like.parcel.prefix == prefix(part));
    site(
        commune,
        part,
        Parcel {
            plan,
            ..like.parcel
        },
        zone,
        year,
    )
}

/// The former commune that a sale falls in, as often in each as in the part that is none.
fn part<'a>(commune: &'a Commune, random: &mut Random) -> Option<&'a Part> {
    commune
        .parts
        .get(random.below(commune.parts.len() as u32 + 1) as usize)
}

fn prefix(part: &Part) -> u16 {
    part.label.code[2..]
        .parse()
        .expect("former communes have codes of digits")
}

fn town_section(rank: u32) -> [u8; 2] {
    [b'A' + (rank / 24) as u8, b'A' + (rank % 24) as u8]
}

fn field_section(rank: u32) -> [u8; 2] {
    match rank as u8 {
        letter @ 0..8 => [b'0', b'A' + letter],
        letter => [b'Z', b'A' + letter - 8],
    }
}

fn site<'a>(
    commune: &'a Commune,
    part: Option<&'a Part>,
    parcel: Parcel,
    zone: Zone,
    year: i16,
) -> Site<'a> {
    // Up to the year of a merger the former code stands in the commune's column; afterwards it is left in the prefix of
    // the parcel and, now and then, in the columns of the former commune.
    let apart = part.filter(|part| part.until >= year);
    let joined = part.filter(|part| part.until < year);
    let label = apart.map_or(&commune.label, |part| &part.label);
    let parcel = Parcel {
        prefix: joined.map_or(0, prefix),
        ..parcel
    };
    let section = mix(commune.key
        ^ u64::from(u16::from_be_bytes(parcel.section)) << 20
        ^ u64::from(parcel.prefix));
    let own = mix(section ^ u64::from(parcel.plan));
    let numbered = match zone {
        Zone::Town => own % 100 < 94,
        Zone::Hamlet => own % 100 < 60,
        Zone::Field => false,
    };
    let addressed = !own.is_multiple_of(173);
    let number = match (own >> 8) % 17 {
        0 => 5_001 + (own >> 16) % 400,
        _ => 1 + (own >> 16) % 130,
    };
    Site {
        label,
        former: joined.map(|part| &part.label).filter(|_| own % 8 == 3),
        parcel,
        postal_code: commune
            .postal_codes
            .get((section % commune.postal_codes.len().max(1) as u64) as usize)
            .filter(|_| addressed)
            .map_or("", String::as_str),
        street: addressed.then(|| match zone {
            Zone::Town => street(commune, own >> 24),
            // Neighbours share the name of their place.
            Zone::Hamlet | Zone::Field => place(mix(section ^ u64::from(parcel.plan / 16))),
        }),
        number: if numbered && addressed {
            number as u16
        } else {
            0
        },
        suffix: if numbered && addressed && (own >> 32).is_multiple_of(17) {
            SUFFIXES[((own >> 40) % SUFFIXES.len() as u64) as usize]
        } else {
            ""
        },
        position: (!(own >> 44).is_multiple_of(46)).then(|| position(commune, section, own)),
    }
}

/// In [-1, 1), from sixteen bits.
fn spread(bits: u64) -> f64 {
    (bits & 0xffff) as f64 / 32_768.0 - 1.0
}

fn position(commune: &Commune, section: u64, own: u64) -> (i32, i32) {
    let at = |middle: f64, section: u64, own: u64| {
        let degrees = middle + commune.reach * (0.8 * spread(section) + 0.2 * spread(own));
        (degrees * 1e6) as i32
    };
    (
        at(commune.middle.0, section >> 8, own >> 3),
        at(commune.middle.1, section >> 24, own >> 23),
    )
}

fn street(commune: &Commune, draw: u64) -> Street {
    let streets = u64::from(commune.population / 60 + 5).min(1_900);
    let rank = draw % streets;
    let own = mix(commune.key ^ (rank << 32));
    let item =
        |items: &[&'static str], shift: u32| items[((own >> shift) % items.len() as u64) as usize];
    let words = if own % 5 < 2 {
        [item(&STREET_COMPLEMENTS, 16), ""]
    } else {
        [item(&FIRST_NAMES, 16), item(&LAST_NAMES, 32)]
    };
    Street {
        kind: item(&STREET_KINDS, 8),
        words,
        code: (10 + 5 * rank) as u16,
    }
}

fn place(own: u64) -> Street {
    let item =
        |items: &[&'static str], shift: u32| items[((own >> shift) % items.len() as u64) as usize];
    Street {
        kind: "",
        words: [item(&PLACE_BEGINNINGS, 0), item(&PLACE_ENDINGS, 16)],
        code: 1 + (own >> 32) as u16 % 700,
    }
}
