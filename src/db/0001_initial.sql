-- Natures of mutation. The first three are those that the official method keeps.
CREATE TABLE natures (
    id      INTEGER PRIMARY KEY,
    libelle TEXT NOT NULL UNIQUE
) STRICT;

INSERT INTO natures (id, libelle) VALUES
    (1, 'Vente'),
    (2, 'Vente en l''état futur d''achèvement'),
    (3, 'Adjudication');

CREATE TABLE types_local (
    code    INTEGER PRIMARY KEY,
    libelle TEXT NOT NULL UNIQUE
) STRICT;

INSERT INTO types_local (code, libelle) VALUES
    (1, 'Maison'),
    (2, 'Appartement'),
    (3, 'Dépendance'),
    (4, 'Local industriel. commercial ou assimilé');

-- One row a batch: an import that was done, changed nothing or was refused.
CREATE TABLE update_log (
    batch_id             INTEGER PRIMARY KEY AUTOINCREMENT,
    source_file          TEXT NOT NULL,
    -- 'geo-DVF' or 'DGFiP'; absent when the file was refused before it was recognised.
    format               TEXT,
    -- What the file replaces, in words.
    scope                TEXT,
    -- The months it replaces, '2025-01'.
    first_month          TEXT,
    last_month           TEXT,
    -- Day on which the producer published the file, where it is known.
    released             TEXT,
    -- 'sound', 'regrouped' where one number stood for several mutations, 'runs' where the format has none.
    numbering            TEXT CHECK (numbering IN ('sound', 'regrouped', 'runs')),
    -- Lines of the file.
    rows_imported        INTEGER NOT NULL DEFAULT 0,
    rows_unreadable      INTEGER NOT NULL DEFAULT 0,
    mutations            INTEGER NOT NULL DEFAULT 0,
    -- Mutations that the method keeps.
    sales                INTEGER NOT NULL DEFAULT 0,
    transactions_added   INTEGER NOT NULL DEFAULT 0,
    transactions_removed INTEGER NOT NULL DEFAULT 0,
    started_at           TEXT NOT NULL,
    completed_at         TEXT,
    status               TEXT NOT NULL CHECK (status IN ('done', 'unchanged', 'refused')),
    -- Why a file was refused.
    message              TEXT
) STRICT;

-- Every mutation, one row each, kept for the statistics or not. Prices in €, surfaces in m². There are millions of rows:
-- days, postal codes and coordinates are kept as whole numbers, which the view `transactions` shows as what they are.
-- The year comes first, so that the file of a year is written to one place: the table's end, when it is new.
CREATE TABLE mutations (
    annee           INTEGER NOT NULL CHECK (annee BETWEEN 1990 AND 2100),
    -- As the file has it; the statistics follow today's communes.
    commune         TEXT NOT NULL CHECK (length(commune) = 5),
    -- 100 times the month plus the day.
    jour            INTEGER NOT NULL CHECK (jour BETWEEN 101 AND 1231),
    -- First 128 bits of the blake3 hash of the content.
    id              BLOB NOT NULL CHECK (length(id) = 16),
    nature          INTEGER NOT NULL REFERENCES natures (id),
    -- Price of the whole mutation.
    prix            REAL CHECK (prix >= 0),
    lignes          INTEGER NOT NULL CHECK (lignes > 0),
    -- Houses, flats and business premises, exact duplicates dropped.
    biens           INTEGER NOT NULL CHECK (biens >= 0),
    -- The only property: its kind, built surface and main rooms. Absent where there are none or several.
    type_local      INTEGER REFERENCES types_local (code) CHECK ((type_local IS NOT NULL) = (biens = 1)),
    surface_reelle  REAL CHECK (surface_reelle > 0),
    pieces          INTEGER,
    surface_terrain REAL,
    postal          INTEGER CHECK (postal BETWEEN 0 AND 99999),
    -- Millionths of a degree, the precision of the files.
    latitude_e6     INTEGER,
    longitude_e6    INTEGER,
    batch_id        INTEGER NOT NULL REFERENCES update_log (batch_id),
    PRIMARY KEY (annee, commune, jour, id)
) STRICT, WITHOUT ROWID;

-- The same, to be read by people, with the €/m² of a mutation with one property, of a nature that the official method
-- keeps.
CREATE VIEW transactions AS
SELECT annee, commune, printf('%04d-%02d-%02d', annee, jour / 100, jour % 100) AS date_mutation, id, nature, prix,
       lignes, biens, type_local, surface_reelle, pieces, surface_terrain,
       CASE WHEN postal IS NOT NULL THEN printf('%05d', postal) END AS code_postal,
       latitude_e6 / 1e6 AS lat, longitude_e6 / 1e6 AS lon, batch_id,
       CASE WHEN nature <= 3 AND biens = 1 THEN prix / surface_reelle END AS prix_m2, jour
FROM mutations;

-- The sales that make the statistics, to be read by people.
CREATE VIEW ventes AS
SELECT lower(hex(t.id)) AS id, t.date_mutation, t.code_postal, t.commune, l.libelle AS type_local, t.surface_reelle,
       t.pieces, t.surface_terrain, t.prix, t.prix_m2, t.lat, t.lon, u.completed_at AS created_at, t.batch_id
FROM transactions t
JOIN types_local l ON l.code = t.type_local
JOIN update_log u USING (batch_id)
WHERE t.prix_m2 < 100000;

