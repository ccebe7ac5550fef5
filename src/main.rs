//! The `immostats` program; everything is in the library.

/// Figures and pages are made of many small allocations on all cores, which the system's allocator serialises.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    immostats::cli::main()
}
