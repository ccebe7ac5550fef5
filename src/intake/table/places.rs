//! The codes of places as files write them.

use crate::base::place::{Level, Place};
use crate::config::PlaceKind;
use crate::geo::Geography;

/// What a code in a file is of.
pub(super) enum CodeMeaning {
    /// A place of today.
    Today(Place),
    /// A former commune, which is a part of this one today.
    Former(Place),
    /// Nothing that the places of today know.
    Unknown,
}

/// Letters and digits of the number of a plot of the land register, which begins with the code of its commune.
const PLOT: usize = 14;

/// Digits of the code of a commune.
const COMMUNE: usize = 5;

/// The code in a cell: of plots that of the commune of the first, whether they stand there plainly or as a list of JSON. Empty where
/// there is none.
pub(super) fn code_of(cell: &str, kind: PlaceKind) -> &str {
    if kind != PlaceKind::Plot {
        return cell;
    }
    let mut words = cell.split(|sign: char| !sign.is_ascii_alphanumeric());
    let plot = words.find(|word| word.len() == PLOT);
    plot.map_or("", |plot| &plot[..COMMUNE])
}

/// The place that a code is of, however its zeros were lost.
pub(super) fn named(code: &str, kind: PlaceKind, geography: &Geography) -> CodeMeaning {
    let code = code.strip_suffix(".0").unwrap_or(code);
    match kind {
        PlaceKind::Commune | PlaceKind::Plot => commune(code, geography),
        PlaceKind::Epci => known(Level::Epci, code.to_owned(), geography),
        PlaceKind::Departement => known(Level::Departement, departement(code), geography),
        PlaceKind::Region => known(Level::Region, format!("{code:0>2}"), geography),
        PlaceKind::Mixed => match code.as_bytes() {
            [b'D', ..] => known(Level::Departement, departement(&code[1..]), geography),
            [b'R', ..] => known(Level::Region, format!("{:0>2}", &code[1..]), geography),
            b"F" | b"FR" => known(Level::Pays, "FR".into(), geography),
            digits if digits.len() == 9 => known(Level::Epci, code.to_owned(), geography),
            _ => commune(code, geography),
        },
    }
}

/// Two digits or three, as in `095` for `95`.
fn departement(code: &str) -> String {
    let is_overseas = code.starts_with("97") || code.starts_with("98");
    match code.strip_prefix('0') {
        Some(rest) if rest.len() == 2 && !is_overseas => rest.to_owned(),
        _ => format!("{code:0>2}"),
    }
}

/// The code of a commune with the zeros that spreadsheets take from it.
pub(crate) fn commune_code(code: &str) -> String {
    format!("{:0>5}", code.strip_suffix(".0").unwrap_or(code))
}

fn commune(code: &str, geography: &Geography) -> CodeMeaning {
    let code = commune_code(code);
    match geography.current(&code) {
        None => CodeMeaning::Unknown,
        Some(today) => {
            let place = Place::new(Level::Commune, &*today.code);
            match today.code == code {
                true => CodeMeaning::Today(place),
                false => CodeMeaning::Former(place),
            }
        }
    }
}

fn known(level: Level, code: String, geography: &Geography) -> CodeMeaning {
    let is_known = match level {
        Level::Epci => geography.epci(&code).is_some(),
        Level::Departement => geography.departement(&code).is_some(),
        Level::Region => geography.region(&code).is_some(),
        Level::Commune | Level::Pays => true,
    };
    match is_known {
        true => CodeMeaning::Today(Place::new(level, code)),
        false => CodeMeaning::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today(code: &str, kind: PlaceKind) -> String {
        let geography = crate::intake::cog::embedded().unwrap();
        match named(code, kind, &geography) {
            CodeMeaning::Today(place) => place.to_string(),
            CodeMeaning::Former(place) => format!("former, {place}"),
            CodeMeaning::Unknown => "unknown".into(),
        }
    }

    #[test]
    fn a_plot_begins_with_the_code_of_its_commune() {
        for (cell, expected) in [
            ("01402000AB0051", "01402"),
            (
                r#"[{"id": "2A004000AB0051", "bdg_cover_ratio": 0.65}, {"id": "2A005000AB0001"}]"#,
                "2A004",
            ),
            (r#"["83137000CD0012"]"#, "83137"),
            ("[]", ""),
            ("", ""),
            (r#"[{"bdg_cover_ratio": 0.123456789012}]"#, ""),
        ] {
            assert_eq!(code_of(cell, PlaceKind::Plot), expected, "{cell}");
        }
        assert_eq!(code_of("83137", PlaceKind::Commune), "83137");
    }

    #[test]
    fn codes_are_of_places_with_their_zeros_or_without() {
        use PlaceKind::{Commune, Departement, Epci, Mixed, Region};
        for (code, kind, expected) in [
            ("01004", Commune, "commune 01004"),
            ("1004", Commune, "commune 01004"),
            ("1004.0", Commune, "commune 01004"),
            ("2A004", Commune, "commune 2A004"),
            ("95282", Commune, "former, commune 95169"),
            ("75101", Commune, "commune 75101"),
            ("97411", Commune, "commune 97411"),
            ("99999", Commune, "unknown"),
            ("", Commune, "unknown"),
            ("1", Departement, "departement 01"),
            ("095", Departement, "departement 95"),
            ("974", Departement, "departement 974"),
            ("R93", Mixed, "region 93"),
            ("R1", Mixed, "region 01"),
            ("D2A", Mixed, "departement 2A"),
            ("D1", Mixed, "departement 01"),
            ("D974", Mixed, "departement 974"),
            ("248300543", Mixed, "epci 248300543"),
            ("83137", Mixed, "commune 83137"),
            ("999999999", Epci, "unknown"),
            ("11", Region, "region 11"),
        ] {
            assert_eq!(today(code, kind), expected, "{code}");
        }
    }
}
