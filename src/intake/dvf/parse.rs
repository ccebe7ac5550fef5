//! Fields of the official files, as they are met in the wild: `251500.0` for 251500, `1313` for 01313, `000001` for 1.

use std::fmt;

use jiff::civil::Date;

/// A commune's five-character code, `83137` or `2A004`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code([u8; 5]);

impl Code {
    /// Reads a code, which may have lost its leading zero or gained a `.0`.
    pub fn parse(field: &[u8]) -> Option<Self> {
        let digits = integral(field.trim_ascii());
        if !(4..=5).contains(&digits.len()) {
            return None;
        }
        let mut code = [b'0'; 5];
        code[5 - digits.len()..].copy_from_slice(digits);
        let corsica = code[0] == b'2' && matches!(code[1], b'A' | b'B');
        let rest = if corsica { &code[2..] } else { &code[..] };
        (rest.iter().all(u8::is_ascii_digit) && &code != b"00000").then_some(Self(code))
    }

    /// Joins the DGFiP's two columns: département (2 digits, or 3 for 97x) and commune (3 digits, or 2 for 97x).
    pub fn join(departement: &[u8], commune: &[u8]) -> Option<Self> {
        let departement = integral(departement.trim_ascii());
        let commune = integral(commune.trim_ascii());
        let width = departement.len().max(2);
        if departement.is_empty() || commune.is_empty() || width + commune.len() > 5 {
            return None;
        }
        let mut code = [b'0'; 5];
        code[width - departement.len()..width].copy_from_slice(departement);
        code[5 - commune.len()..].copy_from_slice(commune);
        Self::parse(&code)
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).expect("a code is ASCII")
    }

    /// The code's characters.
    pub fn bytes(&self) -> [u8; 5] {
        self.0
    }

    /// The département's code: two characters, three for 97x.
    pub fn departement(&self) -> &str {
        crate::geo::departement_of(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A whole number written as a data frame writes it: without its `.0`.
pub(super) fn integral(field: &[u8]) -> &[u8] {
    field.strip_suffix(b".0").unwrap_or(field)
}

/// Digits that make a whole number which an `f64` holds exactly.
const EXACT_DIGITS: usize = 15;

/// Powers of ten, all exact.
const POWERS: [f64; EXACT_DIGITS + 1] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/// What statistics programs write in the place of a number that is absent.
const NOTHING: [&[u8]; 7] = [b"NA", b"nan", b"NaN", b"None", b"NULL", b"null", b"<NA>"];

/// Characters of the longest number that is one.
const LONGEST_NUMBER: usize = 64;

/// A non-negative decimal number, with a point or the DGFiP's comma, or as machines write it (`6e-6`, `1.3e+06`);
/// `Ok(None)` when absent, `Err` when not a number.
///
/// # Errors
/// When it is no number.
pub(super) fn decimal(field: &[u8]) -> Result<Option<f64>, ()> {
    let field = field.trim_ascii();
    let Some(first) = field.first() else {
        return Ok(None);
    };
    if !(first.is_ascii_digit() || b"+.,".contains(first)) {
        return match NOTHING.contains(&field) {
            true => Ok(None),
            false => Err(()),
        };
    }
    let (mut digits, mut decimals) = (0_u64, None);
    for &byte in field {
        match byte {
            // More digits than fit do not matter: they are read the long way.
            b'0'..=b'9' => digits = digits.wrapping_mul(10).wrapping_add(u64::from(byte - b'0')),
            b'.' | b',' if decimals.is_none() => {
                decimals = Some(0);
                continue;
            }
            _ => return long_decimal(field),
        }
        decimals = decimals.map(|count: usize| count + 1);
    }
    let count = field.len() - usize::from(decimals.is_some());
    if (1..=EXACT_DIGITS).contains(&count) {
        // One division of two exact numbers is rounded once: this is the nearest f64 (Clinger 1990).
        return Ok(Some(digits as f64 / POWERS[decimals.unwrap_or(0)]));
    }
    long_decimal(field)
}

/// A number with an exponent, a sign or many digits.
fn long_decimal(field: &[u8]) -> Result<Option<f64>, ()> {
    let plain = |byte: &u8| byte.is_ascii_digit() || b".,eE+-".contains(byte);
    if field.len() > LONGEST_NUMBER || !field.iter().all(plain) {
        return Err(());
    }
    let text = String::from_utf8_lossy(field).replace(',', ".");
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Some(value)),
        _ => Err(()),
    }
}

