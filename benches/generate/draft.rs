//! What mutations are put together from: a house on its land, a flat with its cellar, a bare plot, business premises.

use super::places::Commune;
use super::plots::Zone;
use super::random::{Random, exp};
use super::record::{Kind, Land, Line, Lot, Lots, Site};
use super::words::{BESIDE_HOUSES, CULTURES, OF_HOUSES};

// Percentiles (0, 1, 10, 25, 50, 75, 90, 99, 100) of surfaces in m² and of the price of premises in €/m².
pub(super) const FLAT_SURFACES: [f64; 9] = [9.0, 15.0, 29.0, 41.0, 60.0, 76.0, 94.0, 148.0, 260.0];
const HOUSE_SURFACES: [f64; 9] = [10.0, 24.0, 58.0, 75.0, 95.0, 124.0, 160.0, 290.0, 600.0];
const PREMISES_SURFACES: [f64; 9] = [2.0, 6.0, 18.0, 31.0, 82.0, 280.0, 720.0, 6_000.0, 18_000.0];
const PREMISES_RATES: [f64; 9] = [
    1.0, 39.0, 300.0, 600.0, 1_400.0, 2_500.0, 4_400.0, 9_500.0, 14_000.0,
];
const HOUSE_PLOTS: [f64; 9] = [
    5.0, 42.0, 125.0, 290.0, 540.0, 900.0, 1_400.0, 6_500.0, 30_000.0,
];
const LAND_PLOTS: [f64; 9] = [
    1.0, 4.0, 42.0, 190.0, 780.0, 3_300.0, 9_500.0, 36_000.0, 150_000.0,
];

/// A mutation being made.
pub(super) struct Draft<'a, 'r> {
    pub commune: &'a Commune,
    pub year: i16,
    pub random: &'r mut Random,
    pub lines: Vec<Line<'a>>,
    /// What it is worth so far, in € of a middling year.
    pub value: f64,
}

