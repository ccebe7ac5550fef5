//! Files as people really meet them, each with its right value. The sales are invented: one flat of 50 m² a mutation.

use std::fmt::Write as _;

use rusqlite::types::Value;

use super::{AIN, assert_says, complaint};
use crate::material::{rows, value};
use crate::support::{GEO_DVF_HEADER, Project, Run, sample};

const DGFIP_HEADER: &str = "Identifiant de document|Reference document|1 Articles CGI|2 Articles CGI|3 Articles CGI|4 Articles CGI|5 Articles CGI|No disposition|Date mutation|Nature mutation|Valeur fonciere|No voie|B/T/Q|Type de voie|Code voie|Voie|Code postal|Commune|Code departement|Code commune|Prefixe de section|Section|No plan|No Volume|1er lot|Surface Carrez du 1er lot|2eme lot|Surface Carrez du 2eme lot|3eme lot|Surface Carrez du 3eme lot|4eme lot|Surface Carrez du 4eme lot|5eme lot|Surface Carrez du 5eme lot|Nombre de lots|Code type local|Type local|Identifiant local|Surface reelle bati|Nombre pieces principales|Nature culture|Nature culture speciale|Surface terrain";

/// A line of a geo-DVF file, with other values in some columns.
fn line(number: usize, others: &[(&str, &str)]) -> String {
    let day = number % 28 + 1;
    let id = format!("2024-{number}");
    let date = format!("2024-{:02}-{day:02}", number % 12 + 1);
    let price = (100_000 + 500 * number).to_string();
    let plot = format!("95018000AB{number:04}");
    let mut fields = vec![
        ("id_mutation", id.as_str()),
        ("date_mutation", &date),
        ("nature_mutation", "Vente"),
        ("valeur_fonciere", &price),
        ("code_commune", "95018"),
        ("id_parcelle", &plot),
        ("code_type_local", "2"),
        ("surface_reelle_bati", "50"),
        ("nombre_pieces_principales", "3"),
        ("longitude", "2.1"),
        ("latitude", "48.9"),
    ];
    fields.extend(others);
    let value = |name| fields.iter().rev().find(|(column, _)| *column == name);
    let names = GEO_DVF_HEADER.split(',');
    let values: Vec<_> = names
        .map(|name| value(name).map_or("", |(_, value)| value))
        .collect();
    values.join(",")
}

/// A geo-DVF file.
fn geo_dvf(lines: &[String]) -> String {
    format!("{GEO_DVF_HEADER}\n{}\n", lines.join("\n"))
}

/// A line of a DGFiP file.
fn dgfip(number: usize, nature: &str, price: &str) -> String {
    format!(
        "|||||||1|{:02}/{:02}/2024|{nature}|{price}|||||INVENTEE||LIEU|95|18||AB|{number}||||||||||||0|2|Appartement||50|3|||",
        number % 28 + 1,
        number % 12 + 1
    )
}

/// Imports one file into a project of its own.
#[track_caller]
fn imported(name: &str, bytes: impl AsRef<[u8]>) -> (Project, Run) {
    let project = Project::new(&["95"]);
    let file = project.file(name, bytes);
    let run = project.import(&[&file]);
    (project, run)
}

