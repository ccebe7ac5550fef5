//! The page of an EPCI: a communauté de communes, d'agglomération or urbaine, or a métropole.

use std::borrow::Cow;

use itertools::Itertools;
use serde::Serialize;

use crate::base::place::Level;
use crate::geo::{Commune, Epci, EpciKind, Geography, sort_key};
use crate::site::block::absence::Absence;
use crate::site::block::notes::Notes;
use crate::site::block::places::PlaceRow;
use crate::site::frame::{Frame, Link};
use crate::site::maker::{Pages, Sheet};
use crate::site::{Site, french, path};

/// What the page shows besides the figures of the EPCI.
#[derive(Serialize)]
pub(super) struct EpciPage<'s> {
    name: String,
    /// "dans la métropole de Lyon", "au Havre Seine Métropole"
    within: String,
    /// Communes in all, with a page or without.
    communes: usize,
    /// Where they lie: "du Var", "de l’Ain et du Rhône".
    departements: String,
    notes: Notes<'s>,
    /// Why DVF covers none of it.
    absence: Option<Absence>,
    /// The départements of which DVF leaves the communes out, where it covers others.
    left_out: Option<String>,
    /// Its communes that have a page, by name.
    places: Vec<PlaceRow>,
}

/// The pages of EPCI.
pub(super) struct EpciPages;

impl Pages for EpciPages {
    const TEMPLATE: &'static str = "epci.html";
    type Facts<'s> = EpciPage<'s>;

    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        let epcis = site.geography.epcis().iter();
        epcis
            .filter(|epci| members(site.geography, epci).any(|commune| site.has_page(commune)))
            .map(|epci| epci.code.as_str().into())
            .collect()
    }

    fn sheet<'s>(&self, site: &'s Site<'_>, code: &str) -> Option<Sheet<'s, EpciPage<'s>>> {
        let geography = site.geography;
        let epci = geography.epci(code)?;
        let code = &epci.code;
        let departements: Vec<_> = members(geography, epci)
            .filter_map(|commune| geography.departement(&commune.departement))
            .unique_by(|departement| &departement.code)
            .sorted_by_key(|departement| &departement.code)
            .collect();
        let left_out: Vec<_> = departements
            .iter()
            .filter(|departement| Absence::of(&departement.code).is_some())
            .collect();
        let all_left_out = left_out.len() == departements.len();
        let absence = left_out.first().filter(|_| all_left_out);
        let some_left_out = !all_left_out && !left_out.is_empty();
        let left_out: Vec<_> = left_out.iter().map(|part| part.full_of()).collect();

        let mut communes: Vec<_> = members(geography, epci)
            .filter(|commune| site.has_page(commune))
            .collect();
        communes.sort_by_cached_key(|commune| (sort_key(&commune.name), commune.code.clone()));

        // Of an EPCI that lies in several, no single one is above it.
        let mut trail = Vec::new();
        let regions = departements.iter().map(|part| &part.region).unique();
        if let Ok(region) = regions.exactly_one()
            && let Some(region) = geography.region(region)
        {
            trail.push(Link::new(&region.name, path::REGION.address(&region.code)));
        }
        if let [departement] = departements[..] {
            let path = path::DEPARTEMENT.address(&departement.code);
            trail.push(Link::new(&departement.name, path));
        }

        let (name, within) = name_and_within(epci);
        let of: Vec<_> = departements.iter().map(|part| part.full_of()).collect();
        let facts = EpciPage {
            name,
            within,
            communes: epci.members.len(),
            departements: french::name(&french::list(&of)),
            notes: Notes::on(site, &[code]),
            absence: absence.and_then(|departement| Absence::of(&departement.code)),
            left_out: some_left_out.then(|| french::name(&french::list(&left_out))),
            places: communes
                .into_iter()
                .map(|commune| PlaceRow::commune(site, commune))
                .collect(),
        };
        Some(Sheet {
            frame: Frame::new(
                site,
                path::EPCI.address(code),
                trail,
                site.summary(Level::Epci, code),
            ),
            facts,
            entry: site.entry(Level::Epci, code),
        })
    }
}

fn members<'g>(geography: &'g Geography, epci: &'g Epci) -> impl Iterator<Item = &'g Commune> {
    let codes = epci.members.iter();
    codes.filter_map(|code| geography.commune(code))
}

/// Words by which an EPCI names itself, so that its legal form before them would say the same twice.
const OWN_FORMS: [&str; 4] = ["Communauté", "Agglo", "Agglomération", "Métropole"];

