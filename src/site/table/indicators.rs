//! What stands in the columns of indicators of other sources.

use super::cell::Cell;
use crate::intake::table::Reading;
use crate::site::french::rounded;
use crate::site::indicators::ShownIndicator;
use crate::stats::IndicatorPlace;

/// What is known of a place; nothing stands for whatever reason there is none.
pub(super) fn cell<'l>(shown: &'l ShownIndicator<'_>, place: Option<IndicatorPlace>) -> Cell<'l> {
    let told = place.filter(|place| shown.is_of(*place));
    let told = told.and_then(|place| shown.figures.get(place));
    match told.map(|told| told.reading) {
        Some(Reading::Number(number)) => {
            let decimals = shown.indicator.decimals;
            Cell::Number(rounded(number, decimals), decimals)
        }
        Some(Reading::Category(category)) => Cell::text(category),
        Some(Reading::Absent(_)) | None => Cell::Empty,
    }
}

/// Adds what the columns of some places are made of.
pub(in crate::site) fn hash(
    shown: &[ShownIndicator<'_>],
    places: &[Option<IndicatorPlace>],
    hasher: &mut blake3::Hasher,
) {
    for shown in shown {
        let mut column = blake3::Hasher::new();
        column.update(shown.indicator.id.as_bytes());
        for place in places {
            match cell(shown, *place) {
                Cell::Number(number, _) => column.update(b"n").update(&number.to_le_bytes()),
                other => {
                    let text = other.shown();
                    column
                        .update(&text.len().to_le_bytes())
                        .update(text.as_bytes())
                }
            };
        }
        hasher.update(column.finalize().as_bytes());
    }
}
