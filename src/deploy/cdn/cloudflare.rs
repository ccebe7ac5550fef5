//! Cloudflare (<https://developers.cloudflare.com/api/resources/cache/methods/purge/>): several addresses a call, and
//! everything in one.

use reqwest::header::AUTHORIZATION;
use serde::Deserialize;
use serde_json::json;

use super::check;
use super::service::{Call, Cdn, CdnError, CdnKind, Credentials, read};
use crate::http::{Pace, Secret};

/// What `[cdn]` registers.
pub(super) const KIND: CdnKind = CdnKind {
    key: "cloudflare",
    template: r#"
# IMMOSTATS_CLOUDFLARE_TOKEN: a token that may purge the zone's cache; or the older IMMOSTATS_CLOUDFLARE_EMAIL and
# IMMOSTATS_CLOUDFLARE_KEY.
[cdn.cloudflare]
# Address of the API.
api = "https://api.cloudflare.com/client/v4"
# The zone's id, as the console shows it.
zone = ""
# Addresses a call: 30 on every plan, 100 by today's documentation, 500 on Enterprise.
batch = 30
# Addresses a second: 800 on the free plan.
per_second = 800.0
"#,
    read: read::<Cloudflare>,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Cloudflare {
    api: String,
    zone: String,
    /// Addresses a call.
    batch: usize,
    /// Addresses a second.
    per_second: f64,
}

impl Default for Cloudflare {
    fn default() -> Self {
        Self {
            api: "https://api.cloudflare.com/client/v4".into(),
            zone: String::new(),
            batch: 30,
            per_second: 800.0,
        }
    }
}

impl Cloudflare {
    fn call(&self, body: &serde_json::Value, cost: usize) -> Result<Call, CdnError> {
        let path = format!("zones/{}/purge_cache", self.zone);
        let call = Call::post(&self.api, &path, body.to_string())?;
        Ok(Call { cost, ..call })
    }
}

impl Cdn for Cloudflare {
    fn check(&self, chosen: bool) -> Result<(), String> {
        check::api("cloudflare.api", &self.api)?;
        check::within("cloudflare.batch", self.batch, 1..=500)?;
        check::positive("cloudflare.per_second", self.per_second)?;
        if chosen {
            check::id("cloudflare.zone", &self.zone)?;
        }
        Ok(())
    }

    fn remembered_as(&self) -> String {
        format!("cloudflare {}", self.zone)
    }

    fn credentials(&self) -> Result<Credentials, CdnError> {
        if let Some(token) = Secret::from_env("IMMOSTATS_CLOUDFLARE_TOKEN") {
            let bearer = format!("Bearer {}", token.expose());
            return Credentials::new(&[(AUTHORIZATION.as_str(), bearer)], vec![token]);
        }
        let email = Secret::from_env("IMMOSTATS_CLOUDFLARE_EMAIL");
        let key = Secret::from_env("IMMOSTATS_CLOUDFLARE_KEY");
        let (Some(email), Some(key)) = (email, key) else {
            return Err(CdnError::Credentials {
                cdn: "Cloudflare",
                variables: "IMMOSTATS_CLOUDFLARE_TOKEN, or IMMOSTATS_CLOUDFLARE_EMAIL and IMMOSTATS_CLOUDFLARE_KEY,",
            });
        };
        let headers = [
            ("x-auth-email", email.expose().to_owned()),
            ("x-auth-key", key.expose().to_owned()),
        ];
        Credentials::new(&headers, vec![email, key])
    }

    fn rates(&self) -> Vec<Pace> {
        vec![Pace::new(
            self.per_second,
            self.per_second.max(self.batch as f64),
        )]
    }

    fn batch(&self) -> usize {
        self.batch
    }

    fn forget(&self, _: &str, urls: &[String], _: &Credentials) -> Result<Call, CdnError> {
        self.call(&json!({"files": urls}), urls.len())
    }

    fn forget_everything(&self, _: &str) -> Result<Option<Call>, CdnError> {
        self.call(&json!({"purge_everything": true}), 0).map(Some)
    }

    fn complaint(&self, answer: &str) -> Option<String> {
        #[derive(Deserialize)]
        struct PurgeAnswer {
            success: bool,
            #[serde(default)]
            errors: Vec<Complaint>,
        }
        #[derive(Deserialize)]
        struct Complaint {
            code: i64,
            message: String,
        }
        match serde_json::from_str::<PurgeAnswer>(answer) {
            Ok(answer) if answer.success => None,
            Ok(answer) => {
                let errors = answer.errors.iter();
                let told: Vec<_> = errors
                    .map(|error| format!("{} ({})", error.message, error.code))
                    .collect();
                Some(told.join("; "))
            }
            Err(_) => Some("it answered something else than its API does".to_owned()),
        }
    }
}
