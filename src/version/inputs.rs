//! What a version is made from, and why there is a new one.

use serde::{Deserialize, Serialize};

/// Digests of what a site is made from, hexadecimal. Those with a default are empty in the records of earlier programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    /// The sales, the months that files cover, and what is told of the files.
    pub data: String,
    /// The sales and the months alone, which are in [`Self::data`] too.
    #[serde(default)]
    pub sales: String,
    /// The program's own part that turns sales into figures.
    #[serde(default)]
    pub method: String,
    /// The templates and assets, those of the project among them.
    pub templates: String,
    /// The program's own part that turns figures into files.
    #[serde(default)]
    pub renderer: String,
    /// The configuration, as far as files are made of it.
    pub configuration: String,
    /// The places of France, those in the program or imported ones, and their contours.
    #[serde(default)]
    pub places: String,
    /// The rest of the program that figures and files come through.
    pub program: String,
}

impl Inputs {
    /// What stands for the data in texts: the beginning of its digest.
    pub(crate) fn data_version(&self) -> &str {
        &self.data[..12]
    }

    /// What stands for the sales in texts.
    pub(crate) fn sales_version(&self) -> &str {
        &self.sales[..12]
    }

    /// What differs from the inputs before, in words.
    pub fn cause(&self, before: Option<&Self>) -> String {
        let Some(before) = before else {
            return "first build".into();
        };
        // An earlier program made other digests of the same things: that it was another is all that is known.
        if before.method.is_empty() {
            return "program".into();
        }
        let differences = [
            ("release imported", self.data != before.data),
            ("method", self.method != before.method),
            ("template", self.templates != before.templates),
            ("renderer", self.renderer != before.renderer),
            ("configuration", self.configuration != before.configuration),
            ("places", self.places != before.places),
            ("program", self.program != before.program),
        ];
        let causes: Vec<_> = differences
            .iter()
            .filter_map(|(cause, differs)| differs.then_some(*cause))
            .collect();
        if causes.is_empty() {
            "rebuilt".into()
        } else {
            causes.join(", ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs() -> Inputs {
        let digest = || "0".repeat(64);
        Inputs {
            data: digest(),
            sales: digest(),
            method: digest(),
            templates: digest(),
            renderer: digest(),
            configuration: digest(),
            places: digest(),
            program: digest(),
        }
    }

    #[test]
    fn a_cause_names_each_input_that_differs() {
        let before = inputs();
        type Input = fn(&mut Inputs) -> &mut String;
        let changed: [(&str, Input); 7] = [
            ("release imported", |inputs| &mut inputs.data),
            ("method", |inputs| &mut inputs.method),
            ("template", |inputs| &mut inputs.templates),
            ("renderer", |inputs| &mut inputs.renderer),
            ("configuration", |inputs| &mut inputs.configuration),
            ("places", |inputs| &mut inputs.places),
            ("program", |inputs| &mut inputs.program),
        ];
        let mut all = inputs();
        for (cause, input) in changed {
            let mut after = inputs();
            input(&mut after).replace_range(..1, "1");
            input(&mut all).replace_range(..1, "1");
            assert_eq!(after.cause(Some(&before)), cause);
        }
        let causes = changed.map(|(cause, _)| cause).join(", ");
        assert_eq!(all.cause(Some(&before)), causes);
        assert_eq!(before.cause(Some(&before)), "rebuilt");
        assert_eq!(before.cause(None), "first build");
    }

    #[test]
    fn records_of_earlier_programs_are_read() {
        let record = r#"{"data":"a","templates":"b","configuration":"c","program":"d"}"#;
        let before: Inputs = serde_json::from_str(record).expect("a record of November 2026");
        assert_eq!(inputs().cause(Some(&before)), "program");
    }
}
