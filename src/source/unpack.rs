//! A file as plain bytes, whether it is packed or not; and what is not read, named as what it is.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek};

use flate2::bufread::GzDecoder;
use memchr::memchr;
use thiserror::Error;
use zip::{CompressionMethod, ZipArchive};

use crate::base::pattern::matched;
use crate::base::shown::shown;
use crate::base::words::first_codes;

/// Bytes at the beginning of a content by which it is known.
const START: usize = 1 << 16;

/// Why a file's plain bytes cannot be had. It follows the name of the file in a message.
#[derive(Debug, Error)]
pub enum UnpackError {
    /// It is of a kind that is not read.
    #[error("is {what}, which is not read; {advice}")]
    Foreign {
        /// What it is.
        what: String,
        /// What to do.
        advice: &'static str,
    },
    /// A zip of several files, or none.
    #[error(
        "holds {} files{}; a zip with one file was expected: unzip it and import its parts, or where a source declares how it is read, name the one to read by member, as in member = \"catnat_*.csv\"",
        names.len(), in_brackets(names)
    )]
    Files {
        /// The files in it.
        names: Vec<String>,
    },
    /// Not exactly one of the files in a zip has the name that was declared, or it is no zip.
    #[error(
        "holds {count} files named {member:?}, the member that its source declares; one was expected{}",
        in_brackets(names)
    )]
    Member {
        /// The pattern of its name.
        member: String,
        /// How many fit.
        count: usize,
        /// The files in it.
        names: Vec<String>,
    },
    /// It ends too early, or is no sound gzip or zip.
    #[error("cannot be read to its end: {0}; the file is cut or damaged, download it again")]
    Damaged(io::Error),
}

/// The first of some names, in brackets.
fn in_brackets(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| shown(name, 60)).collect();
    match names.is_empty() {
        true => String::new(),
        false => format!(" ({})", first_codes(names.iter().map(AsRef::as_ref))),
    }
}

/// What of a file is its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrapping {
    /// The one file of a zip that is wanted, by the pattern of its name without folders. The only one, where none is named.
    pub member: Option<String>,
    /// It packs itself, as workbooks do: what it looks like is for those to judge who read it.
    pub packs_itself: bool,
}

impl Wrapping {
    /// The file itself, whatever it is.
    pub const AS_IT_IS: Self = Self {
        member: None,
        packs_itself: true,
    };

    /// Text, as it is or packed.
    pub const TEXT: Self = Self {
        member: None,
        packs_itself: false,
    };
}

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    /// Not at all.
    Plain,
    /// As gzip does, one member or several.
    Gzip,
    /// As a zip, with one file in it.
    Zip,
}

impl Packing {
    /// The packing of a file, which shows in its first bytes and not in its name.
    pub(crate) fn of(start: &[u8]) -> Self {
        if start.starts_with(&[0x1f, 0x8b]) {
            Self::Gzip
        } else if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
            Self::Zip
        } else {
            Self::Plain
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Plain => "text",
            Self::Gzip => "gzip",
            Self::Zip => "zip",
        }
    }

    /// What names of such files end in.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Gzip => ".gz",
            Self::Zip => ".zip",
        }
    }
}

/// Gives `work` the bytes of the content of a file. Damage further on shows while reading.
///
/// # Errors
/// When the file is of a kind that is not read, or a zip that cannot be.
pub(crate) fn unpack<T>(
    mut file: impl BufRead + Seek,
    wrapping: &Wrapping,
    work: impl FnOnce(&mut dyn Read) -> T,
) -> Result<T, UnpackError> {
    let packing = Packing::of(file.fill_buf().map_err(UnpackError::Damaged)?);
    match (packing, &wrapping.member) {
        (Packing::Zip, Some(_)) => unzip(file, wrapping, work),
        (_, Some(member)) => Err(UnpackError::Member {
            member: member.clone(),
            count: 0,
            names: Vec::new(),
        }),
        _ if wrapping.packs_itself => Ok(work(&mut file)),
        (Packing::Plain, None) => plain(file, Packing::Plain, work),
        (Packing::Gzip, None) => plain(Members::new(file), Packing::Gzip, work),
        (Packing::Zip, None) => unzip(file, wrapping, work),
    }
}

