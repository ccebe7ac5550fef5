//! What there is to take away: the files of the site that programs read, and what describes them to people, to programs and to
//! catalogues of data.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::block::example::Example;
use super::block::identity;
use super::table::{self, Kind};
use super::{Site, frame, long_table, path};
use crate::site::path::PathPattern;

/// Files of one kind that programs read.
pub(super) struct OpenFile {
    pub pattern: PathPattern,
    /// What stands in the place of `*` in the path, as pages name it: a key of [`PARAMETERS`].
    parameter: Option<&'static str>,
    format: Format,
    /// A sentence of French without its full stop.
    about: &'static str,
    /// The JSON Schema that describes it.
    schema: Option<PathPattern>,
}

/// How a file is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Csv,
    Parquet,
}

/// The files, the most wanted first.
const FILES: [OpenFile; 11] = [
    OpenFile {
        pattern: path::NATIONAL_TABLE,
        parameter: None,
        format: Format::Csv,
        about: "Toutes les communes, une ligne chacune : prix avec bornes, ventes, estimation, évolution",
        schema: None,
    },
    OpenFile {
        pattern: path::NATIONAL_PARQUET,
        parameter: None,
        format: Format::Parquet,
        about: "Les mêmes lignes et colonnes",
        schema: None,
    },
    OpenFile {
        pattern: path::DEPARTEMENT_TABLE,
        parameter: Some("departement"),
        format: Format::Csv,
        about: "Les communes d’un département, dans les mêmes colonnes",
        schema: None,
    },
    OpenFile {
        pattern: path::SERIES,
        parameter: None,
        format: Format::Parquet,
        about: "Séries annuelles, glissantes, indices et estimations de tous les territoires, une ligne par période",
        schema: None,
    },
    OpenFile {
        pattern: path::COMMUNE_DATA,
        parameter: Some("commune"),
        format: Format::Json,
        about: "Tous les chiffres d’une commune, d’un arrondissement ou d’une ville à arrondissements",
        schema: Some(path::COMMUNE_SCHEMA),
    },
    OpenFile {
        pattern: path::EPCI_DATA,
        parameter: Some("siren"),
        format: Format::Json,
        about: "Tous les chiffres d’une intercommunalité",
        schema: Some(path::WIDER_SCHEMA),
    },
    OpenFile {
        pattern: path::DEPARTEMENT_DATA,
        parameter: Some("departement"),
        format: Format::Json,
        about: "Tous les chiffres d’un département",
        schema: Some(path::WIDER_SCHEMA),
    },
    OpenFile {
        pattern: path::REGION_DATA,
        parameter: Some("region"),
        format: Format::Json,
        about: "Tous les chiffres d’une région",
        schema: Some(path::WIDER_SCHEMA),
    },
    OpenFile {
        pattern: path::FRANCE_DATA,
        parameter: None,
        format: Format::Json,
        about: "Tous les chiffres de la France",
        schema: Some(path::WIDER_SCHEMA),
    },
    OpenFile {
        pattern: path::INDEX_DATA,
        parameter: Some("indices"),
        format: Format::Json,
        about: "Indices trimestriels d’un département et de ses intercommunalités, ou de la France et de ses régions",
        schema: Some(path::INDEX_SCHEMA),
    },
    OpenFile {
        pattern: path::ESTIMATOR_DATA,
        parameter: Some("departement"),
        format: Format::Json,
        about: "Ce que l’estimateur sait d’un département",
        schema: Some(path::ESTIMATOR_SCHEMA),
    },
];

/// Those that a site publishes only where its settings say so.
const RECENT_SALES: OpenFile = OpenFile {
    pattern: path::RECENT_SALES,
    parameter: Some("commune"),
    format: Format::Json,
    about: "Ventes récentes d’une commune, arrondies, quand cinq au moins se ressemblent ; à ne pas proposer aux moteurs de recherche",
    schema: Some(path::RECENT_SALES_SCHEMA),
};

/// What stands in paths: a name, what it means, and how it is written.
const PARAMETERS: [(&str, &str, &str); 5] = [
    (
        "commune",
        "Code INSEE d’une commune ou d’un arrondissement municipal",
        "^(?:[0-9]{2}|2[AB])[0-9]{3}$",
    ),
    ("siren", "SIREN d’une intercommunalité", "^[0-9]{9}$"),
    (
        "departement",
        "Code d’un département",
        "^(?:[0-9]{2}|2[AB]|97[0-9])$",
    ),
    ("region", "Code INSEE d’une région", "^[0-9]{2}$"),
    (
        "indices",
        "Code d’un département, ou france",
        "^(?:[0-9]{2}|2[AB]|97[0-9]|france)$",
    ),
];

/// The licence of the data as catalogues name it.
const LICENCE: &str = "etalab-2.0";

/// Files of one kind, for pages.
#[derive(Serialize, JsonSchema)]
pub(super) struct Listed {
    /// `data/departement/{departement}.csv`
    path: String,
    /// Whether there is one only.
    alone: bool,
    format: &'static str,
    about: &'static str,
    schema: Option<&'static str>,
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
    fn path(&self) -> String {
        let parameter = self.parameter.unwrap_or_default();
        self.pattern.path(&format!("{{{parameter}}}"))
    }
}

