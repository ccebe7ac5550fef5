//! A département's file of a year that was cut near its end: in the middle of a line, and after one.

use std::fs;

use crate::support::{Project, lines, val_d_oise};

#[test]
fn the_val_d_oise_cut_at_97_in_a_hundred_is_refused() {
    let project = Project::new(&["95"]);
    let [.., whole] = val_d_oise();
    project.import(&[&whole]);
    let text = lines(&whole).join("\n") + "\n";
    // The next byte that is within a line, and the end of the line before it.
    let within = (text.len() * 97 / 100..)
        .find(|&at| text.is_char_boundary(at) && !text[..at].ends_with('\n'))
        .unwrap();
    let after = text[..within].rfind('\n').unwrap() + 1;
    let last = text[..within].matches('\n').count() + 1;
    for (end, told) in [
        (
            within,
            format!("line {last}: the file ends in the middle of it; it was cut"),
        ),
        (
            after,
            "in no commune and half-year, and 162 of 15812 less: it looks like a file that was cut"
                .to_owned(),
        ),
    ] {
        let file = project.path("95-2025.csv");
        fs::write(&file, &text[..end]).unwrap();
        let run = project.try_run(&["import", file.to_str().unwrap()]);
        assert_eq!(run.code, 3, "{}", run.stdout);
        assert!(run.stderr.contains(&told), "{}", run.stderr);
    }
    // What was known is what is known.
    let again = project.import(&[&whole]).stdout;
    assert!(again.contains("nothing changed"), "{again}");
}
