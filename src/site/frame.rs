//! What every page has, whatever it is about.

use schemars::JsonSchema;
use serde::ser::Error as _;
use serde::{Serialize, Serializer};

use super::{Site, french, path};
use crate::base::month::Month;
use crate::base::place::Place;
use crate::stats::Summary;

/// What every page has, by these names in the templates.
#[derive(Serialize, JsonSchema)]
pub(super) struct Frame {
    /// Address of the page within the site: `ville/83137/`.
    pub path: String,
    /// The way from the page to the home page, such as `../../`.
    pub root: String,
    /// The pages above this one, that of the country apart.
    pub trail: Vec<Link>,
    /// Last month that the files cover, of the place if it has figures, else of the country.
    #[schemars(with = "Option<String>")]
    pub until: Option<Month>,
    /// Whether search engines are to list it: a page without a price of its own tells them nothing.
    pub listed: bool,
    /// The address of its picture within the site, where it has one.
    pub picture: Option<String>,
    /// The address of its feed within the site, where it has one.
    pub feed: Option<String>,
    /// What the page is, as JSON-LD for search engines.
    #[serde(serialize_with = "in_html")]
    #[schemars(with = "String")]
    pub linked_data: Vec<LinkedData>,
}

/// A thing in the vocabulary of search engines, schema.org.
#[derive(Serialize)]
#[serde(tag = "@type", rename_all_fields = "camelCase")]
pub(super) enum LinkedData {
    /// The way from the page of the country to a page.
    BreadcrumbList { item_list_element: Vec<ListItem> },
    /// The data of which a page shows the figures.
    Dataset {
        name: String,
        description: String,
        url: String,
        license: &'static str,
        /// Its first month and its last, with a stroke between them.
        temporal_coverage: String,
        spatial_coverage: PlaceOfData,
        distribution: [DataDownload; 1],
    },
}

/// A page on the way to another.
#[derive(Serialize)]
#[serde(tag = "@type")]
pub(super) struct ListItem {
    /// From 1.
    position: usize,
    name: String,
    /// Its address; none of the page itself, which is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<String>,
}

#[derive(Serialize)]
#[serde(tag = "@type", rename = "Place")]
pub(super) struct PlaceOfData {
    name: String,
}

#[derive(Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
pub(super) struct DataDownload {
    encoding_format: &'static str,
    content_url: String,
}

/// Another page.
#[derive(Serialize, JsonSchema)]
pub(super) struct Link {
    pub name: String,
    pub path: String,
}

impl Link {
    /// A link to an address within the site.
    pub(super) fn new(name: &str, path: String) -> Self {
        Self {
            name: french::name(name),
            path,
        }
    }
}

impl Frame {
    /// The frame of the page at an address. `summary` is that of its place.
    pub(super) fn new(
        site: &Site<'_>,
        path: String,
        trail: Vec<Link>,
        summary: Option<&Summary>,
    ) -> Self {
        let france = Place::france();
        let summary = summary.or_else(|| site.summary(france.level, &france.code));
        let root = match path.matches('/').count() {
            0 => "./".into(),
            depth => "../".repeat(depth),
        };
        Self {
            path,
            root,
            trail,
            until: summary.map(|summary| summary.coverage.to),
            listed: true,
            picture: None,
            feed: None,
            linked_data: Vec::new(),
        }
    }

    /// The frame of the page of a place. `name` is what the page is called, `summary` that of its place.
    pub(super) fn of_place(
        site: &Site<'_>,
        path: String,
        trail: Vec<Link>,
        name: &str,
        summary: Option<&Summary>,
    ) -> Self {
        let mut frame = Self::new(site, path, trail, summary);
        frame.listed = summary.is_some_and(Summary::has_price);
        // Search engines have no use for the rest of a page that they leave out.
        if frame.listed {
            frame.linked_data = vec![breadcrumbs(site, &frame, name)];
        }
        frame
    }

    /// With the picture of the place of a code, where there is one.
    pub(super) fn with_picture(self, site: &Site<'_>, code: &str) -> Self {
        let picture = site.has_picture(code).then(|| path::PICTURE.address(code));
        Self { picture, ..self }
    }

    /// With the address of its feed.
    pub(super) fn with_feed(self, feed: Option<String>) -> Self {
        Self { feed, ..self }
    }

    /// With the data of which the page shows the figures, at an address within the site; `at` is where they are of: "à Cergy".
    pub(super) fn with_dataset(
        mut self,
        site: &Site<'_>,
        name: &str,
        at: &str,
        data: &str,
        summary: Option<&Summary>,
    ) -> Self {
        let address = &site.config.site.address;
        let summary = summary.filter(|_| self.listed);
        self.linked_data.extend(summary.map(|summary| {
            let coverage = &summary.coverage;
            LinkedData::Dataset {
                name: format!("Prix de l’immobilier {at}"),
                description: format!(
                    "Prix médians au m² des appartements et des maisons {at} (DVF)."
                ),
                url: format!("{address}/{}", self.path),
                license: LICENCE,
                temporal_coverage: format!("{}/{}", coverage.from, coverage.to),
                spatial_coverage: PlaceOfData { name: name.into() },
                distribution: [DataDownload {
                    encoding_format: "application/json",
                    content_url: format!("{address}/{data}"),
                }],
            }
        }));
        self
    }
}

/// Where the licence of the data stands.
pub(super) const LICENCE: &str = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/";

/// The way from the page of the country to a page.
fn breadcrumbs(site: &Site<'_>, frame: &Frame, name: &str) -> LinkedData {
    let address = |path: &str| Some(format!("{}/{path}", site.config.site.address));
    let above = frame.trail.iter();
    let above = above.map(|link| (link.name.as_str(), address(&link.path)));
    let all = std::iter::once(("France", address(&path::FRANCE.address(""))))
        .chain(above)
        .chain([(name, None)]);
    let items = all.zip(1..).map(|((name, item), position)| ListItem {
        position,
        name: name.to_owned(),
        item,
    });
    LinkedData::BreadcrumbList {
        item_list_element: items.collect(),
    }
}

/// JSON that may stand within a script element: nothing in it ends that, or begins another. Empty where there is none.
fn in_html<S: Serializer, T: Serialize>(parts: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Graph<'g, T> {
        #[serde(rename = "@context")]
        context: &'static str,
        #[serde(rename = "@graph")]
        graph: &'g [T],
    }
    if parts.is_empty() {
        return serializer.serialize_str("");
    }
    let text = serde_json::to_string(&Graph {
        context: "https://schema.org",
        graph: parts,
    });
    let text = text.map_err(S::Error::custom)?;
    serializer.serialize_str(&text.replace('<', "\\u003c"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn nothing_in_linked_data_ends_its_element() {
        #[derive(Serialize, JsonSchema)]
        struct Page {
            #[serde(serialize_with = "in_html")]
            linked_data: Vec<Value>,
        }
        let page = Page {
            linked_data: vec![json!({"name": "</script><script>alert(1)"})],
        };
        let value = serde_json::to_value(&page).unwrap();
        let text = value["linked_data"].as_str().unwrap();
        assert!(!text.contains('<'), "{text}");
        let read: Value = serde_json::from_str(text).unwrap();
        assert_eq!(read["@graph"][0]["name"], "</script><script>alert(1)");
    }
}
