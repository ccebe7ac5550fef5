//! Notes of an operator: a table of Grist to the pages of communes, and off them when their time is over.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use super::server::{DOC, Fault, GristServer, KEY, Table};
use super::with_key;
use crate::market::small_site;
use crate::reader::fields::{leaves, tells};
use crate::source::bench::FETCH;
use crate::support::{Project, Run, tree};

/// The table of the tests.
const TABLE: &str = "Notes";

/// A day of the tests, at noon.
const TODAY: &str = "2026-11-27T12:00:00Z";

/// Communes of the small site, which have a page each.
const CAYENNE: &str = "97302";
const IRACOUBO: &str = "97303";
const KOUROU: &str = "97304";

/// A site, and the table of an operator.
struct Bench {
    project: Project,
    grist: GristServer,
}

impl Bench {
    /// With a site of which nothing is noted yet.
    fn new() -> Self {
        let (project, _) = small_site();
        let bench = Self {
            project,
            grist: GristServer::start(),
        };
        bench.configure("operator = \"Mairie de Cayenne\"");
        bench
    }

    /// `keys` are those of the table that are not its address.
    fn configure(&self, keys: &str) {
        self.project.configure(&format!(
            "[site]\naddress = \"https://prix.example.fr\"\ndepartements = [\"973\", \"83\"]\n[fetch]\n{FETCH}[[sources]]\nid = \"mairie\"\nkind = \"grist\"\n[sources.grist]\nserver = \"{}\"\ndoc = \"{DOC}\"\ntable = \"{TABLE}\"\n{keys}\n",
            self.grist.url()
        ));
    }

    /// Replaces the rows of the table.
    fn publish(&self, rows: &[Value]) {
        self.grist.edit(TABLE, |table| {
            *table = Table::default();
            for row in rows {
                table.add(row.as_object().unwrap().clone());
            }
        });
    }

    /// Changes a cell of a row, counted from 1.
    fn edit(&self, row: i64, column: &str, cell: Value) {
        self.grist.edit(TABLE, |table| {
            let cells = table.rows.get_mut(&row).unwrap();
            cells.insert(column.to_owned(), cell);
        });
    }

    #[track_caller]
    fn ends(&self, code: i32, arguments: &[&str]) -> Run {
        self.ends_at(TODAY, code, arguments)
    }

    /// Runs a command at a time; it has to end with this exit code, and never shows the key.
    #[track_caller]
    fn ends_at(&self, time: &str, code: i32, arguments: &[&str]) -> Run {
        let mut command = self.project.command();
        with_key(&mut command);
        command.env("IMMOSTATS_CLOCK", time).args(arguments);
        let run = crate::source::outcome(&mut command);
        assert_eq!(
            run.code, code,
            "{arguments:?}\n{}{}",
            run.stdout, run.stderr
        );
        assert!(!format!("{}{}", run.stdout, run.stderr).contains(KEY));
        run
    }

    fn page(&self, code: &str) -> String {
        let path = format!("site/ville/{code}/index.html");
        fs::read_to_string(self.project.path(&path)).unwrap()
    }

    fn data(&self, code: &str) -> Value {
        self.project.json(&format!("data/villes/{code}.json"))
    }

    /// The communes whose pages have notes.
    fn noted(&self) -> BTreeSet<&'static str> {
        let has_notes = |code: &&str| {
            let shown = self.page(code).contains("Informations locales");
            let published = self.data(code).get("local_notes").is_some();
            assert_eq!(shown, published, "{code}");
            shown
        };
        [CAYENNE, IRACOUBO, KOUROU]
            .into_iter()
            .filter(has_notes)
            .collect()
    }

    /// The files of the site that a run writes.
    fn written(&self, run: impl FnOnce()) -> BTreeSet<String> {
        let before = self.project.site();
        run();
        let after = self.project.site();
        let paths: BTreeSet<_> = before.keys().chain(after.keys()).cloned().collect();
        let differs = |path: &String| before.get(path) != after.get(path);
        paths.into_iter().filter(differs).collect()
    }
}

/// What is said of a commune, without more.
fn text(code: &str, text: &str) -> Value {
    json!({"manualSort": 1, "code": code, "text": text, "link": "", "number": 0, "label": "", "unit": "", "valid_until": null})
}

/// The same up to a day, as Grist has days.
fn until(code: &str, words: &str, day: &str) -> Value {
    let midnight = format!("{day}T00:00:00Z");
    let midnight: jiff::Timestamp = midnight.parse().unwrap();
    let mut row = text(code, words);
    row["valid_until"] = midnight.as_second().into();
    row
}

