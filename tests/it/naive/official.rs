//! The two files of the official "Statistiques DVF", from the sales.

use std::collections::{BTreeMap, BTreeSet};

use super::cog::PLACES;
use super::numbers::{mean, median, sorted};
use super::{Sale, departement_of, is_of_kind, month_name};

/// The columns of stats_dvf.csv.
pub const MONTHLY: &str = "code_geo,nb_ventes_maison,moy_prix_m2_maison,med_prix_m2_maison,nb_ventes_appartement,moy_prix_m2_appartement,med_prix_m2_appartement,nb_ventes_local,moy_prix_m2_local,med_prix_m2_local,nb_ventes_apt_maison,moy_prix_m2_apt_maison,med_prix_m2_apt_maison,annee_mois,libelle_geo,code_parent,echelle_geo";

/// The columns of stats_whole_period.csv.
pub const WHOLE_PERIOD: &str = "code_geo,libelle_geo,code_parent,echelle_geo,nb_ventes_whole_appartement,moy_prix_m2_whole_appartement,med_prix_m2_whole_appartement,nb_ventes_whole_maison,moy_prix_m2_whole_maison,med_prix_m2_whole_maison,nb_ventes_whole_apt_maison,moy_prix_m2_whole_apt_maison,med_prix_m2_whole_apt_maison,nb_ventes_whole_local,moy_prix_m2_whole_local,med_prix_m2_whole_local";

/// Cells by the name of their column, empty ones left out.
pub type Row = BTreeMap<String, String>;

/// Rows by scale, code and month (empty for the whole period). Those of EPCI have no parent.
pub type Table = BTreeMap<(String, String, String), Row>;

/// The monthly file: sales under 100,000 €/m².
pub fn monthly(sales: &[Sale]) -> Table {
    let sales = sales.iter().filter(|sale| sale.price_m2 < 100_000.0);
    table(sales.map(|sale| (sale, month_name(sale.month))), "")
}

/// The whole-period file: all sales.
pub fn whole_period(sales: &[Sale]) -> Table {
    table(sales.iter().map(|sale| (sale, String::new())), "_whole")
}

fn table<'a>(sales: impl Iterator<Item = (&'a Sale, String)>, infix: &str) -> Table {
    let mut groups = BTreeMap::<_, Vec<&Sale>>::new();
    for (sale, month) in sales {
        for (scale, code) in places(&sale.commune) {
            groups
                .entry((scale, code, month.clone()))
                .or_default()
                .push(sale);
        }
    }
    let mut table = Table::new();
    for ((scale, code, month), sales) in groups {
        let (name, parent) = describe(&scale, &code);
        let mut row = Row::from([
            ("code_geo".into(), code.clone()),
            ("libelle_geo".into(), name),
            ("echelle_geo".into(), scale.clone()),
        ]);
        if !parent.is_empty() {
            row.insert("code_parent".into(), parent);
        }
        if !month.is_empty() {
            row.insert("annee_mois".into(), month.clone());
        }
        for kind in ["maison", "appartement", "local", "apt_maison"] {
            let prices = sorted(
                sales
                    .iter()
                    .filter(|s| is_of_kind(s, kind))
                    .map(|s| s.price_m2),
            );
            if prices.is_empty() {
                continue;
            }
            let euros = |value: f64| format!("{}", value.round_ties_even());
            row.insert(format!("nb_ventes{infix}_{kind}"), prices.len().to_string());
            row.insert(format!("moy_prix_m2{infix}_{kind}"), euros(mean(&prices)));
            row.insert(format!("med_prix_m2{infix}_{kind}"), euros(median(&prices)));
        }
        table.insert((scale, code, month), row);
    }
    table
}

fn epci_of(commune: &str) -> Option<&'static str> {
    PLACES.current(commune)?.epci.as_deref()
}

fn places(commune: &str) -> Vec<(String, String)> {
    let mut places = vec![
        ("nation".into(), "nation".into()),
        ("departement".into(), departement_of(commune).into()),
        ("commune".into(), commune.into()),
    ];
    places.extend(epci_of(commune).map(|epci| ("epci".into(), epci.to_owned())));
    places
}

/// Name, without accents as in the official files, and parent.
fn describe(scale: &str, code: &str) -> (String, String) {
    let departement = departement_of(code);
    let (name, parent) = match scale {
        "nation" => (Some("nation"), "-"),
        "departement" => (
            PLACES.departements.get(code).map(|(name, _)| name.as_str()),
            "nation",
        ),
        // The official files write an EPCI's line once for each of its départements: see `parents_of_epci`.
        "epci" => (PLACES.epci.get(code).map(|(name, _)| name.as_str()), ""),
        _ => (PLACES.name_of(code), epci_of(code).unwrap_or(departement)),
    };
    (
        name.map_or_else(|| "NA".into(), deunicode::deunicode),
        parent.into(),
    )
}

/// The départements that an EPCI lies in, each of which may be its parent.
pub fn parents_of_epci(epci: &str) -> BTreeSet<String> {
    let (_, members) = &PLACES.epci[epci];
    members
        .iter()
        .map(|commune| departement_of(commune).to_owned())
        .collect()
}
