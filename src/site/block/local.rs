//! What operators tell of a commune in tables of their own: a text, a number, a link.

use std::collections::BTreeSet;

use reqwest::Url;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Number;

use crate::intake::notes::LocalFigure;
use crate::site::Site;
use crate::site::atlas::OperatorNote;
use crate::site::french::rounded;
use crate::site::french::{self, SPACE};
use crate::site::indicators::written;

/// Decimals of a number on pages, at most, and in data files.
const SHOWN: u8 = 2;
const WRITTEN: u8 = 6;

/// `page.local` in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct LocalNotes<'s> {
    notes: Vec<ShownNote<'s>>,
    /// Whose they are, each once.
    operators: BTreeSet<&'s str>,
}

/// A note as pages show it.
#[derive(Serialize, JsonSchema)]
struct ShownNote<'s> {
    operator: &'s str,
    /// The lines of its text.
    lines: Vec<&'s str>,
    figure: Option<ShownFigure<'s>>,
    link: Option<&'s str>,
    /// Where the link leads.
    host: Option<String>,
    /// "30 novembre 2026"
    until: Option<String>,
}

/// A number of a note.
#[derive(Serialize, JsonSchema)]
struct ShownFigure<'s> {
    label: &'s str,
    /// "1 240", "12,5 %"
    value: String,
}

/// An item of `local_notes` in the data file.
#[derive(Serialize, JsonSchema)]
#[schemars(inline, description = "")]
pub(crate) struct LocalData<'s> {
    #[schemars(description = "Qui publie la note.")]
    operator: &'s str,
    #[schemars(description = "Identifiant de la source.")]
    source: &'s str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(description = "Ce que le nombre mesure.")]
    label: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<f64>")]
    number: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        description = "Dernier jour où la note est publiée.",
        extend("format" = "date")
    )]
    valid_until: Option<String>,
}

impl<'s> LocalNotes<'s> {
    /// The notes on a commune.
    pub(crate) fn on(site: &'s Site<'_>, code: &str) -> Self {
        let notes = site.atlas.local_notes_on(code);
        Self {
            operators: notes.iter().map(|note| note.operator.as_str()).collect(),
            notes: notes.iter().map(ShownNote::from).collect(),
        }
    }
}

impl<'s> From<&'s OperatorNote> for ShownNote<'s> {
    fn from(told: &'s OperatorNote) -> Self {
        let note = &told.note;
        let link = note.link.as_deref();
        let host = link.and_then(|link| Some(Url::parse(link).ok()?.host_str()?.to_owned()));
        Self {
            operator: &told.operator,
            lines: note.text.iter().flat_map(|text| text.lines()).collect(),
            figure: note.figure.as_ref().map(ShownFigure::from),
            link,
            host,
            until: note.valid_until.map(french::day),
        }
    }
}

impl<'s> From<&'s LocalFigure> for ShownFigure<'s> {
    fn from(figure: &'s LocalFigure) -> Self {
        let shown = rounded(figure.number, SHOWN);
        let needed = (0..SHOWN).find(|decimals| rounded(shown, *decimals) == shown);
        let number = french::decimals(shown, needed.unwrap_or(SHOWN));
        Self {
            label: &figure.label,
            value: match &figure.unit {
                Some(unit) => format!("{number}{SPACE}{unit}"),
                None => number,
            },
        }
    }
}

impl<'s> LocalData<'s> {
    /// The notes on a commune.
    pub(crate) fn on(site: &'s Site<'_>, code: &str) -> Vec<Self> {
        let notes = site.atlas.local_notes_on(code).iter();
        let data = notes.map(|told| {
            let note = &told.note;
            let figure = note.figure.as_ref();
            Self {
                operator: &told.operator,
                source: &told.source,
                text: note.text.as_deref(),
                link: note.link.as_deref(),
                label: figure.map(|figure| figure.label.as_str()),
                number: figure.and_then(|figure| written(figure.number, WRITTEN)),
                unit: figure.and_then(|figure| figure.unit.as_deref()),
                valid_until: note.valid_until.map(|day| day.to_string()),
            }
        });
        data.collect()
    }
}
