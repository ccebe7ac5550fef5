//! Acts over several communes, of which the file of each commune holds a part with the price of the whole.

use std::collections::BTreeMap;

use rusqlite::types::Value;

use super::{file_of, flat};
use crate::material::rows;
use crate::support::{Project, lines, sample};

/// The sales that the database holds, by what makes them.
fn sales(project: &Project) -> Vec<Vec<Value>> {
    rows(
        project,
        "SELECT commune, date_mutation, type_local, prix, surface_reelle, pieces, lat, lon FROM ventes ORDER BY 1, 2, 3, 4, 5, 6, 7, 8",
    )
}

/// The communes of the sales.
fn communes(project: &Project) -> Vec<String> {
    let text = |row: Vec<Value>| match &row[0] {
        Value::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    };
    let rows = rows(project, "SELECT commune FROM ventes ORDER BY commune, prix");
    rows.into_iter().map(text).collect()
}

#[test]
fn the_files_of_the_communes_hold_the_sales_of_the_file_of_their_departement() {
    let whole = sample("95-valdoise-2024.csv.gz");
    let departement = Project::new(&["95"]);
    departement.import(&[&whole]);

    let parts = Project::new(&["95"]);
    let mut files = BTreeMap::<String, Vec<String>>::new();
    for line in lines(&whole).into_iter().skip(1) {
        // No cell before it holds a comma.
        let commune = line.split(',').nth(10).unwrap().to_owned();
        files.entry(commune).or_default().push(line);
    }
    let mut names = Vec::new();
    for (commune, lines) in files {
        names.push(file_of(&parts, &format!("{commune}.csv"), &lines));
    }
    // The files of the communes from the last to the first, then half of them again.
    names.reverse();
    let again: Vec<_> = names.iter().step_by(2).cloned().collect();
    let import = |names: &[String]| {
        let names = names.iter().map(String::as_str);
        parts.run(&std::iter::once("import").chain(names).collect::<Vec<_>>())
    };
    import(&names);
    assert_eq!(sales(&parts).len(), 10_939);
    assert!(sales(&parts) == sales(&departement));
    let run = import(&again);
    assert_eq!(run.stdout.matches("nothing changed").count(), again.len());
    assert!(sales(&parts) == sales(&departement));

    // The whole file takes the place of all of them.
    parts.import(&[&whole]);
    assert!(sales(&parts) == sales(&departement));
}

const HYERES: &str = "83069";
const TOULON: &str = "83137";

/// A file of Hyères or Toulon: a sale of its own at 200,000 €, then a home at 150,000 € under a number.
fn part(project: &Project, commune: &str, number: u32, price: u32) -> String {
    let own = number + if commune == HYERES { 5_000 } else { 6_000 };
    // Another number makes no other content.
    let numbered = |number: u32, line: String| format!("{number}{}", &line[1..]);
    let file = [
        numbered(own, flat(1, "2024-03-08", commune, 200_000)),
        numbered(number, flat(2, "2024-03-07", commune, price)),
    ];
    file_of(project, &format!("{commune}.csv"), &file)
}

#[test]
fn parts_of_one_act_are_no_sales_while_they_are_parts_of_one() {
    let project = Project::new(&["83"]);
    let import = |file: &str| {
        project
            .run(&["--log-format", "json", "import", "--force", file])
            .json()[0]
            .clone()
    };
    import(&part(&project, HYERES, 1_007, 150_000));
    assert_eq!(communes(&project), [HYERES, HYERES]);
    let report = import(&part(&project, TOULON, 1_007, 150_000));
    assert_eq!(report["settled_sales"], 2);
    let year = &report["years"][0];
    assert_eq!(
        (&year["sales_added"], &year["sales_removed"]),
        (&1.into(), &1.into())
    );
    assert_eq!(communes(&project), [HYERES, TOULON]);
    let news = |commune: &str| {
        let query = format!(
            "SELECT ventes_ajoutees, ventes_retirees, ventes_corrigees FROM changes WHERE commune = '{commune}' ORDER BY batch_id DESC LIMIT 1"
        );
        rows(&project, &query).remove(0)
    };
    assert_eq!(news(TOULON), [1, 0, 0].map(Value::Integer));
    assert_eq!(news(HYERES), [0, 1, 0].map(Value::Integer));
    project.run(&["build"]);
    project.run(&["verify", "--rebuild"]);

    // Nothing new in either: nothing changes, in whichever order they come.
    for commune in [HYERES, TOULON, HYERES] {
        let report = import(&part(&project, commune, 1_007, 150_000));
        assert_eq!(report["unchanged"], true, "{report}");
    }

    // A new edition numbers anew; until that of the other commune is there, too, nothing tells that they are parts.
    let report = import(&part(&project, TOULON, 2_031, 150_000));
    assert_eq!(
        (&report["settled_sales"], &report["unchanged"]),
        (&2.into(), &false.into())
    );
    assert_eq!(communes(&project), [HYERES, HYERES, TOULON, TOULON]);
    import(&part(&project, HYERES, 2_031, 150_000));
    assert_eq!(communes(&project), [HYERES, TOULON]);

    // Another price, another act; and the correction is one.
    import(&part(&project, HYERES, 2_031, 160_000));
    assert_eq!(communes(&project), [HYERES, HYERES, TOULON, TOULON]);
    import(&part(&project, HYERES, 2_031, 150_000));
    assert_eq!(communes(&project), [HYERES, TOULON]);
    assert_eq!(news(HYERES), [0, 1, 0].map(Value::Integer));

    // The file of the département has the act as a whole.
    let whole = [
        flat(1, "2024-03-08", HYERES, 200_000),
        flat(2, "2024-03-07", HYERES, 150_000),
        flat(2, "2024-03-07", TOULON, 150_000),
        flat(3, "2024-03-08", TOULON, 200_000),
    ];
    import(&file_of(&project, "83.csv", &whole));
    assert_eq!(communes(&project), [HYERES, TOULON]);
    project.run(&["build"]);
    project.run(&["verify", "--rebuild"]);
}

#[test]
fn sales_that_share_a_number_of_the_new_chain_are_sales() {
    // Lines in the order of date and price: nothing tells that a number is one act's.
    let project = Project::new(&["83"]);
    for (number, commune) in [(1, HYERES), (2, TOULON)] {
        let file = [
            flat(1_007, "2024-03-07", commune, 150_000),
            flat(5_000 + number, "2024-03-08", commune, 200_000 + number),
        ];
        project.run(&[
            "import",
            &file_of(&project, &format!("{commune}.csv"), &file),
        ]);
    }
    assert_eq!(communes(&project), [HYERES, HYERES, TOULON, TOULON]);
}
