//! Makes yearly DVF files of the whole country, as many years and as large as wanted: what the benchmarks run on.
//!
//! Places are real (codes, names, postal codes, populations of the COG), sales are not. The same options always give the
//! same bytes, on any machine and any number of threads: each commune draws its sales of a year from a stream of its own,
//! so that a file of some départements, or of some months, holds the very sales of the national one.

mod calendar;
mod departements;
mod draft;
mod emit;
mod format;
mod period;
mod places;
mod plots;
mod random;
mod record;
mod row;
mod sales;
mod words;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::{Parser, ValueEnum};
use flate2::{Compression, write::GzEncoder};
use rayon::prelude::*;

use emit::{Counts, Plan};
use format::Format;
use period::Period;

/// Makes yearly DVF files of the whole country, the same bytes for the same options.
#[derive(Parser)]
pub(crate) struct Options {
    /// The folder to write in
    #[arg(long)]
    out: PathBuf,
    /// The years or months covered: `2024`, `2021-2025` or, as in October, `2020-07..2025-06`
    #[arg(long, default_value = "2021-2025")]
    years: Period,
    /// The size: at 1, about 1.4 million mutations and 3.4 million lines a year
    #[arg(long, default_value_t = 1.0)]
    scale: f64,
    /// What the sales are drawn from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only these départements, for example `83,69`
    #[arg(long, value_delimiter = ',')]
    departements: Vec<String>,
    /// The form of the lines; the same sales in either
    #[arg(long, value_enum, default_value_t = Source::GeoDvf)]
    format: Source,
    /// In the last year, three sales of this commune (or arrondissement) less and four more
    #[arg(long, value_name = "CODE")]
    change: Option<String>,
    /// geo-DVF as made since 2026: the whole country sorted by date and price, a new number at each change of these
    #[arg(long)]
    new_chain: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Source {
    GeoDvf,
    Dgfip,
}

/// Makes the files and says what they hold.
pub(crate) fn generate(options: &Options) -> Result<()> {
    let start = Instant::now();
    ensure!(
        !(options.new_chain && options.format == Source::Dgfip),
        "--new-chain is about geo-DVF, not about the DGFiP source"
    );
    let plan = Plan {
        departements: places::load()?,
        only: options.departements.clone(),
        period: options.years,
        scale: options.scale,
        seed: options.seed,
        change: options.change.clone(),
        format: match options.format {
            Source::GeoDvf if options.new_chain => Format::NewChain,
            Source::GeoDvf => Format::GeoDvf,
            Source::Dgfip => Format::Dgfip,
        },
    };
    plan.check()?;
    fs::create_dir_all(&options.out)
        .with_context(|| format!("creating the folder {}", options.out.display()))?;
    let write = |year: i16| write_year(&plan, year, options);
    // The new chain sorts a whole year in memory, so years are made one after the other.
    let files: Vec<(String, Counts, u64)> = if options.new_chain {
        options.years.years().map(write).collect::<Result<_>>()?
    } else {
        options
            .years
            .years()
            .into_par_iter()
            .map(write)
            .collect::<Result<_>>()?
    };
    let mut total = (Counts::default(), 0);
    for (name, counts, bytes) in &files {
        print_counts(name, counts, *bytes);
        total.0 += *counts;
        total.1 += bytes;
    }
    print_counts("total", &total.0, total.1);
    println!("{:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn print_counts(name: &str, counts: &Counts, bytes: u64) {
    println!(
        "{name:24} {:>9} lines {:>9} mutations {:>8.1} MB",
        counts.lines,
        counts.mutations,
        bytes as f64 / 1e6
    );
}

/// Makes the file of `year` and gives its name, what it holds and its size.
fn write_year(plan: &Plan, year: i16, options: &Options) -> Result<(String, Counts, u64)> {
    let name = plan.format.file_name(year);
    let path = options.out.join(&name);
    let written = || -> Result<(Counts, u64)> {
        let mut file = BufWriter::with_capacity(1 << 20, File::create(&path)?);
        let counts = if plan.format == Format::Dgfip {
            plan.write(year, &mut file)?
        } else {
            let mut encoder = GzEncoder::new(&mut file, Compression::new(5));
            let counts = plan.write(year, &mut encoder)?;
            encoder.finish()?;
            counts
        };
        file.flush()?;
        Ok((counts, file.get_ref().metadata()?.len()))
    };
    let (counts, bytes) = written().with_context(|| format!("writing {}", path.display()))?;
    Ok((name, counts, bytes))
}
