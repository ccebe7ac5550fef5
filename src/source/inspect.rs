//! A file that came whole: is it what it should be, to its last byte?

use std::fs::File;
use std::io::{self, BufRead, Read, Seek};
use std::path::Path;

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::unpack::{Packing, UnpackError, Wrapping, buffered, unpack};
use crate::base::checksum::hexadecimal;
use crate::base::shown::shown;

const BUFFER: usize = 1 << 18;

/// How the files of a source look, once unpacked. Whoever reads them looks closer.
#[derive(Clone, Debug)]
pub struct FileForm {
    /// What their names end in, without the dot.
    pub extension: &'static str,
    /// What of them is their content.
    pub wrapping: Wrapping,
    /// What they begin with, in words.
    pub expected: &'static str,
    /// Whether a file that begins with some bytes is one of them; a byte order mark and white space before are left out.
    pub is_met: fn(&[u8]) -> bool,
}

impl FileForm {
    /// Whether a file that begins with some bytes is one of them, whatever white space comes before.
    pub fn is_met_by(&self, start: &[u8]) -> bool {
        (self.is_met)(without_mark(start))
    }
}

/// The beginning of a file without a byte order mark and white space before.
fn without_mark(start: &[u8]) -> &[u8] {
    let marked = start.strip_prefix(b"\xef\xbb\xbf");
    marked.unwrap_or(start).trim_ascii_start()
}

/// A checksum as data.gouv.fr states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checksum {
    algorithm: Algorithm,
    /// Hexadecimal, lower case.
    value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Algorithm {
    Md5,
    Sha1,
    Sha256,
}

impl Algorithm {
    const ALL: [(Self, &str); 3] = [
        (Self::Md5, "md5"),
        (Self::Sha1, "sha1"),
        (Self::Sha256, "sha256"),
    ];

    fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(algorithm, _)| *algorithm == self)
            .map_or("", |(_, name)| name)
    }

    fn of(self, file: &mut File) -> io::Result<String> {
        match self {
            Self::Md5 => hexadecimal(Md5::new(), file),
            Self::Sha1 => hexadecimal(Sha1::new(), file),
            Self::Sha256 => hexadecimal(Sha256::new(), file),
        }
    }
}

impl Checksum {
    /// `None` for an algorithm that is not known here, and for what is no hexadecimal number.
    pub(super) fn new(algorithm: &str, value: &str) -> Option<Self> {
        let (algorithm, _) = Algorithm::ALL
            .into_iter()
            .find(|(_, name)| *name == algorithm)?;
        if !value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        Some(Self {
            algorithm,
            value: value.to_ascii_lowercase(),
        })
    }

    /// Reads what [`Checksum`]'s `to_string` wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let (algorithm, value) = text.split_once(':')?;
        Self::new(algorithm, value)
    }

    /// Whether the two are equal; `None` when they cannot be compared.
    pub(super) fn agrees(&self, other: &Self) -> Option<bool> {
        (self.algorithm == other.algorithm).then(|| self.value == other.value)
    }
}

impl std::fmt::Display for Checksum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.algorithm.name(), self.value)
    }
}

/// What a sound file is.
pub(super) struct Inspected {
    pub blake3: blake3::Hash,
    /// Bytes.
    pub size: u64,
    /// What its name should end in, with the dots.
    pub extension: String,
}

/// Reads a file to its end, unpacking it, and compares it with what is known of it. `most` bounds what it may hold, in
/// bytes.
///
/// # Errors
/// `Ok(Err(reason))` when the file is not sound, an I/O error when it cannot be read.
pub(super) fn inspect(
    path: &Path,
    form: &FileForm,
    checksum: Option<&Checksum>,
    most: u64,
) -> io::Result<Result<Inspected, String>> {
    let mut file = File::open(path)?;
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(&file)?;
    if let Some(expected) = checksum {
        file.rewind()?;
        let found = expected.algorithm.of(&mut file)?;
        if found != expected.value {
            return Ok(Err(format!(
                "its {} is {found}; upstream states {}; where that is of an earlier edition, --force takes the file",
                expected.algorithm.name(),
                expected.value
            )));
        }
    }
    file.rewind()?;
    let mut reader = buffered(file);
    let packing = match form.wrapping == Wrapping::AS_IT_IS {
        true => Packing::Plain,
        false => Packing::of(reader.fill_buf()?),
    };
    let outcome = unpack(reader, &form.wrapping, |bytes| {
        read_through(bytes, form, most)
    });
    let inspected = Inspected {
        blake3: hasher.finalize(),
        size: hasher.count(),
        extension: format!(".{}{}", form.extension, packing.extension()),
    };
    Ok(match outcome {
        Ok(read) => read.map(|()| inspected),
        Err(error) => Err(format!("it {error}")),
    })
}

