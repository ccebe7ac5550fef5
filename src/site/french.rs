//! Figures, months and names as French typography writes them.
//!
//! Thousands are parted by a narrow no-break space, a unit follows a no-break space, the decimal sign is a comma and the
//! minus sign is U+2212 (Lexique des règles typographiques en usage à l'Imprimerie nationale).

use jiff::civil::Date;

use crate::base::month::{Month, Months};
use crate::base::words::grouped;

/// No-break space, before a unit or a percent sign.
pub(super) const SPACE: char = '\u{a0}';
/// Narrow no-break space, between thousands.
const THIN: char = '\u{202f}';
const MINUS: char = '\u{2212}';
const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// "1 234 567"
pub(super) fn number(value: i64) -> String {
    let digits = grouped(value.unsigned_abs(), THIN);
    match value < 0 {
        true => format!("{MINUS}{digits}"),
        false => digits,
    }
}

/// "64,5", to a tenth; a whole number stays whole.
pub(super) fn decimal(value: f64) -> String {
    let tenths = (value * 10.0).round();
    let whole = number((tenths / 10.0).trunc() as i64);
    match (tenths % 10.0).abs() as u8 {
        0 => whole,
        // `number` cannot know the sign of what is between -1 and 0.
        tenth if tenths < 0.0 && tenths > -10.0 => format!("{MINUS}{whole},{tenth}"),
        tenth => format!("{whole},{tenth}"),
    }
}

/// A number to so many decimals; what lies in the middle goes up, on pages as in data files.
pub(super) fn rounded(number: f64, decimals: u8) -> f64 {
    let parts = 10_f64.powi(decimals.into());
    (number * parts).round() / parts
}

/// "14,43", to so many decimals, as [`rounded`].
pub(super) fn decimals(value: f64, decimals: u8) -> String {
    let text = format!("{:.*}", decimals.into(), rounded(value.abs(), decimals));
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let sign = match value < 0.0 && text.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        true => MINUS.to_string(),
        false => String::new(),
    };
    let whole = number(whole.parse().unwrap_or(i64::MAX));
    match rest {
        "" => format!("{sign}{whole}"),
        rest => format!("{sign}{whole},{rest}"),
    }
}

/// A change with its sign, to a tenth: "+3,2 %", "−1,0 %", "0,0 %".
pub(super) fn percent(value: f64) -> String {
    let text = decimals(value, 1);
    let sign = if text == "0,0" || value < 0.0 {
        ""
    } else {
        "+"
    };
    format!("{sign}{text}{SPACE}%")
}

/// "juillet 2024"
pub(super) fn month(month: Month) -> String {
    format!("{} {}", name_in_year(month), month.year())
}

/// "juillet 2024 – juin 2025", "janvier – juin 2025" or "juin 2025".
pub(super) fn span(months: Months) -> String {
    let Months { first, last } = months;
    let start = if first == last {
        return month(last);
    } else if first.year() == last.year() {
        name_in_year(first).to_owned()
    } else {
        month(first)
    };
    format!("{start} – {}", month(last))
}

/// When sales were: "en 2025", "en 2024 et 2025", "de 2021 à 2025", "de juillet 2024 à juin 2025", "en juin 2025".
pub(super) fn during(months: Months) -> String {
    let Months { first, last } = months;
    let years = last.year() - first.year();
    let whole = first.of_year() == 1 && last.of_year() == 12;
    match years {
        _ if first == last => format!("en {}", month(last)),
        0 if whole => format!("en{SPACE}{}", last.year()),
        1 if whole => format!("en {} et{SPACE}{}", first.year(), last.year()),
        _ if whole => format!("de {} à{SPACE}{}", first.year(), last.year()),
        0 => format!("{} à {}", of_month(name_in_year(first)), month(last)),
        _ => format!("{} à {}", of_month(&month(first)), month(last)),
    }
}

/// "au Val-d’Oise" of "du Val-d’Oise", "à l’Ain" of "de l’Ain", "à Paris" of "de Paris".
pub(super) fn to(of: &str) -> String {
    let forms = [
        ("du ", "au "),
        ("des ", "aux "),
        ("de la ", "à la "),
        ("de l’", "à l’"),
        ("de ", "à "),
        ("d’", "à "),
    ];
    let form = forms
        .iter()
        .find_map(|(of_form, to)| Some((to, of.strip_prefix(of_form)?)));
    form.map_or_else(|| of.to_owned(), |(to, name)| format!("{to}{name}"))
}

/// "1er trimestre 2026", by its last month.
pub(crate) fn quarter(end: Month) -> String {
    let number = end.of_year().div_ceil(3);
    let sign = if number == 1 { "er" } else { "e" };
    format!("{number}{sign}\u{a0}trimestre {}", end.year())
}

/// "30 juin 2025", "1er mai 2025"
pub(super) fn day(date: Date) -> String {
    let ordinal = if date.day() == 1 { "er" } else { "" };
    let name = MONTHS[usize::from(date.month().unsigned_abs()) - 1];
    format!("{}{ordinal} {name} {}", date.day(), date.year())
}

/// "janvier" for 1.
pub(super) fn month_name(number: usize) -> Option<&'static str> {
    MONTHS.get(number.checked_sub(1)?).copied()
}

/// A number with its noun; French counts none and one as singular.
pub(super) fn count(value: i64, one: &str, many: &str) -> String {
    let noun = if value.abs() < 2 { one } else { many };
    format!("{}{SPACE}{noun}", number(value))
}

/// "un an", "quatre ans", "11 ans"
pub(super) fn years(count: i64) -> String {
    const WORDS: [&str; 9] = [
        "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
    ];
    let word = usize::try_from(count - 2)
        .ok()
        .and_then(|place| WORDS.get(place));
    match (count, word) {
        (1, _) => "un an".to_owned(),
        (_, Some(word)) => format!("{word} ans"),
        (_, None) => format!("{}{SPACE}ans", number(count)),
    }
}

