//! Links in a project's folder: nothing outside of it is published or written.

use std::fs;
use std::os::unix::fs::symlink;

use crate::market::small_site;
use crate::support::tree;

#[test]
fn a_link_among_the_templates_publishes_nothing() {
    let (project, _) = small_site();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.txt"), "HUNTER2").unwrap();
    fs::create_dir_all(project.path("templates/assets")).unwrap();
    for (link, to) in [
        ("templates/assets/e.txt", outside.path().join("secret.txt")),
        ("templates/assets/more", outside.path().into()),
    ] {
        symlink(to, project.path(link)).unwrap();
        let run = project.try_run(&["build"]);
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert!(
            run.stderr.contains("is a link") && run.stderr.contains("put a copy"),
            "{}",
            run.stderr
        );
        assert!(
            !tree(&project.path("site"))
                .values()
                .any(|bytes| bytes == b"HUNTER2")
        );
        fs::remove_file(project.path(link)).unwrap();
    }
    project.run(&["build"]);
}

#[test]
fn a_link_in_the_site_is_not_written_through() {
    let (project, _) = small_site();
    let outside = tempfile::tempdir().unwrap();
    fs::rename(project.path("site/ville"), outside.path().join("old")).unwrap();
    let victim = outside.path().join("victim");
    fs::create_dir(&victim).unwrap();
    symlink(&victim, project.path("site/ville")).unwrap();
    let run = project.try_run(&["build"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("ville is a link, and links are not followed; remove it"),
        "{}",
        run.stderr
    );
    assert_eq!(fs::read_dir(&victim).unwrap().count(), 0);
    fs::remove_file(project.path("site/ville")).unwrap();
    project.run(&["build"]);
    assert!(project.path("site/ville/97302/index.html").exists());
}

#[test]
fn a_lock_that_is_a_link_is_left_alone() {
    let (project, _) = small_site();
    let target = project.file("target", "precious");
    fs::remove_file(project.path("data/lock")).unwrap();
    symlink(&target, project.path("data/lock")).unwrap();
    let run = project.try_run(&["build"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("lock is a link, and links are not followed"),
        "{}",
        run.stderr
    );
    assert_eq!(fs::read(&target).unwrap(), b"precious");
    // A folder for the data on another disk is what its owner chose.
    let disk = tempfile::tempdir().unwrap();
    fs::remove_file(project.path("data/lock")).unwrap();
    fs::rename(project.path("data"), disk.path().join("data")).unwrap_or_else(|_| {
        panic!("the folders of tests are on one disk");
    });
    symlink(disk.path().join("data"), project.path("data")).unwrap();
    project.run(&["build"]);
}
