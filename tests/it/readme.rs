//! The README: its commands work as they stand there, and what it names exists.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

fn readme() -> (String, &'static Path) {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    (
        fs::read_to_string(repository.join("README.md")).unwrap(),
        repository,
    )
}

/// Runs all blocks marked `sh`, in their order, in a folder with the repository's data.
#[test]
fn the_commands_of_the_readme_work() {
    let (text, repository) = readme();
    let blocks: Vec<_> = text
        .split("```sh\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    assert_eq!(blocks.len(), 2);
    let folder = tempfile::tempdir().unwrap();
    symlink(repository.join("data"), folder.path().join("data")).unwrap();
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
    let built = run(blocks[0]);
    assert!(
        built.contains("would change: 3431 mutations added"),
        "{built}"
    );
    assert!(
        folder
            .path()
            .join("toulon/site/ville/83137/index.html")
            .exists()
    );
    assert!(
        folder
            .path()
            .join("toulon/statistiques/stats_whole_period.csv")
            .exists()
    );
    let read = run(blocks[1]);
    for found in ["83137-toulon-2023.csv.gz", "Appartement", "2024"] {
        assert!(read.contains(found), "{found}\n{read}");
    }
}

#[test]
fn what_the_readme_names_is_there() {
    let (text, repository) = readme();
    let named: Vec<_> = text
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|name| {
            ["src/", "tests/", "scripts/", "templates/"]
                .iter()
                .any(|folder| name.starts_with(folder))
        })
        .filter(|name| !name.contains(['*', '\n', ' ']))
        .collect();
    assert!(named.len() > 12, "{named:?}");
    for name in named {
        assert!(repository.join(name).exists(), "{name}");
    }
}
