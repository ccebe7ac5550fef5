//! `[[sources]]`: where the data comes from, and how it is asked for.

use std::collections::BTreeSet;
use std::num::NonZero;

use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::address::address;
use super::facts::Facts;
use super::grist::GristNotes;
use super::paged::{PagedApi, Token};
use super::source_kind::SourceKind;
use super::source_section::{SourceSection, WrongDeclaration};
use super::table::Table;
use crate::base::place;

/// Stands for a year in an address.
const YEAR: &str = "{year}";

/// Stands for the code of a département in an address: `95`, `2A`, `974`.
const DEPARTEMENT: &str = "{departement}";

/// The same with three signs: `095`, `02A`, `974`.
const DEPARTEMENT_PADDED: &str = "{departement3}";

/// A source of data: one table `[[sources]]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its name on the command line and in the folder of downloads.
    pub id: String,
    /// What its files are.
    pub kind: SourceKind,
    /// Whether `check`, `fetch` and `update` look at it.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Whether `update` imports what it fetched. Otherwise the files wait in the folder of downloads.
    #[serde(default = "yes")]
    pub import: bool,
    /// Id or slug of a data.gouv.fr dataset; it is asked first.
    pub dataset: Option<String>,
    /// Which of the dataset's resources are meant: a resource whose title or file name is one of these, where `{year}`
    /// stands for four digits and `*` for anything.
    #[serde(default)]
    pub resources: Vec<String>,
    /// Addresses of files: where there is no dataset, or its API cannot be asked. One with `{year}` is of a file a year, one
    /// with `{departement}` of a file a département; one with neither may end in `#sha256=` and the hash that the file has to
    /// have.
    #[serde(default)]
    pub urls: Vec<String>,
    /// How many years `{year}` of an address goes back, this one included.
    #[serde(default = "six")]
    pub years: u16,
    /// How many requests a minute its servers are asked at most.
    pub per_minute: Option<NonZero<u16>>,
    /// How an API gives its records, where they are no files.
    pub pages: Option<PagedApi>,
    /// How often something new is expected, such as `6 months`.
    pub every: Option<String>,
    /// What the files cover, as `immostats import --scope` takes it; otherwise their contents tell.
    pub scope: Option<String>,
    /// How the files of a source of [`SourceKind::Table`] are read.
    pub table: Option<Table>,
    /// How the files of a source of [`SourceKind::Facts`] are read.
    pub facts: Option<Facts>,
    /// The table of a source of [`SourceKind::Grist`].
    pub grist: Option<GristNotes>,
}

fn yes() -> bool {
    true
}

fn six() -> u16 {
    6
}

impl Source {
    /// [`Source::every`] as a span of time.
    fn period(&self) -> Option<Span> {
        self.every.as_deref().and_then(|every| every.parse().ok())
    }

    /// The day by which something newer than what was released on a day is expected; `None` where nothing is.
    pub fn next_expected(&self, released: Date) -> Option<Date> {
        released.checked_add(self.period()?).ok()
    }

    /// What says who asks its servers, where they want to know.
    pub fn token(&self) -> Option<Token> {
        let of_pages = self.pages.as_ref().and_then(|pages| pages.token.clone());
        of_pages.or_else(|| self.grist.as_ref().map(GristNotes::token))
    }

    /// The address of each file that one of [`Source::urls`] stands for, with the name of its item: the year, newest last, or the
    /// code of the département, where the address has a place for it.
    pub fn files_of(&self, url: &str, this_year: i16) -> Vec<(String, String)> {
        if url.contains(YEAR) {
            let back = i16::try_from(self.years).unwrap_or(1);
            let years = (0..back).rev().map(|back| (this_year - back).to_string());
            return years.map(|year| (url.replace(YEAR, &year), year)).collect();
        }
        if url.contains(DEPARTEMENT) || url.contains(DEPARTEMENT_PADDED) {
            let address = |code: &str| {
                let url = url.replace(DEPARTEMENT_PADDED, &format!("{code:0>3}"));
                url.replace(DEPARTEMENT, code)
            };
            let codes = place::departements().into_iter();
            return codes.map(|code| (address(&code), code)).collect();
        }
        vec![(url.to_owned(), Self::item(url).to_owned())]
    }

    /// What the file at an address of one file is called: the file's name up to its first dot.
    pub fn item(url: &str) -> &str {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default();
        name.split('.').next().unwrap_or_default()
    }

    /// The year that an item is called by: other numbers are codes of départements and communes.
    pub fn year(item: &str) -> Option<i16> {
        item.parse().ok().filter(|_| item.len() == 4)
    }

    /// The SHA-256 that the file at an address has to have, where the address names one: 64 hexadecimal digits.
    pub fn sha256(url: &str) -> Option<&str> {
        url.split_once("#sha256=").map(|(_, hash)| hash)
    }

    /// Whether there is somewhere to look for its files.
    pub(super) fn is_upstream(&self) -> bool {
        self.is_elsewhere() || self.grist.is_some()
    }

