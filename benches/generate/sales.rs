//! The mutations of a commune in a year, in the proportions measured on real files (Toulon, the Rhône, and 1,000 mutations
//! of the whole country).

use super::calendar::Calendar;
use super::draft::{Draft, FLAT_SURFACES, bare, outbuilding};
use super::places::Commune;
use super::plots::{Zone, beside, building, parcel, programme};
use super::random::Random;
use super::record::{Land, Line, Sale};
use super::words::{BESIDE_HOUSES, CULTURES, GROUND, OF_BUILDING_LAND, OF_LAND};

/// What a mutation is about, by the size of the commune (see [`Commune::size`]): in per cent, a house, a flat, land,
/// outbuildings alone, business premises, a sale before completion, several of these together.
const SUBJECTS: [[f64; 7]; 6] = [
    [47.0, 2.0, 45.0, 2.0, 1.2, 0.8, 2.0],
    [50.0, 4.5, 36.0, 1.5, 2.8, 2.2, 2.8],
    [51.0, 10.5, 27.0, 2.3, 4.0, 3.0, 2.2],
    [36.0, 30.0, 16.5, 4.6, 5.2, 5.8, 1.9],
    [26.0, 48.0, 5.5, 7.3, 5.1, 6.3, 1.8],
    [13.5, 61.0, 2.0, 8.7, 5.3, 7.5, 2.0],
];

// Percentiles (0, 1, 10, 25, 50, 75, 90, 99, 100) of prices in €.
const LAND_PRICES: [f64; 9] = [
    1.0, 1.0, 450.0, 2_500.0, 14_500.0, 60_000.0, 141_000.0, 1.1e6, 9e6,
];
const OUTBUILDING_PRICES: [f64; 9] = [
    1.0, 900.0, 7_000.0, 11_000.0, 19_000.0, 27_000.0, 60_000.0, 4e5, 1e6,
];

/// A mutation of `commune`; now and then one with land in `neighbour` too. `trend` is the level of prices of the year.
pub(super) fn draw<'a>(
    commune: &'a Commune,
    neighbour: &'a Commune,
    year: i16,
    trend: f64,
    calendar: &Calendar,
    random: &mut Random,
) -> Sale<'a> {
    let mut draft = Draft {
        commune,
        year,
        random,
        lines: Vec::new(),
        value: 0.0,
    };
    let subject = draft.random.weighted(&SUBJECTS[commune.size]);
    match subject {
        0 => draft.house_sale(),
        1 => draft.flat_sale(),
        2 => draft.land_sale(),
        3 => draft.outbuilding_sale(),
        4 => draft.premises_sale(),
        5 => draft.off_plan_sale(),
        _ => draft.mixed_sale(),
    }
    if matches!(subject, 0 | 2) && draft.random.chance(0.011) {
        let site = parcel(neighbour, Zone::Field, year, draft.random);
        draft.plot(site, &OF_LAND);
    }
    draft.repeat_lines();
    let Draft {
        lines,
        value,
        random,
        ..
    } = draft;
    let day = calendar.draw(random);
    // Most deeds reach the registry within two months, a few within the year.
    let late = random.chance(0.08);
    let delay = if late {
        random.below(365)
    } else {
        3 + random.below(30) + random.below(30)
    };
    Sale {
        day,
        registered: day + delay as u16,
        nature: nature(subject, random),
        price: (!random.chance(0.002)).then(|| price(value * trend, random)),
        lines,
    }
}

fn nature(subject: usize, random: &mut Random) -> &'static str {
    match (subject, random.unit()) {
        (5, _) => "Vente en l'état futur d'achèvement",
        (2, draw) if draw < 0.025 => "Vente terrain à bâtir",
        (2, draw) if draw < 0.050 => "Echange",
        (2, draw) if draw < 0.054 => "Expropriation",
        (_, draw) if draw < 0.001 => "Echange",
        (_, draw) if draw < 0.005 => "Adjudication",
        (_, draw) if draw < 0.0055 => "Expropriation",
        _ => "Vente",
    }
}

/// Cents, rounded as sellers do: most prices are thousands, a few have cents.
fn price(euros: f64, random: &mut Random) -> u64 {
    const GRIDS: [u64; 6] = [100_000, 50_000, 10_000, 1_000, 100, 1];
    let mut grid = GRIDS[random.weighted(&[62.0, 8.5, 11.0, 9.5, 7.0, 2.0])];
    let cents = (euros * 100.0) as u64;
    while grid > 100 && grid * 10 > cents {
        grid /= 10;
    }
    ((cents + grid / 2) / grid * grid).max(15)
}

impl Draft<'_, '_> {
    fn house_sale(&mut self) {
        let zone = self.house_zone();
        let site = parcel(self.commune, zone, self.year, self.random);
        let houses = 1 + self.random.weighted(&[96.5, 3.0, 0.5]);
        let mut locals: Vec<Line> = (0..houses).map(|_| self.house(site)).collect();
        let outbuildings = self.random.weighted(&[70.0, 18.0, 7.5, 3.0, 1.0, 0.5]);
        locals.extend(std::iter::repeat_n(outbuilding(site), outbuildings));
        if self.random.chance(0.035) {
            // A house that is a lot of a jointly owned plot.
            let lots = self.lots(1, 0.6);
            self.lines
                .extend(locals.into_iter().map(|line| Line { lots, ..line }));
        } else {
            self.with_land(&locals);
        }
        for _ in 0..self
            .random
            .weighted(&[71.0, 17.5, 6.3, 2.4, 1.4, 0.6, 0.3, 0.2, 0.3])
        {
            let site = beside(self.commune, &site, Zone::Field, self.year, self.random);
            let garden = self.random.chance(0.25);
            self.plot(site, if garden { &BESIDE_HOUSES } else { &OF_LAND });
        }
    }

