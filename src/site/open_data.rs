//! What there is to take away: the files of the site that programs read, and what describes them to people, to programs and to
//! catalogues of data.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::block::example::Example;
use super::block::{identity, schema};
use super::table::{self, Kind};
use super::{Site, frame, long_table, path};
use crate::site::path::PathPattern;

/// What is said of files that programs read: an entry of their route.
pub(super) struct OpenFile {
    /// What stands in the place of `*` in their paths.
    pub parameter: Option<Parameter>,
    pub format: FileFormat,
    /// A sentence of French without its full stop.
    pub about: &'static str,
    /// The JSON Schema that describes them.
    pub schema: Option<DataSchema>,
}

/// How a file is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FileFormat {
    Json,
    Csv,
    Parquet,
}

/// A JSON Schema that is published.
#[derive(Clone, Copy)]
pub(super) struct DataSchema {
    /// What stands in its path: `ville`.
    pub name: &'static str,
    pub make: fn() -> Value,
}

/// What stands in paths.
#[derive(Clone, Copy)]
pub(super) struct Parameter {
    name: &'static str,
    /// In French.
    meaning: &'static str,
    /// A regular expression.
    pattern: &'static str,
}

impl Parameter {
    pub(super) const COMMUNE: Self = Self {
        name: "commune",
        meaning: "Code INSEE d’une commune ou d’un arrondissement municipal",
        pattern: "^(?:[0-9]{2}|2[AB])[0-9]{3}$",
    };
    pub(super) const SIREN: Self = Self {
        name: "siren",
        meaning: "SIREN d’une intercommunalité",
        pattern: "^[0-9]{9}$",
    };
    pub(super) const DEPARTEMENT: Self = Self {
        name: "departement",
        meaning: "Code d’un département",
        pattern: "^(?:[0-9]{2}|2[AB]|97[0-9])$",
    };
    pub(super) const REGION: Self = Self {
        name: "region",
        meaning: "Code INSEE d’une région",
        pattern: "^[0-9]{2}$",
    };
    /// Of files of indices.
    pub(super) const INDICES: Self = Self {
        name: "indices",
        meaning: "Code d’un département, ou france",
        pattern: "^(?:[0-9]{2}|2[AB]|97[0-9]|france)$",
    };
}

/// Files of one kind that a site has: where they stand, and what is said of them.
pub(super) type OpenFiles = Vec<(PathPattern, &'static OpenFile)>;

/// The licence of the data as catalogues name it.
const LICENCE: &str = "etalab-2.0";

/// Files of one kind, for pages.
#[derive(Serialize, JsonSchema)]
pub(super) struct ListedFiles {
    /// `data/departement/{departement}.csv`
    path: String,
    /// Whether there is one only.
    alone: bool,
    format: &'static str,
    about: &'static str,
    schema: Option<String>,
}

/// A place that examples ask for.
#[derive(Serialize, JsonSchema)]
pub(super) struct Asked {
    /// "à Cergy"
    at: String,
    code: String,
    departement: String,
}

impl OpenFile {
    /// The path with the name of what stands in it.
    fn path(&self, pattern: PathPattern) -> String {
        let name = self.parameter.map_or("", |parameter| parameter.name);
        pattern.path(&format!("{{{name}}}"))
    }
}

impl DataSchema {
    fn path(&self) -> String {
        path::SCHEMA.path(self.name)
    }
}

impl FileFormat {
    const fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Csv => "CSV",
            Self::Parquet => "Parquet",
        }
    }

    const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }
}

/// The schemas of some files, each once, by their names.
pub(super) fn schemas(files: &OpenFiles) -> BTreeMap<&'static str, DataSchema> {
    let schemas = files.iter().filter_map(|(_, file)| file.schema);
    schemas.map(|schema| (schema.name, schema)).collect()
}

/// The files, for pages.
pub(super) fn listed(files: &OpenFiles) -> Vec<ListedFiles> {
    let files = files.iter().map(|(pattern, file)| ListedFiles {
        path: file.path(*pattern),
        alone: file.parameter.is_none(),
        format: file.format.name(),
        about: file.about,
        schema: file.schema.map(|schema| schema.path()),
    });
    files.collect()
}

/// The best known place, for examples; the first commune where no price is ranked.
pub(super) fn asked(site: &Site<'_>) -> Option<Asked> {
    let known = Example::well_known(site).map(|(example, _)| example.code().to_owned());
    let code = known.or_else(|| Some(site.communes.first()?.code.clone()))?;
    let commune = site.geography.commune(&code)?;
    Some(Asked {
        at: super::names::at_commune(commune),
        departement: commune.departement.clone(),
        code,
    })
}

