//! A file of any container to lines of text cells; of those that have to be read whole, at once.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use calamine::{Data, DataRef, Reader as _, Xlsx, XlsxError};
use indicatif::ProgressBar;
use polars::prelude::{AnyValue, ArrowDataType, ParquetReader, PolarsError, SerReader};
use zip::ZipArchive;

use super::error::{TableError, broken};
use super::grid::{TextGrid, spread, within};
use super::json::{features, json, json_lines};
use super::text;
use super::wrapping::wrapping;
use crate::config::{Container, TableFormat};
use crate::intake::file;

/// Bytes that a file may hold that is read whole, unpacked: the largest that is declared has some 60 MB.
const MOST_BYTES: usize = 500_000_000;

impl TextGrid {
    /// Reads a file whole, as its declaration says.
    ///
    /// # Errors
    /// When it cannot be had, is of another container, or larger than any of its kind.
    pub(crate) fn read(
        path: &Path,
        container: &Container<'_>,
        progress: &ProgressBar,
    ) -> Result<Self, TableError> {
        let start = |columns| {
            Ok(Self {
                columns,
                lines: Vec::new(),
            })
        };
        each_line(path, container, progress, start, |grid, number, cells| {
            grid.lines.push((number, cells.to_vec()));
            within(grid.columns.len() * grid.lines.len())
        })
    }
}

/// Reads a file as its declaration says: gives what takes its lines the columns, and then each line with its number in the file,
/// counted from 1.
///
/// # Errors
/// When it cannot be had, is of another container, or larger than any of its kind; and those of what takes its lines.
pub(super) fn each_line<T>(
    path: &Path,
    container: &Container<'_>,
    progress: &ProgressBar,
    start: impl FnOnce(Vec<String>) -> Result<T, TableError>,
    mut line: impl FnMut(&mut T, usize, &[String]) -> Result<(), TableError>,
) -> Result<T, TableError> {
    let bytes = || bytes(path, container, progress);
    let grid = match container.format {
        TableFormat::Csv => return text::each_line(path, container, progress, start, line),
        TableFormat::Xlsx => workbook(bytes()?, container),
        TableFormat::Json => json(&bytes()?, container),
        TableFormat::Geojson => features(&bytes()?, container),
        TableFormat::JsonLines => json_lines(&bytes()?, container),
        TableFormat::Parquet => parquet(bytes()?),
    }?;
    within(grid.columns.len() * grid.lines.len())?;
    let mut taken = start(grid.columns)?;
    for (number, cells) in &grid.lines {
        line(&mut taken, *number, cells)?;
    }
    Ok(taken)
}

/// The bytes of the content of a file.
fn bytes(
    path: &Path,
    container: &Container<'_>,
    progress: &ProgressBar,
) -> Result<Vec<u8>, TableError> {
    let take = |reader: &mut dyn Read| {
        let mut bytes = Vec::new();
        let read = reader.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes);
        read.map(|_| bytes)
    };
    let bytes = file::open(path, &wrapping(container), progress, take)?;
    let bytes = bytes.map_err(|error| file::FileError::damaged(path, error))?;
    match bytes.len() > MOST_BYTES {
        true => Err(TableError::TooLarge {
            what: "bytes",
            most: MOST_BYTES,
        }),
        false => Ok(bytes),
    }
}

fn workbook(bytes: Vec<u8>, container: &Container<'_>) -> Result<TextGrid, TableError> {
    let broken = |reason: String| broken("a workbook of Excel", reason);
    // What it would unpack to is told by its directory.
    let mut archive =
        ZipArchive::new(Cursor::new(&bytes)).map_err(|error| broken(error.to_string()))?;
    let mut unpacked = 0;
    for index in 0..archive.len() {
        let part = archive
            .by_index_raw(index)
            .map_err(|error| broken(error.to_string()))?;
        unpacked += part.size();
    }
    if unpacked > MOST_BYTES as u64 {
        return Err(TableError::TooLarge {
            what: "bytes",
            most: MOST_BYTES,
        });
    }
    let mut workbook: Xlsx<_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(error.to_string()))?;
    let sheets = workbook.sheet_names();
    let sheet = match container.sheet {
        Some(wanted) => sheets
            .iter()
            .find(|name| name.as_str() == wanted)
            .ok_or_else(|| {
                broken(format!(
                    "it has no sheet \"{wanted}\"; it has {}",
                    sheets.join(", ")
                ))
            })?,
        None => sheets
            .first()
            .ok_or_else(|| broken("it has no sheet".into()))?,
    };
    // The range is as large as its outermost cells say, however few there are.
    let [cells, filled] =
        extent(&mut workbook, sheet).map_err(|error| broken(error.to_string()))?;
    spread(cells, filled)?;
    let range = workbook
        .worksheet_range(sheet)
        .map_err(|error| broken(error.to_string()))?;
    let first = range.start().map_or(0, |(row, _)| row as usize);
    let cell = |cell: &Data| match cell {
        Data::Empty => String::new(),
        // A workbook keeps every number as a decimal one.
        Data::Float(number) => number.to_string(),
        // It keeps a day as a number too.
        Data::DateTime(time) if time.is_datetime() => {
            let (year, month, day, ..) = time.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        cell => cell.to_string().trim().to_owned(),
    };
    let mut rows = range.rows().enumerate();
    let wanted = (container.header as usize - 1).saturating_sub(first);
    let header = rows
        .nth(wanted)
        .ok_or_else(|| broken("it has no line of columns".into()))?;
    Ok(TextGrid {
        columns: header.1.iter().map(cell).collect(),
        lines: rows
            .map(|(row, cells)| (first + row + 1, cells.iter().map(cell).collect()))
            .collect(),
    })
}

