//! What an edition must pass before it takes the place of the one in use.

use super::Edition;
use crate::config::Gates;
use crate::geo::Geography;
use crate::intake::refusal::Refusal;

/// Codes shown of those that are lost.
const SHOWN: usize = 5;

/// Whether an edition knows the communes of the one in use, as communes or as former ones.
pub fn judge(edition: &Edition, used: &Geography, gates: &Gates) -> Vec<Refusal> {
    let codes = used.communes().iter().map(|commune| &*commune.code);
    let lost: Vec<_> = codes
        .filter(|code| edition.geography.current(code).is_none())
        .collect();
    let share = lost.len() as f64 * 100.0 / used.communes().len() as f64;
    let most = gates.unknown_communes;
    if share <= most {
        return Vec::new();
    }
    vec![Refusal::by_threshold(
        "unknown_communes",
        format!(
            "they know nothing of {} communes of today ({}…), {share:.1} %; {most} % may be lost",
            lost.len(),
            lost[..lost.len().min(SHOWN)].join(", ")
        ),
    )]
}
