//! The kills at each of the program's named stopping points, one after another, and none left out.

use immostats::base::stop::StopPoint::{self, *};

use super::*;
use crate::deploy::purge;
use crate::market::{GUYANE, Release, VAR};
use crate::s3::S3;
use crate::server::Fault;
use crate::source::bench::{Bench, folder};
use crate::source::update::{mutations, publish_two_years, two_years};
use crate::stop::kill_at;
use crate::stores;
use crate::versions::{live, numbers};

/// Tests that each go through some points, and one that finds that no point is left out.
macro_rules! kills {
    ($($test:ident: $scene:ident [$($point:ident),+],)+) => {
        $(#[test]
        fn $test() {
            $scene(&[$($point),+]);
        })+

        #[test]
        fn each_point_has_its_kill() {
            let mut killed = vec![$($($point),+),+];
            killed.sort();
            killed.dedup();
            assert_eq!(killed, StopPoint::ALL);
        }
    };
}

kills! {
    killed_at_each_point_of_a_migration: migration [MigrationWritten, MigrationCommitted],
    killed_at_each_point_of_an_import: import [LockTaken, ImportBegun, ImportWritten, ImportCommitted],
    killed_at_each_point_of_a_build: build [
        LockTaken, FiguresWritten, FiguresStored, VersionWritten, VersionCommitted, CheckoutBegun, SiteFileReplaced,
        VersionFileDue, SiteFilesInPlace
    ],
    killed_at_each_point_of_a_rollback: rollback [
        CheckoutBegun, SiteFileReplaced, VersionFileDue, SiteFilesInPlace, SiteFileRemoved
    ],
    killed_at_each_point_of_a_collection: collection [VersionsDropped],
    killed_at_each_point_of_a_saved_state: state [
        StateCopied, FileWritten, StateUnpacked, StateRestored, DatabaseDue
    ],
    killed_at_each_point_of_a_restoration: restoration [StateUnpacked, StateRestored, DatabaseDue],
    killed_at_each_point_of_an_update: update [
        LockTaken, DownloadReceived, DownloadNamed, DownloadNoted, ImportCommitted, ImportNoted, FiguresStored,
        VersionCommitted, SiteFileReplaced
    ],
    killed_at_each_page_of_an_api: pages [PageNoted],
    killed_at_each_point_of_a_publication: publication [
        PublicationBegun, FileUploaded, VersionUploadDue, PublicationUploaded
    ],
    killed_at_each_point_of_a_purge: purge [PurgeQueued, PurgeAccepted],
    killed_at_each_point_of_an_export: export [GristColumnsMade, GristRowsWritten],
}

/// The times at which a point is worth a kill: some are reached many times in one run.
fn times(point: StopPoint) -> &'static [u32] {
    match point {
        SiteFileReplaced | FileUploaded => &[1, 12],
        PageNoted => &[1, 2, 3, 4],
        DatabaseDue | PurgeAccepted | GristRowsWritten => &[1, 2],
        _ => &[1],
    }
}

/// Each point with the times at which it is worth a kill.
fn moments(points: &[StopPoint]) -> impl Iterator<Item = (StopPoint, u32)> {
    let times = |&point| times(point).iter().map(move |&time| (point, time));
    points.iter().flat_map(times)
}

/// Kills a command of a project.
#[track_caller]
fn kill(project: &Project, arguments: &[&str], (point, time): (StopPoint, u32)) {
    kill_at(project.command().args(arguments), point, time);
}

fn migration(points: &[StopPoint]) {
    for database in ["immostats", "versions"] {
        for dump in stores::fixtures(database) {
            for moment in moments(points) {
                let project = Project::new(&["83"]);
                if database == "versions" {
                    stores::put(&project, &stores::fixtures("immostats")[0], "immostats");
                    project.run(&["status"]);
                }
                let path = stores::put(&project, &dump, database);
                let old = stores::schema(&path);
                kill(&project, &["build"], moment);
                let is_new = copied(&path, |connection| {
                    assert_sound(connection);
                    stores::schema_of(connection) != old
                });
                assert_eq!(is_new, Some(moment.0 == MigrationCommitted), "{dump:?}");
                project.run(&["build", "--allow-removals"]);
                project.run(&["verify"]);
                assert_ne!(stores::schema(&path), old);
            }
        }
    }
}

