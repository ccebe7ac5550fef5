//! Small markets: a few communes, a year or two, some dozens of pages. Their files change as releases do. Neighbours are near
//! enough, and sell enough, for estimates and the estimator.

use proptest::prelude::RngExt;
use proptest::test_runner::{RngAlgorithm, TestRng};

use crate::support::{GEO_DVF_HEADER, Project};

/// Cayenne, Iracoubo, Kourou, Macouria, Mana and Matoury, six of the 22 communes of the Guyane.
pub const GUYANE: [&str; 6] = ["97302", "97303", "97304", "97305", "97306", "97307"];

/// Three communes of the Var; files of a single commune make a page of that commune only.
pub const VAR: [&str; 3] = ["83137", "83061", "83126"];

/// Where columns stand in geo-DVF.
const NUMBER: usize = 0;
const DATE: usize = 1;
const PRICE: usize = 4;
const COMMUNE: usize = 10;
const LATITUDE: usize = 39;

/// The same numbers at each run of the test.
pub fn random(seed: u64) -> TestRng {
    TestRng::from_seed(
        RngAlgorithm::ChaCha,
        blake3::hash(&seed.to_le_bytes()).as_bytes(),
    )
}

/// A file of sales: what it covers and its lines, without the header.
#[derive(Clone, Debug, PartialEq)]
pub struct Release {
    /// As `--scope` takes it: the file covers the same months whatever it holds.
    pub scope: String,
    pub lines: Vec<String>,
}

impl Release {
    /// A year of flats and houses of some communes: two flats and a house a month and commune, each commune at a price
    /// level of its own.
    pub fn of_year(territory: &str, communes: &[&str], year: u16, seed: u64) -> Self {
        let mut random = random(seed);
        let mut lines = Vec::new();
        for month in 1..=12 {
            for (index, commune) in communes.iter().enumerate() {
                for (kind, level) in [(2, 2_000), (2, 2_000), (1, 3_000)] {
                    let surface = random.random_range(30..120_u32);
                    let per_m2 = level + 200 * index as u32 + random.random_range(0..800);
                    let day = random.random_range(1..=28_u32);
                    lines.push(line(&Sale {
                        number: lines.len(),
                        date: format!("{year}-{month:02}-{day:02}"),
                        commune: (*commune).to_owned(),
                        kind,
                        price: surface * per_m2,
                        surface,
                    }));
                }
            }
        }
        Self {
            scope: format!("{territory}@{year}-01..{year}-12"),
            lines,
        }
    }

    /// The communes that have sales, sorted.
    pub fn communes(&self) -> Vec<String> {
        let mut communes: Vec<_> = self
            .lines
            .iter()
            .map(|line| column(line, COMMUNE).to_owned())
            .collect();
        communes.sort_unstable();
        communes.dedup();
        communes
    }

    /// A later edition: one mutation in ten is gone, one in ten has sold again since, at another price.
    pub fn revise(&mut self, seed: u64) {
        let mut random = random(seed);
        let mut lines = Vec::new();
        let (mut number, mut fate) = (String::new(), 0);
        for line in &self.lines {
            if column(line, NUMBER) != number {
                number = column(line, NUMBER).to_owned();
                fate = random.random_range(0..10_u32);
            }
            match fate {
                0 => continue,
                1 => {
                    let price: f64 = column(line, PRICE).parse().unwrap_or(100_000.0);
                    let again = with(line, NUMBER, &format!("{number}-{seed}"));
                    lines.push(with(&again, PRICE, &(price + 1_000.0).to_string()));
                }
                _ => {}
            }
            lines.push(line.clone());
        }
        if !lines.is_empty() {
            self.lines = lines;
        }
    }

    /// Multiplies the prices of a commune.
    pub fn reprice(&mut self, commune: &str, percent: u32) {
        for line in self
            .lines
            .iter_mut()
            .filter(|line| column(line, COMMUNE) == commune)
        {
            if let Ok(price) = column(line, PRICE).parse::<f64>() {
                *line = with(
                    line,
                    PRICE,
                    &(price * f64::from(percent) / 100.0).round().to_string(),
                );
            }
        }
    }

    /// Corrects where the sales of a commune are, as far as the file knows it.
    pub fn relocate(&mut self, commune: &str, thousandths: i32) {
        let moved = self.lines.iter_mut();
        for line in moved.filter(|line| column(line, COMMUNE) == commune) {
            if let Ok(latitude) = column(line, LATITUDE).parse::<f64>() {
                let latitude = latitude + f64::from(thousandths) / 1e3;
                *line = with(line, LATITUDE, &format!("{latitude:.6}"));
            }
        }
    }

