//! Checks of settings that CDNs have in common. Each complains of a key below `[cdn]` and says what was expected.

use std::ops::RangeInclusive;

use crate::base::address::{names_user, web_address};

/// A rate, a time, a burst: more than 0.
///
/// # Errors
/// When it is not, or is no number at all.
pub(super) fn positive(key: &str, value: f64) -> Result<(), String> {
    if value > 0.0 && value <= 1e6 {
        return Ok(());
    }
    Err(format!(
        "cdn.{key} is {value}; more than 0, and at most a million, was expected"
    ))
}

/// A count within bounds.
///
/// # Errors
/// When it is outside.
pub(super) fn within(key: &str, value: usize, bounds: RangeInclusive<usize>) -> Result<(), String> {
    if bounds.contains(&value) {
        return Ok(());
    }
    let (least, most) = bounds.into_inner();
    Err(format!(
        "cdn.{key} is {value}; {least} to {most} were expected"
    ))
}

/// The address of an API. What is wrong with it is told without showing it, for it may hold a password.
///
/// # Errors
/// When it is none.
pub(super) fn api(key: &str, address: &str) -> Result<(), String> {
    if web_address(address).is_some_and(|url| !names_user(&url)) {
        return Ok(());
    }
    Err(format!(
        "cdn.{key} is no address; one that begins with https:// was expected, without a user and a password"
    ))
}

/// The id of a zone or a service.
///
/// # Errors
/// When it is empty or holds anything but letters and digits.
pub(super) fn id(key: &str, id: &str) -> Result<(), String> {
    if !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Ok(());
    }
    Err(format!(
        "cdn.{key} is \"{id}\"; an id of letters and digits was expected, as the CDN's console shows it"
    ))
}
