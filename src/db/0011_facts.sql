-- Facts by place and day, as declared sources count them. They may be licensed data: no page shows them.
-- Files that were imported last under their names.
CREATE TABLE faits_fichiers (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    nom TEXT NOT NULL,
    -- blake3 of its bytes and of how they were read.
    empreinte BLOB NOT NULL CHECK (length(empreinte) = 32),
    importe_le TEXT NOT NULL,
    UNIQUE (source, nom)
) STRICT;
-- The places that facts are of, by a key that is the same however their names are written.
CREATE TABLE faits_zones (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    cle TEXT NOT NULL,
    nom TEXT NOT NULL,
    UNIQUE (source, cle)
) STRICT;
-- The communes that a zone is made of, by codes of today or former ones.
CREATE TABLE faits_communes (
    zone INTEGER NOT NULL REFERENCES faits_zones (id),
    commune TEXT NOT NULL,
    PRIMARY KEY (zone, commune)
) STRICT, WITHOUT ROWID;
CREATE TABLE faits_dimensions (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    nom TEXT NOT NULL,
    UNIQUE (source, nom)
) STRICT;
-- The values of the dimensions: each origin, each category.
CREATE TABLE faits_modalites (
    id INTEGER PRIMARY KEY,
    dimension INTEGER NOT NULL REFERENCES faits_dimensions (id),
    libelle TEXT NOT NULL,
    UNIQUE (dimension, libelle)
) STRICT;
-- The days that were delivered of each zone, also those without a fact, and the file that did so last.
CREATE TABLE faits_jours (
    id INTEGER PRIMARY KEY,
    zone INTEGER NOT NULL REFERENCES faits_zones (id),
    -- 2024-03-18; a week is its Monday.
    jour TEXT NOT NULL,
    fichier INTEGER NOT NULL REFERENCES faits_fichiers (id),
    UNIQUE (zone, jour)
) STRICT;
CREATE TABLE faits (
    jour INTEGER NOT NULL REFERENCES faits_jours (id),
    modalite_1 INTEGER REFERENCES faits_modalites (id),
    modalite_2 INTEGER REFERENCES faits_modalites (id),
    modalite_3 INTEGER REFERENCES faits_modalites (id),
    valeur REAL NOT NULL
) STRICT;
CREATE INDEX faits_du_jour ON faits (jour);
-- What `import --test` wrote last. Nothing reads it but people.
CREATE TABLE faits_essai (
    source TEXT NOT NULL,
    zone TEXT NOT NULL,
    jour TEXT NOT NULL,
    modalite_1 TEXT,
    modalite_2 TEXT,
    modalite_3 TEXT,
    valeur REAL NOT NULL
) STRICT;
CREATE INDEX faits_essai_du_jour ON faits_essai (zone, jour);
