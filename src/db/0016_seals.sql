-- What an import leaves of the tables that stand beside sales, coordinates and figures, so that an alteration of them is known.
CREATE TABLE seals (
    name     TEXT NOT NULL,
    -- The batch whose rows they are; 0 for a whole table.
    batch_id INTEGER NOT NULL,
    -- blake3 of the rows.
    sceau    BLOB NOT NULL CHECK (length(sceau) = 32),
    PRIMARY KEY (name, batch_id)
) STRICT, WITHOUT ROWID;
