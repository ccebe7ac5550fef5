//! Flats and houses in the style sheet and in words.

/// The class of flats or of houses in the style sheet.
pub(super) fn class(house: bool) -> &'static str {
    if house { "houses" } else { "flats" }
}

/// The name of flats or of houses in data files.
pub(super) fn key(house: bool) -> &'static str {
    if house { "maison" } else { "appartement" }
}

/// What houses or flats are called.
pub(super) fn name(house: bool) -> &'static str {
    if house { "Maisons" } else { "Appartements" }
}