/// A line about `site` without a building.
pub(super) fn bare(site: Site<'_>) -> Line<'_> {
    Line {
        site,
        disposition: 1,
        volume: 0,
        lots: Lots::default(),
        kind: None,
        surface: 0,
        rooms: None,
        land: None,
    }
}

pub(super) fn outbuilding(site: Site<'_>) -> Line<'_> {
    Line {
        kind: Some(Kind::Outbuilding),
        rooms: Some(0),
        ..bare(site)
    }
}

impl<'a> Draft<'a, '_> {
    pub(super) fn house(&mut self, site: Site<'a>) -> Line<'a> {
        let surface = self.random.quantile(&HOUSE_SURFACES);
        self.value += surface * self.commune.house * exp(0.31 * self.random.normal());
        let rooms = Some(self.rooms(surface, 25.0));
        Line {
            kind: Some(Kind::House),
            surface: surface as u32,
            rooms,
            ..bare(site)
        }
    }

    pub(super) fn premises(&mut self, site: Site<'a>) -> Line<'a> {
        let surface = self.random.quantile(&PREMISES_SURFACES);
        let rate = self.random.quantile(&PREMISES_RATES) * self.commune.flat / 2_800.0;
        self.value += surface * rate * if surface > 300.0 { 0.4 } else { 1.0 };
        let line = Line {
            kind: Some(Kind::Premises),
            ..bare(site)
        };
        if self.random.chance(0.025) {
            // Neither surface nor rooms are known.
            return line;
        }
        Line {
            surface: surface as u32,
            rooms: Some(0),
            ..line
        }
    }

    /// A flat and its cellars and parking places, `dearer` times the prices of the commune.
    pub(super) fn flat(&mut self, site: Site<'a>, dearer: f64) {
        let surface = self.random.quantile(&FLAT_SURFACES);
        self.value += dearer * surface * self.commune.flat * exp(0.30 * self.random.normal());
        let rooms = Some(self.rooms(surface, 21.0));
        let mut line = Line {
            kind: Some(Kind::Flat),
            surface: surface as u32,
            rooms,
            ..bare(site)
        };
        let outbuildings = self.random.weighted(&[31.0, 44.0, 19.0, 5.0, 1.0]);
        if self.random.chance(0.15) {
            // In a building that is not divided in lots.
            let mut locals = vec![outbuilding(site); outbuildings];
            locals.push(line);
            self.with_land(&locals);
            return;
        }
        line.lots = self.lots(surface as u32, 0.68);
        if self.random.chance(0.012) {
            line.volume = 1 + self.random.below(6) as u8;
        }
        let flat_first = self.random.chance(0.5);
        if flat_first {
            self.lines.push(line);
        }
        for _ in 0..outbuildings {
            // A cellar either belongs to the flat's own lots or is a lot by itself.
            let lots = if self.random.chance(0.45) {
                line.lots
            } else {
                self.lots(1, 0.03)
            };
            self.value += 9_000.0;
            self.lines.push(Line {
                lots,
                ..outbuilding(site)
            });
        }
        if !flat_first {
            self.lines.push(line);
        }
    }

    /// Each of `locals` once for each use of the plot's land.
    pub(super) fn with_land(&mut self, locals: &[Line<'a>]) {
        let uses = 1 + self.random.weighted(&[82.5, 15.5, 1.7, 0.3]);
        for rank in 0..uses {
            let land = self.land(
                if rank == 0 {
                    &OF_HOUSES
                } else {
                    &BESIDE_HOUSES
                },
                &HOUSE_PLOTS,
            );
            self.lines.extend(locals.iter().map(|line| Line {
                land: Some(land),
                ..*line
            }));
        }
    }

    /// A plot sold without a building, one line for each of its uses, drawn by `shares`.
    pub(super) fn plot(&mut self, site: Site<'a>, shares: &[f64; 14]) {
        for _ in 0..=self.random.weighted(&[92.5, 6.5, 0.7, 0.3]) {
            let land = self.land(shares, &LAND_PLOTS);
            self.lines.push(Line {
                land: Some(land),
                ..bare(site)
            });
        }
    }

    fn land(&mut self, shares: &[f64; 14], surfaces: &[f64; 9]) -> Land {
        let culture = &CULTURES[self.random.weighted(shares)];
        Land {
            culture,
            special: self.random.chance(culture.special.2),
            surface: self.random.quantile(surfaces) as u32,
        }
    }

    /// One lot for an outbuilding (`surface` 1), mostly one or two for a flat, with a Carrez surface as often as said.
    pub(super) fn lots(&mut self, surface: u32, measured: f64) -> Lots {
        let weights = if surface > 1 {
            [55.0, 38.0, 5.0, 1.2, 0.4, 0.2, 0.1, 0.1]
        } else {
            [94.0, 4.0, 1.2, 0.4, 0.2, 0.1, 0.05, 0.05]
        };
        let count = 1 + self.random.weighted(&weights);
        let mut named = [Lot::default(); 5];
        let shown = count.min(5);
        let highest = if self.commune.size > 3 { 420 } else { 120 };
        for lot in &mut named[..shown] {
            lot.number = 1 + self.random.below(highest) as u16;
            lot.lettered = self.random.chance(0.0004);
        }
        // The files sort the numbers as text.
        named[..shown].sort_by_key(|lot| lot.number.to_string());
        if self.random.chance(measured) {
            let carrez = surface.max(8) * 100 + self.random.below(300) - 150;
            named[self.random.below(shown as u32) as usize].carrez = carrez;
        }
        Lots {
            count: count as u8,
            named,
        }
    }

    /// Main rooms of `surface` square metres, at about `each` square metres a room.
    fn rooms(&mut self, surface: f64, each: f64) -> u8 {
        let rooms = (surface / each + 0.35 + 0.55 * self.random.normal()).clamp(1.0, 14.0) as u8;
        if self.random.chance(0.004) { 0 } else { rooms }
    }

    /// Where a house of the commune stands.
    pub(super) fn house_zone(&mut self) -> Zone {
        const HAMLETS: [f64; 6] = [0.55, 0.42, 0.28, 0.14, 0.07, 0.03];
        if self.random.chance(HAMLETS[self.commune.size]) {
            Zone::Hamlet
        } else {
            Zone::Town
        }
    }
}
