//! A project in a temporary folder, and the executable at work on it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

/// The columns of geo-DVF.
pub const GEO_DVF_HEADER: &str = "id_mutation,date_mutation,numero_disposition,nature_mutation,valeur_fonciere,adresse_numero,adresse_suffixe,adresse_nom_voie,adresse_code_voie,code_postal,code_commune,nom_commune,code_departement,ancien_code_commune,ancien_nom_commune,id_parcelle,ancien_id_parcelle,numero_volume,lot1_numero,lot1_surface_carrez,lot2_numero,lot2_surface_carrez,lot3_numero,lot3_surface_carrez,lot4_numero,lot4_surface_carrez,lot5_numero,lot5_surface_carrez,nombre_lots,code_type_local,type_local,surface_reelle_bati,nombre_pieces_principales,code_nature_culture,nature_culture,code_nature_culture_speciale,nature_culture_speciale,surface_terrain,longitude,latitude";

/// A file of the sample that ships.
pub fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("data/sample")
        .join(name)
}

/// The files of the Val-d'Oise, five whole years.
pub fn val_d_oise() -> [PathBuf; 5] {
    [2021, 2022, 2023, 2024, 2025].map(|year| sample(&format!("95-valdoise-{year}.csv.gz")))
}

/// A project of its own, removed at the end of the test.
pub struct Project {
    folder: TempDir,
}

/// What a run of the executable left.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The JSON objects that the run printed with `--log-format json`.
    pub fn json(&self) -> Vec<serde_json::Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

impl Project {
    /// A project whose pages are those of the given départements only, so that builds are quick.
    pub fn new(departements: &[&str]) -> Self {
        let project = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let list: Vec<_> = departements
            .iter()
            .map(|code| format!("\"{code}\""))
            .collect();
        project.configure(&format!(
            "[site]\naddress = \"https://prix.example.fr\"\ndepartements = [{}]\n",
            list.join(", ")
        ));
        project
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// Replaces immostats.toml.
    pub fn configure(&self, text: &str) {
        fs::write(self.path("immostats.toml"), text).unwrap();
    }

    /// Writes a file of the project's folder, gzipped when its name ends in `.gz`.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if name.ends_with(".gz") {
            let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
            gzip.write_all(bytes.as_ref()).unwrap();
            fs::write(&path, gzip.finish().unwrap()).unwrap();
        } else {
            fs::write(&path, bytes).unwrap();
        }
        path
    }

    /// The executable, about to work on this project.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_immostats"));
        command
            .arg("--root")
            .arg(self.root())
            .current_dir(self.root());
        command
    }

    /// Runs the executable and gives what it left, whatever its exit code.
    pub fn try_run(&self, arguments: &[&str]) -> Run {
        Run::from(self.command().args(arguments).output().unwrap())
    }

    /// Runs the executable, which has to succeed.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Run {
        let run = self.try_run(arguments);
        assert_eq!(run.code, 0, "{arguments:?}\n{}{}", run.stdout, run.stderr);
        run
    }

    /// Imports files.
    #[track_caller]
    pub fn import(&self, files: &[&Path]) -> Run {
        let mut arguments = vec!["import"];
        arguments.extend(files.iter().map(|file| file.to_str().unwrap()));
        self.run(&arguments)
    }

    /// The site's files with their bytes, but those that carry the time of a run.
    pub fn site(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = tree(&self.path("site"));
        files.retain(|path, _| {
            !["version.json", "api/health.json", "admin/index.html"].contains(&path.as_str())
                && !path.starts_with("archive/")
        });
        files
    }

    /// A JSON file of the site.
    pub fn json(&self, path: &str) -> serde_json::Value {
        let bytes = fs::read(self.path("site").join(path)).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }
}

/// All files below a folder, by their relative path.
pub fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap();
            (path.to_owned(), fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// The lines of a gzipped file of the sample, header first.
pub fn lines(path: &Path) -> Vec<String> {
    use std::io::Read;
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(fs::File::open(path).unwrap())
        .read_to_string(&mut text)
        .unwrap();
    text.lines().map(str::to_owned).collect()
}

/// Starts a server on a free port of 127.0.0.1, which ends with the test's process, and gives its address.
pub fn serve(router: axum::Router) -> String {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
    });
    address
}