/// The cells of the smallest rectangle from the first cell of a sheet that holds all of them, and how many hold something.
fn extent(
    workbook: &mut Xlsx<Cursor<impl AsRef<[u8]>>>,
    sheet: &str,
) -> Result<[usize; 2], XlsxError> {
    let mut cells = workbook.worksheet_cells_reader(sheet)?;
    let (mut filled, mut rows, mut columns) = (0, 0, 0);
    while let Some(cell) = cells.next_cell()? {
        let (row, column) = cell.get_position();
        filled += usize::from(*cell.get_value() != DataRef::Empty);
        rows = rows.max(row as usize + 1);
        columns = columns.max(column as usize + 1);
    }
    Ok([rows.saturating_mul(columns), filled])
}

/// Polars panics on some files that are no Parquet.
fn parquet(bytes: Vec<u8>) -> Result<TextGrid, TableError> {
    let read = catch_unwind(AssertUnwindSafe(|| columns_of(bytes)));
    match read {
        Ok(grid) => grid.map_err(|error| broken("Parquet", error)),
        Err(_) => Err(broken(
            "Parquet",
            "it is damaged, or written in a way that is not read",
        )),
    }
}

fn columns_of(bytes: Vec<u8>) -> Result<TextGrid, PolarsError> {
    let mut reader = ParquetReader::new(Cursor::new(bytes));
    let schema = reader.schema()?;
    let read = schema.iter_values().filter(|field| is_read(&field.dtype));
    let read = read.map(|field| field.name.to_string()).collect();
    let frame = reader.with_columns(Some(read)).finish()?;
    let columns = frame.columns();
    let others = schema.iter_values().filter(|field| !is_read(&field.dtype));
    let others: Vec<_> = others
        .map(|field| format!("{} ({:?}, which is not read)", field.name, field.dtype))
        .collect();
    let mut lines = Vec::with_capacity(frame.height());
    for row in 0..frame.height() {
        let mut cells = Vec::with_capacity(columns.len() + others.len());
        for column in columns {
            cells.push(cell(&column.get(row)?));
        }
        cells.resize(columns.len() + others.len(), String::new());
        lines.push((row + 1, cells));
    }
    let names = columns.iter().map(|column| column.name().to_string());
    Ok(TextGrid {
        columns: names.chain(others).collect(),
        lines,
    })
}

/// Whether the values of a column are text, numbers or yes and no. Dates and decimals of fixed point would make polars compile
/// twice what it does.
fn is_read(of: &ArrowDataType) -> bool {
    use ArrowDataType::{
        Boolean, Float32, Float64, Int32, Int64, LargeUtf8, UInt32, UInt64, Utf8, Utf8View,
    };
    matches!(
        of,
        Boolean | Float32 | Float64 | Int32 | Int64 | LargeUtf8 | UInt32 | UInt64 | Utf8 | Utf8View
    )
}

