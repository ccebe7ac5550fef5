use clap::{Args, ValueEnum};
use serde_json::json;

use super::context::Context;
use crate::app::Failure;
use crate::app::estimate::{Estimated, estimate};
use crate::base::words::grouped;
use crate::stats::Question;

/// Say what a home would be sold for, by the data that the site publishes
///
/// Gives the same answer as the page of the commune: first the range that eight sales in ten are within, then the one
/// that half of them are within, then the most likely price, all in two digits. It knows nothing of the state of the
/// home, its floor, its view or its energy class.
#[derive(Debug, Args)]
pub(super) struct Estimate {
    /// The commune, by its INSEE code
    #[arg(long, value_name = "CODE")]
    commune: String,
    /// What is sold
    #[arg(long = "type", value_enum)]
    kind: Kind,
    /// Built surface, in m²
    #[arg(long, value_name = "M2")]
    surface: f64,
    /// Main rooms
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..))]
    rooms: u8,
    /// Land of a house, in m²; 0 for none; 400 when it is not given
    #[arg(long, value_name = "M2")]
    land: Option<f64>,
    /// Section of the land register with its prefix, as in 000AB
    #[arg(long)]
    section: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    Maison,
    Appartement,
}

impl Estimate {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        let section = self.section.as_deref().map(str::to_ascii_uppercase);
        let question = Question {
            house: self.kind == Kind::Maison,
            surface: self.surface,
            rooms: self.rooms,
            land: self.land,
            section: section.as_deref(),
        };
        let Estimated {
            commune,
            departement,
            valuation,
        } = estimate(&context.project, &self.commune, &question)?;
        let euros = |price| grouped(price, ',');
        let [low, high] = valuation.eight_of_ten.map(euros);
        let [low_half, high_half] = valuation.half.map(euros);
        let mut text = format!(
            "{commune} ({departement}): eight sales in ten between {low} and {high} €, half of them between {low_half} and {high_half} €, most likely {} €",
            euros(valuation.price)
        );
        if question.section.is_some() && !valuation.section {
            text.push_str(
                "; too few sales are known in the section, so the whole commune's stand for it",
            );
        }
        let data = json!({
            "commune": self.commune,
            "departement": departement,
            "eight_of_ten": valuation.eight_of_ten,
            "half": valuation.half,
            "price": valuation.price,
            "section": valuation.section,
        });
        context.terminal.summary(&text, &data);
        Ok(())
    }
}
