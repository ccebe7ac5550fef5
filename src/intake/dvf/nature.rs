//! Natures of mutation, by whatever spelling they are met in.

use deunicode::deunicode;

use crate::base::shown::shown;

/// The natures that the files have, as they write them: those that the official method keeps ([`super::SALE_NATURES`]) first.
pub(super) const NATURES: [&str; 6] = [
    "Vente",
    "Vente en l'état futur d'achèvement",
    "Adjudication",
    "Vente terrain à bâtir",
    "Echange",
    "Expropriation",
];

/// Characters kept of a nature that is none of ours.
const LONGEST: usize = 60;

/// How often a text may have been encoded again by a program that took UTF-8 for something else.
const ENCODINGS: usize = 3;

/// The characters of windows-1252 for the bytes from 0x80 to 0x9F; those that stand for themselves have none there.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The name of a nature: as the official files write it, whatever accents, case, Unicode form and encoding it came in; its
/// own text where it is none of theirs.
pub(super) fn name(field: &[u8]) -> String {
    let text = decode(field);
    let found = NATURES
        .into_iter()
        .find(|nature| letters(&text) == letters(nature) || is_without_accents(&text, nature));
    found.map_or_else(|| shown(text.trim(), LONGEST), str::to_owned)
}

/// A text in UTF-8, in windows-1252, or in UTF-8 that was taken for windows-1252 and encoded again.
fn decode(field: &[u8]) -> String {
    let mut text = match str::from_utf8(field) {
        Ok(text) => text.to_owned(),
        Err(_) => field.iter().map(|&byte| character(byte)).collect(),
    };
    for _ in 0..ENCODINGS {
        let bytes: Option<Vec<u8>> = text.chars().map(byte).collect();
        match bytes.map(String::from_utf8) {
            Some(Ok(inner)) if inner != text => text = inner,
            _ => break,
        }
    }
    text
}

/// The character of a byte in windows-1252.
fn character(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// The byte of a character in windows-1252 or ISO-8859-1.
fn byte(character: char) -> Option<u8> {
    let place = WINDOWS_1252.iter().position(|&c| c == character);
    match place {
        Some(place) => Some(0x80 + place as u8),
        None => u8::try_from(u32::from(character)).ok(),
    }
}

/// The letters of a text alone, without accents and case.
fn letters(text: &str) -> String {
    let plain = deunicode(text).to_lowercase();
    plain.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Whether a text is a nature whose accented letters were lost, as in `l'?tat futur d'ach?vement`.
fn is_without_accents(text: &str, nature: &str) -> bool {
    let plain = |text: &str| -> String {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        letters.collect::<String>().to_ascii_lowercase()
    };
    plain(text) == plain(nature)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// UTF-8 that was taken for windows-1252 and encoded again.
    fn again(text: &str) -> String {
        text.bytes().map(character).collect()
    }

    #[test]
    fn a_nature_is_known_by_any_spelling() {
        let vefa = NATURES[1];
        let building_land = NATURES[3];
        for (text, expected) in [
            ("vente", "Vente"),
            (" VENTE ", "Vente"),
            ("Échange", "Echange"),
            ("VENTE EN L'ETAT FUTUR D'ACHEVEMENT", vefa),
            ("Vente en l’e\u{301}tat futur d’ache\u{300}vement", vefa),
            ("Vente en l'?tat futur d'ach?vement", vefa),
            ("Vente en l'\u{fffd}tat futur d'ach\u{fffd}vement", vefa),
            (&again(vefa), vefa),
            (&again(&again(vefa)), vefa),
            (&again("Vente en l’état futur d’achèvement"), vefa),
            (&again(building_land), building_land),
            ("Donation", "Donation"),
            ("Vente\u{1b}[31m", "Vente�[31m"),
        ] {
            assert_eq!(name(text.as_bytes()), expected, "{text}");
        }
        assert_eq!(name(b"Vente en l'\xe9tat futur d\x92ach\xe8vement"), vefa);
        for nature in NATURES {
            assert_eq!(name(nature.as_bytes()), nature);
        }
    }

    #[test]
    fn those_of_the_method_stand_first() {
        assert!(NATURES.starts_with(&super::super::SALE_NATURES));
    }
}
