//! Words of messages.

/// A number with the noun it counts: "1 commune", "2 communes", "3 cities".
pub fn counted(n: impl TryInto<u64>, one: &str) -> String {
    let n = n.try_into().unwrap_or(u64::MAX);
    match one.strip_suffix('y') {
        _ if n == 1 => format!("{n} {one}"),
        Some(stem) => format!("{n} {stem}ies"),
        None if one.ends_with('s') || one.ends_with("ch") => format!("{n} {one}es"),
        None => format!("{n} {one}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn a_noun_follows_its_number() {
        let counts = [
            counted(0, "file"),
            counted(1, "address"),
            counted(2, "address"),
            counted(1, "city"),
            counted(3_usize, "city"),
            counted(4, "batch"),
        ];
        let expected = [
            "0 files",
            "1 address",
            "2 addresses",
            "1 city",
            "3 cities",
            "4 batches",
        ];
        assert_eq!(counts, expected);
    }
}
