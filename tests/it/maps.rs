//! Maps of wider places: what they draw, what they weigh, and what is drawn without contours.

use std::collections::BTreeSet;
use std::fs;

use crate::contours::VAL_D_OISE;
use crate::material::packed;
use crate::support::{Project, sample, val_d_oise};

/// What stands between two texts, each time that it does.
fn between<'t>(text: &'t str, before: &str, after: &str) -> Vec<&'t str> {
    let parts = text.split(before).skip(1);
    parts
        .map(|part| part.split(after).next().unwrap())
        .collect()
}

fn page(project: &Project, path: &str) -> String {
    fs::read_to_string(project.path("site").join(path)).unwrap()
}

/// The Val-d'Oise with the sales of a year.
fn built() -> Project {
    let project = Project::new(&["95"]);
    project.import(&[&val_d_oise()[4]]);
    project.run(&["build"]);
    project
}

/// The point after each step of a path, ring by ring.
fn rings(path: &str) -> Vec<Vec<[i32; 2]>> {
    let mut at = [0; 2];
    let rings = path.strip_suffix('z').unwrap().split('z').map(|ring| {
        let parted = ring.strip_prefix('m').unwrap().replace('-', " -");
        let numbers: Vec<i32> = parted
            .split_ascii_whitespace()
            .map(|number| number.parse().unwrap())
            .collect();
        let mut points = Vec::new();
        for step in numbers.chunks(2) {
            at = [at[0] + step[0], at[1] + step[1]];
            points.push(at);
        }
        at = points[0];
        points
    });
    rings.collect()
}

#[test]
fn a_departement_is_drawn_commune_by_commune_from_a_file_of_its_own() {
    let project = built();
    let dots = page(&project, "departement/95/index.html");
    let others = project.site();
    project.import(&[&sample(VAL_D_OISE)]);
    project.run(&["build", "--only-changed"]);
    project.run(&["verify", "--rebuild"]);
    let html = page(&project, "departement/95/index.html");
    let file = page(&project, "data/cartes/95.svg");
    // Of 184 contours, two are of one commune of today.
    let ids: BTreeSet<_> = between(&file, "<path id=\"", "\"").into_iter().collect();
    assert_eq!((ids.len(), between(&file, "<path ", ">").len()), (183, 183));
    let shown = between(&html, "/data/cartes/95.svg#", "\"");
    assert_eq!(shown.len(), 183);
    assert!(shown.iter().all(|id| ids.contains(id)));
    // Each leads to its page, and none is a stop of the keyboard: the table holds the same links.
    let map = between(&html, "<svg class=\"map\"", "</svg>")[0];
    for code in &ids {
        let link = format!("<a href=\"../../ville/{code}/\" tabindex=\"-1\"><use class=\"");
        assert!(map.contains(&link), "{code}");
        let row = format!("<a href=\"../../ville/{code}/\">");
        assert!(html.contains(&row), "{code}");
    }
    assert_eq!(between(map, "<a ", ">").len(), 183);
    // All lie within the picture, and neighbours share points.
    let view: Vec<i32> = between(map, "viewBox=\"", "\"")[0]
        .split(' ')
        .map(|number| number.parse().unwrap())
        .collect();
    let mut points = 0;
    let mut different = BTreeSet::new();
    for path in between(&file, " d=\"", "\"") {
        for point in rings(path).into_iter().flatten() {
            assert!((0..view[2]).contains(&point[0]) && (0..view[3]).contains(&point[1]));
            different.insert(point);
            points += 1;
        }
    }
    assert!(
        points > 3 * different.len() / 2,
        "{points} of {}",
        different.len()
    );
    assert!(
        packed(file.as_bytes()) <= 14_000,
        "{}",
        packed(file.as_bytes())
    );
    assert!(
        packed(html.as_bytes()) <= 15_500,
        "{}",
        packed(html.as_bytes())
    );

    // Before, each of those with sales enough to have a centre was a dot.
    let circles = between(&dots, "<circle class=\"", "\"").len();
    assert!((150..=183).contains(&circles), "{circles}");
    assert!(!dots.contains("data/cartes") && !dots.contains("<g "));
    // Contours reach the pages with a map, those of communes of which nothing else tells where they lie, and no others.
    let has_nearest = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains("Les plus proches");
    let changed: Vec<_> = project
        .site()
        .into_iter()
        .filter(|(path, bytes)| others.get(path) != Some(bytes))
        .filter(|(path, bytes)| {
            let before = others.get(path);
            before.is_none_or(|before| has_nearest(before) || !has_nearest(bytes))
        })
        .map(|(path, _)| path)
        .collect();
    assert!(changed.len() > 10);
    for path in &changed {
        let has_map = [
            "departement/95/",
            "epci/",
            "data/cartes/95.svg",
            "data/centres/",
        ];
        assert!(
            has_map.iter().any(|start| path.starts_with(start)),
            "{path}"
        );
    }
    let cergy = page(&project, "epci/249500109/index.html");
    let map = between(&cergy, "<svg class=\"map\"", "</svg>")[0];
    assert_eq!(between(map, "<path class=\"", "/>").len(), 12);
}

