-- The contours that maps are drawn of: a row a département, and one a city of which a file had the arrondissements alone.
CREATE TABLE contours (
    -- Code of the département or of the city.
    territoire TEXT PRIMARY KEY,
    -- The file that they were imported from.
    fichier    TEXT NOT NULL,
    -- Borders and communes as JSON, compressed with zstd.
    contours   BLOB NOT NULL,
    -- blake3 of the rest of the row.
    sceau      BLOB NOT NULL CHECK (length(sceau) = 32)
) STRICT;
