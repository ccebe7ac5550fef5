//! Killed anywhere, still whole.

use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::os::unix::process::ExitStatusExt;
use std::time::{Duration, Instant};

use crate::support::Project;

/// When a process is killed.
#[derive(Clone, Debug)]
pub enum Moment {
    /// So long after its start.
    After(Duration),
    /// So long after a file shows that is not there yet.
    Shows(PathBuf, Duration),
}

/// Starts the executable and kills it at a moment. Whether it was still at work then.
pub fn run_until(project: &Project, arguments: &[&str], moment: &Moment) -> bool {
    let mut child = project
        .command()
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    match moment {
        Moment::After(delay) => std::thread::sleep(*delay),
        Moment::Shows(path, delay) => {
            while !path.exists() && child.try_wait().unwrap().is_none() {
                std::thread::sleep(Duration::from_micros(50));
            }
            std::thread::sleep(*delay);
        }
    }
    kill(&mut child)
}

fn kill(child: &mut Child) -> bool {
    // Refused when the process has ended already.
    let _ = child.kill();
    child.wait().unwrap().signal() == Some(9)
}
