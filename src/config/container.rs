//! The containers of tables: how the lines of a file of a declared source are told apart.

use serde::{Deserialize, Serialize};

/// A container of tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TableFormat {
    /// Text with separators, the first line the names of the columns.
    #[default]
    Csv,
    /// A workbook of Excel.
    Xlsx,
    /// A JSON document with a list of objects.
    Json,
    /// An object of JSON a line.
    JsonLines,
    /// Apache Parquet.
    Parquet,
    /// GeoJSON: the properties of its features.
    Geojson,
}

/// How text is written in bytes. What is called ISO-8859-1 is windows-1252 everywhere in official files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TableEncoding {
    /// UTF-8, with a byte order mark or without.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// The Western encoding of Windows.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

/// A text or several, of which one is enough.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "a text or a list of texts was expected, such as \"Ecole\" or [\"Ecole\", \"Collège\"]"
)]
pub enum OneOrMore {
    /// This one.
    One(String),
    /// Any of these.
    More(Vec<String>),
}

impl Default for OneOrMore {
    fn default() -> Self {
        Self::More(Vec::new())
    }
}

impl OneOrMore {
    /// All of them, in their order.
    pub fn all(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::More(all) => all,
        }
    }
}

/// What a declaration says of the container of its files.
#[derive(Clone, Debug)]
pub struct Container<'d> {
    /// What it is.
    pub format: TableFormat,
    /// Between the cells of a line of CSV; of `;`, `,`, tab and `|` the one that its header has most of, where none is named.
    pub separator: Option<char>,
    /// Of the bytes of CSV.
    pub encoding: TableEncoding,
    /// The sheet of a workbook; its first where none is named.
    pub sheet: Option<&'d str>,
    /// The line of the header, counted from 1.
    pub header: u32,
    /// Where the list of records stands in a JSON document: a JSON Pointer, empty for the document itself.
    pub records: &'d str,
    /// A field of a JSON document that counts what was left out of it; a document where one such is not 0 is refused.
    pub left_out: Option<&'d str>,
    /// The file of a zip that it is, where the zip holds several: a pattern of its name, without folders.
    pub member: Option<&'d str>,
    /// The columns that are declared. Of one below an object of JSON no record may have anything: then it is empty.
    pub declared: Vec<&'d str>,
}

impl Default for Container<'_> {
    fn default() -> Self {
        Self {
            format: TableFormat::default(),
            separator: None,
            encoding: TableEncoding::default(),
            sheet: None,
            header: one(),
            records: "",
            left_out: None,
            member: None,
            declared: Vec::new(),
        }
    }
}

impl Container<'_> {
    /// What of the declaration `of` a container and of the sign of its decimals cannot be.
    ///
    /// # Errors
    /// When there is something.
    pub(super) fn validate(&self, decimal: char, of: &str) -> Result<(), String> {
        if !matches!(decimal, ',' | '.') {
            return Err(format!(
                "{of}.decimal is {decimal:?}; \",\" or \".\" was expected"
            ));
        }
        if let Some(separator) = self.separator
            && (!separator.is_ascii()
                || separator.is_ascii_alphanumeric()
                || matches!(separator, '"' | '\n' | '\r'))
        {
            return Err(format!(
                "{of}.separator is {separator:?}; a sign such as \";\" was expected"
            ));
        }
        let csv = self.format == TableFormat::Csv;
        let xlsx = self.format == TableFormat::Xlsx;
        let json = matches!(self.format, TableFormat::Json | TableFormat::Geojson);
        for (key, is_given, has_it, formats) in [
            ("separator", self.separator.is_some(), csv, "\"csv\""),
            ("sheet", self.sheet.is_some(), xlsx, "\"xlsx\""),
            (
                "header",
                self.header > 1,
                csv || xlsx,
                "\"csv\" or \"xlsx\"",
            ),
            ("records", !self.records.is_empty(), json, "\"json\""),
            ("left_out", self.left_out.is_some(), json, "\"json\""),
        ] {
            if is_given && !has_it {
                return Err(format!(
                    "{of}.{key} is of another format; format = {formats} was expected beside it"
                ));
            }
        }
        if !self.records.is_empty() && !self.records.starts_with('/') {
            return Err(format!(
                "{of}.records is \"{0}\"; where the list stands was expected, such as \"/{0}\"",
                self.records
            ));
        }
        match self.header {
            0 => Err(format!("{of}.header is 0; lines are counted from 1")),
            _ => Ok(()),
        }
    }
}

pub(super) const fn point() -> char {
    '.'
}

pub(super) const fn one() -> u32 {
    1
}
