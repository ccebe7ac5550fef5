//! The columns of the table: which are there, which have to be made, and which are nobody's but the operator's.

use serde::Deserialize;

use super::error::GristError;
use crate::site::{CommuneTable, ExportColumn, ExportKind};

/// Words that Grist makes another id of, for they are Python's or its own.
const RESERVED: [&str; 37] = [
    "False",
    "None",
    "True",
    "and",
    "as",
    "assert",
    "async",
    "await",
    "break",
    "class",
    "continue",
    "def",
    "del",
    "elif",
    "else",
    "except",
    "finally",
    "for",
    "from",
    "global",
    "id",
    "if",
    "import",
    "in",
    "is",
    "lambda",
    "manualSort",
    "nonlocal",
    "not",
    "or",
    "pass",
    "raise",
    "return",
    "try",
    "while",
    "with",
    "yield",
];

/// A column as Grist has it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct ServerColumn {
    pub id: String,
    #[serde(default)]
    pub fields: ServerFields,
}

/// What is of matter of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ServerFields {
    label: String,
    r#type: String,
    is_formula: bool,
    formula: String,
}

/// A column to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WantedColumn {
    pub id: String,
    pub label: String,
    /// The type in Grist.
    pub kind: &'static str,
}

/// What has to be done to the columns of a table.
#[derive(Debug, Default)]
pub(super) struct ColumnPlan {
    pub added: Vec<WantedColumn>,
    /// With the ids that Grist has them under.
    pub changed: Vec<WantedColumn>,
    /// Columns that are not of the export.
    pub left: usize,
    /// The ids of the columns of the export, the key first: as they are there, or as they will be.
    pub ids: Vec<String>,
    /// Which of them are there.
    pub there: Vec<bool>,
}

/// An id of a column that Grist takes as it is: letters without accents, digits and `_`, the first of them a letter.
fn column_id(name: &str) -> String {
    let id = safe(name);
    match id.starts_with(|sign: char| sign.is_ascii_digit()) || RESERVED.contains(&id.as_str()) {
        true => format!("c{id}"),
        false => id,
    }
}

/// An id of a table that Grist takes as it is: as those of columns, with a capital letter.
pub(super) fn table_id(name: &str) -> String {
    let id = safe(name);
    let mut signs = id.chars();
    match signs.next() {
        Some(first) if first.is_ascii_digit() => format!("T{id}"),
        Some(first) => format!("{}{}", first.to_ascii_uppercase(), signs.as_str()),
        None => id,
    }
}

fn safe(name: &str) -> String {
    let plain = deunicode::deunicode(name);
    let mut id = String::new();
    for sign in plain.chars() {
        match sign {
            sign if sign.is_ascii_alphanumeric() => id.push(sign),
            _ if !id.is_empty() && !id.ends_with('_') => id.push('_'),
            _ => {}
        }
    }
    id
}

/// The columns of a table of communes in Grist, the key first.
///
/// # Errors
/// When two have one id.
pub(super) fn wanted(table: &CommuneTable) -> Result<Vec<WantedColumn>, GristError> {
    let columns = std::iter::once(&table.key).chain(&table.columns);
    let columns: Vec<&ExportColumn> = columns.collect();
    let mut wanted = Vec::<WantedColumn>::new();
    for column in &columns {
        let id = column_id(&column.name);
        if let Some(same) = wanted
            .iter()
            .position(|other| other.id.eq_ignore_ascii_case(&id))
        {
            return Err(GristError::SameId {
                first: columns[same].name.clone(),
                second: column.name.clone(),
                id,
            });
        }
        wanted.push(WantedColumn {
            id,
            label: column.label.clone(),
            kind: match column.kind {
                ExportKind::Text => "Text",
                ExportKind::Whole => "Int",
                ExportKind::Number => "Numeric",
            },
        });
    }
    Ok(wanted)
}

impl ServerColumn {
    /// Whether it is the column to have: by its id, or by its label where Grist has put a number to the id.
    fn matches(&self, wanted: &WantedColumn) -> bool {
        let begins = |id: &str| {
            let start = self.id.get(..id.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(id))
        };
        self.id.eq_ignore_ascii_case(&wanted.id)
            || self.fields.label == wanted.label && begins(&wanted.id)
    }
}

