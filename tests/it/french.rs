//! The French of the pages: what contracts is contracted, what elides is elided, nothing is plural of one, and signs are set
//! apart as a printer would.

use std::collections::{BTreeMap, BTreeSet};

/// Tags within a line; all others end one.
const INLINE: [&str; 15] = [
    "a", "abbr", "b", "br", "cite", "em", "g", "i", "small", "span", "strong", "sub", "sup",
    "title", "tspan",
];

/// Words in `s` that are no plurals.
const NO_PLURALS: [&str; 6] = ["mois", "fois", "jours", "sans", "dans", "puis"];

/// Vowels before which "de" and "que" lose theirs.
const VOWELS: &str = "aeiouâàéèêîïôœûAEIOUÂÀÉÈÊÎÏÔŒÛ";

/// Words before which they keep it, though they begin with a vowel.
const ASPIRATED: [&str; 4] = ["onze", "onzième", "oui", "un"];

/// What is wrong with the words of pages, by the words, with a page that has them.
pub fn mistakes<'p>(pages: impl Iterator<Item = (&'p str, &'p str)>) -> BTreeMap<String, String> {
    let mut mistakes = BTreeMap::new();
    for (path, page) in pages {
        for line in lines(page) {
            for mistake in of_line(&line) {
                mistakes.entry(mistake).or_insert_with(|| path.to_owned());
            }
        }
    }
    mistakes
}

/// The texts of a page.
fn lines(page: &str) -> BTreeSet<String> {
    let mut text = String::new();
    let body = page.split_once("<body>").map_or(page, |(_, body)| body);
    let mut rest = body;
    while let Some((before, tagged)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = tagged.split_once('>').unwrap();
        let name = tag.trim_start_matches('/');
        let name = name.split([' ', '/']).next().unwrap();
        if !INLINE.contains(&name) {
            text.push('\n');
        }
        rest = after;
        if ["script", "style", "textarea", "pre"].contains(&name) && !tag.starts_with('/') {
            rest = after
                .split_once(&format!("</{name}>"))
                .map_or("", |(_, after)| after);
        }
    }
    text.push_str(rest);
    let text = text
        .replace("&amp;", "&")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">");
    text.lines().map(str::to_owned).collect()
}

fn of_line(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let words: Vec<_> = line.split_whitespace().collect();
    for pair in words.windows(2) {
        let first = pair[0].trim_start_matches(['(', '«', '\u{a0}']);
        let second = pair[1].trim_end_matches([',', '.', ';', ')', '…']);
        let lower = first.to_lowercase();
        let article = ["le", "les", "Le", "Les"].contains(&second);
        let contracts = ["de", "à"].contains(&lower.as_str()) && article;
        let vowel = second.starts_with(|letter| VOWELS.contains(letter));
        let elides = ["de", "que", "jusque", "lorsque", "puisque", "le", "la"]
            .contains(&lower.as_str())
            && vowel
            && !ASPIRATED.contains(&second);
        let one = ["0", "1"].contains(&first)
            && second.len() > 3
            && second.ends_with(['s', 'x'])
            && !NO_PLURALS.contains(&second);
        let twice = first == second && first.chars().all(char::is_alphabetic) && first.len() > 1;
        if contracts || elides || one || twice {
            found.push(format!("{} {}", pair[0], pair[1]));
        }
    }
    for (sign, space) in [
        (':', '\u{a0}'),
        ('»', '\u{a0}'),
        ('%', '\u{a0}'),
        ('€', '\u{a0}'),
        (';', '\u{202f}'),
        ('!', '\u{202f}'),
        ('?', '\u{202f}'),
    ] {
        for (at, _) in line.match_indices(sign) {
            let before = line[..at].chars().next_back();
            let after = line[at + sign.len_utf8()..].chars().next();
            // Within an address or a rate, or on its own.
            let alone = before.is_none_or(|before| "(…/".contains(before))
                || sign == ':' && after.is_some_and(|after| after == '/' || after.is_ascii_digit());
            // As the unit of a column, it follows a word.
            let amount = line[..at]
                .trim_end()
                .ends_with(|digit: char| digit.is_ascii_digit());
            let alone = alone || sign == '€' && !amount;
            if !alone && before != Some(space) {
                let start = line[..at]
                    .char_indices()
                    .rev()
                    .nth(24)
                    .map_or(0, |(at, _)| at);
                found.push(format!(
                    "before {sign}: {}",
                    &line[start..at + sign.len_utf8()]
                ));
            }
        }
    }
    if let Some(at) = line.find("« ").or_else(|| line.find(" ,")) {
        found.push(line[at..].chars().take(24).collect());
    }
    found
}

#[test]
fn what_is_wrong_is_found() {
    for (wrong, told) in [
        ("<p>autour de <a>Le</a> Vernet</p>", "de Le"),
        ("<p>les prix de Avon</p>", "de Avon"),
        ("<p>1\u{a0}ventes en 2025</p>", "1 ventes"),
        ("<p>dans le le Var</p>", "le le"),
        ("<p>voici : un prix</p>", "before :: voici :"),
    ] {
        let found = mistakes(std::iter::once(("page", wrong)));
        assert_eq!(found.keys().collect::<Vec<_>>(), [told], "{wrong}");
    }
    let right = "<p>au Vernet\u{a0}: 1\u{a0}vente, 2\u{a0}ventes\u{202f}; de <b>onze</b> mois à Avon</p><p>Le</p><p>le prix</p>";
    assert!(mistakes(std::iter::once(("page", right))).is_empty());
}
