//! What the latest release that touched a commune changed there, in years that it did not open.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::schema::MonthText;
use crate::base::month::Month;
use crate::db::{self, ReleaseYear};
use crate::site::french;

/// `last_release` in the data file; the templates see its [`sentence`](News::sentence) as `page.news`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(
    description = "Ce que la dernière version des données qui a touché la commune y a changé, pour les années déjà couvertes ; null s’il n’y en a aucune."
)]
pub(crate) struct News {
    #[schemars(with = "MonthText", description = "Mois de parution.")]
    month: Month,
    /// The latest first.
    #[schemars(description = "", length(min = 1))]
    years: Vec<NewsYear>,
}

/// Sales of a year that a release changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(description = "")]
struct NewsYear {
    #[schemars(regex(pattern = "^[0-9]{4}$"))]
    year: String,
    #[schemars(description = "Ventes ajoutées.")]
    added: u64,
    #[schemars(description = "Ventes retirées.")]
    withdrawn: u64,
    #[schemars(description = "Ventes dont le prix ou la surface a changé.")]
    corrected: u64,
}

impl News {
    /// Of a place from those of its parts: the latest release that touched any of them.
    pub(crate) fn sum(parts: &[&db::News]) -> Option<Self> {
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
    pub(crate) fn sentence(&self) -> String {
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
            french::of_month(&french::month(self.month)),
            clauses.join("\u{202f}; elle ")
        )
    }
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
            "La version de mai 2027 ajoute 1\u{a0}vente à 2025, 3 à 2024 et 2 à 2023\u{202f}; elle retire 1\u{a0}vente de 2023\u{202f}; elle corrige 2\u{a0}ventes de 2025."
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