/// How many sales there are, and the mean of their €/m².
fn sales(project: &Project) -> (i64, i64) {
    let found = rows(
        project,
        "SELECT count(prix_m2), cast(round(avg(prix_m2)) AS INTEGER) FROM transactions",
    );
    match found[0][..] {
        [Value::Integer(count), Value::Integer(mean)] => (count, mean),
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn numbers_as_machines_write_them() {
    let lines = [
        line(
            1,
            &[
                ("longitude", "6e-6"),
                ("latitude", "+48.9"),
                ("valeur_fonciere", "1.3e+05"),
            ],
        ),
        line(
            2,
            &[
                ("longitude", "-2.1e-05"),
                ("surface_reelle_bati", "5e1"),
                ("valeur_fonciere", "1.3E5"),
            ],
        ),
        line(
            3,
            &[
                ("nombre_pieces_principales", "3.0e0"),
                ("valeur_fonciere", "130000.00000000000000000000000"),
            ],
        ),
    ];
    let (project, run) = imported("95018.csv", geo_dvf(&lines));
    assert_eq!(sales(&project), (3, 2600), "{}", run.stdout);
    assert!(!run.stdout.contains("left empty"), "{}", run.stdout);
    let places = rows(
        &project,
        "SELECT longitude_e6, latitude_e6 FROM mutations ORDER BY jour",
    );
    let place = |longitude: i64, latitude: i64| [Value::from(longitude), Value::from(latitude)];
    assert_eq!(
        places,
        [
            place(6, 48_900_000),
            place(-21, 48_900_000),
            place(2_100_000, 48_900_000)
        ]
    );
}

#[test]
fn a_value_that_no_figure_needs_refuses_no_file() {
    let mut bytes = geo_dvf(&[
        line(1, &[("latitude", "nord")]),
        line(2, &[("longitude", "1.2.3"), ("latitude", "91")]),
        line(
            3,
            &[("code_postal", "9501X"), ("surface_terrain", "3 a 20 ca")],
        ),
        line(
            4,
            &[
                ("numero_disposition", "un"),
                ("adresse_nom_voie", "RUE DU CH?TEAU"),
            ],
        ),
    ])
    .into_bytes();
    let place = bytes.windows(2).position(|pair| pair == b"?T").unwrap();
    // An Â in ISO-8859-1.
    bytes[place] = 0xC2;
    let (project, run) = imported("95018.csv", bytes);
    assert_eq!(sales(&project).0, 4);
    assert_says(
        &run.stdout,
        &[
            "left empty: numero_disposition (1), adresse_nom_voie (1), code_postal (1), surface_terrain (1), longitude (1), latitude (2)",
        ],
    );
    let json = project.run(&[
        "--log-format",
        "json",
        "import",
        "--dry-run",
        project.path("95018.csv").to_str().unwrap(),
    ]);
    assert_eq!(json.json()[0]["left_empty"]["latitude"], 2);
    let empty = value(
        &project,
        "SELECT count(*) FROM mutations WHERE latitude_e6 IS NULL AND longitude_e6 IS NULL",
    );
    assert_eq!(empty, Value::from(2_i64));
}

#[test]
fn columns_that_no_official_file_has_are_named() {
    let lines = [line(1, &[]), line(2, &[])].map(|line| format!("{line},C,{},", "x"));
    let text = format!(
        "{GEO_DVF_HEADER},classe_dpe,\u{1b}[31m,\n{}\n",
        lines.join("\n")
    );
    let (project, run) = imported("95018.csv", text);
    assert_eq!(sales(&project).0, 2);
    assert_says(
        &run.stdout,
        &["3 columns that no official file has, of which nothing is read: \"classe_dpe\", "],
    );
    assert!(!run.stdout.contains('\u{1b}'));
    let told = |file: &str| {
        let run = project.run(&["--log-format", "json", "import", "--dry-run", file]);
        run.json()[0]["unknown_columns"].clone()
    };
    let found = told(project.path("95018.csv").to_str().unwrap());
    assert_eq!(found[0], "classe_dpe");
    assert_eq!(found.as_array().unwrap().len(), 3);
    // The first column of the DGFiP's had another name before 2022.
    let older = DGFIP_HEADER.replace("Identifiant de document", "Code service CH");
    for names in [DGFIP_HEADER, &older] {
        let text = format!("{names}\n{}\n", dgfip(1, "Vente", "102000,00"));
        let (_, run) = imported("95.txt", text);
        assert!(!run.stdout.contains("no official file"), "{}", run.stdout);
    }
    for file in ["83137-toulon-2025-s1.csv.gz", AIN] {
        assert_eq!(told(sample(file).to_str().unwrap()), serde_json::json!([]));
    }
}

#[test]
fn a_price_of_zero_is_none() {
    let mut lines: Vec<_> = (0..12).map(|n| dgfip(n, "Vente", "102000,00")).collect();
    for (number, price) in ["0,00", "0", "0,0", "00", ""].into_iter().enumerate() {
        lines.push(dgfip(20 + number, "Vente", price));
    }
    let (project, run) = imported("95.txt", format!("{DGFIP_HEADER}\n{}\n", lines.join("\n")));
    assert_eq!(sales(&project), (12, 2040), "{}", run.stdout);
    let lines = [
        line(1, &[]),
        line(2, &[("valeur_fonciere", "0")]),
        line(3, &[("valeur_fonciere", "0.0")]),
    ];
    let (project, _) = imported("95018.csv", geo_dvf(&lines));
    assert_eq!(sales(&project), (1, 2010));
}

#[test]
fn natures_in_other_spellings() {
    let vefa = "Vente en l'état futur d'achèvement";
    let latin = |text: &str| text.bytes().map(char::from).collect::<String>();
    let mut text = format!("{DGFIP_HEADER}\n");
    let spellings = [
        vefa.to_owned(),
        vefa.to_uppercase(),
        "Vente en l'etat futur d'achevement".to_owned(),
        "Vente en l’e\u{301}tat futur d’ache\u{300}vement".to_owned(),
        latin(vefa),
        latin(&latin(vefa)),
        "Vente en l'?tat futur d'ach?vement".to_owned(),
        "adjudication".to_owned(),
        "ÉCHANGE".to_owned(),
    ];
    for (number, nature) in spellings.iter().enumerate() {
        writeln!(text, "{}", dgfip(number, nature, "100000,00")).unwrap();
    }
    for number in 100..900 {
        writeln!(text, "{}", dgfip(number, "Vente", "100000,00")).unwrap();
    }
    for number in 20..23 {
        writeln!(text, "{}", dgfip(number, "Donation\u{1b}[2J", "100000,00")).unwrap();
    }
    let (project, run) = imported("95.txt", text);
    assert_eq!(sales(&project), (808, 2000), "{}", run.stdout);
    assert_says(
        &run.stdout,
        &["natures that no official file has make no sale: \"Donation\u{fffd}[2J\" (3)."],
    );
    let natures = rows(&project, "SELECT libelle FROM natures ORDER BY libelle");
    let names = [
        "Adjudication",
        "Donation\u{fffd}[2J",
        "Echange",
        "Vente",
        vefa,
    ];
    assert_eq!(natures, names.map(|name| [Value::from(name.to_owned())]));
}

#[test]
fn lone_quotes_swallow_no_line() {
    let streets = [
        "RES LE 12\"",
        "\"LE PORT",
        "\"LE \"PETIT\" PORT\"",
        "A \"B\" C",
        "\"A, \"\"B\"\"\"",
        "\"A\nB\"",
    ];
    let mut lines: Vec<_> = (0..40).map(|n| line(n, &[])).collect();
    for (place, street) in streets.into_iter().enumerate() {
        lines[5 * place + 3] = line(5 * place + 3, &[("adresse_nom_voie", street)]);
    }
    let (project, run) = imported("95018.csv", geo_dvf(&lines));
    assert_eq!(sales(&project).0, 40, "{}", run.stdout);
    // One that breaks its line costs that line.
    lines[11] = "2024-11,\"2024-01-12,000001,Vente".to_owned();
    let file = project.file("95018.csv", geo_dvf(&lines));
    let run = project.try_run(&["import", file.to_str().unwrap()]);
    assert_eq!(run.code, 3);
    assert_says(
        &complaint(&run),
        &["95018.csv, line 13: a quote opens a field and none closes it"],
    );
}

#[test]
fn a_file_that_somebody_sorted_keeps_its_numbers() {
    let mut lines: Vec<_> = (0..60)
        .map(|n| {
            let date = format!("2024-{:02}-{:02}", n / 28 + 1, n % 28 + 1);
            line(n, &[("date_mutation", date.as_str())])
        })
        .collect();
    // Two flats in two sections are one sale of several properties.
    for n in 60..72 {
        for section in ["AB", "AC"] {
            let plot = format!("95018000{section}{n:04}");
            lines.push(line(
                n,
                &[
                    ("date_mutation", "2024-05-01"),
                    ("id_parcelle", plot.as_str()),
                ],
            ));
        }
    }
    for name in ["95018.csv", "95.csv"] {
        let (project, run) = imported(name, geo_dvf(&lines));
        assert_says(&run.stdout, &["Its numbers are sound"]);
        assert_eq!(sales(&project).0, 60, "{name}: {}", run.stdout);
    }
}

#[test]
fn a_line_without_an_end_is_refused() {
    let project = Project::new(&["95"]);
    let lines: Vec<_> = (0..40).map(|n| line(n, &[])).collect();
    let long = "0".repeat((1 << 20) + 1);
    for text in [
        geo_dvf(&lines) + &long,
        geo_dvf(&lines) + &long + "\n" + &lines[0],
    ] {
        let file = project.file("95.csv.gz", text);
        let run = project.try_run(&["import", file.to_str().unwrap()]);
        assert_eq!(run.code, 3, "{}", run.stderr);
        assert_says(
            &complaint(&run),
            &["95.csv.gz, line 42: more than 1048576 bytes without a line end"],
        );
    }
}

/// A project in which a file was imported and built.
#[track_caller]
fn built(departements: &[&str], name: &str, lines: &[String]) -> Project {
    let project = Project::new(departements);
    let file = project.file(name, geo_dvf(lines));
    project.import(&[&file]);
    project.run(&["build"]);
    project
}

/// The flats of the last window of a commune's page, and their median €/m².
fn flats(project: &Project, code: &str) -> (u64, i64) {
    let page = project.json(&format!("data/villes/{code}.json"));
    let median = page["current_stats"]["prix_m2_appartement"]
        .as_f64()
        .unwrap();
    (
        page["metadata"]["total_transactions"].as_u64().unwrap(),
        median.round() as i64,
    )
}

#[test]
fn the_northern_islands_have_their_sales() {
    let of = |commune: &'static str, from: usize| {
        (from..from + 12).map(move |n| {
            let plot = format!("{commune}000AB{n:04}");
            line(
                n,
                &[
                    ("code_commune", commune),
                    ("id_parcelle", plot.as_str()),
                    ("valeur_fonciere", "150000"),
                ],
            )
        })
    };
    let lines: Vec<_> = of("97105", 0)
        .chain(of("97127", 20))
        .chain(of("97123", 40))
        .collect();
    let project = Project::new(&[]);
    let file = project.file("971-2024.csv", geo_dvf(&lines));
    let run = project.import(&[&file]);
    assert!(!run.stdout.contains("not exist"), "{}", run.stdout);
    project.run(&["build"]);
    for code in ["97105", "97801", "97701"] {
        assert_eq!(flats(&project, code), (12, 3000), "{code}");
    }
}

#[test]
fn sales_where_dvf_has_none_are_counted_and_shown() {
    for (departement, commune) in [("57", "57463"), ("976", "97611")] {
        let lines = |commune: &str, from: usize| -> Vec<_> {
            (from..from + 12)
                .map(|n| {
                    let plot = format!("{commune}000AB{n:04}");
                    line(
                        n,
                        &[
                            ("code_commune", commune),
                            ("id_parcelle", plot.as_str()),
                            ("valeur_fonciere", "150000"),
                        ],
                    )
                })
                .collect()
        };
        let lines = [lines("95018", 0), lines(commune, 20)].concat();
        let project = built(&["95", departement], "france.csv", &lines);
        assert_eq!(flats(&project, commune), (12, 3000));
        let page =
            std::fs::read_to_string(project.path(&format!("site/ville/{commune}/index.html")))
                .unwrap();
        assert!(
            !page.contains("livre foncier") && !page.contains("ne couvre pas"),
            "{page}"
        );
        let page = format!("site/departement/{departement}/index.html");
        let page = std::fs::read_to_string(project.path(&page)).unwrap();
        assert!(page.contains("3\u{202f}000"), "{page}");
    }
}

#[test]
fn a_commune_that_separated_has_its_sales_back() {
    // Neussargues: until 2024 Celles (15031) was a part of it, and its parcels kept their prefix.
    let of = |prefix: &'static str, from: usize, price: &'static str| {
        (from..from + 12).map(move |n| {
            let plot = format!("15141{prefix}AB{n:04}");
            line(
                n,
                &[
                    ("code_commune", "15141"),
                    ("id_parcelle", plot.as_str()),
                    ("valeur_fonciere", price),
                ],
            )
        })
    };
    let lines: Vec<_> = of("000", 0, "50000")
        .chain(of("031", 20, "100000"))
        .collect();
    let project = built(&["15"], "15-2024.csv", &lines);
    assert_eq!(flats(&project, "15141"), (12, 1000));
    assert_eq!(flats(&project, "15031"), (12, 2000));
    // A file of the commune alone does not replace what is another's now.
    let file = project.file("15141.csv", geo_dvf(&lines));
    let run = project.import(&[&file]);
    assert_says(
        &run.stdout,
        &[
            "commune 15141",
            "12 lines of parcels of 15031, which has separated since, left out",
        ],
    );
    project.run(&["build"]);
    assert_eq!(flats(&project, "15031"), (12, 2000));
    let run = project.import(&[&file]);
    assert_says(&run.stdout, &["nothing changed"]);
}

#[test]
fn parcels_of_another_commune_than_their_code_says_are_told_as_that() {
    let of = |prefix: &'static str, from: usize| {
        (from..from + 12).map(move |n| {
            let plot = format!("95500{prefix}AB{n:04}");
            line(
                n,
                &[("code_commune", "95500"), ("id_parcelle", plot.as_str())],
            )
        })
    };
    let lines: Vec<_> = of("000", 0).chain(of("127", 20)).collect();
    let project = Project::new(&[]);
    for (name, says) in [
        (
            "95500.csv",
            "12 lines of parcels of 95127, which is another commune than their code 95500 says, left out",
        ),
        (
            "95-2024.csv",
            "12 lines of 95500 of parcels of 95127, which is another commune than their code 95500 says: their",
        ),
    ] {
        let file = project.file(name, geo_dvf(&lines));
        assert_says(&project.import(&[&file]).stdout, &[says]);
    }
}

