//! Where separators stand in a line: fields are a few bytes long, so that looking for the next one from each costs more than
//! comparing all bytes of the line at once.

use wide::u8x16;

/// Bytes that are compared before what was found in them is told.
const BLOCK: usize = 64;

/// Hands over where a byte stands among others, from the first on.
#[inline]
pub(super) fn each_position(bytes: &[u8], wanted: u8, mut see: impl FnMut(usize)) {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    for (number, block) in blocks.iter().enumerate() {
        each_bit(matches(block, wanted), number * BLOCK, &mut see);
    }
    let mut last = [!wanted; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    each_bit(matches(&last, wanted), blocks.len() * BLOCK, &mut see);
}

/// A bit for each byte, the first the lowest: whether it is the one that is wanted.
#[inline]
fn matches(block: &[u8; BLOCK], wanted: u8) -> u64 {
    let (parts, _) = block.as_chunks::<16>();
    let wanted = u8x16::splat(wanted);
    let parts = parts.iter().enumerate().map(|(number, part)| {
        let equal = u8x16::new(*part).simd_eq(wanted).to_bitmask();
        u64::from(equal as u16) << (16 * number)
    });
    parts.fold(0, |bits, part| bits | part)
}

#[inline]
fn each_bit(mut bits: u64, start: usize, see: &mut impl FnMut(usize)) {
    while bits != 0 {
        see(start + bits.trailing_zeros() as usize);
        bits &= bits - 1;
    }
}

#[cfg(test)]
mod tests {
    use memchr::memchr_iter;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_stands_where_a_search_finds_it(
            bytes in prop::collection::vec(prop_oneof![Just(b','), Just(b'|'), any::<u8>()], 0..300),
            wanted in prop_oneof![Just(b','), any::<u8>()],
        ) {
            let mut found = Vec::new();
            each_position(&bytes, wanted, |at| found.push(at));
            prop_assert_eq!(found, memchr_iter(wanted, &bytes).collect::<Vec<_>>());
        }
    }
}
