//! The data.gouv.fr API: what a dataset holds.

use jiff::Timestamp;
use reqwest::{Method, Url};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::client::{Stamp, UpstreamClient, is_a_publication};
use super::error::SourceError;
use super::inspect::Checksum;
use super::upstream::UpstreamFile;
use crate::base::address::web_address;
use crate::base::pattern::matched;
use crate::base::shown::shown;
use crate::config::Source;
use crate::http::{RedactedUrl, Request};

/// Bytes of an answer that are read. Datasets with hundreds of resources answer some hundred kilobytes.
const LIMIT: usize = 16 << 20;

/// Characters shown of a resource's title.
const SHOWN_TITLE: usize = 60;

#[derive(Deserialize)]
struct Dataset {
    /// Each read by itself, so that an odd one costs no other.
    resources: Vec<serde_json::Value>,
    #[serde(default, deserialize_with = "if_sound")]
    license: Option<String>,
}

/// What is read of a resource. A `remote` one has neither size nor checksum.
#[derive(Deserialize)]
struct Resource {
    #[serde(default, deserialize_with = "if_sound")]
    title: Option<String>,
    url: String,
    #[serde(default, deserialize_with = "if_sound")]
    format: Option<String>,
    #[serde(default, deserialize_with = "if_sound")]
    filesize: Option<u64>,
    #[serde(default, deserialize_with = "if_sound")]
    checksum: Option<Stated>,
    #[serde(default, deserialize_with = "if_sound")]
    last_modified: Option<String>,
}

/// A value that helps where it is as documented, and is done without where it is not.
fn if_sound<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}

/// Formats that are no text of lines: the same table for other programs, and what is written about it.
const OTHER_FORMATS: [&str; 16] = [
    "parquet", "arrow", "xlsx", "xls", "ods", "pdf", "doc", "docx", "odt", "html", "geojson",
    "gpkg", "shp", "sqlite", "xml", "url",
];

impl Resource {
    /// Whether it is in a format that is not read, by what the dataset says or by the name of its file.
    fn is_of_other_format(&self, url: &Url) -> bool {
        let name = url.path().to_lowercase();
        let (_, extension) = name.rsplit_once('.').unwrap_or_default();
        let format = self.format.as_deref().unwrap_or_default().to_lowercase();
        OTHER_FORMATS.contains(&extension) || OTHER_FORMATS.contains(&format.trim())
    }
}

#[derive(Deserialize)]
struct Stated {
    #[serde(rename = "type")]
    algorithm: String,
    value: String,
}

/// The resources of a source's dataset that its rule picks, one an item.
pub(super) async fn resources(
    client: &UpstreamClient,
    source: &Source,
    dataset: &str,
) -> Result<Vec<UpstreamFile>, SourceError> {
    let api = &client.settings.api;
    let url = Url::parse(&format!("{api}/datasets/{dataset}/"));
    let url = url.map_err(|error| SourceError::Answer {
        address: "fetch.api of immostats.toml".to_owned(),
        reason: error.to_string(),
    })?;
    let request = Request::new(Method::GET, url.clone());
    let body = client.http.body(&request, LIMIT).await?;
    picked(source, &body).map_err(|reason| SourceError::Answer {
        address: RedactedUrl(&url).to_string(),
        reason,
    })
}

