-- The files for operators (version.json, api/health.json, admin/) of the live version, as they were made when it went
-- live: a program that would make them otherwise leaves them as they are.
CREATE TABLE operator_files (
    path   TEXT PRIMARY KEY,
    object INTEGER NOT NULL REFERENCES objects (id) ON DELETE CASCADE
) STRICT;

-- Of the history up to this row and of the files for operators made with it; only that of the last row is read. Absent in
-- rows from before these files were kept.
ALTER TABLE history ADD COLUMN digest BLOB CHECK (length(digest) = 32);
