//! The gates of an import by hand, on ten départements: what would harm the site is refused and told, whatever its shape,
//! and true editions pass.

use std::collections::BTreeSet;
use std::fs;

use crate::market::{Release, column, with};
use crate::material::database;
use crate::support::{GEO_DVF_HEADER, Project};

/// Where columns stand in geo-DVF.
const NUMBER: usize = 0;
const DATE: usize = 1;
const NATURE: usize = 3;
const PRICE: usize = 4;
const COMMUNE: usize = 10;
const KIND: usize = 29;

/// Ten départements with four communes each.
const DEPARTEMENTS: [&str; 10] = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10"];
const COMMUNES: [&str; 4] = ["004", "007", "008", "024"];

/// A year of all of them: in each 144 sales, 96 of flats.
fn year(year: u16) -> Vec<String> {
    let of = |departement: &&str| {
        let codes = COMMUNES.map(|commune| format!("{departement}{commune}"));
        let codes = codes.each_ref().map(String::as_str);
        Release::of_year(departement, &codes, year, 3 + u64::from(year)).lines
    };
    let lines = DEPARTEMENTS.iter().flat_map(of).enumerate();
    let numbered = lines.map(|(n, line)| with(&line, NUMBER, &format!("{year}-{n}")));
    numbered.collect()
}

fn text(lines: &[String]) -> String {
    format!("{GEO_DVF_HEADER}\n{}\n", lines.join("\n"))
}

fn each(lines: &[String], column: usize, value: impl Fn(usize, &str) -> String) -> Vec<String> {
    let changed = lines.iter().enumerate();
    changed
        .map(|(n, line)| with(line, column, &value(n, self::column(line, column))))
        .collect()
}

fn departement(line: &str) -> &str {
    &column(line, COMMUNE)[..2]
}

fn keep(lines: &[String], keep: impl Fn(usize, &str) -> bool) -> Vec<String> {
    let lines = lines.iter().enumerate();
    lines
        .filter(|(n, line)| keep(*n, line))
        .map(|(_, line)| line.clone())
        .collect()
}

/// Each sale twice, as another file would have it.
fn twice(lines: &[String]) -> Vec<String> {
    let again = each(lines, NUMBER, |_, number| format!("{number}9"));
    [lines, &again].concat()
}

/// A project that knows 2023 and 2024.
struct World {
    project: Project,
    year: Vec<String>,
    next: Vec<String>,
}

impl World {
    fn new() -> Self {
        let project = Project::new(&["01"]);
        for year in [self::year(2023), self::year(2024)] {
            let file = project.file("held.csv", text(&year));
            project.run(&["import", "--scope", "FR", file.to_str().unwrap()]);
        }
        Self {
            project,
            year: year(2024),
            next: year(2025),
        }
    }

    fn import(&self, lines: &[String], options: &[&str]) -> crate::support::Run {
        let file = self.project.file("new.csv", text(lines));
        let arguments = [&["import"], options, &[file.to_str().unwrap()]].concat();
        self.project.try_run(&arguments)
    }

    /// The file is refused, with these words, and nothing changes.
    #[track_caller]
    fn refuses(&self, what: &str, lines: &[String], options: &[&str], words: &[&str]) {
        let before = database(&self.project);
        let run = self.import(lines, options);
        assert_eq!(run.code, 3, "{what}: {}{}", run.stdout, run.stderr);
        for word in [words, &["`immostats import --force`"]].concat() {
            assert!(run.stderr.contains(word), "{what}: {word}\n{}", run.stderr);
        }
        assert!(database(&self.project) == before, "{what}");
    }

    #[track_caller]
    fn passes(&self, what: &str, lines: &[String], options: &[&str]) {
        let run = self.import(lines, options);
        assert_eq!(run.code, 0, "{what}: {}", run.stderr);
    }
}

const FRANCE: [&str; 2] = ["--scope", "FR"];