/// A value as text. Polars writes numbers for people, with as many digits as fit.
fn cell(value: &AnyValue<'_>) -> String {
    match value {
        AnyValue::Null => String::new(),
        AnyValue::String(text) => text.trim().to_owned(),
        AnyValue::StringOwned(text) => text.trim().to_owned(),
        AnyValue::Float64(number) => number.to_string(),
        AnyValue::Float32(number) => number.to_string(),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use polars::prelude::{Column, DataFrame, ParquetWriter};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;
    use crate::config::Table;

    /// What is read of a file, by a declaration of its container: each line with its number.
    fn read(bytes: &[u8], declared: &str) -> Result<String, String> {
        let text = format!("place = \"a\"\nattribution = \"a\"\nindicators = []\n{declared}");
        let table: Table = toml::from_str(&text).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        crate::files::write(&path, bytes).unwrap();
        let lines = each_line(
            &path,
            &table.container(),
            &ProgressBar::hidden(),
            |columns| Ok(vec![columns.join("|")]),
            |lines, number, cells| {
                lines.push(format!("{number} {}", cells.join("|")));
                Ok(())
            },
        );
        let lines = lines.map_err(|error| error.to_string())?;
        Ok(lines.join("\n"))
    }

    #[test]
    fn text_is_read_in_its_encoding_with_or_without_quotes_and_marks() {
        let marked = b"\xef\xbb\xbfcode;nom\r\n\"95018\";\"Argenteuil\"\r\n\"95039\"; Auvers \r\n";
        assert_eq!(
            read(marked, "").unwrap(),
            "code|nom\n2 95018|Argenteuil\n3 95039|Auvers"
        );
        let western = b"code;prix\n83137;12\x80 l\x92un\n";
        assert_eq!(
            read(western, "encoding = \"windows-1252\"").unwrap(),
            "code|prix\n2 83137|12€ l’un"
        );
        assert!(read(western, "").unwrap_err().contains("windows-1252"));
        let titled = b"Un titre\n\ncode,n\n01001,\"3,5\"\n";
        assert_eq!(
            read(titled, "separator = \",\"\nheader = 3").unwrap(),
            "code|n\n4 01001|3,5"
        );
        for end in ["\n", "\r\n"] {
            let lines = ["", "code;nom", "", "", "01001;\"A", "B\"", "", "01002;C"];
            let (open, closed) = (lines.join(end), lines.join(end) + end);
            for text in [open, closed] {
                let read = read(text.as_bytes(), "").unwrap();
                let [code, within] = read.split("A").collect::<Vec<_>>()[..] else {
                    panic!("{read}")
                };
                assert_eq!(code, "code|nom\n5 01001|");
                assert!(within.ends_with("B\n8 01002|C"), "{read}");
            }
        }
        // Letters of several bytes, wherever they are cut.
        let long = format!("code;nom\n{}", "01001;é’€\n".repeat(30_000));
        let read_of = read(long.as_bytes(), "").unwrap();
        assert!(read_of.ends_with("\n30001 01001|é’€"));
        let open = format!("code;nom\n01001;\"{}", "é".repeat(3_000_000));
        let error = read(open.as_bytes(), "").unwrap_err();
        assert!(error.contains("a quote may be opened"), "{error}");
    }

    #[test]
    fn the_sign_between_cells_is_found_in_the_header() {
        for sign in [";", ",", "|", "\t"] {
            let text = ["", "code;\"a, b | c\";n", "01001;3,5;1,5", "01002;4,5;2,5"].join("\n");
            let expected = match sign {
                "," => "code|a, b | c|n\n3 01001|3.5|1.5\n4 01002|4.5|2.5",
                _ => "code|a, b | c|n\n3 01001|3,5|1,5\n4 01002|4,5|2,5",
            };
            let text = match sign {
                "," => text.replace(",5", ".5"),
                _ => text,
            };
            assert_eq!(
                read(text.replace(';', sign).as_bytes(), "").unwrap(),
                expected
            );
        }
        // What stands above the header says nothing of it.
        let titled = b"Communes, zones, taux; 2025, 2026\ncode;n\n01001;3,5\n";
        assert_eq!(read(titled, "header = 2").unwrap(), "code|n\n3 01001|3,5");
        let error = read(b"code\n01001\n", "").unwrap_err();
        assert!(error.contains("its header has one cell"), "{error}");
        assert!(read(b"\n\n", "").unwrap_err().contains("it is empty"));
    }

    #[test]
    fn records_of_json_are_lines() {
        let agg = br#"{"aggs":[{"value":"95018","total":3,"aggs":[{"value":"A","total":2}]},{"value":"95002","total":1}]}"#;
        let declared = "format = \"json\"\nrecords = \"/aggs\"";
        assert_eq!(
            read(agg, declared).unwrap(),
            "aggs.A|total|value\n1 2|3|95018\n2 |1|95002"
        );
        let cut = br#"{"aggs":[{"value":"95018","total":3,"aggs":[{"value":"A","total":2,"total_other":1}]}],"total_other":0}"#;
        let error = read(cut, &format!("{declared}\nleft_out = \"total_other\"")).unwrap_err();
        assert!(error.contains("total_other is 1"), "{error}");
        read(agg, &format!("{declared}\nleft_out = \"total_other\"")).unwrap();
        let error = read(agg, "format = \"json\"").unwrap_err();
        assert!(error.contains("records names where it stands"), "{error}");
        let lines = b"{\"c\":\"01001\",\"n\":1.5}\n{\"c\":\"01002\",\"n\":null}\n";
        assert_eq!(
            read(lines, "format = \"json-lines\"").unwrap(),
            "c|n\n1 01001|1.5\n2 01002|"
        );
        let lists = br#"[{"c":"01001","n":[1,2],"none":[],"of":[{"x":1}]}]"#;
        assert_eq!(
            read(lists, "format = \"json\"").unwrap(),
            "c|n\n1 01001|[1,2]"
        );
        let features = br#"{"features":[{"properties":{"c":"01001"},"geometry":null}]}"#;
        assert_eq!(
            read(features, "format = \"geojson\"").unwrap(),
            "c\n1 01001"
        );
        assert!(
            read(b"{", "format = \"json\"")
                .unwrap_err()
                .contains("cannot be read as JSON")
        );
    }

    #[test]
    fn parquet_is_read_and_what_is_none_is_told() {
        let mut frame = DataFrame::new_infer_height(vec![
            Column::new("code".into(), ["95018", "95002"]),
            Column::new("n".into(), [Some(1.5), None]),
            Column::new("large".into(), [12_345_678.912_345, 249_500_489.0]),
            Column::new("small".into(), [0.1_f32, 0.000_012_3]),
        ])
        .unwrap();
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
        let declared = "format = \"parquet\"";
        assert_eq!(
            read(&bytes, declared).unwrap(),
            "code|n|large|small\n1 95018|1.5|12345678.912345|0.1\n2 95002||249500489|0.0000123"
        );
        for damaged in [&bytes[..bytes.len() / 2], b"PAR1PAR1", b""] {
            assert!(
                read(damaged, declared)
                    .unwrap_err()
                    .contains("cannot be read as Parquet")
            );
        }
    }

    #[test]
    fn json_may_begin_with_a_mark() {
        let records = "\u{feff}[{\"code\":\"95018\"}]";
        let lines = "\u{feff}{\"code\":\"95018\"}\n";
        for (text, format) in [(records, "json"), (lines, "json-lines")] {
            let read = read(text.as_bytes(), &format!("format = \"{format}\""));
            assert_eq!(read.unwrap(), "code\n1 95018");
        }
    }

    #[test]
    fn what_is_nearly_empty_does_not_fill_the_memory() {
        let records = (0..10_000).map(|number| format!("{{\"n{number}\":1}}\n"));
        let error = read(
            records.collect::<String>().as_bytes(),
            "format = \"json-lines\"",
        );
        assert!(error.unwrap_err().contains("hold something"));
        let cell = |at: &str| format!("<c r=\"{at}\"><v>1</v></c>");
        let rows = [
            (1, cell("A1") + &cell("B1")),
            (1_048_576, cell("XFD1048576")),
        ];
        let rows = rows.map(|(row, cells)| format!("<row r=\"{row}\">{cells}</row>"));
        let error = read(&workbook(&rows.concat()), "format = \"xlsx\"").unwrap_err();
        assert!(error.contains("cells"), "{error}");
    }

    /// A workbook of a sheet with some rows.
    fn workbook(rows: &str) -> Vec<u8> {
        let sheet = format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>"
        );
        let main = "http://schemas.openxmlformats.org";
        let parts = [
            (
                "[Content_Types].xml",
                format!("<Types xmlns=\"{main}/package/2006/content-types\"/>"),
            ),
            (
                "_rels/.rels",
                format!(
                    "<Relationships xmlns=\"{main}/package/2006/relationships\"><Relationship Id=\"r\" Type=\"{main}/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/workbook.xml",
                format!(
                    "<workbook xmlns=\"{main}/spreadsheetml/2006/main\" xmlns:r=\"{main}/officeDocument/2006/relationships\"><sheets><sheet name=\"COMM\" sheetId=\"1\" r:id=\"s\"/></sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    "<Relationships xmlns=\"{main}/package/2006/relationships\"><Relationship Id=\"s\" Type=\"{main}/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
                ),
            ),
            ("xl/worksheets/sheet1.xml", sheet),
        ];
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            archive
                .start_file(name, SimpleFileOptions::default())
                .unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn a_workbook_is_read_from_the_line_of_its_columns() {
        // With a title above the table.
        let cell = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
        let bytes = workbook(&format!(
            "<row>{}</row><row>{}{}</row><row>{}<c><v>905</v></c></row>",
            cell("Un titre"),
            cell("CODGEO"),
            cell("vacants"),
            cell("95018"),
        ));
        let declared = "format = \"xlsx\"\nheader = 2";
        assert_eq!(
            read(&bytes, declared).unwrap(),
            "CODGEO|vacants\n3 95018|905"
        );
        let error = read(&bytes, "format = \"xlsx\"\nsheet = \"DEP\"").unwrap_err();
        assert!(error.contains("no sheet \"DEP\"; it has COMM"), "{error}");
        for damaged in [&bytes[..bytes.len() / 2], b"code;n\n1;2\n"] {
            assert!(
                read(damaged, declared)
                    .unwrap_err()
                    .contains("cannot be read as a workbook")
            );
        }
    }
}
