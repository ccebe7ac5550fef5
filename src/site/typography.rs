//! Spaces as French printers set them, so that nobody has to type what cannot be seen.

/// What a no-break space stands before, and what a narrow one.
const AFTER_NO_BREAK: [&str; 5] = [":", "»", "%", "€", "m²"];
const AFTER_NARROW: [&str; 3] = [";", "!", "?"];

/// The text of a template with the spaces around signs made no-break ones: tags and what Tera reads stay as they are.
pub(super) fn typeset(template: &str) -> String {
    let mut set = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(start) = rest.find(['<', '{']) {
        let (text, other) = rest.split_at(start);
        set_text(text, &mut set);
        let end = match other.as_bytes() {
            [b'{', b'{', ..] => after(other, "}}"),
            [b'{', b'%', ..] => after(other, "%}"),
            [b'{', b'#', ..] => after(other, "#}"),
            [b'<', ..] => tag_end(other),
            _ => 1,
        };
        set.push_str(&other[..end]);
        rest = &other[end..];
    }
    set_text(rest, &mut set);
    set
}

/// Where something that ends so is over.
fn after(text: &str, end: &str) -> usize {
    text.find(end).map_or(text.len(), |at| at + end.len())
}

/// Where a tag is over: what Tera reads within it may hold its end sign.
fn tag_end(tag: &str) -> usize {
    let mut at = 1;
    while let Some(found) = tag[at..].find(['>', '{']) {
        at += found;
        let rest = &tag[at..];
        at += match rest.as_bytes() {
            [b'{', b'{', ..] => after(rest, "}}"),
            [b'{', b'%', ..] => after(rest, "%}"),
            [b'{', ..] => 1,
            _ => return at + 1,
        };
    }
    tag.len()
}

fn set_text(text: &str, set: &mut String) {
    let mut last = 0;
    for (at, _) in text.match_indices(' ') {
        let next = &text[at + 1..];
        let begins = |signs: &[&str]| signs.iter().any(|sign| next.starts_with(sign));
        let space = if begins(&AFTER_NARROW) {
            '\u{202f}'
        } else if begins(&AFTER_NO_BREAK) || text[..at].ends_with('«') {
            '\u{a0}'
        } else {
            continue;
        };
        set.push_str(&text[last..at]);
        set.push(space);
        last = at + 1;
    }
    set.push_str(&text[last..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_around_signs_do_not_break() {
        for (typed, expected) in [
            ("<p>Prix : 3 %</p>", "<p>Prix\u{a0}: 3\u{a0}%</p>"),
            (
                "« oui » ; vraiment ?",
                "«\u{a0}oui\u{a0}»\u{202f}; vraiment\u{202f}?",
            ),
            ("{{ n }} m² ", "{{ n }}\u{a0}m² "),
            // What is no text stays.
            (
                "<a title=\"a : b\" {% if a > b %}x{% endif %}>",
                "<a title=\"a : b\" {% if a > b %}x{% endif %}>",
            ),
            ("{{ a ? b : c }}{# d : e #}", "{{ a ? b : c }}{# d : e #}"),
            (
                "{% if a %} : b{% endif %}",
                "{% if a %}\u{a0}: b{% endif %}",
            ),
            ("a { b : c", "a { b\u{a0}: c"),
            ("<p", "<p"),
        ] {
            assert_eq!(typeset(typed), expected);
        }
    }
}
