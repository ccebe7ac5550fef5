use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::config::GristNotes;
use crate::geo::Geography;

static FRANCE: LazyLock<Geography> = LazyLock::new(|| crate::intake::cog::embedded().unwrap());

fn declared(columns: &str) -> GristNotes {
    let text =
        format!("doc = \"kHq3\"\ntable = \"Notes\"\noperator = \"Mairie\"\n[columns]\n{columns}");
    toml::from_str(&text).unwrap()
}

fn read(answer: &Value) -> Result<NotesFile, String> {
    read_as("", answer)
}

fn read_as(columns: &str, answer: &Value) -> Result<NotesFile, String> {
    let answer = answer.to_string();
    NotesFile::of_answer(answer.as_bytes(), "mairie", &declared(columns), &FRANCE)
        .map_err(|error| error.to_string())
}

/// A table of one row with these cells.
fn row(fields: Value) -> NotesFile {
    read(&json!({"records": [{"id": 7, "fields": fields}]})).unwrap()
}

/// Why a row with these cells is passed over.
#[track_caller]
fn passed(fields: Value) -> String {
    let file = row(fields.clone());
    assert!(file.notes.is_empty(), "{fields}");
    assert_eq!(file.passed_over.len(), 1, "{fields}");
    let told = file.passed_over[0].to_string();
    told.strip_prefix("row 7: ").unwrap().to_owned()
}

#[test]
fn an_answer_of_grist_is_read() {
    let file = read(&json!({"records": [
        {"id": 9, "fields": {"manualSort": 9, "code": "1004", "text": " Une note.\r\nDeux\tlignes. ", "link": "https://Ville.example.fr/a b",
            "number": 12.5, "label": "Permis", "unit": "%", "valid_until": 1_796_083_200, "autre": ["L", "a"]}},
        {"id": 3, "fields": {"manualSort": 3, "code": "95282", "text": "Avant", "link": "", "number": 0, "label": "", "unit": "",
            "valid_until": null, "autre": null}},
        {"id": 5, "fields": {"manualSort": 5, "code": "", "text": "", "link": null, "number": 0, "label": "", "unit": "", "valid_until": null}},
    ]}))
    .unwrap();
    assert_eq!((file.rows, file.blank), (3, 1));
    assert_eq!(file.passed_over, []);
    assert_eq!(file.former, ["95282".to_owned()].into());
    let [former, note] = &file.notes[..] else {
        panic!("{:?}", file.notes);
    };
    assert_eq!((former.row, former.commune.as_str()), (3, "95169"));
    assert_eq!((&former.figure, &former.link), (&None, &None));
    let expected = LocalNote {
        row: 9,
        commune: "01004".into(),
        text: Some("Une note.\nDeux lignes.".into()),
        link: Some("https://ville.example.fr/a%20b".into()),
        figure: Some(LocalFigure {
            label: "Permis".into(),
            number: 12.5,
            unit: Some("%".into()),
        }),
        valid_until: Some("2026-12-01".parse().unwrap()),
    };
    assert_eq!(*note, expected);
}

#[test]
fn columns_are_those_that_the_source_declares() {
    let answer = json!({"records": [{"id": 1, "fields": {"INSEE": "83137", "Texte": "Une note", "text": 4}}]});
    let file = read_as("code = \"INSEE\"\ntext = \"Texte\"", &answer).unwrap();
    assert_eq!(file.notes[0].text.as_deref(), Some("Une note"));
    for (columns, told) in [
        (
            "",
            "no column code (grist.columns.code); it has INSEE, Texte, text",
        ),
        (
            "code = \"INSEE\"\nlink = \"Lien\"",
            "no column Lien (grist.columns.link)",
        ),
    ] {
        let error = read_as(columns, &answer).unwrap_err();
        assert!(error.contains(told), "{error}");
    }
    let empty = json!({"records": [{"id": 1, "fields": {"code": "83137", "Texte": "x"}}]});
    let error = read(&empty).unwrap_err();
    assert!(
        error.contains("neither a text nor a link nor a number"),
        "{error}"
    );
    // Of a table without a row nothing can be said.
    assert_eq!(read(&json!({"records": []})).unwrap().rows, 0);
}

