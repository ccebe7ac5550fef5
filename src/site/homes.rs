//! Flats and houses in the style sheet and in words.

/// The class of flats or of houses in the style sheet.
pub(super) fn class(house: bool) -> &'static str {
    if house { "houses" } else { "flats" }
}

/// What houses or flats are called.
pub(super) fn name(house: bool) -> &'static str {
    if house { "Maisons" } else { "Appartements" }
}
