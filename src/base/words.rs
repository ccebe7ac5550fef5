//! Words of messages.

/// A number with the noun it counts: "1 commune", "2 communes", "3 cities".
pub fn counted(n: impl TryInto<u64>, one: &str) -> String {
    let n = n.try_into().unwrap_or(u64::MAX);
    match one.strip_suffix('y') {
        _ if n == 1 => format!("{n} {one}"),
        Some(stem) if !stem.ends_with(['a', 'e', 'o']) => format!("{n} {stem}ies"),
        _ if one.ends_with('s') || one.ends_with("ch") => format!("{n} {one}es"),
        _ => format!("{n} {one}s"),
    }
}

/// A number with a sign between its groups of three digits: 1,250,000.
pub fn grouped(n: u64, between: char) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(between);
        }
        text.push(digit);
    }
    text
}

/// The first few codes, for a message: `01001, 01002…`
pub fn first_codes<'c>(codes: impl ExactSizeIterator<Item = &'c str>) -> String {
    const FEW: usize = 5;
    let rest = if codes.len() > FEW { "…" } else { "" };
    let first: Vec<_> = codes.take(FEW).collect();
    format!("{}{rest}", first.join(", "))
}

/// The name that was most likely meant by one that is none of them.
pub fn nearest<'n>(meant: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    names
        .into_iter()
        .max_by(|a, b| strsim::jaro_winkler(meant, a).total_cmp(&strsim::jaro_winkler(meant, b)))
}

#[cfg(test)]
mod tests {
    use super::{counted, first_codes, grouped};

    #[test]
    fn more_codes_than_a_few_are_told_to_be_there() {
        let codes = ["01001", "01002", "01004", "01005", "01006", "01007"];
        let first = |n: usize| first_codes(codes[..n].iter().copied());
        assert_eq!(first(2), "01001, 01002");
        assert_eq!(first(5), "01001, 01002, 01004, 01005, 01006");
        assert_eq!(first(6), "01001, 01002, 01004, 01005, 01006…");
    }

    #[test]
    fn thousands_are_told_apart() {
        let numbers = [0, 7, 999, 1_000, 240_000, 1_250_000];
        let expected = ["0", "7", "999", "1,000", "240,000", "1,250,000"];
        assert_eq!(numbers.map(|n| grouped(n, ',')), expected);
    }

    #[test]
    fn a_noun_follows_its_number() {
        let counts = [
            counted(0, "file"),
            counted(1, "address"),
            counted(2, "address"),
            counted(1, "city"),
            counted(3_usize, "city"),
            counted(4, "batch"),
            counted(5, "day"),
        ];
        let expected = [
            "0 files",
            "1 address",
            "2 addresses",
            "1 city",
            "3 cities",
            "4 batches",
            "5 days",
        ];
        assert_eq!(counts, expected);
    }
}
