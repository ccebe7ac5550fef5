//! All prices of the window, and not only their median: per m² of flats and of houses, and in all of houses.

use schemars::JsonSchema;
use serde::Serialize;

use crate::site::chart::histogram::Histogram;
use crate::site::{french, homes};
use crate::stats::{Current, Distribution, Figures, Segment};

/// `figures.spread` in the templates: empty lists where sales are too few to tell.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Spread {
    /// Flats and houses, €/m².
    per_m2: Vec<Prices>,
    /// Houses, €.
    total: Option<Prices>,
    /// Median price of a house, €.
    median_price: Option<u64>,
    /// When the houses were sold: "en 2025".
    during: String,
}

/// How the prices of one kind are spread.
#[derive(Serialize, JsonSchema)]
struct Prices {
    class: &'static str,
    /// Half of the sales lie between these, €/m² or €.
    half: Option<[u32; 2]>,
    svg: String,
    classes: Vec<Class>,
}

/// Sales in a class of prices.
#[derive(Serialize, JsonSchema)]
struct Class {
    from: Option<u32>,
    to: Option<u32>,
    volume: u64,
}

impl From<&Figures> for Spread {
    fn from(figures: &Figures) -> Self {
        let per_m2 = [false, true].into_iter().filter_map(|house| {
            let (segment, _) = figures.home(house);
            let current = segment.current.as_ref()?;
            let half = current.q1.zip(current.q3).map(|(q1, q3)| [q1, q3]);
            Prices::of(
                homes::class(house),
                segment.distribution.as_ref()?,
                half,
                current.median,
                (homes::name(house), "€/m²"),
            )
        });
        let houses = figures.maison.current.as_ref();
        Self {
            per_m2: per_m2.collect(),
            total: houses.and_then(|current| total(&figures.maison, current)),
            median_price: houses.and_then(|current| current.median_price),
            during: houses.map_or_else(String::new, |current| {
                french::during([current.from, current.to].into())
            }),
        }
    }
}

/// How the total prices of houses are spread.
fn total(houses: &Segment, current: &Current) -> Option<Prices> {
    let price = |price: u64| u32::try_from(price).ok();
    let half = current.price_q1.zip(current.price_q3);
    let half = half.and_then(|(q1, q3)| Some([price(q1)?, price(q3)?]));
    let distribution = houses.price_distribution.as_ref()?;
    let median = current.median_price.and_then(price);
    Prices::of(
        "houses",
        distribution,
        half,
        median,
        ("Prix des maisons", "€"),
    )
}

impl Prices {
    /// `None` where there is one class only, which tells nothing.
    fn of(
        class: &'static str,
        distribution: &Distribution,
        half: Option<[u32; 2]>,
        median: Option<u32>,
        (name, unit): (&str, &str),
    ) -> Option<Self> {
        let Distribution { bounds, counts } = distribution;
        if bounds.is_empty() {
            return None;
        }
        let between = half.map_or_else(String::new, |half| {
            let [low, high] = half.map(|price| french::number(price.into()));
            format!("\u{a0}: la moitié des ventes de {low} à {high}\u{a0}{unit}")
        });
        let svg = Histogram {
            bounds,
            counts,
            half,
            median,
            says: &format!("{name}{between}"),
        };
        let classes = counts.iter().enumerate().map(|(number, &volume)| Class {
            from: number.checked_sub(1).map(|below| bounds[below]),
            to: bounds.get(number).copied(),
            volume,
        });
        Some(Self {
            class,
            half,
            svg: svg.draw(),
            classes: classes.collect(),
        })
    }
}