/// The resources that a source's rule picks of an answer on its dataset, one an item.
///
/// # Errors
/// What is wrong with the answer.
pub(crate) fn picked(source: &Source, answer: &[u8]) -> Result<Vec<UpstreamFile>, String> {
    let dataset: Dataset = serde_json::from_slice(answer).map_err(|error| {
        format!(
            "not a dataset as the data.gouv.fr API describes it ({})",
            shown(&error.to_string(), 300)
        )
    })?;
    let licence = dataset.license.map(|name| shown(&name, SHOWN_TITLE));
    let licence = licence.filter(|name| !name.trim().is_empty());
    let mut found = Vec::<UpstreamFile>::new();
    let mut left_out = Vec::new();
    for resource in dataset.resources {
        let title = resource["title"].as_str().unwrap_or_default();
        let title = shown(title, SHOWN_TITLE);
        let resource: Resource = match serde_json::from_value(resource) {
            Ok(resource) => resource,
            Err(error) => {
                let error = shown(&error.to_string(), 300);
                tracing::warn!(
                    "{}: the resource \"{title}\" is left out: {error}",
                    source.id
                );
                continue;
            }
        };
        let Some(url) = web_address(&resource.url) else {
            tracing::warn!(
                "{}: the resource \"{title}\" is left out: its url is no address of http or https",
                source.id
            );
            continue;
        };
        if resource.is_of_other_format(&url) {
            continue;
        }
        let Some(item) = pick(source, resource.title.as_deref().unwrap_or_default(), &url) else {
            left_out.push(title);
            continue;
        };
        let released = resource.last_modified.filter(|time| {
            time.parse()
                .map_or(true, |time: Timestamp| is_a_publication(&time))
        });
        let released = released.map(|time| shown(&time, SHOWN_TITLE));
        let upstream = UpstreamFile {
            item,
            stamp: Stamp {
                length: resource.filesize,
                ..Stamp::default()
            },
            checksum: resource
                .checksum
                .and_then(|stated| Checksum::new(&stated.algorithm, &stated.value)),
            released,
            licence: licence.clone(),
            url,
        };
        match found.iter_mut().find(|other| other.item == upstream.item) {
            None => found.push(upstream),
            // An older copy under another title, say.
            Some(other) if other.released < upstream.released => *other = upstream,
            Some(_) => {}
        }
    }
    // One that was renamed is told, for its year may be missed.
    let is_named = |title: &&String| {
        let years = title.as_bytes().windows(4);
        years.clone().any(|year| {
            year.starts_with(b"20")
                && year.iter().all(u8::is_ascii_digit)
                && !found.iter().any(|file| file.item.as_bytes() == year)
        })
    };
    for title in left_out.iter().filter(is_named) {
        tracing::warn!(
            "{}: the resource \"{title}\" is left out: it is not called {}",
            source.id,
            source.resources.join(" or ")
        );
    }
    if found.is_empty() {
        return Err(format!(
            "the dataset has no resource called {}",
            source.resources.join(" or ")
        ));
    }
    found.sort_by(|a, b| a.item.cmp(&b.item));
    Ok(found)
}

/// What the only file of a source is called.
const ONLY_ITEM: &str = "all";

/// The item that a resource is, when one of the source's patterns fits its title or the name of its file.
fn pick(source: &Source, title: &str, url: &Url) -> Option<String> {
    let name = url
        .path_segments()
        .and_then(|mut segments| segments.next_back())
        .unwrap_or_default();
    let fits = |text: &str| {
        source
            .resources
            .iter()
            .find_map(|pattern| matched(&pattern.to_lowercase(), &text.trim().to_lowercase()))
    };
    let year = fits(title).or_else(|| fits(name))?;
    Some(if year.is_empty() {
        ONLY_ITEM.to_owned()
    } else {
        year
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resources_that_ship_are_picked() {
        let sources = crate::config::Config::default().sources.0;
        let item = |source: usize, title: &str, url: &str| {
            pick(&sources[source], title, &Url::parse(url).unwrap())
        };
        let host = "https://static.data.gouv.fr/resources/x/20261020-101010";
        assert_eq!(
            item(0, "DVF 2024", &format!("{host}/a.csv.gz")).as_deref(),
            Some("2024")
        );
        assert_eq!(
            item(0, "Ventes", &format!("{host}/full-2023.csv.gz")).as_deref(),
            Some("2023")
        );
        assert_eq!(
            item(
                0,
                "Fichiers CSV",
                "https://files.data.gouv.fr/geo-dvf/latest/csv/"
            ),
            None
        );
        assert_eq!(
            item(
                1,
                "Valeurs foncières",
                &format!("{host}/valeursfoncieres-2025.txt.zip")
            )
            .as_deref(),
            Some("2025")
        );
        assert_eq!(
            item(1, "Notice", &format!("{host}/notice-descriptive.pdf")),
            None
        );
    }
}
