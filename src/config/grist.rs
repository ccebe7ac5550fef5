//! `[sources.grist]`: the table of a Grist document in which an operator keeps notes on communes; and what any use of such a
//! document needs.

use std::collections::BTreeSet;

use reqwest::Url;
use serde::{Deserialize, Serialize};

use super::paged::Token;
use super::source_kind::SourceKind;
use super::source_section::{SourceSection, WrongDeclaration};
use crate::base::address::names_user;
use crate::base::shown::is_plain;

/// The environment variable of the key of a Grist account.
pub const GRIST_KEY: &str = "GRIST_API_KEY";

/// The service that a document is on where nothing else is said.
pub const GRIST_SERVER: &str = "https://docs.getgrist.com";

/// Characters of the longest name of an operator.
const LONGEST_OPERATOR: usize = 100;

/// The address of a document in the API, with a slash at its end; `None` where the server is no address that a key may be sent
/// to: one of https, or of this machine, with nothing but a path after its host.
pub fn grist_document(server: &str, doc: &str) -> Option<Url> {
    let server = server.trim_end_matches('/');
    let url = Url::parse(&format!("{server}/api/docs/{doc}/")).ok()?;
    let is_local = url.host_str() == Some("localhost")
        || url.host_str().is_some_and(|host| host.starts_with("127."));
    let is_sound = url.scheme() == "https" || url.scheme() == "http" && is_local;
    let is_whole = url.query().is_none() && url.fragment().is_none() && url.has_host();
    (is_sound && is_whole && !names_user(&url)).then_some(url)
}

/// Whether a text can be the id of a document.
pub fn is_grist_document(doc: &str) -> bool {
    let is_sign = |sign: char| sign.is_ascii_alphanumeric() || "-_~".contains(sign);
    !doc.is_empty() && doc.chars().all(is_sign)
}

/// The declaration of a source of notes: the table, whose it is, and which of its columns hold what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GristNotes {
    /// Address of the service.
    #[serde(default = "grist_server")]
    pub server: String,
    /// The document's id.
    pub doc: String,
    /// The table's id.
    pub table: String,
    /// Who keeps the table: pages name them beside each note.
    pub operator: String,
    /// What the columns are called.
    #[serde(default)]
    pub columns: NoteColumns,
}

fn grist_server() -> String {
    GRIST_SERVER.into()
}

/// The ids of the columns of a table of notes. One that is named has to be there; where none is named, the column that is called
/// as the key here is read if it is there. That of the code always has to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoteColumns {
    /// Of the code of the commune.
    code: Option<String>,
    /// Of the text.
    text: Option<String>,
    /// Of a link.
    link: Option<String>,
    /// Of a number.
    number: Option<String>,
    /// Of what the number is of.
    label: Option<String>,
    /// Of the number's unit.
    unit: Option<String>,
    /// Of the last day on which the note is shown.
    valid_until: Option<String>,
}

/// A column of a table of notes, as it is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoteColumn<'c> {
    /// What it is, by its key of the configuration.
    pub key: &'static str,
    /// Its id in Grist.
    pub id: &'c str,
    /// Whether the table has to have it.
    pub needed: bool,
}

impl NoteColumns {
    /// Each column, that of the code first.
    pub fn all(&self) -> [NoteColumn<'_>; 7] {
        [
            ("code", &self.code),
            ("text", &self.text),
            ("link", &self.link),
            ("number", &self.number),
            ("label", &self.label),
            ("unit", &self.unit),
            ("valid_until", &self.valid_until),
        ]
        .map(|(key, named)| NoteColumn {
            key,
            id: named.as_deref().unwrap_or(key),
            needed: named.is_some() || key == "code",
        })
    }
}

impl GristNotes {
    /// The address that gives the rows of the table.
    pub fn records_address(&self) -> Option<Url> {
        let document = grist_document(&self.server, &self.doc)?;
        document
            .join(&format!("tables/{}/records", self.table))
            .ok()
    }

    /// What says who asks for them; public documents are given without it.
    pub fn token(&self) -> Token {
        Token::bearer(GRIST_KEY)
    }
}

impl SourceSection for GristNotes {
    const KIND: SourceKind = SourceKind::Grist;
    const NAME: &'static str = "grist";
    const PURPOSE: &'static str = "says which table it is, such as doc = \"kHq3ZrNcMqvA\", table = \"Informations\", operator = \"Mairie de Toulon\"";
    const ORIGIN: Option<&'static str> = Some("its rows come from grist.table");

