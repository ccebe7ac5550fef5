//! Which charts and maps look different in two versions, as pictures.

use std::path::Path;

use serde::Serialize;

use super::failure::Failure;
use super::project::Project;
use crate::files;
use crate::site::{DrawingStyle, apart, drawings, has_drawings, side_by_side};

/// Drawings that are drawn and listed.
const LISTED: usize = 24;

/// How the drawings of two versions differ.
#[derive(Debug, Default, Serialize)]
pub struct DrawingsDifference {
    /// Number of the older version.
    pub from: String,
    /// Number of the newer one.
    pub to: String,
    /// Drawings of the files that changed.
    pub compared: usize,
    /// Drawings that are not the same.
    pub changed: usize,
    /// The drawings that differ most.
    pub largest: Vec<ChangedDrawing>,
}

/// A drawing that is not the same in both versions.
#[derive(Debug, Serialize)]
pub struct ChangedDrawing {
    /// The file that it is in.
    pub path: String,
    /// Its number in the file, from 1.
    pub number: usize,
    /// The share of its pixels that differ, per cent.
    pub percent: f64,
    /// The picture of both, older left.
    pub picture: String,
}

/// Compares all drawings of two versions, named by their numbers or `previous`, and writes pictures of those that differ most to
/// a folder, the older left.
///
/// # Errors
/// When there is no such version, a content is damaged, or the folder cannot be written to.
pub fn compare_drawings(
    project: &Project,
    from: &str,
    to: &str,
    folder: &Path,
) -> Result<DrawingsDifference, Failure> {
    let store = project.store()?;
    let style = |version| -> Result<DrawingStyle, Failure> {
        let sheet = store.first_of(version, "assets/style.")?;
        Ok(DrawingStyle::new(&String::from_utf8_lossy(
            &sheet.unwrap_or_default(),
        )))
    };
    let (old_style, new_style) = (style(from)?, style(to)?);
    let mut difference = DrawingsDifference::default();
    let mut changed = Vec::new();
    let names = store.changed_contents(from, to, &has_drawings, &mut |path, before, after| {
        let (before, after) = (
            String::from_utf8_lossy(before),
            String::from_utf8_lossy(after),
        );
        let pairs = drawings(&before).into_iter().zip(drawings(&after));
        for (number, (before, after)) in (1..).zip(pairs) {
            difference.compared += 1;
            if before != after {
                difference.changed += 1;
                changed.push((
                    apart(before, after),
                    path.to_owned(),
                    number,
                    [before, after].map(str::to_owned),
                ));
            }
        }
        // A national site has more of them than anybody needs.
        if changed.len() > 100 * LISTED {
            keep_largest(&mut changed);
        }
    })?;
    (difference.from, difference.to) = names;
    keep_largest(&mut changed);
    for (_, path, number, [before, after]) in changed {
        let (png, share) = side_by_side((&before, &old_style), (&after, &new_style))?;
        let name = format!(
            "{}-{number}.png",
            path.trim_end_matches("/index.html").replace('/', "-")
        );
        files::write(&folder.join(&name), &png)?;
        difference.largest.push(ChangedDrawing {
            path,
            number,
            percent: (share * 1_000.0).round() / 10.0,
            picture: name,
        });
    }
    difference.largest.sort_by(|a, b| {
        b.percent
            .total_cmp(&a.percent)
            .then(a.picture.cmp(&b.picture))
    });
    Ok(difference)
}

type Changed = (f64, String, usize, [String; 2]);

fn keep_largest(changed: &mut Vec<Changed>) {
    changed.sort_by(|a, b| {
        b.0.total_cmp(&a.0)
            .then_with(|| (&a.1, a.2).cmp(&(&b.1, b.2)))
    });
    changed.truncate(LISTED);
}
