//! What is written to rows, in requests that Grist takes.

use serde_json::Value;

/// Bytes of a request's body: Grist takes 1 MB.
const LARGEST: usize = 900_000;

/// What is done to rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doing {
    Remove,
    Change,
    Add,
}

/// What is written to one row.
#[derive(Clone, Debug)]
pub(super) struct Write {
    /// The commune's code.
    pub code: String,
    /// The number of the row, where it is there.
    pub row: Option<i64>,
    /// What stands for it in the body of a request.
    pub element: Value,
}

/// The body of a request.
pub(super) fn body(doing: Doing, writes: &[Write]) -> String {
    let elements = writes.iter().map(|write| write.element.to_string());
    let elements = elements.collect::<Vec<_>>().join(",");
    match doing {
        Doing::Remove => format!("[{elements}]"),
        Doing::Change | Doing::Add => format!("{{\"records\":[{elements}]}}"),
    }
}

/// What is to be written, a request each: up to so many records, and not too large a body.
pub(super) fn batches(writes: Vec<Write>, records: usize) -> Vec<Vec<Write>> {
    let mut batches = Vec::new();
    let (mut batch, mut size) = (Vec::new(), 0);
    for write in writes {
        let length = write.element.to_string().len() + 1;
        let is_full = batch.len() == records || size + length > LARGEST;
        if is_full && !batch.is_empty() {
            batches.push(std::mem::take(&mut batch));
            size = 0;
        }
        size += length;
        batch.push(write);
    }
    if !batch.is_empty() {
        batches.push(batch);
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writes(count: usize, bytes: usize) -> Vec<Write> {
        let write = |number: usize| Write {
            code: number.to_string(),
            row: None,
            element: "x".repeat(bytes).into(),
        };
        (0..count).map(write).collect()
    }

    #[test]
    fn no_request_is_too_large() {
        let sizes = |count, bytes| {
            let batches = batches(writes(count, bytes), 500);
            assert!(
                batches
                    .iter()
                    .all(|batch| body(Doing::Add, batch).len() <= LARGEST + 20)
            );
            batches.iter().map(Vec::len).collect::<Vec<_>>()
        };
        assert_eq!(sizes(1200, 10), [500, 500, 200]);
        assert_eq!(sizes(5, 400_000), [2, 2, 1]);
        assert_eq!(sizes(0, 10), [0; 0]);
        // One that is too large by itself is sent by itself.
        assert_eq!(batches(writes(2, 1_000_000), 500).len(), 2);
    }
}
