-- The files of the sources, as they came from upstream: of each the edition that was imported last, and one that was
-- fetched since and waits.
CREATE TABLE files (
    -- Id of the source in immostats.toml.
    source        TEXT NOT NULL,
    -- A year, or the name of a file.
    item          TEXT NOT NULL,
    stage         TEXT NOT NULL CHECK (stage IN ('fetched', 'imported')),
    -- Without user, password and query.
    address       TEXT NOT NULL,
    -- What the server said of it.
    etag          TEXT,
    last_modified TEXT,
    length        INTEGER,
    -- What the data.gouv.fr API stated, as in 'sha1:0ad00e…'.
    checksum      TEXT,
    -- When upstream says that it was last modified, RFC 3339.
    released      TEXT,
    -- Its name in data/downloads/SOURCE/.
    file          TEXT NOT NULL,
    -- Of its bytes.
    blake3        TEXT NOT NULL CHECK (length(blake3) = 64),
    stored_at     TEXT NOT NULL,
    PRIMARY KEY (source, item, stage)
) STRICT, WITHOUT ROWID;

-- The Code officiel géographique that was imported last: JSON texts, compressed with zstd.
CREATE TABLE cog (
    item TEXT PRIMARY KEY,
    json BLOB NOT NULL
) STRICT;
