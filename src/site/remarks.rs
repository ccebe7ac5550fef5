//! What somebody may have meant otherwise in the settings or the templates: no reason to stop, but to be told of.

use super::Site;
use crate::base::words::first_codes;

impl Site<'_> {
    /// A sentence for each remark or local note that is shown nowhere, each département of the settings that has no page, and each template
    /// that nothing uses.
    pub fn remarks(&self) -> Vec<String> {
        let notes = self.config.notes.iter();
        let notes = notes.filter_map(|note| self.on_note(&note.territory));
        let chosen = self.config.site.departements.iter();
        let pageless =
            chosen.filter(|code| !self.departements.iter().any(|one| one.code == **code));
        let departements = pageless.map(|code| {
            format!("site.departements names {code}, of which no sale was imported; it has no page")
        });
        let pageless = self.atlas.noted_communes().filter(|code| {
            let commune = self.geography.commune(code);
            !commune.is_some_and(|commune| self.has_page(commune))
        });
        let pageless: Vec<_> = pageless.collect();
        let unseen = (!pageless.is_empty()).then(|| {
            format!(
                "operators have notes on communes without a page, which are shown nowhere: {}",
                first_codes(pageless.iter().copied())
            )
        });
        notes
            .chain(unseen)
            .chain(departements)
            .chain(self.theme.unused.iter().cloned())
            .collect()
    }

    fn on_note(&self, territory: &str) -> Option<String> {
        let geography = self.geography;
        if let Some(commune) = geography
            .commune(territory)
            .filter(|commune| !self.has_page(commune))
        {
            return Some(format!(
                "a note is on {territory} ({}), which has no page; it is shown nowhere",
                commune.name
            ));
        }
        let known = territory == "FR"
            || geography.commune(territory).is_some()
            || geography.epci(territory).is_some()
            || geography.departement(territory).is_some();
        (!known).then(|| match geography.current(territory) {
            Some(today) => format!(
                "a note is on {territory}, which is a part of {} ({}) today; it is shown nowhere, give it today's code",
                today.name, today.code
            ),
            None => format!(
                "a note is on {territory}, which is no commune, EPCI or département; it is shown nowhere"
            ),
        })
    }
}
