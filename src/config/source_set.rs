//! What sources have to be beside each other. What is wrong is told with its line.

use std::collections::{BTreeMap, BTreeSet};

use super::section::at_line;
use super::sources::{Source, Subject};
use super::table::{Indicator, Table};

/// The sources of a project and, of those that ship, all others: a project's own takes the place of one of its id.
pub(super) fn all<'s>(
    own: &'s [Source],
    shipped: &'s [Source],
) -> impl Iterator<Item = &'s Source> {
    let is_own = |id: &str| own.iter().any(|source| source.id == id);
    let others = shipped.iter().filter(move |source| !is_own(&source.id));
    own.iter().chain(others)
}

/// The declarations of tables of some sources, by their ids.
pub(super) fn tables<'s>(
    sources: impl Iterator<Item = &'s Source>,
) -> impl Iterator<Item = (&'s str, &'s Table)> {
    sources.filter_map(|source| Some((source.id.as_str(), source.table.as_ref()?)))
}

/// What of a project's sources cannot be, beside those that ship; `text` is the configuration that they were read from.
///
/// # Errors
/// When there is something.
pub(super) fn validate(text: &str, own: &[Source], shipped: &[Source]) -> Result<(), String> {
    let mut known = BTreeSet::new();
    for source in own {
        for indicator in source.table.iter().flat_map(|table| &table.indicators) {
            if !known.insert(indicator.id.as_str()) {
                let at = Line::second(text, &indicator.id);
                return Err(at.tells(&format!(
                    "two indicators are called {}; each has a name of its own",
                    indicator.id
                )));
            }
        }
    }
    // What is not the project's own may be of those that ship.
    let of_shipped = tables(shipped.iter()).flat_map(|(_, table)| &table.indicators);
    known.extend(of_shipped.map(|indicator| indicator.id.as_str()));
    let mut ids = BTreeSet::new();
    let mut scopes = BTreeSet::new();
    for source in own {
        source.validate(&known).map_err(|wrong| {
            let at = Line::of(text, &source.id, wrong.indicator);
            at.tells(&format!("source {}: {}", source.id, wrong.reason))
        })?;
        if !ids.insert(&source.id) {
            let at = Line::second(text, &source.id);
            return Err(at.tells(&format!("two sources are called {}", source.id)));
        }
        let subject = source.kind.subject();
        if matches!(subject, Subject::Places | Subject::Sales)
            && source.enabled
            && source.import
            && !scopes.insert((subject, &source.scope))
        {
            let at = Line::of(text, &source.id, None);
            return Err(at.tells(&format!(
                "source {} would import what another one imports too: of geo-dvf and dgfip, enable one, or give each its own scope",
                source.id
            )));
        }
    }
    validate_tables(text, &tables(all(own, shipped)).collect::<Vec<_>>())
}

/// What of all tables together cannot be, a project's own first.
fn validate_tables(text: &str, tables: &[(&str, &Table)]) -> Result<(), String> {
    let mut indicators = BTreeMap::<&str, (&str, &Indicator)>::new();
    for (id, table) in tables {
        for indicator in &table.indicators {
            if let Some((own, _)) = indicators.insert(&indicator.id, (id, indicator)) {
                let at = Line::of(text, own, Some(&indicator.id));
                return Err(at.tells(&format!(
                    "source {own}: indicator {0}: source {id}, which ships with the program, has one that is called so; another id was expected, such as \"{own}-{0}\"",
                    indicator.id
                )));
            }
        }
        let via = tables
            .iter()
            .find(|(id, _)| table.via.as_deref() == Some(*id));
        table
            .validate_via(via.map(|(_, table)| *table))
            .map_err(|reason| Line::of(text, id, None).tells(&format!("source {id}: {reason}")))?;
    }
    for (source, indicator) in indicators.values() {
        if let Some(circle) = circle(indicator, &indicators) {
            let at = Line::of(text, source, Some(&indicator.id));
            return Err(at.tells(&format!(
                "source {source}: indicator {}: its share is made of itself: {}; counts were expected in share.parts and share.of",
                indicator.id,
                circle.join(", of ")
            )));
        }
    }
    Ok(())
}

