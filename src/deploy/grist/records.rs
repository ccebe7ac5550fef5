//! The rows of the table against the communes: which are new, which differ, which are gone, and which are nobody's but
//! the operator's.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::batch::Write;
use super::schema::ColumnPlan;
use crate::geo::{departement_of, is_commune_code};
use crate::site::{CommuneTable, ExportKind};

/// A row as Grist has it.
#[derive(Debug, Deserialize)]
pub(super) struct ServerRecord {
    pub id: i64,
    #[serde(default)]
    pub fields: Map<String, Value>,
}

/// What has to be done to the rows of a table.
#[derive(Debug, Default)]
pub(super) struct RecordPlan {
    /// Codes of communes that have no row.
    pub added: Vec<String>,
    /// Rows whose figures are others, with the codes.
    pub changed: Vec<(i64, String)>,
    /// Columns, by their places in the table of communes, that are others in one of them.
    differing: BTreeSet<usize>,
    /// Rows of what is no commune with a page any more, with the codes.
    pub removed: Vec<(i64, String)>,
    /// Rows that are as they should be.
    pub same: usize,
    /// Codes that stand in several rows; the first of them counts.
    pub twice: BTreeSet<String>,
    /// Rows that are not of the export.
    pub left: usize,
}

/// Holds the rows that are there against the communes.
pub(super) fn plan(
    table: &CommuneTable,
    columns: &ColumnPlan,
    there: &[ServerRecord],
) -> RecordPlan {
    let mut plan = RecordPlan::default();
    let mut seen = BTreeSet::new();
    let key = columns.ids.first().map_or("", String::as_str);
    for record in there {
        let code = record.fields.get(key).and_then(Value::as_str);
        let code = code.unwrap_or_default();
        match table.communes.get(code) {
            Some(_) if !seen.insert(code) => {
                plan.twice.insert(code.to_owned());
                plan.left += 1;
            }
            Some(values) => {
                let differing = differing(table, columns, values, &record.fields);
                match differing.is_empty() {
                    true => plan.same += 1,
                    false => plan.changed.push((record.id, code.to_owned())),
                }
                plan.differing.extend(differing);
            }
            None if is_commune_code(code) && table.departements.contains(departement_of(code)) => {
                plan.removed.push((record.id, code.to_owned()));
            }
            None => plan.left += 1,
        }
    }
    let new = table
        .communes
        .keys()
        .filter(|code| !seen.contains(code.as_str()));
    plan.added = new.cloned().collect();
    plan
}

/// The numbers of the columns whose value is another than it should be.
fn differing(
    table: &CommuneTable,
    columns: &ColumnPlan,
    values: &[Value],
    there: &Map<String, Value>,
) -> Vec<usize> {
    let differs = |&column: &usize| {
        // The key is the first of the ids.
        let (id, is_there) = (&columns.ids[column + 1], columns.there[column + 1]);
        let kind = table.columns[column].kind;
        let has = match there.get(id) {
            Some(value) if is_there => value.clone(),
            _ => blank(kind),
        };
        !same(kind, &values[column], &has)
    };
    (0..values.len()).filter(differs).collect()
}

/// What Grist puts into the rows there are when a column is made.
fn blank(kind: ExportKind) -> Value {
    match kind {
        ExportKind::Text => "".into(),
        ExportKind::Whole | ExportKind::Number => 0.into(),
    }
}

