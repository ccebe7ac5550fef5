//! Where labels have room: on the narrowest screen none lies over another, and on wider ones they only move apart.

use super::{CHARACTER, NARROWEST};

/// Height of the letters that [`super::CHARACTER`] is of, in pixels.
pub(super) const SMALL: f64 = 13.0;

/// Height of the letters of the values that a drawing names.
pub(super) const LARGE: f64 = 15.0;

/// Where a label over a point begins and ends, in hundredths of the narrowest width: within the drawing at both ends, unless it is
/// longer than that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span {
    pub from: f64,
    pub to: f64,
    /// What of it stands at [`Span::x`].
    pub anchor: &'static str,
}

impl Span {
    /// Of so many small characters over a point.
    pub(super) fn over(at: f64, characters: usize) -> Self {
        let width = characters as f64 * CHARACTER / NARROWEST * 100.0;
        let (from, anchor) = if at < width / 2.0 {
            (at.min(100.0 - width).max(0.0), "start")
        } else if at > 100.0 - width / 2.0 {
            ((at - width).max(0.0), "end")
        } else {
            (at - width / 2.0, "middle")
        };
        Self {
            from,
            to: from + width,
            anchor,
        }
    }

    /// Where it is anchored.
    pub(super) fn x(self) -> f64 {
        match self.anchor {
            "start" => self.from,
            "end" => self.to,
            _ => f64::midpoint(self.from, self.to),
        }
    }
}

/// The area of a text, in pixels of the narrowest drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Area {
    /// Of so many characters of a size, anchored at a hundredth of the width, upon a line.
    pub(super) fn of(characters: usize, size: f64, x: f64, anchor: &str, line: f64) -> Self {
        let width = characters as f64 * CHARACTER * size / SMALL;
        let at = x / 100.0 * NARROWEST;
        let left = match anchor {
            "end" => at - width,
            "middle" => at - width / 2.0,
            _ => at,
        };
        Self {
            left,
            right: left + width,
            top: line - 0.8 * size,
            bottom: line + 0.2 * size,
        }
    }

    pub(super) fn overlaps(self, other: Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    /// Some places from its left to its right end, in hundredths of the width.
    pub(super) fn columns(self) -> impl Iterator<Item = f64> {
        const STEPS: u8 = 6;
        let width = self.right - self.left;
        (0..=STEPS).map(move |step| {
            (self.left + width * f64::from(step) / f64::from(STEPS)) / NARROWEST * 100.0
        })
    }

    /// Whether it lies at a height.
    pub(super) fn holds(self, y: f64) -> bool {
        (self.top..=self.bottom).contains(&y)
    }

    /// Where it ends, in hundredths of the width.
    pub(super) fn end(self) -> f64 {
        self.right / NARROWEST * 100.0
    }
}

/// The labels that stand in a drawing.
#[derive(Default)]
pub(super) struct Labels(Vec<Area>);

impl Labels {
    /// Keeps the area of a label that stands.
    pub(super) fn keep(&mut self, area: Area) {
        self.0.push(area);
    }

    /// Keeps the area of a label and says so, unless another lies there or touches it.
    pub(super) fn take(&mut self, area: Area) -> bool {
        let around = Area {
            left: area.left - 1.0,
            right: area.right + 1.0,
            top: area.top - 1.0,
            bottom: area.bottom + 1.0,
        };
        let is_free = !self.0.iter().any(|other| other.overlaps(around));
        if is_free {
            self.keep(area);
        }
        is_free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_stay_within() {
        for characters in 1..35 {
            for at in 0..=100 {
                let span = Span::over(at.into(), characters);
                assert!(span.from >= 0.0 && span.to <= 100.0 + 1e-9, "{span:?}");
            }
        }
        assert_eq!(Span::over(50.0, 10).anchor, "middle");
        assert_eq!(Span::over(0.0, 10).x(), 0.0);
        assert_eq!(Span::over(100.0, 10).x(), 100.0);
    }
}
