//! What tells the schema of a file: its tables and indexes, however they were written down.

use std::collections::BTreeSet;

use rusqlite::Connection;

/// The tables and indexes of a file: pairs of a name and what is said of it, a column or a key each. The order of columns,
/// comments, spaces and conditions (`CHECK`) make no difference.
#[derive(Clone)]
pub struct Shape(BTreeSet<(String, String)>);

impl Shape {
    /// Reads it from a file.
    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let mut statement = connection.prepare(QUERY)?;
        let facts = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Self(facts.collect::<Result<_, _>>()?))
    }

    /// Whether all tables and indexes of another are in it, as they are there. It may have more.
    pub(super) fn holds(&self, other: &Self) -> bool {
        let names: BTreeSet<&String> = other.0.iter().map(|(name, _)| name).collect();
        let same = self.0.iter().filter(|(name, _)| names.contains(name));
        same.eq(&other.0)
    }

    /// Takes out what a migration brought, by the shapes before and after it; leaves all where something of it is missing.
    pub(super) fn take(&mut self, before: &Self, after: &Self) -> bool {
        let brought = &after.0 - &before.0;
        let whole = brought.is_subset(&self.0);
        if whole {
            self.0.retain(|fact| !brought.contains(fact));
        }
        whole
    }

    /// Stands for it in [`super::EarlierForm`].
    pub(super) fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for (name, fact) in &self.0 {
            hasher.update(format!("{name}: {fact}\n").as_bytes());
        }
        hasher.finalize().to_hex().to_string()
    }
}

/// What makes a [`Shape`].
const QUERY: &str = r#"
WITH tables AS (
    SELECT name, strict, wr FROM pragma_table_list
    WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
)
SELECT name, printf('strict %d, without rowid %d', strict, wr) FROM tables
UNION ALL
SELECT t.name, printf('column %s %s, not null %d, default %s, key %d, hidden %d',
                      c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden)
FROM tables t, pragma_table_xinfo(t.name) c
UNION ALL
SELECT t.name, printf('%s refers to %s (%s), on delete %s', k."from", k."table", k."to", k.on_delete)
FROM tables t, pragma_foreign_key_list(t.name) k
UNION ALL
SELECT iif(i.origin = 'c', i.name, t.name),
       printf('index of %s (%s), unique %d, partial %d', t.name,
              (SELECT group_concat(x.name, ', ' ORDER BY x.seqno) FROM pragma_index_info(i.name) x), i."unique", i.partial)
FROM tables t, pragma_index_list(t.name) i
"#;
