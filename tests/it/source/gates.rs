//! The gates: what each lets pass, what it refuses and with which reason; the site stays as it is, and `--force` goes on.

use std::collections::BTreeMap;

use rusqlite::types::Value;

use super::bench::{Bench, FETCH, folder, gzip};
use crate::market::{GUYANE, Release, column, with};
use crate::material::rows;
use crate::server::{DATASET, Server};
use crate::support::{GEO_DVF_HEADER, tree};

/// The columns that the tests change.
const DATE: usize = 1;
const PRICE: usize = 4;
const COMMUNE: usize = 10;
const SURFACE: usize = 31;

/// A year of the Guyane, 216 sales, imported from upstream and built.
struct Gated {
    bench: Bench,
    lines: Vec<String>,
    site: BTreeMap<String, Vec<u8>>,
}

impl Gated {
    fn new() -> Self {
        Self::with(&[], "")
    }

    /// With further lines in the file, and thresholds of its own.
    fn with(more: &[String], gates: &str) -> Self {
        let server = Server::start();
        let bench = Bench::with(server.clone(), true, "");
        bench.project.configure(&format!(
            "[site]\naddress = \"https://prix.example.fr\"\ndepartements = [\"973\"]\n{gates}\n[fetch]\napi = \"{}\"\nallow_private_addresses = true\n{FETCH}[[sources]]\nid = \"dvf\"\nkind = \"geo-dvf\"\ndataset = \"{DATASET}\"\nresources = [\"DVF {{year}}\"]\nscope = \"FR\"\n",
            server.url("/api/1")
        ));
        let mut lines = Release::of_year("973", &GUYANE, 2024, 7).lines;
        lines.extend(more.iter().cloned());
        let mut gated = Self {
            bench,
            lines,
            site: BTreeMap::new(),
        };
        gated.publish(&gated.lines, "2026-10-20");
        gated.bench.ends(0, &["update"]);
        gated.site = tree(&gated.bench.project.path("site"));
        gated
    }

    fn publish(&self, lines: &[String], day: &str) {
        let server = &self.bench.server;
        let text = format!("{GEO_DVF_HEADER}\n{}\n", lines.join("\n"));
        server.file(&folder("2024"), gzip(text.as_bytes()));
        let released = format!("{day}T08:00:00+00:00");
        server.dataset(&[server.resource("DVF 2024", &folder("2024"), &released)]);
    }

    fn held(&self) -> usize {
        rows(&self.bench.project, "SELECT 1 FROM transactions").len()
    }

    /// The edition passes.
    #[track_caller]
    fn passes(&mut self, lines: &[String]) -> String {
        self.publish(lines, "2026-10-21");
        let run = self.bench.ends(0, &["update"]);
        self.site = tree(&self.bench.project.path("site"));
        run.stdout
    }

    /// The edition is refused for a reason; nothing changes until it is forced.
    #[track_caller]
    fn refuses(&mut self, lines: &[String], day: &str, reason: &str) {
        let held = self.held();
        self.publish(lines, day);
        let run = self.bench.ends(3, &["update"]);
        assert!(run.stderr.contains(reason), "{reason}: {}", run.stderr);
        assert!(run.stderr.contains("--force"), "{}", run.stderr);
        assert_eq!(self.held(), held);
        assert!(tree(&self.bench.project.path("site")) == self.site);
        let log = rows(
            &self.bench.project,
            "SELECT status, message FROM update_log ORDER BY batch_id DESC LIMIT 1",
        );
        assert_eq!(log[0][0], Value::from("refused".to_owned()));
        let Value::Text(message) = &log[0][1] else {
            panic!("no message in the log")
        };
        assert!(message.contains(reason), "{message}");

        let run = self.bench.ends(0, &["update", "--force"]);
        assert!(run.stdout.contains("changed: "), "{}", run.stdout);
        let forced = tree(&self.bench.project.path("site"));
        assert!(forced != self.site);
        self.site = forced;
    }
}

/// The lines but for some of the first half-year, which has 108: 72 flats and 36 houses.
fn thinned(lines: &[String], gone: usize) -> Vec<String> {
    let mut kept = lines.to_vec();
    for place in (0..gone).rev() {
        kept.remove(8 * place);
    }
    kept
}

