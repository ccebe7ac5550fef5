-- The headline figures of each release, which stay at their addresses for good. Rows are only ever added.
CREATE TABLE archive (
    -- archive/2026-10-20/95.json; archive/2026-10-20.2/95.json where the figures of a release came out otherwise later.
    path    TEXT PRIMARY KEY,
    object  INTEGER NOT NULL REFERENCES objects (id),
    -- The version that brought it: its id, which no other ever has, and its number. It may be dropped.
    version INTEGER NOT NULL,
    number  TEXT NOT NULL
) STRICT;

CREATE INDEX archive_by_object ON archive (object);