#[test]
fn a_new_year_is_held_against_the_one_before() {
    let world = World::new();
    let next = &world.next;
    let tenfold = each(next, PRICE, |_, price| format!("{price}0"));
    world.refuses(
        "prices ten times too high",
        &tenfold,
        &FRANCE,
        &["2025-H1 of the département 01 has houses at", "gates.moved"],
    );
    let one = each(next, PRICE, |n, price| match departement(&next[n]) {
        "07" => format!("{price}0"),
        _ => price.to_owned(),
    });
    world.refuses(
        "in one département",
        &one,
        &FRANCE,
        &["of the département 07", "gates.moved"],
    );
    let first_half = |line: &str| &column(line, DATE)[5..7] < "07";
    let one = keep(next, |_, line| {
        departement(line) == "04" && first_half(line)
    });
    world.refuses(
        "one département in ten",
        &one,
        &FRANCE,
        &["no line is left of the départements 01, 02"],
    );
    world.refuses(
        "and nobody says of what",
        &one,
        &[],
        &["it has lines of the départements 04 only, where files of these months, or of a year before, are of FR; if it is one of these départements, say so with --scope 04"],
    );
    let few = keep(next, |n, line| n % 20 == 0 && first_half(line));
    world.refuses(
        "one line in twenty",
        &few,
        &FRANCE,
        &["94 % less; 60 % may be missing", "gates.fewer"],
    );
    let flats = |_: usize, line: &str| column(line, KIND) != "2" || departement(line) != "05";
    world.refuses(
        "flats of one gone",
        &keep(next, flats),
        &FRANCE,
        &["2025-H1 of the département 05 has 0 flats", "gates.fewer"],
    );
    world.refuses("all sales twice", &twice(next), &FRANCE, &["gates.gained"]);
    let other = each(next, NATURE, |n, nature| match n % 6 {
        0 => "Echange".to_owned(),
        _ => nature.to_owned(),
    });
    world.refuses(
        "a sixth under another nature",
        &other,
        &FRANCE,
        &["under the nature \"Echange\"", "gates.natures"],
    );
    world.passes("the true year", next, &FRANCE);
}

#[test]
fn an_edition_is_held_against_what_is_known() {
    let world = World::new();
    let year = &world.year;
    let two = keep(year, |n, line| departement(line) != "03" || n % 72 == 0);
    world.refuses("one of ten cut to two lines", &two, &FRANCE, &["of the département 03 has 1 mutations where it was known to have 72", "It would take 142 of 1440 mutations of its months out of the database, 142 of them sales, and bring 0.", "gates.lost"]);
    let flats = keep(year, |_, line| {
        column(line, KIND) != "2" || departement(line) != "05"
    });
    world.refuses(
        "its flats gone",
        &flats,
        &FRANCE,
        &["2024-H1 of the département 05 has 0 flats", "gates.lost"],
    );
    world.refuses("all sales twice", &twice(year), &FRANCE, &["gates.gained"]);
    let tenth = each(year, PRICE, |_, price| price[..price.len() - 1].to_owned());
    world.refuses(
        "prices ten times too low",
        &tenth,
        &FRANCE,
        &["gates.moved"],
    );
    for name in ["Cession", "Echange"] {
        let renamed = each(year, NATURE, |n, nature| match n % 6 {
            0 => name.to_owned(),
            _ => nature.to_owned(),
        });
        world.refuses(name, &renamed, &FRANCE, &["gates.natures"]);
    }
    let (mut kept, mut refused) = (year.clone(), false);
    for week in 0..5 {
        kept = keep(&kept, |n, _| (n + week) % 5 > 0);
        refused |= world.import(&kept, &FRANCE).code == 3;
    }
    assert!(refused, "a fifth less each week");
    // Less than the limit each week: it adds up.
    let (mut kept, mut weeks) = (year.clone(), 0);
    while weeks < 5 && world.import(&kept, &FRANCE).code == 0 {
        weeks += 1;
        kept = keep(&kept, |n, _| n % 15 > 0);
        let late = with(&year[weeks], NUMBER, &format!("2024-9{weeks}"));
        kept.push(with(&late, COMMUNE, "01024"));
    }
    assert!((1..4).contains(&weeks), "{weeks} weeks passed");
    // One in a hundred withdrawn, and some that came late.
    let mut revised = keep(year, |n, _| n % 100 > 0);
    revised.extend(each(&year[..30], NUMBER, |_, number| format!("{number}8")));
    world.passes("a true edition", &revised, &FRANCE);
    for percent in [140, 70] {
        let other = each(year, PRICE, |_, price| {
            format!(
                "{:.0}",
                price.parse::<f64>().unwrap() * f64::from(percent) / 100.0
            )
        });
        world.refuses(
            "prices of months that were known",
            &other,
            &FRANCE,
            &["of the département 01 has", "gates.moved"],
        );
    }
}