fn unzip<T>(
    file: impl BufRead + Seek,
    wrapping: &Wrapping,
    work: impl FnOnce(&mut dyn Read) -> T,
) -> Result<T, UnpackError> {
    let damaged = |error: zip::result::ZipError| UnpackError::Damaged(error.into());
    let mut archive = ZipArchive::new(file).map_err(damaged)?;
    let names = archive.file_names().map(|name| name.map(Cow::into_owned));
    let names = names.collect::<Result<Vec<_>, _>>().map_err(damaged)?;
    let named = |wanted: &str| names.iter().any(|name| name == wanted);
    if named("[Content_Types].xml") {
        return Err(foreign("an Excel workbook", DECLARE_XLSX));
    }
    if named("content.xml") && named("mimetype") {
        return Err(foreign("an OpenDocument spreadsheet", SAVE_AS_CSV));
    }
    // What archivers of desktops add, and folders.
    let is_content = |name: &str| {
        let last = name.rsplit('/').next().unwrap_or_default();
        !name.ends_with('/')
            && !name.starts_with("__MACOSX/")
            && !matches!(last, ".DS_Store" | "Thumbs.db" | "desktop.ini")
    };
    let is_wanted = |name: &str| {
        let last = name.rsplit('/').next().unwrap_or_default();
        let member = wrapping.member.as_ref();
        member.is_none_or(|pattern| matched(pattern, last).is_some())
    };
    let files = names.iter().enumerate();
    let files: Vec<_> = files.filter(|(_, name)| is_content(name)).collect();
    let wanted: Vec<_> = files.iter().filter(|(_, name)| is_wanted(name)).collect();
    let [&(index, _)] = wanted[..] else {
        let names = files.iter().map(|(_, name)| (*name).clone()).collect();
        return Err(match &wrapping.member {
            None => UnpackError::Files { names },
            Some(member) => UnpackError::Member {
                member: member.clone(),
                count: wanted.len(),
                names,
            },
        });
    };
    let (method, is_encrypted) = {
        let entry = archive.by_index_raw(index).map_err(damaged)?;
        (entry.compression(), entry.encrypted())
    };
    if is_encrypted {
        return Err(foreign(
            "a zip with a password",
            "unzip it, and import the file in it",
        ));
    }
    if !matches!(
        method,
        CompressionMethod::Stored | CompressionMethod::Deflated
    ) {
        return Err(UnpackError::Foreign {
            what: format!("a zip packed by the method {}", method_name(method)),
            advice: "unzip it, and import the file in it",
        });
    }
    let mut content = archive.by_index(index).map_err(damaged)?;
    match wrapping.packs_itself {
        true => Ok(work(&mut content)),
        false => plain(content, Packing::Zip, work),
    }
}

/// The name of a method that is not read.
fn method_name(method: CompressionMethod) -> String {
    #[allow(deprecated)]
    let number = method.to_u16();
    match number {
        9 => "deflate64".to_owned(),
        12 => "bzip2".to_owned(),
        14 => "LZMA".to_owned(),
        93 => "zstd".to_owned(),
        95 => "xz".to_owned(),
        other => format!("number {other}"),
    }
}

/// Gives `work` bytes that are not packed any more, unless they are something else than text.
fn plain<T>(
    mut bytes: impl Read,
    outer: Packing,
    work: impl FnOnce(&mut dyn Read) -> T,
) -> Result<T, UnpackError> {
    let mut start = Vec::new();
    bytes
        .by_ref()
        .take(START as u64)
        .read_to_end(&mut start)
        .map_err(UnpackError::Damaged)?;
    match recognise(&start, outer) {
        Some(error) => Err(error),
        None => Ok(work(&mut Cursor::new(start).chain(bytes))),
    }
}

