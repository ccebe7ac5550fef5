//! How a ring refers to a border: by `n` on the way along the border `n`, by `-1 - n` on the way against it.

/// The number of a border that a ring is made of, and whether it runs along it.
pub(super) fn split(reference: i32) -> (usize, bool) {
    match reference >= 0 {
        true => (reference as usize, true),
        false => ((-1 - reference) as usize, false),
    }
}

/// What refers to a border, on the way along it or against it.
pub(super) fn join(number: usize, along: bool) -> i32 {
    match along {
        true => number as i32,
        false => -1 - number as i32,
    }
}