#[test]
fn the_largest_communes_are_named_on_the_map_and_no_name_lies_over_another() {
    let project = built();
    project.import(&[&sample(VAL_D_OISE)]);
    project.run(&["build"]);
    let html = page(&project, "departement/95/index.html");
    let map = between(&html, "<svg class=\"map\"", "</svg>")[0];
    let width: f64 = between(map, "viewBox=\"-4 -4 ", " ")[0].parse().unwrap();
    let names = between(map, "<g ", "</g>")[0];
    let size: f64 = between(names, "font-size=\"", "\"")[0].parse().unwrap();
    let written = between(names, "<text ", "</text>").into_iter().map(|text| {
        let [x, y] =
            ["x=\"", "y=\""].map(|axis| between(text, axis, "\"")[0].parse::<f64>().unwrap());
        (text.split('>').next_back().unwrap(), x, y)
    });
    let written: Vec<_> = written.collect();
    // The first has the most inhabitants; the smallest of these stands far from the others.
    assert_eq!((written.len(), written[0].0), (5, "Argenteuil"));
    for name in ["Cergy", "Goussainville", "Magny-en-Vexin"] {
        assert!(written.iter().any(|(at, ..)| *at == name), "{names}");
    }
    let half = |name: &str| name.chars().count() as f64 * size * 0.3;
    for (number, (name, x, y)) in written.iter().enumerate() {
        assert!(x - half(name) >= 0.0 && x + half(name) <= width, "{name}");
        for (other, beside, above) in &written[..number] {
            let apart = (x - beside).abs() >= half(name) + half(other) || (y - above).abs() >= size;
            assert!(apart, "{name} lies over {other}");
        }
    }
}

#[test]
fn where_too_little_is_sold_contours_tell_where_a_commune_lies() {
    let project = built();
    project.import(&[&sample(VAL_D_OISE)]);
    project.run(&["build"]);
    for code in ["95141", "95144", "95214", "95387", "95492"] {
        let page = page(&project, &format!("ville/{code}/index.html"));
        assert!(page.contains("Les plus proches"), "{code}");
    }
    let near = page(&project, "ville/95141/index.html");
    let near = between(&near, "Les plus proches", "</table>")[0];
    assert!(near.contains("Magny-en-Vexin</a> <small>"), "{near}");
    // Somebody in one of them is told so.
    let centres = std::fs::read_to_string(project.path("site/data/centres/49_1.json")).unwrap();
    assert!(centres.contains("[\"Charmont\",\"95141\",49."), "{centres}");
}

