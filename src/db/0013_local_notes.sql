-- Notes on communes, as operators keep them in tables of theirs: a row a table, and what it held when it was read last.
CREATE TABLE sources_de_notes (
    source TEXT PRIMARY KEY,
    fichier TEXT NOT NULL,
    importe_le TEXT NOT NULL,
    -- The day that the notes were last held against: those whose last day lies before it are shown nowhere.
    jour TEXT NOT NULL,
    -- blake3 of the day and of the notes.
    sceau BLOB NOT NULL CHECK (length(sceau) = 32)
) STRICT;

CREATE TABLE notes_locales (
    source TEXT NOT NULL REFERENCES sources_de_notes (source),
    -- The number that the operator's table has for the row.
    ligne INTEGER NOT NULL,
    commune TEXT NOT NULL,
    texte TEXT,
    lien TEXT,
    libelle TEXT,
    nombre REAL,
    unite TEXT,
    -- The last day on which it is shown; none where it stays until it is removed.
    valable_jusqu_au TEXT,
    PRIMARY KEY (source, ligne),
    CHECK ((nombre IS NULL) = (libelle IS NULL))
) STRICT, WITHOUT ROWID;
