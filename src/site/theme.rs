//! The templates and assets that make the look of the site: those that ship with the program, each of which a file of
//! the same name in the project's templates folder replaces.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use tera::Tera;
use walkdir::WalkDir;

use super::block::schema;
use super::error::SiteError;
use super::filters;
use super::typography::typeset;
use crate::base::memory;
use crate::config::{Config, Legal, Statistics, ThemeSettings};

/// What ships with the program: the templates folder of its sources.
static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

const ASSETS: &str = "assets/";

/// The asset that stands before the name of a site that has none of its own.
const ICON: &str = "icon.svg";

/// Digits of the content hash in an asset's name: 40 bits, so that among a thousand versions one in two millions shares one.
/// Each page names five.
const HASH_LENGTH: usize = 10;

/// The templates and assets that ship with the program, by their names.
pub fn built_in_files() -> impl Iterator<Item = (String, &'static [u8])> {
    let mut files = BTreeMap::new();
    embedded(&EMBEDDED, &mut files);
    files.into_iter()
}

/// One of them.
pub fn built_in_file(name: &str) -> Option<&'static [u8]> {
    EMBEDDED.get_file(name).map(include_dir::File::contents)
}

/// The templates and assets of a project's folder, by their names.
///
/// # Errors
/// When one of them cannot be read.
pub fn own_files(dir: &Path) -> Result<BTreeMap<String, Vec<u8>>, SiteError> {
    Ok(OwnFiles::of(dir)?.templates)
}

/// Templates ready to render, and the assets they name.
pub(super) struct Theme {
    pub tera: Tera,
    /// Published path and content, by path.
    pub assets: BTreeMap<String, Vec<u8>>,
    /// Stands for the templates and the assets.
    pub files: blake3::Hash,
    /// What there is to say of the project's files that nothing uses.
    pub(super) unused: Vec<String>,
    /// Stands for them and what every page shows of the configuration.
    pub digest: blake3::Hash,
}

/// What every template can name as `site`.
#[derive(Serialize, JsonSchema)]
struct SiteInfo<'a> {
    /// What the site is called.
    name: &'a str,
    /// Absolute address of the home page, without a slash at its end.
    address: &'a str,
    /// From how many sales figures are shown.
    statistics: &'a Statistics,
    /// Who answers for the site.
    legal: &'a Legal,
    /// A sentence over all pages; empty for none.
    banner: &'a str,
    /// The asset that stands before the name of the site.
    logo: &'a str,
}

/// What every template sees, as a JSON Schema.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "its fields tell what Tera's global context holds")]
struct Globals<'a> {
    /// The site, by its settings.
    site: SiteInfo<'a>,
    /// The path within the site of each asset, by its name: `assets["style.css"]`.
    assets: BTreeMap<String, String>,
}

/// What every template sees, as a JSON Schema.
pub(super) fn variables() -> Value {
    schema::of_templates::<Globals<'_>>()
}