impl Format {
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

/// What the indicators of data files mean, where any are known.
const INDICATORS: OpenFile = OpenFile {
    pattern: path::INDICATORS,
    parameter: None,
    format: Format::Json,
    about: "Ce que veulent dire les indicateurs d’autres sources dans ces fichiers et ces tables : nom, unité, source, licence",
    schema: Some(path::INDICATORS_SCHEMA),
};

/// The files that a site has.
fn files(site: &Site<'_>) -> impl Iterator<Item = &'static OpenFile> {
    let indicators = (!site.indicators.is_empty()).then_some(&INDICATORS);
    let recent = site.config.site.recent_sales.then_some(&RECENT_SALES);
    FILES.iter().chain(indicators).chain(recent)
}

/// Whether a site has files that a schema describes.
pub(super) fn has_schema(site: &Site<'_>, schema: PathPattern) -> bool {
    files(site).any(|file| file.schema == Some(schema))
}

/// The files, for pages.
pub(super) fn listed(site: &Site<'_>) -> Vec<Listed> {
    let files = files(site).map(|file| Listed {
        path: file.path(),
        alone: file.parameter.is_none(),
        format: file.format.name(),
        about: file.about,
        schema: file.schema.map(PathPattern::as_str),
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

/// `data/openapi.json`: the files as an interface, OpenAPI 3.1. `schemas` are those of the files as they are published.
pub(super) fn open_api(site: &Site<'_>, schemas: Vec<(PathPattern, Value)>) -> Value {
    let schemas = schemas.into_iter();
    let schemas = schemas.flat_map(|(path, schema)| components(name_of(path), schema));
    let address = &site.config.site.address;
    let paths = files(site).map(|file| {
        let schema = match file.schema {
            Some(schema) => json!({"$ref": format!("{COMPONENTS}{}", name_of(schema))}),
            None if file.format == Format::Csv => json!({"type": "string"}),
            None => json!({}),
        };
        let parameters = file.parameter.and_then(|wanted| {
            let (name, meaning, pattern) = PARAMETERS.iter().find(|(name, ..)| *name == wanted)?;
            Some(json!({
                "name": name, "in": "path", "required": true, "description": meaning,
                "schema": {"type": "string", "pattern": pattern},
            }))
        });
        let mut responses = json!({"200": {
            "description": format!("{}.", file.about),
            "content": {file.format.media_type(): {"schema": schema}},
        }});
        if file.parameter.is_some() {
            responses["404"] = json!({"description": "Le site n’a pas de chiffres pour ce code."});
        }
        let name = file.pattern.as_str().replace(['/', '*', '.'], " ");
        let get = json!({
            "operationId": name.split_whitespace().skip(1).collect::<Vec<_>>().join("_"),
            "summary": file.about,
            "parameters": parameters.into_iter().collect::<Vec<_>>(),
            "responses": responses,
        });
        (format!("/{}", file.path()), json!({"get": get}))
    });
    json!({
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
    })
}

/// Where the parts of an OpenAPI description stand.
const COMPONENTS: &str = "#/components/schemas/";

/// `ville`, of `schemas/ville.schema.json`
fn name_of(schema: PathPattern) -> &'static str {
    let (_, name) = schema.as_str().split_once('/').unwrap_or_default();
    name.split('.').next().unwrap_or_default()
}

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
pub(super) fn data_package(site: &Site<'_>) -> Value {
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
    json!({
        "name": "prix-immobilier-france",
        "title": format!("Prix de l’immobilier en France, par commune ({})", site.config.site.name),
        "description": "Prix médians au m², intervalles, estimations et évolutions, d’après les demandes de valeurs foncières (DVF).",
        "homepage": format!("{}/{}", site.config.site.address, path::DATA.address("")),
        "licenses": [{"name": LICENCE, "title": identity::LICENCE, "path": frame::LICENCE}],
        "sources": [{"title": identity::SOURCE, "path": "https://www.data.gouv.fr/datasets/demandes-de-valeurs-foncieres"}],
        "resources": [
            {
                "name": "communes", "path": "communes.csv", "format": "csv", "mediatype": Format::Csv.media_type(), "encoding": "utf-8",
                "dialect": {"delimiter": ";"},
                "schema": {"fields": in_csv, "primaryKey": ["code"]},
            },
            {
                "name": "communes-parquet", "path": "communes.parquet", "format": "parquet", "mediatype": Format::Parquet.media_type(),
                "schema": {"fields": in_parquet.collect::<Vec<_>>(), "primaryKey": ["code"]},
            },
            {
                "name": "series", "path": "series.parquet", "format": "parquet", "mediatype": Format::Parquet.media_type(),
                "schema": {"fields": series.collect::<Vec<_>>(), "primaryKey": ["niveau", "code", "type_local", "serie", "periode"]},
            },
        ],
    })
}

/// A column of a table, as Frictionless has it.
fn field(name: &str, kind: &str, meaning: &str) -> Value {
    json!({"name": name, "type": kind, "description": meaning})
}
