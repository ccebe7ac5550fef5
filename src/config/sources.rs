//! `[fetch]` and `[[sources]]`: where the data comes from, and how it is asked for.

use std::collections::BTreeSet;
use std::num::NonZero;

use jiff::Span;
use jiff::civil::Date;
use reqwest::Url;
use serde::{Deserialize, Serialize};

use super::container::TableFormat;
use super::declaration::WrongDeclaration;
use super::facts::Facts;
use super::grist::GristNotes;
use super::paged::{PagedApi, Token};
use super::table::Table;
use crate::base::address::web_address;
use crate::base::place;

/// How upstream is talked to. Times are in seconds, sizes in megabytes of a million bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fetch {
    /// Address of the data.gouv.fr API, without a slash at its end.
    pub api: String,
    /// Requests and downloads under way at once.
    pub parallel: usize,
    /// Until a connection stands.
    pub connect_timeout: f64,
    /// Between two pieces of an answer.
    pub idle_timeout: f64,
    /// For one file, its retries included.
    pub total_timeout: f64,
    /// Attempts after the first one.
    pub retries: usize,
    /// Before the first retry; it doubles each time, and up to as much again is added at random.
    pub retry_wait: f64,
    /// What a file may weigh as it is sent.
    pub maximum_size: u64,
    /// What a compressed file may hold.
    pub maximum_unpacked: u64,
    /// Whether what upstream answers may lead to an address that is not on the public internet.
    pub allow_private_addresses: bool,
}

impl Fetch {
    /// What of it cannot be.
    pub(super) fn validate(&self) -> Result<(), String> {
        address(&self.api).map_err(|reason| format!("fetch.api {reason}"))?;
        for (key, number, most) in [
            ("parallel", self.parallel as u64, 100),
            ("maximum_size", self.maximum_size, MOST_MEGABYTES),
            ("maximum_unpacked", self.maximum_unpacked, MOST_MEGABYTES),
        ] {
            if !(1..=most).contains(&number) {
                return Err(format!(
                    "fetch.{key} is {number}; 1 to {most} were expected"
                ));
            }
        }
        if self.retries > 100 {
            return Err(format!(
                "fetch.retries is {}; 0 to 100 were expected",
                self.retries
            ));
        }
        // A day: longer times are slips, and far longer ones do not fit in a clock.
        let times = [
            self.connect_timeout,
            self.idle_timeout,
            self.total_timeout,
            self.retry_wait,
        ];
        match times.iter().all(|time| (0.001..=86_400.0).contains(time)) {
            true => Ok(()),
            false => Err("the times of [fetch] are seconds, from 0.001 to 86400".into()),
        }
    }
}

impl Default for Fetch {
    fn default() -> Self {
        Self {
            api: "https://www.data.gouv.fr/api/1".into(),
            parallel: 3,
            connect_timeout: 10.0,
            idle_timeout: 30.0,
            total_timeout: 3600.0,
            retries: 5,
            retry_wait: 1.0,
            maximum_size: 1000,
            maximum_unpacked: 10_000,
            allow_private_addresses: false,
        }
    }
}

/// What the files of a source are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// Sales, comma-separated, with coordinates.
    GeoDvf,
    /// Sales, as the tax office publishes them.
    Dgfip,
    /// Communes, EPCI, départements and régions: the JSON files of `@etalab/decoupage-administratif`.
    Cog,
    /// Contours of communes: GeoJSON.
    Contours,
    /// Indicators of places: a table that the source declares.
    Table,
    /// Facts by place and day: files of a folder, as the source declares them.
    Facts,
    /// Notes on communes: a table of an operator's, as the source declares it.
    Grist,
}

/// The most that a file may be allowed to weigh: a million megabytes.
const MOST_MEGABYTES: u64 = 1_000_000;

/// The items of a source of [`SourceKind::Cog`].
pub const COG_ITEMS: [&str; 4] = ["communes", "epci", "departements", "regions"];

