//! The README and the pages of `docs/`: their commands work as they stand there, their settings are read, and what they name
//! exists.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::Project;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The texts for readers, by their paths in the repository.
fn texts() -> BTreeMap<PathBuf, String> {
    let docs = fs::read_dir(repository().join("docs")).unwrap();
    let docs = docs.map(|entry| entry.unwrap().path());
    let docs = docs.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let others = ["README.md", "CONTRIBUTING.md", "STYLE.md"].map(|name| repository().join(name));
    docs.chain(others)
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            (path.strip_prefix(repository()).unwrap().into(), text)
        })
        .collect()
}

/// The blocks of code of a language.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let begin = format!("```{language}\n");
    let rests = text.split(begin.as_str()).skip(1);
    rests
        .map(|rest| rest.split("```").next().unwrap())
        .collect()
}

/// Runs all blocks marked `sh` of the guides, in their order, in a folder with the repository's data.
#[test]
fn the_commands_of_the_guides_work() {
    let texts = texts();
    let folder = tempfile::tempdir().unwrap();
    symlink(repository().join("data"), folder.path().join("data")).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_immostats")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let run = |block: &str| {
        let mut command = Command::new("bash");
        command.args(["-eu", "-o", "pipefail", "-c", block]);
        let output = command
            .current_dir(folder.path())
            .env("PATH", &path)
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{block}\n{printed}{errors}");
        printed
    };
    let operators = blocks(&texts[Path::new("docs/operators.md")], "sh");
    let [site, archive, database] = operators[..] else {
        panic!("three blocks were expected: {operators:?}");
    };
    let built = run(site);
    assert!(
        built.contains("would change: 3431 mutations added"),
        "{built}"
    );
    for made in [
        "site/ville/83137/index.html",
        "statistiques/stats_whole_period.csv",
    ] {
        assert!(folder.path().join("toulon").join(made).exists(), "{made}");
    }
    let archived = run(archive);
    assert!(archived.contains("are what they were"), "{archived}");
    let read = run(database);
    for found in ["83137-toulon-2023.csv.gz", "Appartement", "2024"] {
        assert!(read.contains(found), "{found}\n{read}");
    }
    let theme = blocks(&texts[Path::new("docs/theming.md")], "sh");
    let [theme, variables] = theme[..] else {
        panic!("two blocks were expected: {theme:?}");
    };
    let seen = run(variables);
    for variable in [
        "page.name: text, \"Toulon\"",
        "figures.extent.volume: number, ",
    ] {
        assert!(seen.contains(variable), "{variable}: {seen}");
    }
    let listed = run(theme);
    assert!(
        listed.contains("block/budget.html        a copy of the built-in one"),
        "{listed}"
    );
}

#[test]
fn the_settings_of_the_guides_are_read() {
    let project = Project::new(&[]);
    let mut read = 0;
    for (path, text) in texts() {
        for block in blocks(&text, "toml") {
            project.configure(block);
            let run = project.try_run(&["status"]);
            assert_eq!(run.code, 0, "{}: {block}\n{}", path.display(), run.stderr);
            read += 1;
        }
    }
    assert!(read > 1);
}

#[test]
fn links_of_the_guides_lead_somewhere() {
    let mut followed = 0;
    for (path, text) in texts() {
        let folder = repository().join(&path);
        for (_, rest) in text
            .match_indices("](")
            .map(|(at, _)| text.split_at(at + 2))
        {
            let link = rest.split(')').next().unwrap();
            if link.contains("://") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => folder.clone(),
                file => folder.parent().unwrap().join(file),
            };
            assert!(target.exists(), "{}: {link}", path.display());
            if !anchor.is_empty() {
                let text = fs::read_to_string(&target).unwrap();
                let heads = text.lines().filter(|line| line.starts_with('#'));
                let mut anchors = heads.map(|head| {
                    let head = head.trim_start_matches('#').trim().to_lowercase();
                    head.chars()
                        .filter(|c| c.is_alphanumeric() || [' ', '-'].contains(c))
                        .map(|c| if c == ' ' { '-' } else { c })
                        .collect::<String>()
                });
                assert!(
                    anchors.any(|known| known == anchor),
                    "{}: {link}",
                    path.display()
                );
            }
            followed += 1;
        }
    }
    assert!(followed > 20, "{followed}");
}

#[test]
fn what_the_guides_name_is_there() {
    let texts = texts();
    let text: String = texts.into_values().collect::<Vec<_>>().join("\n");
    // Blocks of code have three marks, and pair like others.
    let named: Vec<_> = text
        .split('`')
        .filter(|name| {
            ["src/", "tests/", "scripts/"]
                .iter()
                .any(|folder| name.starts_with(folder))
        })
        .filter(|name| !name.contains(['*', '\n', ' ', '<']) && !name.contains("NAME"))
        .collect();
    assert!(named.len() > 20, "{named:?}");
    for name in named {
        assert!(repository().join(name).exists(), "{name}");
    }
}
