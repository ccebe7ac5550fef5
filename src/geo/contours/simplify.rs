//! Borders with fewer points.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::grid::GridPoint;

/// The borders without the points that change their course least. Each is taken by itself and keeps its ends, so that what
/// meets there still does. One that goes around keeps three points at least, and of two between the same ends each keeps
/// one in between: what they enclose never vanishes.
pub(super) fn borders(borders: &[Vec<GridPoint>], area: u32) -> Vec<Vec<GridPoint>> {
    let mut between: HashMap<[GridPoint; 2], u32> = HashMap::new();
    for border in borders {
        *between.entry(ends(border)).or_default() += 1;
    }
    let simplified = borders.iter().map(|border| {
        let ends = ends(border);
        let least = match ends[0] == ends[1] {
            true => 4,
            false if between[&ends] > 1 => 3,
            false => 2,
        };
        line(border, area, least)
    });
    simplified.collect()
}

/// The ends of a border, in no order.
fn ends(border: &[GridPoint]) -> [GridPoint; 2] {
    let mut ends = [border[0], border[border.len() - 1]];
    ends.sort_unstable();
    ends
}

/// Again and again the point goes whose triangle with its neighbours is the smallest, while it is smaller than an area and
/// more than so many points are left: the method of Visvalingam and Whyatt ("Line generalisation by repeated elimination of
/// points", The Cartographic Journal 30, 1993).
fn line(points: &[GridPoint], area: u32, least: usize) -> Vec<GridPoint> {
    /// What stands for a point's neighbours, or for itself once it is gone.
    #[derive(Clone, Copy)]
    struct Link {
        before: usize,
        after: usize,
        /// Twice the area of its triangle; `None` once it is gone.
        twice: Option<i64>,
    }
    let last = points.len() - 1;
    let mut links: Vec<_> = (0..points.len())
        .map(|index| Link {
            before: index.saturating_sub(1),
            after: (index + 1).min(last),
            twice: Some(i64::MAX),
        })
        .collect();
    let twice = |links: &[Link], index: usize| {
        let Link { before, after, .. } = links[index];
        let [from, at, to] = [before, index, after].map(|index| points[index].map(i64::from));
        let across = (at[0] - from[0]) * (to[1] - from[1]) - (to[0] - from[0]) * (at[1] - from[1]);
        across.abs()
    };
    let mut smallest = BinaryHeap::new();
    for index in 1..last {
        let twice = twice(&links, index);
        links[index].twice = Some(twice);
        smallest.push(Reverse((twice, index)));
    }
    let mut left = points.len();
    while let Some(Reverse((area_of, index))) = smallest.pop() {
        if left <= least || area_of >= 2 * i64::from(area) {
            break;
        }
        // Another entry of the same point is newer.
        if links[index].twice != Some(area_of) {
            continue;
        }
        let Link { before, after, .. } = links[index];
        links[index].twice = None;
        links[before].after = after;
        links[after].before = before;
        left -= 1;
        for neighbour in [before, after] {
            if (1..last).contains(&neighbour) {
                // Never less than that of a point that is gone, or a curve would melt away from one of its ends.
                let twice = twice(&links, neighbour).max(area_of);
                links[neighbour].twice = Some(twice);
                smallest.push(Reverse((twice, neighbour)));
            }
        }
    }
    let kept = points.iter().zip(&links);
    kept.filter(|(_, link)| link.twice.is_some())
        .map(|(point, _)| *point)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_triangles_go_first_and_the_ends_stay() {
        let points = [[0, 0], [10, 1], [20, 0], [30, 20], [40, 0]];
        assert_eq!(line(&points, 11, 2), [[0, 0], [20, 0], [30, 20], [40, 0]]);
        assert_eq!(line(&points, 10_000, 2), [[0, 0], [40, 0]]);
        assert_eq!(line(&points, 0, 2), points);
    }

    #[test]
    fn what_borders_enclose_never_vanishes() {
        let around = vec![[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]];
        let [below, above] = [-1, 1].map(|side| vec![[9, 9], [10, 9 + side], [11, 9]]);
        let simple = borders(&[around, below.clone(), above.clone()], u32::MAX);
        assert_eq!(simple[0].len(), 4);
        assert_eq!(simple[1..], [below, above]);
    }
}
