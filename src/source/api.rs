//! The data.gouv.fr API: what a dataset holds.

use reqwest::{Method, Url};
use serde::Deserialize;

use super::client::{Stamp, UpstreamClient};
use super::error::SourceError;
use super::inspect::Checksum;
use super::upstream::UpstreamFile;
use crate::config::Source;
use crate::http::{RedactedUrl, Request};

/// Bytes of an answer that are read. Datasets with hundreds of resources answer some hundred kilobytes.
const LIMIT: usize = 16 << 20;

#[derive(Deserialize)]
struct Dataset {
    resources: Vec<Resource>,
}

/// What is read of a resource. A `remote` one has neither size nor checksum.
#[derive(Deserialize)]
struct Resource {
    title: Option<String>,
    url: String,
    filesize: Option<u64>,
    checksum: Option<Stated>,
    last_modified: Option<String>,
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
    let wrong = |reason: String| SourceError::Answer {
        address: RedactedUrl(&url).to_string(),
        reason,
    };
    let request = Request::new(Method::GET, url.clone());
    let body = client.http.body(&request, LIMIT).await?;
    let dataset: Dataset = serde_json::from_slice(&body).map_err(|error| {
        wrong(format!(
            "not a dataset as the data.gouv.fr API describes it ({error})"
        ))
    })?;
    let mut found = Vec::<UpstreamFile>::new();
    for resource in dataset.resources {
        let Ok(url) = Url::parse(&resource.url) else {
            continue;
        };
        let Some(item) = pick(source, resource.title.as_deref().unwrap_or_default(), &url) else {
            continue;
        };
        let upstream = UpstreamFile {
            item,
            stamp: Stamp {
                length: resource.filesize,
                ..Stamp::default()
            },
            checksum: resource
                .checksum
                .and_then(|stated| Checksum::new(&stated.algorithm, &stated.value)),
            released: resource.last_modified,
            url,
        };
        match found.iter_mut().find(|other| other.item == upstream.item) {
            None => found.push(upstream),
            // An older copy under another title, say.
            Some(other) if other.released < upstream.released => *other = upstream,
            Some(_) => {}
        }
    }
    if found.is_empty() {
        return Err(wrong(format!(
            "the dataset has no resource called {}",
            source.resources.join(" or ")
        )));
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

/// Whether a pattern fits a whole text: the four digits at `{year}`, or nothing where it has none.
fn matched(pattern: &str, text: &str) -> Option<String> {
    if let Some(rest) = pattern.strip_prefix("{year}") {
        let year = text
            .get(..4)
            .filter(|year| year.bytes().all(|b| b.is_ascii_digit()))?;
        return matched(rest, &text[4..]).map(|_| year.to_owned());
    }
    if let Some(rest) = pattern.strip_prefix('*') {
        let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        return ends.into_iter().find_map(|at| matched(rest, &text[at..]));
    }
    let mut letters = pattern.chars();
    match letters.next() {
        None => text.is_empty().then(String::new),
        Some(letter) => matched(letters.as_str(), text.strip_prefix(letter)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_whole_names() {
        let year = |pattern: &str, text: &str| matched(pattern, text);
        assert_eq!(year("dvf {year}", "dvf 2024").as_deref(), Some("2024"));
        assert_eq!(year("dvf {year}", "dvf 2024 (parquet)"), None);
        assert_eq!(
            year(
                "valeursfoncieres-{year}*",
                "valeursfoncieres-2025-s1.txt.zip"
            )
            .as_deref(),
            Some("2025")
        );
        assert_eq!(
            year("*{year}*", "ventes de 2023, corrigées").as_deref(),
            Some("2023")
        );
        assert_eq!(year("{year}", "é024"), None);
        assert_eq!(year("all.csv", "all.csv").as_deref(), Some(""));
        assert_eq!(year("*", "").as_deref(), Some(""));
    }

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
