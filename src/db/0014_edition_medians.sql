-- The median prices of the first edition of a half-year that had enough sales, so that a drift in small steps is told as one.
CREATE TABLE edition_medians (
    -- A département, or the commune of a file of one commune.
    code         TEXT NOT NULL,
    -- The first month of the half-year.
    premier_mois TEXT NOT NULL CHECK (length(premier_mois) = 7),
    type_local   INTEGER NOT NULL CHECK (type_local IN (1, 2, 4)),
    -- €/m².
    mediane      REAL NOT NULL CHECK (mediane > 0),
    PRIMARY KEY (code, premier_mois, type_local)
) STRICT, WITHOUT ROWID;
