//! `[fetch]`: how upstream is talked to.

use serde::{Deserialize, Serialize};

use super::address::address;

/// The most that a file may be allowed to weigh: a million megabytes.
const MOST_MEGABYTES: u64 = 1_000_000;

/// How upstream is talked to. Times are in seconds, sizes in megabytes of a million bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fetch {
    /// Address of the data.gouv.fr API, without a slash at its end.
    pub api: String,
    /// Requests and downloads under way at once.
    pub parallel: usize,
    /// Until a connection stands.
    pub connect_timeout: f64,
    /// Between two pieces of an answer.
    pub idle_timeout: f64,
    /// For one file, its retries included.
    pub total_timeout: f64,
    /// Attempts after the first one.
    pub retries: usize,
    /// Before the first retry; it doubles each time, and up to as much again is added at random.
    pub retry_wait: f64,
    /// What a file may weigh as it is sent.
    pub maximum_size: u64,
    /// What a compressed file may hold.
    pub maximum_unpacked: u64,
    /// Whether what upstream answers may lead to an address that is not on the public internet.
    pub allow_private_addresses: bool,
}

impl Fetch {
    /// What of it cannot be.
    pub(super) fn validate(&self) -> Result<(), String> {
        address(&self.api).map_err(|reason| format!("fetch.api {reason}"))?;
        for (key, number, most) in [
            ("parallel", self.parallel as u64, 100),
            ("maximum_size", self.maximum_size, MOST_MEGABYTES),
            ("maximum_unpacked", self.maximum_unpacked, MOST_MEGABYTES),
        ] {
            if !(1..=most).contains(&number) {
                return Err(format!(
                    "fetch.{key} is {number}; 1 to {most} were expected"
                ));
            }
        }
        if self.retries > 100 {
            return Err(format!(
                "fetch.retries is {}; 0 to 100 were expected",
                self.retries
            ));
        }
        // A day: longer times are slips, and far longer ones do not fit in a clock.
        let times = [
            self.connect_timeout,
            self.idle_timeout,
            self.total_timeout,
            self.retry_wait,
        ];
        match times.iter().all(|time| (0.001..=86_400.0).contains(time)) {
            true => Ok(()),
            false => Err("the times of [fetch] are seconds, from 0.001 to 86400".into()),
        }
    }
}

impl Default for Fetch {
    fn default() -> Self {
        Self {
            api: "https://www.data.gouv.fr/api/1".into(),
            parallel: 3,
            connect_timeout: 10.0,
            idle_timeout: 30.0,
            total_timeout: 3600.0,
            retries: 5,
            retry_wait: 1.0,
            maximum_size: 1000,
            maximum_unpacked: 10_000,
            allow_private_addresses: false,
        }
    }
}
