//! Parts of `immostats.toml`, each for the room that knows its keys.

use std::path::{Path, PathBuf};

use serde::de::{DeserializeOwned, IgnoredAny};
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::error::{ConfigError, FILE_NAME};
use crate::base::words::nearest;

/// `immostats.toml` as it lies in a project's folder.
#[derive(Clone, Debug)]
pub struct ConfigFile {
    path: PathBuf,
    text: String,
}

impl ConfigFile {
    /// Reads the file of the project in `root`.
    ///
    /// # Errors
    /// When it is missing or cannot be read.
    pub fn open(root: &Path) -> Result<Self, ConfigError> {
        let path = root.join(FILE_NAME);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Self { path, text }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(ConfigError::Missing { root: root.into() })
            }
            Err(source) => Err(ConfigError::Unreadable { path, source }),
        }
    }

    /// What `parse` makes of the file's text.
    ///
    /// # Errors
    /// What `parse` complains of, with the path of the file.
    pub fn parse<T>(
        &self,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, ConfigError> {
        parse(&self.text).map_err(|message| ConfigError::Invalid {
            path: self.path.clone(),
            message: with_line(&self.text, message),
        })
    }
}

/// A complaint with its line before it, where it begins with a key that the file gives, such as `site.address`.
fn with_line(text: &str, message: String) -> String {
    let key = message.split([' ', ',', ':', ';']).next();
    let key = key.filter(|key| key.contains('.'));
    at_line(key.and_then(|key| line_of(text, key)), message)
}

/// A complaint with its line before it, where that is known.
pub(super) fn at_line(line: Option<usize>, message: String) -> String {
    match line {
        Some(line) => format!("line {line}: {message}"),
        None => message,
    }
}

/// The line of a key, counted from 1. The key is written with dots; of a list a part of it is the place in the list, from 0.
pub(super) fn line_of(text: &str, key: &str) -> Option<usize> {
    let file = DeValue::Table(DeTable::parse(text).ok()?.into_inner());
    let mut value = &file;
    let mut at = None;
    for part in key.split('.') {
        let found;
        (found, value) = match value {
            DeValue::Table(table) => {
                let (key, value) = table.get_key_value(part)?;
                (key.span(), value.get_ref())
            }
            DeValue::Array(list) => {
                let value = list.get(part.parse::<usize>().ok()?)?;
                (value.span(), value.get_ref())
            }
            _ => return None,
        };
        at = Some(found.start);
    }
    let before = text.get(..at?)?;
    Some(before.matches('\n').count() + 1)
}

/// A value of the file that is not read yet, most often a table. It knows where it stands, so that errors show the line.
#[derive(Clone, Debug)]
pub struct ConfigSection<'a> {
    text: &'a str,
    value: Spanned<DeValue<'a>>,
}

impl<'a> ConfigSection<'a> {
    /// The whole of a file.
    ///
    /// # Errors
    /// When it is not TOML.
    pub fn parse(text: &'a str) -> Result<Self, String> {
        let table = DeTable::parse(text).map_err(|error| explain(error, text, &[]))?;
        let value = Spanned::new(table.span(), DeValue::Table(table.into_inner()));
        Ok(Self { text, value })
    }

    /// Takes what stands under a key out of a table; an empty table where there is nothing.
    pub fn take(&mut self, key: &str) -> Self {
        let taken = match self.value.get_mut() {
            DeValue::Table(table) => table.remove(key),
            _ => None,
        };
        Self {
            text: self.text,
            value: taken.unwrap_or_else(|| Spanned::new(0..0, DeValue::Table(DeTable::new()))),
        }
    }

    /// Takes some keys out of a table into one of their own, which stands at the same place.
    pub fn split(&mut self, keys: &[&str]) -> Self {
        let mut taken = DeTable::new();
        if let DeValue::Table(table) = self.value.get_mut() {
            for key in keys {
                taken.extend(table.remove_entry(*key));
            }
        }
        let value = Spanned::new(self.value.span(), DeValue::Table(taken));
        Self {
            text: self.text,
            value,
        }
    }

    /// Takes the tables of the list that stands under a key; none where there is nothing.
    ///
    /// # Errors
    /// When something else than a list stands there.
    pub fn take_list(&mut self, key: &str) -> Result<Vec<Self>, String> {
        let text = self.text;
        let DeValue::Table(table) = self.value.get_mut() else {
            return Ok(Vec::new());
        };
        let Some(value) = table.remove(key) else {
            return Ok(Vec::new());
        };
        let span = value.span();
        match value.into_inner() {
            DeValue::Array(list) => {
                Ok(list.into_iter().map(|value| Self { text, value }).collect())
            }
            other => {
                let value = Spanned::new(span, other);
                // Reading says what it is in the place of a list.
                let list = Self { text, value }.read::<Vec<IgnoredAny>>(&[]);
                list.map(|_| Vec::new())
            }
        }
    }

    /// Reads it. `others` are keys that belong here too and were taken out before, for an unknown key may be meant for
    /// one of them.
    ///
    /// # Errors
    /// When it holds an unknown key (the near one is suggested) or a value of another type.
    pub fn read<T: DeserializeOwned>(self, others: &[&str]) -> Result<T, String> {
        let text = self.text;
        T::deserialize(ValueDeserializer::from(self.value))
            .map_err(|error| explain(error, text, others))
    }
}

/// The parser's message, with the near key where a key is unknown. `others` may have been meant as well.
fn explain(mut error: toml::de::Error, text: &str, others: &[&str]) -> String {
    error.set_input(Some(text));
    let message = error.to_string();
    let message = message.trim_end();
    let mut names = error.message().split('`').skip(1).step_by(2);
    // A value is none of the other keys.
    let others = match error.message() {
        told if told.starts_with("unknown field") => others,
        told if told.starts_with("unknown variant") => &[],
        _ => return message.to_owned(),
    };
    let Some(unknown) = names.next() else {
        return message.to_owned();
    };
    match nearest(unknown, names.chain(others.iter().copied())) {
        Some(near) => format!("{message}\ndid you mean `{near}`?"),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_about_a_key_is_told_with_its_line() {
        let text = "# a remark\n[gates]\nlost = 3\nmoved = 900\n\n[[notes]]\ntext = \"a\"\n[[notes]]\ntext = \"b\"\n";
        let told = |message: &str| with_line(text, message.to_owned());
        assert_eq!(told("gates.moved is 900"), "line 4: gates.moved is 900");
        // Its default is wrong beside another, or it stands in a table of another room.
        for message in ["gates.fewer is 60", "the gates.lost is", "no such thing"] {
            assert_eq!(told(message), message);
        }
        assert_eq!(line_of(text, "notes.1"), Some(8));
        assert_eq!(line_of(text, "notes.2"), None);
    }
}