-- The transactions with a prix_m2 of each département and year once more, as columns: what the statistics are computed from.
-- Written whenever rows of theirs change, in the same transaction.
CREATE TABLE sales (
    annee          INTEGER NOT NULL,
    departement    TEXT NOT NULL,
    -- Communes and their number of sales, [["83069",412],…]; the columns follow their order, then day and id.
    communes       TEXT NOT NULL CHECK (json_valid(communes)),
    -- Of each commune 32 bytes: blake3 of the ids of its sales.
    digests        BLOB NOT NULL,
    -- zstd frames: a byte each of month, kind and rooms (255 at the most), eight each of € and m² (f64, little-endian).
    mois           BLOB NOT NULL,
    type_local     BLOB NOT NULL,
    pieces         BLOB NOT NULL,
    prix           BLOB NOT NULL,
    surface_reelle BLOB NOT NULL,
    PRIMARY KEY (annee, departement)
) STRICT;

-- What a batch changed, by commune (as in the file) and year. A sale withdrawn and one added in the same commune, on
-- the same day and of the same kind are one sale corrected.
CREATE TABLE changes (
    batch_id           INTEGER NOT NULL REFERENCES update_log (batch_id),
    commune            TEXT NOT NULL,
    annee              INTEGER NOT NULL,
    mutations_ajoutees INTEGER NOT NULL,
    mutations_retirees INTEGER NOT NULL,
    ventes_ajoutees    INTEGER NOT NULL,
    ventes_retirees    INTEGER NOT NULL,
    ventes_corrigees   INTEGER NOT NULL,
    PRIMARY KEY (batch_id, commune, annee)
) STRICT, WITHOUT ROWID;

-- The months that imported files cover, for 'FR', a département or a commune.
CREATE TABLE coverage (
    code     TEXT NOT NULL,
    mois     TEXT NOT NULL CHECK (length(mois) = 7),
    batch_id INTEGER NOT NULL REFERENCES update_log (batch_id),
    PRIMARY KEY (code, mois)
) STRICT, WITHOUT ROWID;

-- Digest of the sales of each commune (as in the files).
CREATE TABLE commune_digests (
    commune TEXT PRIMARY KEY,
    digest  BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT, WITHOUT ROWID;

-- Cached figures, one row a place. A table with a rowid: its rows are long.
CREATE TABLE city_stats (
    niveau        TEXT NOT NULL CHECK (niveau IN ('commune', 'epci', 'departement', 'region', 'pays')),
    city_code     TEXT NOT NULL,
    figures       TEXT NOT NULL CHECK (json_valid(figures)),
    calculated_at TEXT NOT NULL,
    PRIMARY KEY (niveau, city_code)
) STRICT;

-- What is asked of every place at each run, apart from the figures so that these need not be read.
CREATE TABLE city_keys (
    niveau    TEXT NOT NULL,
    city_code TEXT NOT NULL,
    -- Of the sales, the coverage and the thresholds that the figures come from.
    digest    BLOB NOT NULL CHECK (length(digest) = 32),
    -- blake3 of the figures.
    hash      BLOB NOT NULL CHECK (length(hash) = 32),
    -- The few of the figures that other places' pages show.
    summary   TEXT NOT NULL CHECK (json_valid(summary)),
    PRIMARY KEY (niveau, city_code),
    FOREIGN KEY (niveau, city_code) REFERENCES city_stats (niveau, city_code)
) STRICT, WITHOUT ROWID;

-- The same in the long form. Periods: '2024' a year, '2024-Q1' the twelve months that end with the quarter, '2024-11' a
-- month, 'total' the whole period, 'window' the latest 12, 24, 36 or 60 months.
CREATE VIEW stats_cache AS
WITH segment (niveau, city_code, calculated_at, name, body) AS (
    SELECT s.niveau, s.city_code, s.calculated_at, j.key, j.value
    FROM city_stats s, json_each(s.figures) j
    WHERE j.key IN ('appartement', 'maison', 'local', 'apt_maison')
),
point (niveau, city_code, calculated_at, name, body) AS (
    SELECT s.niveau, s.city_code, s.calculated_at, s.name, p.value
    FROM segment s, json_each('["yearly", "quarterly", "monthly"]') k, json_each(s.body, '$.' || k.value) p
)
SELECT niveau, city_code, 'total' AS period, 'nb_ventes_' || name AS stat_type, body ->> '$.total' AS value, calculated_at
FROM segment
UNION ALL
SELECT niveau, city_code, 'window', k.value ->> 0 || '_' || name, body -> '$.current' ->> (k.value ->> 1), calculated_at
FROM segment, json_each('[["nb_ventes","n"],["prix_m2_median","median"],["prix_m2_moyen","mean"],["prix_m2_q1","q1"],["prix_m2_q3","q3"],["surface_moyenne","mean_surface"],["prix_median","median_price"]]') k
WHERE body -> '$.current' ->> (k.value ->> 1) IS NOT NULL
UNION ALL
SELECT niveau, city_code, body ->> '$.period', 'nb_ventes_' || name, body ->> '$.n', calculated_at FROM point
UNION ALL
SELECT niveau, city_code, body ->> '$.period', 'prix_m2_median_' || name, body ->> '$.median', calculated_at
FROM point WHERE body ->> '$.median' IS NOT NULL;

-- What the database was last brought to.
CREATE TABLE state (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
