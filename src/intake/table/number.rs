//! Numbers as people and programs write them in official files.

/// The number of a cell; `None` where it is none. Blanks of thousands, also those that do not break, and a per cent sign are
/// taken as they are meant.
pub(crate) fn number(cell: &str, decimal: char) -> Option<f64> {
    let cell = cell.trim();
    let cell = cell.strip_suffix('%').unwrap_or(cell).trim_end();
    let is_blank = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}');
    let mut plain = String::with_capacity(cell.len());
    for c in cell.chars().filter(|&c| !is_blank(c)) {
        match c {
            c if c == decimal => plain.push('.'),
            '0'..='9' | '-' | '+' | 'e' | 'E' => plain.push(c),
            // The decimal sign of programs stands in files of people too, where it cannot be meant otherwise.
            '.' if !cell.contains(decimal) => plain.push('.'),
            '\u{2212}' => plain.push('-'),
            _ => return None,
        }
    }
    let number: f64 = plain.parse().ok()?;
    number.is_finite().then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_meant() {
        for (cell, decimal, expected) in [
            ("14,4348759248351", ',', Some(14.434_875_924_835_1)),
            ("35,28%", ',', Some(35.28)),
            ("0,00 %", ',', Some(0.0)),
            ("1 234\u{a0}567", ',', Some(1_234_567.0)),
            ("1\u{202f}234,5", ',', Some(1_234.5)),
            ("12.5", ',', Some(12.5)),
            ("199258.0", '.', Some(199_258.0)),
            ("6e-6", '.', Some(6e-6)),
            ("-2.0", '.', Some(-2.0)),
            ("\u{2212}3", '.', Some(-3.0)),
            (" 7 ", '.', Some(7.0)),
            ("1.234,5", ',', None),
            ("s", ',', None),
            ("", ',', None),
            ("None", '.', None),
            ("NaN", '.', None),
            ("1e999", '.', None),
            ("12/5", '.', None),
        ] {
            assert_eq!(number(cell, decimal), expected, "{cell:?}");
        }
    }
}
