-- The mutations of files of one commune with the number that the file gives their act: an act over several communes stands in
-- the file of each, with the price of the whole.
CREATE TABLE act_parts (
    annee          INTEGER NOT NULL,
    commune        TEXT NOT NULL,
    jour           INTEGER NOT NULL,
    id             BLOB NOT NULL,
    -- Of the act in the files of one edition.
    numero         INTEGER NOT NULL,
    -- Whether the number is known to be one act's: there are files in which all sales of a day at one price share one.
    certain        INTEGER NOT NULL CHECK (certain IN (0, 1)),
    -- What the file says of the part, as in mutations, where biens counts those of the whole act.
    biens          INTEGER NOT NULL CHECK (biens >= 0),
    type_local     INTEGER,
    surface_reelle REAL,
    pieces         INTEGER,
    -- Whether the file of another commune, earlier by code, holds a part of the same act.
    suite          INTEGER NOT NULL DEFAULT 0 CHECK (suite IN (0, 1)),
    PRIMARY KEY (annee, commune, jour, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX act_parts_by_number ON act_parts (numero);
CREATE INDEX act_parts_that_follow ON act_parts (suite) WHERE suite = 1;
