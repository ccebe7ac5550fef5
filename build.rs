//! Lists the source files of the rooms that shape figures and pages, for `src/base/digest.rs`, and tells the version of the
//! program with the commit it is built from.

use std::fs;
use std::io::Result;
use std::path::Path;
use std::process::Command;

/// The rooms whose sources count.
const ROOMS: [&str; 8] = [
    "base", "config", "db", "deploy", "geo", "intake", "site", "stats",
];

#[allow(
    clippy::disallowed_methods,
    reason = "the build folder is none of the project's"
)]
fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=src");
    // Builds of the dev profile stop where a test wants them to, and take the time from it.
    println!("cargo::rustc-check-cfg=cfg(for_tests)");
    if env("PROFILE")? == "debug" {
        println!("cargo::rustc-cfg=for_tests");
    }
    println!("cargo::rustc-env=IMMOSTATS_VERSION={}", version()?);
    let sources = Path::new(&env("CARGO_MANIFEST_DIR")?).join("src");
    let copies = Path::new(&env("OUT_DIR")?).join("rooms");
    let mut code = String::new();
    for room in ROOMS {
        let mut files = Vec::new();
        list(&sources.join(room), "", &mut files)?;
        files.sort();
        let name = room.to_uppercase();
        code += &format!("/// The sources of `{room}`.\npub static {name}: Room = Room(&[\n");
        for file in files {
            let source = fs::read(sources.join(room).join(&file))?;
            let copy = copies.join(room).join(&file);
            fs::create_dir_all(copy.parent().unwrap_or(&copies))?;
            fs::write(&copy, without_tests(&source))?;
            code += &format!("    ({file:?}, include_bytes!({copy:?})),\n");
        }
        code += "]);\n";
    }
    fs::write(Path::new(&env("OUT_DIR")?).join("rooms.rs"), code)
}

/// A source up to its unit tests, which stand last: what they say changes no figure and no page.
fn without_tests(source: &[u8]) -> &[u8] {
    const TESTS: &[u8] = b"\n#[cfg(test)]\nmod tests {";
    let mut starts = source.windows(TESTS.len());
    let end = starts.position(|start| start == TESTS);
    &source[..end.unwrap_or(source.len())]
}

/// The package's version and, in a clone, the commit.
fn version() -> Result<String> {
    let version = env("CARGO_PKG_VERSION")?;
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        (output.status.success() && !text.is_empty()).then(|| text.trim().to_owned())
    };
    // Of this package only, not of a repository that somebody keeps a copy of it in.
    if git(&["ls-files", "Cargo.toml"]).is_none() {
        return Ok(version);
    }
    for name in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--git-path", name]) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    let commit = git(&["rev-parse", "--short=10", "HEAD"]);
    Ok(commit.map_or_else(|| version.clone(), |commit| format!("{version} ({commit})")))
}

/// Lists the files below a folder but tests, by their paths within the room.
fn list(folder: &Path, prefix: &str, files: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name == "tests.rs" || name == "tests" || name.starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{prefix}{name}/"), files)?;
        } else {
            files.push(prefix.to_owned() + &name);
        }
    }
    Ok(())
}

fn env(name: &str) -> Result<String> {
    std::env::var(name).map_err(std::io::Error::other)
}
