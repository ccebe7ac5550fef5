//! What is told of settings and templates that are most likely not what was meant.

use super::*;

fn remarks(config: &Config, templates: Option<&Path>) -> Vec<String> {
    let atlas = atlas();
    Site::new(config, &FRANCE, &atlas, templates)
        .unwrap()
        .remarks()
}

#[test]
fn a_note_that_is_shown_nowhere_is_told_of() {
    let on = |territory: &str| {
        let mut config = config();
        config.notes.push(Note {
            territory: territory.into(),
            partial_years: Vec::new(),
            text: "Une remarque.".into(),
        });
        remarks(&config, None).join("\n")
    };
    for known in ["FR", "83", "83137", "69381", "248300543", "976"] {
        assert_eq!(on(known), "", "{known}");
    }
    assert!(on("99999").contains("on 99999, which is no commune, EPCI or département"));
    assert!(on("083").contains("on 083, which is no"));
    assert!(on("57094").contains("on 57094, which is a part of Metz (57463) today"));
    let mut elsewhere = config();
    elsewhere.site.departements = vec!["83".into()];
    elsewhere.notes.push(Note {
        territory: "69381".into(),
        partial_years: Vec::new(),
        text: "Une remarque.".into(),
    });
    let told = remarks(&elsewhere, None).join("\n");
    assert!(
        told.contains("on 69381 (Lyon 1er Arrondissement), which has no page"),
        "{told}"
    );
}

#[test]
fn a_departement_without_sales_is_told_of() {
    let mut chosen = config();
    chosen.site.departements = ["83", "57", "69"].map(str::to_owned).to_vec();
    assert!(remarks(&chosen, None).is_empty(), "57 says why it has none");
    let atlas = Atlas::default();
    let site = Site::new(&chosen, &FRANCE, &atlas, None).unwrap();
    let told = site.remarks();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("site.departements names 83, of which no sale was imported"));
}

#[test]
fn a_template_that_nothing_uses_is_told_of() {
    let told = |name: &str| {
        let dir = tempfile::tempdir().unwrap();
        for (used, text) in [
            ("404.html", "{% include \"part.html\" %}{{ <own /> }}"),
            ("part.html", "a"),
            ("own.html", "{% component own() %}b{% endcomponent own %}"),
            ("assets/photo.jpg", "c"),
            ("README.md", "d"),
            (".draft.html", "e"),
            (name, "f"),
        ] {
            write(&dir.path().join(used), text);
        }
        remarks(&config(), Some(dir.path())).join("\n")
    };
    assert_eq!(told("assets/style.css"), "");
    for (name, near) in [
        ("comune.html", "commune.html"),
        ("style.css", "assets/style.css"),
        ("commune.htm", "commune.html"),
        ("block/answer.html", "block/answers.html"),
    ] {
        let told = told(name);
        assert!(
            told.starts_with(&format!("templates/{name} is not used")),
            "{told}"
        );
        assert!(told.ends_with(&format!("; did you mean {near}?")), "{told}");
    }
    assert!(!told("xyz.xml").contains("did you mean"));
}

#[test]
fn an_empty_template_in_the_place_of_one_of_ours_is_refused() {
    for (name, content) in [
        ("commune.html", ""),
        ("block/news.html", " \n"),
        ("sitemap.xml", ""),
        ("404.html", "\u{feff}\u{a0}{#- Nothing yet, {% if %} -#}\n"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        write(&dir.path().join(name), content);
        let (config, atlas) = (config(), atlas());
        let error = Site::new(&config, &FRANCE, &atlas, Some(dir.path()))
            .err()
            .expect("refused");
        assert!(
            error
                .to_string()
                .contains(&format!("templates/{name} is empty")),
            "{error}"
        );
    }
    let dir = tempfile::tempdir().unwrap();
    write(&dir.path().join("part.html"), "");
    write(&dir.path().join("404.html"), "{% include \"part.html\" %}");
    assert!(remarks(&config(), Some(dir.path())).is_empty());
}
