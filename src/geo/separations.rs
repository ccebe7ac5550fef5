//! Communes that were parts of another one and are communes of their own again. What was told of the whole is told neither of
//! its parts nor of what is left of it, which keeps its code.

/// The separations since 2000, the latest first: the first edition of the Code officiel géographique that has the parts, the commune that
/// they were parts of, and they. From Insee's movements of communes (2025), the lines of kind 21.
const SEPARATIONS: &str = include_str!("separations.csv");

/// A commune of which others were parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Separation {
    /// Its code, which it kept.
    pub whole: &'static str,
    /// The codes of the communes that left it.
    pub parts: Vec<&'static str>,
}

/// The separations that codes of an edition of the Code officiel géographique know nothing of.
pub fn separated_since(edition: u16) -> impl Iterator<Item = Separation> {
    let lines = SEPARATIONS.lines().skip(1);
    lines.filter_map(move |line| {
        let mut fields = line.split(',');
        let (year, whole, parts) = (fields.next()?, fields.next()?, fields.next()?);
        let is_later = year.parse::<u16>().is_ok_and(|year| year > edition);
        is_later.then(|| Separation {
            whole,
            parts: parts.split(' ').collect(),
        })
    })
}

/// Whether a commune was a part of another one and has separated from it.
pub fn has_separated(part: &str, whole: &str) -> bool {
    separated_since(0).any(|one| one.whole == whole && one.parts.contains(&part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::is_commune_code;

    #[test]
    fn codes_of_an_edition_know_nothing_of_later_separations() {
        let all: Vec<_> = separated_since(0).collect();
        assert_eq!(all.len(), SEPARATIONS.lines().count() - 1);
        for separation in &all {
            assert!(!separation.parts.is_empty());
            let mut codes = separation.parts.iter().chain([&separation.whole]);
            assert!(codes.all(|code| is_commune_code(code)), "{separation:?}");
        }
        let since = |edition| {
            separated_since(edition)
                .map(|one| one.whole)
                .collect::<Vec<_>>()
        };
        assert_eq!(since(2025), Vec::<&str>::new());
        assert_eq!(since(2024), ["15141"]);
        assert_eq!(since(2023), ["15141", "85084", "60054"]);
        assert!(has_separated("15031", "15141"));
        assert!(!has_separated("15141", "15031") && !has_separated("95127", "95500"));
    }
}