fn import(points: &[StopPoint]) {
    let project = Project::new(&["973"]);
    let next = first_edition(&project);
    let (base, old) = (Base::of(&project, &["data"]), sales(&project));
    let arguments = next.arguments(&project);
    let arguments = strings(&arguments);
    project.run(&arguments);
    let new = sales(&project);
    assert_ne!(old, new);
    for moment in moments(points) {
        base.restore();
        kill(&project, &arguments, moment);
        let is_committed = moment.0 >= ImportCommitted;
        assert!(
            sales(&project) == *if is_committed { &new } else { &old },
            "{moment:?}"
        );
        project.run(&arguments);
        assert!(sales(&project) == new, "{moment:?}");
        assert_tidy(&project);
    }
}

fn build(points: &[StopPoint]) {
    let project = Project::new(&["973"]);
    let next = first_edition(&project);
    project.run(&BUILD);
    let (old, old_number) = (project.site(), live(&project));
    next.import(&project);
    let base = Base::of(&project, &["data", "site"]);
    project.run(&BUILD);
    let new = project.site();
    assert!(new != old);
    for moment in moments(points) {
        base.restore();
        kill(&project, &BUILD, moment);
        assert_whole(&project, &[&old, &new]);
        let is_new = live_by_the_store(&project) != old_number;
        match moment.0 {
            // Figures are stored while the version is made.
            FiguresWritten | FiguresStored => {}
            point => assert_eq!(is_new, point >= VersionCommitted, "{moment:?}"),
        }
        assert_next_command_completes(&project, &[if is_new { &new } else { &old }]);
        project.run(&BUILD);
        assert!(project.site() == new, "{moment:?}");
        assert_tidy(&project);
        project.run(&["verify"]);
    }
    project.run(&["verify", "--rebuild"]);
}

fn rollback(points: &[StopPoint]) {
    let project = Project::new(&["973", "83"]);
    let versions = two_versions(&project);
    let states = [&versions[0].1, &versions[1].1];
    // There and back, and each time the next command is another.
    let mut target = 0;
    for moment in moments(points).chain(moments(points)) {
        let (number, site) = &versions[target];
        kill(&project, &["rollback", number], moment);
        assert_whole(&project, &states);
        assert_eq!(live_by_the_store(&project), *number, "{moment:?}");
        let next = [&["build", "--only-changed"][..], &["rollback", number]];
        project.run(next[target]);
        assert!(project.site() == *site, "{moment:?}");
        assert_eq!(live(&project), *number);
        assert_tidy(&project);
        project.run(&["verify"]);
        target = 1 - target;
    }
}

fn collection(points: &[StopPoint]) {
    let project = Project::new(&["973"]);
    let mut release = Release::of_year("973", &GUYANE, 2024, 11);
    for commune in &GUYANE[..4] {
        release.reprice(commune, 120);
        release.import(&project);
        project.run(&BUILD);
    }
    let site = project.site();
    let base = Base::of(&project, &["data", "site"]);
    let gc = ["gc", "--keep", "1"];
    project.run(&gc);
    let kept = numbers(&project);
    let size = || {
        let database = fs::metadata(project.path("data/versions.db"));
        database.unwrap().len()
    };
    let collected = size();
    for moment in moments(points) {
        base.restore();
        kill(&project, &gc, moment);
        assert_whole(&project, &[&site]);
        assert_eq!(numbers(&project), kept, "{moment:?}");
        project.run(&gc);
        assert_eq!(size(), collected, "all space is given back");
        assert_tidy(&project);
        project.run(&["verify", "--rebuild"]);
    }
}

/// The sales and the live version, as two commands tell them.
fn standing(project: &Project) -> (serde_json::Value, String) {
    let status = project.run(&["status", "--log-format", "json"]);
    (
        status.json()[0]["database"]["transactions"].clone(),
        live_by_the_store(project),
    )
}

