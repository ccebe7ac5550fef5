//! The "Statistiques DVF" of data.gouv.fr: their columns, their rules, from the database.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use deunicode::deunicode;
use itertools::izip;
use polars::prelude::*;
use thiserror::Error;

use crate::base::kind::PropertyKind;
use crate::base::month::Month;
use crate::db::{CommuneSales, Database, DbError, SaleColumns};
use crate::files::{self, WriteError};
use crate::geo::{self, Geography};
use crate::intake::dvf::MAXIMUM_PRICE_M2;

/// The name of the file that has a line for each territory and month with sales.
pub const MONTHLY: &str = "stats_dvf.csv";
/// The name of the file that has a line for each territory, over all months.
pub const WHOLE_PERIOD: &str = "stats_whole_period.csv";

/// Why the files could not be written.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The sales could not be read.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The sales could not be grouped.
    #[error("the statistics could not be computed: {0}")]
    Polars(#[from] PolarsError),
    /// A line could not be put together.
    #[error("a line could not be written: {0}")]
    Csv(#[from] csv::Error),
    /// A file could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// How many lines each file has, without its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineCounts {
    /// Lines of [`MONTHLY`].
    pub monthly: usize,
    /// Lines of [`WHOLE_PERIOD`].
    pub whole_period: usize,
}

/// Kinds of property in the order of the monthly file's columns, with those that each pools.
const KINDS: [(&str, &[PropertyKind]); 4] = [
    ("maison", &[PropertyKind::House]),
    ("appartement", &[PropertyKind::Flat]),
    ("local", &[PropertyKind::Business]),
    ("apt_maison", &[PropertyKind::House, PropertyKind::Flat]),
];

/// The kinds in the order of the whole period's columns.
const WHOLE_PERIOD_ORDER: [usize; 4] = [1, 0, 3, 2];

/// A place as the official files name it.
struct Territory {
    code: String,
    /// Without accents.
    name: String,
    /// The code of the place that it is listed under.
    parent: String,
    scale: &'static str,
}

/// The sales of a kind in a territory and month: how many, and the mean and the median of their prices in €/m².
#[derive(Clone, Copy)]
struct Cell {
    count: u32,
    mean: f64,
    median: f64,
}

/// The cells of each line, one a kind, by the index of the territory and by month (the first one in the file of the whole
/// period).
type Lines = BTreeMap<(u32, Month), [Option<Cell>; KINDS.len()]>;

/// Computes both files from all sales and writes them to a folder: prices in whole €/m², rounded half to even, and
/// empty cells where there is no sale.
///
/// # Errors
/// The database cannot be read, or the folder cannot be written to.
pub fn export(
    database: &Database,
    geography: &Geography,
    folder: &Path,
) -> Result<LineCounts, ExportError> {
    let sales = database.sales()?;
    let communes = sales.values().flat_map(|sales| &sales.communes);
    let (territories, members) = territories(communes, geography);
    let bounded = lines(&sales, &members, MAXIMUM_PRICE_M2, true)?;
    let whole = lines(&sales, &members, f64::INFINITY, false)?;

    let mut writer = csv::Writer::from_writer(Vec::new());
    let figures = |infix: &str, kind: usize| {
        ["nb_ventes", "moy_prix_m2", "med_prix_m2"]
            .map(|name| format!("{name}{infix}_{}", KINDS[kind].0))
    };
    let kinds = (0..KINDS.len()).flat_map(|kind| figures("", kind));
    let place = ["annee_mois", "libelle_geo", "code_parent", "echelle_geo"].map(str::to_owned);
    writer.write_record(
        std::iter::once("code_geo".to_owned())
            .chain(kinds)
            .chain(place),
    )?;
    for ((territory, month), kinds) in &bounded {
        let territory = &territories[*territory as usize];
        writer.write_record(
            std::iter::once(territory.code.clone())
                .chain(kinds.iter().flat_map(cells))
                .chain([
                    month.to_string(),
                    territory.name.clone(),
                    territory.parent.clone(),
                    territory.scale.to_owned(),
                ]),
        )?;
    }
    save(writer, &folder.join(MONTHLY))?;

    let mut writer = csv::Writer::from_writer(Vec::new());
    let kinds = WHOLE_PERIOD_ORDER
        .into_iter()
        .flat_map(|kind| figures("_whole", kind));
    let place = ["code_geo", "libelle_geo", "code_parent", "echelle_geo"].map(str::to_owned);
    writer.write_record(place.into_iter().chain(kinds))?;
    for ((territory, _), kinds) in &whole {
        let territory = &territories[*territory as usize];
        let place = [
            &territory.code,
            &territory.name,
            &territory.parent,
            territory.scale,
        ];
        writer.write_record(
            place.into_iter().map(str::to_owned).chain(
                WHOLE_PERIOD_ORDER
                    .into_iter()
                    .flat_map(|kind| cells(&kinds[kind])),
            ),
        )?;
    }
    save(writer, &folder.join(WHOLE_PERIOD))?;
    Ok(LineCounts {
        monthly: bounded.len(),
        whole_period: whole.len(),
    })
}

fn save(writer: csv::Writer<Vec<u8>>, path: &Path) -> Result<(), ExportError> {
    let bytes = writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(files::write(path, &bytes)?)
}

fn cells(cell: &Option<Cell>) -> [String; 3] {
    match cell {
        None => Default::default(),
        Some(cell) => [
            cell.count.to_string(),
            cell.mean.round_ties_even().to_string(),
            cell.median.round_ties_even().to_string(),
        ],
    }
}

/// The territories of the sales in the order in which they come up, and for each commune the indices of those that its
/// sales count for.
fn territories<'a>(
    communes: impl Iterator<Item = &'a CommuneSales>,
    geography: &Geography,
) -> (Vec<Territory>, Vec<Vec<u32>>) {
    let mut territories = vec![Territory {
        code: "nation".into(),
        name: "nation".into(),
        parent: "-".into(),
        scale: "nation",
    }];
    let mut index = HashMap::new();
    let mut members = Vec::new();
    for CommuneSales { code, .. } in communes {
        let departement = geo::departement_of(code);
        let epci = geography
            .current(code)
            .and_then(|commune| geography.epci(commune.epci.as_deref()?));
        let places = [
            Some((
                "departement",
                departement,
                geography.departement(departement).map(|d| d.name.as_str()),
                "nation",
            )),
            epci.map(|epci| {
                (
                    "epci",
                    epci.code.as_str(),
                    Some(epci.name.as_str()),
                    // One over several départements is listed under the first.
                    epci.members
                        .iter()
                        .map(|member| geo::departement_of(member))
                        .min()
                        .unwrap_or(departement),
                )
            }),
            Some((
                "commune",
                code.as_str(),
                geography.name_of(code),
                epci.map_or(departement, |epci| epci.code.as_str()),
            )),
        ];
        let mut own = vec![0];
        for (scale, code, name, parent) in places.into_iter().flatten() {
            let next = territories.len() as u32;
            let number = *index.entry((scale, code.to_owned())).or_insert(next);
            if number == next {
                territories.push(Territory {
                    code: code.into(),
                    name: name.map_or_else(|| "NA".into(), deunicode),
                    parent: parent.into(),
                    scale,
                });
            }
            own.push(number);
        }
        members.push(own);
    }
    (territories, members)
}

