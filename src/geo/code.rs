//! The codes and names of places, by their grammars. Codes become paths of the site and keys of the database, names stand
//! on its pages: nothing else than what INSEE writes passes.

use super::error::GeoError;
use crate::base::shown::{is_plain, shown};

/// Characters of the longest name; INSEE's longest has 59.
const LONGEST_NAME: usize = 150;

/// What a code is a code of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CodeKind {
    /// Five characters: a département's two and three digits, `2A` and `2B` for Corsica.
    Commune,
    /// Two characters, three overseas.
    Departement,
    /// Two digits; a collectivité d'outre-mer has the three of its département.
    Region,
    /// A SIREN, nine digits.
    Epci,
    /// Five digits.
    Postal,
}

impl CodeKind {
    /// What it is, in words, with an example.
    fn expected(self) -> &'static str {
        match self {
            Self::Commune => "a commune's, such as 83137 or 2A004",
            Self::Departement => "a département's, such as 83, 2A or 974",
            Self::Region => "a région's, such as 93",
            Self::Epci => "an EPCI's, nine digits such as 248300543",
            Self::Postal => "a postal code, five digits such as 83000",
        }
    }

    fn is_met(self, code: &str) -> bool {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let overseas = code.len() == 3 && (code.starts_with("97") || code.starts_with("98"));
        match self {
            Self::Commune => {
                let rest = code.strip_prefix("2A").or_else(|| code.strip_prefix("2B"));
                code.len() == 5 && digits(rest.unwrap_or(code))
            }
            Self::Departement => {
                matches!(code, "2A" | "2B") || digits(code) && (code.len() == 2 || overseas)
            }
            Self::Region => digits(code) && (code.len() == 2 || overseas),
            Self::Epci => code.len() == 9 && digits(code),
            Self::Postal => code.len() == 5 && digits(code),
        }
    }

    /// # Errors
    /// When a code is none of the kind.
    pub(super) fn check(self, code: &str) -> Result<(), GeoError> {
        if self.is_met(code) {
            return Ok(());
        }
        Err(GeoError::Code {
            code: shown(code, 20),
            expected: self.expected(),
        })
    }
}

/// Whether a text is written as the code of a commune is: 01004, 2A004.
pub fn is_commune_code(text: &str) -> bool {
    CodeKind::Commune.is_met(text)
}

/// # Errors
/// When a name is none that can stand on a page.
pub(super) fn check_name(code: &str, name: &str) -> Result<(), GeoError> {
    if name.trim().is_empty() || name.chars().count() > LONGEST_NAME || !is_plain(name) {
        return Err(GeoError::Name {
            code: code.to_owned(),
            name: shown(name, 60),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_follow_their_grammars() {
        for (kind, sound, wrong) in [
            (
                CodeKind::Commune,
                &["01001", "2A004", "2B033", "97411"][..],
                &[
                    "", "../..", "2C004", "1001", "010011", "0100é", "D0001", "01 01",
                ][..],
            ),
            (
                CodeKind::Departement,
                &["01", "2A", "974", "988"],
                &["", "1", "2C", "123", "97A", "..", "97/"],
            ),
            (
                CodeKind::Region,
                &["93", "04", "977"],
                &["", "R", "9", "2A", "123", "../../../escaped"],
            ),
            (
                CodeKind::Epci,
                &["200054781"],
                &["", "E", "20005478", "20005478x", "../../etc"],
            ),
            (CodeKind::Postal, &["83000"], &["8300", "8300O", "<b>83"]),
        ] {
            for code in sound {
                assert!(kind.is_met(code), "{kind:?} {code}");
            }
            for code in wrong {
                assert!(!kind.is_met(code), "{kind:?} {code}");
            }
        }
    }
}