/// A coordinate in degrees, which may be negative, up to so many.
///
/// # Errors
/// When it is no number of degrees.
pub(super) fn degrees(field: &[u8], most: f64) -> Result<Option<f64>, ()> {
    let field = field.trim_ascii();
    let (sign, digits) = match field.strip_prefix(b"-") {
        Some(digits) => (-1.0, digits),
        None => (1.0, field),
    };
    match decimal(digits)? {
        Some(value) if value > most => Err(()),
        value => Ok(value.map(|value| sign * value)),
    }
}

/// A small whole number.
///
/// # Errors
/// When it is no whole number, or too large.
pub(super) fn count(field: &[u8]) -> Result<Option<u16>, ()> {
    match decimal(field)? {
        None => Ok(None),
        Some(value) if value.fract() == 0.0 && value <= f64::from(u16::MAX) => {
            Ok(Some(value as u16))
        }
        Some(_) => Err(()),
    }
}

/// A date, `2024-01-31` or `31/01/2024`, with midnight behind it or without.
pub(super) fn date(field: &[u8]) -> Option<Date> {
    let number = |bytes: &[u8]| {
        bytes.iter().try_fold(0i16, |n, b| {
            b.is_ascii_digit().then(|| n * 10 + i16::from(b - b'0'))
        })
    };
    let field = field.trim_ascii();
    // Data frames write midnight behind it.
    let (field, time) = field.split_at_checked(10)?;
    if !time.iter().all(|byte| b"T :0.Z".contains(byte)) {
        return None;
    }
    let (year, month, day) = match (field[4], field[7], field[2], field[5]) {
        (b'-', b'-', _, _) => (&field[..4], &field[5..7], &field[8..]),
        (_, _, b'/', b'/') => (&field[6..], &field[3..5], &field[..2]),
        _ => return None,
    };
    let year = number(year)?;
    // DVF begins in 2014 and knows no future; the bounds only keep out what is plainly no date.
    if !(1990..=2100).contains(&year) {
        return None;
    }
    Date::new(year, number(month)? as i8, number(day)? as i8).ok()
}

/// A number kept as text, such as a lot's: without leading zeros.
pub(super) fn label(field: &[u8]) -> &[u8] {
    let field = integral(field.trim_ascii());
    let zeros = field.iter().take_while(|&&b| b == b'0').count();
    &field[zeros.min(field.len().saturating_sub(1))..]
}

/// A postal code, which may have lost its leading zero or gained a `.0`.
///
/// # Errors
/// When it is none.
pub(super) fn postal(field: &[u8]) -> Result<Option<[u8; 5]>, ()> {
    let digits = integral(field.trim_ascii());
    if digits.is_empty() {
        return Ok(None);
    }
    if !(4..=5).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return Err(());
    }
    let mut postal = [b'0'; 5];
    postal[5 - digits.len()..].copy_from_slice(digits);
    Ok(Some(postal))
}

/// Prefix (3), section (2) and plan (4) of a parcel, zero-filled; from geo-DVF's 14 characters or the DGFiP's three
/// columns. The commune in front is left to the line; where it is not the line's own, as in a file that has today's commune beside
/// the parcel of a former one, its number stands as prefix, as the DGFiP has it.
pub(super) fn parcel(commune: Code, prefix: &[u8], section: &[u8], plan: &[u8]) -> [u8; 9] {
    let mut parcel = [b'0'; 9];
    let mut put = |end: usize, width: usize, text: &[u8]| {
        let text = integral(text.trim_ascii());
        let text = &text[text.len().saturating_sub(width)..];
        parcel[end - text.len()..end].copy_from_slice(text);
    };
    if section.is_empty() && prefix.is_empty() && plan.len() > 9 {
        put(9, 9, plan);
        let plan = plan.trim_ascii();
        if plan.len() == 14 && plan[..5] != *commune.as_str().as_bytes() && parcel[..3] == *b"000" {
            parcel[..3].copy_from_slice(&plan[2..5]);
        }
    } else {
        put(3, 3, prefix);
        put(5, 2, section);
        put(9, 4, plan);
    }
    parcel
}

