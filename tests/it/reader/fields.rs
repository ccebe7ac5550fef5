//! What each number of a data file tells, by the path at which it stands.

use serde_json::Value;

/// What a number tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// How many sales, communes, inhabitants, months there are, or which year, period or class it is.
    Count,
    /// A price per m² of so many sales, by the name of the field beside it or above it that counts them.
    PriceM2(&'static str),
    /// A total price, of which three digits count.
    Price,
    /// Something else that is made of so many sales: a mean surface, a change, an index.
    Rests(&'static str),
    /// What stands elsewhere in the file beside the sales that it rests on.
    Repeated,
    /// An estimated price per m², or a bound of it, to ten €/m².
    Estimated,
    /// The share of a commune's own sales, of which there are five where it is not 0.
    Share,
    /// A total price of a list of alike sales, of which two digits count.
    Alike,
    /// What a model makes of medians of five sales and more.
    Modelled,
    /// How much dearer the homes of a section of the land register are, of which five were sold.
    Section,
    /// Degrees of the middle of a place's mutations, to a hundredth.
    Centre,
    /// Counts of months over that of an average month, of sixty sales at least.
    Seasonality,
}

use Tells::{
    Alike, Count, Estimated, Modelled, Price, PriceM2, Repeated, Rests, Seasonality, Section, Share,
};

/// Paths from the end, with `*` for the rest of a name or for a whole one, and without the places in lists; the first that fits
/// is taken.
const FIELDS: &[(&str, Tells)] = &[
    // Of other sources, none of a sale.
    ("indicators.*.*", Count),
    ("indicators.*.series.*", Count),
    // An operator's own.
    ("local_notes.number", Count),
    ("decimals", Count),
    // What the sales of a list share.
    ("sales.rooms", Count),
    ("sales.surface", Count),
    ("sales.prices", Alike),
    ("current_stats.prix_m2_*", Repeated),
    ("current_stats.prix_median_*", Price),
    ("current_stats.surface_moyenne", Repeated),
    // What a budget buys at the median, and the classes of prices below it.
    ("budgets.budget", Count),
    ("budgets.*.surface", Repeated),
    ("budgets.*.percent", Repeated),
    ("estimate.prix_m2", Estimated),
    ("estimate.prix_m2_interval", Estimated),
    ("estimate.yearly.prix_m2", Estimated),
    ("estimate.own_share", Share),
    ("estimate.neighbours", Count),
    ("estimate.months", Count),
    ("estimate.volume", Count),
    ("estimator.level", Modelled),
    ("estimator.variance", Modelled),
    ("estimator.residuals", Modelled),
    ("estimator.sections.*.*", Section),
    ("changes.years", Count),
    ("changes.n", Count),
    // From fifty sales in either period on.
    ("changes.own.*", Modelled),
    // Of an EPCI from 500 sales a year on, or of a département.
    ("changes.wider.*", Modelled),
    ("coefficients.*", Modelled),
    ("coefficients.rooms", Modelled),
    ("residuals", Modelled),
    ("hit_rate.sales", Count),
    ("hit_rate.inside", Count),
    ("hit_rate.percent", Rests("sales")),
    ("hit_rate.median_error", Rests("sales")),
    ("base", Count),
    ("quarters.n", Count),
    ("quarters.value", Rests("n")),
    ("quarters.interval", Rests("n")),
    ("quarters.before", Rests("n")),
    ("prix_m2", PriceM2("volume")),
    ("prix_m2_interval", PriceM2("volume")),
    ("prix_m2_q1", PriceM2("volume")),
    ("prix_m2_q3", PriceM2("volume")),
    ("prix_m2_d1", PriceM2("volume")),
    ("prix_m2_d9", PriceM2("volume")),
    ("prix_median", Price),
    ("prix_q1", Price),
    ("prix_q3", Price),
    // Of the program's own choice, in steps that are the same everywhere.
    ("distribution.*.bounds", Count),
    ("distribution.*.volumes", Count),
    ("surfaces.surface_min", Count),
    ("surfaces.surface_max", Count),
    ("surface_moyenne", Rests("volume")),
    ("percent", Rests("n")),
    ("change_*.n", Count),
    ("seasonality", Seasonality),
    ("incomplete_months.*", Count),
    ("last_release.*", Count),
    ("coverage.*", Count),
    ("window.months", Count),
    ("current.months", Count),
    ("current.covered", Count),
    ("rooms.rooms", Count),
    ("total", Count),
    ("volume*", Count),
    ("population", Count),
    // Of a wider place: those that its figures are of, and all.
    ("metadata.communes*", Count),
    ("total_transactions", Count),
    // Of a run, in version.json and api/.
    ("history.changes.*", Count),
    ("cities_*", Count),
];

/// A number of a file.
pub struct Leaf<'a> {
    /// Names from the file's own, with points between them; without the places in lists.
    pub path: String,
    pub value: f64,
    /// The objects that it stands in, the nearest last.
    within: Vec<&'a Value>,
}

impl Leaf<'_> {
    /// The count with a name beside the number or above it; of several the least. No name: there is nothing to count.
    pub fn beside(&self, name: &str) -> Option<u64> {
        let counted = self
            .within
            .iter()
            .rev()
            .find_map(|object| object.get(name))?;
        match counted {
            Value::Array(counts) => counts.iter().filter_map(Value::as_u64).min(),
            count => count.as_u64(),
        }
    }

    /// How many numbers are in the list with a name in the object that this one stands in.
    pub fn listed(&self, name: &str) -> usize {
        let object = self.within.last();
        let list = object.and_then(|object| object[name].as_array());
        list.map_or(0, Vec::len)
    }
}

/// All numbers of a file.
pub fn leaves(file: &Value) -> Vec<Leaf<'_>> {
    fn look<'a>(path: &str, value: &'a Value, within: &[&'a Value], into: &mut Vec<Leaf<'a>>) {
        match value {
            Value::Number(number) => into.push(Leaf {
                path: path.to_owned(),
                value: number.as_f64().unwrap(),
                within: within.to_vec(),
            }),
            Value::Array(values) => values
                .iter()
                .for_each(|value| look(path, value, within, into)),
            Value::Object(fields) => {
                let within: Vec<_> = within.iter().copied().chain([value]).collect();
                for (name, value) in fields {
                    let path = if path.is_empty() {
                        name.clone()
                    } else {
                        format!("{path}.{name}")
                    };
                    look(&path, value, &within, into);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    look("", file, &[], &mut found);
    found
}

/// What the number at a path of a file tells; `None` where nobody said.
pub fn tells(file: &str, path: &str) -> Option<Tells> {
    // The headline figures, as they were when they were published.
    if file.starts_with("archive/") {
        return Some(Repeated);
    }
    // What describes the files tells of no sale.
    if ["data/openapi.json", "data/datapackage.json"].contains(&file) {
        return Some(Count);
    }
    // Lists without names: inhabitants, and where communes lie.
    if file.starts_with("data/recherche/") {
        return Some(Count);
    }
    if file.starts_with("data/centres/") {
        return Some(Tells::Centre);
    }
    let names: Vec<_> = path.rsplit('.').collect();
    let fits = |pattern: &str| {
        let mut pattern = pattern.rsplit('.');
        let own = pattern.clone().count() <= names.len();
        own && names.iter().zip(&mut pattern).all(|(name, pattern)| {
            match pattern.strip_suffix('*') {
                Some(start) => name.starts_with(start),
                None => *name == pattern,
            }
        })
    };
    FIELDS
        .iter()
        .find(|(pattern, _)| fits(pattern))
        .map(|(_, tells)| *tells)
}
