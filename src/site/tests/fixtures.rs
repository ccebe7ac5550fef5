//! A few real places, and made-up figures of the shape and by the thresholds of the real ones.

use crate::base::month::{HalfYear, Month, Period};
use crate::base::place::{Level, Place};
use crate::geo::Geography;
use crate::intake::cog::Edition;
use crate::site::{Atlas, Entry};
use crate::stats::{
    Change, Coefficients, CoefficientsOf, Coverage, Current, Distribution, Figures, HitRate,
    HomeChange, HomeLevel, Index, IndexPoint, KindEstimator, KindModelled, Modelled, Percent,
    Rooms, Segment, SeriesPoint, StoredFigures, SurfaceClass, WiderChange,
};

const COMMUNES: &str = r#"[
{"code":"57463","nom":"Metz","typeLiaison":0,"departement":"57","region":"44","type":"commune-actuelle","anciensCodes":["57094"],"codesPostaux":["57000","57050","57070"],"population":122572},
{"code":"69123","nom":"Lyon","typeLiaison":0,"departement":"69","region":"84","type":"commune-actuelle","codesPostaux":["69001","69002","69003"],"population":519127},
{"code":"69381","nom":"Lyon 1er Arrondissement","typeLiaison":0,"type":"arrondissement-municipal","commune":"69123","departement":"69","region":"84","codesPostaux":["69001"],"population":28717},
{"code":"69382","nom":"Lyon 2e Arrondissement","typeLiaison":0,"type":"arrondissement-municipal","commune":"69123","departement":"69","region":"84","codesPostaux":["69002"],"population":29981},
{"code":"69383","nom":"Lyon 3e Arrondissement","typeLiaison":0,"type":"arrondissement-municipal","commune":"69123","departement":"69","region":"84","codesPostaux":["69003"],"population":100679},
{"code":"83103","nom":"Le Revest-les-Eaux","typeLiaison":2,"departement":"83","region":"93","type":"commune-actuelle","codesPostaux":["83200"],"population":4074},
{"code":"83126","nom":"La Seyne-sur-Mer","typeLiaison":3,"departement":"83","region":"93","type":"commune-actuelle","codesPostaux":["83500"],"population":63732},
{"code":"83137","nom":"Toulon","typeLiaison":0,"departement":"83","region":"93","type":"commune-actuelle","codesPostaux":["83000","83100","83200"],"population":179116},
{"code":"97608","nom":"Dzaoudzi","typeLiaison":0,"departement":"976","region":"06","type":"commune-actuelle","codesPostaux":["97615"],"population":17831},
{"code":"97611","nom":"Mamoudzou","typeLiaison":0,"departement":"976","region":"06","type":"commune-actuelle","codesPostaux":["97600","97605"],"population":71437}
]"#;
const EPCI: &str = r#"[{"code":"248300543","nom":"Métropole Toulon-Provence-Méditerranée","type":"METRO","membres":[{"code":"83137"},{"code":"83126"},{"code":"83103"}]}]"#;
const DEPARTEMENTS: &str = r#"[
{"code":"57","region":"44","nom":"Moselle","typeLiaison":3,"zone":"metro"},
{"code":"69","region":"84","nom":"Rhône","typeLiaison":2,"zone":"metro"},
{"code":"83","region":"93","nom":"Var","typeLiaison":2,"zone":"metro"},
{"code":"976","region":"06","nom":"Mayotte","typeLiaison":0,"zone":"drom"}
]"#;
const REGIONS: &str = r#"[
{"code":"06","nom":"Mayotte","typeLiaison":0,"zone":"drom"},
{"code":"44","nom":"Grand Est","typeLiaison":2,"zone":"metro"},
{"code":"84","nom":"Auvergne-Rhône-Alpes","typeLiaison":1,"zone":"metro"},
{"code":"93","nom":"Provence-Alpes-Côte d'Azur","typeLiaison":0,"zone":"metro"}
]"#;

/// Three communes of the Var, Lyon with three arrondissements, and three communes that DVF does not cover.
pub(super) fn geography() -> Geography {
    let texts = [COMMUNES, EPCI, DEPARTEMENTS, REGIONS];
    Edition::from_texts(texts.map(str::to_owned))
        .unwrap()
        .geography
}

/// January 2023 to June 2025.
const MONTHS: u32 = 30;
const UNTIL: Month = HalfYear::of(Month::january(2025)).months().last;

/// Figures of a place where so many flats and houses are sold each month.
pub(super) fn figures(flats: u64, houses: u64) -> Figures {
    Figures {
        modelled: Modelled {
            appartement: modelled_commune(flats),
            maison: modelled_commune(houses),
        },
        coverage: Coverage {
            from: Month::january(2023),
            to: UNTIL,
            months: MONTHS,
            communes: 1,
            communes_total: 1,
        },
        total_transactions: u64::from(MONTHS) * (flats + houses),
        volume_12_months: 12 * (flats + houses),
        appartement: segment(flats, 2_600, 58),
        maison: segment(houses, 4_650, 104),
        local: Segment::default(),
        apt_maison: pooled(segment(flats + houses, 2_900, 71)),
        seasonality: if 24 * (flats + houses) >= 60 {
            vec![92, 85, 101, 98, 99, 121, 128, 84, 103, 104, 91, 94]
        } else {
            Vec::new()
        },
        incomplete: Vec::new(),
    }
}