/// A name with the apostrophe of print: the official files have the typewriter's.
pub(super) fn name(name: &str) -> String {
    name.replace('\'', "’")
}

/// Where something is: "à Toulon", "au Havre", "aux Sables-d’Olonne", "aux Marais" (whose name is Aux Marais), "à La Rochelle".
pub(super) fn at(commune: &str) -> String {
    let contracted = [("Le ", "au"), ("Les ", "aux"), ("Aux ", "aux")]
        .iter()
        .find_map(|(article, contracted)| Some((contracted, commune.strip_prefix(article)?)));
    let text = match contracted {
        Some((contracted, rest)) => format!("{contracted} {rest}"),
        None => format!("à {commune}"),
    };
    name(&text)
}

/// "d’octobre 2026", "de mai 2026": a month after its preposition.
pub(super) fn of_month(month: &str) -> String {
    match month.chars().next() {
        Some('a' | 'o') => format!("d’{month}"),
        _ => format!("de {month}"),
    }
}

/// "a", "a et b", "a, b et c"
pub(super) fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} et {last}", first.join(", ")),
    }
}

fn name_in_year(month: Month) -> &'static str {
    MONTHS[usize::from(month.of_year()) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted_by_narrow_spaces() {
        let texts = [0, 999, 3849, 1_234_567, -12_000].map(number);
        assert_eq!(
            texts,
            [
                "0",
                "999",
                "3\u{202f}849",
                "1\u{202f}234\u{202f}567",
                "\u{2212}12\u{202f}000"
            ]
        );
    }

    #[test]
    fn decimals_have_a_comma() {
        let texts = [64.5, 70.0, 1234.56, -0.5, -3.24].map(decimal);
        assert_eq!(
            texts,
            ["64,5", "70", "1\u{202f}234,6", "\u{2212}0,5", "\u{2212}3,2"]
        );
    }

    #[test]
    fn a_change_has_its_sign() {
        let texts = [3.2, -1.5, 0.0, -0.04, 12.0].map(percent);
        assert_eq!(
            texts,
            [
                "+3,2\u{a0}%",
                "\u{2212}1,5\u{a0}%",
                "0,0\u{a0}%",
                "0,0\u{a0}%",
                "+12,0\u{a0}%"
            ]
        );
    }

    #[test]
    fn months_and_spans_are_words() {
        let june = Month::january(2025) + 5;
        assert_eq!(month(june + 1), "juillet 2025");
        let spans = [12, 6, 1].map(|count| span(Months::ending(june, count)));
        assert_eq!(
            spans,
            [
                "juillet 2024 – juin 2025",
                "janvier – juin 2025",
                "juin 2025"
            ]
        );
    }

    #[test]
    fn when_sales_were_is_words() {
        let during = |from: (i16, i16), to: (i16, i16)| {
            let month = |(year, month): (i16, i16)| Month::january(year) + (month - 1);
            during(Months {
                first: month(from),
                last: month(to),
            })
            .replace(SPACE, " ")
        };
        for (from, to, expected) in [
            ((2025, 1), (2025, 12), "en 2025"),
            ((2024, 1), (2025, 12), "en 2024 et 2025"),
            ((2021, 1), (2025, 12), "de 2021 à 2025"),
            ((2024, 7), (2025, 6), "de juillet 2024 à juin 2025"),
            ((2024, 8), (2025, 7), "d’août 2024 à juillet 2025"),
            ((2025, 1), (2025, 6), "de janvier à juin 2025"),
            ((2025, 4), (2025, 9), "d’avril à septembre 2025"),
            ((2025, 6), (2025, 6), "en juin 2025"),
        ] {
            assert_eq!(during(from, to), expected);
        }
    }

    #[test]
    fn what_is_compared_with_is_contracted() {
        for (of, expected) in [
            ("du Val-d’Oise", "au Val-d’Oise"),
            ("de la Drôme", "à la Drôme"),
            ("des Yvelines", "aux Yvelines"),
            ("de l’Ain", "à l’Ain"),
            ("de Paris", "à Paris"),
            ("d’Eure-et-Loir", "à Eure-et-Loir"),
        ] {
            assert_eq!(to(of), expected);
        }
    }

    #[test]
    fn days_are_words() {
        let days = [Date::constant(2025, 6, 30), Date::constant(2025, 5, 1)];
        assert_eq!(days.map(day), ["30 juin 2025", "1er mai 2025"]);
        let ends = ["2026-03", "2025-12"].map(|end| quarter(end.parse().unwrap()));
        let expected = ["1er\u{a0}trimestre 2026", "4e\u{a0}trimestre 2025"];
        assert_eq!(ends, expected);
    }

    #[test]
    fn none_and_one_are_singular() {
        let texts = [0, 1, 2, 1500].map(|n| count(n, "vente", "ventes"));
        assert_eq!(
            texts,
            [
                "0\u{a0}vente",
                "1\u{a0}vente",
                "2\u{a0}ventes",
                "1\u{202f}500\u{a0}ventes"
            ]
        );
    }

    #[test]
    fn a_name_keeps_its_article_or_contracts_it() {
        let texts = [
            "Toulon",
            "Le Havre",
            "Les Sables-d'Olonne",
            "Aux Marais",
            "La Rochelle",
            "L'Abergement",
        ]
        .map(at);
        assert_eq!(
            texts,
            [
                "à Toulon",
                "au Havre",
                "aux Sables-d’Olonne",
                "aux Marais",
                "à La Rochelle",
                "à L’Abergement"
            ]
        );
    }
}