    fn flat_sale(&mut self) {
        let mut site = building(self.commune, self.year, self.random);
        let flats = 1 + self
            .random
            .weighted(&[93.5, 4.2, 1.2, 0.5, 0.3, 0.1, 0.1, 0.1]);
        for rank in 0..flats {
            // Flats of one deed are in one building; in one deed of a hundred they are not.
            if rank > 0 && self.random.chance(0.02) {
                site = building(self.commune, self.year, self.random);
            }
            self.flat(site, 1.0);
        }
    }

    fn land_sale(&mut self) {
        const PARCELS: [f64; 12] = [60.0, 19.0, 7.2, 4.0, 3.0, 2.6, 1.1, 0.6, 0.8, 0.9, 0.3, 0.5];
        let mut site = parcel(self.commune, Zone::Field, self.year, self.random);
        let to_build_on = self.random.chance(0.07);
        for _ in 0..=self.random.weighted(&PARCELS) {
            self.plot(
                site,
                if to_build_on {
                    &OF_BUILDING_LAND
                } else {
                    &OF_LAND
                },
            );
            site = beside(self.commune, &site, Zone::Field, self.year, self.random);
        }
        self.value = self.random.quantile(&LAND_PRICES);
    }

    fn outbuilding_sale(&mut self) {
        let site = building(self.commune, self.year, self.random);
        let divided = self.random.chance(0.85);
        for _ in 0..=self.random.weighted(&[76.0, 16.0, 5.0, 1.7, 0.6, 0.4, 0.3]) {
            if divided {
                let lots = self.lots(1, 0.05);
                self.lines.push(Line {
                    lots,
                    ..outbuilding(site)
                });
            } else {
                self.with_land(&[outbuilding(site)]);
            }
        }
        self.value = self.random.quantile(&OUTBUILDING_PRICES) * self.commune.flat / 2_800.0;
    }

    fn premises_sale(&mut self) {
        let site = building(self.commune, self.year, self.random);
        let divided = self.random.chance(0.55);
        for _ in 0..=self
            .random
            .weighted(&[76.0, 12.0, 5.0, 3.0, 1.5, 1.0, 0.8, 0.7])
        {
            let line = self.premises(site);
            if divided {
                let lots = self.lots(line.surface.max(2), 0.5);
                self.lines.push(Line { lots, ..line });
            } else {
                self.with_land(&[line]);
            }
        }
    }

    /// Sold before it is built: most lines name lots alone, without type or surface.
    fn off_plan_sale(&mut self) {
        let site = programme(self.commune, self.year, self.random);
        if self.random.chance(0.28) {
            self.flat(site, 1.3);
            return;
        }
        let count = if self.random.chance(0.006) {
            // A landlord buys a staircase.
            15 + self.random.below(120) as usize
        } else {
            1 + self.random.weighted(&[41.0, 34.0, 16.0, 6.0, 3.0])
        };
        let surface = self.random.quantile(&FLAT_SURFACES);
        self.value = 1.3 * surface * self.commune.flat * (1.0 + count as f64 / 12.0);
        for _ in 0..count {
            let lots = self.lots(1, 0.04);
            self.lines.push(Line { lots, ..bare(site) });
        }
    }

    /// Houses, flats and premises in one deed: whole buildings, farms, portfolios.
    fn mixed_sale(&mut self) {
        const COURTYARD: Land = Land {
            culture: &CULTURES[GROUND],
            special: false,
            surface: 180,
        };
        let site = parcel(self.commune, Zone::Town, self.year, self.random);
        let properties = if self.random.chance(0.0012) {
            60 + self.random.below(700)
        } else {
            self.random
                .quantile(&[2.0, 2.0, 2.0, 2.0, 3.0, 4.5, 8.0, 30.0, 70.0]) as u32
        };
        for rank in 0..properties {
            // The first two are never two flats, nor outbuildings.
            let drawn = self.random.weighted(&[12.5, 12.5, 50.0, 25.0]);
            match (rank, drawn) {
                (0, 0 | 2) | (2.., 0) => {
                    let line = self.premises(site);
                    self.with_land(&[line]);
                }
                (0, _) | (2.., 1) => {
                    let line = self.house(site);
                    self.with_land(&[line]);
                }
                (1, _) | (_, 2) => self.flat(site, 0.7),
                _ => self.lines.push(Line {
                    land: Some(COURTYARD),
                    ..outbuilding(site)
                }),
            }
        }
    }

    /// Lines that stand twice in the file, to the last character, and deeds with a second part.
    fn repeat_lines(&mut self) {
        for place in 0..self.lines.len() {
            if self.random.chance(0.018) {
                self.lines.push(self.lines[place]);
            }
        }
        let disposition = 1 + self.random.weighted(&[94.8, 4.4, 0.5, 0.2, 0.1]) as u16;
        let split = self.lines.len() > 3 && self.random.chance(0.01);
        for (place, line) in self.lines.iter_mut().enumerate() {
            line.disposition = disposition + u16::from(split && place > 1);
        }
    }
}
