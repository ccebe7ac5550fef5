-- Indicators of places by source, edition, indicator and year: what was imported last, one row each.
CREATE TABLE editions (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    millesime INTEGER NOT NULL,
    indicateur TEXT NOT NULL,
    periode INTEGER NOT NULL,
    fichier TEXT NOT NULL,
    importe_le TEXT NOT NULL,
    departements TEXT NOT NULL,
    non_trouves TEXT NOT NULL,
    sceau BLOB NOT NULL,
    UNIQUE (source, millesime, indicateur, periode)
) STRICT;
CREATE TABLE valeurs (
    edition INTEGER NOT NULL REFERENCES editions (id),
    niveau TEXT NOT NULL,
    territoire TEXT NOT NULL,
    valeur REAL,
    categorie TEXT,
    absence TEXT,
    PRIMARY KEY (edition, niveau, territoire),
    CHECK ((valeur IS NOT NULL) + (categorie IS NOT NULL) + (absence IS NOT NULL) = 1)
) STRICT, WITHOUT ROWID;
-- The long table: a line a place, indicator and year.
CREATE VIEW indicateurs AS
SELECT niveau, territoire, indicateur, periode, valeur, categorie, absence, source, millesime
FROM valeurs JOIN editions ON editions.id = valeurs.edition;