    /// Takes all sales of a commune out, unless the file would be left empty.
    pub fn withdraw(&mut self, commune: &str) {
        if self.communes() != [commune] {
            self.lines.retain(|line| column(line, COMMUNE) != commune);
        }
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        format!("{GEO_DVF_HEADER}\n{}\n", self.lines.join("\n"))
    }

    /// Writes the file into a project and gives the arguments that import it, whatever the gates say: editions of small
    /// markets differ more than those of France.
    pub fn arguments(&self, project: &Project) -> Vec<String> {
        let name = format!("releases/{}.csv", self.scope);
        let file = project.file(&name, self.text());
        let file = file.to_str().unwrap();
        ["import", "--force", "--scope", &self.scope, file]
            .map(str::to_owned)
            .to_vec()
    }

    /// Imports the file.
    #[track_caller]
    pub fn import(&self, project: &Project) {
        self.import_with(project, &[]);
    }

    /// Imports the file with further arguments.
    #[track_caller]
    pub fn import_with(&self, project: &Project, more: &[&str]) {
        let arguments = self.arguments(project);
        let arguments = arguments.iter().map(String::as_str);
        project.run(&arguments.chain(more.iter().copied()).collect::<Vec<_>>());
    }
}

/// The sale of one flat (2) or house (1).
struct Sale {
    number: usize,
    date: String,
    commune: String,
    kind: u8,
    /// €.
    price: u32,
    /// m².
    surface: u32,
}

/// Where a sale is, latitude and longitude in degrees: near the middle of its commune. The communes of a département stand in
/// a row, eleven kilometres (eight in the Var) from one to the next. Nobody knows of one in six.
fn position(commune: &str, number: usize) -> Option<[f64; 2]> {
    let (latitude, longitude) = match &commune[..2] {
        "97" => (4.05, -53.15),
        "83" => (43.12, 5.23),
        _ => (45.75, 4.75),
    };
    let place: f64 = commune[4..].parse().ok()?;
    let near = |salt: usize| ((number * 7 + salt) % 23) as f64 / 1e3 - 0.011;
    let known = !number.is_multiple_of(6);
    known.then(|| [latitude + near(3), longitude + place / 10.0 + near(number)])
}

fn line(sale: &Sale) -> String {
    let Sale {
        number,
        date,
        commune,
        kind,
        price,
        surface,
    } = sale;
    let departement = if commune.starts_with("97") {
        &commune[..3]
    } else {
        &commune[..2]
    };
    let position = position(commune, *number);
    let degrees = |axis: usize| position.map_or_else(String::new, |p| format!("{:.6}", p[axis]));
    let fields = [
        ("id_mutation", format!("{}-{}", &date[..4], number + 1)),
        ("date_mutation", date.clone()),
        ("numero_disposition", "000001".into()),
        ("nature_mutation", "Vente".into()),
        ("valeur_fonciere", price.to_string()),
        ("code_commune", commune.clone()),
        ("code_departement", departement.into()),
        ("id_parcelle", format!("{commune}000AB{number:04}")),
        ("nombre_lots", "0".into()),
        ("code_type_local", kind.to_string()),
        (
            "type_local",
            if *kind == 1 { "Maison" } else { "Appartement" }.into(),
        ),
        ("surface_reelle_bati", surface.to_string()),
        ("nombre_pieces_principales", (1 + surface / 25).to_string()),
        ("longitude", degrees(1)),
        ("latitude", degrees(0)),
    ];
    let value = |column| {
        let field = fields.iter().find(|(name, _)| *name == column);
        field.map_or_else(String::new, |(_, value)| value.clone())
    };
    GEO_DVF_HEADER
        .split(',')
        .map(value)
        .collect::<Vec<_>>()
        .join(",")
}

/// The month of a line.
pub fn month(line: &str) -> &str {
    &column(line, DATE)[..7]
}

pub fn column(line: &str, index: usize) -> &str {
    line.split(',').nth(index).unwrap_or_default()
}

pub fn with(line: &str, index: usize, value: &str) -> String {
    let mut columns: Vec<&str> = line.split(',').collect();
    columns[index] = value;
    columns.join(",")
}

/// A small site of the Guyane and the Var, built. Gives the file of the Guyane.
pub fn small_site() -> (Project, Release) {
    let project = Project::new(&["973", "83"]);
    let release = Release::of_year("973", &GUYANE, 2024, 5);
    release.import(&project);
    Release::of_year("83061", &VAR[1..2], 2024, 6).import(&project);
    project.run(&["build"]);
    (project, release)
}