    fn validate(&self, _: &BTreeSet<&str>) -> Result<(), WrongDeclaration<'_>> {
        if !is_grist_document(&self.doc) {
            return Err(format!(
                "grist.doc is {:?}; the document's id was expected, such as \"kHq3ZrNcMqvA\": letters and digits that its address shows",
                self.doc
            ).into());
        }
        // What is wrong with it is told without showing it: it may hold a password.
        if grist_document(&self.server, &self.doc).is_none() {
            return Err("grist.server is no address; one that begins with https:// was expected, without a user and a password, such as \"https://grist.numerique.gouv.fr\"".into());
        }
        if !is_id(&self.table) {
            return Err(format!(
                "grist.table is {:?}; the table's id was expected, such as \"Informations\": a letter, then letters, digits and _",
                self.table
            ).into());
        }
        let operator = self.operator.trim();
        if operator.is_empty() || operator.chars().count() > LONGEST_OPERATOR || !is_plain(operator)
        {
            return Err(format!(
                "grist.operator is {:?}; the name that pages show was expected, such as \"Mairie de Toulon\", of {LONGEST_OPERATOR} characters at most",
                self.operator
            ).into());
        }
        let columns = self.columns.all();
        for (index, column) in columns.iter().enumerate() {
            if !is_id(column.id) {
                return Err(format!(
                    "grist.columns.{} is {:?}; the column's id was expected, such as \"Code_INSEE\": a letter, then letters, digits and _, as Grist shows it after a $",
                    column.key, column.id
                ).into());
            }
            if let Some(other) = columns[..index].iter().find(|other| other.id == column.id) {
                return Err(format!(
                    "grist.columns.{} and grist.columns.{} both name the column {}; each has one of its own, such as text = \"Texte\"",
                    other.key, column.key, column.id
                ).into());
            }
        }
        Ok(())
    }
}

/// Whether a text can be the id of a table or a column.
fn is_id(text: &str) -> bool {
    text.starts_with(|sign: char| sign.is_ascii_alphabetic())
        && text
            .chars()
            .all(|sign| sign.is_ascii_alphanumeric() || sign == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes(more: &str) -> Result<GristNotes, String> {
        let keys = [
            "doc = \"kHq3\"",
            "table = \"Notes\"",
            "operator = \"Ville\"",
        ];
        let given = |key: &str| more.lines().any(|line| line.starts_with(key));
        let mut text = more.to_owned();
        for key in keys {
            let (name, _) = key.split_once(' ').unwrap();
            if !given(&format!("{name} ")) {
                text = format!("{key}\n{text}");
            }
        }
        let notes: GristNotes = toml::from_str(&text).map_err(|error| error.to_string())?;
        let valid = notes.validate(&BTreeSet::new());
        valid.map_err(|wrong| wrong.reason).map(|()| notes)
    }

    #[test]
    fn a_declaration_that_cannot_be_is_told_with_an_example() {
        for (more, told) in [
            ("doc = \"../x\"", "kHq3ZrNcMqvA"),
            ("doc = \"\"", "grist.doc is \"\""),
            (
                "server = \"http://grist.example.fr\"",
                "begins with https://",
            ),
            ("server = \"https://me:hunter2@x.fr\"", "without a user"),
            ("table = \"Mes notes\"", "grist.table is \"Mes notes\""),
            ("table = \"../../x\"", "\"Informations\""),
            ("operator = \" \"", "\"Mairie de Toulon\""),
            ("operator = \"a\\u202eb\"", "grist.operator is"),
            (
                "[columns]\ntext = \"Mon texte\"",
                "grist.columns.text is \"Mon texte\"",
            ),
            (
                "[columns]\ntext = \"code\"",
                "grist.columns.code and grist.columns.text both name the column code",
            ),
            ("[columns]\ntexte = \"Texte\"", "unknown field"),
            ("key = \"x\"", "unknown field"),
        ] {
            let error = notes(more).unwrap_err();
            assert!(error.contains(told), "{more}: {error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn columns_are_called_as_their_keys_where_nothing_else_is_said() {
        let read = notes("[columns]\ntext = \"Texte\"").unwrap();
        let ids = read.columns.all().map(|column| (column.id, column.needed));
        assert_eq!(ids[..3], [("code", true), ("Texte", true), ("link", false)]);
        assert_eq!(
            read.records_address().unwrap().as_str(),
            "https://docs.getgrist.com/api/docs/kHq3/tables/Notes/records"
        );
    }
}