/// A JSON object that a run printed, by one of its keys.
#[track_caller]
fn reported(run: &Run, key: &str) -> Value {
    let objects = run.json();
    let found = objects.into_iter().find(|object| object.get(key).is_some());
    found.unwrap_or_else(|| panic!("{key}: {}", run.stdout))
}

#[test]
fn what_an_operator_says_stands_on_the_page_of_its_commune_and_names_them() {
    let bench = Bench::new();
    let mut first = until(
        CAYENNE,
        "Travaux <script>alert(1)</script>\nrue Léopold Héder : voir",
        "2026-11-30",
    );
    first["link"] = "https://Ville.example.fr/travaux?a=1&b=\"2\"".into();
    first["number"] = json!(1240.5);
    first["label"] = "Logements & permis".into();
    first["unit"] = "m²".into();
    bench.publish(&[first, text(KOUROU, "Une autre.")]);
    let written = bench.written(|| drop(bench.ends(0, &["update"])));
    let expected = [CAYENNE, KOUROU].map(|code| {
        [
            format!("data/villes/{code}.json"),
            format!("ville/{code}/index.html"),
        ]
    });
    assert_eq!(written, expected.into_iter().flatten().collect());

    let page = bench.page(CAYENNE);
    for shown in [
        "<h2>Informations locales</h2>",
        "Travaux &lt;script&gt;alert(1)&lt;/script&gt;<br>rue Léopold Héder\u{a0}: voir",
        "Logements &amp; permis\u{a0}: <b>1\u{202f}240,5\u{a0}m²</b>",
        "rel=\"nofollow noopener\">ville.example.fr</a>",
        "href=\"https://ville.example.fr/travaux?a=1&amp;b=%222%22\"",
        "Publié par Mairie de Cayenne, valable jusqu’au 30 novembre 2026<",
        "Informations locales\u{a0}: Mairie de Cayenne. ",
    ] {
        assert!(page.contains(shown), "{shown}\n{page}");
    }
    assert!(!page.contains("<script>alert"));
    let notes = json!([{
        "operator": "Mairie de Cayenne", "source": "mairie",
        "text": "Travaux <script>alert(1)</script>\nrue Léopold Héder : voir",
        "link": "https://ville.example.fr/travaux?a=1&b=%222%22",
        "label": "Logements & permis", "number": 1240.5, "unit": "m²", "valid_until": "2026-11-30",
    }]);
    assert_eq!(bench.data(CAYENNE)["local_notes"], notes);
    let data = bench.data(CAYENNE);
    for leaf in leaves(&data) {
        assert!(
            tells("data/villes/97302.json", &leaf.path).is_some(),
            "{}",
            leaf.path
        );
    }
    let other = bench.page(IRACOUBO);
    assert!(!other.contains("Informations locales") && !other.contains("Mairie de Cayenne"));
    // The key is nowhere.
    for (path, bytes) in tree(bench.project.root()) {
        let has = |text: &str| {
            bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        };
        assert!(!has(KEY), "{path}");
    }
    bench.ends(0, &["verify", "--rebuild"]);
}

#[test]
fn one_note_that_changes_reaches_its_page_alone_and_a_rollback_brings_the_old_one_back() {
    let bench = Bench::new();
    bench.publish(&[text(CAYENNE, "Une note."), text(KOUROU, "Une autre.")]);
    bench.ends(0, &["update"]);
    let before = bench.project.site();
    // With nothing new the table is not even asked for its rows.
    bench.grist.calls();
    let run = bench.ends(0, &["update"]);
    let asked: Vec<_> = bench.grist.calls().iter().map(|call| call.told()).collect();
    assert_eq!(asked, ["HEAD tables/Notes/records 200"]);
    assert!(
        run.stdout.contains("mairie notes  up to date"),
        "{}",
        run.stdout
    );

    bench.edit(1, "text", json!("Une note corrigée."));
    let written = bench.written(|| {
        let run = bench.ends(0, &["update"]);
        let told = "changed: 0 added, 1 changed, 0 removed";
        assert!(run.stdout.contains(told), "{}", run.stdout);
    });
    let own = [
        "data/villes/97302.json".to_owned(),
        "ville/97302/index.html".to_owned(),
    ];
    assert_eq!(written, own.clone().into());
    assert!(bench.page(CAYENNE).contains("Une note corrigée."));
    // A column that is not read changes nothing, although Grist says that something did.
    bench.edit(1, "agent", json!("Mme X"));
    let written = bench.written(|| drop(bench.ends(0, &["update"])));
    assert_eq!(written, BTreeSet::new());
    bench.ends(0, &["rollback"]);
    assert_eq!(bench.project.site(), before);
    // The table as it is would bring back what was rolled back.
    bench.ends(0, &["update"]);
    assert_eq!(bench.project.site(), before);
    bench.ends(0, &["build", "--only-changed", "--resume"]);
    assert!(bench.page(CAYENNE).contains("Une note corrigée."));
}

