//! A full disk and a folder that cannot be written to: a clear error, nothing lost, and the next run completes.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;
use crate::market::{GUYANE, Release};
use crate::support::{Project, Run};

/// A folder of a project that has only so much room.
enum Room {
    /// A file system of its own.
    Disk(PathBuf),
    /// Files that cannot grow beyond a size, where nobody may mount a file system.
    Files,
}

impl Room {
    /// A disk where this machine allows one, and files of limited size everywhere.
    fn both(project: &Project, folder: &str) -> Vec<Self> {
        let folder = project.path(folder);
        fs::create_dir_all(&folder).unwrap();
        let mounted = tool(
            "mount",
            &[
                "-t",
                "tmpfs",
                "-o",
                "size=64m",
                "tmpfs",
                folder.to_str().unwrap(),
            ],
        );
        if mounted {
            vec![Self::Files, Self::Disk(folder)]
        } else {
            eprintln!("no file system can be mounted here: files are limited in size instead");
            vec![Self::Files]
        }
    }

    /// Runs the executable with this much room left, in bytes. On a disk it is what is free, else what a file may hold.
    fn run(&self, project: &Project, room: u64, arguments: &[&str]) -> Run {
        match self {
            Self::Disk(folder) => {
                let stat = rustix::fs::statvfs(folder).unwrap();
                let used = (stat.f_blocks - stat.f_bfree) * stat.f_frsize;
                self.resize(used + room);
                let run = project.try_run(arguments);
                self.resize(64 << 20);
                run
            }
            Self::Files => {
                let mut command = Command::new("sh");
                // A process that ignores the signal is told by an error instead. The unit is 512 bytes.
                command
                    .arg("-c")
                    .arg(format!(
                        "trap '' XFSZ; ulimit -f {}; exec \"$@\"",
                        room / 512
                    ))
                    .arg("sh")
                    .arg(project.command().get_program())
                    .args(project.command().get_args())
                    .args(arguments);
                let output = command.output().unwrap();
                Run {
                    code: output.status.code().unwrap_or(-1),
                    stdout: String::from_utf8(output.stdout).unwrap(),
                    stderr: String::from_utf8(output.stderr).unwrap(),
                }
            }
        }
    }

    fn resize(&self, size: u64) {
        if let Self::Disk(folder) = self {
            let size = format!("remount,size={size}");
            assert!(tool("mount", &["-o", &size, folder.to_str().unwrap()]));
        }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        if let Self::Disk(folder) = self {
            tool("umount", &["--lazy", folder.to_str().unwrap()]);
        }
    }
}

/// Whether a command of the system succeeds.
fn tool(name: &str, arguments: &[&str]) -> bool {
    let run = Command::new(name).args(arguments).output();
    run.is_ok_and(|output| output.status.success())
}

/// Proves that a run failed with a message about the room or the folder.
#[track_caller]
fn assert_told(run: &Run, messages: &[&str]) {
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    let told = run.stderr.lines().any(|line| {
        line.starts_with("error: ") && messages.iter().any(|message| line.contains(message))
    });
    assert!(told, "{}", run.stderr);
}

/// How the system and SQLite say that there is no room.
const FULL: [&str; 5] = [
    "No space left on device",
    "File too large",
    "database or disk is full",
    "disk I/O error",
    "unable to open database file",
];

#[test]
fn a_full_disk_under_site() {
    let project = Project::new(&["973", "83"]);
    let rooms = Room::both(&project, "site");
    let versions = two_versions(&project);
    let states = [&versions[0].1, &versions[1].1];
    let mut target = 0;
    for room in &rooms {
        let mut failed = 0;
        for bytes in [0, 4 << 10, 16 << 10, 64 << 10, 192 << 10] {
            let (number, site) = &versions[target];
            let run = room.run(&project, bytes, &["rollback", number]);
            if run.code != 0 {
                failed += 1;
                assert_told(&run, &FULL);
                let (found, before) = (project.site(), &versions[1 - target].1);
                match room {
                    Room::Disk(_) => assert!(found == *before, "the site stays whole"),
                    // The limit meets the databases too: what does not fit may be the note on files that are in place.
                    Room::Files => {
                        for (path, bytes) in &found {
                            let known = [before, site].map(|state| state.get(path) == Some(bytes));
                            assert!(known.contains(&true), "{path} is of neither version");
                        }
                    }
                }
                assert_whole(&project, &states);
                assert_tidy(&project);
            }
            project.run(&["rollback", number]);
            assert!(project.site() == *site);
            project.run(&["verify"]);
            target = 1 - target;
        }
        assert!(failed >= 2, "{failed} rollbacks ran out of room");
    }
    // The same for a build: its version is committed, and the next run brings site/ to it.
    project.run(&["rollback", &versions[1].0]);
    let page = format!(
        "<!doctype html>\n<title>{}</title>\n",
        "loin ".repeat(9_000)
    );
    project.file("templates/404.html", &page);
    let room = rooms.last().unwrap();
    let run = room.run(&project, 16 << 10, &BUILD);
    assert_told(&run, &FULL);
    assert!(project.site() == versions[1].1);
    assert_tidy(&project);
    project.run(&BUILD);
    assert!(project.site()["404.html"] == page.as_bytes());
    project.run(&["verify", "--rebuild"]);
}

