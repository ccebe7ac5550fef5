//! The repository of a site, as GitHub has it: a bare one, and the copy that its owner works on.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::github::REPOSITORY;
use super::world::Files;

/// The repository, in a folder of the test.
#[derive(Clone)]
pub struct Repository {
    folder: PathBuf,
}

impl Repository {
    /// Makes it: what of the project the steps need, and this immostats.toml.
    pub fn new(folder: &Path, configuration: &str) -> Self {
        let repository = Self {
            folder: folder.into(),
        };
        let project = Path::new(env!("CARGO_MANIFEST_DIR"));
        let source = repository.source();
        let needed = [
            "scripts/ci",
            "templates",
            "Cargo.toml",
            "Cargo.lock",
            ".gitignore",
        ];
        for name in needed {
            let target = source.join(name);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            let mut command = Command::new("cp");
            let copied = command
                .arg("-r")
                .arg(project.join(name))
                .arg(&target)
                .status();
            assert!(copied.unwrap().success());
        }
        fs::write(source.join("immostats.toml"), configuration).unwrap();
        git(&source, &["init", "--quiet", "--initial-branch=main"]);
        git(&source, &["add", "--all"]);
        git(&source, &["commit", "--quiet", "--message=Begin"]);
        let bare = repository.bare();
        fs::create_dir_all(&bare).unwrap();
        git(
            &bare,
            &["clone", "--quiet", "--bare", source.to_str().unwrap(), "."],
        );
        repository
    }

    fn source(&self) -> PathBuf {
        self.folder.join("source")
    }

    fn bare(&self) -> PathBuf {
        self.folder.join(format!("{REPOSITORY}.git"))
    }

    /// The address below which GitHub has its repositories.
    pub fn server(&self) -> String {
        format!("file://{}", self.folder.display())
    }

    /// Changes a file.
    pub fn commit(&self, name: &str, change: impl Fn(String) -> String) {
        let source = self.source();
        let text = fs::read_to_string(source.join(name)).unwrap();
        fs::write(source.join(name), change(text)).unwrap();
        git(&source, &["commit", "--quiet", "--all", "--message=Change"]);
        git(
            &source,
            &["push", "--quiet", self.bare().to_str().unwrap(), "main"],
        );
    }

    /// What actions/checkout does.
    pub fn check_out(&self, workspace: &Path) {
        git(
            workspace,
            &["clone", "--quiet", self.bare().to_str().unwrap(), "."],
        );
    }

    /// The number of commits of a branch.
    pub fn commits(&self, branch: &str) -> usize {
        let listed = git(&self.bare(), &["rev-list", branch]);
        listed.iter().filter(|byte| **byte == b'\n').count()
    }

    /// The files of a branch; none when there is no such branch.
    pub fn files(&self, branch: &str) -> Files {
        let mut command = Command::new("git");
        command.args(["archive", branch]).current_dir(self.bare());
        let output = command.output().unwrap();
        let mut archive = tar::Archive::new(output.stdout.as_slice());
        let mut files = Files::new();
        for entry in archive.entries().unwrap().map_while(Result::ok) {
            let mut entry = entry;
            if entry.header().entry_type().is_file() {
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes).unwrap();
                files.insert(entry.path().unwrap().display().to_string(), bytes);
            }
        }
        files
    }
}

/// Runs git and gives what it printed.
fn git(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("git")
        .args(["-c", "user.name=Test", "-c", "user.email=test@localhost"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    output.stdout
}