/// Stands for a year in an address.
const YEAR: &str = "{year}";

/// Stands for the code of a département in an address: `95`, `2A`, `974`.
const DEPARTEMENT: &str = "{departement}";

/// The same with three signs: `095`, `02A`, `974`.
const DEPARTEMENT_PADDED: &str = "{departement3}";

/// What sources bring, in the order in which it is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The places of France: sales may be in communes that are new.
    Places,
    /// What their maps are drawn of.
    Contours,
    /// What else is known of them.
    Indicators,
    /// What operators tell of them.
    Notes,
    /// Sales.
    Sales,
    /// What is counted by place and day.
    Facts,
}

impl SourceKind {
    /// What its sources bring. Of places and sales no two sources may be imported for one scope; others replace only what
    /// is their own.
    pub fn subject(self) -> Subject {
        match self {
            Self::Cog => Subject::Places,
            Self::Contours => Subject::Contours,
            Self::Table => Subject::Indicators,
            Self::Grist => Subject::Notes,
            Self::GeoDvf | Self::Dgfip => Subject::Sales,
            Self::Facts => Subject::Facts,
        }
    }

    /// The items that each of its sources has, where these are always the same.
    fn items(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Cog => Some(&COG_ITEMS),
            Self::Contours
            | Self::Table
            | Self::Facts
            | Self::Grist
            | Self::GeoDvf
            | Self::Dgfip => None,
        }
    }
}

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
        self.dataset.is_some() || !self.urls.is_empty() || self.grist.is_some()
    }

    /// What of the source cannot be.
    pub(super) fn validate(&self, indicators: &BTreeSet<&str>) -> Result<(), WrongDeclaration<'_>> {
        let id = &self.id;
        if id.is_empty()
            || !id
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        {
            return Err("its id is none; small letters, digits and hyphens were expected".into());
        }
        let wrong = |what: String| Err(WrongDeclaration::from(what));
        let of_kind = |kind| self.kind == kind;
        let is_table = of_kind(SourceKind::Table);
        if let Some(table) = section(
            &self.table,
            is_table,
            "table",
            "says how to read it, such as place = \"CODGEO\" and indicators = [{ id = \"vacants\", column = \"pp_vacant_{yy}\" }]",
        )? {
            table.validate(indicators)?;
        }
        let is_facts = of_kind(SourceKind::Facts);
        if let Some(facts) = section(
            &self.facts,
            is_facts,
            "facts",
            "says how to read it, such as folder = \"flux-vision\", files = [\"Nuitee_{year}B*_Cantal.csv\"], date = \"Date\"",
        )? {
            facts.validate()?;
        }
        let is_grist = of_kind(SourceKind::Grist);
        if let Some(grist) = section(
            &self.grist,
            is_grist,
            "grist",
            "says which table it is, such as doc = \"kHq3ZrNcMqvA\", table = \"Informations\", operator = \"Mairie de Toulon\"",
        )? {
            grist.validate()?;
        }
        let is_elsewhere = self.dataset.is_some() || !self.urls.is_empty();
        if is_facts && is_elsewhere {
            return wrong("its files come from facts.folder; it has no dataset and no urls".into());
        }
        if is_grist && is_elsewhere {
            return wrong("its rows come from grist.table; it has no dataset and no urls".into());
        }
        // Tables may come by hand alone, facts do, and notes have an address of their own.
        if !(is_elsewhere || is_table || is_facts || is_grist) {
            return wrong("it has neither a dataset nor urls".into());
        }
        if self.dataset.is_some() == self.resources.is_empty() {
            return wrong(
                "dataset and resources go together: one says where, the other which files".into(),
            );
        }
        if let Some(dataset) = &self.dataset
            && (dataset.is_empty()
                || !dataset
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)))
        {
            return wrong(format!(
                "its dataset is \"{dataset}\"; the id or the slug of a dataset was expected"
            ));
        }
        if let Some(pages) = &self.pages {
            if self.kind != SourceKind::Table || self.urls.is_empty() || self.dataset.is_some() {
                return wrong("[sources.pages] is of a source of kind \"table\" with the urls of first pages, such as urls = [\"https://data.example.org/lines?size=10000&departement_eq={departement}\"]".into());
            }
            pages.validate()?;
            let format = self.table.as_ref().map(|table| table.format);
            if format != Some(TableFormat::JsonLines) {
                return wrong("the records of [sources.pages] are kept a line each; table.format = \"json-lines\" was expected".into());
            }
            let exchange = pages
                .token
                .iter()
                .filter_map(|token| token.exchange.as_ref());
            for exchange in exchange {
                address(&exchange.url)
                    .map_err(|reason| format!("pages.token.exchange.url {reason}"))?;
            }
        }
        let mut items = BTreeSet::new();
        for url in &self.urls {
            address(url).map_err(|reason| format!("one of its urls {reason}"))?;
            let is_hash =
                |hash: &str| hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
            let by_departement = url.contains(DEPARTEMENT) || url.contains(DEPARTEMENT_PADDED);
            let marks = [(url.contains(YEAR), YEAR), (by_departement, DEPARTEMENT)];
            let marks: Vec<_> = marks.iter().filter(|(has, _)| *has).collect();
            if marks.len() > 1 {
                return wrong(
                    "one of its urls has both {year} and {departement}; one of them was expected"
                        .into(),
                );
            }
            if url.contains('#') && !(marks.is_empty() && Self::sha256(url).is_some_and(is_hash)) {
                return wrong("one of its urls has a # that is not followed by sha256= and 64 hexadecimal digits, of a file without {year}".into());
            }
            let item = marks
                .first()
                .map_or_else(|| Self::item(url), |(_, mark)| mark);
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
            if marks.is_empty() && (item.is_empty() || !item.bytes().all(plain)) {
                return wrong("one of its urls ends in no plain file name".into());
            }
            if !items.insert(item) {
                return wrong(format!("two of its urls are of the file {item}"));
            }
        }
        if let Some(expected) = self.kind.items()
            && (self.dataset.is_some() || items != expected.iter().copied().collect())
        {
            return wrong(format!(
                "urls of the files {} were expected, and nothing else",
                expected.join(", ")
            ));
        }
        if !(1..=20).contains(&self.years) {
            return wrong(format!("years is {}; 1 to 20 were expected", self.years));
        }
        if let Some(every) = &self.every
            && self.period().is_none_or(|period| !period.is_positive())
        {
            return wrong(format!(
                "every is \"{every}\"; a span of time such as \"6 months\" was expected"
            ));
        }
        Ok(())
    }
}

/// The section that says how a source of a kind is read: each of this kind has one, and no other does.
///
/// # Errors
/// When it is missing, or is there for nothing; `purpose` says what it is for, with an example.
fn section<'s, S>(
    declared: &'s Option<S>,
    is_of_kind: bool,
    kind: &str,
    purpose: &str,
) -> Result<Option<&'s S>, String> {
    match (declared, is_of_kind) {
        (None, true) => Err(format!(
            "it is of kind \"{kind}\", and has no [sources.{kind}] that {purpose}"
        )),
        (Some(_), false) => Err(format!(
            "only a source of kind \"{kind}\" has a [sources.{kind}]"
        )),
        (declared, _) => Ok(declared.as_ref()),
    }
}

/// An address of the configuration, `{year}` in it left as it is. What is wrong with it is told without showing it, for it
/// may hold a password.
fn address(text: &str) -> Result<Url, &'static str> {
    web_address(text).ok_or_else(|| match Url::parse(text) {
        Ok(_) => "does not begin with http:// or https://",
        Err(_) => "is not an address; one such as https://example.org/{year}.csv.gz was expected",
    })
}
