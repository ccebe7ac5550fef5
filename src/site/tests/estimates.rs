//! Estimates: the price where sales are few, never called a median, and the EPCI's median where there is none.

use super::*;
use crate::base::month::Month;
use crate::stats::{Estimate, KindModelled, YearlyEstimate};

fn estimate(n: u64, own_share: f64) -> KindModelled {
    let to = Month::january(2025) + 5;
    KindModelled {
        estimate: Some(Estimate {
            price: 1_450,
            interval: [1_090, 1_930],
            own_share,
            n,
            neighbours: 20,
            to,
            months: 60,
            yearly: vec![YearlyEstimate { to, price: 1_450 }],
        }),
        ..KindModelled::default()
    }
}

/// The files of a site where a commune has these figures.
fn site_with(figures: &Figures) -> Files {
    let mut atlas = atlas();
    // So that it is the whole EPCI's.
    let (place, epci) = entry(Level::Epci, "248300543", &fixtures::figures(170, 31));
    atlas.insert(place, epci);
    let (place, entry) = entry(Level::Commune, "83103", figures);
    atlas.insert(place, entry);
    build(&config(), &FRANCE, &atlas, None)
}

fn plain(files: &Files, path: &str) -> String {
    text(files, path).replace(['\u{a0}', '\u{202f}'], " ")
}

#[test]
fn an_estimate_is_the_price_and_says_what_it_rests_on() {
    let few = figures(0, 1);
    for (n, own_share, words) in [
        (
            0,
            0.0,
            "Aucune vente en cinq ans ; prix calculé d’après les 20 communes voisines.",
        ),
        (
            3,
            0.0,
            "3 ventes en cinq ans, trop peu pour un prix ; calculé d’après les 20 communes voisines.",
        ),
        (
            8,
            0.37,
            "Prix calculé d’après les 8 ventes de la commune en cinq ans (37 %) et les 20 communes voisines (63 %).",
        ),
    ] {
        let mut figures = few.clone();
        figures.modelled.maison = estimate(n, own_share);
        let files = site_with(&figures);
        let page = plain(&files, "ville/83103/index.html");
        let range = "Entre <b>1 090</b> et <b>1 930 €/m²</b>, à 95 % de confiance. ";
        assert!(page.contains(&format!("{range}{words}")), "{page}");
        assert!(page.contains("Estimation, à 34 % près"), "{page}");
        assert!(
            page.contains("<b>1 450</b> €/m²</p><p class=\"volume\">prix estimé, et non médian"),
            "{page}"
        );
        assert!(
            page.contains("maisons environ 1 450 €/m² (estimation)"),
            "{page}"
        );
        let data: serde_json::Value =
            serde_json::from_str(&text(&files, "data/villes/83103.json")).unwrap();
        let told = &data["by_type"]["maison"]["estimate"];
        assert_eq!(told["prix_m2"], 1_450);
        assert_eq!(told["prix_m2_interval"], serde_json::json!([1_090, 1_930]));
        assert_eq!(told["own_share"], own_share);
        assert_eq!(told["yearly"][0]["prix_m2"], 1_450);
        assert!(data["by_type"]["appartement"].get("estimate").is_none());
        for table in [
            "departement/83/index.html",
            "epci/248300543/index.html",
            "ville/83103/index.html",
        ] {
            let page = plain(&files, table);
            assert!(page.contains("<td>≈ 1 450"), "{page}");
            assert!(page.contains("≈ : prix estimé"), "{page}");
        }
    }
}

#[test]
fn the_observed_median_stands_behind_the_estimate() {
    let mut figures = figures(0, 1);
    figures.maison.current = Some(fixtures::current(60, 8, 3_900, 118));
    figures.modelled.maison = estimate(8, 0.37);
    let page = plain(&site_with(&figures), "ville/83103/index.html");
    let estimated = page.find("<b>1 450</b> €/m²").unwrap();
    let observed = page
        .find("Prix médian observé : 3 900 €/m², 8 ventes de")
        .unwrap();
    assert!(estimated < observed);
    assert!(!page.contains("<b>3 900</b>"), "{page}");
}

#[test]
fn a_commune_without_a_price_is_told_the_median_of_its_epci() {
    let words = "Le prix médian <a href=\"../../epci/248300543/\">dans la métropole Toulon-Provence-Méditerranée</a> est de";
    let page = plain(&site_with(&figures(0, 0)), "ville/83103/index.html");
    for median in ["2 600", "4 650"] {
        assert!(
            page.contains(&format!("{words} <b>{median} €/m²</b>.")),
            "{page}"
        );
    }
    let mut estimated = figures(0, 0);
    estimated.modelled.maison = estimate(3, 0.0);
    let page = plain(&site_with(&estimated), "ville/83103/index.html");
    assert!(
        page.contains(&format!("{words} <b>2 600 €/m²</b>.")) && !page.contains("4 650 €/m²</b>."),
        "{page}"
    );
    let page = plain(&site_with(&figures(12, 12)), "ville/83103/index.html");
    assert!(!page.contains(words), "{page}");
}
