-- How many homes each edition had sold in a month: what a later edition adds to it was registered late. Only appended to.
CREATE TABLE edition_months (
    batch_id INTEGER NOT NULL REFERENCES update_log (batch_id),
    -- A département, or the commune of a file of one commune.
    code     TEXT NOT NULL,
    mois     TEXT NOT NULL CHECK (length(mois) = 7),
    -- Sales of houses and flats that the method keeps.
    ventes   INTEGER NOT NULL CHECK (ventes >= 0),
    PRIMARY KEY (batch_id, code, mois)
) STRICT, WITHOUT ROWID;
