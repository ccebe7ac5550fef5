//! The `immostats` program; everything is in the library.

fn main() -> std::process::ExitCode {
    immostats::cli::main()
}
