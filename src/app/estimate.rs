//! What a home would be sold for, by what the site publishes: the same answer as the page's.

use std::fs;
use std::io::ErrorKind;

use anyhow::Context as _;
use serde_json::Value;

use super::failure::Failure;
use super::project::Project;
use crate::intake::dvf::Section;
use crate::site::path::{COMMUNE_DATA, ESTIMATOR_DATA, PathPattern};
use crate::stats::{self, NoAnswer, Question, Valuation};

/// An answer, and what it is about.
#[derive(Debug)]
pub struct Estimated {
    /// The commune's name.
    pub commune: String,
    /// Its département's code.
    pub departement: String,
    /// What the home would be sold for.
    pub valuation: Valuation,
}

/// Values a home in a commune, by the data files of the project's site.
///
/// # Errors
/// When such a home cannot be, the site has no data of the commune, or the estimator does not answer for it there.
pub fn estimate(
    project: &Project,
    commune: &str,
    question: &Question<'_>,
) -> Result<Estimated, Failure> {
    if !question.house && question.land.is_some_and(|land| land > 0.0) {
        return Err(Failure::because(
            "--land is the land of a house; leave it out for a flat",
        ));
    }
    if let Some(section) = question.section.filter(|section| !is_section(section)) {
        return Err(Failure::because(format!(
            "--section is {section:?}; a section with its prefix was expected, as in 000AB"
        )));
    }
    let Some(data) = published(project, COMMUNE_DATA, commune)? else {
        return Err(Failure::because(format!(
            "the site has no data of commune {commune}: it is not a commune's code of today, no imported file covers it, or nothing was built yet"
        )));
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let place = &data["metadata"];
    let name = text(&place["city_name"]);
    if place["status"] == "not_covered_by_dvf" {
        return Err(Failure::because(format!(
            "the sales of {name} are not in DVF, which leaves out Alsace, the Moselle and Mayotte"
        )));
    }
    if place["kind"] == "ville" {
        return Err(Failure::because(format!(
            "{name} is valued arrondissement by arrondissement; the code of one was expected, as its page lists them"
        )));
    }
    let departement = text(&place["departement"]["code"]);
    let kind = if question.house {
        "maison"
    } else {
        "appartement"
    };
    let level = read(&data["by_type"][kind]["estimator"])?;
    let shared = published(project, ESTIMATOR_DATA, &departement)?.unwrap_or_default();
    let estimator = read(&shared[kind])?;
    let valuation = stats::valuation(question, level.as_ref(), estimator.as_ref())
        .map_err(|refusal| Failure::because(refused(refusal, &name, kind)))?;
    Ok(Estimated {
        commune: name,
        departement,
        valuation,
    })
}

/// Whether a text is a section of the land register with its prefix.
fn is_section(text: &str) -> bool {
    let bytes = text.as_bytes().try_into();
    bytes.is_ok_and(|bytes| Section::from_bytes(bytes).is_known())
}

/// A data file of the site; `None` where there is none.
fn published(
    project: &Project,
    pattern: PathPattern,
    code: &str,
) -> Result<Option<Value>, Failure> {
    // A code stands in the file's name.
    if code.is_empty() || !code.chars().all(|sign| sign.is_ascii_alphanumeric()) {
        return Ok(None);
    }
    let path = project.site().join(pattern.path(code));
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            let failed = Err(error).with_context(|| format!("{} was not read", path.display()));
            return failed.map_err(Failure::Failed);
        }
    };
    let value = serde_json::from_slice(&bytes);
    let value = value.with_context(|| format!("{} is not as it was built", path.display()));
    Ok(Some(value.map_err(Failure::Failed)?))
}

/// A part of a data file; `None` where it is null or absent.
fn read<T: serde::de::DeserializeOwned>(part: &Value) -> Result<Option<T>, Failure> {
    let read = serde_json::from_value(part.clone());
    let read = read.context("the data of the site are of another program; run `immostats build`");
    read.map_err(Failure::Failed)
}

fn refused(refusal: NoAnswer, commune: &str, kind: &str) -> String {
    let homes = if kind == "maison" { "houses" } else { "flats" };
    match refusal {
        NoAnswer::Surface([low, high]) => {
            format!("the estimator answers for {homes} of {low} to {high} m² only")
        }
        NoAnswer::Land(most) => format!("the estimator answers for up to {most} m² of land only"),
        NoAnswer::Unknown => format!(
            "too few sales of {homes} are known in {commune} and around it: there is no estimate under 60 in five years"
        ),
    }
}
