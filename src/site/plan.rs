//! The files of the site, and one by one their keys and their bytes.

use std::sync::{Arc, OnceLock};

use itertools::Itertools;
use serde_json::Value;

use super::maker::Maker;
use super::{Site, SiteError, route, variants};
use crate::config::Encoding;

/// Pages of a template that an example is chosen among.
const LOOKED_AT: usize = 200;

/// A file of the site.
#[derive(Clone)]
pub struct Planned {
    /// Where it stands in the site: `ville/83137/index.html`.
    pub path: String,
    /// What tells it from others of its route.
    code: String,
    maker: &'static dyn Maker,
    /// The encoding it is written in; `None` when it stands there as it is.
    encoding: Option<Encoding>,
    /// The key of the file as it is, found when it is first asked for.
    plain_key: Arc<OnceLock<blake3::Hash>>,
}

impl Planned {
    /// The code of the place whose file it is; empty where it is no place's. Made one after the other, the files of a place
    /// read its figures once.
    pub fn place(&self) -> &str {
        &self.code
    }

    /// The file's compressed copy, which stands beside it.
    fn compressed(&self, encoding: Encoding) -> Self {
        Self {
            path: format!("{}{}", self.path, encoding.ending()),
            encoding: Some(encoding),
            ..self.clone()
        }
    }

    /// Where the file stands as it is.
    fn plain_path(&self) -> &str {
        let ending = self.encoding.map_or("", Encoding::ending);
        self.path.strip_suffix(ending).unwrap_or(&self.path)
    }

    /// The key of the file from the key of the file as it is.
    fn key_from(&self, plain: &blake3::Hash) -> blake3::Hash {
        let Some(encoding) = self.encoding else {
            return *plain;
        };
        let mut hasher = blake3::Hasher::new();
        hasher.update(plain.as_bytes());
        hasher.update(encoding.name().as_bytes());
        hasher.finalize()
    }
}

impl Site<'_> {
    /// Every file of the site but those that carry the time of a run (`version.json`, `api/health.json`, `admin/`),
    /// sorted by path.
    pub fn plan(&self) -> Vec<Planned> {
        let files = route::made_by_builds().flat_map(|(route, maker)| {
            let codes = maker.codes(self).into_iter();
            codes.map(move |code| Planned {
                path: route.pattern.path(&code),
                code: code.into_owned(),
                maker,
                encoding: None,
                plain_key: Arc::default(),
            })
        });
        let mut plan: Vec<_> = files.collect();
        let variants = self.config.build.precompress.iter().flat_map(|&encoding| {
            let plain = plan.iter();
            let plain = plain.filter(|planned| variants::is_compressible(&planned.path));
            plain.map(move |planned| planned.compressed(encoding))
        });
        let variants: Vec<_> = variants.collect();
        plan.extend(variants);
        // The stable sort takes what is in order already as it is: nearly everything.
        plan.sort_by(|a, b| a.path.cmp(&b.path));
        plan
    }

    /// Hash of everything that a file of the plan is made of. As long as it is the same, so is the file.
    ///
    /// # Errors
    /// What a page shows cannot be serialised: never with the types it is made of.
    pub fn key(&self, planned: &Planned) -> Result<blake3::Hash, SiteError> {
        let plain = match planned.plain_key.get() {
            Some(known) => known,
            None => {
                let mut hasher = self.hasher(planned);
                planned.maker.hash(self, &planned.code, &mut hasher)?;
                planned.plain_key.get_or_init(|| hasher.finalize())
            }
        };
        Ok(planned.key_from(plain))
    }

    /// What every key begins with.
    fn hasher(&self, planned: &Planned) -> blake3::Hasher {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.renderer.as_bytes());
        hasher.update(blake3::hash(planned.plain_path().as_bytes()).as_bytes());
        hasher
    }

    /// What a template sees of a page, besides `site` and `assets`: of that of a place by its code, or of the one that shows most.
    ///
    /// # Errors
    /// When no page of the template is there, or what it shows cannot be read.
    pub fn context(&self, template: &str, code: Option<&str>) -> Result<Value, SiteError> {
        let mut makers = route::made_by_builds().map(|(_, maker)| maker);
        let maker = makers
            .find(|maker| maker.template() == Some(template))
            .ok_or_else(|| SiteError::NoTemplate {
                name: template.to_owned(),
                known: route::made_by_builds()
                    .filter_map(|(_, maker)| maker.template())
                    .unique()
                    .join(", "),
            })?;
        if let Some(code) = code {
            return maker.context(self, code);
        }
        let mut most = None;
        // Not all of them: figures have to be read for each.
        for code in maker.codes(self).into_iter().take(LOOKED_AT) {
            let context = maker.context(self, &code)?;
            let size = context.to_string().len();
            if most.as_ref().is_none_or(|(other, _)| size > *other) {
                most = Some((size, context));
            }
        }
        let (_, context) = most.ok_or_else(|| SiteError::NoPage {
            code: template.to_owned(),
        })?;
        Ok(context)
    }

    /// Makes one file of the plan.
    ///
    /// # Errors
    /// A template that fails on this page (its file and line are in the message), or figures that cannot be read.
    pub fn render(&self, planned: &Planned) -> Result<Vec<u8>, SiteError> {
        let bytes = planned.maker.render(self, &planned.code)?;
        encoded(planned, bytes)
    }

    /// Makes one file of the plan, and its key where that was not asked for before: what it is made of is found once for both.
    ///
    /// # Errors
    /// As [`Site::key`] and [`Site::render`].
    pub fn make(&self, planned: &Planned) -> Result<(blake3::Hash, Vec<u8>), SiteError> {
        if planned.plain_key.get().is_some() {
            return Ok((self.key(planned)?, self.render(planned)?));
        }
        let mut hasher = self.hasher(planned);
        let bytes = planned.maker.make(self, &planned.code, &mut hasher)?;
        let plain = planned.plain_key.get_or_init(|| hasher.finalize());
        Ok((planned.key_from(plain), encoded(planned, bytes)?))
    }
}

/// A file as it stands in the site.
fn encoded(planned: &Planned, bytes: Vec<u8>) -> Result<Vec<u8>, SiteError> {
    match planned.encoding {
        None => Ok(bytes),
        Some(encoding) => variants::compress(&bytes, encoding),
    }
}
