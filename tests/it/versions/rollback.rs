//! A version brought back, and what the next build makes of it.

use std::fs;

use super::*;
use crate::market::small_site;

#[test]
fn a_rollback_is_kept_until_something_changes() {
    let (project, mut release) = small_site();
    let (first, site_1) = (live(&project), project.site());
    let second = reprice(&project, &mut release, "97302", 120);
    let site_2 = project.site();
    assert_ne!(site_1, site_2);

    project.run(&["rollback"]);
    assert_eq!(live(&project), first);
    assert_eq!(project.site(), site_1);
    for arguments in [&["build", "--only-changed"][..], &["build"]] {
        let run = project.run(arguments);
        assert!(
            run.stdout.contains("rollback") && run.stdout.contains("--resume"),
            "{}",
            run.stdout
        );
        assert_eq!(project.site(), site_1);
        assert_eq!(live(&project), first);
    }
    // Verified against the build that was rolled back.
    project.run(&["verify", "--rebuild"]);

    project.run(&["rollback", "previous"]);
    assert_eq!(project.site(), site_2);
    project.run(&["rollback", &first]);
    assert_eq!(project.site(), site_1);
    assert_fails(
        &project.try_run(&["rollback", "2001.01.01.1"]),
        "no version 2001.01.01.1",
    );
    assert_eq!(project.site(), site_1);

    let run = project.run(&["build", "--only-changed", "--resume"]);
    assert!(!run.stdout.contains("--resume"), "{}", run.stdout);
    assert_eq!(project.site(), site_2);
    assert_eq!(
        project
            .run(&["build", "--only-changed"])
            .stdout
            .matches("--resume")
            .count(),
        0
    );

    project.run(&["rollback", &first]);
    let newer = reprice(&project, &mut release, "97303", 90);
    assert!(![first, second].contains(&newer));
    let run = project.run(&["verify", "--rebuild"]);
    assert!(run.stdout.contains(" 0 differ"), "{}", run.stdout);
}

#[test]
fn a_rollback_needs_no_database_of_sales() {
    let (project, mut release) = small_site();
    let site = project.site();
    reprice(&project, &mut release, "97302", 120);
    for name in ["data/immostats.db", "immostats.toml", "releases"] {
        let path = project.path(name);
        if path.is_dir() {
            fs::remove_dir_all(path)
        } else {
            fs::remove_file(path)
        }
        .unwrap();
    }
    project.run(&["rollback"]);
    assert_eq!(project.site(), site);
    assert!(!project.path("data/immostats.db").exists());
    // The site is whole, and the sales are missed.
    let run = project.try_run(&["verify"]);
    for words in [
        "0 damaged, 0 missing, 0 altered, 0 unknown",
        "lacks the sales",
    ] {
        assert!(run.stdout.contains(words), "{words}: {}", run.stdout);
    }
}

#[test]
fn the_live_version_made_again_is_live_by_a_build() {
    let (project, mut release) = small_site();
    let (first, site) = (live(&project), project.site());
    let original = release.clone();
    reprice(&project, &mut release, "97302", 120);
    project.run(&["rollback"]);
    // The source takes its correction back: what is live is what the data say.
    original.import(&project);
    project.run(&["build", "--only-changed"]);
    assert_eq!((live(&project), project.site()), (first, site));
    let run = project.run(&["verify", "--rebuild"]);
    assert!(run.stdout.contains(" 0 differ"), "{}", run.stdout);
    let run = project.run(&["build", "--only-changed"]);
    assert!(!run.stdout.contains("--resume"), "{}", run.stdout);
}

#[test]
fn data_that_were_rolled_back_stay_away_whatever_else_changes() {
    let (project, mut release) = small_site();
    let (first, site) = (live(&project), project.site());
    reprice(&project, &mut release, "97302", 120);
    project.run(&["rollback"]);
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&format!("{configuration}name = \"B\"\n"));
    project.file("templates/assets/style.css", "body { margin: 0 }\n");
    for arguments in [
        &["build", "--only-changed"][..],
        &["build"],
        &["build", "--city", "97302"],
    ] {
        let run = project.run(arguments);
        assert!(run.stdout.contains("--resume"), "{}", run.stdout);
        assert!(project.site() == site);
        assert_eq!(live(&project), first);
    }
    // The same sales in a file of another day are no other sales.
    release.import_with(&project, &["--released", "2026-01-02"]);
    let run = project.run(&["build"]);
    assert!(run.stdout.contains("--resume"), "{}", run.stdout);
    assert!(project.site() == site);
    // Other data come with all that has changed; what is rolled back then is what stays away.
    let third = reprice(&project, &mut release, "97303", 90);
    assert_ne!(third, first);
    project.run(&["rollback", &first]);
    project.configure(&configuration);
    let run = project.run(&["build"]);
    assert!(run.stdout.contains("--resume"), "{}", run.stdout);
    assert_eq!(live(&project), first);
    project.run(&["build", "--resume"]);
    assert_ne!(live(&project), first);
}

#[test]
fn a_change_of_the_look_that_was_rolled_back_gives_way_to_another() {
    let (project, _) = small_site();
    let configuration = fs::read_to_string(project.path("immostats.toml")).unwrap();
    project.configure(&format!("{configuration}name = \"B\"\n"));
    project.run(&["build"]);
    project.run(&["rollback"]);
    let run = project.run(&["build"]);
    assert!(run.stdout.contains("--resume"), "{}", run.stdout);
    project.configure(&format!("{configuration}name = \"C\"\n"));
    let run = project.run(&["build"]);
    assert!(!run.stdout.contains("--resume"), "{}", run.stdout);
    let page = fs::read_to_string(project.path("site/index.html")).unwrap();
    assert!(
        page.contains(">C<") || page.contains("C</"),
        "the new name is shown"
    );
}
