//! Things that have a file each, by the names that `immostats.toml` gives them.

use serde::de::{Deserialize, Deserializer, Error};

/// Reads a name. Gives where it stands among the names there are.
///
/// # Errors
/// When it is none of them.
pub(super) fn position<'de, D: Deserializer<'de>>(
    value: D,
    names: &[&str],
) -> Result<usize, D::Error> {
    let name = String::deserialize(value)?;
    let found = names.iter().position(|other| *other == name);
    found.ok_or_else(|| {
        let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
        let names = names.join(", ");
        D::Error::custom(format!("unknown variant `{name}`, expected one of {names}"))
    })
}
