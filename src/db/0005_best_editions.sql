-- The most that an edition ever had of a half-year, so that a loss in small steps is told as one.
CREATE TABLE best_editions (
    -- A département, or the commune of a file of one commune.
    code         TEXT NOT NULL,
    -- The first month of the half-year.
    premier_mois TEXT NOT NULL CHECK (length(premier_mois) = 7),
    -- 0 counts mutations, the others sales of a kind of property.
    type_local   INTEGER NOT NULL CHECK (type_local IN (0, 1, 2, 4)),
    nombre       INTEGER NOT NULL CHECK (nombre >= 0),
    PRIMARY KEY (code, premier_mois, type_local)
) STRICT, WITHOUT ROWID;