const SAVE_AS_CSV: &str = "save it as CSV in UTF-8, or take the CSV that the producer publishes";
const DECLARE_XLSX: &str = "save it as CSV in UTF-8, or take the CSV that the producer publishes; a table of indicators is read with format = \"xlsx\" in its declaration";
const DECLARE_PARQUET: &str = "take the CSV that the producer publishes beside it; a table of indicators is read with format = \"parquet\" in its declaration";
const UNPACK: &str = "unpack it, and import what is in it";
const TAKE_CSV: &str = "take the CSV that the producer publishes beside it";
const SAVE_AS_UTF8: &str = "save it as UTF-8";

/// Kinds of files that are not read, by their first bytes.
const FOREIGN: [(&[u8], &str, &str); 19] = [
    (b"\xfd7zXZ\0", "packed with xz", UNPACK),
    (b"\x5d\0\0", "packed with LZMA", UNPACK),
    (b"LZIP", "packed with lzip", UNPACK),
    (b"BZh", "packed with bzip2", UNPACK),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", UNPACK),
    (b"\x04\x22\x4d\x18", "packed with lz4", UNPACK),
    (b"\x1f\x9d", "packed with compress", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (b"Rar!", "a RAR archive", UNPACK),
    (b"PAR1", "a Parquet file", DECLARE_PARQUET),
    (b"ARROW1", "an Arrow file", TAKE_CSV),
    (b"SQLite format 3\0", "an SQLite database", TAKE_CSV),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Excel workbook",
        SAVE_AS_CSV,
    ),
    (b"%PDF", "a PDF", TAKE_CSV),
    (b"{\\rtf", "a text with markup (RTF)", SAVE_AS_UTF8),
    (b"\xff\xfe\0\0", "text in UTF-32", SAVE_AS_UTF8),
    (b"\0\0\xfe\xff", "text in UTF-32", SAVE_AS_UTF8),
    (b"\xff\xfe", "text in UTF-16", SAVE_AS_UTF8),
    (b"\xfe\xff", "text in UTF-16", SAVE_AS_UTF8),
];

/// Where a tar archive says that it is one.
const TAR: (usize, &[u8]) = (257, b"ustar");

fn foreign(what: &str, advice: &'static str) -> UnpackError {
    UnpackError::Foreign {
        what: what.to_owned(),
        advice,
    }
}

/// What bytes are, when they are of a kind that is not read.
fn recognise(start: &[u8], outer: Packing) -> Option<UnpackError> {
    let found = FOREIGN.iter().find(|(magic, ..)| start.starts_with(magic));
    if let Some((_, what, advice)) = found {
        return Some(foreign(what, advice));
    }
    match Packing::of(start) {
        Packing::Plain => {}
        inner => {
            return Some(UnpackError::Foreign {
                what: format!("a {} in a {}", inner.name(), outer.name()),
                advice: "unpack it once, and import what is in it",
            });
        }
    }
    if start
        .get(TAR.0..)
        .is_some_and(|rest| rest.starts_with(TAR.1))
    {
        return Some(foreign("a tar archive", UNPACK));
    }
    // Text in UTF-16 without its mark: each second byte of the first line is a zero.
    if let [a, b, c, d, ..] = start
        && ((*a == 0) != (*b == 0) && (a == &0, b == &0) == (c == &0, d == &0))
    {
        return Some(foreign("text in UTF-16", SAVE_AS_UTF8));
    }
    if memchr(b'\n', start).is_none() && memchr(b'\r', start).is_some() {
        let advice = "save it with the line ends of today, as `tr '\\r' '\\n'` does";
        return Some(foreign("text with the line ends of old Macs", advice));
    }
    None
}

