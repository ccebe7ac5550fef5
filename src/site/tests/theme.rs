//! Templates of one's own.

use super::*;

#[test]
fn a_theme_replaces_templates_and_brings_assets() {
    let dir = tempfile::tempdir().unwrap();
    write(&dir.path().join("404.html"), "{% include \"part.html\" %}");
    write(
        &dir.path().join("part.html"),
        "{{ assets['fonts/a.woff2'] }}",
    );
    write(&dir.path().join("assets/fonts/a.woff2"), "a font");
    write(&dir.path().join("assets/style.css"), "body {}");
    write(&dir.path().join(".hidden.html"), "{% broken");
    write(&dir.path().join("README.md"), "{% broken");
    let files = build(&config(), &FRANCE, &atlas(), Some(dir.path()));
    let font = text(&files, "404.html");
    assert_eq!(files[&font].1, b"a font");
    assert!(font.starts_with("assets/fonts/a.") && font.ends_with(".woff2"));
    let style = files
        .keys()
        .find(|path| path.starts_with("assets/style."))
        .unwrap();
    assert_eq!(files[style].1, b"body {}");
    assert!(text(&files, "ville/83137/index.html").contains(&format!("href=\"../../{style}\"")));
}

#[test]
fn template_errors_name_their_file_and_line() {
    let dir = tempfile::tempdir().unwrap();
    let error_of = |content: &str| {
        write(&dir.path().join("404.html"), content);
        let (config, atlas) = (config(), atlas());
        let site = match Site::new(&config, &FRANCE, &atlas, Some(dir.path())) {
            Ok(site) => site,
            Err(error) => return error.to_string(),
        };
        let plan = site.plan();
        let planned = plan
            .iter()
            .find(|planned| planned.path == "404.html")
            .unwrap();
        site.render(planned).unwrap_err().to_string()
    };
    for broken in [
        "<p>\n<p>{% if %}",
        "<p>\n<p>{{ 1 | no_such_filter }}",
        "<p>\n<p>{{ page.no_such_field.x }}",
        "<p>\n<p>{{ site.name | euros }}",
    ] {
        let error = error_of(broken);
        assert!(error.contains("404.html:2:"), "{error}");
    }
    let error = error_of("{% extends \"no-such.html\" %}");
    assert!(error.contains("no-such.html"), "{error}");
}
