//! How the files of a route are made: each has a key, the hash of everything that it is made of, and bytes.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::around::Around;
use super::block::{PageBlocks, schema};
use super::frame::Frame;
use super::{Entry, Site, SiteError};
use crate::base::place::Level;
use crate::stats::Summary;

/// Makes the files of a route.
pub(super) trait Maker: Sync {
    /// The codes that stand in the place of `*` in their paths; one empty code for a file that is alone of its kind.
    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>>;

    /// Adds everything that the file with a code is made of: its bytes, where these are had sooner than told.
    ///
    /// # Errors
    /// When there is none with this code, or what it shows cannot be serialised.
    fn hash(
        &self,
        site: &Site<'_>,
        code: &str,
        hasher: &mut blake3::Hasher,
    ) -> Result<(), SiteError> {
        hasher.update(&self.render(site, code)?);
        Ok(())
    }

    /// Whether sitemaps list the file with a code, where they list its kind.
    fn is_listed(&self, _: &Site<'_>, _: &str) -> bool {
        true
    }

    /// The template that makes the files; `None` of those that none does.
    fn template(&self) -> Option<&'static str> {
        None
    }

    /// What the template sees of any file, besides `site` and `assets`, as a JSON Schema.
    fn variables(&self) -> Option<Value> {
        None
    }

    /// What the template sees of the file with a code, besides `site` and `assets`.
    ///
    /// # Errors
    /// As [`Maker::render`].
    fn context(&self, _: &Site<'_>, code: &str) -> Result<Value, SiteError> {
        Err(SiteError::NoPage { code: code.into() })
    }

    /// The bytes of the file with a code.
    ///
    /// # Errors
    /// When there is none with this code, its template fails, or the figures cannot be read.
    fn render(&self, site: &Site<'_>, code: &str) -> Result<Vec<u8>, SiteError>;

    /// The bytes of the file with a code, and everything that it is made of added: both at once.
    ///
    /// # Errors
    /// As [`Maker::hash`] and [`Maker::render`].
    fn make(
        &self,
        site: &Site<'_>,
        code: &str,
        hasher: &mut blake3::Hasher,
    ) -> Result<Vec<u8>, SiteError> {
        self.hash(site, code, hasher)?;
        self.render(site, code)
    }
}

/// A file whose bytes are made at once, without a template.
pub(super) struct Fixed(pub fn(&Site<'_>) -> Vec<u8>);

impl Maker for Fixed {
    fn codes<'s>(&self, _: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        alone()
    }

    fn render(&self, site: &Site<'_>, _: &str) -> Result<Vec<u8>, SiteError> {
        Ok(self.0(site))
    }
}

/// Pages of one kind, which a template makes.
pub(super) trait Pages: Sync {
    /// The name of the template.
    const TEMPLATE: &'static str;

    /// What the codes are of, where pages are of places.
    const LEVEL: Option<Level> = None;

    /// What the template sees as `page`.
    type Facts<'s>: Serialize + JsonSchema;

    /// The codes of the pages, as [`Maker::codes`] gives them.
    fn codes<'s>(&self, _: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        alone()
    }

    /// What the page with a code is made of; `None` when there is none.
    fn sheet<'s>(&self, site: &'s Site<'_>, code: &str) -> Option<Sheet<'s, Self::Facts<'s>>>;
}

/// Everything that a page is made of, its template and theme apart.
pub(super) struct Sheet<'s, Facts> {
    pub frame: Frame,
    /// Enter the key, so that a template can show nothing that would not renew the page when it changes.
    pub facts: Facts,
    /// The wider places that the figures are drawn beside. They enter the key too.
    pub around: Around<'s>,
    /// The place's own figures, which are read when the page is rendered.
    pub entry: Option<&'s Entry>,
}

/// Makes pages from their sheets.
pub(super) struct Templated<P>(pub P);

