//! The kills at random moments: of imports, builds, rollbacks, checkouts, collections, saves and restorations.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::*;
use crate::market::{GUYANE, Release};
use crate::support::Project;
use crate::versions::{live, numbers};

#[test]
fn killed_imports() {
    let project = Project::new(&["973"]);
    let empty = Base::of(&project, &["data"]);
    let next = first_edition(&project);
    let (base, old) = (Base::of(&project, &["data"]), sales(&project));
    let arguments = next.arguments(&project);
    let arguments = strings(&arguments);
    let mut kills = Kills::new(20, &project, &arguments);
    let new = sales(&project);
    assert_ne!(old, new);
    base.restore();
    let mut round = 0;
    while kills.go_on() {
        // Into a database with an older edition, and where there is no database yet.
        let (base, old) = if round % 3 == 2 {
            (&empty, Vec::new())
        } else {
            (&base, old.clone())
        };
        base.restore();
        for _ in 0..3 {
            kills.strike(&project, &arguments);
            let found = sales(&project);
            assert!(
                found == old || found == new || found.is_empty(),
                "half an import"
            );
        }
        project.run(&arguments);
        assert!(sales(&project) == new);
        assert_tidy(&project);
        round += 1;
    }
    project.run(&["build"]);
    let uninterrupted = Project::new(&["973"]);
    next.import(&uninterrupted);
    uninterrupted.run(&["build"]);
    assert!(project.site() == uninterrupted.site());
}

#[test]
fn killed_first_builds() {
    let project = Project::new(&["973"]);
    first_edition(&project);
    let base = Base::of(&project, &["data", "site"]);
    let mut kills = Kills::new(10, &project, &BUILD);
    let expected = project.site();
    while kills.go_on() {
        base.restore();
        for _ in 0..3 {
            kills.strike(&project, &BUILD);
            assert_whole(&project, &[&expected]);
        }
        project.run(&BUILD);
        assert!(project.site() == expected);
        assert_tidy(&project);
        project.run(&["verify"]);
    }
    project.run(&["verify", "--rebuild"]);
}

#[test]
fn killed_builds_of_a_change() {
    let project = Project::new(&["973"]);
    let next = first_edition(&project);
    project.run(&BUILD);
    let old = project.site();
    next.import(&project);
    let base = Base::of(&project, &["data", "site"]);
    let mut kills = Kills::new(12, &project, &BUILD);
    let new = project.site();
    assert!(new != old);
    while kills.go_on() {
        base.restore();
        for _ in 0..4 {
            kills.strike(&project, &BUILD);
            assert_whole(&project, &[&old, &new]);
            assert_next_command_completes(&project, &[&old, &new]);
            if project.site() == new {
                break;
            }
        }
        project.run(&BUILD);
        assert!(project.site() == new);
        assert_tidy(&project);
    }
    project.run(&["verify", "--rebuild"]);
}

#[test]
fn killed_rollbacks() {
    let project = Project::new(&["973", "83"]);
    let versions = two_versions(&project);
    let states = [&versions[0].1, &versions[1].1];
    let mut kills = Kills::new(18, &project, &["rollback", &versions[0].0]);
    let mut target = 1;
    while kills.go_on() {
        let (number, site) = &versions[target];
        for attempt in 0..3 {
            kills.strike(&project, &["rollback", number]);
            assert_whole(&project, &states);
            if attempt == 1 {
                assert_next_command_completes(&project, &states);
            }
        }
        project.run(&["rollback", number]);
        assert!(project.site() == *site);
        assert_eq!(live(&project), *number);
        assert_tidy(&project);
        target = 1 - target;
    }
    project.run(&["verify"]);
}