#[test]
fn a_row_that_is_not_as_it_should_be_is_told_with_what_was_expected() {
    let with = |column: &str, cell: Value| {
        let mut fields = json!({"code": "83137", "text": "Une note"});
        fields[column] = cell;
        passed(fields)
    };
    for (column, cell, told) in [
        (
            "code",
            json!("99999"),
            "\"99999\", which is the code of no commune",
        ),
        (
            "code",
            json!("Toulon\u{1b}"),
            "a text of one line was expected",
        ),
        (
            "code",
            json!("Toulon"),
            "\"Toulon\", which is the code of no commune",
        ),
        ("code", json!(1004), "a number loses its zeros"),
        ("code", json!(""), "code is empty"),
        ("code", json!(null), "code is empty"),
        ("code", json!(["R", "Communes", 4]), "a text was expected"),
        ("text", json!(12), "text holds 12; a text was expected"),
        ("text", json!(["L", "a", "b"]), "a text was expected"),
        ("text", json!("a\u{202e}b"), "without invisible characters"),
        (
            "text",
            json!("x".repeat(1_001)),
            "has 1001 characters; 1000 at most",
        ),
        (
            "text",
            json!(["E", "ZeroDivisionError"]),
            "the formula of text fails (\"ZeroDivisionError\")",
        ),
        (
            "link",
            json!("javascript:alert(1)"),
            "an address that begins with https://",
        ),
        (
            "link",
            json!("data:text/html,<script>"),
            "an address that begins",
        ),
        ("link", json!("https://me:hunter2@x.fr/"), "without a user"),
        ("link", json!("ville.example.fr"), "an address that begins"),
        (
            "link",
            json!(format!("https://x.fr/{}", "a".repeat(500))),
            "at most were expected",
        ),
        ("number", json!(4), "number holds 4, and label is empty"),
        ("number", json!("4"), "a number was expected"),
        ("number", json!(true), "a number was expected"),
        ("number", json!(1e300), "a number up to a million million"),
        (
            "valid_until",
            json!("30/11/2026"),
            "a date such as 2026-11-30",
        ),
        ("valid_until", json!(true), "a date such as"),
        ("valid_until", json!(1e18), "a date such as"),
        ("valid_until", json!(["L", 3]), "a date such as"),
    ] {
        let reason = with(column, cell.clone());
        assert!(reason.contains(told), "{column} {cell}: {reason}");
    }
    assert!(passed(json!({"code": "83137", "text": ""})).contains("nothing to show"));
    let labelled = json!({"code": "83137", "label": "x".repeat(81), "number": 3});
    assert!(passed(labelled).contains("80 at most"));
}

#[test]
fn a_formula_that_fails_is_told_and_one_of_another_column_is_not() {
    let answer = |column: &str| {
        let mut record =
            json!({"id": 1, "fields": {"code": "83137", "text": "Une note", "agent": null}});
        record["errors"] = json!({column: "ZeroDivisionError"});
        read(&json!({"records": [record]})).unwrap()
    };
    let told = answer("text").passed_over[0].to_string();
    assert!(
        told.contains("row 1: the formula of text fails (\"ZeroDivisionError\")"),
        "{told}"
    );
    assert_eq!(answer("agent").notes.len(), 1);
}

#[test]
fn a_day_is_read_however_the_column_holds_it() {
    for (cell, day) in [
        (json!(1_795_996_800), "2026-11-30"),
        (json!(1_795_996_800.0), "2026-11-30"),
        (json!(["d", 1_795_996_800]), "2026-11-30"),
        // 23:30 in Paris.
        (json!(["D", 1_796_077_800, "Europe/Paris"]), "2026-11-30"),
        (json!("2026-11-30"), "2026-11-30"),
        (json!(-86_400), "1969-12-31"),
    ] {
        let file = row(json!({"code": "83137", "text": "Une note", "valid_until": cell}));
        let found = file.notes[0].valid_until.unwrap();
        assert_eq!(found.to_string(), day, "{cell}");
    }
    let file = row(json!({"code": "83137", "text": "Une note", "valid_until": ""}));
    assert_eq!(file.notes[0].valid_until, None);
}

