-- What the figures of places rest on beyond their own sales: a row a département, cached.
CREATE TABLE departement_models (
    departement TEXT PRIMARY KEY,
    -- Of the sales, the coverage and the places that it comes from.
    digest      BLOB NOT NULL CHECK (length(digest) = 32),
    model       TEXT NOT NULL CHECK (json_valid(model)),
    -- blake3 of the rest of the row: a row that was altered counts as none.
    sceau       BLOB NOT NULL CHECK (length(sceau) = 32)
) STRICT;
