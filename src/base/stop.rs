//! Named stopping points: steps at which a test can find the program, and kill it there.
//!
//! A test names points and what happens at each in the environment variable [`VARIABLE`]. `VersionCommitted=kill` ends the
//! process by SIGKILL as soon as it comes there. `VersionCommitted=/tmp/x` connects to the Unix socket `/tmp/x`, so that the
//! test knows that the program is there, and waits until the test lets go of the connection. `FileReplaced@3=…` means the
//! third time that the program comes there; several points are separated by commas. Only builds of the dev profile look
//! at the variable: in a release, [`StopPoint::reach`] is empty.

/// Name of the environment variable that says where to stop.
pub const VARIABLE: &str = "IMMOSTATS_STOP";

/// Defines the points and the list of all of them, which the tests go through.
macro_rules! stop_points {
    ($($(#[doc = $text:literal])+ $point:ident,)+) => {
        /// A step of the program at which a test can stop it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum StopPoint {
            $($(#[doc = $text])+ $point,)+
        }

        impl StopPoint {
            /// All points, in the order in which the data meets them.
            pub const ALL: &[Self] = &[$(Self::$point,)+];
        }
    };
}

stop_points! {
    /// A store of an earlier schema is brought forward; its transaction is not committed.
    MigrationWritten,
    /// A store of an earlier schema was brought forward; the room that this took has not been given back.
    MigrationCommitted,
    /// The project's lock is held, and its file names the holder.
    LockTaken,
    /// Some bytes of a download are in its part.
    DownloadReceived,
    /// A page of an API is in its part, and the way to the next is noted.
    PageNoted,
    /// A download has its own name and is not in the ledger yet.
    DownloadNamed,
    /// A download is in the ledger.
    DownloadNoted,
    /// A file of sales was read; its transaction has not begun.
    ImportBegun,
    /// All rows of an import are written; its transaction is not committed.
    ImportWritten,
    /// An import is committed.
    ImportCommitted,
    /// The ledger says that a download was imported; the edition before it is still there.
    ImportNoted,
    /// Computed figures are written; their transaction is not committed.
    FiguresWritten,
    /// Computed figures are committed.
    FiguresStored,
    /// A version and its pages are written; their transaction is not committed.
    VersionWritten,
    /// A version is committed; `site/` is as it was.
    VersionCommitted,
    /// A checkout has noted which files it will write, and has written none.
    CheckoutBegun,
    /// A file of `site/` was replaced; others of its batch may still wait.
    SiteFileReplaced,
    /// All files of `site/` but `version.json` are in place.
    VersionFileDue,
    /// All files of `site/` are in place; those of the version before are still there.
    SiteFilesInPlace,
    /// A file that the version no longer has is removed from `site/`.
    SiteFileRemoved,
    /// Old versions are dropped; their space has not been given back.
    VersionsDropped,
    /// A single file is written beside the one that it will replace.
    FileWritten,
    /// Copies of the databases are made, of which a saved state will consist.
    StateCopied,
    /// A saved state is unpacked and found to be whole; the project's databases are as they were.
    StateUnpacked,
    /// A restored state counts; its databases are not in their places yet.
    StateRestored,
    /// The journals of the databases before are removed; a restored one is about to take its place.
    DatabaseDue,
    /// The version store has noted what a publication is about to change in a bucket.
    PublicationBegun,
    /// The version store has noted that a file is in the bucket.
    FileUploaded,
    /// All files are in the bucket but `version.json`.
    VersionUploadDue,
    /// All files are in the bucket; the version store has not noted that the publication is complete.
    PublicationUploaded,
    /// The version store has noted which addresses a CDN has to forget.
    PurgeQueued,
    /// A CDN has accepted a batch of addresses, which the version store has not noted.
    PurgeAccepted,
    /// The table of Grist has its columns; no row of it is written.
    GristColumnsMade,
    /// Grist has taken rows of one request; others may still wait.
    GristRowsWritten,
}

impl StopPoint {
    /// Says that the program has come to this point, where it stops when a test wants it to.
    #[inline]
    pub fn reach(self) {
        #[cfg(for_tests)]
        wanted::reach(self);
    }
}

/// What the environment wants, in builds of the dev profile.
#[cfg(for_tests)]
mod wanted {
    use std::io::Read;
    use std::os::unix::net::UnixStream;
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    use rustix::process::{Signal, getpid, kill_process};

    use super::{StopPoint, VARIABLE};

    /// A stop that a test wants.
    struct Stop {
        point: String,
        /// Which time the point is reached, from 1.
        time: u32,
        /// `kill`, or the path of a Unix socket.
        action: String,
        reached: AtomicU32,
    }

    static STOPS: LazyLock<Vec<Stop>> = LazyLock::new(|| {
        let wanted = std::env::var(VARIABLE).unwrap_or_default();
        let stops = wanted.split(',').filter_map(|stop| {
            let (point, action) = stop.split_once('=')?;
            let (point, time) = point.split_once('@').unwrap_or((point, "1"));
            Some(Stop {
                point: point.to_owned(),
                time: time.parse().ok()?,
                action: action.to_owned(),
                reached: AtomicU32::new(0),
            })
        });
        stops.collect()
    });

    pub(super) fn reach(point: StopPoint) {
        if STOPS.is_empty() {
            return;
        }
        let name = format!("{point:?}");
        for stop in STOPS.iter().filter(|stop| stop.point == name) {
            if stop.reached.fetch_add(1, Ordering::SeqCst) + 1 == stop.time {
                stop.act();
            }
        }
    }

    impl Stop {
        /// Waits until the test lets go of the connection, or ends the process as a power cut would.
        fn act(&self) {
            if self.action != "kill"
                && let Ok(mut test) = UnixStream::connect(&self.action)
            {
                // A test that has ended lets go, too.
                let _ = test.read(&mut [0]);
                return;
            }
            let _ = kill_process(getpid(), Signal::KILL);
            loop {
                std::thread::park();
            }
        }
    }
}
