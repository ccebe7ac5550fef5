//! Bytes into records and their fields.
//!
//! A field in quotes begins with one, and ends at the next that a separator or a line's end follows; a quote anywhere else
//! is a character (`RES LE 12"`). A quote that opens a field and is not closed on its line is a character too where the line
//! then has all its columns; else the field goes on over the next lines where that makes a record of them; else the line
//! stands for itself and is at fault. So no quote swallows lines, and a file is cut into the same records wherever it is cut
//! into chunks.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memrchr};

use super::separators::each_position;

/// Bytes of the longest line that is read.
pub(super) const LONGEST_LINE: usize = 1 << 20;

/// Bytes of the longest record on several lines.
const LONGEST_RECORD: usize = 4096;

/// How the records of a file are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct RecordForm {
    pub separator: u8,
    /// What encloses a field that holds a separator, where the format has such.
    pub quote: Option<u8>,
    /// Columns of a record.
    pub width: usize,
}

impl RecordForm {
    fn has_quote(self, bytes: &[u8]) -> bool {
        self.quote
            .is_some_and(|quote| memchr(quote, bytes).is_some())
    }

    /// How many columns a line has, its quotes taken for characters.
    fn columns(self, line: &[u8]) -> usize {
        memchr_iter(self.separator, line).count() + 1
    }

    /// Where the last record ends that surely ends within some bytes, which begin with a record and are followed by others.
    pub(super) fn last_end(self, bytes: &[u8]) -> usize {
        if !self.has_quote(bytes) {
            return memrchr(b'\n', bytes).map_or(0, |end| end + 1);
        }
        let (mut record, mut end) = (Record::default(), 0);
        while let Some(line) = memchr(b'\n', &bytes[end..]) {
            let rest = &bytes[end..];
            let size = record.take(self, rest, line);
            let goes_on = size == rest.len() && !rest.ends_with(b"\n");
            if goes_on || record.is_open && rest.len() < LONGEST_RECORD {
                break;
            }
            end += size;
        }
        end
    }
}

/// The fields of a record. One can be used for many, and keeps its memory.
#[derive(Default)]
pub(super) struct Record<'a> {
    line: &'a [u8],
    /// The fields one after another without their quotes, where the record has any.
    unquoted: Option<Vec<u8>>,
    fields: Vec<Range<usize>>,
    /// A quote opens a field, and no reading of it makes a record.
    pub is_open: bool,
}

impl<'a> Record<'a> {
    /// How many fields there are.
    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }

    /// A field; nothing past the last.
    pub(super) fn get(&self, index: usize) -> &[u8] {
        let bytes = self.unquoted.as_deref().unwrap_or(self.line);
        self.fields
            .get(index)
            .map_or(&[], |field| &bytes[field.clone()])
    }

    /// Takes the record that begins some bytes, whose first line end stands at `line`, or their end. Gives where the next
    /// begins.
    fn take(&mut self, form: RecordForm, bytes: &'a [u8], line: usize) -> usize {
        self.fields.clear();
        self.is_open = false;
        self.line = without_return(&bytes[..line]);
        if !form.has_quote(self.line) {
            self.unquoted = None;
            self.split(form, 0..self.line.len());
            return (line + 1).min(bytes.len());
        }
        let mut text = self.unquoted.take().unwrap_or_default();
        text.clear();
        let mut size = line;
        if let Err(open) = self.unquote(form, self.line, 0, false, &mut text) {
            let closed = (self.fields.len(), text.len());
            let is_whole = closed.0 + form.columns(&self.line[open..]) == form.width;
            let joined = match is_whole {
                true => None,
                false => self.join(form, bytes, line, open, &mut text),
            };
            match joined {
                Some(end) => size = end,
                None => {
                    self.is_open = !is_whole;
                    self.fields.truncate(closed.0);
                    text.truncate(closed.1);
                    text.extend(&self.line[open..]);
                    self.unquoted = Some(text);
                    self.split(form, closed.1..closed.1 + self.line.len() - open);
                    return (line + 1).min(bytes.len());
                }
            }
        }
        self.unquoted = Some(text);
        (size + 1).min(bytes.len())
    }

    /// Takes a record on several lines, whose first ends at `line` and has a field open. Gives where it ends; `None` when it
    /// is none, or one of its lines is one by itself.
    fn join(
        &mut self,
        form: RecordForm,
        bytes: &[u8],
        line: usize,
        open: usize,
        text: &mut Vec<u8>,
    ) -> Option<usize> {
        let window = &bytes[..bytes.len().min(LONGEST_RECORD)];
        let end = self.unquote(form, window, open, true, text).ok()?;
        let is_record = self.fields.len() == form.width
            && matches!(bytes.get(end), None | Some(b'\n'))
            && bytes[line + 1..end]
                .split(|&byte| byte == b'\n')
                .all(|line| form.columns(line) != form.width);
        is_record.then_some(end)
    }

    /// Splits bytes that hold no quotes.
    fn split(&mut self, form: RecordForm, range: Range<usize>) {
        let bytes = self.unquoted.as_deref().unwrap_or(self.line);
        let mut start = range.start;
        let fields = &mut self.fields;
        each_position(&bytes[range.clone()], form.separator, |end| {
            let end = range.start + end;
            fields.push(start..end);
            start = end + 1;
        });
        fields.push(start..range.end);
    }

    /// Splits bytes from a field on, to their end or, where they may hold several lines, to the line end outside of quotes.
    /// Gives where that is, or where the field begins that does not end.
    fn unquote(
        &mut self,
        form: RecordForm,
        bytes: &[u8],
        mut start: usize,
        lines: bool,
        text: &mut Vec<u8>,
    ) -> Result<usize, usize> {
        let quote = form.quote.unwrap_or_default();
        let ends = |at: usize| match bytes.get(at) {
            None => true,
            Some(&byte) if byte == form.separator => true,
            Some(b'\n') => lines,
            Some(b'\r') => lines && matches!(bytes.get(at + 1), None | Some(b'\n')),
            Some(_) => false,
        };
        loop {
            let from = text.len();
            let mut end = start;
            if bytes.get(start) == Some(&quote) {
                end += 1;
                loop {
                    let Some(next) = memchr(quote, &bytes[end..]) else {
                        text.truncate(from);
                        return Err(start);
                    };
                    text.extend(&bytes[end..end + next]);
                    end += next + 1;
                    if ends(end) {
                        break;
                    }
                    // Doubled, or a character that should have been; over several lines that is too much to guess.
                    let is_doubled = bytes[end] == quote;
                    if lines && !is_doubled {
                        text.truncate(from);
                        return Err(start);
                    }
                    text.push(quote);
                    end += usize::from(is_doubled);
                }
            } else {
                while !ends(end) {
                    end += 1;
                }
                text.extend(&bytes[start..end]);
            }
            self.fields.push(from..text.len());
            match bytes.get(end) {
                Some(&byte) if byte == form.separator => start = end + 1,
                Some(b'\r') => return Ok(end + 1),
                _ => return Ok(end),
            }
        }
    }
}