/// Each step is one that corrections may take.
#[test]
fn prices_do_not_drift_in_small_steps() {
    let world = World::new();
    let risen = |weeks: i32| {
        each(&world.year, PRICE, |_, price| {
            let price: f64 = price.parse().unwrap();
            format!("{:.0}", price * 1.15_f64.powi(weeks))
        })
    };
    let mut weeks = 1;
    world.passes("a step", &risen(weeks), &FRANCE);
    let refused = loop {
        weeks += 1;
        let run = world.import(&risen(weeks), &FRANCE);
        if run.code != 0 {
            break run.stderr;
        }
    };
    assert!(weeks < 4, "{weeks} weeks");
    assert!(refused.contains("where its first edition had"), "{refused}");
    // What a person takes for right is what later ones are held against.
    world.passes("forced", &risen(weeks), &["--scope", "FR", "--force"]);
    world.passes("from there", &risen(weeks + 1), &FRANCE);
}

/// Each step brings no more than late sales may.
#[test]
fn sales_do_not_multiply_in_small_steps() {
    let world = World::new();
    world.passes("a new year", &world.next, &FRANCE);
    let more = |lines: &[String], sign: char| {
        let some = keep(lines, |n, _| n % 10 < 7);
        [
            lines,
            &each(&some, NUMBER, |_, number| format!("{number}{sign}")),
        ]
        .concat()
    };
    let once = more(&world.next, '7');
    world.passes("a step", &once, &FRANCE);
    world.refuses(
        "a second step",
        &more(&once, '8'),
        &FRANCE,
        &["a year before", "gates.gained"],
    );
    // What a person takes for right is what later ones are held against.
    let forced = [&FRANCE[..], &["--force"]].concat();
    world.passes("forced", &more(&once, '8'), &forced);
}

#[test]
fn a_large_commune_is_not_missing_from_a_new_half_year() {
    let world = World::new();
    // Three times as many as its neighbours.
    let large = |lines: &[String]| {
        let own = keep(lines, |_, line| column(line, COMMUNE) == "06004");
        let more = |sign: char| each(&own, NUMBER, |_, number| format!("{number}{sign}"));
        [lines, &more('7'), &more('8')].concat()
    };
    let forced = [&FRANCE[..], &["--force"]].concat();
    world.passes("as it was", &large(&world.year), &forced);
    let without = keep(&large(&world.next), |_, line| {
        column(line, COMMUNE) != "06004"
    });
    world.refuses(
        "without it",
        &without,
        &FRANCE,
        &["in a half-year of 1 commune that had 54 mutations or more (06004)"],
    );
}

/// Half of a new year passes for one of which the rest is late, and the whole is no more than the year before.
#[test]
fn a_short_edition_does_not_shut_out_the_whole() {
    let world = World::new();
    let half = keep(&world.next, |n, _| n % 2 == 0);
    world.passes("half", &half, &FRANCE);
    world.refuses("twice", &twice(&world.next), &FRANCE, &["gates.gained"]);
    world.passes("whole", &world.next, &FRANCE);
    world.refuses(
        "twice the whole",
        &twice(&world.next),
        &FRANCE,
        &["gates.gained"],
    );
}