/// The lines of one file, by territory and month: the sales under a price per m² in each of their territories, counted
/// and averaged by polars. Without `monthly` all months are one.
#[expect(
    deprecated,
    reason = "the methods of `GroupBy` run what the expressions of polars' lazy engine run; the engine would more than \
              double what has to be compiled"
)]
fn lines(
    sales: &BTreeMap<String, SaleColumns>,
    members: &[Vec<u32>],
    bound: f64,
    monthly: bool,
) -> Result<Lines, PolarsError> {
    let (mut territory, mut month, mut kind, mut price) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let communes = sales
        .values()
        .flat_map(|sales| sales.communes.iter().map(move |commune| (sales, commune)));
    for ((sales, commune), members) in communes.zip(members) {
        for row in commune.rows.clone() {
            let price_m2 = sales.price_m2(row);
            let kinds = (0_u32..).zip(KINDS);
            let columns = kinds.filter(|(_, (_, codes))| codes.contains(&sales.kind[row]));
            for (column, _) in columns.filter(|_| price_m2 < bound) {
                for &member in members {
                    territory.push(member);
                    let months = sales.month[row] - Month::MIN;
                    month.push(if monthly { months.into() } else { 0 });
                    kind.push(column);
                    price.push(price_m2);
                }
            }
        }
    }
    let frame = DataFrame::new_infer_height(vec![
        Column::new("territory".into(), territory),
        Column::new("month".into(), month),
        Column::new("kind".into(), kind),
        Column::new("price".into(), price),
    ])?;
    let groups = frame.group_by(["territory", "month", "kind"])?;
    let (counts, means) = (groups.count()?, groups.mean()?);
    // The midpoint is the mean of the middle two, as pandas has it; `median` interpolates, which rounds another way.
    let medians = groups.quantile(0.5, QuantileMethod::Midpoint)?;
    let mut lines = Lines::new();
    for (territory, month, kind, count, mean, median) in izip!(
        counts.column("territory")?.u32()?.into_no_null_iter(),
        counts.column("month")?.i32()?.into_no_null_iter(),
        counts.column("kind")?.u32()?.into_no_null_iter(),
        counts.column("price_count")?.u32()?.into_no_null_iter(),
        means.column("price_mean")?.f64()?.into_no_null_iter(),
        medians
            .column("price_quantile_0.50")?
            .f64()?
            .into_no_null_iter(),
    ) {
        let month = Month::MIN + month as i16;
        let cells = lines.entry((territory, month)).or_default();
        cells[kind as usize] = Some(Cell {
            count,
            mean,
            median,
        });
    }
    Ok(lines)
}
