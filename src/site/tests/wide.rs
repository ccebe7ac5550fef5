//! Wider places of which files cover a part: from half of its communes on a place is shown, else it is named for what it is.

use super::*;

/// The wider places of Toulon and the pages that show their figures, with the words for which they are held.
const WIDER: [(Level, &str, &str, &str); 4] = [
    (
        Level::Epci,
        "248300543",
        "epci/248300543/index.html",
        "de l’intercommunalité",
    ),
    (
        Level::Departement,
        "83",
        "departement/83/index.html",
        "du département",
    ),
    (Level::Region, "93", "region/93/index.html", "de la région"),
    (Level::Pays, "FR", "france/index.html", "de la France"),
];

/// The site where files cover so many communes of each of the wider places, out of so many.
fn covering(communes: u32, all: u32) -> Files {
    let mut atlas = atlas();
    for (level, code, ..) in WIDER {
        let mut figures = figures(170, 31);
        (figures.coverage.communes, figures.coverage.communes_total) = (communes, all);
        let (place, entry) = entry(level, code, &figures);
        atlas.insert(place, entry);
    }
    build(&config(), &FRANCE, &atlas, None)
}

fn words(files: &Files, path: &str) -> String {
    text(files, path).replace(['\u{a0}', '\u{202f}'], " ")
}

/// The wider places that the cards of a page name above their strips.
fn compared(html: &str) -> HashSet<&str> {
    let names = html.split(" <tspan>").filter_map(|text| {
        let (_, name) = text.rsplit_once('>')?;
        (!name.contains('<')).then_some(name)
    });
    let mut names: HashSet<_> = names.collect();
    // What follows the last one.
    names.retain(|name| !name.trim().is_empty() && *name != "\n");
    names
}

#[test]
fn a_commune_is_compared_with_places_that_are_covered_by_half() {
    for covered in [10, 5] {
        let page = words(&covering(covered, 10), "ville/83137/index.html");
        assert!(compared(&page).contains("Var"), "{:?}", compared(&page));
        assert!(page.contains("<dt>Face au Var<dd>"), "{page}");
    }
    let less = words(&covering(4, 10), "ville/83137/index.html");
    assert!(
        !less.contains("<tspan>") && !less.contains("Face "),
        "{less}"
    );
}

#[test]
fn figures_of_less_than_half_are_not_called_those_of_the_place() {
    let [whole, half, one] = [(10, 10), (5, 10), (1, 10)].map(|(part, all)| covering(part, all));
    for (_, _, path, whose) in WIDER {
        let not_its_own = format!("Ces chiffres ne sont pas ceux {whose}.");
        for (files, partial, less) in [(&whole, 0, 0), (&half, 1, 0), (&one, 0, 1)] {
            let html = words(files, path);
            assert_eq!(
                html.matches("Chiffres partiels.").count(),
                partial,
                "{path}"
            );
            assert_eq!(html.matches(&not_its_own).count(), less, "{path}");
        }
        assert!(
            words(&half, path).contains("ils ne portent que sur 5 des 10 communes que DVF couvre")
        );
        assert!(
            words(&one, path)
                .contains("ne contiennent les ventes que d’une des 10 communes que DVF couvre")
        );
    }
    let rows = [&whole, &half, &one].map(|files| words(files, "region/93/index.html"));
    assert!(rows[0].contains(">Var</a><td>"));
    assert!(rows[1].contains(">Var</a> <small>5 communes sur 10</small><td>"));
    assert!(rows[2].contains(">1 commune du Var</a><td>"));
}

#[test]
fn a_city_without_some_of_its_arrondissements_says_so() {
    let mut atlas = atlas();
    let page = |atlas: &Atlas| {
        words(
            &build(&config(), &FRANCE, atlas, None),
            "ville/69123/index.html",
        )
    };
    assert!(page(&atlas).contains("Chiffres de tous les arrondissements réunis"));
    for (covered, said) in [
        (
            5,
            "Chiffres partiels.</strong> Faute de fichiers, ils ne portent que sur 5 des 9 arrondissements",
        ),
        (
            1,
            "pas ceux de la ville.</strong> Les fichiers importés ne contiennent les ventes que d’un des 9 arrondissements",
        ),
    ] {
        let mut figures = figures(300, 12);
        (figures.coverage.communes, figures.coverage.communes_total) = (covered, 9);
        let (place, entry) = entry(Level::Commune, "69123", &figures);
        atlas.insert(place, entry);
        let html = page(&atlas);
        assert!(html.contains(said), "{said}");
        assert!(!html.contains("tous les arrondissements"), "{covered}");
    }
}

#[test]
fn no_place_is_compared_with_itself() {
    let geography = crate::intake::cog::embedded().unwrap();
    let figures = figures(170, 31);
    let places = [
        (Level::Commune, "75056"),
        (Level::Commune, "75101"),
        (Level::Departement, "75"),
        (Level::Region, "11"),
        (Level::Commune, "97105"),
        (Level::Departement, "971"),
        (Level::Region, "01"),
        (Level::Commune, "97801"),
        (Level::Departement, "978"),
        (Level::Pays, "FR"),
    ];
    let mut atlas = Atlas::default();
    for (level, code) in places {
        let (place, entry) = entry(level, code, &figures);
        atlas.insert(place, entry);
    }
    let config = config();
    let site = Site::new(&config, &geography, &atlas, None).unwrap();
    let mut pages = BTreeMap::new();
    for planned in site.plan() {
        let wanted = [
            "ville/75056/index.html",
            "ville/75101/index.html",
            "departement/75/index.html",
            "departement/971/index.html",
            "ville/97801/index.html",
            "departement/978/index.html",
        ];
        if wanted.contains(&&*planned.path) {
            let page = String::from_utf8(site.render(&planned).unwrap()).unwrap();
            pages.insert(
                planned.path.clone(),
                page.replace(['\u{a0}', '\u{202f}'], " "),
            );
        }
    }
    for (path, face, own) in [
        ("ville/75056", "Île-de-France", "Paris"),
        ("ville/75101", "Paris", "Paris 1er Arrondissement"),
        ("departement/75", "Île-de-France", "Paris"),
        ("departement/971", "France", "Guadeloupe"),
        ("ville/97801", "France", "Saint-Martin"),
        ("departement/978", "France", "Saint-Martin"),
    ] {
        let page = &pages[&format!("{path}/index.html")];
        let facts: HashSet<_> = page.split("<dt>Face").skip(1).collect();
        assert!(!facts.is_empty(), "{path}");
        for fact in facts {
            assert!(fact.contains(&format!(" {face}<dd>")), "{path}: {fact:.60}");
        }
        let on_strip = compared(page);
        assert!(
            !on_strip.is_empty() && on_strip.iter().all(|name| !name.contains(own)),
            "{path}: {on_strip:?}"
        );
    }
}
