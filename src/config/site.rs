//! What the site is called, where it stands and who answers for it.

use crate::base::address::{names_user, web_address};
use crate::base::shown::is_plain;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the site is called and where it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SiteSettings {
    /// Shown in titles and in the header.
    pub name: String,
    /// Absolute address of the home page, without a slash at its end. Canonical links and the sitemap use it.
    pub address: String,
    /// Codes of the départements that get pages. Empty: every one that the imported files cover, and those that DVF
    /// never covers, which say so.
    pub departements: Vec<String>,
    /// Inhabitants from which on a commune has a picture for social networks. Départements have one always.
    pub pictures_from: u32,
    /// Whether communes have a list of recent sales.
    pub recent_sales: bool,
}

impl Default for SiteSettings {
    fn default() -> Self {
        Self {
            name: "immostats".into(),
            address: "https://immostats.example".into(),
            departements: Vec::new(),
            pictures_from: 10_000,
            recent_sales: false,
        }
    }
}

impl SiteSettings {
    /// Whether the address was never set.
    pub fn is_placeholder(&self) -> bool {
        self.address == Self::default().address
    }

    pub(super) fn validate(&self) -> Result<(), String> {
        let address = &self.address;
        let expected = "an address such as https://prix.example.fr was expected";
        let odd = |c: char| c.is_whitespace() || "\"<>\\^`{|}?#".contains(c);
        // Browsers leave these out, and a page that is linked to would stand elsewhere than it says.
        let has_dots = address.to_lowercase().replace("%2e", ".");
        let has_dots = has_dots.split('/').any(|part| matches!(part, "." | ".."));
        match web_address(address) {
            // It may hold a password.
            Some(url) if names_user(&url) => {
                return Err(format!("site.address names a user; {expected}"));
            }
            Some(_) if is_plain(address) && !address.contains(odd) && !has_dots => {}
            _ => return Err(format!("site.address is {address:?}; {expected}")),
        }
        let name = &self.name;
        match name.trim().is_empty() || !is_plain(name) {
            true => Err(format!(
                "site.name is {name:?}; what the site is called was expected, such as \"Prix du Var\""
            )),
            false => Ok(()),
        }
    }
}

/// What the legal notice of a site has to name (loi pour la confiance dans l’économie numérique, article 6). All in French.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Legal {
    /// Who publishes the site: name, legal form, address.
    pub publisher: String,
    /// Who is responsible for what it says (directeur de la publication).
    pub director: String,
    /// Where to write or to call.
    pub contact: String,
    /// Who keeps the site on their machines: name, address, telephone.
    pub host: String,
}

impl Legal {
    /// The keys that are still empty.
    pub fn missing(&self) -> Vec<&'static str> {
        let keys = [
            ("publisher", &self.publisher),
            ("director", &self.director),
            ("contact", &self.contact),
            ("host", &self.host),
        ];
        let empty = keys.into_iter().filter(|(_, text)| text.trim().is_empty());
        empty.map(|(key, _)| key).collect()
    }
}