/// Whether two values are one to Grist. An empty text may come back as null; a number that is missing is never 0.
fn same(kind: ExportKind, wanted: &Value, has: &Value) -> bool {
    match (kind, wanted, has) {
        (_, Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (ExportKind::Text, Value::Null, Value::String(text))
        | (ExportKind::Text, Value::String(text), Value::Null) => text.is_empty(),
        (_, wanted, has) => wanted == has,
    }
}

impl RecordPlan {
    /// Rows that go, by their numbers.
    pub(super) fn removals(&self) -> Vec<Write> {
        let removed = self.removed.iter();
        removed
            .map(|(row, code)| Write {
                code: code.clone(),
                row: Some(*row),
                element: json!(row),
            })
            .collect()
    }

    /// Rows that change. All have the same fields, as Grist demands: those that are others in one of them.
    pub(super) fn changes(&self, table: &CommuneTable, ids: &[String]) -> Vec<Write> {
        let changed = self.changed.iter();
        let write = |(row, code): &(i64, String)| {
            let values = table.communes.get(code)?;
            let fields = self.differing.iter();
            let fields = fields.map(|&column| (ids[column + 1].clone(), values[column].clone()));
            let fields: Map<_, _> = fields.collect();
            Some(Write {
                code: code.clone(),
                row: Some(*row),
                element: json!({"id": row, "fields": fields}),
            })
        };
        changed.filter_map(write).collect()
    }

    /// Rows that are new, with all of their fields: what is not sent is 0 where it is a number. Grist looks each code up,
    /// so that sending it twice makes no second row.
    pub(super) fn additions(&self, table: &CommuneTable, ids: &[String]) -> Vec<Write> {
        let added = self.added.iter();
        let write = |code: &String| {
            let values = table.communes.get(code)?.iter().cloned();
            let fields: Map<_, _> = ids.iter().skip(1).cloned().zip(values).collect();
            let require = Map::from_iter([(ids.first()?.clone(), code.as_str().into())]);
            Some(Write {
                code: code.clone(),
                row: None,
                element: json!({"require": require, "fields": fields}),
            })
        };
        added.filter_map(write).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::ExportColumn;

    fn column(name: &str, kind: ExportKind) -> ExportColumn {
        ExportColumn {
            name: name.into(),
            label: name.into(),
            kind,
        }
    }

    #[test]
    fn each_row_is_what_it_is() {
        let table = CommuneTable {
            key: column("code", ExportKind::Text),
            columns: vec![
                column("nom", ExportKind::Text),
                column("prix", ExportKind::Whole),
                column("taux", ExportKind::Number),
            ],
            communes: [
                ("01001", json!(["A", 1000, 1.5])),
                ("01002", json!([null, null, null])),
                ("01003", json!(["C", 3000, null])),
                ("01004", json!(["D", 4000, -0.5])),
            ]
            .map(|(code, values)| (code.to_owned(), values.as_array().unwrap().clone()))
            .into(),
            departements: ["01".to_owned()].into(),
        };
        let columns = ColumnPlan {
            ids: ["code", "nom", "prix", "taux"].map(str::to_owned).to_vec(),
            there: vec![true; 4],
            ..ColumnPlan::default()
        };
        let rows = [
            (
                7,
                json!({"code": "01001", "nom": "A", "prix": 1000.0, "taux": 1.5, "avis": "x"}),
            ),
            (
                8,
                json!({"code": "01002", "nom": "", "prix": null, "taux": 0}),
            ),
            (9, json!({"code": "01001", "nom": "again"})),
            (10, json!({"code": "01999", "nom": "gone"})),
            (11, json!({"code": "", "nom": "mine"})),
            (12, json!({"code": "02001", "nom": "elsewhere"})),
            (13, json!({"code": "01 total", "nom": "mine"})),
            (14, json!({"code": 1003, "nom": "mine"})),
            (
                15,
                json!({"code": "01003", "nom": "B", "prix": 3000, "taux": null}),
            ),
        ];
        let rows = rows.map(|(id, fields)| ServerRecord {
            id,
            fields: fields.as_object().unwrap().clone(),
        });
        let plan = plan(&table, &columns, &rows);
        assert_eq!(plan.added, ["01004"]);
        assert_eq!(
            plan.changed,
            [(8, "01002".to_owned()), (15, "01003".to_owned())]
        );
        assert_eq!(plan.removed, [(10, "01999".to_owned())]);
        assert_eq!((plan.same, plan.left), (1, 5));
        assert_eq!(plan.twice, ["01001".to_owned()].into());
        let sent: Vec<_> = plan
            .changes(&table, &columns.ids)
            .into_iter()
            .map(|write| write.element)
            .collect();
        // One has another name, one another rate: both are sent of both.
        assert_eq!(
            sent,
            [
                json!({"id": 8, "fields": {"nom": null, "taux": null}}),
                json!({"id": 15, "fields": {"nom": "C", "taux": null}})
            ]
        );
        let sent = plan.additions(&table, &columns.ids);
        let expected = json!({"require": {"code": "01004"}, "fields": {"nom": "D", "prix": 4000, "taux": -0.5}});
        assert_eq!(sent[0].element, expected);
    }
}
