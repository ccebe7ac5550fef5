//! The "Statistiques DVF" of data.gouv.fr: their columns, their rules, from the database.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use deunicode::deunicode;
use polars::prelude::*;
use thiserror::Error;

use crate::base::rank::{mean, median};
use crate::db::{CommuneSales, Database, DbError, SaleColumns};
use crate::files::{self, WriteError};
use crate::geo::{self, Geography};
use crate::intake::dvf::{MAXIMUM_PRICE_M2, Months};

/// Name of the file by month.
pub const MONTHLY: &str = "stats_dvf.csv";
/// Name of the file of the whole period.
pub const WHOLE_PERIOD: &str = "stats_whole_period.csv";

/// Why the files could not be written.
#[derive(Debug, Error)]
pub enum ExportError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error("the statistics could not be computed: {0}")]
    Polars(#[from] PolarsError),
    #[error("a line could not be written: {0}")]
    Csv(#[from] csv::Error),
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Lines written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    pub monthly: usize,
    pub whole_period: usize,
}

/// Kinds of property in the order of the monthly file's columns, with the codes that each pools.
const KINDS: [(&str, &[u8]); 4] = [
    ("maison", &[1]),
    ("appartement", &[2]),
    ("local", &[4]),
    ("apt_maison", &[1, 2]),
];

/// The whole-period file has another order.
const WHOLE_PERIOD_ORDER: [usize; 4] = [1, 0, 3, 2];

/// Where a place stands in the official files.
struct Territory {
    code: String,
    name: String,
    parent: String,
    scale: &'static str,
}

/// Count, mean and median of the prices per m² of a kind.
#[derive(Clone, Copy)]
struct Cell {
    count: usize,
    mean: f64,
    median: f64,
}

/// A place's cells, one a kind, and the month where there is one.
struct Line {
    territory: usize,
    month: i32,
    cells: [Option<Cell>; KINDS.len()],
}

/// Computes both files and writes them to a folder.
///
/// # Errors
/// When the database cannot be read or the folder cannot be written to.
pub fn export(
    database: &Database,
    geography: &Geography,
    folder: &Path,
) -> Result<Written, ExportError> {
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
    for line in &bounded {
        let territory = &territories[line.territory];
        writer.write_record(
            std::iter::once(territory.code.clone())
                .chain(line.cells.iter().flat_map(cells))
                .chain([
                    Months::name(line.month),
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
    for line in &whole {
        let territory = &territories[line.territory];
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
                    .flat_map(|kind| cells(&line.cells[kind])),
            ),
        )?;
    }
    save(writer, &folder.join(WHOLE_PERIOD))?;
    Ok(Written {
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

/// The places of the sales, sorted by scale and code, and those that each commune's sales count for.
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
            let place = *index.entry((scale, code.to_owned())).or_insert(next);
            if place == next {
                territories.push(Territory {
                    code: code.into(),
                    name: name.map_or_else(|| "NA".into(), deunicode),
                    parent: parent.into(),
                    scale,
                });
            }
            own.push(place);
        }
        members.push(own);
    }
    (territories, members)
}

/// Groups the sales by place, by month where wanted, and kind.
fn lines(
    sales: &BTreeMap<String, SaleColumns>,
    members: &[Vec<u32>],
    bound: f64,
    monthly: bool,
) -> Result<Vec<Line>, ExportError> {
    let (mut place, mut month, mut kind, mut price) =
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
                    place.push(member);
                    month.push(if monthly { sales.month[row].into() } else { 0 });
                    kind.push(column);
                    price.push(price_m2);
                }
            }
        }
    }
    let frame = DataFrame::new(
        place.len(),
        vec![
            Column::new("place".into(), place),
            Column::new("month".into(), month),
            Column::new("kind".into(), kind),
            Column::new("price_m2".into(), price),
        ],
    )?;
    let groups = frame
        .lazy()
        .group_by([col("place"), col("month"), col("kind")])
        .agg([col("price_m2")])
        .sort(["place", "month", "kind"], SortMultipleOptions::default())
        .collect()?;
    let places = groups.column("place")?.u32()?.into_no_null_iter();
    let months = groups.column("month")?.i32()?.into_no_null_iter();
    let kinds = groups.column("kind")?.u32()?.into_no_null_iter();
    let prices = groups.column("price_m2")?.list()?;
    let mut lines: Vec<Line> = Vec::new();
    for (index, ((place, month), kind)) in places.zip(months).zip(kinds).enumerate() {
        let Some(prices) = prices.get_as_series(index) else {
            continue;
        };
        let mut prices: Vec<f64> = prices.f64()?.into_no_null_iter().collect();
        if lines
            .last()
            .is_none_or(|line| (line.territory, line.month) != (place as usize, month))
        {
            lines.push(Line {
                territory: place as usize,
                month,
                cells: [None; KINDS.len()],
            });
        }
        let cell = mean(prices.iter().copied())
            .zip(median(&mut prices))
            .map(|(mean, median)| Cell {
                count: prices.len(),
                mean,
                median,
            });
        if let Some(line) = lines.last_mut() {
            line.cells[kind as usize] = cell;
        }
    }
    Ok(lines)
}
