-- Places outside that the site was published to, such as a bucket.
CREATE TABLE places (
    id      INTEGER PRIMARY KEY,
    place   TEXT NOT NULL UNIQUE,
    -- Of the last publication that began; the place holds the same one.
    mark    TEXT NOT NULL,
    -- The version that was wholly published last.
    version TEXT
) STRICT;

-- The files there that are ours.
CREATE TABLE published (
    place       INTEGER NOT NULL REFERENCES places (id) ON DELETE CASCADE,
    path        TEXT NOT NULL,
    -- Of the bytes and of how they are served; absent while the file is under way.
    fingerprint BLOB CHECK (length(fingerprint) = 32),
    PRIMARY KEY (place, path)
) STRICT, WITHOUT ROWID;
