//! What the releases changed in each commune, and which files are in force, as pages tell it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::french;
use crate::base::month::{Month, Months};
use crate::db::{self, FileInForce, ReleaseYear};
use crate::geo::Geography;

/// The releases that the database knows.
#[derive(Clone, Debug, Default)]
pub struct Releases {
    /// By code of today's commune, arrondissements and their cities among them.
    news: BTreeMap<String, News>,
    files: Vec<FileInForce>,
}

/// What the latest release that touched a commune changed there, in years that it did not open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct News {
    /// Month in which it came out.
    month: Month,
    /// The latest first.
    years: Vec<NewsYear>,
}

/// Sales of a year that a release changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct NewsYear {
    year: String,
    added: u64,
    withdrawn: u64,
    corrected: u64,
}

impl Releases {
    /// `news` is by commune as the files name them; it is told of today's.
    pub fn new(
        geography: &Geography,
        news: &BTreeMap<String, db::News>,
        files: Vec<FileInForce>,
    ) -> Self {
        let mut parts = BTreeMap::<&str, Vec<&db::News>>::new();
        for (code, news) in news {
            let Some(today) = geography.current(code) else {
                continue;
            };
            for code in [Some(&today.code), today.parent.as_ref()]
                .into_iter()
                .flatten()
            {
                parts.entry(code).or_default().push(news);
            }
        }
        let news = parts
            .into_iter()
            .filter_map(|(code, parts)| Some((code.to_owned(), News::sum(&parts)?)));
        Self {
            news: news.collect(),
            files,
        }
    }

    /// Of a commune of today.
    pub(super) fn news(&self, code: &str) -> Option<&News> {
        self.news.get(code)
    }

    /// What the methodology page says.
    pub(super) fn method(&self, geography: &Geography) -> Method {
        Method::new(&self.files, geography)
    }
}

impl News {
    /// Of a place from those of its parts: the latest release that touched any of them.
    fn sum(parts: &[&db::News]) -> Option<Self> {
        let month = parts.iter().map(|part| part.month).max()?;
        let mut years = BTreeMap::<i16, ReleaseYear>::new();
        let latest = parts.iter().filter(|part| part.month == month);
        for year in latest.flat_map(|part| &part.years) {
            let sum = years.entry(year.year).or_default();
            sum.added += year.added;
            sum.withdrawn += year.withdrawn;
            sum.corrected += year.corrected;
        }
        let years = years.into_iter().rev().map(|(year, sum)| NewsYear {
            year: year.to_string(),
            added: sum.added,
            withdrawn: sum.withdrawn,
            corrected: sum.corrected,
        });
        Some(Self {
            month,
            years: years.collect(),
        })
    }

    /// "La version d’octobre 2026 ajoute 12 ventes à 2025 et 3 à 2024, et en retire 1 de 2023."
    pub fn sentence(&self) -> String {
        let count = |of: fn(&NewsYear) -> u64, preposition: &str| {
            let years = self.years.iter().filter(|year| of(year) > 0);
            let parts: Vec<_> = years
                .enumerate()
                .map(|(place, year)| {
                    let n = of(year) as i64;
                    let sales = match place {
                        0 => french::count(n, "vente", "ventes"),
                        _ => french::number(n),
                    };
                    format!("{sales} {preposition} {}", year.year)
                })
                .collect();
            french::list(&parts)
        };
        let clauses: Vec<_> = [
            ("ajoute", count(|year| year.added, "à")),
            ("retire", count(|year| year.withdrawn, "de")),
            ("corrige", count(|year| year.corrected, "de")),
        ]
        .into_iter()
        .filter(|(_, what)| !what.is_empty())
        .map(|(verb, what)| format!("{verb} {what}"))
        .collect();
        format!(
            "La version {} {}.",
            french::of(&french::month(self.month)),
            clauses.join(" ; elle ")
        )
    }
}

/// The files in force, for the methodology page.
#[derive(Serialize)]
pub(super) struct Method {
    rows: Vec<FileRow>,
    /// What there is to say of all of them, a sentence each.
    words: Vec<String>,
}

/// A line of the table of files; files that differ by their territory only are one.
#[derive(PartialEq, Serialize)]
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

impl Method {
    fn new(files: &[FileInForce], geography: &Geography) -> Self {
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
            "Au moins un fichier ne couvre qu’une partie {} : {}.",
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
    if !of("runs").is_empty() {
        words.push("Les fichiers de la DGFiP ne numérotent pas les mutations : des lignes qui se suivent avec la même date et le même prix en forment une.".into());
    }
    let regrouped = of("regrouped");
    if !regrouped.is_empty() {
        let numbers: u64 = regrouped.iter().filter_map(|file| file.numbers).sum();
        let mutations: u64 = regrouped.iter().map(|file| file.mutations).sum();
        words.push(format!(
            "Une numérotation « regroupée » réunit sous un même numéro toutes les ventes d’un jour à un même prix, où qu’elles soient : prise telle quelle, elle ferait passer des ventes sans rapport pour des ventes de plusieurs biens. Les {} de ces fichiers ont été séparés par commune, section cadastrale et disposition en {}.",
            french::count(numbers as i64, "numéro", "numéros"),
            french::count(mutations as i64, "mutation", "mutations")
        ));
    }
    let sum = |of: fn(&FileInForce) -> u64| batches.iter().map(|file| of(file)).sum::<u64>();
    let former = sum(|file| file.former_lines);
    if former > 0 {
        words.push(format!(
            "{} sur {} sous le code d’une commune qui a fusionné depuis : leurs ventes comptent pour la commune d’aujourd’hui.",
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

#[cfg(test)]
mod tests {
    use super::*;

    fn news(month: &str, years: &[(i16, u64, u64, u64)]) -> db::News {
        let year = |&(year, added, withdrawn, corrected): &(i16, u64, u64, u64)| ReleaseYear {
            year,
            added,
            withdrawn,
            corrected,
        };
        db::News {
            month: month.parse().unwrap(),
            years: years.iter().map(year).collect(),
        }
    }

    fn sentence(parts: &[&db::News]) -> String {
        News::sum(parts).unwrap().sentence()
    }

    #[test]
    fn a_release_is_told_in_a_sentence() {
        assert_eq!(
            sentence(&[&news("2026-10", &[(2025, 12, 0, 0)])]),
            "La version d’octobre 2026 ajoute 12\u{a0}ventes à 2025."
        );
        assert_eq!(
            sentence(&[&news(
                "2027-05",
                &[(2025, 1, 0, 2), (2024, 3, 0, 0), (2023, 2, 1, 0)]
            )]),
            "La version de mai 2027 ajoute 1\u{a0}vente à 2025, 3 à 2024 et 2 à 2023 ; elle retire 1\u{a0}vente de 2023 ; elle corrige 2\u{a0}ventes de 2025."
        );
    }

    #[test]
    fn of_several_former_communes_the_latest_release_counts() {
        let (old, new) = (
            news("2026-04", &[(2025, 5, 0, 0)]),
            news("2026-10", &[(2025, 1, 0, 0)]),
        );
        assert_eq!(
            sentence(&[&old, &new, &new]),
            "La version d’octobre 2026 ajoute 2\u{a0}ventes à 2025."
        );
    }
}
