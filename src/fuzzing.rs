//! What fuzz targets call, a function each; the test of their corpus calls them too. Any bytes may come in: a panic is a
//! fault, and so is a file that is read differently when it is cut in other places.

use std::fs::File;
use std::io::Write;
use std::os::fd::AsRawFd;
use std::path::Path;
use std::sync::LazyLock;

use indicatif::ProgressBar;
use jiff::civil::Date;
use rustix::fs::{MemfdFlags, memfd_create};
use tera::{Context, Tera};

use crate::app::Project;
use crate::app::state;
use crate::config::{COG_ITEMS, Config, ConfigFile, FILE_NAME, Source, Table};
use crate::deploy::Services;
use crate::geo::Geography;
use crate::intake::cog::{Edition, embedded};
use crate::intake::contours::ContourFile;
use crate::intake::table::{PlaceKeys, PlaceTerms, Reading, TableFile};
use crate::intake::{ReadTerms, dvf};
use crate::site;
use crate::source;

const GEO_DVF: &str = include_str!("../fuzz/geo-dvf.csv");
const DGFIP: &str = include_str!("../fuzz/dgfip.txt");

/// Each target by its name, which is that of its folder of inputs in `fuzz/corpus`.
pub const TARGETS: [(&str, Target); 10] = [
    ("line", line),
    ("header", header),
    ("file", file),
    ("cog", cog),
    ("contours", contours),
    ("configuration", configuration),
    ("state", state),
    ("upstream", upstream),
    ("filters", filters),
    ("table", table),
];

/// Takes any bytes.
pub type Target = fn(&[u8]);

/// Where files are cut. The first one is larger than any input.
const CHUNKS: [usize; 4] = [1 << 20, 1, 7, 100];

static FRANCE: LazyLock<Geography> =
    LazyLock::new(|| embedded().expect("the embedded edition is sound"));

/// Makes what every input of a file is read against, so that the first does not take the time for it.
pub fn prepare() {
    LazyLock::force(&FRANCE);
}

/// Bytes as a file, in memory.
fn with_file(bytes: &[u8], work: impl FnOnce(&Path)) {
    let memory = memfd_create("input", MemfdFlags::CLOEXEC).expect("memory is there");
    let mut memory = File::from(memory);
    memory.write_all(bytes).expect("memory is there");
    work(Path::new(&format!("/proc/self/fd/{}", memory.as_raw_fd())));
}

fn read(bytes: &[u8], chunks: &[usize]) {
    with_file(bytes, |path| {
        for tolerance in [0.0, 1.0] {
            let terms = ReadTerms {
                tolerance,
                latest: Date::MAX,
            };
            let read = |&chunk| dvf::read_by(chunk, path, terms, &FRANCE, &ProgressBar::hidden());
            let mut found = chunks
                .iter()
                .map(read)
                .map(|found| found.map_err(|error| error.to_string()));
            let whole = found.next().expect("there is a first chunk size");
            assert!(
                found.all(|found| found == whole),
                "cut elsewhere, it reads differently"
            );
        }
    });
}

/// A line of either format, below sound names of columns and before a sound line.
pub fn line(bytes: &[u8]) {
    for text in [GEO_DVF, DGFIP] {
        let (names, sound) = text.split_once('\n').expect("it has two lines");
        read(
            &[names.as_bytes(), b"\n", bytes, b"\n", sound.as_bytes()].concat(),
            &CHUNKS[..2],
        );
    }
}

/// Names of columns, above sound lines.
pub fn header(bytes: &[u8]) {
    for text in [GEO_DVF, DGFIP] {
        let (_, sound) = text.split_once('\n').expect("it has two lines");
        read(&[bytes, b"\n", sound.as_bytes()].concat(), &CHUNKS[..1]);
    }
}

/// A whole file, compressed or not.
pub fn file(bytes: &[u8]) {
    read(bytes, &CHUNKS);
}

/// The files of the Code officiel géographique, parted by zeros.
pub fn cog(bytes: &[u8]) {
    let mut texts = bytes
        .split(|&byte| byte == 0)
        .map(|text| String::from_utf8_lossy(text).into_owned());
    let texts =
        [const { String::new() }; COG_ITEMS.len()].map(|_| texts.next().unwrap_or_default());
    let _ = Edition::from_texts(texts);
}