#[test]
fn a_full_disk_under_the_databases() {
    let project = Project::new(&["973"]);
    let rooms = Room::both(&project, "data");
    let next = first_edition(&project);
    project.run(&BUILD);
    let (old_sales, old) = (sales(&project), project.site());
    let base = Base::of(&project, &["data", "site"]);

    let uninterrupted = Project::new(&["973"]);
    next.import(&uninterrupted);
    let new_sales = sales(&uninterrupted);
    uninterrupted.run(&BUILD);
    let new = uninterrupted.site();

    let arguments = next.arguments(&project);
    for room in &rooms {
        base.restore();
        let mut failed = 0;
        for bytes in [0, 8 << 10, 32 << 10] {
            let run = room.run(&project, bytes, &strings(&arguments));
            if run.code != 0 {
                failed += 1;
                assert_told(&run, &FULL);
                assert!(sales(&project) == old_sales, "the database stays as it was");
            }
        }
        project.run(&strings(&arguments));
        assert!(sales(&project) == new_sales);
        for bytes in [0, 16 << 10, 64 << 10] {
            let run = room.run(&project, bytes, &BUILD);
            if run.code != 0 {
                failed += 1;
                assert_told(&run, &FULL);
                assert_whole(&project, &[&old, &new]);
            }
        }
        project.run(&BUILD);
        assert!(project.site() == new);
        for bytes in [0, 4 << 10] {
            let run = room.run(&project, bytes, &["state", "save", "state.tar.zst"]);
            failed += 1;
            assert_told(&run, &FULL);
            assert!(!project.path("state.tar.zst").exists());
        }
        assert_tidy(&project);
        assert!(failed >= 4, "{failed} commands ran out of room");
        project.run(&["verify", "--rebuild"]);
    }
}

/// A folder that nobody can write to, not even root, until it is dropped.
struct Frozen {
    folder: PathBuf,
    /// What makes it writable again.
    thaw: (&'static str, &'static [&'static str]),
}

impl Frozen {
    fn new(folder: &Path) -> Self {
        let name = folder.to_str().unwrap();
        let bound = tool("mount", &["--bind", name, name]);
        type Tool<'a> = (&'a str, &'a [&'a str]);
        let ways: [(&str, &[&str], Tool<'_>); 3] = [
            (
                "mount",
                &["-o", "remount,bind,ro"],
                ("mount", &["-o", "remount,bind,rw"]),
            ),
            ("chattr", &["-R", "+i"], ("chattr", &["-R", "-i"])),
            ("chmod", &["-R", "a-w"], ("chmod", &["-R", "u+w"])),
        ];
        for (index, (name, arguments, thaw)) in ways.into_iter().enumerate() {
            if index == 0 && !bound {
                eprintln!(
                    "no file system can be mounted here: the folder is made unchangeable instead"
                );
                continue;
            }
            if tool(name, &[arguments, &[folder.to_str().unwrap()]].concat())
                && fs::write(folder.join("probe"), "").is_err()
            {
                return Self {
                    folder: folder.into(),
                    thaw,
                };
            }
        }
        panic!("nothing on this machine makes a folder read-only");
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        let (name, arguments) = self.thaw;
        tool(
            name,
            &[arguments, &[self.folder.to_str().unwrap()]].concat(),
        );
        tool("umount", &["--lazy", self.folder.to_str().unwrap()]);
    }
}

#[test]
fn a_site_that_cannot_be_written_to() {
    let project = Project::new(&["973", "83"]);
    let versions = two_versions(&project);
    let states = [&versions[0].1, &versions[1].1];
    let refusals = [
        "Read-only file system",
        "Operation not permitted",
        "Permission denied",
    ];

    let frozen = Frozen::new(&project.path("site"));
    let run = project.try_run(&["rollback", &versions[0].0]);
    assert_told(&run, &refusals);
    assert!(project.site() == versions[1].1, "the site stays whole");
    assert_whole(&project, &states);
    assert_told(&project.try_run(&["build", "--only-changed"]), &refusals);
    // What only looks can look.
    assert_eq!(live_by_the_store(&project), versions[0].0);
    assert_eq!(project.try_run(&["verify"]).code, 1);
    drop(frozen);

    project.run(&["build", "--only-changed"]);
    assert!(project.site() == versions[0].1, "the next command finishes");
    project.run(&["verify"]);
    project.run(&["rollback", &versions[1].0]);

    let frozen = Frozen::new(&project.path("site"));
    project.run(&["build", "--only-changed"]);
    let mut release = Release::of_year("973", &GUYANE, 2024, 11);
    release.reprice(GUYANE[0], 120);
    release.import(&project);
    assert_told(&project.try_run(&BUILD), &refusals);
    assert!(project.site() == versions[1].1);
    drop(frozen);
    project.run(&BUILD);
    assert_eq!(live(&project), live_by_the_store(&project));
    assert!(project.site() != versions[1].1);
    project.run(&["verify", "--rebuild"]);
}