    /// What of the source cannot be.
    ///
    /// # Errors
    /// When there is something.
    pub(super) fn validate(&self, indicators: &BTreeSet<&str>) -> Result<(), WrongDeclaration<'_>> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if self.id.is_empty() || !self.id.bytes().all(plain) {
            return Err("its id is none; small letters, digits and hyphens were expected".into());
        }
        let sections = [
            self.validate_section(self.table.as_ref(), indicators)?,
            self.validate_section(self.facts.as_ref(), indicators)?,
            self.validate_section(self.grist.as_ref(), indicators)?,
        ];
        // What has a section has an address of its own, or may come by hand alone.
        if !(self.is_elsewhere() || sections.contains(&true)) {
            return Err("it has neither a dataset nor urls".into());
        }
        self.validate_dataset()?;
        self.validate_pages()?;
        self.validate_urls()?;
        if !(1..=20).contains(&self.years) {
            return Err(format!("years is {}; 1 to 20 were expected", self.years).into());
        }
        if let Some(every) = &self.every
            && self.period().is_none_or(|period| !period.is_positive())
        {
            return Err(format!(
                "every is \"{every}\"; a span of time such as \"6 months\" was expected"
            )
            .into());
        }
        Ok(())
    }

    /// Whether its files are those of a dataset or of addresses.
    fn is_elsewhere(&self) -> bool {
        self.dataset.is_some() || !self.urls.is_empty()
    }

    /// Gives whether it has a section: each source of the section's kind has one that is right, and no other does.
    fn validate_section<'s, S: SourceSection>(
        &self,
        declared: Option<&'s S>,
        indicators: &BTreeSet<&str>,
    ) -> Result<bool, WrongDeclaration<'s>> {
        let (name, purpose) = (S::NAME, S::PURPOSE);
        match (declared, self.kind == S::KIND) {
            (None, false) => return Ok(false),
            (None, true) => {
                return Err(format!(
                    "it is of kind \"{name}\", and has no [sources.{name}] that {purpose}"
                )
                .into());
            }
            (Some(_), false) => {
                return Err(
                    format!("only a source of kind \"{name}\" has a [sources.{name}]").into(),
                );
            }
            (Some(section), true) => section.validate(indicators)?,
        }
        match S::ORIGIN {
            Some(origin) if self.is_elsewhere() => {
                Err(format!("{origin}; it has no dataset and no urls").into())
            }
            _ => Ok(true),
        }
    }

    fn validate_dataset(&self) -> Result<(), String> {
        if self.dataset.is_some() == self.resources.is_empty() {
            return Err(
                "dataset and resources go together: one says where, the other which files".into(),
            );
        }
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
        match &self.dataset {
            Some(dataset) if dataset.is_empty() || !dataset.bytes().all(plain) => Err(format!(
                "its dataset is \"{dataset}\"; the id or the slug of a dataset was expected"
            )),
            _ => Ok(()),
        }
    }

    fn validate_pages(&self) -> Result<(), String> {
        let Some(pages) = &self.pages else {
            return Ok(());
        };
        match &self.table {
            Some(table) if !self.urls.is_empty() && self.dataset.is_none() => {
                pages.validate()?;
                table.validate_pages()
            }
            _ => Err("[sources.pages] is of a source of kind \"table\" with the urls of first pages, such as urls = [\"https://data.example.org/lines?size=10000&departement_eq={departement}\"]".into()),
        }
    }

    fn validate_urls(&self) -> Result<(), String> {
        let mut items = BTreeSet::new();
        for url in &self.urls {
            address(url).map_err(|reason| format!("one of its urls {reason}"))?;
            let is_hash =
                |hash: &str| hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
            let by_departement = url.contains(DEPARTEMENT) || url.contains(DEPARTEMENT_PADDED);
            let marks = [(url.contains(YEAR), YEAR), (by_departement, DEPARTEMENT)];
            let marks: Vec<_> = marks.iter().filter(|(has, _)| *has).collect();
            if marks.len() > 1 {
                return Err(
                    "one of its urls has both {year} and {departement}; one of them was expected"
                        .into(),
                );
            }
            if url.contains('#') && !(marks.is_empty() && Self::sha256(url).is_some_and(is_hash)) {
                return Err("one of its urls has a # that is not followed by sha256= and 64 hexadecimal digits, of a file without {year}".into());
            }
            let item = marks
                .first()
                .map_or_else(|| Self::item(url), |(_, mark)| mark);
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
            if marks.is_empty() && (item.is_empty() || !item.bytes().all(plain)) {
                return Err("one of its urls ends in no plain file name".into());
            }
            if !items.insert(item) {
                return Err(format!("two of its urls are of the file {item}"));
            }
        }
        if let Some(expected) = self.kind.items()
            && (self.dataset.is_some() || items != expected.iter().copied().collect())
        {
            return Err(format!(
                "urls of the files {} were expected, and nothing else",
                expected.join(", ")
            ));
        }
        Ok(())
    }
}