/// What comparable homes tell of a commune with so many sales a month.
fn modelled_commune(monthly: u64) -> KindModelled {
    let percent = |percent, interval| Percent { percent, interval };
    let wider = |epci, change| Some(WiderChange { epci, change });
    let change = |years: u32, wider, own| HomeChange {
        years,
        since: UNTIL - 12 * years as i16,
        n: [12 * monthly, 12 * monthly],
        wider,
        own,
    };
    let level = HomeLevel {
        level: 12.17,
        variance: 0.000_05,
        residuals: (monthly > 20).then_some([-0.225, -0.108, 0.094, 0.178]),
        sections: [("000", [("AB", 7), ("AC", -3)])]
            .map(|(prefix, sections)| {
                let sections = sections.map(|(name, offset)| (name.to_owned(), offset));
                (prefix.to_owned(), sections.into())
            })
            .into(),
    };
    let changes = [
        change(1, wider(false, percent(1.1, [-0.2, 2.3])), None),
        change(
            4,
            wider(true, percent(-2.6, [-3.7, -1.5])),
            Some(percent(-5.1, [-7.7, -2.4])),
        ),
    ];
    KindModelled {
        changes: if monthly > 3 {
            changes.into()
        } else {
            Vec::new()
        },
        level: (monthly > 3).then_some(level),
        ..KindModelled::default()
    }
}

/// The same of a département.
fn modelled_departement() -> KindModelled {
    let point = |quarter: i16, value: f64| IndexPoint {
        quarter: Period::Quarter(Month::january(2023) + 3 * quarter + 2),
        n: 1_200,
        value,
        interval: [value - 1.5, value + 1.6],
    };
    KindModelled {
        changes: vec![HomeChange {
            years: 1,
            since: UNTIL - 12,
            n: [5_071, 5_662],
            wider: None,
            own: Some(Percent {
                percent: 1.1,
                interval: [-0.2, 2.3],
            }),
        }],
        index: Some(Index {
            base: 2023,
            quarters: vec![point(0, 98.5), point(1, 101.2)],
        }),
        estimator: Some(KindEstimator {
            coefficients: Coefficients {
                surface: 0.712,
                surface_squared: 0.07,
                rooms: [-0.392, -0.027, 0.026, 0.0, -0.046, -0.093, -0.072],
                new_home: 0.355,
                no_land: 0.0,
                land: 0.0,
                land_squared: 0.0,
            },
            from: CoefficientsOf::Departement,
            residuals: [-0.294, -0.136, 0.129, 0.255],
            hit_rate: Some(HitRate {
                from: UNTIL - 11,
                to: UNTIL,
                sales: 5_656,
                inside: 4_446,
                median_error: 13.7,
            }),
        }),
        ..KindModelled::default()
    }
}

/// A kind of property with so many sales a month.
pub(super) fn segment(monthly: u64, price: u32, surface: u32) -> Segment {
    if monthly == 0 {
        return Segment::default();
    }
    let month = |number: u32| Month::january(2023) + number as i16;
    let quarters = (11..MONTHS).filter(|m| m % 3 == 2);
    Segment {
        total: u64::from(MONTHS) * monthly,
        current: Some(current(12, 12 * monthly, price, surface)),
        change_1_year: Some(change(3.2, monthly > 20, UNTIL - 12, monthly)),
        change_longest: None,
        rooms: (1..=5)
            .map(|rooms| Rooms {
                rooms,
                n: 2 * monthly,
                median: enough(2 * monthly, price + 300 - 60 * rooms),
                interval: (2 * monthly >= 9).then_some([price - 60 * rooms, price + 600]),
                median_price: (2 * monthly >= 5).then(|| u64::from(price * rooms * 21)),
            })
            .collect(),
        surfaces: [(0, Some(49)), (50, Some(89)), (90, None)]
            .map(|(from, to)| SurfaceClass {
                from,
                to,
                n: 4 * monthly,
                median: enough(4 * monthly, price + 200 - 2 * from),
                median_price: (4 * monthly >= 5).then(|| u64::from(price) * u64::from(from + 30)),
            })
            .into(),
        distribution: distribution(12 * monthly, price, 250),
        price_distribution: distribution(12 * monthly, 60 * price, 50_000),
        recent: Vec::new(),
        yearly: vec![
            point(Period::Year(2023), 12 * monthly, price - 100),
            point(Period::Year(2024), 12 * monthly, price - 50),
            SeriesPoint {
                partial: true,
                ..point(Period::Year(2025), 6 * monthly, price)
            },
        ],
        quarterly: quarters
            .map(|m| {
                let quarter = Period::Quarter(month(m));
                SeriesPoint {
                    interval: (12 * monthly >= 9)
                        .then_some([price - 130 + 3 * m, price - 80 + 3 * m]),
                    ..point(quarter, 12 * monthly, price - 100 + 3 * m)
                }
            })
            .collect(),
        monthly: (0..MONTHS)
            .map(|m| point(Period::Month(month(m)), monthly, price + m % 12 + 1))
            .collect(),
    }
}

