//! What a declaration of a source of indicators has to be.

use std::collections::BTreeSet;

use super::container::{OneOrMore, TableFormat};
use super::source_kind::SourceKind;
use super::source_section::{SourceSection, WrongDeclaration};
use super::table::{Absence, Indicator, PlaceKind, Rollup, Share, Table};
use crate::base::pattern::YEARS;
use crate::base::words::nearest;

/// Years that an indicator may lie before its edition.
const MOST_YEARS_BEFORE: u16 = 100;

impl<'t> WrongDeclaration<'t> {
    fn of(indicator: &'t str, reason: String) -> Self {
        Self {
            indicator: Some(indicator),
            reason,
        }
    }
}

impl SourceSection for Table {
    const KIND: SourceKind = SourceKind::Table;
    const NAME: &'static str = "table";
    const PURPOSE: &'static str = "says how to read it, such as place = \"CODGEO\" and indicators = [{ id = \"vacants\", column = \"pp_vacant_{yy}\" }]";
    const ORIGIN: Option<&'static str> = None;

    fn validate(&self, known: &BTreeSet<&str>) -> Result<(), WrongDeclaration<'_>> {
        self.container().validate(self.decimal, "table")?;
        column("table.place", &self.place, "CODGEO")?;
        let others = [
            ("table.period", &self.period),
            ("table.distinct", &self.distinct),
            ("table.key", &self.key),
        ];
        for (key, name) in others {
            if name.as_ref().is_some_and(|name| name.trim().is_empty()) {
                return Err(format!(
                    "{key} is empty; the name of a column was expected, such as \"annee\""
                )
                .into());
            }
        }
        if self
            .member
            .as_ref()
            .is_some_and(|name| name.trim().is_empty() || name.contains('/'))
        {
            return Err("table.member is the name of a file in a zip without its folders, such as \"catnat_gaspar.csv\" or \"*.csv\"".into());
        }
        if self.attribution.trim().is_empty() {
            return Err("table.attribution is empty; who made the data was expected, as pages name them, such as \"INSEE, recensement\"".into());
        }
        if self.indicators.is_empty() {
            return Err("table.indicators is empty; at least one was expected, such as { id = \"vacants\", column = \"pp_vacant_{yy}\" }".into());
        }
        for (key, year) in [("edition", self.edition), ("vintage", self.vintage)] {
            if let Some(year) = year.filter(|year| !YEARS.contains(year)) {
                return Err(
                    format!("table.{key} is {year}; a year was expected, such as 2025").into(),
                );
            }
        }
        if self.by_departement && !matches!(self.places, PlaceKind::Commune | PlaceKind::Plot) {
            return Err("table.by_departement is of communes; places = \"commune\" or places = \"plot\" was expected".into());
        }
        if let Some((written, _)) = self.absent.iter().find(|(_, why)| **why == Absence::Merged) {
            return Err(format!("table.absent gives \"{written}\" as \"merged\", which is said of communes that became one; a reason such as \"secret\" or \"unavailable\" was expected").into());
        }
        if self.via.is_some() && self.key.is_some() {
            return Err("table.via and table.key exclude each other: its places are found by the lines of another source, or by its own".into());
        }
        for indicator in &self.indicators {
            let id = &indicator.id;
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
            if id.is_empty() || !id.bytes().all(plain) {
                return Err(WrongDeclaration::of(
                    id,
                    format!(
                        "an indicator is called \"{id}\"; small letters, digits and hyphens were expected, such as \"loyer-maison\""
                    ),
                ));
            }
            indicator
                .validate(known)
                .map_err(|reason| WrongDeclaration::of(id, format!("indicator {id}: {reason}")))?;
            if !self.is_dated(indicator) {
                return Err(WrongDeclaration::of(
                    id,
                    format!(
                        "indicator {id}: nothing tells of which year its values are; {{yy}} or {{year}} in its column, a table.period or a table.edition was expected, such as edition = 2025"
                    ),
                ));
            }
            if self.via.is_some() && !self.joins(indicator) {
                return Err(WrongDeclaration::of(
                    id,
                    format!(
                        "indicator {id}: several lines are of one place where table.via finds it; rollup = \"sum\", or rollup = \"mean\" with a weight of the same table, says how to join them"
                    ),
                ));
            }
        }
        Ok(())
    }
}

