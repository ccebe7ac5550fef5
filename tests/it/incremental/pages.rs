//! Which pages a change reaches: those that show it, all of them and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::SystemTime;

use super::differences;
use crate::market::{GUYANE, Release, VAR, small_site};
use crate::support::Project;

/// When each file of the site was last written.
fn times(project: &Project) -> BTreeMap<String, SystemTime> {
    let site = project.path("site");
    let time = |path: &String| fs::metadata(site.join(path)).unwrap().modified().unwrap();
    project
        .site()
        .into_keys()
        .map(|path| (path.clone(), time(&path)))
        .collect()
}

/// The files that a build wrote, proven to be those whose bytes differ.
fn written(project: &Project, change: impl FnOnce()) -> BTreeSet<String> {
    let (before, times_before) = (project.site(), times(project));
    change();
    project.run(&["build", "--only-changed"]);
    let times_after = times(project);
    let written: BTreeSet<String> = times_after
        .iter()
        .filter(|(path, time)| times_before.get(*path) != Some(*time))
        .map(|(path, _)| path.clone())
        .collect();
    let site = project.site();
    let differ = differences(&before, &site);
    assert_eq!(
        written,
        differ
            .into_iter()
            .filter(|path| site.contains_key(path))
            .collect()
    );
    written
}

#[test]
fn a_change_rewrites_only_the_pages_that_show_it() {
    let (project, mut release) = small_site();
    // The dearest house of Mana: no median moves, the mean and the sales of Mana do.
    let mana = "97306";
    let written = written(&project, || {
        let dearest = release
            .lines
            .iter_mut()
            .filter(|line| line.contains(",97306,") && line.contains(",Maison,"))
            .max_by_key(|line| line.split(',').nth(4).unwrap().parse::<u64>().unwrap())
            .unwrap();
        let price = dearest.split(',').nth(4).unwrap().to_owned();
        *dearest = dearest.replace(
            &format!(",{price},"),
            &format!(",{},", price.parse::<u64>().unwrap() * 2),
        );
        release.import(&project);
    });
    let expected = [
        "data/departement/973.json",
        "data/epci/249730037.json",
        "data/france.json",
        "data/region/03.json",
        "data/villes/97306.json",
        "departement/973/index.html",
        "epci/249730037/index.html",
        "france/index.html",
        "images/973.png",
        "region/03/index.html",
        "ville/97306/index.html",
    ];
    assert!(written.contains("data/villes/97306.json"), "{written:?}");
    let others: Vec<_> = written
        .iter()
        .filter(|path| !expected.contains(&path.as_str()))
        .collect();
    assert!(others.is_empty(), "{mana} alone changed: {others:?}");
}

#[test]
fn a_median_of_the_departement_reaches_the_pages_of_its_communes() {
    let (project, mut release) = small_site();
    let page =
        |project: &Project, path: &str| String::from_utf8(project.site()[path].clone()).unwrap();
    let before = page(&project, "ville/97307/index.html");
    let written = written(&project, || {
        for commune in &GUYANE[..5] {
            release.reprice(commune, 150);
        }
        release.import(&project);
    });
    // Matoury's own sales are as they were: its page shows the département's median beside its own.
    assert!(written.contains("ville/97307/index.html"), "{written:?}");
    let after = page(&project, "ville/97307/index.html");
    let beside = |page: &str| {
        let (_, fact) = page.split_once("<dt>Face à la Guyane<dd>").unwrap();
        fact.split("</div>").next().unwrap().to_owned()
    };
    assert_ne!(beside(&before), beside(&after));
}

#[test]
fn a_commune_whose_sales_are_withdrawn_leaves_no_trace() {
    let (project, mut release) = small_site();
    let before = project.json("data/villes/97303.json");
    assert_eq!(before["metadata"]["total_transactions"], 36);
    release.withdraw("97303");
    release.import(&project);
    project.run(&["build", "--only-changed"]);
    assert_eq!(
        project.json("data/villes/97303.json")["metadata"]["total_transactions"],
        0
    );
    let afresh = Project::new(&["973", "83"]);
    release.import(&afresh);
    Release::of_year("83061", &VAR[1..2], 2024, 6).import(&afresh);
    afresh.run(&["build"]);
    assert_eq!(
        differences(&project.site(), &afresh.site()),
        BTreeSet::new()
    );
    project.run(&["verify", "--rebuild"]);
}