#[test]
fn a_note_is_there_on_its_last_day_and_gone_on_the_next_whether_or_not_the_table_can_be_read() {
    let bench = Bench::new();
    bench.publish(&[
        until(CAYENNE, "Jusqu’au 30.", "2026-11-30"),
        until(IRACOUBO, "Jusqu’au 26.", "2026-11-26"),
        text(KOUROU, "Pour longtemps."),
    ]);
    let run = bench.ends(0, &["update", "--json"]);
    let changes = &reported(&run, "changes")["changes"];
    assert_eq!(changes["expired"]["communes"], json!([IRACOUBO]));
    assert_eq!(changes["added"], 2);
    assert_eq!(bench.noted(), [CAYENNE, KOUROU].into());
    // Half past eleven in the evening of the 30th, in France.
    bench.ends_at("2026-11-30T22:30:00Z", 0, &["update"]);
    assert_eq!(bench.noted(), [CAYENNE, KOUROU].into());
    // A build reads no clock.
    bench.ends_at("2026-12-01T12:00:00Z", 0, &["build"]);
    assert_eq!(bench.noted(), [CAYENNE, KOUROU].into());

    bench
        .grist
        .fault("any", Fault::Status(403, "No read access"));
    bench
        .grist
        .fault("any", Fault::Status(403, "No read access"));
    let written = bench.written(|| {
        let run = bench.ends_at("2026-11-30T23:30:00Z", 1, &["update"]);
        let told = "mairie: 1 note has expired and is taken away (97302)";
        assert!(run.stdout.contains(told), "{}", run.stdout);
        let told = "answered 403 Forbidden; the document and its table have to be there, and GRIST_API_KEY";
        assert!(run.stderr.contains(told), "{}", run.stderr);
    });
    let own = ["data/villes/97302.json", "ville/97302/index.html"];
    assert_eq!(written, own.map(str::to_owned).into());
    assert_eq!(bench.noted(), [KOUROU].into());
    let again = bench.ends_at("2026-12-02T12:00:00Z", 0, &["update", "--json"]);
    assert!(!again.stdout.contains("expired_notes"), "{}", again.stdout);
    // More time brings it back.
    bench.edit(1, "valid_until", json!("2026-12-31"));
    bench.ends_at("2026-12-02T12:00:00Z", 0, &["update"]);
    assert_eq!(bench.noted(), [CAYENNE, KOUROU].into());
    let last = bench.ends_at("2027-01-01T12:00:00Z", 0, &["update", "--json"]);
    let expired = &reported(&last, "expired_notes")["expired_notes"];
    assert_eq!(
        expired,
        &json!({"source": "mairie", "rows": [1], "communes": [CAYENNE]})
    );
    bench.ends(0, &["verify", "--rebuild"]);
}

#[test]
fn rows_that_are_wrong_are_told_by_their_numbers_and_the_others_stand() {
    let bench = Bench::new();
    let mut script = text(CAYENNE, "Un lien.");
    script["link"] = "javascript:alert(1)".into();
    let mut nameless = text(CAYENNE, "Un nombre.");
    nameless["number"] = json!(4);
    let rows = [
        text("99999", "Nulle part."),
        script,
        nameless,
        text(KOUROU, &"x".repeat(1_001)),
        text("", ""),
        text(IRACOUBO, "Une note."),
    ];
    bench.publish(&rows);
    let run = bench.ends(0, &["update"]);
    for told in [
        "6 rows of source mairie, 1 note on 1 commune",
        "passed over, row 1: code holds \"99999\", which is the code of no commune",
        "passed over, row 2: link holds \"javascript:alert(1)\"; an address that begins with https://",
        "passed over, row 3: number holds 4, and label is empty",
        "passed over, row 4: text has 1001 characters; 1000 at most",
        "1 row without anything in it",
    ] {
        assert!(run.stdout.contains(told), "{told}\n{}", run.stdout);
    }
    assert_eq!(bench.noted(), [IRACOUBO].into());

    // A code became a number in all rows: something happened to the table, and what it said stays.
    for row in 1..=6 {
        bench.edit(row, "code", json!(97303));
    }
    let refused = bench.ends(3, &["update"]);
    let told = "none of its 6 rows can be read; the first, row 1: code holds the number 97303";
    assert!(refused.stderr.contains(told), "{}", refused.stderr);
    assert_eq!(bench.noted(), [IRACOUBO].into());
    // A column that the source names is gone.
    bench.configure("operator = \"Mairie\"\ncolumns = { text = \"Texte\" }");
    let refused = bench.ends(3, &["update"]);
    let told = "the table has no column Texte (grist.columns.text); it has code, label, link, number, text, unit, valid_until";
    assert!(refused.stderr.contains(told), "{}", refused.stderr);
    // A table that was emptied says nothing more.
    bench.configure("operator = \"Mairie\"");
    bench.publish(&[]);
    bench.ends(0, &["update"]);
    assert_eq!(bench.noted(), [].into());
}

