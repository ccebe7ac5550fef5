-- What the CDN was to forget, a row each time that it was found out. The last row is what the next difference is taken from.
CREATE TABLE purges (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    -- RFC 3339, UTC.
    planned_at   TEXT NOT NULL,
    -- When the CDN had accepted the last address; absent until then.
    completed_at TEXT,
    -- Which CDN, in words of the configuration.
    cdn          TEXT NOT NULL,
    -- The number of the version that the difference was taken from; absent when all that is cached had to go.
    since        TEXT,
    -- The number of the version that was live.
    version      TEXT NOT NULL,
    -- The files that tell of runs, with the hashes that they had: they change without a new version.
    run_files    TEXT NOT NULL CHECK (json_valid(run_files))
) STRICT;

-- Addresses that the CDN has not accepted yet, relative to the site's; '*' stands for everything.
CREATE TABLE unpurged (
    address TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