/// Sales and versions of a saved state come together, whoever looks first.
fn restoration(points: &[StopPoint]) {
    let project = Project::new(&["973", "83"]);
    let mut release = first_edition(&project);
    project.run(&BUILD);
    let file = project.path("state.tar.zst");
    let [save, restore] = ["save", "restore"].map(|what| ["state", what, file.to_str().unwrap()]);
    let base = Base::of(&project, &["data", "site"]);
    let old = (standing(&project), project.site());
    Release::of_year("83061", &VAR[1..2], 2024, 13).import(&project);
    release.revise(14);
    release.import(&project);
    project.run(&BUILD);
    project.run(&save);
    let new = (standing(&project), project.site());
    assert!(old.0.0 != new.0.0 && old.0.1 != new.0.1);
    for moment in moments(points) {
        let (standing_now, site) = if moment.0 == StateUnpacked {
            &old
        } else {
            &new
        };
        for next in [
            &["verify", "--repair"][..],
            &["build", "--only-changed"],
            &restore,
        ] {
            base.restore();
            kill(&project, &restore, moment);
            assert_eq!(standing(&project), *standing_now, "{moment:?}");
            project.run(next);
            if next == restore {
                project.run(&["verify", "--repair"]);
                assert!(project.site() == new.1);
            } else {
                assert_eq!(standing(&project), *standing_now, "{moment:?}");
                assert!(project.site() == *site, "{moment:?}");
            }
            assert!(!project.path("data/restored").exists());
        }
        assert_tidy(&project);
        project.run(&["verify"]);
    }
}

fn state(points: &[StopPoint]) {
    let project = Project::new(&["973", "83"]);
    let versions = two_versions(&project);
    let states = [&versions[0].1, &versions[1].1];
    let file = project.path("state.tar.zst");
    let [save, restore] = ["save", "restore"].map(|what| ["state", what, file.to_str().unwrap()]);
    project.run(&save);
    let saved = fs::read(&file).unwrap();
    for moment in moments(points) {
        project.run(&["rollback", &versions[0].0]);
        if moment.0 < StateUnpacked {
            kill(&project, &save, moment);
            assert!(fs::read(&file).unwrap() == saved, "{moment:?}");
        } else {
            kill(&project, &restore, moment);
        }
        assert_whole(&project, &states);
        assert_next_command_completes(&project, &states);
        project.run(&save);
        fs::write(&file, &saved).unwrap();
        project.run(&restore);
        project.run(&BUILD);
        assert!(project.site() == versions[1].1, "{moment:?}");
        assert_tidy(&project);
    }
    project.run(&["verify", "--rebuild"]);
}

fn update(points: &[StopPoint]) {
    let reference = two_years();
    let bench = Bench::new();
    publish_two_years(&bench);
    // Each run goes on from where the one before was killed.
    for moment in moments(points) {
        if moment.0 == DownloadReceived {
            bench.server.fault(&folder("2024"), Fault::Stall(2_000));
        }
        kill_at(&mut bench.command(&["update"]), moment.0, moment.1);
        copied(&bench.project.path("data/immostats.db"), assert_sound);
        copied(&bench.project.path("data/versions.db"), assert_sound);
    }
    bench.ends(0, &["update"]);
    assert_eq!(mutations(&bench), mutations(&reference));
    assert!(bench.project.site() == reference.project.site());
    assert_eq!(bench.downloads(), reference.downloads());
    assert_tidy(&bench.project);
}

fn pages(points: &[StopPoint]) {
    for (point, time) in moments(points) {
        crate::source::pages::is_whole_after_a_kill(point, time);
    }
}

fn publication(points: &[StopPoint]) {
    for moment in moments(points) {
        let s3 = S3::start();
        let (project, _) = crate::publish::published_site(&s3);
        kill_at(&mut s3.publish(&project), moment.0, moment.1);
        let is_announced = s3.objects().contains_key("version.json");
        assert_eq!(is_announced, moment.0 == PublicationUploaded, "{moment:?}");
        assert!(s3.publish(&project).output().unwrap().status.success());
        crate::publish::assert_published(&s3, &project);
    }
}

fn purge(points: &[StopPoint]) {
    for moment in moments(points) {
        let mut bench = purge::Bench::cloudflare();
        bench.ends(0, &["purge"]);
        bench.cdn.accepted();
        let before = bench.site();
        bench.change(0);
        let after = bench.site();
        kill_at(&mut bench.command(&["purge"]), moment.0, moment.1);
        let mut accepted = bench.cdn.accepted();
        bench.ends(0, &["purge"]);
        accepted.extend(bench.cdn.accepted());
        accepted.sort();
        // What was accepted just before the kill is sent once more.
        accepted.dedup();
        assert_eq!(accepted, purge::differing(&before, &after), "{moment:?}");
        bench.ends(0, &["purge"]);
        assert_eq!(bench.cdn.accepted(), [""; 0], "{moment:?}");
    }
}

fn export(points: &[StopPoint]) {
    for (point, time) in moments(points) {
        let bench = crate::grist::Bench::new();
        bench.kill(point, time);
        bench.ends_whole();
    }
}