#[test]
fn a_server_that_fails_keeps_the_last_notes_and_one_that_is_busy_is_asked_again() {
    let bench = Bench::new();
    bench.publish(&[text(CAYENNE, "Une note.")]);
    let busy = || {
        Fault::Status(
            429,
            "Too many backlogged requests for document - try again later?",
        )
    };
    for _ in 0..2 {
        bench.grist.fault("GET", busy());
    }
    bench.ends(0, &["update"]);
    assert_eq!(bench.noted(), [CAYENNE].into());
    let before = bench.project.site();
    bench.edit(1, "text", json!("Une autre."));
    for fault in [
        Fault::Status(404, "Table not found \"Notes\""),
        Fault::Status(403, "No read access"),
        Fault::Status(500, "internal error"),
        Fault::Silent,
    ] {
        // As often as it is asked for one thing or the other.
        for _ in 0..4 {
            bench.grist.fault("any", fault.clone());
        }
        let run = bench.ends(1, &["update"]);
        assert!(run.stderr.contains("mairie"), "{fault:?}: {}", run.stderr);
        assert_eq!(bench.project.site(), before, "{fault:?}");
        // Whatever of it was not met is none of the next one's.
        bench.grist.mend();
    }
    bench.ends(0, &["update"]);
    assert!(bench.page(CAYENNE).contains("Une autre."));
}

#[test]
fn a_saved_answer_is_imported_by_hand_and_a_declaration_is_read_anew_when_it_changes() {
    let bench = Bench::new();
    let answer = json!({"records": [
        {"id": 1, "fields": {"code": "97302", "text": "Une note.", "titre": "Un titre."}},
        {"id": 2, "fields": {"code": "95282", "text": "Ailleurs.", "titre": ""}},
    ]});
    let saved = bench.project.file("saved.json", answer.to_string());
    let saved = saved.to_str().unwrap();
    let would = bench.ends(0, &["import", "--dry-run", "--source", "mairie", saved]);
    for told in [
        "2 rows of source mairie, 2 notes on 2 communes",
        "1 former commune: the notes are on those of today (95282)",
        "would change: 2 added, 0 changed, 0 removed",
    ] {
        assert!(would.stdout.contains(told), "{}", would.stdout);
    }
    assert_eq!(bench.noted(), [].into());
    bench.ends(0, &["import", "--source", "mairie", saved]);
    let run = bench.ends(0, &["build", "--only-changed"]);
    let told = "notes on communes without a page, which are shown nowhere: 95169";
    assert!(run.stderr.contains(told), "{}", run.stderr);
    assert_eq!(bench.noted(), [CAYENNE].into());
    let unnamed = bench.ends(1, &["import", "--source", "maire", saved]);
    assert!(unnamed.stderr.contains("mairie"), "{}", unnamed.stderr);

    // Under another name only the page that names it is another.
    bench.configure("operator = \"Ville de Cayenne\"");
    let written = bench.written(|| drop(bench.ends(0, &["build", "--only-changed"])));
    let own = ["data/villes/97302.json", "ville/97302/index.html"];
    assert_eq!(written, own.map(str::to_owned).into());
    // By another column the same table says something else, whatever Grist says of its rows.
    let mut row = text(CAYENNE, "Une note.");
    row["titre"] = "Un titre.".into();
    bench.publish(&[row]);
    bench.ends(0, &["update"]);
    assert!(bench.page(CAYENNE).contains("<p>Une note.</p>"));
    bench.configure("operator = \"Ville de Cayenne\"\ncolumns = { text = \"titre\" }");
    bench.ends(0, &["update"]);
    assert!(bench.page(CAYENNE).contains("<p>Un titre.</p>"));
}

#[test]
fn a_declaration_that_cannot_be_is_told_with_its_line() {
    let bench = Bench::new();
    for (keys, told) in [
        ("", "missing field `operator`"),
        ("operator = \"\"", "source mairie: grist.operator is \"\""),
        (
            "operator = \"a\"\ncolumns = { text = \"le texte\" }",
            "source mairie: grist.columns.text is \"le texte\"",
        ),
    ] {
        bench.configure(keys);
        let run = bench.ends(1, &["check"]);
        assert!(run.stderr.contains(told), "{}", run.stderr);
        assert!(run.stderr.contains("line "), "{}", run.stderr);
    }
}