/// A line without the carriage return before its end.
fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// The records of some bytes, which begin with one and end with one.
pub(super) struct Records<'a> {
    form: RecordForm,
    bytes: &'a [u8],
    /// Where the next begins.
    position: usize,
}

impl<'a> Records<'a> {
    pub(super) fn new(form: RecordForm, bytes: &'a [u8]) -> Self {
        Self {
            form,
            bytes,
            position: 0,
        }
    }

    /// Whether all have been read.
    pub(super) fn are_over(&self) -> bool {
        self.position == self.bytes.len()
    }

    /// Reads the next record that is not empty. Gives where it begins.
    pub(super) fn read(&mut self, record: &mut Record<'a>) -> Option<usize> {
        loop {
            let rest = &self.bytes[self.position..];
            if rest.is_empty() {
                return None;
            }
            let start = self.position;
            let line = memchr(b'\n', rest).unwrap_or(rest.len());
            self.position += record.take(self.form, rest, line);
            if !record.line.is_empty() {
                return Some(start);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The records of a text of three columns, `!` before those at fault.
    fn records(text: &str) -> Vec<String> {
        let form = RecordForm {
            separator: b',',
            quote: Some(b'"'),
            width: 3,
        };
        let mut records = Records::new(form, text.as_bytes());
        let (mut record, mut found) = (Record::default(), Vec::new());
        while records.read(&mut record).is_some() {
            let fields = (0..record.len()).map(|n| String::from_utf8_lossy(record.get(n)));
            let fields = fields.collect::<Vec<_>>().join("|");
            found.push(format!("{}{fields}", if record.is_open { "!" } else { "" }));
        }
        found
    }

    #[test]
    fn quotes_enclose_fields_and_are_characters_elsewhere() {
        for (text, expected) in [
            ("a,b,c\r\n\r\n\nd,e,f", &["a|b|c", "d|e|f"][..]),
            ("a,\"b, \"\"c\"\"\",\"\"\n", &["a|b, \"c\"|"]),
            ("a,RES 12\",c\na,b,3\"\n", &["a|RES 12\"|c", "a|b|3\""]),
            ("a,\"LE PORT,c\nd,e,f\n", &["a|\"LE PORT|c", "d|e|f"]),
            (
                "a,\"LE\" PORT,c\n\"x,y,z\n",
                &["a|\"LE\" PORT|c", "\"x|y|z"],
            ),
            ("a,\"b\r\nb\",c\r\nd,e,f", &["a|b\r\nb|c", "d|e|f"]),
            ("a,\"b\nd,e,f\ng,\"h\",i\n", &["!a|\"b", "d|e|f", "g|h|i"]),
            ("a,b,\"c\nc\n\"\nd,e,f", &["a|b|\"c", "c", "!\"", "d|e|f"]),
            ("a,\"b\nd,e,f\ng,h\",i\n", &["!a|\"b", "d|e|f", "g|h\"|i"]),
            ("a,\"b", &["!a|\"b"]),
        ] {
            assert_eq!(records(text), expected, "{text}");
        }
    }
}