/// The name of an EPCI as a text has it, and the same after "dans" or "à". The official names begin with an abbreviation of
/// the legal form and may end with that of the name: "CC du Pays Houdanais (CCPH)".
pub(super) fn name_and_within(epci: &Epci) -> (String, String) {
    let own = printed(&epci.name);
    let (form, own) = match epci.kind {
        EpciKind::Metropole | EpciKind::MetropoleDeLyon => (None, own.as_str()),
        kind => {
            let own = own.split_once(' ').map_or(own.as_str(), |(_, own)| own);
            (Some(french::name(kind.label())), own)
        }
    };
    let first = own.split(' ').next().unwrap_or_default();
    if let Some(rest) = own.strip_prefix("Métropole ") {
        return (own.to_owned(), format!("dans la métropole {rest}"));
    }
    match first {
        "Communauté" => return (own.to_owned(), format!("dans la {own}")),
        "Agglo" | "Agglomération" | "Eurométropole" => {
            return (own.to_owned(), format!("dans l’{own}"));
        }
        _ => {}
    }
    let named_itself = own
        .split([' ', '-', '’'])
        .any(|word| OWN_FORMS.contains(&word));
    match form {
        Some(form) if !named_itself || first.starts_with(char::is_lowercase) => {
            let name = format!("{form} {own}");
            let within = format!("dans la {name}");
            let mut letters = name.chars();
            let capital = letters.next().map(|first| first.to_uppercase());
            let name = capital.into_iter().flatten().chain(letters).collect();
            (name, within)
        }
        _ => (own.to_owned(), french::at(own)),
    }
}

/// An official name without its abbreviation at the end, with the signs of print.
fn printed(name: &str) -> String {
    let plain = name
        .replace("''", "\"")
        .replace("- ", "-")
        .replace(" -", " – ");
    let plain = plain.split('(').next().unwrap_or_default();
    let words = plain.split_whitespace().join(" ");
    let parts: Vec<_> = words.split('"').collect();
    let quoted = match parts[..] {
        // The whole name is in quotes, after the abbreviation of its form.
        [before, all, ""] if before.trim().len() == 2 => format!("{before}{all}"),
        [before, some, after] => format!("{before}«\u{a0}{some}\u{a0}»{after}"),
        _ => words,
    };
    french::name(&quoted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::cog;

    #[test]
    fn names_are_those_of_a_text() {
        let geography = cog::embedded().unwrap();
        let named = |name: &str| {
            let mut all = geography.epcis().iter();
            let epci = all.find(|epci| epci.name == name);
            name_and_within(epci.unwrap_or_else(|| panic!("{name}")))
        };
        for (official, name, within) in [
            (
                "CC du Pays Houdanais (CCPH)",
                "Communauté de communes du Pays Houdanais",
                "dans la communauté de communes du Pays Houdanais",
            ),
            (
                "CA de l'Albigeois (C2A)",
                "Communauté d’agglomération de l’Albigeois",
                "dans la communauté d’agglomération de l’Albigeois",
            ),
            (
                "CC Faucigny - Glières",
                "Communauté de communes Faucigny – Glières",
                "dans la communauté de communes Faucigny – Glières",
            ),
            (
                "CC de Domme- Villefranche du Périgord",
                "Communauté de communes de Domme-Villefranche du Périgord",
                "dans la communauté de communes de Domme-Villefranche du Périgord",
            ),
            (
                "CA de Blois ''Agglopolys''",
                "Communauté d’agglomération de Blois «\u{a0}Agglopolys\u{a0}»",
                "dans la communauté d’agglomération de Blois «\u{a0}Agglopolys\u{a0}»",
            ),
            (
                "CA \"Saintes - Grandes Rives - L'Agglo\"",
                "Saintes – Grandes Rives – L’Agglo",
                "à Saintes – Grandes Rives – L’Agglo",
            ),
            (
                "CA Carcassonne Agglo",
                "Carcassonne Agglo",
                "à Carcassonne Agglo",
            ),
            (
                "CU Le Havre Seine Métropole",
                "Le Havre Seine Métropole",
                "au Havre Seine Métropole",
            ),
            (
                "CA Agglo du Pays de Dreux",
                "Agglo du Pays de Dreux",
                "dans l’Agglo du Pays de Dreux",
            ),
            (
                "CA Communauté Paris-Saclay",
                "Communauté Paris-Saclay",
                "dans la Communauté Paris-Saclay",
            ),
            (
                "Métropole de Lyon",
                "Métropole de Lyon",
                "dans la métropole de Lyon",
            ),
            ("Dijon Métropole", "Dijon Métropole", "à Dijon Métropole"),
            (
                "Grenoble-Alpes-Métropole",
                "Grenoble-Alpes-Métropole",
                "à Grenoble-Alpes-Métropole",
            ),
            (
                "Eurométropole de Strasbourg",
                "Eurométropole de Strasbourg",
                "dans l’Eurométropole de Strasbourg",
            ),
        ] {
            assert_eq!(named(official), (name.into(), within.into()));
        }
    }

    #[test]
    fn no_name_keeps_an_abbreviation_or_a_sign_of_typewriters() {
        for epci in cog::embedded().unwrap().epcis() {
            let (name, within) = name_and_within(epci);
            for text in [&name, &within] {
                assert!(!text.contains(['"', '\'', '(', ')']), "{text}");
                assert!(!text.contains("  ") && !text.contains(" - "), "{text}");
                for form in ["CC ", "CA ", "CU "] {
                    assert!(!text.contains(form), "{text}");
                }
            }
            assert!(name.starts_with(char::is_uppercase), "{name}");
            let begins = ["dans la ", "dans l’", "à ", "au ", "aux "];
            assert!(
                begins.iter().any(|begin| within.starts_with(begin)),
                "{within}"
            );
        }
    }
}