/// The first bytes of a short text, zero-filled: lots and cultures are compared, never shown.
pub(super) fn short<const N: usize>(text: &[u8]) -> [u8; N] {
    let mut short = [0; N];
    let length = text.len().min(N);
    short[..length].copy_from_slice(&text[..length]);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_find_their_zeros_again() {
        let code = |text: &str| Code::parse(text.as_bytes()).map(|c| c.as_str().to_owned());
        assert_eq!(code("1313").as_deref(), Some("01313"));
        assert_eq!(code("01313.0").as_deref(), Some("01313"));
        assert_eq!(code("2A004").as_deref(), Some("2A004"));
        for wrong in ["", "123", "2C004", "../../etc", "0131X", "831370", "00000"] {
            assert_eq!(code(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_two_columns_of_the_dgfip_make_a_code() {
        let join = |d: &str, c: &str| {
            Code::join(d.as_bytes(), c.as_bytes()).map(|c| c.as_str().to_owned())
        };
        assert_eq!(join("1", "72").as_deref(), Some("01072"));
        assert_eq!(join("01", "158").as_deref(), Some("01158"));
        assert_eq!(join("2A", "4").as_deref(), Some("2A004"));
        assert_eq!(join("974", "11").as_deref(), Some("97411"));
        assert_eq!(join("974", "1").as_deref(), Some("97401"));
        assert_eq!(join("974", "411"), None);
    }

    #[test]
    fn numbers_are_numbers_only() {
        assert_eq!(decimal(b"251500.0"), Ok(Some(251_500.0)));
        assert_eq!(decimal(b"2175,50"), Ok(Some(2175.5)));
        assert_eq!(
            decimal(b"5.351234567890123456"),
            Ok(Some(5.351_234_567_890_123))
        );
        assert_eq!(decimal(b"43.1"), Ok(Some(43.1)));
        assert_eq!(decimal(b"7."), Ok(Some(7.0)));
        assert_eq!(decimal(b" "), Ok(None));
        assert_eq!(decimal(b"NA"), Ok(None));
        assert_eq!(decimal(b"nan"), Ok(None));
        for (written, value) in [
            ("6e-6", 6e-6),
            ("1.3e+06", 1.3e6),
            ("1,3E6", 1.3e6),
            ("2.5e5", 250_000.0),
            ("+12", 12.0),
            (".5", 0.5),
            ("445139.08000000001629814506", 445_139.08),
        ] {
            assert_eq!(decimal(written.as_bytes()), Ok(Some(value)), "{written}");
        }
        assert_eq!(degrees(b"-2.1e-05", 180.0), Ok(Some(-2.1e-5)));
        assert_eq!(degrees(b"91", 90.0), Err(()));
        let endless = "1".repeat(65);
        for wrong in [
            "cher", "-3", "1.2.3", "inf", "1e999", "e5", "1e", "1e5e5", "+-1", ".", ",", "+",
            &endless,
        ] {
            assert_eq!(decimal(wrong.as_bytes()), Err(()), "{wrong}");
        }
    }

    #[test]
    fn dates_are_dates_only() {
        let expected = Date::new(2024, 2, 29).unwrap();
        assert_eq!(date(b"2024-02-29"), Some(expected));
        assert_eq!(date(b"29/02/2024"), Some(expected));
        assert_eq!(date(b"2024-02-29T00:00:00.000Z"), Some(expected));
        assert_eq!(date(b"2024-02-29 00:00:00"), Some(expected));
        assert_eq!(date(b"2024-02-29 10:00"), None);
        for wrong in [
            "2023-02-29",
            "2024-13-01",
            "24-02-2024",
            "2024/02/29",
            "0024-01-01",
            "",
        ] {
            assert_eq!(date(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn labels_lose_their_zeros_and_keep_their_letters() {
        assert_eq!(label(b"000001"), b"1");
        assert_eq!(label(b"0"), b"0");
        assert_eq!(label(b"A12 "), b"A12");
        assert_eq!(label(b""), b"");
    }
}
