//! Text of others, made fit to be shown.

use std::path::Path;

/// What stands in a message for a character that cannot be shown.
const UNSHOWN: char = '\u{fffd}';

/// The beginning of a text from an input, as a message may show it: at most so many characters, and none that would move
/// the cursor, begin a line, turn the reading direction or hide, whatever reads the message (a terminal, a log, a page, the
/// runner of a workflow). Double quotes become single ones, for a message puts it between such.
pub fn shown(text: &str, most: usize) -> String {
    let character = |c| match c {
        '"' => '\'',
        c if is_seen(c) => c,
        _ => UNSHOWN,
    };
    text.chars().take(most).map(character).collect()
}

/// Whether a text holds nothing but characters that people see.
pub fn is_plain(text: &str) -> bool {
    text.chars().all(is_seen)
}

/// A path, as a message may show it.
pub fn shown_path(path: &Path) -> String {
    shown(&path.to_string_lossy(), usize::MAX)
}

/// A message without what is nobody's business but the operator's, as a public page may show it: without the texts of
/// inputs, which stand in double quotes, and with the names of files in the place of their paths.
pub fn public(message: &str) -> String {
    let mut public = String::with_capacity(message.len());
    for (number, part) in message.split('"').enumerate() {
        match number % 2 {
            0 => public.push_str(&without_folders(part)),
            _ => public.push_str("\"…\""),
        }
    }
    public
}

/// A text with the names of files in the place of their absolute paths. Addresses stay.
fn without_folders(text: &str) -> String {
    let ends = |c: char| c.is_whitespace() || "();,".contains(c);
    let mut parts = Vec::new();
    for word in text.split_inclusive(ends) {
        let path = word.trim_end_matches(ends);
        match path
            .strip_prefix('/')
            .and_then(|path| path.rsplit_once('/'))
        {
            Some((_, name)) => {
                parts.push(name);
                parts.push(&word[path.len()..]);
            }
            None => parts.push(word),
        }
    }
    parts.concat()
}

/// Whether a character is one that people see.
fn is_seen(c: char) -> bool {
    let hides = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    !c.is_control() && !hides
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_shown_acts() {
        let text = "\u{1b}]0;owned\u{7}\u{9b}31m\n::add-mask::e\r\u{202e}é";
        let shown = shown(text, 100);
        assert_eq!(shown, "�]0;owned��31m�::add-mask::e��é");
        assert_eq!(super::shown("été", 2), "ét");
    }

    #[test]
    fn what_is_public_holds_no_value_and_no_folder() {
        for (message, expected) in [
            (
                "/home/runner/work/data/downloads/dvf/2024-ab.csv, line 7, column date_mutation: \"12 RUE X, /a/b\" found; a date was expected",
                "2024-ab.csv, line 7, column date_mutation: \"…\" found; a date was expected",
            ),
            (
                "https://host/a/b.csv gave a file that is refused: it begins with \"x",
                "https://host/a/b.csv gave a file that is refused: it begins with \"…\"",
            ),
            (
                "a path (/x/y/z.db) of km/h, /tmp",
                "a path (z.db) of km/h, /tmp",
            ),
        ] {
            assert_eq!(public(message), expected);
        }
    }
}
