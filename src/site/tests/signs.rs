//! The signs in tables of prices: no sale and a withheld price are told apart, and each sign is explained under its table.

use super::*;
use crate::base::month::Period;
use crate::stats::{Segment, SeriesPoint};

/// The tables of a page by their captions, each with the footnote under it.
fn tables(html: &str) -> Vec<(&str, &str, &str)> {
    let tables = html.split("<table").skip(1);
    tables
        .filter_map(|rest| {
            let (table, rest) = rest.split_once("</table>")?;
            let (_, caption) = table.split_once("<caption")?;
            let texts = caption.split('>').skip(1);
            let mut texts = texts.map(|part| part.split('<').next().unwrap_or_default());
            let caption = texts.find(|text| !text.is_empty())?;
            let note = rest
                .trim_start()
                .trim_start_matches("</div>")
                .trim_start_matches("</section>")
                .trim_start();
            let note = note.strip_prefix("<p class=\"note\">").unwrap_or_default();
            Some((caption, table, note.split("</p>").next()?))
        })
        .collect()
}

fn point(year: i16, n: u64) -> SeriesPoint {
    SeriesPoint {
        period: Period::Year(year),
        n,
        median: (n >= 5).then_some(2_600),
        interval: None,
        partial: false,
    }
}

#[test]
fn each_sign_is_explained_under_the_table_it_is_in_and_nowhere_else() {
    let flats = |years: &[(i16, u64)]| Segment {
        yearly: years.iter().map(|&(year, n)| point(year, n)).collect(),
        ..Segment::default()
    };
    let (star, withheld, unsold) = (
        "* : médiane fragile",
        "n.p. : prix non publié",
        "– : aucune vente",
    );
    for (sold, signs) in [
        (&[(2023, 40), (2024, 11)][..], &[][..]),
        (&[(2023, 40), (2024, 10)], &[star]),
        (&[(2023, 40), (2024, 4)], &[withheld]),
        (&[(2024, 40)], &[unsold]),
        (&[(2023, 3), (2024, 7)], &[star, withheld]),
        (&[(2024, 3)], &[withheld, unsold]),
    ] {
        let mut figures = figures(0, 0);
        figures.appartement = flats(sold);
        figures.maison = flats(&[(2023, 40), (2024, 40)]);
        let mut atlas = atlas();
        let (place, entry) = entry(Level::Commune, "83137", &figures);
        atlas.insert(place, entry);
        let html = text(
            &build(&config(), &FRANCE, &atlas, None),
            "ville/83137/index.html",
        );
        let html = html.replace(['\u{a0}', '\u{202f}'], " ");
        let mut tables = tables(&html);
        tables.retain(|(caption, ..)| caption.contains("année civile"));
        let [(_, table, note)] = tables[..] else {
            panic!("one table was expected: {html}");
        };
        for (sign, explained) in [("*", star), ("n.p.", withheld), ("–", unsold)] {
            let there = signs.contains(&explained);
            assert_eq!(table.contains(sign), there, "{sold:?}: {table}");
            assert_eq!(note.contains(explained), there, "{sold:?}: {note}");
        }
    }
}

#[test]
fn a_place_without_sales_one_without_a_price_and_one_without_data_differ() {
    let mut atlas = atlas();
    let few = Figures {
        appartement: Segment {
            total: 3,
            current: Some(fixtures::current(60, 3, 2_800, 60)),
            ..Segment::default()
        },
        maison: Segment::default(),
        ..figures(0, 0)
    };
    let (place, entry) = entry(Level::Commune, "83103", &few);
    atlas.insert(place, entry);
    let files = build(&config(), &FRANCE, &atlas, None);
    let var = text(&files, "departement/83/index.html");
    let row = var.split("Le Revest-les-Eaux</a>").nth(1).unwrap();
    assert!(
        row.starts_with("<td>4\u{202f}074<td>0<td>n.p.<td>–\n"),
        "{row}"
    );
    let grand_est = text(&files, "region/44/index.html");
    let row = grand_est.split("Moselle</a>").nth(1).unwrap();
    assert!(
        row.starts_with(" <small>pas de données</small><td>n.d.<td>n.d.<td>n.d.\n"),
        "{row}"
    );
    // An extended period is explained where there is one.
    let extended = "au-delà de 12";
    assert!(!var.contains(extended));
    let usual = build(&config(), &FRANCE, &fixtures::atlas(), None);
    let usual = text(&usual, "departement/83/index.html");
    assert!(
        usual.contains(extended) && usual.contains("<small>30\u{a0}mois</small>"),
        "{usual}"
    );
}
