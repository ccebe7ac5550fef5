//! What a home would be sold for: docs/method.md, section 5. The level of prices in its commune, what its surface, rooms and land
//! add, and how far sales lie from that.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::hedonic::{Coefficients, HomeTraits, MOST_LAND, REFERENCE_LAND};
use super::hit_rate::HitRate;
use super::homes::SURFACES;
use super::local::Local;
use super::residuals::{Residuals, widened};
use crate::base::kind::HomeKind;
use crate::intake::dvf::Section;
use crate::stats::rounding::in_two_digits;

/// The variance of the median of n sales of comparable homes, times n.
pub(crate) const SAMPLING: f64 = 0.12;

/// Sales of a commune and of its neighbours within 25 km from which the estimator answers.
pub(crate) const LEAST_SALES: u64 = 60;

/// Sales from which a section of the land register is told from its commune.
pub(crate) const SECTION_SALES: usize = 5;

/// Sales at which a section weighs as much as its commune.
const SECTION_SHRINKAGE: f64 = 8.0;

/// Sections that are published of a kind: all of nearly every commune, in 3 kB at most.
const MOST_SECTIONS: usize = 150;

/// Sales from which a level is to a thousandth.
const MANY: u32 = 30;

/// The level of prices of comparable homes in a commune.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HomeLevel {
    /// The logarithm of the price of the home that others are compared with, €: to a thousandth from thirty sales on, else to
    /// five thousandths.
    pub level: f64,
    /// Its variance.
    pub variance: f64,
    /// How far the commune's own sales lie from it, where there are a hundred.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub residuals: Option<Residuals>,
    /// How much dearer the sections of the land register with five sales and more are, in hundredths of a logarithm, which is
    /// nearly per cent: by prefix and section.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub sections: BTreeMap<String, BTreeMap<String, i32>>,
}

/// What the estimator knows of one kind of home in a département.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KindEstimator {
    /// The coefficients.
    pub coefficients: Coefficients,
    /// Whose sales they come from.
    pub from: CoefficientsOf,
    /// How far sales lie from the estimate.
    pub residuals: Residuals,
    /// How last year's estimator did on this year's sales.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hit_rate: Option<HitRate>,
}

/// Whose sales coefficients come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoefficientsOf {
    /// The département's own.
    Departement,
    /// The région's: the département has fewer than a thousand.
    Region,
    /// France's: the région has fewer than a thousand.
    France,
}

/// A home whose price is asked for.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// A house, or else a flat.
    pub house: bool,
    /// Built surface, m².
    pub surface: f64,
    /// Main rooms.
    pub rooms: u8,
    /// Land of a house, m²; that of the house that others are compared with, where nothing is said of it.
    pub land: Option<f64>,
    /// The section of the land register, with its prefix: `000AB`.
    pub section: Option<&'a str>,
}

/// What a home would be sold for, €, in two digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Valuation {
    /// The most likely price.
    pub price: u64,
    /// Eight sales of ten are between these.
    pub eight_of_ten: [u64; 2],
    /// Half of the sales are between these.
    pub half: [u64; 2],
    /// Whether the section was taken into account.
    pub section: bool,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The surface is beyond these bounds, m².
    Surface([u32; 2]),
    /// The land is beyond so many m².
    Land(u32),
    /// Too few sales are known there.
    Unknown,
}

/// What a home would be sold for, by what is published of its commune and its département.
///
/// # Errors
/// Why there is no answer.
pub fn valuation(
    question: &Question<'_>,
    level: Option<&HomeLevel>,
    estimator: Option<&KindEstimator>,
) -> Result<Valuation, NoAnswer> {
    let kind = if question.house {
        HomeKind::House
    } else {
        HomeKind::Flat
    };
    let bounds = &SURFACES[kind as usize];
    if !bounds.contains(&question.surface) {
        let bounds = [*bounds.start(), *bounds.end()];
        return Err(NoAnswer::Surface(bounds.map(|bound| bound as u32)));
    }
    let land = question.land.unwrap_or(REFERENCE_LAND);
    if question.house && !(0.0..=MOST_LAND).contains(&land) {
        return Err(NoAnswer::Land(MOST_LAND as u32));
    }
    let (Some(level), Some(estimator)) = (level, estimator) else {
        return Err(NoAnswer::Unknown);
    };
    let home = HomeTraits {
        surface: question.surface,
        rooms: question.rooms,
        new: false,
        land,
    };
    let section = question.section.and_then(|section| {
        let (prefix, letters) = section.split_at_checked(3)?;
        level.sections.get(prefix)?.get(letters)
    });
    let offset = section.map_or(0.0, |&hundredths| f64::from(hundredths) / 100.0);
    let middle = level.level + offset + estimator.coefficients.of(kind, &home);
    let residuals = level.residuals.unwrap_or(estimator.residuals);
    let around = widened(&residuals, level.variance);
    let [low, low_half, high_half, high] =
        around.map(|apart| in_two_digits((middle + apart).exp()));
    Ok(Valuation {
        price: in_two_digits(middle.exp()),
        eight_of_ten: [low, high],
        half: [low_half, high_half],
        section: section.is_some(),
    })
}