/// The way from a share back to itself, through what it is made of.
fn circle<'c>(
    from: &'c Indicator,
    indicators: &BTreeMap<&str, (&str, &'c Indicator)>,
) -> Option<Vec<&'c str>> {
    let mut seen = BTreeSet::new();
    let mut ways = vec![vec![from]];
    while let Some(way) = ways.pop() {
        let share = way.last()?.share.iter();
        for part in share.flat_map(|share| share.parts.iter().chain(&share.of)) {
            let Some((_, part)) = indicators.get(part.as_str()) else {
                continue;
            };
            let way: Vec<&Indicator> = way.iter().copied().chain([*part]).collect();
            if part.id == from.id {
                return Some(way.into_iter().map(|one| one.id.as_str()).collect());
            }
            if seen.insert(&part.id) {
                ways.push(way);
            }
        }
    }
    None
}

/// Where in the configuration something is declared.
struct Line(Option<usize>);

impl Line {
    /// The line of a source's id, or of that of one of its indicators.
    fn of(text: &str, source: &str, indicator: Option<&str>) -> Self {
        let own = line_of(text, source, 0);
        let of_indicator = |id| line_of(text, id, own.unwrap_or(0));
        Self(indicator.and_then(of_indicator).or(own))
    }

    /// The second line that gives an id; the only one, where both stand in it.
    fn second(text: &str, id: &str) -> Self {
        let first = line_of(text, id, 0);
        Self(first.and_then(|first| line_of(text, id, first)).or(first))
    }

    fn tells(&self, what: &str) -> String {
        at_line(self.0, what.to_owned())
    }
}

/// The first line after so many that gives an id, counted from 1.
fn line_of(text: &str, id: &str, after: usize) -> Option<usize> {
    let given = format!("\"{id}\"");
    let gives = |line: &str| {
        let mut keys = line.match_indices("id");
        keys.any(|(at, key)| {
            let value = line[at + key.len()..].trim_start().strip_prefix('=');
            value.is_some_and(|value| value.trim_start().starts_with(&given))
        })
    };
    let mut lines = text.lines().enumerate().skip(after);
    let found = lines.find(|(_, line)| gives(line));
    found.map(|(number, _)| number + 1)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    fn valid(text: &str) -> Result<(), String> {
        #[derive(Deserialize)]
        struct Catalogue {
            sources: Vec<Source>,
        }
        let own: Catalogue = toml::from_str(text).unwrap();
        validate(text, &own.sources, &[])
    }

    fn refused(text: &str) -> String {
        valid(text).unwrap_err()
    }

    fn table(id: &str, more: &str, indicators: &str) -> String {
        format!(
            "[[sources]]\nid = \"{id}\"\nkind = \"table\"\n[sources.table]\nplace = \"C\"\nattribution = \"a\"\n{more}indicators = [\n{indicators}\n]\n"
        )
    }

    #[test]
    fn what_is_there_twice_is_told_where_it_comes_again() {
        let one = table("x", "", "{ id = \"y\", column = \"a\" }");
        let again = table("x", "", "{ id = \"z\", column = \"a\" }");
        let message = refused(&format!("{one}{again}"));
        assert_eq!(message, "line 11: two sources are called x");
        let again = table("w", "", "{ id = \"y\", column = \"a\" }");
        let message = refused(&format!("{one}{again}"));
        assert!(
            message.starts_with("line 17: two indicators are called y"),
            "{message}"
        );
    }

    #[test]
    fn a_source_through_which_nothing_is_found_is_told_with_its_line() {
        let through = table(
            "x",
            "via = \"nowhere\"\n",
            "{ id = \"y\", column = \"a\", rollup = \"sum\" }",
        );
        let message = refused(&through);
        assert!(
            message.starts_with("line 2: source x: table.via is \"nowhere\""),
            "{message}"
        );
    }

    #[test]
    fn a_share_of_itself_is_refused() {
        let share = |id: &str, of: &str| {
            format!("{{ id = \"{id}\", share = {{ parts = [\"n\"], of = [\"{of}\"] }} }},")
        };
        let count = "{ id = \"n\", column = \"n\", rollup = \"sum\" }";
        let message = refused(&table(
            "x",
            "",
            &format!("{}\n{}\n{count}", share("a", "b"), share("b", "a")),
        ));
        assert!(
            message.starts_with(
                "line 8: source x: indicator a: its share is made of itself: a, of b, of a;"
            ),
            "{message}"
        );
        // A share of a share is one all the same.
        let text = format!("{}\n{}\n{count}", share("a", "b"), share("b", "n"));
        valid(&table("x", "", &text)).unwrap();
    }
}