/// The first byte says how the others are declared. Workbooks and Parquet are left to the crates that read them.
pub fn table(bytes: &[u8]) {
    static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| {
        [
            "decimal = \",\"\nencoding = \"windows-1252\"\nindicators = [{ id = \"b\", column = \"v_{yy}\", rollup = \"sum\" }]",
            "separator = \",\"\nperiod = \"y\"\nwhere = { k = \"all\" }\nindicators = [{ id = \"b\", column = \"v\" }, { id = \"c\", count = true, where = { v = [\"1\", \"2\"] } }]",
            "format = \"json\"\nrecords = \"/aggs\"\nedition = 2026\nblank = \"zero\"\nindicators = [{ id = \"b\", column = \"aggs.A\" }, { id = \"c\", column = \"total\" }]",
            "format = \"json-lines\"\nplaces = \"mixed\"\nedition = 2026\nindicators = [{ id = \"b\", column = \"v*\", categories = { x = \"X\" } }]",
            "places = \"plot\"\nby_departement = true\ndistinct = \"k\"\nedition = 2026\nindicators = [{ id = \"b\", count = true, rollup = \"sum\" }]",
            "format = \"geojson\"\nedition = 2026\nindicators = [{ id = \"b\", column = \"v\" }]",
        ]
        .map(|more| {
            let text = format!("place = \"p\"\nattribution = \"a\"\n{more}\n");
            toml::from_str(&text).expect("the declaration is sound")
        })
        .into()
    });
    let Some((first, bytes)) = bytes.split_first() else {
        return;
    };
    let declared = &TABLES[usize::from(*first) % TABLES.len()];
    with_file(bytes, |path| {
        let terms = PlaceTerms {
            geography: &FRANCE,
            keys: &PlaceKeys::new(),
        };
        let read = || TableFile::read(path, "a", declared, terms, &ProgressBar::hidden());
        let file = read().map_err(|error| error.to_string());
        assert_eq!(file, read().map_err(|error| error.to_string()));
        let values = file.iter().flat_map(|file| &file.series);
        let mut readings = values.flat_map(|series| series.values.values());
        let is_sound = |reading: &Reading| reading.number().is_none_or(f64::is_finite);
        assert!(readings.all(is_sound), "a number that is none");
    });
}

/// A file of contours: whatever is read makes borders that rings can be put together from.
pub fn contours(bytes: &[u8]) {
    let Ok(file) = ContourFile::of(bytes, &FRANCE) else {
        return;
    };
    for layer in file.layers.values() {
        let codes: Vec<_> = layer.codes().collect();
        for layer in [layer.clone(), layer.simplified(1_000)] {
            assert!(layer.is_whole());
            let rings = layer.outline(&codes);
            assert!(rings.iter().all(|ring| ring.len() > 1));
        }
    }
}

/// `immostats.toml`.
pub fn configuration(bytes: &[u8]) {
    let folder = folder();
    write(&folder.path().join(FILE_NAME), bytes);
    if let Ok(file) = ConfigFile::open(folder.path()) {
        let (_, _) = (Config::read(&file), Services::read(&file));
    }
}

/// A state file: these bytes, and an archive of them that is packed and sealed as it should be.
pub fn state(bytes: &[u8]) {
    let folder = folder();
    write(&folder.path().join(FILE_NAME), b"");
    let project = Project::new(folder.path().to_owned(), false);
    for bytes in [bytes.to_vec(), sealed(bytes)] {
        with_file(&bytes, |path| {
            let _ = state::restore(&project, path, true);
        });
    }
}

/// An answer of the data.gouv.fr API on a dataset.
pub fn upstream(bytes: &[u8]) {
    static SOURCE: LazyLock<Source> = LazyLock::new(|| {
        let sources = Config::default().sources.0;
        sources
            .into_iter()
            .find(|source| source.dataset.is_some())
            .expect("one ships")
    });
    let _ = source::picked_resources(&SOURCE, bytes);
    source::read_pages(bytes);
}

/// A value given to each filter of the templates: JSON.
pub fn filters(bytes: &[u8]) {
    static TEMPLATES: LazyLock<(Tera, Vec<String>)> = LazyLock::new(|| {
        let mut tera = Tera::default();
        site::register_filters(&mut tera);
        let calls = [
            "number",
            "euros",
            "per_m2",
            "surface",
            "percent",
            "count(one=\"vente\", many=\"ventes\")",
            "month",
            "month_name",
            "quarter",
            "day",
            "span(to=value)",
        ];
        let templates = calls.map(|call| (call.to_owned(), format!("{{{{ value | {call} }}}}")));
        tera.add_raw_templates(templates.clone())
            .expect("the filters are there");
        (tera, calls.map(str::to_owned).to_vec())
    });
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(bytes) else {
        return;
    };
    let mut context = Context::new();
    context.insert("value", &value);
    for name in &TEMPLATES.1 {
        let _ = TEMPLATES.0.render(name, &context);
    }
}

/// An archive packed and sealed as [`state::save`] does.
fn sealed(archive: &[u8]) -> Vec<u8> {
    let mut file = zstd::encode_all(archive, 1).expect("memory is there");
    let hash = blake3::hash(&file);
    file.extend(state::SEAL);
    file.extend(hash.as_bytes());
    file
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("there is a folder for temporary files")
}

fn write(path: &Path, bytes: &[u8]) {
    crate::files::write(path, bytes).expect("the folder takes files");
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    /// Each input that once mattered is still read, or refused with a reason.
    #[test]
    fn the_corpus_is_read_without_a_panic() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
        for (name, target) in super::TARGETS {
            let inputs = fs::read_dir(corpus.join(name)).unwrap();
            let mut count = 0;
            for input in inputs {
                target(&fs::read(input.unwrap().path()).unwrap());
                count += 1;
            }
            assert!(count > 0, "{name} has no corpus");
        }
    }
}
