//! The program at its named stopping points, and what else a test waits for: events, never a clock.

use std::os::unix::net::{UnixListener, UnixStream};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use immostats::base::stop::{StopPoint, VARIABLE};
use tempfile::TempDir;

/// Longer than anything that a test waits for takes on a busy machine; who has waited so long has failed.
const PATIENCE: Duration = Duration::from_secs(120);

/// Waits for something to be there.
#[track_caller]
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(
            started.elapsed() < PATIENCE,
            "{what} was waited for in vain"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Waits until a process is blocked by a lock that another holds, as the kernel lists it.
#[track_caller]
pub fn wait_until_blocked(process: &mut Child) {
    let pid = process.id().to_string();
    wait_for("a process that waits for the lock", || {
        assert!(
            process.try_wait().unwrap().is_none(),
            "it ended in place of waiting"
        );
        let locks = std::fs::read_to_string("/proc/locks").unwrap();
        let mut waiting = locks.lines().filter(|line| line.contains("-> FLOCK"));
        waiting
            .any(|line| line.split_whitespace().any(|word| word == pid))
            .then_some(())
    });
}

/// A process that waits at a stopping point.
pub struct Stopped {
    process: Child,
    /// Closed, it lets the process go on.
    connection: UnixStream,
    _folder: TempDir,
}

/// Starts a command and waits until it has come to a point for the `time`th time, where it waits.
#[track_caller]
pub fn start_until(command: &mut Command, point: StopPoint, time: u32) -> Stopped {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("stop");
    let listener = UnixListener::bind(&socket).unwrap();
    listener.set_nonblocking(true).unwrap();
    let mut process = command
        .env(
            VARIABLE,
            format!("{point:?}@{time}={}", socket.to_str().unwrap()),
        )
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let connection = wait_for(&format!("{point:?}"), || {
        let ended = process.try_wait().unwrap();
        assert!(
            ended.is_none(),
            "it ended ({ended:?}) before it came to {point:?}"
        );
        listener.accept().ok().map(|(connection, _)| connection)
    });
    Stopped {
        process,
        connection,
        _folder: folder,
    }
}

impl Stopped {
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Lets the process go on to its end.
    pub fn go_on(mut self) -> ExitStatus {
        drop(self.connection);
        self.process.wait().unwrap()
    }

    /// Ends the process where it is.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// Runs a command that is killed when it comes to a point for the `time`th time. Whether it came there.
pub fn is_killed_at(command: &mut Command, point: StopPoint, time: u32) -> bool {
    let output = command
        .env(VARIABLE, format!("{point:?}@{time}=kill"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .unwrap();
    output.status.signal() == Some(9)
}

/// Runs a command that has to come to a point for the `time`th time, where it is killed.
#[track_caller]
pub fn kill_at(command: &mut Command, point: StopPoint, time: u32) {
    assert!(
        is_killed_at(command, point, time),
        "{command:?} ended without coming to {point:?} {time} times"
    );
}