#[test]
fn the_colours_of_a_map_are_those_of_the_prices_in_its_table() {
    let project = built();
    let html = page(&project, "departement/95/index.html");
    let legend = between(&html, "<ul class=\"legend\"", "</ul>")[0];
    let number = |text: &str| -> Option<u32> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    // The least price of each class but the first.
    let steps: Vec<u32> = legend
        .split("<li>")
        .skip(2)
        .filter_map(|step| {
            number(
                step.split("</span>")
                    .nth(1)
                    .unwrap()
                    .split(['–', 'e'])
                    .next()
                    .unwrap(),
            )
        })
        .collect();
    assert_eq!(steps.len(), 5, "{legend}");
    let map = between(&html, "<svg class=\"map\"", "</svg>")[0];
    let table = between(&html, "<table class=\"sortable\">", "</table>")[0];
    let mut seen = [0; 7];
    for shape in map.split("<a href=\"../../ville/").skip(1) {
        let code = &shape[..5];
        let classes = between(shape, "class=\"", "\"")[0];
        let row = table
            .split(&format!("<th><a href=\"../../ville/{code}/\">"))
            .nth(1)
            .unwrap();
        let cells: Vec<&str> = row.split("<td>").skip(2).take(3).collect();
        for (cell, class) in cells[1..].iter().zip(classes.split(' ')) {
            let price = number(cell.split('<').next().unwrap());
            let expected = price.map(|price| steps.iter().filter(|bound| **bound <= price).count());
            let class = class[1..].parse::<usize>().ok();
            assert_eq!(class, expected, "{code}: {cell}");
            seen[class.unwrap_or(6)] += 1;
        }
    }
    assert!(seen.iter().all(|count| *count > 20), "{seen:?}");
}

#[test]
fn rankings_are_of_communes_with_thirty_sales_a_year() {
    let project = built();
    let html = page(&project, "departement/95/index.html");
    let lists = between(&html, "<section id=\"classements\"", "</section>")[0];
    let titles = between(lists, "<h3>", "</h3>");
    assert_eq!(
        titles,
        [
            "Maisons, les plus chères",
            "Maisons, les plus abordables",
            "Appartements, les plus chers",
            "Appartements, les plus abordables",
            "Là où il se vend le plus de logements",
        ]
    );
    assert!(lists.contains("d’au moins 30 ventes du type en douze mois"));
    for (list, kind) in between(lists, "<table", "</table>").into_iter().zip([
        "maison",
        "maison",
        "appartement",
        "appartement",
    ]) {
        let codes = between(list, "/ville/", "/\"");
        assert_eq!(codes.len(), 5);
        let prices: Vec<u64> = between(list, "</svg><td>", "<")
            .iter()
            .map(|price| price.replace('\u{202f}', "").parse().unwrap())
            .collect();
        for (code, price) in codes.iter().zip(&prices) {
            let data = project.json(&format!("data/villes/{code}.json"));
            let figures = &data["by_type"][kind]["current"];
            assert_eq!(
                figures["prix_m2"].as_u64(),
                Some(*price),
                "{code}: {figures}"
            );
            assert!(
                figures["volume"].as_u64().unwrap() >= 30,
                "{code}: {figures}"
            );
        }
        let dearest = list.contains("plus ch");
        assert!(
            prices.is_sorted_by(|a, b| if dearest { a >= b } else { a <= b }),
            "{prices:?}"
        );
    }
}

#[test]
fn the_country_and_its_regions_are_tiles() {
    let project = built();
    let home = page(&project, "index.html");
    let map = between(&home, "<svg class=\"map tiles\"", "</svg>")[0];
    assert_eq!(between(map, "<rect x", "/>").len(), 101);
    assert_eq!(between(map, "<a href=\"", "\""), ["./departement/95/"]);
    let title = between(map, "<title>Val-d’Oise, appartements ", "</title>")[0];
    // The list says the same.
    let list = between(
        &home,
        "departement/95/\">Val-d’Oise</a> <small>",
        "</small>",
    );
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    assert_eq!(digits(&title.replace('²', "")), digits(list[0]));
    let region = page(&project, "region/11/index.html");
    let map = between(&region, "<svg class=\"map tiles\"", "</svg>")[0];
    assert_eq!(between(map, "<rect x", "/>").len(), 8);
    assert!(map.contains("<a href=\"../../departement/95/\" tabindex=\"-1\">"));
}