impl Table {
    /// Whether it is said how the lines of a place become one value.
    fn joins(&self, indicator: &Indicator) -> bool {
        let is_weighed = || {
            let mut others = self.indicators.iter();
            others.any(|other| indicator.weight.as_ref() == Some(&other.id))
        };
        indicator.share.is_some()
            || indicator.categories.is_empty()
                && match indicator.rollup {
                    Rollup::Sum => true,
                    Rollup::Mean => is_weighed(),
                    Rollup::Median | Rollup::None => false,
                }
    }

    /// Whether something tells the year of the values of an indicator.
    fn is_dated(&self, indicator: &Indicator) -> bool {
        let mut columns = indicator.column.iter().flat_map(OneOrMore::all);
        indicator.share.is_some()
            || self.period.is_some()
            || self.edition.is_some()
            || columns.any(|name| years(name) > 0)
    }

    /// What of it cannot be where its records come page by page.
    ///
    /// # Errors
    /// When it is of another container than they are kept in.
    pub(super) fn validate_pages(&self) -> Result<(), String> {
        match self.format {
            TableFormat::JsonLines => Ok(()),
            _ => Err("the records of [sources.pages] are kept a line each; table.format = \"json-lines\" was expected".into()),
        }
    }

    /// What of `via` cannot be, where `other` is the table of the source that it names.
    ///
    /// # Errors
    /// When it has no key.
    pub(super) fn validate_via(&self, other: Option<&Self>) -> Result<(), String> {
        match (&self.via, other.and_then(|other| other.key.as_ref())) {
            (Some(via), None) => Err(format!(
                "table.via is \"{via}\"; a source of kind \"table\" was expected whose [sources.table] has a key, such as ecoles with key = \"identifiant_de_l_etablissement\""
            )),
            _ => Ok(()),
        }
    }
}

impl Indicator {
    fn validate(&self, known: &BTreeSet<&str>) -> Result<(), String> {
        let ways = [self.column.is_some(), self.count, self.share.is_some()];
        if ways.iter().filter(|way| **way).count() != 1 {
            return Err("one of column, count and share says where it comes from, such as column = \"MED{yy}\"".into());
        }
        if self.years_before > MOST_YEARS_BEFORE {
            return Err(format!(
                "years_before is {}; {MOST_YEARS_BEFORE} at most were expected, such as 1 for what the edition of 2025 tells of 2024",
                self.years_before
            ));
        }
        if let Some(columns) = &self.column {
            column("column", columns, "pp_vacant_{yy}")?;
        }
        if !self.categories.is_empty() && self.rollup != Rollup::None {
            return Err(
                "rollup is of numbers, and categories are none; leave one of them out".into(),
            );
        }
        let share = self.share.iter();
        let shared = share.flat_map(|share| share.parts.iter().chain(&share.of));
        let others = shared
            .chain(&self.weight)
            .chain(&self.beside)
            .chain(&self.instead_of)
            .chain(self.interval.iter().flatten());
        for other in others {
            if *other == self.id {
                return Err("it names itself; another indicator was expected".into());
            }
            if !known.contains(other.as_str()) {
                let others = known.iter().copied().filter(|known| *known != self.id);
                let near = nearest(other, others);
                let near = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
                return Err(format!(
                    "it names the indicator \"{other}\", which no table has{near}"
                ));
            }
        }
        if let Some(share) = &self.share {
            share.validate()?;
        }
        if self.rollup == Rollup::Mean && self.weight.is_none() {
            return Err("rollup = \"mean\" needs a weight, the indicator that weighs, such as weight = \"logements\"".into());
        }
        if !self.ranking.is_empty() && (self.label.is_empty() || !self.categories.is_empty()) {
            return Err("ranking is of numbers that pages show; it needs a label, such as label = \"Loyer d’annonce\", and no categories".into());
        }
        if self.decimals > 4 {
            return Err(format!(
                "decimals is {}; 0 to 4 were expected",
                self.decimals
            ));
        }
        Ok(())
    }
}

