-- What pages are compressed against: most of a page is its template.
CREATE TABLE dictionaries (
    id   INTEGER PRIMARY KEY,
    data BLOB NOT NULL
) STRICT;

-- Contents of files, each once. Their bytes stand apart: most questions are about their names.
CREATE TABLE objects (
    id   INTEGER PRIMARY KEY,
    -- blake3 of the bytes.
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    size INTEGER NOT NULL
) STRICT;

CREATE TABLE contents (
    object     INTEGER PRIMARY KEY REFERENCES objects (id) ON DELETE CASCADE,
    dictionary INTEGER REFERENCES dictionaries (id),
    -- A zstd frame.
    data       BLOB NOT NULL
) STRICT;

CREATE TABLE paths (
    id   INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE versions (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    -- YYYY.MM.DD.N
    number  TEXT NOT NULL UNIQUE,
    -- RFC 3339, UTC.
    date    TEXT NOT NULL,
    cause   TEXT NOT NULL,
    -- The version that was live before.
    parent  INTEGER REFERENCES versions (id) ON DELETE SET NULL,
    changes TEXT NOT NULL CHECK (json_valid(changes)),
    -- What api/health.json says while this version is live.
    health  TEXT NOT NULL CHECK (json_valid(health)),
    -- Digests of what it was made from; absent when only some pages were built.
    inputs  TEXT CHECK (json_valid(inputs)),
    -- Of the paths, the hashes of their contents, and what is said of the version above, its inputs apart.
    digest  BLOB CHECK (length(digest) = 32),
    pinned  INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1))
) STRICT;

-- Which path had which content in the versions from `since` on, up to that before `until`: what stays the same from one
-- version to the next takes no room.
CREATE TABLE spans (
    path   INTEGER NOT NULL REFERENCES paths (id),
    since  INTEGER NOT NULL,
    -- Absent while no version has followed in which it is otherwise.
    until  INTEGER CHECK (until > since),
    object INTEGER NOT NULL REFERENCES objects (id),
    PRIMARY KEY (path, since)
) STRICT, WITHOUT ROWID;

CREATE INDEX spans_by_object ON spans (object);

-- The same, a row for each path of each version.
CREATE VIEW entries AS
SELECT v.id AS version, s.path, s.object
FROM versions v JOIN spans s ON v.id >= s.since AND (s.until IS NULL OR v.id < s.until);

-- Which version went live when: the last row is the live one.
CREATE TABLE history (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL REFERENCES versions (id),
    date    TEXT NOT NULL,
    action  TEXT NOT NULL CHECK (action IN ('build', 'rollback'))
) STRICT;

-- What each page was last rendered from, and what came out.
CREATE TABLE rendered (
    path   INTEGER PRIMARY KEY REFERENCES paths (id),
    -- Of the key of what it was rendered from and the hash of what came out: neither can be taken for another.
    key    BLOB NOT NULL CHECK (length(key) = 32),
    object INTEGER NOT NULL REFERENCES objects (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX rendered_by_object ON rendered (object);

-- The files of site/ that are ours, as they were last seen there. A row without an object is about to be written.
CREATE TABLE checkout (
    path     TEXT PRIMARY KEY,
    hash     BLOB,
    size     INTEGER,
    modified INTEGER
) STRICT, WITHOUT ROWID;
