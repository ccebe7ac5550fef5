//! Lists of recent sales: none by default, and what they tell where a site publishes them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::naive::{Sale, Source, month_name};
use crate::support::{Project, val_d_oise};

const SITE: &str =
    "[site]\naddress = \"https://prix.example.fr\"\ndepartements = [\"95\"]\nrecent_sales = true\n";

/// What sales share: the quarter, rooms, and the surface to ten m².
type Shared = (String, u64, u64);

/// The prices, €, in two digits of the sales that share what they do, in lists of five at least, computed by themselves.
fn expected(sales: &[Sale], city: &Value, kind: (&str, u8)) -> BTreeMap<Shared, Vec<u64>> {
    let window = &city["by_type"][kind.0]["current"];
    let [Some(from), Some(to)] = [window["from"].as_str(), window["to"].as_str()] else {
        return BTreeMap::new();
    };
    let commune = city["metadata"]["city_code"].as_str().unwrap();
    let mut groups = BTreeMap::<Shared, Vec<u64>>::new();
    for sale in sales {
        let month = month_name(sale.month);
        if sale.commune == commune
            && sale.kind == kind.1
            && sale.rooms > 0
            && sale.price_m2 < 100_000.0
            && (from..=to).contains(&month.as_str())
        {
            let quarter = month[5..].parse::<u32>().unwrap().div_ceil(3);
            let surface = (sale.surface / 10.0).round() as u64 * 10;
            let digits = format!("{:.1e}", sale.price);
            groups
                .entry((
                    format!("{}-Q{quarter}", &month[..4]),
                    sale.rooms.into(),
                    surface,
                ))
                .or_default()
                .push(digits.parse::<f64>().unwrap() as u64);
        }
    }
    groups.retain(|_, prices| prices.len() >= 5);
    groups
}

/// Two digits of a half may go either way; the lists are of the same sales all the same.
fn near(told: &[u64], prices: &mut [u64]) -> bool {
    prices.sort_unstable();
    let mut pairs = told.iter().zip(&*prices);
    told.len() == prices.len() && pairs.all(|(told, price)| told.abs_diff(*price) * 9 <= *price)
}

#[test]
fn sales_are_listed_where_five_are_alike_and_only_on_request() {
    let project = Project::new(&["95"]);
    let files = val_d_oise();
    let latest = [files[3].as_path(), files[4].as_path()];
    project.import(&latest);
    project.run(&["build"]);
    let without = project.site();
    assert!(!without.keys().any(|path| path.contains("ventes")));

    project.configure(&format!("{SITE}[deploy]\nhost = \"nginx\"\n"));
    project.run(&["build", "--only-changed"]);
    let sales = latest.map(|path| Source::read(path, "95").sales()).concat();
    let schema = project.json("schemas/ventes.schema.json");
    let schema = jsonschema::validator_for(&schema).unwrap();
    let site = project.site();
    let text = |path: &str| std::str::from_utf8(&site[path]).unwrap();
    let mut lists = 0;
    for (path, bytes) in &site {
        let Some(code) = path.strip_prefix("data/villes/") else {
            continue;
        };
        let city: Value = serde_json::from_slice(bytes).unwrap();
        let expected =
            [("appartement", 2), ("maison", 1)].map(|kind| (kind.0, expected(&sales, &city, kind)));
        let list = format!("data/ventes/{code}");
        let page = text(&format!("ville/{}/index.html", &code[..5]));
        let is_there = expected.iter().any(|(_, alike)| !alike.is_empty());
        assert_eq!(site.contains_key(&list), is_there, "{code}");
        assert_eq!(page.contains(&list), is_there, "{code}");
        if !is_there {
            continue;
        }
        lists += 1;
        let list: Value = serde_json::from_slice(&site[&list]).unwrap();
        assert!(schema.is_valid(&list), "{list}");
        for (kind, mut expected) in expected {
            for alike in list[kind]["sales"].as_array().unwrap() {
                let quarter = alike["quarter"].as_str().unwrap().to_owned();
                let [rooms, surface] = ["rooms", "surface"].map(|of| alike[of].as_u64().unwrap());
                let prices = alike["prices"].as_array().unwrap();
                let prices: Vec<_> = prices.iter().map(|price| price.as_u64().unwrap()).collect();
                assert!(prices.len() >= 5 && prices.is_sorted(), "{code}: {alike}");
                let mut known = expected.remove(&(quarter, rooms, surface)).unwrap();
                assert!(near(&prices, &mut known), "{code}: {alike}, {known:?}");
            }
            assert!(expected.is_empty(), "{code}: {expected:?} are not told");
        }
    }
    assert!(lists > 10, "{lists} lists");
    // A crawler that may not read a path does not see its header.
    assert!(!text("robots.txt").contains("data"));
    let mut rules = text("_headers").split("\n/");
    let data = rules.find(|rule| rule.starts_with("data/*")).unwrap();
    assert!(data.contains("X-Robots-Tag: noindex"), "{data}");
    let paths = &project.json("data/openapi.json")["paths"];
    assert!(paths["/data/ventes/{commune}.json"].is_object(), "{paths}");

    project.configure(&SITE.replace("recent_sales = true", ""));
    project.run(&["build", "--only-changed", "--allow-removals"]);
    assert_eq!(project.site(), without);
}

#[test]
fn a_host_that_sends_no_headers_gets_no_lists() {
    let project = Project::new(&["95"]);
    for host in [
        "",
        "[deploy]\nhost = \"branch\"\n",
        "[deploy]\nhost = \"s3\"\n[deploy.s3]\nbucket = \"a\"\nendpoint = \"https://s3.example.fr\"\nregion = \"a\"\n",
    ] {
        project.configure(&format!("{SITE}{host}"));
        for command in ["build", "doctor"] {
            let run = project.try_run(&[command]);
            assert_ne!(run.code, 0, "{host}");
            let told = run.stdout + &run.stderr;
            for part in ["site.recent_sales", "X-Robots-Tag", "\"nginx\""] {
                assert!(told.contains(part), "{command}: {told}");
            }
        }
    }
}
