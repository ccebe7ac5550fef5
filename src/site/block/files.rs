//! The files whose sales are in force, and what there is to say of them.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::month::Months;
use crate::db::FileInForce;
use crate::geo::Geography;
use crate::site::french;

/// `page.files` in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct FilesInForce {
    rows: Vec<FileRow>,
    /// What there is to say of all of them, a sentence each.
    words: Vec<String>,
}

/// A line of the table of files; files that differ by their territory only are one.
#[derive(PartialEq, Serialize, JsonSchema)]
struct FileRow {
    year: String,
    territory: String,
    /// "janvier – juin 2025"
    months: String,
    format: String,
    /// "20 octobre 2026"
    released: Option<String>,
    numbering: &'static str,
}

impl FilesInForce {
    pub(crate) fn new(files: &[FileInForce], geography: &Geography) -> Self {
        type Key<'f> = (i16, Months, &'f str, Option<&'f str>, &'f str);
        let mut groups = BTreeMap::<Key<'_>, Vec<&FileInForce>>::new();
        for file in files {
            let key: Key<'_> = (
                file.year,
                file.months,
                &file.format,
                file.released.as_deref(),
                &file.numbering,
            );
            groups.entry(key).or_default().push(file);
        }
        let rows = groups
            .into_iter()
            .rev()
            .map(|((year, months, format, released, numbering), files)| {
                let territories: Vec<_> = files.iter().flat_map(|file| &file.territory).collect();
                FileRow {
                    year: year.to_string(),
                    territory: match territories[..] {
                        [one] => territory(one, geography),
                        _ => french::count(territories.len() as i64, "territoire", "territoires"),
                    },
                    months: french::span(months),
                    format: format.to_owned(),
                    released: released.and_then(|day| day.parse().ok()).map(french::day),
                    numbering: match numbering {
                        "sound" => "un numéro par mutation",
                        "regrouped" => "regroupée",
                        _ => "sans numéro",
                    },
                }
            })
            .collect();
        Self {
            rows,
            words: words(files),
        }
    }
}

/// The name of a territory by its code.
fn territory(code: &str, geography: &Geography) -> String {
    let name = match code {
        "FR" => Some("France"),
        code if code.len() == 5 => geography.name_of(code),
        code => geography
            .departement(code)
            .map(|departement| departement.name.as_str()),
    };
    french::name(name.unwrap_or(code))
}

fn words(files: &[FileInForce]) -> Vec<String> {
    let mut words = Vec::new();
    let cut: BTreeSet<_> = files
        .iter()
        .flat_map(|file| {
            let halves = file.months.half_years();
            halves.filter(|half| !file.months.hold(half.months()))
        })
        .collect();
    if !cut.is_empty() {
        let halves: Vec<_> = cut
            .iter()
            .map(|half| {
                let ordinal = ["premier", "second"][usize::from(half.of_year()) - 1];
                format!("le {ordinal} semestre {}", half.year())
            })
            .collect();
        words.push(format!(
            "Au moins un fichier ne couvre qu’une partie {}\u{a0}: {}.",
            if halves.len() == 1 {
                "d’un semestre"
            } else {
                "de plusieurs semestres"
            },
            french::list(&halves)
        ));
    }
    // A file of several years is in the list once a year.
    let mut seen = BTreeSet::new();
    let batches: Vec<_> = files
        .iter()
        .filter(|file| seen.insert(file.batch_id))
        .collect();
    let of = |numbering: &str| {
        batches
            .iter()
            .filter(|file| file.numbering == numbering)
            .copied()
            .collect::<Vec<_>>()
    };
    if !of("sound").is_empty() {
        words.push("Un numéro par mutation : les lignes d’une même mutation portent le même numéro, qui n’est qu’à elle.".into());
    }
    if !of("runs").is_empty() {
        words.push("Sans numéro : les fichiers de la DGFiP ne numérotent pas les mutations\u{202f}; des lignes qui se suivent avec la même date et le même prix en forment une.".into());
    }
    let regrouped = of("regrouped");
    if !regrouped.is_empty() {
        let numbers: u64 = regrouped.iter().filter_map(|file| file.numbers).sum();
        let mutations: u64 = regrouped.iter().map(|file| file.mutations).sum();
        words.push(format!(
            "Une numérotation «\u{a0}regroupée\u{a0}» réunit sous un même numéro toutes les ventes d’un jour à un même prix, où qu’elles soient\u{a0}: prise telle quelle, elle ferait passer des ventes sans rapport pour des ventes de plusieurs biens. Les {} de ces fichiers ont été séparés par commune, section cadastrale et disposition en {}.",
            french::count(numbers as i64, "numéro", "numéros"),
            french::count(mutations as i64, "mutation", "mutations")
        ));
    }
    let sum = |of: fn(&FileInForce) -> u64| batches.iter().map(|file| of(file)).sum::<u64>();
    let former = sum(|file| file.former_lines);
    if former > 0 {
        words.push(format!(
            "{} sur {} sous le code d’une commune qui a fusionné depuis\u{a0}: leurs ventes comptent pour la commune d’aujourd’hui.",
            french::count(former as i64, "ligne", "lignes"),
            match sum(|file| file.lines) as i64 {
                lines if former < 2 => format!("{} est", french::number(lines)),
                lines => format!("{} sont", french::number(lines)),
            }
        ));
    }
    let unreadable = sum(|file| file.unreadable_lines);
    if unreadable > 0 {
        words.push(format!(
            "{} illisible{} {} de côté.",
            french::count(unreadable as i64, "ligne", "lignes"),
            if unreadable < 2 { "" } else { "s" },
            if unreadable < 2 {
                "a été laissée"
            } else {
                "ont été laissées"
            }
        ));
    }
    words
}