#[test]
fn a_number_counts_with_its_label_alone() {
    let figure = |fields: Value| row(fields).notes[0].figure.clone();
    let zero =
        |label: &str| figure(json!({"code": "83137", "text": "x", "number": 0, "label": label}));
    assert_eq!(zero(""), None);
    assert_eq!(zero("Permis").unwrap().number, 0.0);
    let missing = json!({"code": "83137", "text": "x", "number": null, "label": "Permis"});
    assert_eq!(figure(missing), None);
    let alone = json!({"code": "83137", "number": -3, "label": "Solde"});
    assert_eq!(figure(alone).unwrap().unit, None);
}

#[test]
fn what_is_no_record_is_told_and_the_others_stand() {
    let sound = json!({"id": 2, "fields": {"code": "83137", "text": "Une note"}});
    let records = json!([4, {"fields": {}}, sound, sound, {"id": "3", "fields": {}}]);
    let file = read(&json!({"records": records})).unwrap();
    assert_eq!(file.notes.len(), 1);
    let told: Vec<_> = file.passed_over.iter().map(ToString::to_string).collect();
    assert!(
        told[0].starts_with("record 1: it is no row of a table"),
        "{told:?}"
    );
    assert!(
        told[3].contains("row 2: its number stands there twice"),
        "{told:?}"
    );
    for other in [
        json!([]),
        json!({"tables": []}),
        json!({"error": "document not found"}),
        json!(3),
    ] {
        let error = read(&other).unwrap_err();
        assert!(error.contains("{\"records\": […]}"), "{error}");
    }
}

#[test]
fn a_table_of_which_no_row_can_be_read_is_refused() {
    let file = row(json!({"code": 83137, "text": "Une note"}));
    let refusals = judge(&file);
    assert!(
        refusals[0]
            .reason
            .starts_with("none of its 1 rows can be read; the first, row 7: code holds"),
        "{refusals:?}"
    );
    assert_eq!(
        judge(&row(json!({"code": "83137", "text": "Une note"}))),
        []
    );
    // One that is empty was emptied.
    assert_eq!(judge(&read(&json!({"records": []})).unwrap()), []);
}

/// Names that mean something in an answer.
const NAMES: [&str; 12] = [
    "records",
    "id",
    "fields",
    "errors",
    "columns",
    "code",
    "text",
    "link",
    "number",
    "label",
    "unit",
    "valid_until",
];

/// Any JSON, with the names and values that mean something here more often than others.
fn any_json() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        Just("83137".to_owned()),
        Just("1004".to_owned()),
        Just("https://x.fr/".to_owned()),
        Just("2026-11-30".to_owned()),
        any::<String>(),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        let name = prop::sample::select(&NAMES[..]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..8).prop_map(|fields| {
                let fields = fields
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value));
                Value::Object(fields.collect())
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_answer_is_read_or_refused_with_a_reason(answer in any_json(), fields in any_json()) {
        let table = json!({"records": [{"id": 1, "fields": fields}]});
        let rows = json!({"records": answer});
        for answer in [answer, table, rows] {
            match read(&answer) {
                Ok(file) => {
                    let told = file.notes.len() + file.blank + file.passed_over.len();
                    prop_assert_eq!(told, file.rows);
                    for passed in &file.passed_over {
                        prop_assert!(crate::base::shown::is_plain(&passed.to_string()));
                    }
                }
                Err(reason) => prop_assert!(!reason.is_empty()),
            }
        }
    }

    #[test]
    fn any_cell_of_a_row_is_read_or_told(column in 0..7_usize, cell in any_json()) {
        let names = ["code", "text", "link", "number", "label", "unit", "valid_until"];
        let mut fields = json!({"code": "83137", "text": "x", "number": 3, "label": "y"});
        fields[names[column]] = cell;
        let file = row(fields);
        prop_assert_eq!(file.notes.len() + file.passed_over.len(), 1);
        for note in &file.notes {
            prop_assert!(note.link.as_ref().is_none_or(|link| link.starts_with("http")));
            prop_assert!(note.text.as_ref().is_none_or(|text| text.chars().count() <= 1_000));
        }
    }
}