/// What has to be done to the columns that are there.
///
/// # Errors
/// When a column of the export is computed by the document, or the key is no text.
pub(super) fn plan(
    wanted: &[WantedColumn],
    there: &[ServerColumn],
) -> Result<ColumnPlan, GristError> {
    let mut plan = ColumnPlan::default();
    for (index, column) in wanted.iter().enumerate() {
        let by_id = there
            .iter()
            .find(|other| other.id.eq_ignore_ascii_case(&column.id));
        let found = by_id.or_else(|| there.iter().find(|other| other.matches(column)));
        plan.there.push(found.is_some());
        let Some(found) = found else {
            plan.ids.push(column.id.clone());
            plan.added.push(column.clone());
            continue;
        };
        let (id, fields) = (found.id.clone(), &found.fields);
        if fields.is_formula && !fields.formula.is_empty() {
            return Err(GristError::Formula { id });
        }
        if index == 0 && fields.r#type != column.kind {
            let kind = fields.r#type.clone();
            return Err(GristError::KeyColumn { id, kind });
        }
        if fields.label != column.label || fields.r#type != column.kind {
            plan.changed.push(WantedColumn {
                id: id.clone(),
                ..column.clone()
            });
        }
        plan.ids.push(id);
    }
    let is_ours = |column: &&ServerColumn| plan.ids.contains(&column.id);
    plan.left = there.len() - there.iter().filter(is_ours).count();
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server_column(id: &str, label: &str, kind: &str) -> ServerColumn {
        ServerColumn {
            id: id.into(),
            fields: ServerFields {
                label: label.into(),
                r#type: kind.into(),
                ..ServerFields::default()
            },
        }
    }

    fn wanted(id: &str, label: &str, kind: &'static str) -> WantedColumn {
        WantedColumn {
            id: id.into(),
            label: label.into(),
            kind,
        }
    }

    #[test]
    fn ids_are_made_safe() {
        for (name, id) in [
            ("prix_m2_maison", "prix_m2_maison"),
            ("loyer-appartement", "loyer_appartement"),
            ("évolution (1 an)", "evolution_1_an_"),
            ("_id", "cid"),
            ("3 pièces", "c3_pieces"),
            ("class", "cclass"),
        ] {
            assert_eq!(column_id(name), id);
        }
        assert_eq!(table_id("prix des communes"), "Prix_des_communes");
        assert_eq!(table_id("95"), "T95");
        assert_eq!(table_id("Communes"), "Communes");
    }

    #[test]
    fn only_columns_of_the_export_are_planned() {
        let wanted = [
            wanted("code", "Code", "Text"),
            wanted("nom", "Nom", "Text"),
            wanted("prix", "Prix", "Int"),
            wanted("volume", "Ventes", "Int"),
        ];
        let there = [
            server_column("code", "Code", "Text"),
            server_column("avis", "Nom", "Text"),
            server_column("Nom2", "Nom", "Text"),
            server_column("prix", "Prix", "Numeric"),
        ];
        let plan = plan(&wanted, &there).unwrap();
        assert_eq!(plan.ids, ["code", "Nom2", "prix", "volume"]);
        assert_eq!(plan.there, [true, true, true, false]);
        assert_eq!(plan.added, wanted[3..]);
        assert_eq!(plan.changed, wanted[2..3]);
        assert_eq!(plan.left, 1);
    }

    #[test]
    fn what_is_the_operators_own_is_not_taken() {
        let wanted = [
            wanted("code", "Code", "Text"),
            wanted("prix", "Prix", "Int"),
        ];
        let mut formula = server_column("prix", "Prix", "Int");
        formula.fields.is_formula = true;
        formula.fields.formula = "$a + 1".into();
        let refused = plan(&wanted, &[server_column("code", "Code", "Text"), formula]);
        assert!(matches!(refused, Err(GristError::Formula { .. })));
        let refused = plan(&wanted, &[server_column("code", "Code", "Int")]);
        assert!(matches!(refused, Err(GristError::KeyColumn { .. })));
    }
}