fn change(lines: &mut [String], column: usize, value: impl Fn(&str) -> String) {
    for line in lines {
        *line = with(line, column, &value(self::column(line, column)));
    }
}

#[test]
fn a_tenth_of_a_half_year_may_go_but_not_each_week() {
    let mut gated = Gated::new();
    assert_eq!(gated.held(), 216);
    let fewer = thinned(&gated.lines, 8);
    gated.passes(&fewer);
    assert_eq!(gated.held(), 208);
    // Five of what is left, thirteen of what was there at best.
    gated.refuses(
        &thinned(&fewer, 5),
        "2026-10-21",
        "2024-H1 of the département 973 has 95 mutations where it was known to have 108, 12 % less; 10 % may go (gates.lost)",
    );
    // Who forces an edition says that it is right: the next is held against it.
    gated.passes(&thinned(&thinned(&fewer, 5), 5));
}

#[test]
fn the_file_of_another_year_is_not_that_of_the_year() {
    let mut gated = Gated::new();
    gated.refuses(
        &Release::of_year("973", &GUYANE, 2023, 7).lines,
        "2026-10-21",
        "it is of 2023-01 to 2023-12, and was offered as that of 2024",
    );
}

#[test]
fn a_file_called_by_its_departement_is_of_no_year() {
    let server = Server::start();
    let url = server.url("/geo-dvf/departements/973.csv");
    let source = format!("[[sources]]\nid = \"dvf\"\nkind = \"geo-dvf\"\nurls = [\"{url}\"]\n");
    let bench = Bench::with(server.clone(), true, &source);
    let text = Release::of_year("973", &GUYANE, 2024, 7).text();
    server.file("/geo-dvf/departements/973.csv", text);
    bench.ends(0, &["fetch"]);
    let run = bench.ends(0, &["update"]);
    assert!(run.stdout.contains("216 mutations added"), "{}", run.stdout);
}

#[test]
fn sales_count_apart_from_mutations() {
    let mut gated = Gated::new();
    let mut lines = gated.lines.clone();
    change(&mut lines[20..50], SURFACE, |_| String::new());
    gated.refuses(
        &lines,
        "2026-10-21",
        "2024-H1 of the département 973 has 26 houses where it was known to have 36, 28 % less; 10 % may go (gates.lost)",
    );
    let mut gated = Gated::with(&[], "[gates]\nlost = 30.0");
    gated.passes(&lines);
    assert_eq!(gated.held(), 216);
}

#[test]
fn a_departement_must_not_vanish() {
    let toulon = Release::of_year("83", &["83137"], 2024, 8).lines;
    let mut gated = Gated::with(&toulon, "");
    let reason = "no line is left of the départements 83; ";
    let lines = gated.lines[..216].to_vec();
    // A dry run tells of it as well, of a file that was fetched.
    gated.publish(&lines, "2026-10-21");
    gated.bench.ends(0, &["fetch"]);
    let run = gated.bench.ends(3, &["update", "--dry-run"]);
    assert!(run.stderr.contains(reason), "{}", run.stderr);
    gated.refuses(&lines, "2026-10-21", reason);
}

#[test]
fn a_median_of_known_months_must_not_move_by_more_than_a_fifth() {
    let mut gated = Gated::new();
    let at = |percent: u32| {
        let mut lines = Release::of_year("973", &GUYANE, 2024, 7).lines;
        change(&mut lines, PRICE, |price| {
            (price.parse::<u32>().unwrap() * percent / 100).to_string()
        });
        lines
    };
    gated.passes(&at(119));
    gated.refuses(
        &at(145),
        "2026-10-21",
        "(+22 %); 20 % is the limit for so many sales",
    );
    gated.refuses(
        &at(97),
        "2026-10-21",
        "%); 20 % is the limit for so many sales",
    );
}

