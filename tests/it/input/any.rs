//! Any file at all, and any damage to a line: read, or refused with a reason; never a crash.

use std::fs;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;

use super::{AIN, zipped};
use crate::material::a_few_days;
use crate::support::{GEO_DVF_HEADER, Project, sample};

/// Any file at all, most of them close enough to a real one to get past the first checks.
fn any_file() -> impl Strategy<Value = Vec<u8>> {
    let noise = || prop::collection::vec(any::<u8>(), 0..400);
    let printable = "[0-9A-Za-z,|;\"'\\r\\n./é -]{0,400}".prop_map(String::into_bytes);
    let header = prop_oneof![
        Just(format!("{GEO_DVF_HEADER}\n").into_bytes()),
        Just([THE_AIN[0].as_bytes(), b"\n"].concat()),
    ];
    let body = prop_oneof![noise(), printable];
    let described = (header, body).prop_map(|(header, body)| [header, body].concat());
    prop_oneof![
        noise(),
        described.clone(),
        noise().prop_map(|bytes| [&b"\x1f\x8b\x08\x00"[..], &bytes].concat()),
        noise().prop_map(|bytes| [&b"PK\x03\x04"[..], &bytes].concat()),
        (described, any::<Index>(), any::<u8>()).prop_map(|(content, place, byte)| {
            let mut zip = zipped(&[("a.csv", &content)]);
            let place = place.index(zip.len());
            zip[place] = byte;
            zip
        }),
    ]
}

/// Some lines of each format, header first.
static THE_AIN: LazyLock<Vec<String>> = LazyLock::new(|| {
    let text = fs::read_to_string(sample(AIN)).unwrap();
    text.lines().take(60).map(str::to_owned).collect()
});
static TOULON: LazyLock<Vec<String>> = LazyLock::new(|| a_few_days()[..60].to_vec());

/// How one line of a file goes wrong. None of these makes two lines of it.
#[derive(Clone, Debug)]
enum Damage {
    Overwrite(Index, u8),
    Remove(Index),
    Insert(Index, char),
    Cut(Index),
    SwapFields(Index, Index),
    Replace(Index, String),
}

fn any_damage() -> impl Strategy<Value = Damage> {
    let character = || any::<char>().prop_filter("a line's end", |c| !matches!(c, '\r' | '\n'));
    let byte = any::<u8>().prop_filter("a line's end", |b| !matches!(b, b'\r' | b'\n'));
    prop_oneof![
        (any::<Index>(), byte).prop_map(|(place, byte)| Damage::Overwrite(place, byte)),
        any::<Index>().prop_map(Damage::Remove),
        (any::<Index>(), character()).prop_map(|(place, c)| Damage::Insert(place, c)),
        any::<Index>().prop_map(Damage::Cut),
        (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Damage::SwapFields(a, b)),
        (any::<Index>(), "[0-9a-z<>,|\"'./é-]{0,30}")
            .prop_map(|(place, text)| Damage::Replace(place, text)),
    ]
}

fn damaged(line: &str, separator: char, damage: &Damage) -> Vec<u8> {
    let mut bytes = line.as_bytes().to_vec();
    let mut fields: Vec<&str> = line.split(separator).collect();
    let joined = |fields: Vec<&str>| fields.join(&separator.to_string()).into_bytes();
    match damage {
        Damage::Overwrite(place, byte) => {
            let place = place.index(bytes.len());
            bytes[place] = *byte;
            bytes
        }
        Damage::Remove(place) => {
            bytes.remove(place.index(bytes.len()));
            bytes
        }
        Damage::Insert(place, character) => {
            let place = place.index(bytes.len());
            let mut encoded = [0; 4];
            bytes.splice(place..place, character.encode_utf8(&mut encoded).bytes());
            bytes
        }
        Damage::Cut(place) => {
            bytes.truncate(place.index(bytes.len()).max(1));
            bytes
        }
        Damage::SwapFields(a, b) => {
            let (a, b) = (a.index(fields.len()), b.index(fields.len()));
            fields.swap(a, b);
            joined(fields)
        }
        Damage::Replace(place, text) => {
            let place = place.index(fields.len());
            fields[place] = text;
            joined(fields)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in any_file()) {
        let project = Project::new(&["83"]);
        let run = project.try_run(&["import", "--dry-run", project.file("in", bytes).to_str().unwrap()]);
        prop_assert!(matches!(run.code, 0 | 3), "{}: {}", run.code, run.stderr);
        prop_assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    }

    #[test]
    fn any_line_is_read_or_refused_by_its_number(
        dgfip in any::<bool>(),
        number in 1usize..40,
        damage in any_damage(),
    ) {
        let (lines, separator) = if dgfip { (&*THE_AIN, '|') } else { (&*TOULON, ',') };
        let mut file = Vec::new();
        for (place, line) in lines.iter().enumerate() {
            if place == number {
                file.extend(damaged(line, separator, &damage));
            } else {
                file.extend(line.as_bytes());
            }
            file.push(b'\n');
        }
        let project = Project::new(&["83"]);
        // One of some forty lines is more than the gates let pass.
        project.configure("[gates]\nunknown_natures = 100.0\nunknown_communes = 100.0\n");
        let run = project.try_run(&["import", "--dry-run", project.file("in", file).to_str().unwrap()]);
        prop_assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
        match run.code {
            0 => {}
            3 => {
                let line = format!(", line {}", number + 1);
                let rest = run.stderr.split_once(&line).map(|(_, rest)| rest);
                prop_assert!(rest.is_some_and(|rest| rest.starts_with([',', ':'])), "{line}: {}", run.stderr);
            }
            code => prop_assert!(false, "{code}: {}", run.stderr),
        }
    }
}
