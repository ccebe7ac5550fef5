//! Pseudo-random numbers that are the same on every machine: integers and the four operations only, no mathematical library.

/// A stream of pseudo-random numbers (SplitMix64, Steele, Lea and Flood, 2014).
pub(super) struct Random(u64);

/// The output function of SplitMix64: spreads a number over 64 bits.
pub(super) fn mix(value: u64) -> u64 {
    let mut mixed = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A number that stands for `numbers` and `text` together.
pub(super) fn hash(numbers: &[u64], text: &str) -> u64 {
    let words = numbers.iter().copied();
    let bytes = text.bytes().map(u64::from);
    words
        .chain(bytes)
        .fold(0, |state, word| mix(state ^ word).rotate_left(5))
}

/// e to the power of `x`, for `x` between -4 and 4, to one per cent.
pub(super) fn exp(x: f64) -> f64 {
    let mut power = 1.0 + x / 1024.0;
    for _ in 0..10 {
        power *= power;
    }
    power
}

/// The probabilities that a table of [`Random::quantile`] gives values for.
const PROBABILITIES: [f64; 9] = [0.0, 0.01, 0.10, 0.25, 0.50, 0.75, 0.90, 0.99, 1.0];

impl Random {
    /// The stream that `seed` stands for.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number from 0 to `bound` - 1, `bound` being at least 1.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        (((self.next() >> 32) * u64::from(bound)) >> 32) as u32
    }

    /// A number in [0, 1).
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// True with the given probability.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// The place of one of `weights`, each drawn as often as it weighs.
    pub(super) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut rest = self.unit() * weights.iter().sum::<f64>();
        for (place, weight) in weights.iter().enumerate() {
            rest -= weight;
            if rest < 0.0 {
                return place;
            }
        }
        weights.len() - 1
    }

    /// Near enough to a standard normal law: the sum of four uniform numbers, hence never beyond 3.5.
    pub(super) fn normal(&mut self) -> f64 {
        let bits = self.next();
        let sum: u64 = (0..4).map(|part| (bits >> (16 * part)) & 0xffff).sum();
        (sum as f64 / 65_536.0 - 2.0) * 1.732_050_8
    }

    /// A value of the law whose minimum, 1st, 10th, 25th, 50th, 75th, 90th, 99th percentiles and maximum are `table`.
    pub(super) fn quantile(&mut self, table: &[f64; 9]) -> f64 {
        let at = self.unit();
        let above = PROBABILITIES
            .iter()
            .position(|probability| at < *probability)
            .unwrap_or(8);
        let (low, high) = (PROBABILITIES[above - 1], PROBABILITIES[above]);
        table[above - 1] + (table[above] - table[above - 1]) * (at - low) / (high - low)
    }
}
