//! Sources of indicators: each that ships reads its real file, and pages show what they say.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::market::{Release, VAR};
use crate::support::{Project, lines, sample};

/// The sample's files of sources of indicators.
const FILES: [(&str, &str); 16] = [
    ("lovac", "lovac-2026-95.csv.gz"),
    ("loyers", "carte-des-loyers-2025-appartements.csv.gz"),
    ("loyers", "carte-des-loyers-2025-maisons.csv.gz"),
    ("recensement", "recensement-logement-2021.csv.gz"),
    ("filosofi", "filosofi-2021.csv.gz"),
    ("fiscalite", "fiscalite-locale-2025.csv.gz"),
    ("catnat", "catnat-1982-2025.csv.gz"),
    ("sitadel", "sitadel-2022-2025-95.csv.gz"),
    ("bpe", "bpe-2024.csv.gz"),
    ("ecoles", "annuaire-education-2025.csv.gz"),
    ("ivac", "ivac-2022-2023.csv.gz"),
    ("sru", "sru-2025-95.csv.gz"),
    ("population", "population-2022.csv.gz"),
    ("abc", "zonage-abc-2025.csv.gz"),
    ("tlv", "zonage-tlv-2025.csv.gz"),
    ("dpe", "dpe-95.json.gz"),
];

/// The value, the category or the reason for none that is known of an indicator of a place in a year.
const KNOWN: [(&str, &str, u16, &str); 55] = [
    ("dpe-diagnostics", "95018", 2026, "22150"),
    ("dpe-g", "95018", 2026, "1224"),
    ("dpe-a", "95127", 2026, "21"),
    ("dpe-f", "95002", 2026, "16"),
    // Gouzangrez, 9 certificates, has been part of it since 2024.
    ("dpe-diagnostics", "95169", 2026, "58"),
    ("vacants", "95018", 2025, "2901"),
    ("vacants-deux-ans", "95018", 2025, "905"),
    ("parc-prive", "95018", 2024, "33402"),
    ("vacants", "95127", 2025, "1790"),
    ("vacants-deux-ans", "95127", 2025, "216"),
    ("parc-prive", "95127", 2024, "21132"),
    ("vacants", "95002", 2025, "43"),
    ("vacants-deux-ans", "95002", 2025, "11"),
    ("parc-prive", "95002", 2024, "secret"),
    ("loyer-appartement", "83137", 2025, "14.4348759248351"),
    ("loyer-appartement-bas", "83137", 2025, "11.1654095774843"),
    ("loyer-appartement-haut", "83137", 2025, "18.6617106626849"),
    ("loyer-appartement-annonces", "83137", 2025, "32136"),
    ("loyer-appartement-estime-sur", "83137", 2025, "commune"),
    ("loyer-appartement", "69266", 2025, "15.6299565357601"),
    ("loyer-appartement", "95127", 2025, "18.4859725636576"),
    ("loyer-maison", "83137", 2025, "16.4783089162463"),
    ("loyer-maison-annonces", "83137", 2025, "1326"),
    ("niveau-de-vie", "83137", 2021, "20960"),
    ("taux-pauvrete", "83137", 2021, "22"),
    ("niveau-de-vie", "95018", 2021, "19350"),
    ("niveau-de-vie", "95002", 2021, "29290"),
    ("taux-pauvrete", "95002", 2021, "secret"),
    ("niveau-de-vie", "69266", 2021, "21540"),
    ("taxe-fonciere", "83137", 2025, "49.76"),
    ("taxe-ordures-menageres", "83137", 2025, "11.84"),
    ("taxe-fonciere", "69123", 2025, "32.82"),
    ("catastrophes-naturelles", "83137", 2025, "33"),
    ("catastrophes-inondation", "95018", 2025, "30"),
    ("logements-autorises", "95018", 2022, "418"),
    ("logements-autorises", "95127", 2025, "214"),
    ("logements-commences", "95127", 2025, "not-yet"),
    ("pharmacies", "83137", 2024, "74"),
    ("medecins", "95127", 2024, "26"),
    ("gares", "95127", 2024, "3"),
    ("ecoles", "95127", 2025, "52"),
    ("colleges", "95127", 2025, "10"),
    ("lycees", "95127", 2025, "4"),
    ("ecoles", "83137", 2025, "96"),
    ("ecoles", "69381", 2025, "10"),
    // Thirteen lines, two of them of a lycée that stands there already.
    ("lycees", "69381", 2025, "11"),
    // Of fourteen collèges, and of five.
    ("candidats-brevet", "83137", 2023, "1703"),
    (
        "valeur-ajoutee-colleges",
        "83137",
        2023,
        "-1.733998825601879",
    ),
    ("candidats-brevet", "95127", 2022, "739"),
    (
        "valeur-ajoutee-colleges",
        "95127",
        2023,
        "-4.906290115532734",
    ),
    ("logements-sociaux-sru", "95018", 2024, "15102"),
    ("taux-sru", "95018", 2024, "35.28"),
    ("taux-sru", "95127", 2024, "47.13"),
    ("zone-abc", "95127", 2025, "A"),
    ("zone-tlv", "83137", 2025, "tendue"),
];

