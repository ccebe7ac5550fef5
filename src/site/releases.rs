//! What is known of the releases: what each changed last in each commune, and which files are in force.

use std::collections::BTreeMap;

use super::block::news::News;
use crate::db::{self, FileInForce};
use crate::geo::{Geography, departement_of};

/// What a file of the whole country covers.
const COUNTRY: &str = "FR";

fn published(files: &[FileInForce]) -> BTreeMap<String, String> {
    let mut published = BTreeMap::<String, String>::new();
    for (code, day) in files
        .iter()
        .filter_map(|file| Some((&file.territory, file.released.as_ref()?)))
        .flat_map(|(codes, day)| codes.iter().map(move |code| (code, day)))
    {
        let latest = published.entry(code.clone()).or_default();
        if *day > *latest {
            latest.clone_from(day);
        }
    }
    published
}

/// The releases that the database knows.
#[derive(Clone, Debug, Default)]
pub struct Releases {
    /// By code of today's commune, arrondissements and their cities among them.
    news: BTreeMap<String, News>,
    /// By code of département.
    departement_news: BTreeMap<String, News>,
    /// Of all communes together.
    latest: Option<News>,
    files: Vec<FileInForce>,
    /// The latest day on which a file in force was published, by what it covers.
    published: BTreeMap<String, String>,
}

impl Releases {
    /// `news` is by commune as the files name them; it is told of today's.
    pub fn new(
        geography: &Geography,
        news: &BTreeMap<String, db::News>,
        files: Vec<FileInForce>,
    ) -> Self {
        let latest = News::sum(&news.values().collect::<Vec<_>>());
        let mut parts = BTreeMap::<&str, Vec<&db::News>>::new();
        let mut of_departements = BTreeMap::<&str, Vec<&db::News>>::new();
        for (code, news) in news {
            let departement = departement_of(code);
            of_departements.entry(departement).or_default().push(news);
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
        let summed = |parts: BTreeMap<&str, Vec<&db::News>>| {
            let places = parts.into_iter();
            places
                .filter_map(|(code, parts)| Some((code.to_owned(), News::sum(&parts)?)))
                .collect()
        };
        Self {
            news: summed(parts),
            departement_news: summed(of_departements),
            latest,
            published: published(&files),
            files,
        }
    }

    /// Of a commune of today.
    pub(super) fn news(&self, code: &str) -> Option<&News> {
        self.news.get(code)
    }

    /// Of a département.
    pub(super) fn departement_news(&self, code: &str) -> Option<&News> {
        self.departement_news.get(code)
    }

    /// What the latest of all changed, wherever that was.
    pub(super) fn latest(&self) -> Option<&News> {
        self.latest.as_ref()
    }

    /// The day of the latest file in force of a commune, a département or, of `FR`, of the country; `None` where none is known.
    pub(super) fn published(&self, territory: &str) -> Option<&str> {
        let departement = departement_of(territory);
        let files = [territory, departement, COUNTRY].into_iter();
        let days = files.filter_map(|code| self.published.get(code));
        days.max().map(String::as_str)
    }

    /// The day of the latest file in force of all.
    pub(super) fn last_published(&self) -> Option<&str> {
        self.published.values().max().map(String::as_str)
    }

    /// The files in force that have sales of a département.
    pub(super) fn files_of(&self, departement: &str) -> Vec<&FileInForce> {
        let concerns = |file: &&FileInForce| {
            let mut codes = file.territory.iter();
            codes.any(|code| code == COUNTRY || code.starts_with(departement))
        };
        self.files.iter().filter(concerns).collect()
    }

    /// The files whose sales are in force.
    pub(super) fn files(&self) -> &[FileInForce] {
        &self.files
    }
}
