-- Digest of the rows of the archive, so that one that was altered is never taken for what was said. One row.
CREATE TABLE archive_seal (
    digest BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;
