//! Requests within a rate.

use std::time::Duration;

use tokio::time::Instant;

/// Keeps requests within a rate: a bucket of tokens that fills steadily, as the services count themselves.
pub struct Pace {
    /// Tokens a second.
    rate: f64,
    /// What the bucket holds.
    burst: f64,
    tokens: f64,
    /// When it was last filled; `None` until the first answer: a server counts from when the first request reached it.
    filled: Option<Instant>,
}

impl Pace {
    /// A full bucket.
    pub fn new(rate: f64, burst: f64) -> Self {
        Self {
            rate,
            burst,
            tokens: burst,
            filled: None,
        }
    }

    /// Waits until there are `count` tokens, or a full bucket, and takes them.
    pub async fn take(&mut self, count: usize) {
        let count = (count as f64).min(self.burst);
        self.fill();
        if self.tokens < count {
            tokio::time::sleep(Duration::from_secs_f64((count - self.tokens) / self.rate)).await;
            self.fill();
        }
        self.tokens -= count;
    }

    /// Tells that a request was answered.
    pub fn answered(&mut self) {
        self.filled.get_or_insert_with(Instant::now);
    }

    fn fill(&mut self) {
        if let Some(filled) = &mut self.filled {
            let now = Instant::now();
            let gained = now.duration_since(*filled).as_secs_f64() * self.rate;
            self.tokens = (self.tokens + gained).min(self.burst);
            *filled = now;
        }
    }
}
