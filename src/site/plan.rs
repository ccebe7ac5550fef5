//! The files of the site with their keys, and their bytes one by one.

use itertools::Itertools;
use rayon::prelude::*;
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
    /// Hash of everything it is made of. As long as it is the same, so is the file.
    pub key: blake3::Hash,
    /// What tells it from others of its route.
    code: String,
    maker: &'static dyn Maker,
    /// The encoding it is written in; `None` when it stands there as it is.
    encoding: Option<Encoding>,
}

impl Planned {
    /// The code of the place whose file it is; empty where it is no place's. Made one after the other, the files of a place
    /// read its figures once.
    pub fn place(&self) -> &str {
        &self.code
    }

    /// The same file compressed, which stands beside it.
    fn compressed(&self, encoding: Encoding) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.key.as_bytes());
        hasher.update(encoding.name().as_bytes());
        Self {
            path: format!("{}{}", self.path, encoding.ending()),
            key: hasher.finalize(),
            encoding: Some(encoding),
            ..self.clone()
        }
    }
}

impl Site<'_> {
    /// Every file of the site but those that carry the time of a run (`version.json`, `api/health.json`, `admin/`),
    /// sorted by path.
    ///
    /// # Errors
    /// What a page shows cannot be serialised: never with the types it is made of.
    pub fn plan(&self) -> Result<Vec<Planned>, SiteError> {
        let files: Vec<_> = route::made_by_builds()
            .flat_map(|(route, maker)| {
                let codes = maker.codes(self).into_iter();
                codes.map(move |code| (route.pattern, maker, code))
            })
            .collect();
        let planned = files.into_par_iter().map(|(pattern, maker, code)| {
            let path = pattern.path(&code);
            let mut hasher = blake3::Hasher::new();
            hasher.update(self.renderer.as_bytes());
            hasher.update(blake3::hash(path.as_bytes()).as_bytes());
            maker.hash(self, &code, &mut hasher)?;
            Ok(Planned {
                path,
                key: hasher.finalize(),
                code: code.into_owned(),
                maker,
                encoding: None,
            })
        });
        let mut plan = planned.collect::<Result<Vec<_>, SiteError>>()?;
        let variants = self.config.build.precompress.iter().flat_map(|&encoding| {
            let plain = plan.iter();
            let plain = plain.filter(|planned| variants::is_compressible(&planned.path));
            plain.map(move |planned| planned.compressed(encoding))
        });
        let variants: Vec<_> = variants.collect();
        plan.extend(variants);
        // The stable sort takes what is in order already as it is: nearly everything.
        plan.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(plan)
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
        match planned.encoding {
            None => Ok(bytes),
            Some(encoding) => variants::compress(&bytes, encoding),
        }
    }
}
