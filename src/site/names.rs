//! The names of places as a text has them.

use itertools::Itertools;

use super::french;
use crate::geo::{Commune, Departement, Epci, EpciKind, Region};

/// A commune or an arrondissement: "Le Havre", "Lyon 3e arrondissement".
pub(super) fn commune(commune: &Commune) -> String {
    match commune.arrondissement() {
        Some((number, city)) => format!("{city} {number} arrondissement"),
        None => french::name(&commune.name),
    }
}

/// Where something is that is there: "à Annecy", "au Havre", "dans le 3e arrondissement de Lyon".
pub(super) fn at_commune(commune: &Commune) -> String {
    match commune.arrondissement() {
        Some((number, city)) => format!("dans le {number} arrondissement de {city}"),
        None => french::at(&commune.name),
    }
}

/// After "autour", of a commune: "d’Annecy", "du Havre", "du 3e arrondissement de Lyon".
pub(super) fn of_commune(commune: &Commune) -> String {
    match commune.arrondissement() {
        Some((number, city)) => format!("du {number} arrondissement de {city}"),
        None => french::name(&commune.full_of()),
    }
}

/// Where something is that is there: "dans l’Ain", "dans le Var", "en Moselle". Paris is a commune too.
pub(super) fn in_departement(departement: &Departement) -> String {
    match departement.code.as_str() {
        "75" => "dans le département de Paris".into(),
        _ => french::name(&departement.within()),
    }
}

/// Where something is that is there: "en Bretagne", "dans le Grand Est", "à La Réunion".
pub(super) fn in_region(region: &Region) -> String {
    french::name(&region.within())
}

/// Words by which an EPCI names itself, so that its legal form before them would say the same twice.
const OWN_FORMS: [&str; 4] = ["Communauté", "Agglo", "Agglomération", "Métropole"];

/// The name of an EPCI as a text has it, and the same after "dans" or "à". The official names begin with an abbreviation of
/// the legal form and may end with that of the name: "CC du Pays Houdanais (CCPH)".
pub(super) fn epci(epci: &Epci) -> (String, String) {
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
    use crate::geo::Liaison;
    use crate::intake::cog;

    #[test]
    fn names_are_those_of_a_text() {
        let geography = cog::embedded().unwrap();
        let named = |name: &str| {
            let mut all = geography.epcis().iter();
            let epci = all.find(|epci| epci.name == name);
            super::epci(epci.unwrap_or_else(|| panic!("{name}")))
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
            let (name, within) = super::epci(epci);
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

    #[test]
    fn where_something_is_follows_usage() {
        let geography = cog::embedded().unwrap();
        let departements = geography.departements().iter();
        let of_departements: Vec<_> = departements
            .map(|d| (d.code.as_str(), in_departement(d)))
            .collect();
        for expected in [
            ("01", "dans l’Ain"),
            ("07", "en Ardèche"),
            ("13", "dans les Bouches-du-Rhône"),
            ("16", "en Charente"),
            ("21", "en Côte-d’Or"),
            ("22", "dans les Côtes-d’Armor"),
            ("23", "dans la Creuse"),
            ("24", "en Dordogne"),
            ("26", "dans la Drôme"),
            ("28", "en Eure-et-Loir"),
            ("2A", "en Corse-du-Sud"),
            ("31", "en Haute-Garonne"),
            ("35", "en Ille-et-Vilaine"),
            ("41", "dans le Loir-et-Cher"),
            ("42", "dans la Loire"),
            ("44", "en Loire-Atlantique"),
            ("49", "en Maine-et-Loire"),
            ("57", "en Moselle"),
            ("62", "dans le Pas-de-Calais"),
            ("71", "en Saône-et-Loire"),
            ("75", "dans le département de Paris"),
            ("77", "en Seine-et-Marne"),
            ("78", "dans les Yvelines"),
            ("86", "dans la Vienne"),
            ("87", "en Haute-Vienne"),
            ("89", "dans l’Yonne"),
            ("90", "dans le Territoire de Belfort"),
            ("91", "en Essonne"),
            ("95", "dans le Val-d’Oise"),
            ("971", "en Guadeloupe"),
            ("974", "à La Réunion"),
            ("976", "à Mayotte"),
            (
                "984",
                "dans les Terres australes et antarctiques françaises",
            ),
        ] {
            assert!(
                of_departements
                    .iter()
                    .any(|(code, text)| (*code, text.as_str()) == expected),
                "{expected:?}"
            );
        }
        let regions = geography.regions().iter();
        let of_regions: Vec<_> = regions
            .filter(|region| region.code.len() == 2)
            .map(in_region)
            .collect();
        assert_eq!(
            of_regions,
            [
                "en Guadeloupe",
                "en Martinique",
                "en Guyane",
                "à La Réunion",
                "à Mayotte",
                "en Île-de-France",
                "en Centre-Val de Loire",
                "en Bourgogne-Franche-Comté",
                "en Normandie",
                "dans les Hauts-de-France",
                "dans le Grand Est",
                "dans les Pays de la Loire",
                "en Bretagne",
                "en Nouvelle-Aquitaine",
                "en Occitanie",
                "en Auvergne-Rhône-Alpes",
                "en Provence-Alpes-Côte d’Azur",
                "en Corse",
            ]
        );
        // The article of the data is kept but where usage has "en".
        for (departement, (_, text)) in geography.departements().iter().zip(&of_departements) {
            let begins: &[&str] = match departement.liaison {
                Liaison::Du => &["dans le "],
                Liaison::DeLa => &["dans la ", "en "],
                Liaison::Des => &["dans les "],
                Liaison::DeLElided => &["dans l’", "en "],
                _ => &["en ", "à ", "dans le département de Paris"],
            };
            assert!(begins.iter().any(|begin| text.starts_with(begin)), "{text}");
        }
    }

    #[test]
    fn communes_contract_their_article_and_arrondissements_are_said_once() {
        let geography = cog::embedded().unwrap();
        let at = |code: &str| at_commune(geography.commune(code).unwrap());
        for (code, expected) in [
            ("60703", "aux Marais"),
            ("76351", "au Havre"),
            ("85194", "aux Sables-d’Olonne"),
            ("17300", "à La Rochelle"),
            ("75056", "à Paris"),
            ("75101", "dans le 1er arrondissement de Paris"),
            ("69389", "dans le 9e arrondissement de Lyon"),
            ("13216", "dans le 16e arrondissement de Marseille"),
            ("63448", "au Vernet-Chaméane"),
        ] {
            assert_eq!(at(code), expected);
        }
        for place in geography.communes() {
            let text = at_commune(place);
            let uncontracted = ["à Le ", "à Les ", "à Aux "];
            assert!(
                !uncontracted.iter().any(|begin| text.starts_with(begin)),
                "{text}"
            );
            assert_eq!(
                text.starts_with("dans le "),
                place.parent.is_some(),
                "{text}"
            );
            assert!(!commune(place).contains("Arrondissement"), "{text}");
        }
    }
}