impl Theme {
    /// Loads what ships, then what `dir` holds.
    ///
    /// # Errors
    /// A folder or file that cannot be read, a template that is not UTF-8 or does not parse.
    pub(super) fn load(dir: Option<&Path>, config: &Config) -> Result<Self, SiteError> {
        let mut files: BTreeMap<String, Vec<u8>> = built_in_files()
            .map(|(name, content)| (name, content.to_vec()))
            .collect();
        let mut unused = Vec::new();
        if let Some(dir) = dir {
            let own = OwnFiles::of(dir)?;
            unused = own.unused(&files);
            for (name, content) in own.templates {
                if says_nothing(&content) && files.contains_key(&name) && !name.starts_with(ASSETS)
                {
                    return Err(SiteError::EmptyTemplate { name });
                }
                files.insert(name, content);
            }
            memory::watch();
        }
        let site = SiteInfo {
            name: &config.site.name,
            address: &config.site.address,
            statistics: &config.statistics,
            legal: &config.legal,
            banner: config.theme.banner.trim(),
            logo: match config.theme.logo.as_str() {
                "" => ICON,
                logo => logo,
            },
        };
        if !files.contains_key(&format!("{ASSETS}{}", site.logo)) {
            return Err(SiteError::NoLogo {
                name: site.logo.to_owned(),
            });
        }
        if let Some(style) = files.get_mut(&format!("{ASSETS}style.css")) {
            style.extend(colours(&config.theme).into_bytes());
        }
        let hash = digest(&files);
        let mut digest = blake3::Hasher::new();
        digest.update(hash.as_bytes());
        serde_json::to_writer(&mut digest, &site).map_err(SiteError::Context)?;

        let mut assets = BTreeMap::new();
        let mut templates = Vec::new();
        let mut published = BTreeMap::new();
        for (name, content) in files {
            if let Some(asset) = name.strip_prefix(ASSETS) {
                let path = hashed_name(&name, &content);
                published.insert(asset.to_owned(), path.clone());
                assets.insert(path, content);
            } else {
                let text = String::from_utf8(content)
                    .map_err(|_| SiteError::NotText { name: name.clone() })?;
                let text = match name.ends_with(".html") {
                    true => typeset(&text),
                    false => text,
                };
                templates.push((name, text));
            }
        }
        let mut tera = Tera::default();
        filters::register(&mut tera);
        tera.set_escape_fn(escape);
        tera.global_context().insert("site", &site);
        tera.global_context().insert("assets", &published);
        tera.add_raw_templates(templates)
            .map_err(|error| SiteError::template(&error))?;
        Ok(Self {
            tera,
            assets,
            files: hash,
            unused,
            digest: digest.finalize(),
        })
    }

    /// Renders a template with a context, which is a structure of named fields.
    pub(super) fn render(
        &self,
        template: &str,
        context: &impl Serialize,
    ) -> Result<Vec<u8>, SiteError> {
        let render = || {
            let context = tera::Context::from_serialize(context)?;
            let mut page = Vec::with_capacity(16 * 1024);
            self.tera.render_to(template, &context, &mut page)?;
            Ok(page)
        };
        render().map_err(|error| SiteError::template(&error))
    }
}

/// Escapes what Tera's own function escapes, which writes byte by byte.
fn escape(text: &str, out: &mut dyn io::Write) -> io::Result<()> {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        out.write_all(&rest.as_bytes()[..at])?;
        out.write_all(match rest.as_bytes()[at] {
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            b'"' => b"&quot;",
            _ => b"&#39;",
        })?;
        rest = &rest[at + 1..];
    }
    out.write_all(rest.as_bytes())
}

/// The colours of a site as rules that follow those of the style sheet.
fn colours(theme: &ThemeSettings) -> String {
    let tokens = |which: usize| {
        let colours = theme.colours.iter();
        let tokens = colours.map(|(of, colours)| format!("--{}: {};", of.name(), colours[which]));
        tokens.collect::<Vec<_>>().join(" ")
    };
    match theme.colours.is_empty() {
        true => String::new(),
        false => format!(
            ":root {{ {} }}\n@media screen and (prefers-color-scheme: dark) {{ :root {{ {} }} }}\n",
            tokens(0),
            tokens(1)
        ),
    }
}

/// Adds the files of a folder that ships, and those of the folders in it.
fn embedded(dir: &'static Dir<'_>, files: &mut BTreeMap<String, &'static [u8]>) {
    for file in dir.files() {
        let name = file.path().to_string_lossy().replace('\\', "/");
        files.insert(name, file.contents());
    }
    for dir in dir.dirs() {
        embedded(dir, files);
    }
}

/// The files of a project's folder of templates, by their names.
#[derive(Default)]
struct OwnFiles {
    /// Templates (`.html`, `.xml`) and assets.
    templates: BTreeMap<String, Vec<u8>>,
    /// What is neither.
    others: Vec<String>,
}

