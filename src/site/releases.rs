//! What is known of the releases: what each changed last in each commune, and which files are in force.

use std::collections::BTreeMap;

use super::block::news::News;
use crate::db::{self, FileInForce};
use crate::geo::Geography;

/// The releases that the database knows.
#[derive(Clone, Debug, Default)]
pub struct Releases {
    /// By code of today's commune, arrondissements and their cities among them.
    news: BTreeMap<String, News>,
    /// Of all communes together.
    latest: Option<News>,
    files: Vec<FileInForce>,
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
            latest,
            files,
        }
    }

    /// Of a commune of today.
    pub(super) fn news(&self, code: &str) -> Option<&News> {
        self.news.get(code)
    }

    /// What the latest of all changed, wherever that was.
    pub(super) fn latest(&self) -> Option<&News> {
        self.latest.as_ref()
    }

    /// The files whose sales are in force.
    pub(super) fn files(&self) -> &[FileInForce] {
        &self.files
    }
}