/// `data/openapi.json`: the files as an interface, OpenAPI 3.1.
pub(super) fn open_api(site: &Site<'_>, files: &OpenFiles) -> Vec<u8> {
    let schemas = schemas(files).into_values();
    let schemas = schemas.flat_map(|schema| components(schema.name, (schema.make)()));
    let address = &site.config.site.address;
    let paths = files.iter().map(|(pattern, file)| {
        let schema = match file.schema {
            Some(schema) => json!({"$ref": format!("{COMPONENTS}{}", schema.name)}),
            None if file.format == FileFormat::Csv => json!({"type": "string"}),
            None => json!({}),
        };
        let parameters = file.parameter.map(|parameter| {
            json!({
                "name": parameter.name, "in": "path", "required": true, "description": parameter.meaning,
                "schema": {"type": "string", "pattern": parameter.pattern},
            })
        });
        let mut responses = json!({"200": {
            "description": format!("{}.", file.about),
            "content": {file.format.media_type(): {"schema": schema}},
        }});
        if file.parameter.is_some() {
            responses["404"] = json!({"description": "Le site n’a pas de chiffres pour ce code."});
        }
        let name = pattern.as_str().replace(['/', '*', '.'], " ");
        let get = json!({
            "operationId": name.split_whitespace().skip(1).collect::<Vec<_>>().join("_"),
            "summary": file.about,
            "parameters": parameters.into_iter().collect::<Vec<_>>(),
            "responses": responses,
        });
        (format!("/{}", file.path(*pattern)), json!({"get": get}))
    });
    schema::text(&json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("{} : prix de l’immobilier en France", site.config.site.name),
            "description": "Fichiers statiques, lisibles par tout programme (CORS ouvert), sans clé ni quota. Prix en euros, surfaces en m². Un chiffre absent ou null n’est pas publié : ce n’est jamais zéro.",
            "version": "1",
            "license": {"name": identity::LICENCE, "url": frame::LICENCE},
        },
        "servers": [{"url": address}],
        "paths": paths.collect::<Map<_, _>>(),
        "components": {"schemas": schemas.collect::<Map<_, _>>()},
    }))
}

/// Where the parts of an OpenAPI description stand.
const COMPONENTS: &str = "#/components/schemas/";

/// A JSON Schema and its definitions as parts of an OpenAPI description, by their names.
fn components(name: &str, mut schema: Value) -> Map<String, Value> {
    redirect(&mut schema, name);
    let definitions = schema["$defs"].take();
    if let Some(parts) = schema.as_object_mut() {
        parts.retain(|key, _| !key.starts_with('$') || key == "$ref");
    }
    let definitions = match definitions {
        Value::Object(definitions) => definitions,
        _ => Map::new(),
    };
    let definitions = definitions
        .into_iter()
        .map(|(key, part)| (format!("{name}_{key}"), part));
    definitions.chain([(name.to_owned(), schema)]).collect()
}

/// Leads what refers to a definition of a schema to where it stands in an OpenAPI description.
fn redirect(value: &mut Value, name: &str) {
    match value {
        Value::Object(parts) => {
            for (key, part) in parts {
                match part {
                    Value::String(text) if key == "$ref" => {
                        *text = text.replace("#/$defs/", &format!("{COMPONENTS}{name}_"));
                    }
                    part => redirect(part, name),
                }
            }
        }
        Value::Array(parts) => parts.iter_mut().for_each(|part| redirect(part, name)),
        _ => {}
    }
}

/// `data/datapackage.json`: the tables for catalogues and for Frictionless tools.
pub(super) fn data_package(site: &Site<'_>) -> Vec<u8> {
    let table: Vec<_> = table::columns(site)
        .into_iter()
        .map(|column| match column.kind {
            Kind::Text => field(&column.name, "string", &column.meaning),
            Kind::Whole => field(&column.name, "integer", &column.meaning),
            Kind::Percent | Kind::Number(_) => field(&column.name, "number", &column.meaning),
        })
        .collect();
    let in_csv = table.iter().cloned().map(|mut field| {
        if field["type"] == "number" {
            field["decimalChar"] = ",".into();
        }
        field
    });
    let in_csv: Vec<_> = in_csv.collect();
    // Tools that check Parquet read it by pandas, where a column of whole numbers with gaps is one of numbers.
    let in_parquet = table.into_iter().map(|mut field| {
        if field["type"] == "integer" {
            field["type"] = "number".into();
        }
        field
    });
    let series = long_table::COLUMNS
        .iter()
        .map(|column| field(column.name, column.kind(), column.meaning));
    schema::text(&json!({
        "name": "prix-immobilier-france",
        "title": format!("Prix de l’immobilier en France, par commune ({})", site.config.site.name),
        "description": "Prix médians au m², intervalles, estimations et évolutions, d’après les demandes de valeurs foncières (DVF).",
        "homepage": format!("{}/{}", site.config.site.address, path::DATA.address("")),
        "licenses": [{"name": LICENCE, "title": identity::LICENCE, "path": frame::LICENCE}],
        "sources": [{"title": identity::SOURCE, "path": "https://www.data.gouv.fr/datasets/demandes-de-valeurs-foncieres"}],
        "resources": [
            {
                "name": "communes", "path": "communes.csv", "format": "csv", "mediatype": FileFormat::Csv.media_type(), "encoding": "utf-8",
                "dialect": {"delimiter": ";"},
                "schema": {"fields": in_csv, "primaryKey": ["code"]},
            },
            {
                "name": "communes-parquet", "path": "communes.parquet", "format": "parquet", "mediatype": FileFormat::Parquet.media_type(),
                "schema": {"fields": in_parquet.collect::<Vec<_>>(), "primaryKey": ["code"]},
            },
            {
                "name": "series", "path": "series.parquet", "format": "parquet", "mediatype": FileFormat::Parquet.media_type(),
                "schema": {"fields": series.collect::<Vec<_>>(), "primaryKey": ["niveau", "code", "type_local", "serie", "periode"]},
            },
        ],
    }))
}

/// A column of a table, as Frictionless has it.
fn field(name: &str, kind: &str, meaning: &str) -> Value {
    json!({"name": name, "type": kind, "description": meaning})
}
