//! What is a site's own of its look, templates apart.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What is the site's own of its look, without a template of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ThemeSettings {
    /// A sentence in French over all pages; empty for none.
    pub banner: String,
    /// The file in `templates/assets/` that stands before the name of the site; empty for the one that ships.
    pub logo: String,
    /// Colours by what they are of, each for light and for dark pages.
    pub colours: BTreeMap<Colour, [String; 2]>,
}

impl ThemeSettings {
    pub(super) fn validate(&self) -> Result<(), String> {
        let is_hexadecimal = |colour: &str| {
            let digits = colour.strip_prefix('#').unwrap_or_default();
            matches!(digits.len(), 3 | 6) && digits.chars().all(|digit| digit.is_ascii_hexdigit())
        };
        for (of, colours) in &self.colours {
            if let Some(odd) = colours.iter().find(|colour| !is_hexadecimal(colour)) {
                return Err(format!(
                    "theme.colours.{} has {odd:?}; a colour such as \"#0d4f8c\" was expected, first for light pages, then for dark ones",
                    of.name()
                ));
            }
        }
        Ok(())
    }
}

/// What a colour of the theme is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Colour {
    /// Links and buttons.
    Link,
    /// Flats: their prices and the lines of charts.
    Flats,
    /// Houses.
    Houses,
    /// The ground of pages.
    Paper,
    /// Text.
    Ink,
}

impl Colour {
    /// Its name in the configuration and in the style sheet.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Flats => "flats",
            Self::Houses => "houses",
            Self::Paper => "paper",
            Self::Ink => "ink",
        }
    }
}
