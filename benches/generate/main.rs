//! The generator of yearly DVF files as a program: `cargo run --release --example generate -- --help`.

#![allow(
    clippy::disallowed_methods,
    reason = "the files are the input of benchmarks, made in a folder that nothing else uses"
)]

#[path = "generator.rs"]
mod generator;

fn main() -> anyhow::Result<()> {
    generator::generate(&clap::Parser::parse())
}
