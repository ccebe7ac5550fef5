//! What sources have to be beside each other. What is wrong is told with its line.

use std::collections::{BTreeMap, BTreeSet};

use super::section::{at_line, line_of};
use super::sources::Source;
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
    let declared = Declared { text, own };
    let mut known = BTreeSet::new();
    for (at, source) in own.iter().enumerate() {
        let indicators = source.table.iter().flat_map(|table| &table.indicators);
        for (within, indicator) in indicators.enumerate() {
            if !known.insert(indicator.id.as_str()) {
                let what = format!(
                    "two indicators are called {}; each has a name of its own",
                    indicator.id
                );
                return Err(declared.tells_at(Some(key_of(at, Some(within))), &what));
            }
        }
    }
    // What is not the project's own may be of those that ship.
    let of_shipped = tables(shipped.iter()).flat_map(|(_, table)| &table.indicators);
    known.extend(of_shipped.map(|indicator| indicator.id.as_str()));
    let mut ids = BTreeSet::new();
    let mut scopes = BTreeSet::new();
    for (at, source) in own.iter().enumerate() {
        source.validate(&known).map_err(|wrong| {
            let what = format!("source {}: {}", source.id, wrong.reason);
            declared.tells(&source.id, wrong.indicator, &what)
        })?;
        if !ids.insert(&source.id) {
            let what = format!("two sources are called {}", source.id);
            return Err(declared.tells_at(Some(key_of(at, None)), &what));
        }
        if let Some(subject) = source.kind.sole_subject()
            && source.enabled
            && source.import
            && !scopes.insert((subject, &source.scope))
        {
            let what = format!(
                "source {} would import what another one imports too: of geo-dvf and dgfip, enable one, or give each its own scope",
                source.id
            );
            return Err(declared.tells(&source.id, None, &what));
        }
    }
    validate_tables(declared, &tables(all(own, shipped)).collect::<Vec<_>>())
}

/// What of all tables together cannot be, a project's own first.
fn validate_tables(declared: Declared<'_>, tables: &[(&str, &Table)]) -> Result<(), String> {
    let mut indicators = BTreeMap::<&str, (&str, &Indicator)>::new();
    for (id, table) in tables {
        for indicator in &table.indicators {
            if let Some((own, _)) = indicators.insert(&indicator.id, (id, indicator)) {
                let what = format!(
                    "source {own}: indicator {0}: source {id}, which ships with the program, has one that is called so; another id was expected, such as \"{own}-{0}\"",
                    indicator.id
                );
                return Err(declared.tells(own, Some(&indicator.id), &what));
            }
        }
        let via = tables
            .iter()
            .find(|(id, _)| table.via.as_deref() == Some(*id));
        table
            .validate_via(via.map(|(_, table)| *table))
            .map_err(|reason| declared.tells(id, None, &format!("source {id}: {reason}")))?;
    }
    for (source, indicator) in indicators.values() {
        let weight = indicator
            .weight
            .as_ref()
            .and_then(|id| indicators.get(id.as_str()));
        if let Some((_, weight)) = weight.filter(|(_, weight)| !weight.adds_up()) {
            let what = format!(
                "source {source}: indicator {}: it is weighed by {}, which does not add up; one that is counted, or a column with rollup = \"sum\", was expected",
                indicator.id, weight.id
            );
            return Err(declared.tells(source, Some(&indicator.id), &what));
        }
        if let Some(circle) = circle(indicator, &indicators) {
            let what = format!(
                "source {source}: indicator {}: its share is made of itself: {}; counts were expected in share.parts and share.of",
                indicator.id,
                circle.join(", of ")
            );
            return Err(declared.tells(source, Some(&indicator.id), &what));
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

/// A project's sources, with the text that they were read from.
#[derive(Clone, Copy)]
struct Declared<'a> {
    text: &'a str,
    own: &'a [Source],
}

impl Declared<'_> {
    /// Tells of a source, or of one of its indicators, with the line of its id.
    fn tells(&self, source: &str, indicator: Option<&str>, what: &str) -> String {
        let at = self.own.iter().position(|own| own.id == source);
        let key = at.map(|at| {
            let mut indicators = self.own[at]
                .table
                .iter()
                .flat_map(|table| &table.indicators);
            let within = indicator.and_then(|id| indicators.position(|one| one.id == id));
            key_of(at, within)
        });
        self.tells_at(key, what)
    }

    /// Tells of what stands at a key, with its line.
    fn tells_at(&self, key: Option<String>, what: &str) -> String {
        let line = key.and_then(|key| line_of(self.text, &key));
        at_line(line, what.to_owned())
    }
}

/// The key of the id of a source, or of one of its indicators, by their places in the lists.
fn key_of(source: usize, indicator: Option<usize>) -> String {
    match indicator {
        Some(indicator) => format!("sources.{source}.table.indicators.{indicator}.id"),
        None => format!("sources.{source}.id"),
    }
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
        let one = table("x", "", "{ id = \"y\", column = \"a{yy}\" }");
        let again = table("x", "", "{ id = \"z\", column = \"a{yy}\" }");
        let message = refused(&format!("{one}{again}"));
        assert_eq!(message, "line 11: two sources are called x");
        let again = table("w", "", "{ id = \"y\", column = \"a{yy}\" }");
        let message = refused(&format!("{one}{again}"));
        assert!(
            message.starts_with("line 17: two indicators are called y"),
            "{message}"
        );
    }

    #[test]
    fn lines_are_found_however_ids_are_written() {
        let one = "# id = \"x\"\n[[sources]]\n\"id\" = 'x'\nkind = \"table\"\ntable = { place = \"C\", attribution = \"a\", indicators = [\n{ column = \"a{yy}\",\n  id = 'y' } ] }\n";
        let message = refused(&format!("{one}{one}"));
        assert!(
            message.starts_with("line 14: two indicators are called y"),
            "{message}"
        );
        let other = one.replace("'y'", "'z'");
        let message = refused(&format!("{one}{other}"));
        assert_eq!(message, "line 10: two sources are called x");
    }

    #[test]
    fn what_weighs_adds_up() {
        let mean = "{ id = \"m\", column = \"m{yy}\", rollup = \"mean\", weight = \"w\" },";
        let of = |weight: &str| table("x", "edition = 2025\n", &format!("{mean}\n{weight}"));
        valid(&of("{ id = \"w\", column = \"w{yy}\", rollup = \"sum\" }")).unwrap();
        valid(&of("{ id = \"w\", count = true }")).unwrap();
        let message = refused(&of(
            "{ id = \"w\", column = \"w{yy}\", rollup = \"median\" }",
        ));
        assert!(
            message.starts_with(
                "line 9: source x: indicator m: it is weighed by w, which does not add up"
            ),
            "{message}"
        );
    }

    #[test]
    fn a_source_through_which_nothing_is_found_is_told_with_its_line() {
        let through = table(
            "x",
            "via = \"nowhere\"\n",
            "{ id = \"y\", column = \"a{yy}\", rollup = \"sum\" }",
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
        let count = "{ id = \"n\", column = \"n{yy}\", rollup = \"sum\" }";
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
