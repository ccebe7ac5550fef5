//! A bound of the memory that templates of others may take: a value that doubles in a loop would take all that there is.

use std::sync::Once;
use std::time::Duration;

/// Bytes that a process may take beyond what it has when the watch begins: several times what a national site takes.
const BOUND: u64 = 2 << 30;

/// Between two looks. At the speed at which memory is written, it grows by some 100 MB meanwhile.
const PAUSE: Duration = Duration::from_millis(10);

/// From here on, the process ends with an error before templates of others make it take all of the machine's memory. What
/// it writes is whole whenever it ends.
pub(crate) fn watch() {
    static WATCH: Once = Once::new();
    WATCH.call_once(|| {
        let Some(begun) = resident() else { return };
        std::thread::spawn(move || {
            while let Some(now) = resident() {
                if now > begun + BOUND {
                    eprintln!(
                        "error: a template takes more than {} GB of memory; see whether a value of it grows in a loop",
                        BOUND >> 30
                    );
                    std::process::exit(1);
                }
                std::thread::sleep(PAUSE);
            }
        });
    });
}

/// Bytes of memory that the process takes; `None` where the system does not tell.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let resident = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = resident.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes << 10)
}
