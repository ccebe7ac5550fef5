//! French names: the preposition before them and their order in a list.

use deunicode::deunicode;
use serde::Deserialize;

/// How a name follows "de": INSEE's TNCC, "type de nom en clair" (the package calls it `typeLiaison`).
///
/// <https://www.insee.fr/fr/information/2114773>: 0 and 1 have no article, 2 to 8 have Le, La, Les, L', Aux, Las, Los. In a
/// commune's name the article is written out; a département or région is named without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u8")]
pub enum Liaison {
    /// "de Paris"
    De,
    /// "d'Annecy"
    DeElided,
    /// "du Var"
    Du,
    /// "de la Sarthe"
    DeLa,
    /// "des Landes"
    Des,
    /// "de l'Ain"
    DeLElided,
    /// "de Las …"
    DeLas,
    /// "de Los Masos"
    DeLos,
}

/// Départements and régions with an article that take "en" all the same.
const BY_EN: [&str; 5] = [
    "Ardèche",
    "Ariège",
    "Centre-Val de Loire",
    "Essonne",
    "Isère",
];

/// Départements that bear the name of a river or of the sea: of the feminine names, these alone keep their article.
const BY_DANS_LA: [&str; 11] = [
    "Creuse", "Drôme", "Loire", "Manche", "Marne", "Mayenne", "Meuse", "Nièvre", "Sarthe", "Somme",
    "Vienne",
];

/// A city and islands.
const BY_A: [&str; 7] = [
    "La Réunion",
    "Mayotte",
    "Paris",
    "Saint-Barthélemy",
    "Saint-Martin",
    "Saint-Pierre-et-Miquelon",
    "Wallis et Futuna",
];

impl TryFrom<u8> for Liaison {
    type Error = String;

    fn try_from(tncc: u8) -> Result<Self, String> {
        match tncc {
            0 => Ok(Liaison::De),
            1 => Ok(Liaison::DeElided),
            2 => Ok(Liaison::Du),
            3 => Ok(Liaison::DeLa),
            4 | 6 => Ok(Liaison::Des),
            5 => Ok(Liaison::DeLElided),
            7 => Ok(Liaison::DeLas),
            8 => Ok(Liaison::DeLos),
            _ => Err(format!(
                "{tncc} is not a type de nom en clair, which goes from 0 to 8"
            )),
        }
    }
}

impl Liaison {
    /// The liaison of a name that the data says nothing about: those of the collectivités d'outre-mer.
    pub fn guess(name: &str) -> Self {
        let first_word = name.split([' ', '-']).next().unwrap_or(name);
        match first_word {
            "Îles" | "Terres" => Liaison::Des,
            "Île" | "Archipel" => Liaison::DeLElided,
            _ if deunicode(name).starts_with(['A', 'E', 'I', 'O', 'U']) => Liaison::DeElided,
            _ => Liaison::De,
        }
    }

    /// Where a département or région of this name is, as French usage has it: "dans le Var", "en Bretagne", "à Paris".
    pub(super) fn within(self, name: &str) -> String {
        let named = |names: &[&str]| names.contains(&name);
        let preposition = match self {
            _ if named(&BY_EN) => "en ",
            Liaison::Du => "dans le ",
            Liaison::DeLa if named(&BY_DANS_LA) => "dans la ",
            Liaison::Des => "dans les ",
            Liaison::DeLElided => "dans l'",
            Liaison::De | Liaison::DeElided if named(&BY_A) => "à ",
            _ => "en ",
        };
        format!("{preposition}{name}")
    }

    /// `name` after "de", contracted with its article where there is one.
    pub(super) fn with_de(self, name: &str) -> String {
        // The written article is looked at first: it is there when the data says "no article" (La Réunion).
        if let Some(rest) = name.strip_prefix("Le ") {
            return format!("du {rest}");
        }
        if let Some(rest) = name
            .strip_prefix("Les ")
            .or_else(|| name.strip_prefix("Aux "))
        {
            return format!("des {rest}");
        }
        if ["La ", "L'", "Las ", "Los "]
            .iter()
            .any(|article| name.starts_with(article))
        {
            return format!("de {name}");
        }
        let preposition = match self {
            Liaison::De => "de ",
            Liaison::DeElided => "d'",
            Liaison::Du => "du ",
            Liaison::DeLa => "de la ",
            Liaison::Des => "des ",
            Liaison::DeLElided => "de l'",
            Liaison::DeLas => "de las ",
            Liaison::DeLos => "de los ",
        };
        format!("{preposition}{name}")
    }
}

/// A key that sorts names as French readers expect: accents, case and punctuation do not count, numbers sort by value
/// ("Paris 2e Arrondissement" before "Paris 10e Arrondissement").
///
/// Different names can share a key; sort by (key, code) for a stable order.
pub fn sort_key(name: &str) -> String {
    const DIGITS: usize = 4;
    let plain = deunicode(name).to_lowercase();
    let mut key = String::with_capacity(plain.len() + DIGITS);
    for word in plain.split(|c: char| !c.is_ascii_alphanumeric()) {
        if word.is_empty() {
            continue;
        }
        if !key.is_empty() {
            key.push(' ');
        }
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            key.extend(std::iter::repeat_n('0', DIGITS.saturating_sub(digits)));
        }
        key.push_str(word);
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_for_french_readers() {
        let expected = [
            "Abbeville",
            "L'Abergement-Clémenciat",
            "Le Havre",
            "Œuilly",
            "Paris 2e Arrondissement",
            "Paris 10e Arrondissement",
            "Saint-Denis",
            "Saint Désert",
            "SAINT-DIÉ",
            "Zuydcoote",
        ];
        let mut names = expected;
        names.reverse();
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(names, expected);
        assert_eq!(sort_key("L'Île-d'Yeu"), "l ile d yeu");
        assert_eq!(sort_key("L’ÎLE D’YEU"), "l ile d yeu");
    }
}