impl<P: Pages> Templated<P> {
    fn sheet<'s>(
        &self,
        site: &'s Site<'_>,
        code: &str,
    ) -> Result<Sheet<'s, P::Facts<'s>>, SiteError> {
        let sheet = self.0.sheet(site, code);
        sheet.ok_or_else(|| SiteError::NoPage { code: code.into() })
    }
}

impl<F: Serialize> Sheet<'_, F> {
    /// Adds everything that a page is made of.
    fn hash(
        &self,
        site: &Site<'_>,
        template: &str,
        hasher: &mut blake3::Hasher,
    ) -> Result<(), SiteError> {
        hasher.update(site.theme.digest.as_bytes());
        let mut text = Vec::with_capacity(2048);
        serde_json::to_writer(&mut text, &(template, &self.frame, &self.facts))
            .map_err(SiteError::Context)?;
        hasher.update(blake3::hash(&text).as_bytes());
        self.around.hash(hasher);
        if let Some(entry) = self.entry {
            entry.hash(hasher);
        }
        Ok(())
    }

    /// Does something with what the template sees of the page with a code.
    fn with_context<T>(
        &self,
        code: &str,
        then: impl FnOnce(&Context<'_, F>) -> Result<T, SiteError>,
    ) -> Result<T, SiteError> {
        let figures = match self.entry {
            Some(entry) => Some(entry.figures(code)?),
            None => None,
        };
        then(&Context {
            frame: &self.frame,
            page: &self.facts,
            figures: figures
                .as_deref()
                .map(|figures| PageBlocks::new(figures, &self.around)),
        })
    }

    /// The page with a code.
    fn render(&self, site: &Site<'_>, template: &str, code: &str) -> Result<Vec<u8>, SiteError> {
        self.with_context(code, |context| site.theme.render(template, context))
    }
}

/// What templates see, besides `site` and `assets`.
#[derive(Serialize, JsonSchema)]
struct Context<'s, Facts> {
    #[serde(flatten)]
    frame: &'s Frame,
    page: &'s Facts,
    figures: Option<PageBlocks<'s>>,
}

impl<P: Pages> Maker for Templated<P> {
    fn codes<'s>(&self, site: &'s Site<'_>) -> Vec<Cow<'s, str>> {
        self.0.codes(site)
    }

    fn is_listed(&self, site: &Site<'_>, code: &str) -> bool {
        // A page without a price of its own tells search engines nothing.
        let summary = |level| site.summary(level, code);
        P::LEVEL.is_none_or(|level| summary(level).is_some_and(Summary::has_price))
    }

    fn hash(
        &self,
        site: &Site<'_>,
        code: &str,
        hasher: &mut blake3::Hasher,
    ) -> Result<(), SiteError> {
        self.sheet(site, code)?.hash(site, P::TEMPLATE, hasher)
    }

    fn template(&self) -> Option<&'static str> {
        Some(P::TEMPLATE)
    }

    fn variables(&self) -> Option<Value> {
        Some(schema::of_templates::<Context<'_, P::Facts<'_>>>())
    }

    fn context(&self, site: &Site<'_>, code: &str) -> Result<Value, SiteError> {
        self.sheet(site, code)?.with_context(code, |context| {
            serde_json::to_value(context).map_err(SiteError::Context)
        })
    }

    fn render(&self, site: &Site<'_>, code: &str) -> Result<Vec<u8>, SiteError> {
        self.sheet(site, code)?.render(site, P::TEMPLATE, code)
    }

    fn make(
        &self,
        site: &Site<'_>,
        code: &str,
        hasher: &mut blake3::Hasher,
    ) -> Result<Vec<u8>, SiteError> {
        let sheet = self.sheet(site, code)?;
        sheet.hash(site, P::TEMPLATE, hasher)?;
        sheet.render(site, P::TEMPLATE, code)
    }
}

/// The codes of a file that is alone of its kind.
pub(super) fn alone() -> Vec<Cow<'static, str>> {
    vec![Cow::Borrowed("")]
}