impl Share {
    fn validate(&self) -> Result<(), String> {
        if self.parts.is_empty() || self.of.is_empty() {
            return Err("share.parts and share.of name one indicator each at least".into());
        }
        if !(self.times.is_finite() && self.times > 0.0) {
            return Err(format!(
                "share.times is {}; a number above 0 was expected, such as 100 for per cent",
                self.times
            ));
        }
        match self.years {
            0 => Err("share.years is 0; how many of the newest years are added up was expected, 1 or more".into()),
            _ => Ok(()),
        }
    }
}

/// How often a year stands in the name of a column.
fn years(name: &str) -> usize {
    name.matches("{yy}").count() + name.matches("{year}").count()
}

/// What of the names of a column cannot be, of which a file has one.
fn column(key: &str, names: &OneOrMore, example: &str) -> Result<(), String> {
    let is_sound = |name: &String| {
        let years = years(name);
        !name.trim().is_empty() && years <= 1 && name.matches('{').count() == years
    };
    match names.all() {
        [] => Err(format!(
            "{key} has no name; that of a column was expected, such as \"{example}\""
        )),
        names => names.iter().find(|name| !is_sound(name)).map_or(Ok(()), |name| {
            Err(format!(
                "{key} is \"{name}\"; a name with one {{yy}} or {{year}} at most was expected, such as \"{example}\""
            ))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(indicators: &str) -> Result<(), String> {
        let text = format!(
            "place = \"CODGEO\"\nedition = 2025\nattribution = \"INSEE\"\nindicators = [{indicators}]\n"
        );
        let table: Table = toml::from_str(&text).map_err(|error| error.to_string())?;
        let known = table
            .indicators
            .iter()
            .map(|indicator| indicator.id.as_str());
        let valid = table.validate(&known.collect());
        valid.map_err(|wrong| wrong.reason)
    }

    #[test]
    fn a_declaration_that_cannot_be_is_told_with_an_example() {
        for (indicators, told) in [
            ("", "indicators is empty"),
            ("{ id = \"A b\", column = \"x\" }", "\"loyer-maison\""),
            ("{ id = \"a\" }", "column = \"MED{yy}\""),
            (
                "{ id = \"a\", column = \"x\", count = true }",
                "one of column, count and share",
            ),
            (
                "{ id = \"a\", column = \"x_{yy}_{year}\" }",
                "pp_vacant_{yy}",
            ),
            (
                "{ id = \"a\", share = { parts = [\"b\"], of = [\"b\"] } }",
                "which no table has",
            ),
            (
                "{ id = \"a\", column = \"x\", rollup = \"mean\" }",
                "needs a weight",
            ),
            (
                "{ id = \"a\", column = \"x\", colum = \"y\" }",
                "unknown field",
            ),
            ("{ id = \"a\", column = \"x\", decimals = 9 }", "0 to 4"),
            ("{ id = \"a\", column = [] }", "column has no name"),
            ("{ id = \"a\", column = [\"x\", \" \"] }", "column is \" \""),
            ("{ id = \"a\", column = 3 }", "[\"Ecole\", \"Collège\"]"),
            (
                "{ id = \"a\", share = { parts = [\"a\"], of = [\"a\"], times = 0 } }",
                "it names itself",
            ),
            (
                "{ id = \"a\", column = \"nb_{yyyy}\" }",
                "column is \"nb_{yyyy}\"",
            ),
            (
                "{ id = \"a\", column = \"x\", rollup = \"sum\", categories = { A = \"a\" } }",
                "rollup is of numbers",
            ),
            (
                "{ id = \"a\", column = \"x\", ranking = \"Les plus hauts\" }",
                "needs a label",
            ),
            (
                "{ id = \"vacants\", column = \"x\" }, { id = \"a\", column = \"x\", instead_of = \"vacant\" }",
                "which no table has; did you mean vacants?",
            ),
        ] {
            let error = table(indicators).unwrap_err();
            assert!(error.contains(told), "{indicators}: {error}");
        }
        let undated: Table = toml::from_str(
            "place = \"CODGEO\"\nattribution = \"INSEE\"\nindicators = [{ id = \"a\", column = \"x\" }]\n",
        )
        .unwrap();
        let wrong = undated.validate(&BTreeSet::from(["a"])).unwrap_err();
        assert!(wrong.reason.contains("edition = 2025"), "{}", wrong.reason);
        assert_eq!(wrong.indicator, Some("a"));
        let member: Table = toml::from_str(
            "member = \"a/b.csv\"\nplace = \"CODGEO\"\nattribution = \"INSEE\"\nindicators = []\n",
        )
        .unwrap();
        let wrong = member.validate(&BTreeSet::new()).unwrap_err();
        assert!(wrong.reason.contains("table.member"), "{}", wrong.reason);
        table("{ id = \"a\", column = \"x_{yy}\" }, { id = \"b\", share = { parts = [\"a\"], of = [\"a\"] } }").unwrap();
    }

    #[test]
    fn what_is_left_out_is_told_with_an_example() {
        let mut text = String::new();
        for (told, more) in [
            (
                "table.place has no name; that of a column was expected, such as \"CODGEO\"",
                "place = \"C\"\n",
            ),
            ("table.attribution is empty", "attribution = \"INSEE\"\n"),
            (
                "table.indicators is empty",
                "indicators = [{ id = \"a\", column = \"a_{yy}\" }]\n",
            ),
        ] {
            let table: Table = toml::from_str(&text).unwrap();
            let wrong = table.validate(&BTreeSet::from(["a"])).unwrap_err();
            assert!(wrong.reason.contains(told), "{}", wrong.reason);
            text += more;
        }
        let table: Table = toml::from_str(&text).unwrap();
        table.validate(&BTreeSet::from(["a"])).unwrap();
    }

    #[test]
    fn what_finds_its_places_by_another_source_says_how_its_lines_are_joined() {
        let via = |indicators: &str, more: &str| {
            let text = format!(
                "place = \"UAI\"\nvia = \"ecoles\"\nedition = 2025\nattribution = \"a\"\n{more}indicators = [{{ id = \"n\", column = \"n\", rollup = \"sum\" }}, {indicators}]\n"
            );
            let table: Table = toml::from_str(&text).unwrap();
            let valid = table.validate(&BTreeSet::from(["n", "a", "elsewhere"]));
            let valid = valid.map_err(|wrong| wrong.reason);
            valid.map(|()| table)
        };
        for (indicators, more, told) in [
            (
                "{ id = \"a\", column = \"a\" }",
                "",
                "indicator a: several lines",
            ),
            (
                "{ id = \"a\", column = \"a\", rollup = \"median\" }",
                "",
                "rollup = \"mean\"",
            ),
            (
                "{ id = \"a\", column = \"a\", rollup = \"mean\", weight = \"elsewhere\" }",
                "",
                "a weight of the same table",
            ),
            ("", "key = \"UAI\"\n", "exclude each other"),
            (
                "",
                "places = \"epci\"\nby_departement = true\n",
                "places = \"commune\" or",
            ),
        ] {
            let error = via(indicators, more).unwrap_err();
            assert!(error.contains(told), "{indicators}: {error}");
        }
        let mean = "{ id = \"a\", column = \"a\", rollup = \"mean\", weight = \"n\" }";
        let table = via(mean, "").unwrap();
        let with_key = Table {
            via: None,
            key: Some("uai".into()),
            ..table.clone()
        };
        assert_eq!(table.validate_via(Some(&with_key)), Ok(()));
        for other in [None, Some(&table)] {
            let error = table.validate_via(other).unwrap_err();
            assert!(error.contains("key = \"identifiant"), "{error}");
        }
    }
}