/// Reads to the end; the decoders compare their own checksums there.
fn read_through(reader: &mut dyn Read, form: &FileForm, most: u64) -> Result<(), String> {
    let mut buffer = vec![0; BUFFER];
    let mut total = 0;
    let mut fill = |buffer: &mut [u8]| -> Result<usize, String> {
        let mut length = 0;
        while length < buffer.len() {
            match reader.read(&mut buffer[length..]) {
                Ok(0) => break,
                Ok(n) => length += n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(format!("it {}", UnpackError::Damaged(error))),
            }
        }
        total += length as u64;
        if total > most {
            return Err(format!(
                "it holds more than {most} bytes, which fetch.maximum_unpacked bounds"
            ));
        }
        Ok(length)
    };
    let n = fill(&mut buffer)?;
    recognise(form, &buffer[..n])?;
    while fill(&mut buffer)? > 0 {}
    Ok(())
}

/// Whether a file begins as it should.
fn recognise(form: &FileForm, start: &[u8]) -> Result<(), String> {
    if form.is_met_by(start) {
        return Ok(());
    }
    let start = without_mark(start);
    let found = if start.is_empty() {
        "it is empty".to_owned()
    } else if start.starts_with(b"<") {
        "it is a web page or another document with markup".to_owned()
    } else {
        let line = start.split(|&byte| byte == b'\n').next();
        let line = String::from_utf8_lossy(line.unwrap_or_default());
        format!("it begins with \"{}\"", shown(line.trim_end(), 60))
    };
    Err(format!("{found}; {} was expected", form.expected))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    static LINES: FileForm = FileForm {
        extension: "csv",
        wrapping: Wrapping::TEXT,
        expected: "a line of column names",
        is_met: |start| start.starts_with(b"id_mutation"),
    };
    static JSON: FileForm = FileForm {
        extension: "json",
        wrapping: Wrapping::TEXT,
        expected: "a JSON list",
        is_met: |start| start.starts_with(b"["),
    };

    const CSV: &[u8] = b"id_mutation,date_mutation\n2024-1,2024-01-02\n";

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(bytes).unwrap();
        gzip.finish().unwrap()
    }

    fn inspected(bytes: &[u8], form: &FileForm, checksum: Option<&str>) -> Result<String, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        crate::files::write(&path, bytes).unwrap();
        let checksum = checksum.map(|text| Checksum::parse(text).unwrap());
        let outcome = inspect(&path, form, checksum.as_ref(), 1 << 20).unwrap();
        outcome.map(|inspected| {
            assert_eq!(inspected.blake3, blake3::hash(bytes));
            assert_eq!(inspected.size, bytes.len() as u64);
            inspected.extension
        })
    }

    #[test]
    fn a_sound_file_passes_and_gets_its_extension() {
        assert_eq!(inspected(CSV, &LINES, None).unwrap(), ".csv");
        assert_eq!(inspected(&gzip(CSV), &LINES, None).unwrap(), ".csv.gz");
        assert_eq!(inspected(b" [1]", &JSON, None).unwrap(), ".json");
    }

    #[test]
    fn checksums_are_those_of_md5sum_and_its_likes() {
        for checksum in [
            "md5:cddf92c78804a7f05270d1cb4949c534",
            "sha1:0AD00EAD379E8FE67E643113E9446879ACC64C73",
            "sha256:fdea1f26998fcc9b20996b1b323845b893fa4ab33325fb264f8025399a88d727",
        ] {
            assert_eq!(inspected(CSV, &LINES, Some(checksum)).unwrap(), ".csv");
            let other = format!("{}0", &checksum[..checksum.len() - 1]);
            let reason = inspected(CSV, &LINES, Some(&other)).unwrap_err();
            assert!(reason.contains("upstream states"), "{reason}");
        }
        assert!(Checksum::parse("crc:00").is_none());
    }

    #[test]
    fn damage_is_found() {
        let whole = gzip(CSV);
        let refused = |bytes: &[u8], form| inspected(bytes, form, None).unwrap_err();
        assert!(refused(&whole[..whole.len() - 3], &LINES).contains("cut or damaged"));
        let mut flipped = whole.clone();
        let end = flipped.len() - 6;
        flipped[end] ^= 1;
        assert!(refused(&flipped, &LINES).contains("cut or damaged"));
        assert!(refused(b"<!doctype html><p>id_mutation", &LINES).contains("a web page"));
        assert!(refused(b"", &JSON).contains("it is empty"));
        assert!(refused(CSV, &JSON).contains("begins with \"id_mutation,date"));
        assert!(refused(b"PK\x03\x04 not a zip", &LINES).contains("cut or damaged"));
    }

    #[test]
    fn a_bomb_is_not_unpacked_to_its_end() {
        let mut bytes = CSV.to_vec();
        bytes.resize(5 << 20, b'0');
        assert!(
            inspected(&gzip(&bytes), &LINES, None)
                .unwrap_err()
                .contains("more than 1048576 bytes")
        );
    }
}
