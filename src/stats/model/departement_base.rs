//! What the model of a département comes from.

use std::borrow::Cow;

use super::coded_sales::{CodeRows, CodedSales};
use super::departement::DepartementModel;
use crate::base::month::Month;
use crate::db::{DbError, SaleColumns};
use crate::geo;

/// What the model of a département comes from.
pub(super) struct DepartementBase<'a> {
    months: &'a [Month],
    /// Codes that stand in the files, with the commune that each stands for, where it is known.
    pub sources: Vec<(&'a str, Option<&'a str>)>,
    pub digest: blake3::Hash,
}

/// What gives the sales by the département that codes in the files begin with.
pub(crate) trait LoadSales<'s>:
    Fn(&str) -> Result<Cow<'s, SaleColumns>, DbError> + Sync
{
}

impl<'s, F: Fn(&str) -> Result<Cow<'s, SaleColumns>, DbError> + Sync> LoadSales<'s> for F {}

impl<'a> DepartementBase<'a> {
    pub(super) fn new<'d>(
        months: &'a [Month],
        sources: impl Iterator<Item = (&'a str, Option<&'a str>, &'d [u8; 32])>,
    ) -> Self {
        let mut hasher = blake3::Hasher::new();
        for month in months {
            hasher.update(month.to_string().as_bytes());
        }
        let sources = sources.map(|(code, commune, digest)| {
            hasher.update(code.as_bytes()).update(digest);
            hasher.update(commune.unwrap_or("-").as_bytes());
            (code, commune)
        });
        Self {
            months,
            sources: sources.collect(),
            digest: hasher.finalize(),
        }
    }

    /// The last covered month.
    pub(super) fn last(&self) -> Month {
        self.months.last().copied().unwrap_or(Month::MIN)
    }

    pub(super) fn make<'s>(&self, load: &impl LoadSales<'s>) -> Result<DepartementModel, DbError> {
        self.with_parts(load, |parts| DepartementModel::new(self.months, parts))
    }

    /// Does something with its sales.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(super) fn with_parts<'s, T>(
        &self,
        load: &impl LoadSales<'s>,
        make: impl FnOnce(&[CodedSales<'_>]) -> T,
    ) -> Result<T, DbError> {
        let parts = self
            .sources
            .chunk_by(|a, b| geo::departement_of(a.0) == geo::departement_of(b.0));
        let loaded = parts.map(|sources| {
            let sales = load(geo::departement_of(sources[0].0))?;
            Ok((sales, sources))
        });
        let loaded = loaded.collect::<Result<Vec<_>, DbError>>()?;
        let parts = loaded.iter().map(|(sales, sources)| {
            let mut rows = sales.by_commune();
            let communes = sources.iter().filter_map(|&(code, today)| {
                let rows = rows.remove(code)?;
                Some(CodeRows { code, today, rows })
            });
            CodedSales {
                sales,
                communes: communes.collect(),
            }
        });
        Ok(make(&parts.collect::<Vec<_>>()))
    }
}