impl HomeLevel {
    /// From the estimate of the level, the commune's sales, how far they lie from it, and its sections: their names, their
    /// sales and the medians of these.
    pub(crate) fn new(
        local: &Local,
        n: u32,
        residuals: Option<Residuals>,
        sections: &[(Section, usize, f64)],
    ) -> Self {
        let parts = if n >= MANY { 1_000.0 } else { 200.0 };
        let mut known: Vec<_> = sections
            .iter()
            .filter(|(_, n, _)| *n >= SECTION_SALES)
            .map(|&(name, n, median)| (name, n, offset(n, median - local.level)))
            .collect();
        // Those with the most sales, where there are too many.
        known.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        known.truncate(MOST_SECTIONS);
        let mut by_prefix = BTreeMap::<String, BTreeMap<String, i32>>::new();
        for (name, _, offset) in known {
            let (prefix, letters) = name.as_str().split_at(3);
            let sections = by_prefix.entry(prefix.to_owned()).or_default();
            sections.insert(letters.to_owned(), offset);
        }
        Self {
            level: (local.level * parts).round() / parts,
            variance: (local.variance * 1e5).round() / 1e5,
            residuals,
            sections: by_prefix,
        }
    }
}

/// How much dearer a section of so many sales is, in hundredths: shrunk to its commune.
fn offset(n: usize, apart: f64) -> i32 {
    let n = n as f64;
    (apart * n / (n + SECTION_SHRINKAGE) * 100.0).round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::month::Month;

    const FLAT: Question<'_> = Question {
        house: false,
        surface: 65.0,
        rooms: 3,
        land: None,
        section: None,
    };

    fn local(level: f64, variance: f64) -> Local {
        Local {
            prior: None,
            level,
            variance,
            own_share: 1.0,
        }
    }

    fn estimator() -> KindEstimator {
        KindEstimator {
            coefficients: Coefficients {
                surface: 0.7,
                surface_squared: 0.05,
                rooms: [0.0; 7],
                new_home: 0.3,
                no_land: -0.2,
                land: 0.1,
                land_squared: 0.0,
            },
            from: CoefficientsOf::Departement,
            residuals: [-0.3, -0.13, 0.12, 0.25],
            hit_rate: HitRate::of(&[], Month::MIN, Month::MIN),
        }
    }

    fn level() -> HomeLevel {
        let sections = [
            (Section::from_bytes(*b"000AB"), 8, 12.4),
            (Section::from_bytes(*b"000AC"), 4, 12.4),
        ];
        HomeLevel::new(&local(12.2, 0.001), 30, None, &sections)
    }

    fn value(question: &Question<'_>) -> Result<Valuation, NoAnswer> {
        valuation(question, Some(&level()), Some(&estimator()))
    }

    #[test]
    fn prices_have_two_digits_and_ranges_hold_each_other() {
        let flat = value(&FLAT).unwrap();
        // exp 12.2 is 198,789.
        assert_eq!(flat.price, 200_000);
        // exp (12.2 - √(0.3² + 1.28² 0.001)) is 146,907, exp (12.2 + √(0.25² + 1.28² 0.001)) 256,089.
        assert_eq!(flat.eight_of_ten, [150_000, 260_000]);
        let [low, high] = flat.half;
        assert!(flat.eight_of_ten[0] < low && low < flat.price);
        assert!(flat.price < high && high < flat.eight_of_ten[1]);
        let larger = value(&Question {
            surface: 100.0,
            ..FLAT
        })
        .unwrap();
        // 12.2 + 0.7 ln(100/65) + 0.05 ln²(100/65)
        assert_eq!(larger.price, 270_000);
        assert_eq!(in_two_digits(987.0), 990);
        assert_eq!(in_two_digits(1_049_999.0), 1_000_000);
    }

    #[test]
    fn a_section_counts_where_five_sales_are_known() {
        // (12.4 - 12.2) × 8 / (8 + 8) is ten hundredths.
        assert_eq!(level().sections["000"]["AB"], 10);
        let with = |section| {
            value(&Question {
                section: Some(section),
                ..FLAT
            })
            .unwrap()
        };
        assert_eq!(
            (with("000AB").price, with("000AB").section),
            (220_000, true)
        );
        for unknown in ["000AC", "001AB", "AB", "é0", ""] {
            assert_eq!(
                (with(unknown).price, with(unknown).section),
                (200_000, false)
            );
        }
    }

    #[test]
    fn what_it_does_not_know_it_refuses() {
        for surface in [11.9, 250.1, f64::NAN] {
            let refused = value(&Question { surface, ..FLAT });
            assert_eq!(refused, Err(NoAnswer::Surface([12, 250])));
        }
        let house = Question {
            house: true,
            surface: 95.0,
            rooms: 4,
            ..FLAT
        };
        for land in [20_000.5, -1.0, f64::NAN] {
            let refused = value(&Question {
                land: Some(land),
                ..house.clone()
            });
            assert_eq!(refused, Err(NoAnswer::Land(20_000)));
        }
        assert_eq!(
            value(&Question {
                surface: 29.0,
                ..house.clone()
            }),
            Err(NoAnswer::Surface([30, 300]))
        );
        let price = |land| {
            value(&Question {
                land,
                ..house.clone()
            })
            .unwrap()
            .price
        };
        assert!(price(Some(0.0)) < price(None));
        assert!(price(Some(2_000.0)) > price(None));
        assert_eq!(price(Some(399.0)), price(None));
        assert_eq!(
            valuation(&FLAT, None, Some(&estimator())),
            Err(NoAnswer::Unknown)
        );
        assert_eq!(
            valuation(&FLAT, Some(&level()), None),
            Err(NoAnswer::Unknown)
        );
    }

    #[test]
    fn levels_of_few_sales_are_coarse() {
        let of = |n| HomeLevel::new(&local(12.343_21, 0.000_123_4), n, None, &[]);
        assert_eq!((of(30).level, of(29).level), (12.343, 12.345));
        assert_eq!(of(30).variance, 0.000_12);
    }
}
