//! Files that are there before a build asks for them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::site::maker::Maker;
use crate::site::path::PathPattern;
use crate::site::{Site, SiteError};

/// Files whose bytes are there before they are asked for, by their paths.
pub(super) struct Kept {
    pub pattern: PathPattern,
    pub files: for<'s> fn(&'s Site<'_>) -> &'s BTreeMap<String, Vec<u8>>,
}

impl Maker for Kept {
    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        let paths = (self.files)(site).keys();
        paths
            .filter_map(|path| self.pattern.code(path).map(Cow::Borrowed))
            .collect()
    }

    fn render(&self, site: &Site<'_>, code: &str) -> Result<Vec<u8>, SiteError> {
        let file = (self.files)(site).get(&self.pattern.path(code));
        file.cloned()
            .ok_or_else(|| SiteError::NoPage { code: code.into() })
    }
}