#[test]
fn blank_lines_before_the_column_names_are_read_over() {
    let lines: Vec<_> = (0..12).map(|n| line(n, &[])).collect();
    let text = geo_dvf(&lines);
    let project = Project::new(&[]);
    let file = project.file("blank.csv", format!("\r\n \n{text}"));
    let run = project.run(&["import", "--json", file.to_str().unwrap()]);
    assert_eq!(run.json()[0]["lines"], 12, "{}", run.stdout);
    let file = project.file("short.csv", format!("\n\n{text}1\n"));
    let run = project.try_run(&["import", file.to_str().unwrap()]);
    assert_says(&run.stderr, &["line 16: 1 column; 40 were expected"]);
    let file = project.file("nothing.csv", "\n\n");
    let run = project.try_run(&["import", file.to_str().unwrap()]);
    assert_says(&run.stderr, &["is empty"]);
}

#[test]
fn no_control_character_of_an_input_is_told() {
    let act = "\u{1b}]0;owned\u{7}\u{1b}[2J\n::add-mask::e\r\u{202e}";
    let quoted = format!("\"{act}\"");
    let project = Project::new(&["95"]);
    let files = [
        ("head.csv", format!("{act}mid_x;foo\n1;2\n")),
        (
            "named.csv",
            geo_dvf(&[]).replacen("id_parcelle", "id_parcelle\u{1b}[1m", 1) + "1,2\n",
        ),
        (
            "field.csv",
            geo_dvf(&[line(1, &[("date_mutation", &quoted)])]),
        ),
        (
            "nature.csv",
            geo_dvf(&[line(1, &[("nature_mutation", &quoted)]), line(2, &[])]),
        ),
        ("n\u{1b}[31mame.csv", "x".to_owned()),
        (
            "lines.csv",
            geo_dvf(&[line(
                1,
                &[("adresse_nom_voie", &quoted), ("latitude", &quoted)],
            )]),
        ),
    ];
    for (name, text) in files {
        let path = project.path(name);
        std::fs::write(&path, text).unwrap();
        let run = project.try_run(&["import", path.to_str().unwrap()]);
        let told = format!("{}{}", run.stdout, run.stderr);
        assert!(run.code == 0 || run.code == 3, "{told}");
        let acts = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!told.contains(acts) && !told.contains("\n::"), "{told:?}");
    }
    let logs = crate::support::tree(&project.path("data/logs"));
    assert!(!logs.is_empty());
    for bytes in logs.values() {
        let text = String::from_utf8_lossy(bytes);
        assert!(
            !text.contains("\\u001b") && !text.contains('\u{1b}'),
            "{text}"
        );
    }
}
