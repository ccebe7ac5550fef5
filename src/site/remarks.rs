//! What somebody may have meant otherwise in the settings or the templates: no reason to stop, but to be told of.

use super::Site;

impl Site<'_> {
    /// A sentence for each note that is shown nowhere, each département of the settings that has no page, and each template
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
        notes
            .chain(departements)
            .chain(self.theme.unused.iter().cloned())
            .collect()
    }

    fn on_note(&self, territory: &str) -> Option<String> {
        let geography = self.geography;
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