impl OwnFiles {
    /// The files of a folder, hidden ones apart.
    fn of(dir: &Path) -> Result<Self, SiteError> {
        let unreadable = |path: &Path, source| SiteError::Unreadable {
            path: path.into(),
            source,
        };
        let mut own = Self::default();
        for entry in WalkDir::new(dir) {
            let entry = entry.map_err(|error| {
                let path = error.path().map_or_else(|| dir.into(), PathBuf::from);
                unreadable(&path, error.into())
            })?;
            let path = entry.path();
            let name = path.strip_prefix(dir).unwrap_or(path).to_string_lossy();
            let hidden = entry.depth() > 0 && name.split('/').any(|part| part.starts_with('.'));
            if entry.path_is_symlink() && entry.depth() > 0 && !hidden {
                return Err(unreadable(
                    path,
                    io::Error::other(
                        "it is a link, and links in the templates folder are not followed; put a copy in its place",
                    ),
                ));
            }
            if !entry.file_type().is_file() || hidden {
                continue;
            }
            let is_template = name.ends_with(".html") || name.ends_with(".xml");
            if name.starts_with(ASSETS) || is_template || EMBEDDED.contains(&*name) {
                let content = std::fs::read(path).map_err(|source| unreadable(path, source))?;
                own.templates.insert(name.into_owned(), content);
            } else {
                own.others.push(name.into_owned());
            }
        }
        Ok(own)
    }

    /// A sentence for each file that takes the place of none of `shipped`, and that no template of the project names;
    /// those that hold components are taken for used, and texts for notes.
    fn unused(&self, shipped: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
        let texts: Vec<_> = self
            .templates
            .values()
            .map(|text| String::from_utf8_lossy(text))
            .collect();
        let named = |name: &str| {
            let quoted = ['"', '\''].map(|quote| format!("{quote}{name}{quote}"));
            texts
                .iter()
                .any(|text| quoted.iter().any(|name| text.contains(name)))
        };
        let templates = self.templates.iter().filter(|(name, text)| {
            let text = String::from_utf8_lossy(text);
            !(name.starts_with(ASSETS)
                || shipped.contains_key(*name)
                || named(name)
                || text.contains("{% component"))
        });
        let templates = templates.map(|(name, _)| name);
        let notes = |name: &&String| [".md", ".txt"].iter().any(|ending| name.ends_with(ending));
        let unused = templates.chain(self.others.iter().filter(|name| !notes(name)));
        unused.map(|name| unused_file(name, shipped)).collect()
    }
}

fn unused_file(name: &str, shipped: &BTreeMap<String, Vec<u8>>) -> String {
    /// From here on two names are taken for the same one, mistyped.
    const NEAR: f64 = 0.9;
    let alike = |shipped: &str| {
        let file = shipped.strip_prefix(ASSETS).unwrap_or(shipped);
        strsim::jaro_winkler(file, name)
    };
    let near = shipped.keys().max_by(|a, b| alike(a).total_cmp(&alike(b)));
    let meant = near
        .filter(|near| alike(near) >= NEAR)
        .map_or_else(String::new, |near| format!("; did you mean {near}?"));
    format!(
        "templates/{name} is not used: the program has no template of this name, and none of the project's names it{meant}"
    )
}

/// `assets/style.css` to `assets/style.<hash>.css`: a browser may keep it for ever.
fn hashed_name(name: &str, content: &[u8]) -> String {
    let hash = blake3::hash(content).to_hex();
    let hash = &hash[..HASH_LENGTH];
    match name.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') => format!("{stem}.{hash}.{extension}"),
        _ => format!("{name}.{hash}"),
    }
}

fn digest(files: &BTreeMap<String, Vec<u8>>) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for (name, content) in files {
        hasher.update(blake3::hash(name.as_bytes()).as_bytes());
        hasher.update(blake3::hash(content).as_bytes());
    }
    hasher.finalize()
}

/// Whether nothing is drawn of a template: it holds blanks, marks of byte order and comments alone.
fn says_nothing(template: &[u8]) -> bool {
    let text = String::from_utf8_lossy(template);
    let mut parts = text.split("{#");
    let mut outside = parts
        .next()
        .into_iter()
        .chain(parts.map(|part| part.split_once("#}").map_or("", |(_, after)| after)));
    let is_blank = |sign: char| sign.is_whitespace() || "\u{feff}\u{200b}-".contains(sign);
    outside.all(|text| text.chars().all(is_blank))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_escaped_is_what_tera_escapes(text in "[a-z&<>\"'é’]{0,30}") {
            let [mut own, mut usual] = [Vec::new(), Vec::new()];
            escape(&text, &mut own).unwrap();
            tera::escape_html(&text, &mut usual).unwrap();
            prop_assert_eq!(own, usual);
        }
    }
}
