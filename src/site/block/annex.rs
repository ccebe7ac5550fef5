//! The constants of what is modelled, for the technical annex of the method.

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::kind::HomeKind;
use crate::stats::{self, Constants};

/// `page.annex` in the templates.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Annex {
    lines: [ConstantsLine; 2],
}

/// The constants of one kind of home, as they are written.
#[derive(Serialize, JsonSchema)]
struct ConstantsLine {
    kind: &'static str,
    b: String,
    c: String,
    q: String,
}

impl Annex {
    pub(crate) fn new() -> Self {
        let kinds = [
            ("Maisons", HomeKind::House),
            ("Appartements", HomeKind::Flat),
        ];
        Self {
            lines: kinds.map(|(name, kind)| ConstantsLine::new(name, stats::constants(kind))),
        }
    }
}

impl ConstantsLine {
    fn new(kind: &'static str, constants: &Constants) -> Self {
        let written = |text: String| text.replace('.', ",");
        Self {
            kind,
            b: written(format!("{:.3}", constants.variances.neighbours)),
            c: written(format!("{:.3}", constants.variances.sampling)),
            q: written(format!("{:.2}", constants.width)),
        }
    }
}
