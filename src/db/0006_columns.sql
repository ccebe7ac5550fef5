-- What comparable homes are told by, and the centres of communes come from.

-- Prefix and section of the parcel of the only property, '000AB'. Absent where there are none or several properties, where
-- the file names no parcel, and in rows of earlier programs until their file is imported again.
ALTER TABLE mutations ADD COLUMN section TEXT CHECK (length(section) = 5);

-- zstd frames as the others: a byte that is 1 for a new home ("Vente en l'état futur d'achèvement") and 0 for others, four
-- bytes of land in m² (f32, little-endian; 0 where there is none), and the sections: all first characters, then all second
-- ones, to the fifth. Absent in rows of earlier programs, which are made again when the database is brought forward.
ALTER TABLE sales ADD COLUMN neuf BLOB;
ALTER TABLE sales ADD COLUMN surface_terrain BLOB;
ALTER TABLE sales ADD COLUMN section BLOB;

-- Where the mutations of each département and year are, kept for the statistics or not, as columns. Written whenever rows
-- of theirs change, in the same transaction.
CREATE TABLE positions (
    annee       INTEGER NOT NULL,
    departement TEXT NOT NULL,
    -- Communes and their number of mutations with coordinates, [["83069",412],…]; the columns follow their order.
    communes    TEXT NOT NULL CHECK (json_valid(communes)),
    -- zstd frames of four bytes each (i32, little-endian): of each commune the coordinates in millionths of a degree, in
    -- ascending order, the first as it is, the others less the one before. What is one mutation's does not show.
    latitude    BLOB NOT NULL,
    longitude   BLOB NOT NULL,
    -- blake3 of the rest of the row.
    sceau       BLOB NOT NULL CHECK (length(sceau) = 32),
    PRIMARY KEY (annee, departement)
) STRICT;