#[test]
fn the_names_of_kinds_are_held_against_their_codes() {
    let world = World::new();
    let named = each(&world.next, KIND + 1, |n, _| {
        let name = match column(&world.next[n], KIND) {
            "1" => "Maison",
            "2" => "APPARTEMENT",
            "3" => "D\u{e9}pendance",
            "4" => "Local industriel. commercial ou assimil\u{e9}",
            _ => "",
        };
        name.to_owned()
    });
    let exchanged = each(&named, KIND, |_, code| match code {
        "1" => "2".to_owned(),
        "2" => "1".to_owned(),
        code => code.to_owned(),
    });
    world.refuses(
        "codes exchanged",
        &exchanged,
        &FRANCE,
        &[
            "100.0 % of the lines name another kind of property in type_local",
            "gates.unreadable",
        ],
    );
    let renamed = |fits: fn(usize) -> bool| {
        each(&named, KIND + 1, |n, name| match fits(n) {
            true => name.replace("Maison", "Pavillon"),
            false => name.to_owned(),
        })
    };
    world.refuses(
        "renamed",
        &renamed(|_| true),
        &FRANCE,
        &["33.3 % of the lines name another kind"],
    );
    let run = world.import(&renamed(|n| n % 10 == 0), &FRANCE);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("type_local"), "{}", run.stdout);
}

