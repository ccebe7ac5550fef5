//! A number that the method is measured by.

use serde::Serialize;

/// What a backtest measured, and what it has to reach where that binds to what the database holds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measure {
    /// What was measured, of what.
    pub name: String,
    /// The number, in the unit.
    pub value: f64,
    /// `%`, or nothing.
    pub unit: &'static str,
    /// What it has to reach; `None` where it is only to be looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
}

/// What a number has to reach.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// This or less.
    AtMost(f64),
    /// This or more.
    AtLeast(f64),
    /// The one or more, and the other or less.
    Between(f64, f64),
}

impl Measure {
    /// Whether it is as it has to be.
    pub fn is_met(&self) -> bool {
        let value = self.value;
        match self.limit {
            None => true,
            Some(Limit::AtMost(most)) => value <= most,
            Some(Limit::AtLeast(least)) => value >= least,
            Some(Limit::Between(least, most)) => (least..=most).contains(&value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_meets_its_limit_or_not() {
        let met = |value, limit| {
            let (name, unit) = (String::new(), "%");
            let measure = Measure {
                name,
                value,
                unit,
                limit,
            };
            measure.is_met()
        };
        assert!(met(22.5, Some(Limit::AtMost(22.5))) && !met(22.6, Some(Limit::AtMost(22.5))));
        assert!(met(93.0, Some(Limit::AtLeast(93.0))) && !met(92.9, Some(Limit::AtLeast(93.0))));
        let between = Some(Limit::Between(76.0, 84.0));
        assert!(met(76.0, between) && !met(84.1, between));
        assert!(met(f64::INFINITY, None));
        assert!(!met(f64::NAN, Some(Limit::AtMost(22.5))));
    }
}
