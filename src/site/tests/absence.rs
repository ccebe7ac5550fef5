//! All kinds of absence: what is not there is said, and no part of a page is left empty.

use super::*;
use crate::stats::{Current, Segment};

/// A name and figures of a kind of property.
type State = (&'static str, fn() -> Segment);

/// What can be known of a kind of property, from nothing to a price.
const KINDS: [State; 5] = [
    ("never sold", Segment::default),
    ("sold before the window only", || Segment {
        total: 2,
        ..Segment::default()
    }),
    ("withheld", || window(3)),
    ("fragile", || window(7)),
    ("priced", || fixtures::segment(40, 2_600, 58)),
];

fn window(n: u64) -> Segment {
    let current: Current = fixtures::current(60, n, 2_800, 60);
    Segment {
        total: n,
        current: Some(current),
        ..Segment::default()
    }
}

/// Parts of a page that are there to be read.
const READ: [&str; 15] = [
    "title", "h1", "h2", "h3", "p", "li", "dt", "dd", "caption", "th", "td", "small", "strong",
    "a", "summary",
];

/// What stands within a line, where a part of a page may begin, and what pictures are made of.
const INLINE: [&str; 16] = [
    "button", "a", "strong", "small", "b", "code", "var", "span", "svg", "i", "g", "use", "path",
    "circle", "img", "h3",
];

fn tag(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric());
    &text[..end.unwrap_or(text.len())]
}

/// The tags of the parts that hold nothing; the corner of a table with two rows of heads is one by right.
fn empty_parts(html: &str) -> Vec<&str> {
    let parts = html.split('<').zip(html.split('<').skip(1));
    let parts = parts.filter(|(part, next)| {
        let Some((_, text)) = part.split_once('>') else {
            return false;
        };
        READ.contains(&tag(part))
            && !part.contains("aria-label")
            && text.trim().is_empty()
            && !INLINE.contains(&tag(next))
    });
    let corner =
        |part: &&str| *part == "td>" && html.contains("<thead><tr><td><th scope=\"colgroup\"");
    parts
        .map(|(part, _)| part.trim_end())
        .filter(|part| !corner(part))
        .collect()
}

#[test]
fn no_part_of_a_page_is_empty_whatever_is_missing() {
    assert_eq!(
        empty_parts("<p>a<td>1<td>\n<p></p><h2><a>b</a></h2>"),
        ["td>", "p>"]
    );
    // Each pair of two kinds' states.
    for (flats, houses) in itertools::iproduct!(0..KINDS.len(), 0..KINDS.len()) {
        let kinds = [flats, houses, (flats + houses) % KINDS.len()].map(|state| KINDS[state]);
        let names = kinds.map(|(name, _)| name);
        let [appartement, maison, local] = kinds.map(|(_, make)| make());
        let figures = Figures {
            appartement,
            maison,
            local,
            seasonality: Vec::new(),
            ..figures(0, 0)
        };
        for (path, html) in pages_with(&figures) {
            let case = format!("{path}: {names:?}");
            assert_eq!(empty_parts(&html), [""; 0], "{case}");
            let said = |sentence: &str| html.matches(sentence).count();
            for (kind, sentence) in [
                (names[0], "Aucune vente d’appartement de"),
                (names[1], "Aucune vente de maison de"),
            ] {
                assert_eq!(said(sentence), usize::from(kind.contains("sold")), "{case}");
            }
            let withheld = names[..2].iter().filter(|name| **name == "withheld");
            let few = said("aucun prix n’est publié");
            assert_eq!(few, withheld.count(), "{case}");
        }
    }
    for (path, (_, content)) in build(&config(), &FRANCE, &Atlas::default(), None) {
        if path.ends_with(".html") {
            let html = std::str::from_utf8(&content).unwrap();
            assert_eq!(empty_parts(html), [""; 0], "{path}");
        }
    }
}

/// The pages of a place of each kind that has these figures.
fn pages_with(figures: &Figures) -> Vec<(String, String)> {
    const PAGES: [(Level, &str, &str); 5] = [
        (Level::Commune, "83137", "ville/83137/index.html"),
        (Level::Epci, "248300543", "epci/248300543/index.html"),
        (Level::Departement, "83", "departement/83/index.html"),
        (Level::Region, "93", "region/93/index.html"),
        (Level::Pays, "FR", "france/index.html"),
    ];
    let (config, mut atlas) = (config(), atlas());
    for (level, code, _) in PAGES {
        let (place, entry) = entry(level, code, figures);
        atlas.insert(place, entry);
    }
    let site = Site::new(&config, &FRANCE, &atlas, None).unwrap();
    let plan = site.plan();
    let wanted = plan
        .iter()
        .filter(|planned| PAGES.iter().any(|(_, _, path)| planned.path == *path));
    let pages = wanted.map(|planned| {
        let html = String::from_utf8(site.render(planned).unwrap()).unwrap();
        (planned.path.clone(), html)
    });
    pages.collect()
}

#[test]
fn no_component_names_a_parameter_as_tera_names_a_value() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut parameters = 0;
    for file in walkdir::WalkDir::new(folder) {
        let file = file.unwrap();
        if file
            .path()
            .extension()
            .is_none_or(|ending| ending != "html")
        {
            continue;
        }
        let text = std::fs::read_to_string(file.path()).unwrap();
        for component in text.split("{% component ").skip(1) {
            let Some((_, list)) = component
                .split_once(')')
                .and_then(|(head, _)| head.split_once('('))
            else {
                continue;
            };
            for parameter in list.split(',') {
                let name = parameter.split([':', '=']).next().unwrap_or_default();
                let name = name.trim().trim_start_matches('@');
                let literal = ["none", "None", "true", "True", "false", "False"].contains(&name);
                assert!(!literal, "{}: {name}", file.path().display());
                parameters += 1;
            }
        }
    }
    assert!(parameters > 30, "{parameters}");
}