#[test]
fn a_file_is_not_of_a_day_to_come() {
    let world = World::new();
    let run = world.import(&world.year, &["--released", "2999-01-01"]);
    assert_ne!(run.code, 0);
    assert!(
        run.stderr.contains("which is yet to come"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_part_does_not_take_the_place_of_the_whole() {
    let world = World::new();
    let year = &world.year;
    let by_date = |lines: &[String]| {
        let mut lines = lines.to_vec();
        lines.sort_by_key(|line| column(line, DATE).to_owned());
        lines
    };
    let whole = keep(year, |_, line| departement(line) == "06");
    let communes: BTreeSet<_> = ["06004", "06007"].into();
    let two = keep(&whole, |_, line| communes.contains(column(line, COMMUNE)));
    world.refuses(
        "two communes of a département",
        &two,
        &[],
        &[
            "of the département 06 has 36 mutations where it was known to have 72",
            "gates.lost",
        ],
    );
    let one_less = keep(&whole, |_, line| column(line, COMMUNE) != "06024");
    world.refuses(
        "all but one",
        &one_less,
        &[],
        &["no line is left in a half-year of 1 commune that had 18 mutations or more (06024)"],
    );
    world.refuses(
        "the head of a file",
        &by_date(&whole)[..31],
        &[],
        &["it looks like a part of a file; if it is not, give its months, --scope 06@2024-01.."],
    );
    world.refuses(
        "a file that was cut",
        &by_date(year)[..1_300],
        &FRANCE,
        &["it looks like a part of a file"],
    );
    world.refuses(
        "cut after some départements",
        &year[..900],
        &FRANCE,
        &["no line is left of the départements 08, 09, 10"],
    );
    // A person who says what it is still has to force the loss.
    let head = by_date(&whole)[..26].to_vec();
    world.refuses(
        "the head with its scope",
        &head,
        &["--scope", "06@2024-01..2024-03"],
        &["gates.lost"],
    );

    let forced = world.import(&two, &["--force"]);
    assert_eq!(forced.code, 0, "{}", forced.stderr);
    assert!(
        forced.stdout.contains("0 mutations added, 72 removed"),
        "{}",
        forced.stdout
    );
    // What was forced is right from then on.
    world.passes("again", &two, &["--scope", "06"]);
    // And the whole, which is as the year before, heals it.
    world.passes("the whole again", year, &FRANCE);
}

/// Of some 70 mutations a half-year and département, two go in each: no cell and no month tells, only that nothing came.
#[test]
fn a_cut_that_takes_little_is_told_by_what_does_not_come() {
    let world = World::new();
    let year = &world.year;
    let cut = keep(year, |n, _| n % 40 > 0);
    world.refuses(
        "two in a hundred cut",
        &cut,
        &FRANCE,
        &["in no commune and half-year, and 36 of 1440 less: it looks like a file that was cut"],
    );
    world.passes(
        "few withdrawn",
        &keep(year, |n, _| n % 160 > 0 || n == 0),
        &FRANCE,
    );
    world.passes("whole", year, &[&FRANCE[..], &["--force"]].concat());
    // Some that came late make an edition of it.
    let mut revised = cut;
    revised.extend((1..4).map(|n| with(&year[1], NUMBER, &format!("2024-9999{n}"))));
    world.passes("revised", &revised, &FRANCE);
}

/// A file by hand of which nobody says when it was published, and that has less than an edition of a known day.
#[test]
fn an_edition_of_an_unknown_day_may_be_an_older_one() {
    let world = World::new();
    let year = &world.year;
    world.passes(
        "by the day",
        year,
        &["--scope", "FR", "--released", "2025-10-20"],
    );
    let mut older = keep(year, |n, _| n % 40 > 0);
    older.extend((1..4).map(|n| with(&year[1], NUMBER, &format!("2024-9999{n}"))));
    world.refuses(
        "older",
        &older,
        &FRANCE,
        &["it has 1407 mutations where the file of 2025-10-20 has 1440, and nobody says when it was published"],
    );
    world.passes(
        "a later one",
        &older,
        &["--scope", "FR", "--released", "2026-04-20"],
    );
}

#[test]
fn an_older_edition_is_refused_by_hand_too() {
    let project = Project::new(&["01"]);
    let file = project.file("held.csv", text(&year(2024)));
    let file = file.to_str().unwrap();
    let import = |day: &str| project.try_run(&["import", "--scope", "FR", "--released", day, file]);
    assert_eq!(import("2025-10-20").code, 0);
    let run = import("2025-04-20");
    assert_eq!(run.code, 3);
    assert!(
        run.stderr.contains(
            "it was published on 2025-04-20, and the file of 2025-10-20 is imported already"
        ),
        "{}",
        run.stderr
    );
    assert_eq!(import("2025-10-20").code, 0);
}

/// A commune with eight sales a year loses one, has one corrected, and has five in one half-year and three in the next.
#[test]
fn small_communes_pass() {
    let project = Project::new(&["83"]);
    let months = ["01", "02", "04", "06", "07", "08", "10", "12"];
    let sale = |year: u16, n: usize| {
        super::flat(
            n as u32,
            &format!("{year}-{}-10", months[n]),
            "83137",
            200_000,
        )
    };
    let import = |lines: &[String]| {
        let file = project.file("83137.csv", text(lines));
        let run = project.try_run(&["import", file.to_str().unwrap()]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        fs::remove_file(file).unwrap();
    };
    let eight: Vec<_> = (0..8).map(|n| sale(2023, n)).collect();
    import(&eight);
    import(&eight[1..]);
    let five: Vec<_> = [0, 1, 2, 4, 7].map(|n| sale(2024, n)).into();
    import(&five);
    import(
        &[
            &five[..3],
            &[super::flat(9, "2024-04-11", "83137", 2_000_000)],
            &five[3..],
        ]
        .concat(),
    );
}

#[test]
fn gates_on_the_file_of_a_commune_speak_of_the_commune() {
    let project = Project::new(&["83"]);
    let year = |price: u32| -> Vec<_> {
        let sale = |n: u32| {
            let date = format!("2023-{:02}-10", n % 12 + 1);
            super::flat(n, &date, "83137", price + 1000 * n)
        };
        (0..120).map(sale).collect()
    };
    project.import(&[&project.file("83137.csv", text(&year(200_000)))]);
    let file = project.file("83137.csv", text(&year(2_000_000)));
    let run = project.try_run(&["import", file.to_str().unwrap()]);
    assert_eq!(run.code, 3, "{}", run.stdout);
    for says in ["2023-H1 of the commune 83137 has", "gates.moved"] {
        assert!(run.stderr.contains(says), "{}", run.stderr);
    }
}
