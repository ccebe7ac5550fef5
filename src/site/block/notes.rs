//! What the operator has to say of a place.

use schemars::JsonSchema;
use serde::Serialize;

use crate::geo::Commune;
use crate::site::Site;

/// `page.notes` in the templates and `notes` in the data file.
#[derive(Clone, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline, description = "Remarques sur la commune ou son département.")]
pub(crate) struct Notes<'s>(#[schemars(inner(length(min = 1)))] Vec<&'s str>);

impl<'s> Notes<'s> {
    /// Notes on territories, by their codes.
    pub(crate) fn on(site: &'s Site<'_>, territories: &[&str]) -> Self {
        let notes = site.config.notes.iter();
        let notes = notes.filter(|note| territories.contains(&note.territory.as_str()));
        Self(notes.map(|note| note.text.as_str()).collect())
    }

    /// Whether there is none.
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Notes on a commune, on the city of an arrondissement, or on their département.
    pub(crate) fn on_commune(site: &'s Site<'_>, commune: &Commune) -> Self {
        let mut territories = vec![commune.code.as_str(), &commune.departement];
        territories.extend(commune.parent.as_deref());
        Self::on(site, &territories)
    }
}