/// Without what is told of flats and of houses alone.
fn pooled(segment: Segment) -> Segment {
    let quarters = segment.quarterly.into_iter();
    let without = |point| SeriesPoint {
        interval: None,
        ..point
    };
    Segment {
        rooms: Vec::new(),
        surfaces: Vec::new(),
        distribution: None,
        price_distribution: None,
        quarterly: quarters.map(without).collect(),
        ..segment
    }
}

/// Three classes, the one of the median and those about it.
fn distribution(n: u64, median: u32, width: u32) -> Option<Distribution> {
    let bound = median / width * width;
    let fives = n / 20 * 5;
    (n >= 50).then(|| Distribution {
        bounds: vec![bound, bound + width],
        counts: vec![fives, fives, n - 2 * fives],
    })
}

/// A window that ends in June 2025.
pub(super) fn current(months: u32, n: u64, price: u32, surface: u32) -> Current {
    Current {
        from: UNTIL - (months.min(MONTHS) as i16 - 1),
        to: UNTIL,
        months,
        covered: months.min(MONTHS),
        n,
        new_homes: n / 50,
        median: enough(n, price),
        fragile: (5..11).contains(&n),
        q1: (n >= 22).then_some(price - 600),
        q3: (n >= 22).then_some(price + 750),
        interval: (n >= 6).then_some([price - 30, price + 50]),
        mean_surface: (n >= 30).then_some(surface),
        median_price: (n >= 5).then(|| u64::from(price) * 60),
        p10: (n >= 50).then_some(price - 900),
        p90: (n >= 50).then_some(price + 1_400),
        price_q1: (n >= 22).then(|| u64::from(price) * 45),
        price_q3: (n >= 22).then(|| u64::from(price) * 80),
    }
}

fn change(percent: f64, significant: bool, since: Month, monthly: u64) -> Change {
    Change {
        years: 1,
        percent,
        significant,
        n: [12 * monthly, 12 * monthly],
        since,
    }
}

fn point(period: Period, n: u64, price: u32) -> SeriesPoint {
    SeriesPoint {
        period,
        n,
        median: enough(n, price),
        interval: None,
        partial: false,
    }
}

fn enough(n: u64, price: u32) -> Option<u32> {
    (n >= 5).then_some(price)
}

/// An entry of the atlas with these figures.
pub(super) fn entry(level: Level, code: &str, figures: &Figures) -> (Place, Entry) {
    let json = serde_json::to_string(figures).unwrap();
    let digest = *blake3::hash(json.as_bytes()).as_bytes();
    let figures = StoredFigures::new(level, digest, figures).unwrap();
    (Place::new(level, code), Entry::held(figures))
}

/// Toulon and its neighbour Le Revest-les-Eaux, Lyon with two arrondissements, and all that holds them.
pub(super) fn atlas() -> Atlas {
    let partial = |flats, houses, communes, communes_total| {
        let mut figures = figures(flats, houses);
        figures.coverage.communes = communes;
        figures.coverage.communes_total = communes_total;
        figures.modelled = Modelled {
            appartement: modelled_departement(),
            maison: modelled_departement(),
        };
        figures
    };
    let few = Figures {
        maison: Segment {
            current: Some(current(60, 8, 3_900, 118)),
            change_1_year: None,
            ..segment(1, 3_900, 118)
        },
        appartement: Segment {
            total: 3,
            current: Some(current(60, 3, 2_800, 60)),
            ..Segment::default()
        },
        ..figures(0, 1)
    };
    [
        entry(Level::Commune, "83137", &figures(170, 30)),
        entry(Level::Commune, "83103", &few),
        entry(Level::Commune, "69123", &figures(300, 12)),
        entry(Level::Commune, "69381", &figures(40, 0)),
        entry(Level::Commune, "69383", &figures(120, 4)),
        entry(Level::Epci, "248300543", &partial(170, 31, 2, 12)),
        entry(Level::Departement, "83", &partial(170, 31, 2, 153)),
        entry(Level::Departement, "69", &partial(300, 12, 1, 267)),
        entry(Level::Region, "93", &partial(170, 31, 2, 946)),
        entry(Level::Region, "84", &partial(300, 12, 1, 4_028)),
        entry(Level::Pays, "FR", &partial(470, 43, 3, 33_300)),
    ]
    .into_iter()
    .collect()
}
