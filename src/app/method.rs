//! The method measured on what the database holds.

use anyhow::Context as _;

use super::failure::Failure;
use super::project::Project;
use crate::stats::{Constants, Estimates, Measure, Reestimated, homes_measures};

/// What was measured.
pub struct MethodCheck {
    /// Numbers with what they have to reach.
    pub measures: Vec<Measure>,
    /// The constants of each kind of home.
    pub constants: Vec<KindConstants>,
}

impl MethodCheck {
    /// Success when each number is what it has to be.
    ///
    /// # Errors
    /// When one misses its limit.
    pub fn verdict(&self) -> Result<(), Failure> {
        let measures = self.measures.iter();
        match measures.filter(|measure| !measure.is_met()).count() {
            0 => Ok(()),
            1 => Err(Failure::because("a number misses what it has to reach")),
            missed => Err(Failure::because(format!(
                "{missed} numbers miss what they have to reach"
            ))),
        }
    }
}

/// The constants of a kind of home, as the method has them and as the database's sales make them.
pub struct KindConstants {
    /// What the kind is called.
    pub kind: &'static str,
    /// The constants that estimates are made with.
    pub fixed: &'static Constants,
    /// The constants estimated again; `None` where there are too few communes.
    pub estimated: Option<Reestimated>,
}

/// Measures the method. Writes nothing.
///
/// # Errors
/// When there is no database, or it cannot be read.
pub fn check(project: &Project) -> Result<MethodCheck, Failure> {
    let config = project.config()?;
    let database = project.sales()?;
    let geography = database.geography()?;
    let estimates = Estimates::new(&database, &geography, &config, false)?;
    let constants = estimates.constants().into_iter();
    let mut measures = estimates.measures(&database)?;
    measures.extend(homes_measures(&database, &geography, &config)?);
    Ok(MethodCheck {
        measures,
        constants: constants
            .map(|(kind, fixed, estimated)| KindConstants {
                kind,
                fixed,
                estimated,
            })
            .collect(),
    })
}

/// The estimates of all communes, of today or as the files name them, as CSV, the columns of `bench/method/estimates.py`. Gives the text and its number of lines but
/// the first.
///
/// # Errors
/// When there is no database, or it cannot be read.
pub fn estimates(project: &Project, of_today: bool) -> Result<(String, usize), Failure> {
    let config = project.config()?;
    let database = project.sales()?;
    let geography = database.geography()?;
    let lines = Estimates::new(&database, &geography, &config, of_today)?.lines();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = "code,kind,n,own_share,price,low,high,shown";
    let written = writer.write_record(head.split(','));
    written.context("a line could not be written")?;
    for line in &lines {
        let euros = |value: f64| format!("{value:.2}");
        let record = [
            line.code.clone(),
            line.kind.to_string(),
            line.n.to_string(),
            format!("{:.4}", line.own_share),
            euros(line.price),
            euros(line.low),
            euros(line.high),
            u8::from(line.shown).to_string(),
        ];
        let written = writer.write_record(record);
        written.context("a line could not be written")?;
    }
    let bytes = writer
        .into_inner()
        .context("the lines could not be written")?;
    let text = String::from_utf8(bytes).context("the lines are no text")?;
    Ok((text, lines.len()))
}
