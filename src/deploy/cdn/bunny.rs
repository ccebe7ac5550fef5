//! Bunny (<https://docs.bunny.net/reference/purgepublic_indexpost>): one address a call. It counts exact addresses and
//! prefixes apart.

use serde::Deserialize;

use super::check;
use super::service::{Call, Cdn, CdnError, CdnKind, Credentials, read};
use crate::http::Pace;

/// What `[cdn]` registers.
pub(super) const KIND: CdnKind = CdnKind {
    key: "bunny",
    template: r#"
# IMMOSTATS_BUNNY_KEY: the account's key.
[cdn.bunny]
# Address of the API.
api = "https://api.bunny.net"
# What the account may purge a second, and at once: exact addresses, and those that end in a slash, which count as
# prefixes. In a pull zone that ignores query strings the latter stand for all below them, the home page's for the site. A page
# takes two seconds once the burst is used up: an everything_above of a few hundred spares a wait of minutes.
exact_per_second = 5.0
exact_burst = 120.0
prefix_per_second = 0.5
prefix_burst = 20.0
"#,
    read: read::<Bunny>,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Bunny {
    api: String,
    /// Addresses a second, and how many at once.
    exact_per_second: f64,
    exact_burst: f64,
    /// Addresses that end in a slash a second, and how many at once.
    prefix_per_second: f64,
    prefix_burst: f64,
}

impl Default for Bunny {
    fn default() -> Self {
        Self {
            api: "https://api.bunny.net".into(),
            exact_per_second: 5.0,
            exact_burst: 120.0,
            prefix_per_second: 0.5,
            prefix_burst: 20.0,
        }
    }
}

impl Bunny {
    fn call(&self, url: &str, exact: bool) -> Result<Call, CdnError> {
        let mut call = Call::post(&self.api, "purge", String::new())?;
        let mut query = call.request.url.query_pairs_mut();
        query.append_pair("url", url).append_pair("async", "true");
        if exact {
            query.append_pair("exactPath", "true");
        }
        drop(query);
        Ok(call)
    }
}

impl Cdn for Bunny {
    fn check(&self, _: bool) -> Result<(), String> {
        check::api("bunny.api", &self.api)?;
        check::positive("bunny.exact_per_second", self.exact_per_second)?;
        check::positive("bunny.prefix_per_second", self.prefix_per_second)?;
        for (key, burst) in [
            ("exact_burst", self.exact_burst),
            ("prefix_burst", self.prefix_burst),
        ] {
            check::positive(&format!("bunny.{key}"), burst)?;
            if burst < 1.0 {
                return Err(format!(
                    "cdn.bunny.{key} is {burst}; at least 1 was expected"
                ));
            }
        }
        Ok(())
    }

    fn remembered_as(&self) -> String {
        "bunny".to_owned()
    }

    fn credentials(&self) -> Result<Credentials, CdnError> {
        Credentials::from_variable("Bunny", "IMMOSTATS_BUNNY_KEY", "accesskey")
    }

    fn rates(&self) -> Vec<Pace> {
        vec![
            Pace::new(self.exact_per_second, self.exact_burst),
            Pace::new(self.prefix_per_second, self.prefix_burst),
        ]
    }

    fn batch(&self) -> usize {
        1
    }

    fn forget(&self, _: &str, urls: &[String], _: &Credentials) -> Result<Call, CdnError> {
        let url = urls.first().map_or("", String::as_str);
        // Without being told so, Bunny takes such an address for all below it, the home page's for the site. It counts as
        // a prefix all the same.
        let exact = url.ends_with('/');
        let call = self.call(url, exact)?;
        let rate = usize::from(exact);
        Ok(Call { rate, ..call })
    }

    fn forget_everything(&self, site: &str) -> Result<Option<Call>, CdnError> {
        let call = self.call(&format!("{site}/*"), false)?;
        Ok(Some(Call { cost: 0, ..call }))
    }
}
