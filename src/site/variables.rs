//! What templates see, told from the types that it is made of: a variable is what a template can name.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::route;
use super::theme;

/// Something that a template can name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Variable {
    /// `page.places.rows[].name`; `[]` stands for any item of a list, `*` for any key.
    pub path: String,
    /// What it is: text, number, truth, list or group, and whether it may be none.
    pub kind: String,
    /// What it means; empty where its name says it.
    pub about: String,
}

/// The variables of each template that makes pages, by its name; under an empty name those that every template sees.
pub fn template_variables() -> BTreeMap<String, Vec<Variable>> {
    let mut templates = BTreeMap::new();
    for (_, maker) in route::made_by_builds() {
        if let (Some(template), Some(schema)) = (maker.template(), maker.variables()) {
            templates.insert(template.to_owned(), listed(&schema));
        }
    }
    // What all have is told once.
    let shared = templates
        .values()
        .cloned()
        .reduce(|mut shared: Vec<Variable>, own| {
            shared.retain(|variable| own.contains(variable));
            shared
        });
    let mut shared = shared.unwrap_or_default();
    for own in templates.values_mut() {
        own.retain(|variable| !shared.contains(variable));
    }
    shared.extend(listed(&theme::variables()));
    templates.insert(String::new(), shared);
    templates
}

/// The variables of a schema.
fn listed(schema: &Value) -> Vec<Variable> {
    let mut variables = Vec::new();
    list("", schema, &mut variables);
    variables
}

/// Adds what stands at a path and below it.
fn list(path: &str, schema: &Value, into: &mut Vec<Variable>) {
    let about = schema["description"].as_str().unwrap_or_default();
    let (schema, optional) = without_none(schema);
    if !path.is_empty() {
        let kind = kind(schema);
        into.push(Variable {
            path: path.to_owned(),
            kind: match optional {
                true => format!("{kind} or none"),
                false => kind,
            },
            about: about.split_whitespace().collect::<Vec<_>>().join(" "),
        });
    }
    let below = |name: &str| match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    };
    let choices = schema["anyOf"].as_array().into_iter().flatten();
    for choice in [schema].into_iter().chain(choices) {
        for (name, part) in choice["properties"].as_object().into_iter().flatten() {
            list(&below(name), part, into);
        }
    }
    let any = &schema["additionalProperties"];
    if any.is_object() {
        list(&below("*"), any, into);
    }
    if schema["items"].is_object() {
        list(&format!("{path}[]"), &schema["items"], into);
    }
}

/// What a value is where there is one, and whether there may be none.
fn without_none(schema: &Value) -> (&Value, bool) {
    let Some(choices) = schema["anyOf"].as_array() else {
        let may_be_none = schema["type"]
            .as_array()
            .is_some_and(|kinds| kinds.contains(&"null".into()));
        return (schema, may_be_none);
    };
    let mut others = choices.iter().filter(|choice| !is_none(choice));
    match (others.next(), others.next()) {
        (Some(only), None) => (only, choices.iter().any(is_none)),
        _ => (schema, choices.iter().any(is_none)),
    }
}

fn is_none(schema: &Value) -> bool {
    schema["type"] == "null"
}

fn kind(schema: &Value) -> String {
    let named = |kind: &str| match kind {
        "string" => "text",
        "integer" | "number" => "number",
        "boolean" => "truth",
        "array" => "list",
        "object" => "group",
        _ => "any value",
    };
    let known = schema["enum"].as_array().into_iter().flatten();
    let variants = schema["oneOf"].as_array().into_iter().flatten();
    let words: Vec<_> = known
        .chain(variants.map(|variant| &variant["const"]))
        .filter(|word| word.is_string())
        .map(Value::to_string)
        .collect();
    if !words.is_empty() {
        return format!("one of {}", words.join(", "));
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let choices = choices.iter().filter(|choice| !is_none(choice));
        return choices.map(kind).collect::<Vec<_>>().join(" or ");
    }
    match &schema["type"] {
        Value::String(kind) => named(kind),
        Value::Array(kinds) => {
            let kinds = kinds.iter().filter_map(Value::as_str);
            kinds
                .map(named)
                .find(|kind| *kind != "any value")
                .unwrap_or("any value")
        }
        _ => "any value",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_has_its_variables_and_all_have_some() {
        let templates = template_variables();
        let of = |template: &str, path: &str| {
            let mut variables = templates[template].iter();
            variables.find(|variable| variable.path == path).cloned()
        };
        let until = of("", "until").unwrap();
        assert_eq!(until.kind, "text or none");
        assert!(until.about.starts_with("Last month"), "{until:?}");
        assert_eq!(
            of("", "site.statistics.minimum_sales").unwrap().kind,
            "number"
        );
        let cell = of("commune.html", "page.living.rows[].cells[]").unwrap();
        assert_eq!(cell.kind, "text or group or none");
        let between = of("commune.html", "page.living.rows[].cells[].between").unwrap();
        assert_eq!(between.kind, "text or none");
        assert_eq!(of("", "trail[].name").unwrap().kind, "text");
        assert_eq!(of("commune.html", "until"), None);
        assert_eq!(
            of("commune.html", "page.identity.departement_code")
                .unwrap()
                .kind,
            "text"
        );
        assert_eq!(of("", "figures").unwrap().kind, "group or none");
        assert_eq!(of("commune.html", "page.has_recent").unwrap().kind, "truth");
        let every = |variable: &Variable| !variable.path.contains("..");
        assert!(templates.values().flatten().all(every));
    }
}
