//! Comparable homes: changes, indices and the estimator, on the real lines of the Val-d'Oise in five whole years.

use std::path::PathBuf;

use serde_json::Value;

use super::compare::assert_comparables;
use crate::naive::Source;
use crate::support::{Project, val_d_oise};

fn imported() -> Project {
    let project = Project::new(&["95"]);
    let files = val_d_oise();
    project.import(&files.iter().map(PathBuf::as_path).collect::<Vec<_>>());
    project.run(&["build"]);
    project
}

#[test]
fn comparable_homes_of_the_val_d_oise() {
    let project = imported();
    let files = val_d_oise();
    let sources: Vec<Source> = files.iter().map(|file| Source::read(file, "95")).collect();
    let compared = assert_comparables(&project, &sources, &[]);
    assert!(compared > 8_000, "{compared} numbers were compared");

    // What pages say.
    let site = project.site();
    let page = |path: &str| {
        let html = String::from_utf8(site[path].clone()).unwrap();
        html.replace(['\u{a0}', '\u{202f}'], " ")
    };
    let departement = page("departement/95/index.html");
    assert!(departement.contains(
        "<dt>Sur quatre ans<dd><b class=\"change\">−2,6 %</b> <small>entre −3,7 et −1,5 %</small>"
    ));
    let villiers = page("ville/95680/index.html");
    assert!(villiers.contains("rien n’indique que la commune s’en écarte"));
    assert!(!villiers.contains("−19,6 %"));
    assert!(
        page("methodologie/index.html")
            .contains("Maisons : parmi les 5 703 ventes de 2025, 79 % étaient dans la fourchette.")
    );

    // What is published is enough for an answer, which the command gives.
    let ask = |arguments: &[&str]| -> Value {
        let home = ["--json", "estimate", "--commune", "95127", "--type"];
        let run = project.run(&[&home, arguments].concat());
        run.json().remove(0)
    };
    let house = ask(&["maison", "--surface", "95", "--rooms", "5"]);
    assert_eq!(house["price"], 320_000);
    assert_eq!(house["eight_of_ten"], serde_json::json!([240_000, 380_000]));
    assert_eq!(house["section"], false);
    let words = project.run(&[
        "estimate",
        "--commune",
        "95127",
        "--type",
        "maison",
        "--surface",
        "95",
        "--rooms",
        "5",
    ]);
    assert!(
        words
            .stdout
            .contains("eight sales in ten between 240,000 and 380,000 €"),
        "{}",
        words.stdout
    );
    let larger = ask(&[
        "maison",
        "--surface",
        "95",
        "--rooms",
        "5",
        "--land",
        "2000",
    ]);
    assert!(larger["price"].as_u64() > house["price"].as_u64());
    let dear = ask(&[
        "appartement",
        "--surface",
        "60",
        "--rooms",
        "3",
        "--section",
        "000BA",
    ]);
    assert_eq!(dear["section"], true);
    for (arguments, told) in [
        (["95127", "maison", "301"], "houses of 30 to 300 m² only"),
        (["95127", "appartement", "11"], "flats of 12 to 250 m² only"),
        (
            ["33063", "maison", "95"],
            "the site has no data of commune 33063",
        ),
        (["../95", "maison", "95"], "the site has no data of commune"),
    ] {
        let [commune, kind, surface] = arguments;
        let run = project.try_run(&[
            "estimate",
            "--commune",
            commune,
            "--type",
            kind,
            "--surface",
            surface,
            "--rooms",
            "4",
        ]);
        assert_eq!(run.code, 1);
        assert!(run.stderr.contains(told), "{}", run.stderr);
    }

    // What cannot be asked is told as what it is.
    for (asked, told) in [
        (
            ["--type", "appartement", "--land", "300"],
            "the land of a house",
        ),
        (["--type", "maison", "--section", "AH"], "as in 000AB"),
    ] {
        let home = [
            "estimate",
            "--commune",
            "95127",
            "--surface",
            "95",
            "--rooms",
            "4",
        ];
        let run = project.try_run(&[&home[..], &asked].concat());
        assert!(run.code == 1 && run.stderr.contains(told), "{}", run.stderr);
    }

    // No number that binds to these files is missed.
    let check = project.run(&["method", "check"]).stdout;
    assert!(!check.contains("MISSED"), "{check}");
    assert_eq!(check.matches("the Val-d'Oise").count(), 16, "{check}");
}