#[test]
fn killed_checkouts() {
    let project = Project::new(&["973", "83"]);
    let [_, (number, site)] = two_versions(&project);
    project.file("site/CNAME", "prix.example.fr\n");
    let mut with_name = site.clone();
    with_name.insert("CNAME".into(), b"prix.example.fr\n".to_vec());
    let commands = [&["rollback", number.as_str()][..], &["verify", "--repair"]];
    let mut kills = Kills::new(14, &project, commands[0]);
    let mut round = 0;
    while kills.go_on() {
        // Folders that are lost, files that were altered: a checkout puts all back, and nothing else.
        for folder in ["ville", "data", "region"] {
            fs::remove_dir_all(project.path("site").join(folder)).unwrap();
        }
        fs::write(project.path("site/index.html"), "altered").unwrap();
        let mut altered = with_name.clone();
        altered.insert("index.html".into(), b"altered".to_vec());
        let command = commands[round % commands.len()];
        for _ in 0..3 {
            kills.strike(&project, command);
            assert_whole_but(&project, &site, &altered);
        }
        project.run(command);
        assert!(project.site() == with_name);
        assert_tidy(&project);
        project.run(&["verify"]);
        round += 1;
    }
}

/// As [`assert_whole`], where `site/` may hold files that no version has.
#[track_caller]
fn assert_whole_but(project: &Project, version: &Site, site: &Site) {
    copied(&project.path("data/versions.db"), assert_sound);
    for (path, bytes) in project.site() {
        let staged = path.starts_with(".immostats-staging/");
        let known = [version, site]
            .iter()
            .any(|state| state.get(&path) == Some(&bytes));
        assert!(staged || known, "{path} has bytes that nobody wrote");
    }
}

#[test]
fn killed_collections() {
    let project = Project::new(&["973"]);
    let mut release = Release::of_year("973", &GUYANE, 2024, 11);
    let mut sites = BTreeMap::new();
    for commune in &GUYANE[..4] {
        release.reprice(commune, 120);
        release.import(&project);
        project.run(&BUILD);
        sites.insert(live(&project), project.site());
    }
    let base = Base::of(&project, &["data", "site"]);
    let all: BTreeSet<_> = sites.keys().cloned().collect();
    let gc = ["gc", "--keep", "1"];
    let mut kills = Kills::new(12, &project, &gc);
    let size = || {
        fs::metadata(project.path("data/versions.db"))
            .unwrap()
            .len()
    };
    let collected = size();
    let kept = numbers(&project);
    assert_eq!(kept.len(), 2);
    while kills.go_on() {
        base.restore();
        for _ in 0..2 {
            kills.strike(&project, &gc);
            assert_whole(&project, &sites.values().collect::<Vec<_>>());
            let listed = copied(&project.path("data/versions.db"), |connection| {
                column(connection, "SELECT number FROM versions")
                    .into_iter()
                    .collect::<BTreeSet<_>>()
            });
            assert!(
                listed.as_ref() == Some(&all) || listed.as_ref() == Some(&kept),
                "half a collection: {listed:?}"
            );
        }
        project.run(&gc);
        assert_eq!(numbers(&project), kept);
        assert_eq!(size(), collected, "all space is given back");
        assert_tidy(&project);
        for number in &kept {
            project.run(&["rollback", number]);
            assert!(project.site() == sites[number]);
        }
        project.run(&["verify"]);
    }
}

#[test]
fn killed_saves_and_restorations() {
    let project = Project::new(&["973", "83"]);
    let versions = two_versions(&project);
    let states = [&versions[0].1, &versions[1].1];
    let state = project.path("state.tar.zst");
    let save = ["state", "save", state.to_str().unwrap()];
    let mut kills = Kills::new(6, &project, &save);
    let saved = fs::read(&state).unwrap();
    while kills.go_on() {
        kills.strike(&project, &save);
        assert_whole(&project, &states);
        // The file of before, until there is another.
        project.run(&["state", "restore", state.to_str().unwrap()]);
    }
    fs::write(&state, saved).unwrap();
    project.run(&["rollback", &versions[0].0]);
    let restore = ["state", "restore", state.to_str().unwrap()];
    let mut kills = Kills::new(6, &project, &restore);
    while kills.go_on() {
        project.run(&["rollback", &versions[0].0]);
        kills.strike(&project, &restore);
        assert_whole(&project, &states);
        assert_next_command_completes(&project, &states);
    }
    project.run(&restore);
    project.run(&BUILD);
    assert!(project.site() == versions[1].1);
    project.run(&["verify", "--rebuild"]);
}
