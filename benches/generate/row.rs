//! A line of a file, field by field. `write!` would take longer than compressing the line.

/// Appends fields to a line, each with its separator before it.
pub(super) struct Row<'o> {
    out: &'o mut Vec<u8>,
    separator: u8,
}

impl<'o> Row<'o> {
    pub(super) fn new(out: &'o mut Vec<u8>, separator: u8) -> Self {
        Self { out, separator }
    }

    pub(super) fn blank(&mut self, fields: usize) {
        for _ in 0..fields {
            self.out.push(self.separator);
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        self.blank(1);
        self.more(text);
    }

    pub(super) fn texts(&mut self, texts: &[&str]) {
        for text in texts {
            self.text(text);
        }
    }

    /// A number of at least `width` digits.
    pub(super) fn number(&mut self, value: u64, width: usize) {
        self.blank(1);
        self.more_digits(value, width);
    }

    /// A number, or a blank for 0.
    pub(super) fn known(&mut self, value: u64) {
        self.blank(1);
        if value > 0 {
            self.more_digits(value, 1);
        }
    }

    /// One field of several words, those that are empty left out.
    pub(super) fn words(&mut self, words: &[&str]) {
        let mut space = self.separator;
        for word in words.iter().filter(|word| !word.is_empty()) {
            self.out.push(space);
            self.more(word);
            space = b' ';
        }
    }

    /// Hundredths without zeros at the end: 1234 is `12.34`, 1230 `12.3`, 1200 `12`.
    pub(super) fn hundredths(&mut self, value: u64) {
        self.number(value / 100, 1);
        self.decimals(value % 100, 2);
    }

    /// Millionths of a degree without zeros at the end.
    pub(super) fn degrees(&mut self, value: i32) {
        self.text(if value < 0 { "-" } else { "" });
        let value = u64::from(value.unsigned_abs());
        self.more_digits(value / 1_000_000, 1);
        self.decimals(value % 1_000_000, 6);
    }

    /// Text that goes on in the same field.
    pub(super) fn more(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    /// Digits that go on in the same field, at least `width` of them.
    pub(super) fn more_digits(&mut self, value: u64, width: usize) {
        let mut digits = [b'0'; 20];
        let (mut from, mut rest) = (digits.len(), value);
        while rest > 0 {
            from -= 1;
            digits[from] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        self.out
            .extend_from_slice(&digits[from.min(digits.len() - width)..]);
    }

    pub(super) fn end(self) {
        self.out.push(b'\n');
    }

    fn decimals(&mut self, value: u64, width: usize) {
        if value > 0 {
            self.more(".");
            self.more_digits(value, width);
            while self.out.ends_with(b"0") {
                self.out.pop();
            }
        }
    }
}
