//! The letters that names and what people type are compared by, and the files that they name; the script has the same.

use deunicode::deunicode;

/// Letters that name a file.
const LETTERS: usize = 3;

/// Files for typing errors among the first letters.
const ERROR_FILES: u32 = 512;

/// Words that people leave out.
const STOP_WORDS: [&str; 18] = [
    "le", "la", "les", "l", "d", "de", "du", "des", "en", "sur", "sous", "aux", "au", "a", "et",
    "saint", "sainte", "saints",
];

/// Words that an EPCI's name begins with.
const FORMS: [&str; 7] = [
    "communaute",
    "communes",
    "agglomeration",
    "agglo",
    "urbaine",
    "metropole",
    "cc",
];

/// A name's words in small letters and digits, without accents and abbreviations.
pub(super) fn words(name: &str) -> Vec<String> {
    let plain = deunicode(name).to_lowercase();
    let words = plain.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    let spelled = words.map(|word| match word {
        "st" => "saint",
        "ste" => "sainte",
        "sts" => "saints",
        word => word,
    });
    spelled.map(str::to_owned).collect()
}

/// Whether people leave a word out.
pub(super) fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.contains(&word) || FORMS.contains(&word)
}

/// The letters that count: of stop words the last alone, where there is no other word.
pub(super) fn letters(words: &[String]) -> String {
    let counting = words.iter().filter(|word| !is_stop_word(word));
    let counting: String = counting.map(String::as_str).collect();
    match counting.is_empty() {
        true => words.last().cloned().unwrap_or_default(),
        false => counting,
    }
}

/// The file of the first letters.
pub(super) fn file_of(letters: &str) -> String {
    first_letters(letters, LETTERS)
}

/// The files of the first letter and of the first two.
pub(super) fn short_files(letters: &str) -> [String; 2] {
    [1, 2].map(|count| first_letters(letters, count))
}

fn first_letters(letters: &str, count: usize) -> String {
    let first: String = letters.chars().take(count).collect();
    format!("{first:_<LETTERS$}")
}

/// The files in which a place is found in spite of an error among its first letters.
pub(super) fn error_files(letters: &str) -> Vec<String> {
    let first: Vec<char> = letters.chars().take(LETTERS + 1).collect();
    if first.len() <= LETTERS {
        return Vec::new();
    }
    let rests = (0..first.len()).map(|left_out| {
        let rest = first
            .iter()
            .enumerate()
            .filter(|(place, _)| *place != left_out);
        let rest: String = rest.map(|(_, letter)| letter).collect();
        format!("x-{}", hash(&rest) % ERROR_FILES)
    });
    let mut files: Vec<_> = rests.collect();
    files.sort();
    files.dedup();
    files
}

/// FNV-1a, which takes the script one line.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_and_saint_do_not_count() {
        for (name, expected) in [
            ("L’Haÿ-les-Roses", "hayroses"),
            ("Saint-Étienne", "etienne"),
            ("St Étienne", "etienne"),
            ("Le Mans", "mans"),
            ("Aix-en-Provence", "aixprovence"),
            ("Y", "y"),
            ("Le Saint", "saint"),
            ("Métropole Aix-Marseille-Provence", "aixmarseilleprovence"),
        ] {
            assert_eq!(letters(&words(name)), expected);
        }
        assert_eq!([file_of("mans"), file_of("y")], ["man", "y__"]);
        assert_eq!(short_files("mans"), ["m__", "ma_"]);
    }

    #[test]
    fn the_script_leaves_out_the_same_words() {
        let script = include_str!("../../../templates/assets/search.js");
        let stop = [&STOP_WORDS[..], &FORMS].concat().join(" ");
        assert!(script.contains(&format!("\"{stop}\"")), "{stop}");
    }

    #[test]
    fn an_error_among_the_first_letters_leaves_a_file_in_common() {
        let right = error_files("cergy");
        for typed in ["ecrgy", "crgy", "cxrgy", "cxergy", "xergy", "cegry"] {
            let files = error_files(typed);
            assert!(files.iter().any(|file| right.contains(file)), "{typed}");
        }
        assert!(error_files("us").is_empty());
        // That of the reference: http://www.isthe.com/chongo/tech/comp/fnv/
        assert_eq!(hash("foobar"), 0xbf9c_f968);
    }
}