#[test]
fn one_line_in_twenty_may_be_unreadable() {
    let mut gated = Gated::new();
    let broken = |count: usize| {
        let mut lines = Release::of_year("973", &GUYANE, 2024, 7).lines;
        change(&mut lines[60..60 + count], PRICE, |_| "beaucoup".into());
        lines
    };
    let report = gated.passes(&broken(10));
    assert!(
        report.contains("10 lines could not be read and were left out; the first: ")
            && report.contains("\"beaucoup\""),
        "{report}"
    );
    assert_eq!(gated.held(), 206);
    let unreadable = "SELECT rows_unreadable FROM update_log ORDER BY batch_id DESC LIMIT 1";
    assert_eq!(rows(&gated.bench.project, unreadable), [[Value::from(10)]]);
    // As the method page tells.
    let method = gated.bench.project.site()["methodologie/index.html"].clone();
    let method = String::from_utf8(method).unwrap();
    assert!(method.contains("10\u{a0}lignes illisibles ont été laissées de côté."));

    gated.refuses(
        &broken(12),
        "2026-10-21",
        "12 of 216 lines cannot be read, more than 5 % (gates.unreadable); ",
    );
    assert_eq!(
        gated.held(),
        204,
        "forced, the lines that can be read are in"
    );
}

#[test]
fn a_slip_of_the_date_claims_no_month() {
    let mut gated = Gated::new();
    let coverage = |gated: &Gated| rows(&gated.bench.project, "SELECT code, mois FROM coverage");
    let before = (gated.held(), coverage(&gated), gated.site.clone());
    let mut lines = gated.lines.clone();
    for (place, date) in [(0, "2042-06-15"), (100, "2026-10-22"), (216, "2019-03-01")] {
        lines.insert(place, with(&lines[place.min(100)], DATE, date));
    }
    let report = gated.passes(&lines);
    for words in [
        "2 lines could not be read and were left out; the first: ",
        "the mutation is dated 2042-06-15; the file was made by 2026-10-21",
        "1 mutation is of half-years that the file does not fill (1 in 2019-H1): they were left out",
    ] {
        assert!(report.contains(words), "{words}\n{report}");
    }
    assert_eq!((gated.held(), coverage(&gated)), (before.0, before.1));
    let figures = "data/villes/97302.json";
    assert!(gated.site[figures] == before.2[figures]);
}

#[test]
fn one_line_in_fifty_may_be_of_unknown_communes() {
    let mut gated = Gated::new();
    let unknown = |count: usize| {
        let mut lines = Release::of_year("973", &GUYANE, 2024, 7).lines;
        change(&mut lines[60..60 + count], COMMUNE, |_| "97399".into());
        lines
    };
    let report = gated.passes(&unknown(4));
    assert!(
        report.contains("4 lines are of 1 commune that does not exist (97399)"),
        "{report}"
    );
    gated.refuses(
        &unknown(5),
        "2026-10-21",
        "2.3 % of the lines are of communes that do not exist (97399); 2 % may be (gates.unknown_communes)",
    );
}

#[test]
fn a_file_must_not_be_older_than_the_one_imported() {
    let mut gated = Gated::new();
    // The edition of the 21st opens no month: what it brought counts all the same.
    let fewer = thinned(&gated.lines, 5);
    gated.passes(&fewer);
    gated.refuses(
        &gated.lines.clone(),
        "2026-10-20",
        "it was published on 2026-10-20, and the file of 2026-10-21 is imported already. The database stays",
    );
}

#[test]
fn a_column_that_is_missing_cannot_be_forced() {
    let gated = Gated::new();
    let short: Vec<_> = gated.lines.iter().map(|line| cut(line)).collect();
    let text = format!("{}\n{}\n", cut(GEO_DVF_HEADER), short.join("\n"));
    let server = &gated.bench.server;
    server.file(&folder("2024"), gzip(text.as_bytes()));
    server.dataset(&[server.resource("DVF 2024", &folder("2024"), "2026-10-21T08:00:00")]);
    for arguments in [&["update"][..], &["update", "--force"]] {
        let run = gated.bench.ends(3, arguments);
        assert!(
            run.stderr.contains("lacks the column surface_reelle_bati"),
            "{}",
            run.stderr
        );
        assert_eq!(gated.held(), 216);
        assert!(tree(&gated.bench.project.path("site")) == gated.site);
    }
}

/// A line without the column of built surfaces.
fn cut(line: &str) -> String {
    let columns: Vec<_> = line.split(',').collect();
    [&columns[..SURFACE], &columns[SURFACE + 1..]]
        .concat()
        .join(",")
}
