//! Patterns of names with a year in them.

use std::ops::RangeInclusive;

/// Whether a pattern fits a whole text: the digits of the year at `{year}` (four) or `{yy}` (two), or nothing where it has
/// neither. `*` stands for anything.
pub fn matched(pattern: &str, text: &str) -> Option<String> {
    for (mark, digits) in [("{year}", 4), ("{yy}", 2)] {
        if let Some(rest) = pattern.strip_prefix(mark) {
            let year = text
                .get(..digits)
                .filter(|year| year.bytes().all(|b| b.is_ascii_digit()))?;
            return matched(rest, &text[digits..]).map(|_| year.to_owned());
        }
    }
    if let Some(rest) = pattern.strip_prefix('*') {
        let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        return ends.into_iter().find_map(|at| matched(rest, &text[at..]));
    }
    let mut letters = pattern.chars();
    match letters.next() {
        None => text.is_empty().then(String::new),
        Some(letter) => matched(letters.as_str(), text.strip_prefix(letter)?),
    }
}

/// The first year of which two digits are enough: no open data is of the years before, and none yet of those after this century
/// of it.
const EARLIEST: u16 = 1960;

/// The years that a table may tell of.
pub const YEARS: RangeInclusive<u16> = 1800..=2200;

/// The year of its digits; of two, the one from 1960 to 2059.
pub fn year(digits: &str) -> Option<u16> {
    let number: u16 = digits.parse().ok()?;
    let year = match digits.len() {
        2 if number < EARLIEST % 100 => 2000 + number,
        2 => 1900 + number,
        _ => number,
    };
    YEARS.contains(&year).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_whole_names() {
        for (pattern, text, expected) in [
            ("dvf {year}", "dvf 2024", Some("2024")),
            ("dvf {year}", "dvf 2024 (parquet)", None),
            (
                "valeursfoncieres-{year}*",
                "valeursfoncieres-2025-s1.txt.zip",
                Some("2025"),
            ),
            ("*{year}*", "ventes de 2023, corrigées", Some("2023")),
            ("{year}", "é024", None),
            ("all.csv", "all.csv", Some("")),
            ("*", "", Some("")),
            ("pp_vacant_{yy}", "pp_vacant_26", Some("26")),
            ("pp_vacant_{yy}", "pp_vacant_plus_2ans_26", None),
            (
                "Taux_SRU_au_01_01_{year}",
                "Taux_SRU_au_01_01_2024",
                Some("2024"),
            ),
        ] {
            assert_eq!(
                matched(pattern, text).as_deref(),
                expected,
                "{pattern} {text}"
            );
        }
        assert_eq!(
            (year("26"), year("2024"), year("")),
            (Some(2026), Some(2024), None)
        );
        // Of censuses of the last century.
        assert_eq!((year("99"), year("68")), (Some(1999), Some(1968)));
        assert_eq!((year("0000"), year("9999")), (None, None));
    }
}