/// The members of a gzip file one after another. Zeros behind the last one are none, as those of tapes and block devices.
struct Members<R: BufRead> {
    /// `None` behind the last.
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Members<R> {
    fn new(file: R) -> Self {
        Self {
            member: Some(GzDecoder::new(file)),
        }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let read = member.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            if let Some(member) = self.member.take() {
                let mut file = member.into_inner();
                if skip_zeros(&mut file)? {
                    self.member = Some(GzDecoder::new(file));
                }
            }
        }
        Ok(0)
    }
}

/// Whether another member follows.
fn skip_zeros(file: &mut impl BufRead) -> io::Result<bool> {
    let mut is_padded = false;
    loop {
        let bytes = file.fill_buf()?;
        match bytes {
            [] => return Ok(false),
            [0x1f, ..] if !is_padded => return Ok(true),
            _ if bytes.iter().all(|&byte| byte == 0) => {
                is_padded = true;
                let count = bytes.len();
                file.consume(count);
            }
            _ => {
                let error = "bytes that are no gzip follow its end";
                return Err(io::Error::new(io::ErrorKind::InvalidData, error));
            }
        }
    }
}

/// Opens bytes for [`unpack`].
pub(crate) fn buffered<R: Read>(file: R) -> BufReader<R> {
    BufReader::with_capacity(1 << 18, file)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(bytes).unwrap();
        gzip.finish().unwrap()
    }

    fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            let options = zip::write::SimpleFileOptions::default();
            zip.start_file(*name, options).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, String> {
        unwrapped(bytes, &Wrapping::TEXT)
    }

    fn unwrapped(bytes: &[u8], wrapping: &Wrapping) -> Result<Vec<u8>, String> {
        let read = |bytes: &mut dyn Read| {
            let mut plain = Vec::new();
            bytes.read_to_end(&mut plain).map(|_| plain)
        };
        match unpack(Cursor::new(bytes), wrapping, read) {
            Ok(Ok(plain)) => Ok(plain),
            Ok(Err(error)) => Err(error.to_string()),
            Err(error) => Err(error.to_string()),
        }
    }

    const TEXT: &[u8] = b"id_mutation,date_mutation\n1,2024-01-01\n";

    #[test]
    fn packed_files_are_read() {
        let members = [gzip(&TEXT[..9]), gzip(&TEXT[9..])].concat();
        let padded = [&gzip(TEXT)[..], &[0; 70_000]].concat();
        let mac = zip(&[
            ("a/", b""),
            ("a/b.csv", TEXT),
            ("__MACOSX/a/._b.csv", b"x"),
            ("a/.DS_Store", b"y"),
        ]);
        for bytes in [
            TEXT.to_vec(),
            gzip(TEXT),
            members,
            padded,
            zip(&[("b.csv", TEXT)]),
            mac,
        ] {
            assert_eq!(unpacked(&bytes).as_deref(), Ok(TEXT));
        }
    }

    #[test]
    fn other_kinds_are_named() {
        let utf16 = |text: &[u8]| text.iter().flat_map(|&byte| [byte, 0]).collect::<Vec<_>>();
        let big = |text: &[u8]| text.iter().flat_map(|&byte| [0, byte]).collect::<Vec<_>>();
        let mut tar = vec![b'a'; 512];
        tar[257..262].copy_from_slice(b"ustar");
        // A zip whose only file is said to be packed with bzip2.
        let mut bzip2 = zip(&[("b.csv", TEXT)]);
        for (offset, magic) in [(8, &b"PK\x03\x04"[..]), (10, b"PK\x01\x02")] {
            let start = bzip2.windows(4).position(|window| window == magic).unwrap();
            bzip2[start + offset] = 12;
        }
        for (bytes, expected) in [
            (b"\xfd7zXZ\0\0\x04".to_vec(), "packed with xz"),
            (b"\x5d\0\0\x80\0\xff".to_vec(), "packed with LZMA"),
            (gzip(b"BZh91AY"), "packed with bzip2"),
            (b"PAR1\x15".to_vec(), "a Parquet file"),
            ([&b"\xff\xfe"[..], &utf16(TEXT)].concat(), "text in UTF-16"),
            (utf16(TEXT), "text in UTF-16"),
            (big(TEXT), "text in UTF-16"),
            (gzip(&gzip(TEXT)), "a gzip in a gzip"),
            (zip(&[("b.gz", &gzip(TEXT))]), "a gzip in a zip"),
            (gzip(&zip(&[("b.csv", TEXT)])), "a zip in a gzip"),
            (
                zip(&[("[Content_Types].xml", b"<"), ("xl/workbook.xml", b"<")]),
                "an Excel workbook",
            ),
            (
                zip(&[("mimetype", b"x"), ("content.xml", b"<")]),
                "an OpenDocument spreadsheet",
            ),
            (bzip2, "a zip packed by the method bzip2"),
            (tar, "a tar archive"),
            (
                b"id_mutation,date\r1,2024\r".to_vec(),
                "line ends of old Macs",
            ),
            (gzip(b"id_mutation,date\r1,2024\r"), "line ends of old Macs"),
        ] {
            let reason = unpacked(&bytes).unwrap_err();
            assert!(
                reason.contains(expected) && reason.contains("which is not read; "),
                "{expected}: {reason}"
            );
        }
        assert!(
            unpacked(&zip(&[("a", b"x"), ("b", b"y")]))
                .unwrap_err()
                .contains("holds 2 files")
        );
    }

    #[test]
    fn a_member_is_found_by_its_name() {
        let several = zip(&[
            ("gaspar/azi.csv", b"x"),
            ("gaspar/catnat_gaspar.csv", TEXT),
            ("notice.pdf", b"%PDF"),
        ]);
        let member = |pattern: &str, packs_itself| Wrapping {
            member: Some(pattern.to_owned()),
            packs_itself,
        };
        for pattern in ["catnat_gaspar.csv", "catnat_*"] {
            assert_eq!(
                unwrapped(&several, &member(pattern, false)).as_deref(),
                Ok(TEXT)
            );
        }
        // A workbook in a zip is given as it is, and so is one that stands by itself.
        let workbook = zip(&[("[Content_Types].xml", b"<"), ("xl/workbook.xml", b"<")]);
        let packed = zip(&[("lisez-moi.txt", b"x"), ("lovac.xlsx", &workbook)]);
        assert_eq!(
            unwrapped(&packed, &member("*.xlsx", true)).as_ref(),
            Ok(&workbook)
        );
        assert_eq!(
            unwrapped(&workbook, &Wrapping::AS_IT_IS).as_ref(),
            Ok(&workbook)
        );
        for (bytes, pattern, expected) in [
            (&several[..], "ppr.csv", "holds 0 files named \"ppr.csv\""),
            (&several, "*.csv", "holds 2 files named \"*.csv\""),
            (TEXT, "a.csv", "holds 0 files named"),
        ] {
            let reason = unwrapped(bytes, &member(pattern, false)).unwrap_err();
            assert!(reason.contains(expected), "{reason}");
        }
        assert!(
            unpacked(&several)
                .unwrap_err()
                .contains("holds 3 files (gaspar/azi.csv, gaspar/catnat_gaspar.csv, notice.pdf)")
        );
    }

    #[test]
    fn damage_is_found() {
        let whole = gzip(TEXT);
        let trailed = [&whole[..], b"x"].concat();
        let padded_and_more = [&whole[..], &[0; 10], &whole].concat();
        for bytes in [
            &whole[..whole.len() - 3],
            &trailed,
            &padded_and_more,
            b"PK\x03\x04 no zip",
        ] {
            assert!(unpacked(bytes).is_err());
        }
    }
}