fn import(project: &Project) {
    for (source, file) in FILES {
        project.run(&["import", "--source", source, sample(file).to_str().unwrap()]);
    }
}

/// The long table, by indicator, code and year.
fn table(project: &Project) -> BTreeMap<(String, String, u16), String> {
    let database = rusqlite::Connection::open(project.path("data/immostats.db")).unwrap();
    let mut statement = database
        .prepare("SELECT indicateur, territoire, periode, coalesce(valeur, categorie, absence) FROM indicateurs")
        .unwrap();
    let rows = statement.query_map([], |row| {
        let told = match row.get_ref(3)? {
            rusqlite::types::ValueRef::Real(number) => number.to_string(),
            text => text.as_str().unwrap().to_owned(),
        };
        Ok(((row.get(0)?, row.get(1)?, row.get(2)?), told))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

#[test]
fn each_source_that_ships_reads_its_real_file() {
    let project = Project::new(&["95"]);
    import(&project);
    let table = table(&project);
    for (indicator, place, period, expected) in KNOWN {
        let told = table.get(&(indicator.into(), place.into(), period));
        assert_eq!(
            told.map(String::as_str),
            Some(expected),
            "{indicator} of {place} in {period}"
        );
    }
    let sum = |indicator: &str, period: u16| -> f64 {
        let all = table
            .iter()
            .filter(|((id, _, year), _)| id == indicator && *year == period);
        all.filter_map(|(_, told)| told.parse::<f64>().ok()).sum()
    };
    assert_eq!(sum("vacants", 2025), 30_261.0);
    assert_eq!(sum("vacants-deux-ans", 2025), 7_631.0);
    assert_eq!(sum("parc-prive", 2024), 407_569.0);
    let authorised = [2022, 2023, 2024, 2025].map(|year| sum("logements-autorises", year));
    assert_eq!(authorised, [6_756.0, 5_929.0, 3_696.0, 4_606.0]);
    // What was part of another commune counts for it, whichever line came last.
    assert!(!table.keys().any(|(_, place, _)| place == "95282"));
    let told = project.run(&["indicators", "--json"]);
    let told: Value = serde_json::from_str(&told.stdout).unwrap();
    let vacant = told
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["indicator"] == "vacants-deux-ans");
    let vacant = vacant.unwrap();
    assert_eq!(
        (
            vacant["known"].as_u64(),
            vacant["absent"]["secret"].as_u64()
        ),
        (Some(110), Some(73))
    );
    assert_eq!(
        (vacant["edition"].as_u64(), vacant["period"].as_u64()),
        (Some(2026), Some(2025))
    );
    let again = project.run(&[
        "import",
        "--source",
        "lovac",
        sample("lovac-2026-95.csv.gz").to_str().unwrap(),
    ]);
    assert!(again.stdout.contains("unchanged"), "{}", again.stdout);
}

/// Zonings as the ministries publish them: other separators and names of columns than those of the compilations at hand, and a year
/// in the names.
#[test]
fn zonings_are_read_as_their_ministries_publish_them() {
    let project = Project::new(&["95"]);
    let files = [
        (
            "abc",
            "\u{feff}CODGEO;DEP;LIBGEO;Zonage en vigueur depuis le 26 juin 2026;Reclassement 2026\n95018;95;Argenteuil;A;\n95002;95;Ableiges;B1;oui\n",
        ),
        (
            "tlv",
            "CODGEO25;DEP;LIBGEO;Zonage TLV 2013;Zonage TLV 2023;Zonage TLV post d\u{e9}cret 22/12/2025\n95018;95;Argenteuil;TLV;1. Zone tendue;1. Zone tendue\n95002;95;Ableiges;Non TLV;3. Non tendue;3. Non tendue\n",
        ),
    ];
    for (source, text) in files {
        let file = project.path(&format!("{source}.csv"));
        fs::write(&file, text).unwrap();
        project.run(&["import", "--source", source, file.to_str().unwrap()]);
    }
    let table = table(&project);
    let told = |indicator: &str, place: &str, period: u16| {
        table[&(indicator.to_owned(), place.to_owned(), period)].clone()
    };
    assert_eq!(told("zone-abc", "95018", 2026), "A");
    assert_eq!(told("zone-abc", "95002", 2026), "B1");
    assert_eq!(told("zone-tlv", "95018", 2025), "1. Zone tendue");
    assert_eq!(told("zone-tlv", "95002", 2025), "3. Non tendue");
    let told = project.run(&["indicators", "--source", "abc", "--json"]);
    let told: Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(told[0]["edition"], 2026);
}

#[test]
fn a_value_of_one_commune_renews_its_page_and_no_other() {
    let project = Project::new(&["83"]);
    Release::of_year("83", &VAR, 2024, 3).import(&project);
    import(&project);
    project.run(&["build"]);
    let before = project.site();
    let json = |path: &str| -> Value { serde_json::from_slice(&before[path]).unwrap() };
    let toulon = &json("data/villes/83137.json")["indicators"];
    assert_eq!(toulon["loyer-appartement"]["value"], 14.4);
    assert_eq!(toulon["niveau-de-vie"]["value"], 20_960);
    assert_eq!(toulon["zone-abc"]["category"], "A");
    assert_eq!(toulon["niveau-de-vie"]["vintage"], 2021);
    // No file of the vacant homes of the Var was imported.
    assert_eq!(toulon["part-vacants-deux-ans"], Value::Null);
    let var = &json("data/departement/83.json")["indicators"];
    assert!(
        var["densite-medecins"]["value"].as_f64().unwrap() > 5.0,
        "{var}"
    );
    let text = |path: &str| std::str::from_utf8(&before[path]).unwrap();
    let page = text("ville/83137/index.html");
    for part in [
        ">Cadre de vie et marché<",
        "11,2 à 18,7",
        "Estimations ANIL",
        "156 en tout",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(
        !page.contains("LOVAC"),
        "no source that the page does not show"
    );
    assert!(text("methodologie/index.html").contains("Estimations ANIL"));
    let meanings = json("data/indicateurs.json");
    let known: Vec<_> = meanings
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one[0])
        .collect();
    for id in toulon.as_object().unwrap().keys() {
        assert!(
            known.iter().any(|known| *known == id),
            "{id} has no meaning"
        );
    }

    let meaning = |id: &str| {
        let mut all = meanings.as_array().unwrap().iter();
        all.find(|one| one[0] == id).unwrap()[1].clone()
    };
    assert_eq!(meaning("taxe-fonciere")["rollup"], "median");
    assert_eq!(meaning("zone-abc").get("rollup"), None);

    let rows: Vec<_> = text("data/communes.csv").lines().collect();
    let cells = |line: &str| -> Vec<String> { line.split(';').map(str::to_owned).collect() };
    let (header, toulon) = (
        cells(rows[0]),
        rows.iter().find(|line| line.starts_with("83137;")),
    );
    let told: BTreeMap<_, _> = header.into_iter().zip(cells(toulon.unwrap())).collect();
    for (column, cell) in [
        ("loyer-appartement", "14,4"),
        ("niveau-de-vie", "20960"),
        ("zone-abc", "A"),
        ("taux-sru", ""),
    ] {
        assert_eq!(told[column], cell, "{column}");
    }
    let columns = &json("data/datapackage.json")["resources"][0]["schema"]["fields"];
    let columns = columns.as_array().unwrap();
    let rent = columns
        .iter()
        .find(|one| one["name"] == "loyer-appartement");
    assert_eq!(rent.unwrap()["type"], "number");

    // The zone of one commune, which no other page shows.
    let zones = lines(&sample("zonage-abc-2025.csv.gz")).join("\n");
    assert!(zones.contains("83126,A"));
    let other = project.file("zonage.csv", zones.replace("83126,A", "83126,B1"));
    let other = other.to_str().unwrap();
    let preview = project.run(&["import", "--dry-run", "--source", "abc", other]);
    let told = "would change: 0 added, 1 changed, 0 removed";
    assert!(preview.stdout.contains(told), "{}", preview.stdout);
    project.run(&["import", "--source", "abc", other]);
    project.run(&["build", "--only-changed"]);
    let after = project.site();
    let changed = after
        .iter()
        .filter(|(path, bytes)| before.get(*path) != Some(bytes));
    let changed: Vec<_> = changed.map(|(path, _)| path.as_str()).collect();
    assert_eq!(
        changed,
        [
            "data/communes.csv",
            "data/communes.parquet",
            "data/departement/83.csv",
            "data/villes/83126.json",
            "ville/83126/index.html"
        ]
    );
    fs::remove_dir_all(project.path("site")).unwrap();
    fs::remove_file(project.path("data/versions.db")).unwrap();
    project.run(&["build"]);
    assert_eq!(project.site(), after, "the same from nothing");
}

/// The sales of Toulon tell no price of the Var, which its rents and incomes could be set against; a zone it has none at all.
#[test]
fn what_too_little_is_known_of_is_unknown() {
    let project = Project::new(&["83"]);
    let sales = sample("83137-toulon-2024.csv.gz");
    project.run(&["import", sales.to_str().unwrap()]);
    import(&project);
    project.run(&["build"]);
    let site = project.site();
    let page = str::from_utf8(&site["ville/83137/index.html"]).unwrap();
    let absences = |label: &str| {
        let (_, row) = page.split_once(&format!("<tr><th>{label}")).unwrap();
        let row = row.split("<tr>").next().unwrap();
        ["<i>inconnu</i>", "<i>sans objet</i>"].map(|why| row.matches(why).count())
    };
    for (label, expected) in [
        ("Loyer d’annonce d’un appartement", [0, 0]),
        ("Rendement brut d’un appartement", [1, 0]),
        ("60\u{a0}m² d’appartement", [1, 0]),
        ("Zone ABC", [0, 1]),
    ] {
        assert_eq!(absences(label), expected, "{label}");
    }
}

#[test]
fn a_declaration_of_ones_own_is_all_that_a_source_needs() {
    let project = Project::new(&["83"]);
    Release::of_year("83", &VAR, 2024, 3).import(&project);
    let declare = |source: &str| {
        project.configure(&format!(
            "{source}\n[site]\naddress = \"https://prix.example.fr\"\ndepartements = [\"83\"]\n"
        ));
    };
    let source = "[[sources]]\nid = \"arbres\"\nkind = \"table\"\n[sources.table]\nencoding = \"windows-1252\"\ndecimal = \",\"\nplace = \"Commune\"\nabsent = { nd = \"unavailable\" }\nattribution = \"Mairies du Val-d’Oise\"\nindicators = [{ id = \"arbres\", column = \"Arbres {year}\", label = \"Arbres en ville\", rollup = \"sum\" }]\n";
    declare(&source.replace("column = \"Arbres {year}\", ", ""));
    let run = project.try_run(&["indicators"]);
    assert!(
        run.code == 1
            && run.stderr.contains("column = \"MED{yy}\"")
            && run
                .stderr
                .contains("line 10: source arbres: indicator arbres: "),
        "{}",
        run.stderr
    );
    declare(source);
    // Windows, a decimal comma, blanks of thousands, a lost zero elsewhere, and quotes.
    let text = b"Commune;Arbres 2023;Arbres 2024;Remarque\r\n83137;\"10\xa0000\";12 345,5;Pr\xe8s de l'eau\r\n83061;1;nd;\r\n99999;4;5;\r\n";
    let file = project.file("arbres.csv", text);
    let file = file.to_str().unwrap();
    let run = project.run(&["import", "--source", "arbres", "--json", file]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["edition"], 2024);
    assert_eq!(report["unmatched"], serde_json::json!(["99999"]));
    assert_eq!(report["indicators"][0]["absent"]["unavailable"], 1);
    project.run(&["build"]);
    let told = &project.json("data/villes/83137.json")["indicators"]["arbres"];
    assert_eq!(
        (told["value"].as_f64(), told["source"].as_str()),
        (Some(12_346.0), Some("arbres"))
    );

    for (wrong, part) in [
        (
            "Commune;Arbres 2024\n83137;beaucoup\n",
            "line 2, column Arbres 2024: \"beaucoup\" is no number",
        ),
        (
            "Commune;Bancs 2024\n83137;3\n",
            "it has no column Arbres {year}; it has Commune, Bancs 2024",
        ),
        (
            "Commune;Arbres 2024\n83137;3\n83137;4\n",
            "83137 is there twice",
        ),
        // The same code, one of them without its zero.
        (
            "Commune;Arbres 2024\n01004;3\n1004;4\n",
            "01004 is there twice",
        ),
        (
            "Commune;Arbres 2024\n99999;3\n",
            "none of its 1 lines is of a place",
        ),
        ("Commune\n83137\n", "its header has one cell"),
        (
            "Commune;Arbres 2024\n83137;3;4\n",
            "line 2 has 3 cells, and the header 2",
        ),
        ("", "it is empty"),
    ] {
        let file = project.file("wrong.csv", wrong);
        let run = project.try_run(&["import", "--source", "arbres", file.to_str().unwrap()]);
        assert!(
            run.code == 3 && run.stderr.contains(part),
            "{wrong}: {}",
            run.stderr
        );
    }
    let run = project.try_run(&["import", "--source", "arbre", file]);
    assert!(
        run.code == 1 && run.stderr.contains("there is no source arbre"),
        "{}",
        run.stderr
    );
    let known = &project.json("data/villes/83137.json")["indicators"]["arbres"]["value"];
    assert_eq!(known.as_f64(), Some(12_346.0), "what was there stays");
}

/// Communes of the Val-d’Oise, each twice: 48 flats and 24 houses a year.
const MARKETS: [&str; 24] = [
    "95018", "95127", "95500", "95585", "95252", "95219", "95268", "95280", "95306", "95388",
    "95203", "95572", "95018", "95127", "95500", "95585", "95252", "95219", "95268", "95280",
    "95306", "95388", "95203", "95572",
];

#[test]
fn wider_places_list_the_communes_where_a_declared_indicator_is_highest() {
    let project = Project::new(&["95"]);
    Release::of_year("95", &MARKETS, 2024, 3).import(&project);
    import(&project);
    project.run(&["build"]);
    let site = project.site();
    let page = std::str::from_utf8(&site["departement/95/index.html"]).unwrap();
    for (title, id) in [
        (
            "Loyers d’appartements, les plus élevés",
            "loyer-appartement",
        ),
        (
            "Le plus de logements vacants depuis deux ans",
            "part-vacants-deux-ans",
        ),
    ] {
        let (_, list) = page.split_once(&format!("<h3>{title}</h3>")).expect(title);
        let (list, _) = list.split_once("</table>").unwrap();
        let cells = list.split("<a href=").skip(1).map(|row| {
            let (_, code) = row.split_once("ville/").unwrap();
            let (_, value) = row.split_once("</svg><td>").unwrap();
            let value = value.split('<').next().unwrap().replace(',', ".");
            (code[..5].to_owned(), value.parse::<f64>().unwrap())
        });
        let cells: Vec<_> = cells.collect();
        assert_eq!(cells.len(), 5, "{list}");
        assert!(cells.is_sorted_by(|(_, a), (_, b)| a >= b), "{cells:?}");
        let value = |code: &str| {
            project.json(&format!("data/villes/{code}.json"))["indicators"][id]["value"].as_f64()
        };
        for (code, shown) in &cells {
            assert_eq!(value(code), Some(*shown), "{id} of {code}");
        }
        let least = cells[4].1;
        let higher = MARKETS[..12]
            .iter()
            .filter(|code| value(code) > Some(least));
        assert!(higher.count() <= 4, "{cells:?}");
    }
    assert!(page.contains("Autres sources, pour les mêmes communes\u{a0}: Estimations ANIL"));
}

#[test]
fn the_census_stands_where_lovac_is_secret_and_never_beside_it() {
    let project = Project::new(&["83"]);
    Release::of_year("83", &VAR, 2024, 3).import(&project);
    let census = sample("recensement-logement-2021.csv.gz");
    project.run(&[
        "import",
        "--source",
        "recensement",
        census.to_str().unwrap(),
    ]);
    let lovac = "CODGEO_26;pp_vacant_26;pp_vacant_plus_2ans_26;ff_pp_total_25\n83137;5000;1000;80000\n83126;300;s;9000\n";
    let vacant = || {
        ["83137", "83126", "83061"].map(|code| {
            let indicators =
                project.json(&format!("data/villes/{code}.json"))["indicators"].clone();
            let told = |id: &str| indicators[id]["value"].as_f64();
            (
                told("part-vacants-deux-ans"),
                told("part-logements-vacants"),
            )
        })
    };
    project.run(&["build"]);
    let [toulon, seyne, frejus] = vacant();
    for (lovac, census) in [toulon, seyne, frejus] {
        assert!(lovac.is_none() && census.is_some_and(|share| (1.0..20.0).contains(&share)));
    }
    let file = project.file("lovac-2026.csv", lovac);
    project.run(&["import", "--source", "lovac", file.to_str().unwrap()]);
    project.run(&["build", "--only-changed"]);
    // Secret in one, and no line of the other.
    assert_eq!(vacant(), [(Some(1.3), None), seyne, frejus]);
    let site = project.site();
    let page =
        |code: &str| String::from_utf8(site[&format!("ville/{code}/index.html")].clone()).unwrap();
    let names = [
        "Vacants depuis plus de deux ans",
        "Logements vacants au recensement",
    ];
    let shown = |code: &str| names.map(|name| page(code).contains(name));
    assert_eq!(shown("83137"), [true, false]);
    assert_eq!(shown("83126"), [false, true]);
    assert!(page("83126").contains("INSEE, recensement") && !page("83126").contains("LOVAC,"));
    project.run(&["verify", "--rebuild"]);
}

#[test]
fn buildings_are_counted_in_the_commune_of_their_first_plot() {
    let project = Project::new(&["83"]);
    let building = |id: &str, status: &str, plots: &[&str]| {
        let plots = plots
            .iter()
            .map(|id| format!("{{\"\"id\"\": \"\"{id}\"\", \"\"bdg_cover_ratio\"\": 0.5}}"));
        let plots = plots.collect::<Vec<_>>().join(", ");
        format!("{id};SRID=4326;POINT (5.93 43.12);{status};\"[{{\"\"source\"\": \"\"bdtopo\"\", \"\"id\"\": \"\"BATIMENT0000000240853\"\"}}]\";[];\"[{plots}]\";[]")
            .replacen("SRID=4326;POINT", "\"SRID=4326;POINT", 1)
            .replacen("43.12)", "43.12)\";\"SRID=4326;POLYGON ((5.93 43.12, 5.94 43.12, 5.93 43.12))\"", 1)
    };
    let mut lines =
        vec!["rnb_id;point;shape;status;ext_ids;addresses;plots;validated_by".to_owned()];
    for number in 0..40 {
        lines.push(building(
            &format!("TLN{number:09}"),
            "constructed",
            &["83137000CD0012", "83126000AB0001"],
        ));
    }
    lines.push(building("TLN000000007", "constructed", &["83126000AB0001"]));
    lines.push(building("SEY000000001", "notUsable", &["83126000AB0001"]));
    lines.push(building("SEY000000002", "demolished", &["83126000AB0001"]));
    lines.push(building("VAU000000001", "constructed", &["84007000AB0001"]));
    lines.push(building("RIE000000001", "constructed", &[]));
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("RNB_83.csv", zip::write::SimpleFileOptions::default())
        .unwrap();
    std::io::Write::write_all(&mut zip, lines.join("\n").as_bytes()).unwrap();
    let file = project.file("RNB_83.csv.zip", zip.finish().unwrap().into_inner());
    let run = project.run(&[
        "import",
        "--json",
        "--source",
        "batiments",
        file.to_str().unwrap(),
    ]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        (&report["lines_without_place"], &report["lines_elsewhere"]),
        (&serde_json::json!(1), &serde_json::json!(1))
    );
    let known: Vec<_> = table(&project).into_iter().collect();
    let of = |code: &str| (("batiments".to_owned(), code.to_owned(), 2026), ());
    assert_eq!(
        known,
        [
            (of("83126").0, "1".to_owned()),
            (of("83137").0, "40".to_owned())
        ]
    );
}

#[test]
fn schools_are_found_by_their_number_in_the_lines_of_another_source() {
    let project = Project::new(&["95"]);
    let run = |source: &str, file: &std::path::Path| {
        let file = file.to_str().unwrap();
        project.try_run(&["import", "--json", "--source", source, file])
    };
    let results = sample("ivac-2022-2023.csv.gz");
    let alone = run("ivac", &results);
    let told =
        "none of its 891 lines has a key that source ecoles knows; import a file of ecoles first";
    assert!(
        alone.code == 3 && alone.stderr.contains(told),
        "{}",
        alone.stderr
    );
    run("ecoles", &sample("annuaire-education-2025.csv.gz"));
    let of_commune = |indicator: &str, code: &str| {
        let key = (indicator.to_owned(), code.to_owned(), 2023);
        table(&project).get(&key).cloned()
    };
    // One of two collèges has too few candidates to be told of, and one is of no line.
    let text = "Session;UAI;Nb_candidats_G;VA_taux_reussite_G\n2023;0950937C;100;3.0\n2023;0950937C;100;3.0\n2023;0950938D;30;None\n2023;9999999Z;80;1.0\n";
    let few = project.file("few.csv", text);
    let report: Value = serde_json::from_str(&run("ivac", &few).stdout).unwrap();
    assert_eq!(report["lost_keys"], serde_json::json!(["9999999Z"]));
    assert_eq!(report["unmatched"], serde_json::json!([]));
    let known = ["candidats-brevet", "valeur-ajoutee-colleges"];
    assert_eq!(
        known.map(|indicator| of_commune(indicator, "95127")),
        [Some("130".to_owned()), Some("3".to_owned())]
    );
    // The same collège again, with other results.
    let twice = project.file("twice.csv", text.replacen("100;3.0", "100;4.0", 1));
    let twice = run("ivac", &twice);
    assert!(
        twice.code == 3 && twice.stderr.contains("0950937C is there twice"),
        "{}",
        twice.stderr
    );
}

#[test]
fn what_is_told_of_a_whole_is_told_of_none_of_its_parts() {
    let project = Project::new(&["15", "85"]);
    let declare = |vintage: &str| {
        project.configure(&format!(
            "[[sources]]\nid = \"puits\"\nkind = \"table\"\n[sources.table]\nplace = \"code\"\n{vintage}edition = 2025\nmissing = \"zero\"\nattribution = \"a\"\nindicators = [{{ id = \"puits\", column = \"n\", label = \"Puits\", rollup = \"sum\" }}]\n[site]\naddress = \"https://prix.example.fr\"\ndepartements = [\"15\", \"85\"]\n"
        ));
    };
    let import = |text: &str| {
        let file = project.file("puits.csv", text);
        let run = project.run(&[
            "import",
            "--force",
            "--source",
            "puits",
            file.to_str().unwrap(),
        ]);
        let of = |code: &str| {
            let key = ("puits".to_owned(), code.to_owned(), 2025);
            table(&project).get(&key).cloned()
        };
        (run.stdout, ["15141", "15031", "85084", "85212"].map(of))
    };
    let whole = "code;n\n15141;8\n15014;1\n85084;16\n";
    let values = |told: [Option<&str>; 4]| told.map(|told| told.map(str::to_owned));
    // Of codes of 2023, Neussargues still holds Celles, and Les Essarts Sainte-Florence.
    declare("vintage = 2023\n");
    let (said, told) = import(whole);
    assert_eq!(told, values([Some("unavailable"); 4]), "{said}");
    assert!(said.contains("2 communes have lost others since"), "{said}");
    // Of 2024 the latter are apart, of 2025 both, unless the file says otherwise; and so they are where a part has a line.
    declare("vintage = 2024\n");
    let (said, told) = import(whole);
    assert_eq!(
        told,
        values([Some("unavailable"), Some("unavailable"), Some("16"), None]),
        "{said}"
    );
    declare("");
    let (said, told) = import(whole);
    assert_eq!(told, values([Some("8"), None, Some("16"), None]), "{said}");
    declare("vintage = 2023\n");
    let (said, told) = import(&format!("{whole}15031;3\n"));
    assert_eq!(
        told,
        values([
            Some("8"),
            Some("3"),
            Some("unavailable"),
            Some("unavailable")
        ]),
        "{said}"
    );
}

#[test]
fn a_series_stands_in_the_data_file() {
    let project = Project::new(&["83"]);
    Release::of_year("83", &VAR, 2024, 3).import(&project);
    project.configure("[[sources]]\nid = \"arbres\"\nkind = \"table\"\n[sources.table]\nplace = \"code\"\nattribution = \"a\"\nindicators = [{ id = \"arbres\", column = \"n_{yy}\", series = true, label = \"Arbres\", rollup = \"sum\", decimals = 1 }]\n[site]\naddress = \"https://prix.example.fr\"\ndepartements = [\"83\"]\n");
    let import = |text: &str| {
        let file = project.file("arbres.csv", text);
        project.run(&["import", "--source", "arbres", file.to_str().unwrap()]);
        project.run(&["build"]);
        let told = |file: &str| project.json(file)["indicators"]["arbres"].clone();
        ["data/villes/83137.json", "data/departement/83.json"].map(told)
    };
    let [city, departement] = import("code,n_22,n_23,n_24\n83137,1,,2.25\n83061,4,5,6\n");
    assert_eq!(city["series"], serde_json::json!({"2022": 1, "2024": 2.3}));
    assert_eq!(departement["series"]["2022"], 5);
    assert_eq!(
        (&city["value"], &city["period"]),
        (&2.3.into(), &2024.into())
    );
    // What changes in an earlier year alone is built too.
    let [city, _] = import("code,n_22,n_23,n_24\n83137,1,3,2.25\n83061,4,5,6\n");
    assert_eq!(city["series"]["2023"], 3);
    project.run(&["verify", "--rebuild"]);
}

#[test]
fn a_file_of_some_communes_does_not_take_the_place_of_a_departement() {
    let project = Project::new(&["95"]);
    project.configure("[[sources]]\nid = \"puits\"\nkind = \"table\"\n[sources.table]\nplace = \"code\"\nedition = 2025\nattribution = \"a\"\nindicators = [{ id = \"puits\", column = \"n\" }]\n[site]\naddress = \"https://prix.example.fr\"\ndepartements = [\"95\"]\n");
    let whole = project.file("whole.csv", "code;n\n95018;1\n95127;2\n95500;3\n");
    let part = project.file("part.csv", "code;n\n95585;4\n");
    let import = ["import", "--source", "puits"];
    project.run(&[&import[..], &[whole.to_str().unwrap()]].concat());
    let before = table(&project);
    let run = project.try_run(&[&import[..], &[part.to_str().unwrap()]].concat());
    assert_eq!(run.code, 3, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("puits has a value in 0 of the 3 communes of the département 95"),
        "{}",
        run.stderr
    );
    assert_eq!(table(&project), before);
}

#[test]
fn gates_keep_the_last_edition() {
    let project = Project::new(&["95"]);
    import(&project);
    let edit = |from: &str, sign: char, of: &dyn Fn(Vec<String>) -> Vec<String>| {
        let mut all = lines(&sample(from)).into_iter();
        let header = all.next().unwrap();
        let edited = all
            .map(|line| of(line.split(sign).map(str::to_owned).collect()).join(&sign.to_string()));
        let edited: Vec<_> = std::iter::once(header)
            .chain(edited.filter(|line| !line.is_empty()))
            .collect();
        project.file("edited.csv", edited.join("\n"))
    };
    let refused = |source: &str, file: &std::path::Path, part: &str| {
        let run = project.try_run(&["import", "--source", source, file.to_str().unwrap()]);
        assert!(run.code == 3 && run.stderr.contains(part), "{}", run.stderr);
    };
    let before = table(&project);
    let times = edit("fiscalite-locale-2025.csv.gz", ',', &|mut cells| {
        cells[1] = (cells[1].parse::<f64>().unwrap() * 100.0).to_string();
        cells
    });
    refused("fiscalite", &times, "the median of taxe-fonciere is");
    let without = edit("fiscalite-locale-2025.csv.gz", ',', &|mut cells| {
        if cells[0].ends_with(['0', '1', '2', '3']) {
            cells[1].clear();
        }
        cells
    });
    refused("fiscalite", &without, "taxe-fonciere has a value in");
    let nowhere = edit("fiscalite-locale-2025.csv.gz", ',', &|mut cells| {
        if cells[0].ends_with('0') {
            cells[0] = format!("99{}", &cells[0][2..]);
        }
        cells
    });
    refused("fiscalite", &nowhere, "(gates.unknown_communes)");
    assert_eq!(table(&project), before);
}

#[test]
fn medians_of_others_stand_beside_ours_on_the_page_of_the_method_and_nowhere_else() {
    let project = Project::new(&["83"]);
    Release::of_year("83", &VAR, 2024, 30).import(&project);
    project.run(&["build"]);
    let path = "methodologie/index.html";
    let before = project.site();
    let text = |site: &BTreeMap<String, Vec<u8>>| String::from_utf8(site[path].clone()).unwrap();
    assert!(!text(&before).contains("Cerema"));
    let lines = "{\"annee\":\"2023\",\"echelle\":\"departements\",\"code\":\"83\",\"pxm2_median_cod111\":4500.0,\"pxm2_median_cod121\":null}\n{\"annee\":\"2024\",\"code\":\"83\",\"pxm2_median_cod111\":4864.165,\"pxm2_median_cod121\":4114.89}\n";
    let file = project.file("83.jsonl", lines);
    project.run(&["import", "--source", "cerema", file.to_str().unwrap()]);
    project.run(&["build", "--only-changed"]);
    let after = project.site();
    let page = text(&after);
    for part in [
        "millésime 2024",
        "<td>4\u{202f}864<td>",
        "<td>4\u{202f}115<td>",
        "indicateurs DV3F",
    ] {
        assert!(page.contains(part), "{part}");
    }
    let changed = after
        .keys()
        .filter(|path| before.get(*path) != after.get(*path));
    assert_eq!(changed.collect::<Vec<_>>(), [path]);
}
