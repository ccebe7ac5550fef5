use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::context::Context;
use crate::app::Failure;
use crate::app::theme::{ThemeFile, ThemeState, eject, list, variables};
use crate::site::{Variable, template_variables};

/// List the templates and assets of the site, and copy those that ship to change them
#[derive(Debug, Args)]
pub(super) struct Theme {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Say which templates and assets are the project's own, and which of these are copies of what has changed since
    List,
    /// Copy one that ships into templates/, where it takes the place of the one that ships
    ///
    /// A file that is there already is never overwritten.
    Eject {
        /// Its name, such as commune.html or assets/style.css; all of them where none is named
        name: Option<String>,
    },
    /// Show what a template sees: each variable with its type and its value on a page of this project
    ///
    /// Without a template: a reference of the variables of all of them, with their types and meanings, in Markdown.
    Variables {
        /// The template of a kind of page, such as commune.html; where none is named, a reference of all of them
        template: Option<String>,
        /// The page of this place, by its code; where none is named, one that shows much
        #[arg(long, requires = "template")]
        code: Option<String>,
    },
}

impl Theme {
    pub(super) fn run(&self, context: &Context) -> Result<(), Failure> {
        match &self.action {
            Action::List => {
                let files = list(&context.project)?;
                context.terminal.summary(&text(&files), &files);
            }
            Action::Eject { name } => {
                let paths = eject(&context.project, name.as_deref())?;
                let paths: Vec<_> = paths
                    .iter()
                    .map(|path| path.display().to_string())
                    .collect();
                let lines: Vec<_> = paths
                    .iter()
                    .map(|path| format!("{path} is written; it is used from the next build on"))
                    .collect();
                context
                    .terminal
                    .summary(&lines.join("\n"), &json!({"written": paths}));
            }
            Action::Variables { template: None, .. } => {
                let templates = template_variables();
                context.terminal.summary(&reference(&templates), &templates);
            }
            Action::Variables {
                template: Some(template),
                code,
            } => {
                let seen = variables(&context.project, template, code.as_deref())?;
                let mut lines = Vec::new();
                described("", &seen, &mut lines);
                context.terminal.summary(&lines.join("\n"), &seen);
            }
        }
        Ok(())
    }
}

/// The variables of all templates, in Markdown.
fn reference(templates: &BTreeMap<String, Vec<Variable>>) -> String {
    let mut text = String::from("# Variables of the templates\n");
    for (template, variables) in templates {
        let title = match template.as_str() {
            "" => "Every template".to_owned(),
            template => format!("`{template}`, besides"),
        };
        let _ = write!(
            text,
            "\n## {title}\n\n| variable | type | meaning |\n| --- | --- | --- |\n"
        );
        for Variable { path, kind, about } in variables {
            let about = about.replace('|', "\\|");
            let _ = writeln!(text, "| `{path}` | {kind} | {about} |");
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// A line a variable: its path, its type and its value. Of lists the first item stands for all.
fn described(path: &str, value: &Value, lines: &mut Vec<String>) {
    const SHOWN: usize = 60;
    let cut = |text: &str| match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    };
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = match path {
                    "" => name.clone(),
                    path => format!("{path}.{name}"),
                };
                described(&path, value, lines);
            }
        }
        Value::Array(items) => match items.first() {
            Some(first) => described(&format!("{path}[]"), first, lines),
            None => lines.push(format!("{path}[]: empty here")),
        },
        Value::String(text) => lines.push(format!("{path}: text, {:?}", cut(text))),
        Value::Number(number) => lines.push(format!("{path}: number, {number}")),
        Value::Bool(truth) => lines.push(format!("{path}: truth, {truth}")),
        Value::Null => lines.push(format!("{path}: none here")),
    }
}

/// A line a file, those that are not as they ship last.
fn text(files: &[ThemeFile]) -> String {
    let mut text = String::new();
    let width = files.iter().map(|file| file.name.len()).max().unwrap_or(0);
    let mut files: Vec<_> = files.iter().collect();
    files.sort_by_key(|file| file.state != ThemeState::BuiltIn);
    for file in files {
        let words = match file.state {
            ThemeState::BuiltIn => "built in",
            ThemeState::Same => "a copy of the built-in one, as it is",
            ThemeState::Overridden => "the project's own",
            ThemeState::Outdated => {
                "the project's own; the built-in one has changed since it was copied"
            }
            ThemeState::Unrecorded => "the project's own, in the place of a built-in one",
            ThemeState::Own => "the project's own; none of this name is built in",
        };
        let _ = writeln!(text, "{:width$}  {words}", file.name);
    }
    text.truncate(text.trim_end().len());
    text
}
