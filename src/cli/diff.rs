use std::fmt::{Display, Write as _};
use std::path::PathBuf;

use clap::Args;

use super::context::Context;
use crate::app::Failure;
use crate::app::versions::compare;
use crate::app::visual::compare_drawings;
use crate::base::words::counted;

/// Paths and cities shown before the rest is only counted.
const SHOWN: usize = 50;

/// Show what changed between two versions: figures that moved, pages that came and went
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The older version: its number, or `previous`
    from: String,
    /// The newer version
    to: String,
    /// Compare the charts and maps instead, and draw those that differ most, the older left
    #[arg(long)]
    visual: bool,
    /// The folder for these pictures
    #[arg(
        long,
        value_name = "DIR",
        default_value = "drawings",
        requires = "visual"
    )]
    out: PathBuf,
}

impl Diff {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        if self.visual {
            let difference = compare_drawings(&context.project, &self.from, &self.to, &self.out)?;
            let mut text = format!(
                "{} → {}: {} of {} in files that changed are not the same",
                difference.from,
                difference.to,
                difference.changed,
                counted(difference.compared, "drawing"),
            );
            for drawing in &difference.largest {
                let path = self.out.join(&drawing.picture);
                let _ = write!(
                    text,
                    "\n  {:.1} % of {}: {}",
                    drawing.percent,
                    drawing.path,
                    path.display()
                );
            }
            context.terminal.summary(&text, &difference);
            return Ok(());
        }
        let difference = compare(&context.project, &self.from, &self.to)?;
        let mut text = format!(
            "{} → {}: {} with other figures, pages +{} ~{} −{}",
            difference.from,
            difference.to,
            counted(difference.cities.len(), "city"),
            difference.added.len(),
            difference.changed,
            difference.removed.len()
        );
        for city in difference.cities.iter().take(SHOWN) {
            let _ = write!(
                text,
                "\n  {} {}: appartement {}, maison {}, sales {}",
                city.code,
                city.name,
                pair(city.appartement),
                pair(city.maison),
                pair(city.volume)
            );
        }
        rest(&mut text, difference.cities.len());
        for (sign, paths) in [("+", &difference.added), ("−", &difference.removed)] {
            for path in paths.iter().take(SHOWN) {
                let _ = write!(text, "\n  {sign} {path}");
            }
            rest(&mut text, paths.len());
        }
        context.terminal.summary(&text, &difference);
        Ok(())
    }
}

fn rest(text: &mut String, count: usize) {
    if count > SHOWN {
        let _ = write!(text, "\n  … and {} more", count - SHOWN);
    }
}

/// A figure before and after, with the change in per cent.
fn pair<T: Display + Copy + PartialEq + TryInto<u32>>(values: [Option<T>; 2]) -> String {
    let name = |value: Option<T>| value.map_or_else(|| "–".to_owned(), |value| value.to_string());
    if values[0] == values[1] {
        return name(values[0]);
    }
    let number = |value: Option<T>| value.and_then(|value| value.try_into().ok()).map(f64::from);
    let percent = match (number(values[0]), number(values[1])) {
        (Some(before), Some(after)) if before > 0.0 => {
            format!(" ({:+.1} %)", (after / before - 1.0) * 100.0)
        }
        _ => String::new(),
    };
    format!("{} → {}{percent}", name(values[0]), name(values[1]))
}
