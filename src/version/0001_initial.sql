-- What pages are compressed against: most of a page is its template.
CREATE TABLE dictionaries (
    id   INTEGER PRIMARY KEY,
    data BLOB NOT NULL
) STRICT;

-- Contents of files, each once.
CREATE TABLE objects (
    id         INTEGER PRIMARY KEY,
    -- blake3 of the bytes.
    hash       BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    size       INTEGER NOT NULL,
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

CREATE TABLE entries (
    version INTEGER NOT NULL REFERENCES versions (id) ON DELETE CASCADE,
    path    INTEGER NOT NULL REFERENCES paths (id),
    object  INTEGER NOT NULL REFERENCES objects (id),
    PRIMARY KEY (version, path)
) STRICT, WITHOUT ROWID;

CREATE INDEX entries_by_object ON entries (object);

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
