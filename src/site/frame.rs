//! What every page has, whatever it is about.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

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
    pub linked_data: Vec<Value>,
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
            json!({
                "@type": "Dataset",
                "name": format!("Prix de l’immobilier {at}"),
                "description": format!("Prix médians au m² des appartements et des maisons {at} (DVF)."),
                "url": format!("{address}/{}", self.path),
                "license": LICENCE,
                "temporalCoverage": format!("{}/{}", coverage.from, coverage.to),
                "spatialCoverage": {"@type": "Place", "name": name},
                "distribution": [{"@type": "DataDownload", "encodingFormat": "application/json", "contentUrl": format!("{address}/{data}")}],
            })
        }));
        self
    }
}

/// The vocabulary of search engines.
const SCHEMA: &str = "https://schema.org";

/// Where the licence of the data stands.
pub(super) const LICENCE: &str = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/";

/// The way from the page of the country to a page.
fn breadcrumbs(site: &Site<'_>, frame: &Frame, name: &str) -> Value {
    let above = frame
        .trail
        .iter()
        .map(|link| (link.name.as_str(), link.path.as_str()));
    let france = path::FRANCE.address("");
    let all = std::iter::once(("France", france.as_str()))
        .chain(above)
        .chain([(name, frame.path.as_str())]);
    let items = all.enumerate().map(|(number, (name, path))| {
        let mut item = json!({"@type": "ListItem", "position": number + 1, "name": name});
        // The last is the page itself.
        if path != frame.path {
            item["item"] = format!("{}/{path}", site.config.site.address).into();
        }
        item
    });
    json!({"@type": "BreadcrumbList", "itemListElement": items.collect::<Vec<_>>()})
}

/// JSON that may stand within a script element: nothing in it ends that, or begins another. Empty where there is none.
fn in_html<S: Serializer>(parts: &[Value], serializer: S) -> Result<S::Ok, S::Error> {
    let text = match parts {
        [] => String::new(),
        parts => json!({"@context": SCHEMA, "@graph": parts})
            .to_string()
            .replace('<', "\\u003c"),
    };
    serializer.serialize_str(&text)
}

#[cfg(test)]
mod tests {
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
