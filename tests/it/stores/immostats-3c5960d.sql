-- made at 3c5960d
PRAGMA auto_vacuum = 0;
PRAGMA application_id = 1768779119;
PRAGMA user_version = 12;
PRAGMA journal_mode = WAL;
PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE natures (
    id      INTEGER PRIMARY KEY,
    libelle TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE types_local (
    code    INTEGER PRIMARY KEY,
    libelle TEXT NOT NULL UNIQUE
) STRICT;
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
, territory TEXT, rows_former INTEGER NOT NULL DEFAULT 0, numbers INTEGER, rows_stray INTEGER NOT NULL DEFAULT 0) STRICT;
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
    batch_id        INTEGER NOT NULL REFERENCES update_log (batch_id), section TEXT CHECK (length(section) = 5),
    PRIMARY KEY (annee, commune, jour, id)
) STRICT, WITHOUT ROWID;
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
    surface_reelle BLOB NOT NULL, neuf BLOB, surface_terrain BLOB, section BLOB,
    PRIMARY KEY (annee, departement)
) STRICT;
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
CREATE TABLE coverage (
    code     TEXT NOT NULL,
    mois     TEXT NOT NULL CHECK (length(mois) = 7),
    batch_id INTEGER NOT NULL REFERENCES update_log (batch_id),
    PRIMARY KEY (code, mois)
) STRICT, WITHOUT ROWID;
CREATE TABLE commune_digests (
    commune TEXT PRIMARY KEY,
    digest  BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT, WITHOUT ROWID;
CREATE TABLE city_stats (
    niveau        TEXT NOT NULL CHECK (niveau IN ('commune', 'epci', 'departement', 'region', 'pays')),
    city_code     TEXT NOT NULL,
    figures       TEXT NOT NULL CHECK (json_valid(figures)),
    calculated_at TEXT NOT NULL,
    PRIMARY KEY (niveau, city_code)
) STRICT;
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
CREATE TABLE state (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE files (
    -- Id of the source in immostats.toml.
    source        TEXT NOT NULL,
    -- A year, or the name of a file.
    item          TEXT NOT NULL,
    stage         TEXT NOT NULL CHECK (stage IN ('fetched', 'imported')),
    -- Without user, password and query.
    address       TEXT NOT NULL,
    -- What the server said of it.
    etag          TEXT,
    last_modified TEXT,
    length        INTEGER,
    -- What the data.gouv.fr API stated, as in 'sha1:0ad00e…'.
    checksum      TEXT,
    -- When upstream says that it was last modified, RFC 3339.
    released      TEXT,
    -- Its name in data/downloads/SOURCE/.
    file          TEXT NOT NULL,
    -- Of its bytes.
    blake3        TEXT NOT NULL CHECK (length(blake3) = 64),
    stored_at     TEXT NOT NULL,
    PRIMARY KEY (source, item, stage)
) STRICT, WITHOUT ROWID;
CREATE TABLE cog (
    item TEXT PRIMARY KEY,
    json BLOB NOT NULL
) STRICT;
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
CREATE TABLE edition_months (
    batch_id INTEGER NOT NULL REFERENCES update_log (batch_id),
    -- A département, or the commune of a file of one commune.
    code     TEXT NOT NULL,
    mois     TEXT NOT NULL CHECK (length(mois) = 7),
    -- Sales of houses and flats that the method keeps.
    ventes   INTEGER NOT NULL CHECK (ventes >= 0),
    PRIMARY KEY (batch_id, code, mois)
) STRICT, WITHOUT ROWID;
CREATE TABLE departement_models (
    departement TEXT PRIMARY KEY,
    -- Of the sales, the coverage and the places that it comes from.
    digest      BLOB NOT NULL CHECK (length(digest) = 32),
    model       TEXT NOT NULL CHECK (json_valid(model)),
    -- blake3 of the rest of the row: a row that was altered counts as none.
    sceau       BLOB NOT NULL CHECK (length(sceau) = 32)
) STRICT;
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
CREATE TABLE faits_fichiers (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    nom TEXT NOT NULL,
    -- blake3 of its bytes and of how they were read.
    empreinte BLOB NOT NULL CHECK (length(empreinte) = 32),
    importe_le TEXT NOT NULL,
    UNIQUE (source, nom)
) STRICT;
CREATE TABLE faits_zones (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    cle TEXT NOT NULL,
    nom TEXT NOT NULL,
    UNIQUE (source, cle)
) STRICT;
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
CREATE TABLE faits_modalites (
    id INTEGER PRIMARY KEY,
    dimension INTEGER NOT NULL REFERENCES faits_dimensions (id),
    libelle TEXT NOT NULL,
    UNIQUE (dimension, libelle)
) STRICT;
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
CREATE TABLE faits_essai (
    source TEXT NOT NULL,
    zone TEXT NOT NULL,
    jour TEXT NOT NULL,
    modalite_1 TEXT,
    modalite_2 TEXT,
    modalite_3 TEXT,
    valeur REAL NOT NULL
) STRICT;
CREATE TABLE cles (
    source TEXT NOT NULL,
    cle TEXT NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (source, cle)
) STRICT, WITHOUT ROWID;
INSERT INTO natures (id, libelle) VALUES (1, 'Vente');
INSERT INTO natures (id, libelle) VALUES (2, 'Vente en l''état futur d''achèvement');
INSERT INTO natures (id, libelle) VALUES (3, 'Adjudication');
INSERT INTO types_local (code, libelle) VALUES (1, 'Maison');
INSERT INTO types_local (code, libelle) VALUES (2, 'Appartement');
INSERT INTO types_local (code, libelle) VALUES (3, 'Dépendance');
INSERT INTO types_local (code, libelle) VALUES (4, 'Local industriel. commercial ou assimilé');
INSERT INTO update_log (batch_id, source_file, format, scope, first_month, last_month, released, numbering, rows_imported, rows_unreadable, mutations, sales, transactions_added, transactions_removed, started_at, completed_at, status, message, territory, rows_former, numbers, rows_stray) VALUES (1, '2023.csv', 'geo-DVF', 'commune 83137, 2023-01 to 2023-12', '2023-01', '2023-12', '2024-04-20', 'sound', 108, 0, 48, 37, 48, 0, '2026-11-27T01:33:15Z', '2026-11-27T01:33:15Z', 'done', NULL, '83137', 0, NULL, 0);
INSERT INTO update_log (batch_id, source_file, format, scope, first_month, last_month, released, numbering, rows_imported, rows_unreadable, mutations, sales, transactions_added, transactions_removed, started_at, completed_at, status, message, territory, rows_former, numbers, rows_stray) VALUES (2, '2024.csv', 'geo-DVF', 'commune 83137, 2024-01 to 2024-12', '2024-01', '2024-12', '2025-04-20', 'sound', 84, 0, 39, 35, 39, 0, '2026-11-27T01:33:16Z', '2026-11-27T01:33:16Z', 'done', NULL, '83137', 0, NULL, 0);
INSERT INTO update_log (batch_id, source_file, format, scope, first_month, last_month, released, numbering, rows_imported, rows_unreadable, mutations, sales, transactions_added, transactions_removed, started_at, completed_at, status, message, territory, rows_former, numbers, rows_stray) VALUES (3, 'bad.csv', NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, '2026-11-27T01:33:16Z', '2026-11-27T01:33:16Z', 'refused', '/tmp/tmpnttjzccc/bad.csv is not a DVF file: its first line is "no;such;columns"; the columns of geo-DVF (id_mutation,date_mutation,…) or of the DGFiP source (…|Date mutation|Nature mutation|…) were expected', NULL, 0, NULL, 0);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 102, x'18dfdeaf5259596cc8f0ee973add5d5d', 2, 217000.0, 3, 0, NULL, NULL, NULL, NULL, 83200, 43143791, 5887168, 1, NULL);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 102, x'88f4a7113758daf17a2409f2ed1e7ce3', 1, 215397.0, 1, 1, 2, 70.0, 3, NULL, 83200, 43132186, 5918273, 1, '000CY');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 103, x'17e0f9e240001dd613509670c39c9102', 1, 535000.0, 3, 1, 1, 123.0, 4, 1028.0, 83200, 43138026, 5920571, 1, '000DE');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 103, x'2b3799278369cc417f82fa247cadf59d', 1, 22000.0, 1, 0, NULL, NULL, NULL, NULL, 83000, 43125216, 5946987, 1, NULL);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 103, x'3b99cbdd7d6ff502c9f90dec0cbc2f8f', 1, 190000.0, 1, 1, 4, 90.0, 0, NULL, 83000, 43119409, 5941188, 1, '000CD');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 103, x'3fff507a9d4b1b04bf815935fcd095c6', 1, 139000.0, 1, 1, 2, 48.0, 2, NULL, 83000, 43135619, 5921616, 1, '000CZ');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 103, x'590514c4981b27e9668f52391b723e37', 1, 118250.0, 2, 1, 2, 75.0, 3, NULL, 83200, 43133893, 5916532, 1, '000CZ');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 103, x'6770ff9634bf29738f47b3c11259272c', 1, 438000.0, 3, 1, 2, 119.0, 5, NULL, 83000, 43127500, 5930279, 1, '000CO');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 103, x'729c16497ae7fd31031fa4ed4b100c87', 1, 106900.0, 2, 1, 2, 64.0, 4, NULL, 83100, 43131642, 5978928, 1, '000AW');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 103, x'72a23ed8050f9e744930ff4464273c66', 1, 127570.0, 2, 1, 2, 43.0, 2, NULL, 83000, 43124543, 5929242, 1, '000CO');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 103, x'7471110de4db02213d5708eb37507d50', 1, 19000.0, 1, 0, NULL, NULL, NULL, NULL, 83200, 43138559, 5887545, 1, NULL);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 103, x'a5816b8f066301dfb3ee9beaacdfe6be', 1, 375000.0, 3, 1, 1, 143.0, 3, NULL, 83200, 43131995, 5911359, 1, '000CX');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 103, x'beb40994cf84bc06df8214693aec75d1', 1, 85000.0, 2, 1, 2, 42.0, 2, NULL, 83000, 43124141, 5931741, 1, '000CO');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 103, x'd19f65a55fffc8e8e4048fc3e0ec929f', 1, 1700000.0, 7, 2, NULL, NULL, NULL, NULL, 83000, 43110274, 5943409, 1, NULL);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 103, x'fba415a576ca0043823898747ba2ffa6', 1, 173000.0, 2, 1, 2, 54.0, 3, NULL, 83200, 43134601, 5898427, 1, '000DS');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 104, x'193929cc290e582b6b76541b843f0349', 1, 90000.0, 2, 1, 2, 55.0, 3, NULL, 83000, 43128895, 5923003, 1, '000CY');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 104, x'3743fa78633ac647bbf5650850ff79f7', 2, 35000.0, 1, 0, NULL, NULL, NULL, NULL, 83000, 43108976, 5966952, 1, NULL);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 104, x'4994a45ff2b2b8f887f3ebf2faa1c361', 1, 138000.0, 2, 1, 2, 67.0, 4, NULL, 83100, 43126471, 5971407, 1, '000AX');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 104, x'8c842cda1513d8e91d1948f8da1f4e43', 1, 69940.0, 1, 1, 2, 26.0, 1, NULL, 83200, 43127698, 5914626, 1, '000CX');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 104, x'9ee1eeb88b86e0adcdd08b5fd25e5f21', 1, 91870.0, 1, 1, 2, 40.0, 2, NULL, 83100, 43122829, 5947914, 1, '000CD');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 104, x'f5d831222f83bc990a9eb208185b8619', 1, 346200.0, 1, 1, 2, 74.0, 4, NULL, 83000, 43117738, 5966270, 1, '000BH');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 320, x'106cc82d511345b41ed85bbda91c6b75', 1, 1.0, 1, 0, NULL, NULL, NULL, NULL, 83200, 43144809, 5890119, 1, NULL);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 320, x'1d2bc5fa81dd1314c3af1bdfb2c0d61a', 1, 343100.0, 1, 1, 1, 109.0, 4, 250.0, 83200, 43133860, 5915310, 1, '000CZ');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 320, x'212983a079cf36f82ad6034d4e71b0bd', 1, 35000.0, 1, 0, NULL, NULL, NULL, NULL, 83000, 43112406, 5954046, 1, NULL);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 320, x'2376c73560ad9daf1522df880f828fe2', 1, 250000.0, 2, 1, 2, 66.0, 4, NULL, 83000, 43111242, 5949000, 1, '000BS');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 320, x'57bb6e15a2a967df2b20689b84e0ff57', 2, 378000.0, 3, 1, 2, 70.0, 4, NULL, 83100, 43132466, 5970855, 1, '000AV');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 320, x'5dd645b1f6513ff7d3a9e2b63218b98a', 1, 142000.0, 3, 1, 2, 49.0, 2, NULL, 83000, 43119132, 5944675, 1, '000CD');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 320, x'67a131c0525b0bdb4f98ed3c5a0b3830', 1, 328350.0, 2, 1, 1, 78.0, 3, 625.0, 83200, 43139664, 5900925, 1, '000DT');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 320, x'700abd7c1a6f7be268a377a6656aaac3', 1, 160000.0, 3, 1, 2, 58.0, 3, NULL, 83200, 43135986, 5896769, 1, '000DS');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 320, x'7117759b2c8cdc447d41f8bcb012aa25', 2, 184000.0, 2, 0, NULL, NULL, NULL, NULL, NULL, 43125142, 5935744, 1, NULL);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 320, x'9d771d74a944be1df1d50a7dab106e4e', 1, 183500.0, 2, 1, 2, 67.0, 3, NULL, 83200, 43136158, 5918608, 1, '000CZ');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 320, x'a12ae1e04ddc0c796d0de4e4dca4869b', 1, 300000.0, 6, 2, NULL, NULL, NULL, NULL, 83200, 43130594, 5910172, 1, NULL);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 320, x'b0326aa25b687f9c9d6e83d53e26b786', 1, 415000.0, 4, 1, 1, 93.0, 4, 40.0, 83200, 43152342, 5903809, 1, '000DY');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 320, x'b5fb3d92a5552f36356e4504afeabf34', 1, 241500.0, 1, 1, 2, 90.0, 4, NULL, 83000, 43127186, 5927939, 1, '000CO');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 320, x'c2c28c4606ed0ce3bd85468e99c2a2eb', 1, 71330.0, 1, 1, 2, 33.0, 1, NULL, 83000, 43121855, 5931975, 1, '000CN');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 320, x'c96b463b9e9bc107e8343d5020c0006a', 1, 365000.0, 10, 3, NULL, NULL, NULL, 795.0, 83200, 43135546, 5907306, 1, NULL);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 320, x'cd84264e01c646082f717e326030e732', 1, 235000.0, 2, 1, 2, 59.0, 3, NULL, 83100, NULL, NULL, 1, '000AX');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 320, x'cec3903ffda25d47f2a8fccc5c6e2a5d', 1, 64000.0, 3, 1, 2, 78.0, 5, NULL, 83100, 43131642, 5978928, 1, '000AW');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 320, x'e43840ac9fb7255282ea2e868bc34666', 1, 540000.0, 2, 0, NULL, NULL, NULL, 3125.0, 83200, 43136760, 5973807, 1, NULL);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 320, x'f29387af0a0c8eb413f8cbd3140554eb', 1, 206490.0, 2, 1, 2, 46.0, 2, NULL, 83000, 43113291, 5978220, 1, '000BK');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 817, x'03d2cb53cb0c7cfc492a79eb08f96898', 2, 227000.0, 2, 1, 2, 40.0, 2, NULL, 83100, 43122920, 5970255, 1, '000BD');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 817, x'1bc2b97852828a0fb6c59f3c732319d1', 1, 89000.0, 2, 1, 2, 39.0, 2, NULL, 83000, 43131202, 5928582, 1, '000AN');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 817, x'34d27188c766878ded872945bd294308', 1, 142000.0, 2, 1, 2, 58.0, 4, NULL, 83000, 43129624, 5943182, 1, '000AR');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 817, x'829c2fe50a87c134904e0f07a0d04fb8', 1, 142000.0, 2, 1, 2, 40.0, 2, NULL, 83200, 43134348, 5916812, 1, '000CZ');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 817, x'96fc27d9a35be56271063dbf4770e357', 1, 93000.0, 2, 1, 2, 51.0, 3, NULL, 83200, 43131383, 5915297, 1, '000CY');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 817, x'b04682b83e6ad531ff26d9aab3959345', 1, 213000.0, 1, 1, 1, 60.0, 3, 360.0, 83200, 43137573, 5914494, 1, '000DH');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 817, x'be300549ba99da4afc05c088e3ba31ec', 1, 185000.0, 1, 1, 2, 53.0, 3, NULL, 83200, 43138559, 5887545, 1, '000DR');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2023, '83137', 817, x'fd2ca6e4ebd4cfba7a588f8e9666a851', 1, 132500.0, 3, 1, 2, 61.0, 3, NULL, 83200, 43129025, 5903226, 1, '000CW');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 102, x'7fbb6f3dca88d48bdbd25f2dd36297fa', 1, 712600.0, 4, 1, 1, 167.0, 4, 1177.0, 83200, 43143350, 5897527, 2, '000DT');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 103, x'715b5e090232679c72fed1ed456cd54e', 1, 121000.0, 2, 1, 2, 67.0, 3, NULL, 83100, 43123909, 5954219, 2, '000CE');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 103, x'bdc5b89559572b2f1dc95dd511246d4a', 1, 115000.0, 1, 1, 2, 60.0, 3, NULL, 83200, 43142805, 5911145, 2, '000DH');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 103, x'e3f539eac5c2fe3393aa5ca4a4cb0406', 1, 20000.0, 1, 0, NULL, NULL, NULL, NULL, 83000, 43115523, 5946084, 2, NULL);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 104, x'276db9db389299e86e4e38660c9775e4', 1, 25000.0, 2, 1, 4, 57.0, 0, NULL, 83000, 43109451, 5939766, 2, '000BV');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 104, x'2ce4a0ef0028c9d9e34855590cc7c9cf', 1, 145000.0, 1, 0, NULL, NULL, NULL, NULL, 83000, 43105793, 5932522, 2, NULL);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 104, x'393b0a45e2308c6cf543dde45ab1fc34', 1, 190000.0, 2, 1, 2, 100.0, 4, NULL, 83200, 43129337, 5910857, 2, '000CX');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 104, x'536ad7f6ed881b3fef18e101700d5027', 1, 195000.0, 3, 1, 2, 98.0, 5, NULL, 83000, 43117324, 5942128, 2, '000BZ');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 104, x'74c16caf959a837c4c49dcf65c88726e', 1, 289000.0, 2, 1, 2, 110.0, 4, NULL, 83000, 43127260, 5922016, 2, '000CP');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 104, x'a4a596f94c707cb8c81a51beba3d8a9b', 1, 1300000.0, 5, 1, 2, 150.0, 5, NULL, 83000, 43108826, 5934826, 2, '000BX');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 104, x'cd3b7bba5bba63d4905846ef566d470f', 1, 32000.0, 2, 1, 2, 24.0, 1, NULL, 83200, 43129909, 5919892, 2, '000CY');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 104, x'd7a290d2531de98845541ddd7b1cec26', 1, 80000.0, 2, 1, 2, 40.0, 2, NULL, 83000, 43118895, 5949995, 2, '000BR');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 104, x'de4d5588b6da183db3410d800ab94562', 1, 190000.0, 3, 1, 2, 60.0, 3, NULL, 83100, 43133989, 5963667, 2, '000AH');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 104, x'eae151d1ec7410bc850fb404d363eadf', 1, 140000.0, 2, 1, 2, 46.0, 2, NULL, 83000, 43127883, 5928441, 2, '000CO');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 104, x'ed8d5212879c13e31f0ebca68a2646ce', 1, 35000.0, 1, 1, 2, 23.0, 1, NULL, 83100, 43127004, 5962112, 2, '000BE');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'15439d9b0b233630479b718ec8189839', 1, 33000.0, 1, 1, 4, 12.0, 0, NULL, 83100, 43120647, 5948351, 2, '000CD');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'1e8528e0b78311089f4ef90b0fd3eec9', 1, 225000.0, 1, 1, 2, 77.0, 4, NULL, 83000, 43114364, 5940036, 2, '000BZ');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'253a5e4761da4a41fadf313fcc4308bb', 1, 100000.0, 1, 1, 4, 43.0, 0, NULL, 83000, 43114204, 5937983, 2, '000BY');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'35fa167c1d06c685bea7beda612d7d9f', 1, 232500.0, 3, 1, 2, 98.0, 4, NULL, 83000, 43127040, 5928679, 2, '000CO');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'39cda4a2c9e99f747afe29179c83dacb', 1, 220000.0, 2, 1, 2, 87.0, 5, NULL, 83000, 43112805, 5935768, 2, '000BY');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'438814c25608db3ccccf3d859aa8af45', 1, 350000.0, 2, 1, 1, 56.0, 2, 336.0, 83000, 43120194, 5967454, 2, '000BH');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'50082a39d8d76a670aa24ebb8dffc284', 1, 80000.0, 2, 1, 2, 50.0, 2, NULL, 83000, 43120939, 5942280, 2, '000CD');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'5220318e969b8941a9aaedf43b574894', 1, 350000.0, 4, 1, 2, 51.0, 4, NULL, 83000, 43124286, 5947006, 2, '000CI');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'5341e8ebd9031b6cb4ca77e2cf00e4e9', 1, 67000.0, 2, 2, NULL, NULL, NULL, NULL, 83000, 43122589, 5935121, 2, NULL);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'57d2d5dedb0e1ef466656ecbd1b1b66d', 1, 300000.0, 2, 1, 2, 79.0, 4, NULL, 83000, 43115116, 5946875, 2, '000BR');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'66c3ec1e31d63b4b43df4ebed37cbb1b', 1, 118850.0, 1, 1, 2, 50.0, 2, NULL, 83200, 43132750, 5913900, 2, '000CX');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'6e709bdf19c6e3ce73259f67ba3519cd', 1, 83500.0, 1, 1, 2, 23.0, 1, NULL, 83000, 43121884, 5934645, 2, '000CL');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'71d6e60619f6fe16a1eceaf3ffd7707d', 1, 527000.0, 2, 1, 1, 80.0, 4, 880.0, 83200, 43137025, 5888035, 2, '000DR');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'89ba687a9993c7ef67e4e67f5512e435', 1, 310000.0, 4, 1, 2, 120.0, 4, NULL, 83000, 43133622, 5925820, 2, '000AN');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'906b0899f5171e3d489406e369e3410c', 1, 65000.0, 1, 1, 2, 52.0, 2, NULL, 83000, 43119994, 5933279, 2, '000CM');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'9b7218c01b3a0b67d62a29b20170026a', 1, 9000.0, 1, 0, NULL, NULL, NULL, NULL, 83100, 43134558, 5967949, 2, NULL);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'9cad87be8abb7591f522335c1d9034c2', 1, 145000.0, 3, 1, 2, 74.0, 5, NULL, 83100, 43127690, 5964072, 2, '000BE');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'a8fdc83a35d88120d6bde3953f7580f4', 1, 625000.0, 6, 1, 2, 137.0, 4, NULL, 83100, 43132817, 5962393, 2, '000AH');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'afa117070060a5d3a6e3cfc7ee2f3841', 1, 518000.0, 2, 1, 1, 68.0, 4, 590.0, 83200, 43152589, 5900829, 2, '000EM');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'd74b93d66e14459edf0825a31390f318', 1, 167900.0, 3, 1, 2, 70.0, 4, NULL, 83000, 43128820, 5939747, 2, '000AP');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'dad8e82df75cbd2f96e492599364254c', 1, 130000.0, 2, 1, 2, 45.0, 2, NULL, 83100, 43122904, 5951731, 2, '000CE');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'f5caa0ce759b180f51d429cea225abd4', 2, 425319.0, 2, 1, 2, 65.0, 3, NULL, 83000, 43113392, 5976117, 2, '000BK');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'f6861478e3a9256b9dc20c02b1f60c16', 1, 252000.0, 1, 1, 1, 43.0, 3, 350.0, 83000, 43117144, 5961436, 2, '000BH');
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id, section) VALUES (2024, '83137', 329, x'ff2b45cadaa3000772295fc8c5b49bec', 1, 147750.0, 2, 1, 2, 59.0, 3, NULL, 83100, 43128967, 5968848, 2, '000AX');
INSERT INTO sales (annee, departement, communes, digests, mois, type_local, pieces, prix, surface_reelle, neuf, surface_terrain, section) VALUES (2023, '83', '[["83137",37]]', x'acbe83ee92c67c4ebd495028f463a7cfd075b4bef3666dfabf587aea21fa25aa14e9c16bbb037afe17e07f72368616baf3407a36e74e168e77754174222e3d11', x'28b52ffd20259d00005801010308080808080808080200801332c002', x'28b52ffd2025dd000088020104020202020201020102020201020203003209bc8c3b0024', x'28b52ffd202529010003040002030504020302030304010204040404020303030404010305020202040203030303', x'28b52ffd6028003d0600440800000000284b0a4100000000b05320803107c0f700a0defc40c0bb1a414019fa402025ff60e3164180c0f440401e054100f9f54080d800414013f140e06df660211541f0f01480840e401217805501780a140088036066065419e07a0d206af140c0af0c410040ef40d0340941c0b50b80baf540b440000a4095064100000000a02c00412200206663c641893124008d001920080802828020e0066818e0006d0019e0066803c800378011d0032c014bc012b0042c018b00192008080282801ba00d134a1d', x'28b52ffd602800550400f204111bb017d2010ce51886054ca0d150098c90cd88bb7563c43048925ca53cfd9f849e071de640876065b86aa09d5915643d307500b66b81ac5890da887465aecec44dd4ff032300606030100c067203a3812140463018c802f205198381c1c06020180c6401f9828cc1c06020180ce406460359c0b82063303018180c048381dc56468023c088058e', x'28b52ffd2025a50000600000010001000000000000000200a0c008c002', x'28b52ffd2094450100e80000000000808044007a4300401c4400204200b4430000000000000000041000e02808377c1e01', x'28b52ffd20b9e50100c2040d10a0b539447e3e22ee89f94b46e8ffef37a70ccc421a9c238669840e2647efd0d8d9b1cc0278fb445544dfdba9aea7fbd37f172201002a0558');
INSERT INTO sales (annee, departement, communes, digests, mois, type_local, pieces, prix, surface_reelle, neuf, surface_terrain, section) VALUES (2024, '83', '[["83137",35]]', x'91bb17e7ed2fff1252eedf2ce59fa5cca27bd136d9817ae1c084f0fccbb650e4c94c4c05b3a0f178d09c78681f09f25be427798cabbb2c7898eee94d1f93caf8', x'28b52ffd20235d0000180101030200e00b036001', x'28b52ffd2023f50000b00102020402040204020201010202020201020202010202003145218016', x'28b52ffd20231901000403030004050405010203020100040004050202040402010404020504040402030303', x'28b52ffd601800bd050074070000000030bf254100000000808afd4013fc006ad880310741c0cda0a31120d6330040df4088f30017010017e140001de04040770b416af8a0610cdb0ac05c154188f3804f12412004fd40c062f44030152041eb00bdef40b30141d012239d1fe07e044100bdff409cf51900c30e41000000003009024120004006080282808bc10c1004dc196a2e38028c0023c0d24c02e0306804080c6680c3a0095802160162a622000e8346800c7007180c82801ba06113ca12', x'28b52ffd60180045040064040000000000e0644000c05040004e804c005980585bc0620038444e4737284053804558c055004c4980c053004937545e4a805220610051804640508045400000000000804d4021006020180c1001060603838160309005e4039981dcc068200b1817640c0682c1406e60343004e40399812c205f903118080603b981d1c0682b23c0110b1c01', x'28b52ffd20235d0000280000010000010022c002', x'28b52ffd208cfd0000900020934400a843005c801344af4300000000040020cf18bc0bbe2128d002', x'28b52ffd20af550200e40330304443444243414342434243424343444143424145414342424154454856585a50585952484f45445a594f5948444952584c524e4d45484d50454b485803003ad1b94b93146001');
INSERT INTO changes (batch_id, commune, annee, mutations_ajoutees, mutations_retirees, ventes_ajoutees, ventes_retirees, ventes_corrigees) VALUES (1, '83137', 2023, 48, 0, 37, 0, 0);
INSERT INTO changes (batch_id, commune, annee, mutations_ajoutees, mutations_retirees, ventes_ajoutees, ventes_retirees, ventes_corrigees) VALUES (2, '83137', 2024, 39, 0, 35, 0, 0);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2023-01', 1);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2023-02', 1);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2023-03', 1);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2023-04', 1);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2023-05', 1);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2023-06', 1);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2023-07', 1);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2023-08', 1);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2023-09', 1);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2023-10', 1);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2023-11', 1);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2023-12', 1);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2024-01', 2);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2024-02', 2);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2024-03', 2);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2024-04', 2);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2024-05', 2);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2024-06', 2);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2024-07', 2);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2024-08', 2);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2024-09', 2);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2024-10', 2);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2024-11', 2);
INSERT INTO coverage (code, mois, batch_id) VALUES ('83137', '2024-12', 2);
INSERT INTO commune_digests (commune, digest) VALUES ('83137', x'19922b0c8659e29e81c4325888c0c73c1c5c896b90a25cf5809cab1928759934');
INSERT INTO city_stats (niveau, city_code, figures, calculated_at) VALUES ('commune', '83137', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":1},"total_transactions":72,"volume_12_months":32,"appartement":{"total":57,"current":{"from":"2023-01","to":"2024-12","months":24,"covered":24,"n":57,"new_homes":3,"median":2627,"fragile":false,"q1":2000,"q3":3491,"p10":1622,"p90":4609,"interval":[2297,2922],"mean_surface":60,"median_price":146000,"price_q1":107000,"price_q3":228000},"change_1_year":{"years":1,"percent":-9.7,"significant":false,"n":[28,26],"since":"2023-12"},"rooms":[{"rooms":1,"n":5,"median":2160,"median_price":69900},{"rooms":2,"n":15,"median":2890,"interval":[2020,3050],"median_price":128000},{"rooms":3,"n":15,"median":2740,"interval":[1820,3210],"median_price":159000},{"rooms":4,"n":16,"median":2660,"interval":[2370,4570],"median_price":246000},{"rooms":5,"n":6,"median":2260,"median_price":208000}],"surfaces":[{"from":0,"to":29,"n":4,"median":null,"median_price":null},{"from":30,"to":49,"n":13,"median":2900,"median_price":129000},{"from":50,"to":69,"n":21,"median":2450,"median_price":141000},{"from":70,"to":89,"n":10,"median":2730,"median_price":218000},{"from":90,"n":9,"median":2630,"median_price":290000}],"distribution":{"bounds":[2000,2500,3000,4000],"counts":[10,15,10,10,12]},"price_distribution":{"bounds":[100000,200000,300000],"counts":[10,25,10,12]},"yearly":[{"period":"2023","n":28,"median":2710,"interval":[2170,3080]},{"period":"2024","n":26,"median":2450,"interval":[1950,2930]}],"quarterly":[{"period":"2023-Q4","n":28,"median":2710,"interval":[2170,3080]},{"period":"2024-Q1","n":32,"median":2423,"interval":[1990,2922]},{"period":"2024-Q2","n":32,"median":2423,"interval":[1990,2922]},{"period":"2024-Q3","n":26,"median":2450,"interval":[1950,2930]},{"period":"2024-Q4","n":26,"median":2450,"interval":[1950,2930]}],"monthly":[{"period":"2023-01","n":13,"median":2690},{"period":"2023-03","n":9,"median":2760},{"period":"2023-08","n":6,"median":2370},{"period":"2024-01","n":11,"median":1990},{"period":"2024-03","n":15,"median":2530}]},"maison":{"total":11,"current":{"from":"2023-01","to":"2024-12","months":60,"covered":24,"n":11,"new_homes":0,"median":4350,"fragile":false,"q1":null,"q3":null,"interval":[3140,6590],"mean_surface":null,"median_price":376000},"rooms":[{"rooms":2,"n":1,"median":null,"median_price":null},{"rooms":3,"n":4,"median":null,"median_price":null},{"rooms":4,"n":6,"median":4410,"median_price":522000}],"surfaces":[{"from":0,"to":79,"n":5,"median":5860,"median_price":328000},{"from":80,"to":99,"n":2,"median":null,"median_price":null},{"from":100,"to":119,"n":1,"median":null,"median_price":null},{"from":120,"to":149,"n":2,"median":null,"median_price":null},{"from":150,"n":1,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":6,"median":3880},{"period":"2024","n":5,"median":6250}],"quarterly":[{"period":"2023-Q4","n":6,"median":3880},{"period":"2024-Q1","n":6,"median":6060},{"period":"2024-Q2","n":6,"median":6060},{"period":"2024-Q3","n":5,"median":6250},{"period":"2024-Q4","n":5,"median":6250}]},"local":{"total":4,"current":{"from":"2023-01","to":"2024-12","months":60,"covered":24,"n":4,"new_homes":0,"median":null,"fragile":false,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"yearly":[{"period":"2023","n":1},{"period":"2024","n":3}],"quarterly":[{"period":"2023-Q4","n":1},{"period":"2024-Q1","n":3},{"period":"2024-Q2","n":3},{"period":"2024-Q3","n":3},{"period":"2024-Q4","n":3}]},"apt_maison":{"total":68,"current":{"from":"2024-01","to":"2024-12","months":12,"covered":12,"n":32,"new_homes":1,"median":2605,"fragile":false,"q1":1982,"q3":4341,"interval":[2000,3797],"mean_surface":70,"median_price":192000,"price_q1":120000,"price_q3":320000},"change_1_year":{"years":1,"percent":-8.6,"significant":false,"n":[34,31],"since":"2023-12"},"yearly":[{"period":"2023","n":34,"median":2827},{"period":"2024","n":31,"median":2583}],"quarterly":[{"period":"2023-Q4","n":34,"median":2827},{"period":"2024-Q1","n":38,"median":2556},{"period":"2024-Q2","n":38,"median":2556},{"period":"2024-Q3","n":31,"median":2583},{"period":"2024-Q4","n":31,"median":2583}],"monthly":[{"period":"2023-01","n":15,"median":2690},{"period":"2023-02","n":0},{"period":"2023-03","n":12,"median":3020},{"period":"2023-04","n":0},{"period":"2023-05","n":0},{"period":"2023-06","n":0},{"period":"2023-07","n":0},{"period":"2023-08","n":7,"median":2450},{"period":"2023-09","n":0},{"period":"2023-10","n":0},{"period":"2023-11","n":0},{"period":"2023-12","n":0},{"period":"2024-01","n":12,"median":1990},{"period":"2024-02","n":0},{"period":"2024-03","n":19,"median":2890},{"period":"2024-04","n":0},{"period":"2024-05","n":0},{"period":"2024-06","n":0},{"period":"2024-07","n":0},{"period":"2024-08","n":0},{"period":"2024-09","n":0},{"period":"2024-10","n":0},{"period":"2024-11","n":0},{"period":"2024-12","n":0}]},"seasonality":[498,0,572,0,0,0,0,129,0,0,0,0]}', '2026-11-27T23:24:12Z');
INSERT INTO city_stats (niveau, city_code, figures, calculated_at) VALUES ('epci', '248300543', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":12},"total_transactions":72,"volume_12_months":32,"appartement":{"total":57,"current":{"from":"2023-01","to":"2024-12","months":24,"covered":24,"n":57,"new_homes":3,"median":2627,"fragile":false,"q1":2000,"q3":3491,"p10":1622,"p90":4609,"interval":[2297,2922],"mean_surface":60,"median_price":146000,"price_q1":107000,"price_q3":228000},"change_1_year":{"years":1,"percent":-9.7,"significant":false,"n":[28,26],"since":"2023-12"},"rooms":[{"rooms":1,"n":5,"median":2160,"median_price":69900},{"rooms":2,"n":15,"median":2890,"interval":[2020,3050],"median_price":128000},{"rooms":3,"n":15,"median":2740,"interval":[1820,3210],"median_price":159000},{"rooms":4,"n":16,"median":2660,"interval":[2370,4570],"median_price":246000},{"rooms":5,"n":6,"median":2260,"median_price":208000}],"surfaces":[{"from":0,"to":29,"n":4,"median":null,"median_price":null},{"from":30,"to":49,"n":13,"median":2900,"median_price":129000},{"from":50,"to":69,"n":21,"median":2450,"median_price":141000},{"from":70,"to":89,"n":10,"median":2730,"median_price":218000},{"from":90,"n":9,"median":2630,"median_price":290000}],"distribution":{"bounds":[2000,2500,3000,4000],"counts":[10,15,10,10,12]},"price_distribution":{"bounds":[100000,200000,300000],"counts":[10,25,10,12]},"yearly":[{"period":"2023","n":28,"median":2710,"interval":[2170,3080]},{"period":"2024","n":26,"median":2450,"interval":[1950,2930]}],"quarterly":[{"period":"2023-Q4","n":28,"median":2710,"interval":[2170,3080]},{"period":"2024-Q1","n":32,"median":2423,"interval":[1990,2922]},{"period":"2024-Q2","n":32,"median":2423,"interval":[1990,2922]},{"period":"2024-Q3","n":26,"median":2450,"interval":[1950,2930]},{"period":"2024-Q4","n":26,"median":2450,"interval":[1950,2930]}],"monthly":[{"period":"2023-01","n":13,"median":2690},{"period":"2023-03","n":9,"median":2760},{"period":"2023-08","n":6,"median":2370},{"period":"2024-01","n":11,"median":1990},{"period":"2024-03","n":15,"median":2530}]},"maison":{"total":11,"current":{"from":"2023-01","to":"2024-12","months":60,"covered":24,"n":11,"new_homes":0,"median":4350,"fragile":false,"q1":null,"q3":null,"interval":[3140,6590],"mean_surface":null,"median_price":376000},"rooms":[{"rooms":2,"n":1,"median":null,"median_price":null},{"rooms":3,"n":4,"median":null,"median_price":null},{"rooms":4,"n":6,"median":4410,"median_price":522000}],"surfaces":[{"from":0,"to":79,"n":5,"median":5860,"median_price":328000},{"from":80,"to":99,"n":2,"median":null,"median_price":null},{"from":100,"to":119,"n":1,"median":null,"median_price":null},{"from":120,"to":149,"n":2,"median":null,"median_price":null},{"from":150,"n":1,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":6,"median":3880},{"period":"2024","n":5,"median":6250}],"quarterly":[{"period":"2023-Q4","n":6,"median":3880},{"period":"2024-Q1","n":6,"median":6060},{"period":"2024-Q2","n":6,"median":6060},{"period":"2024-Q3","n":5,"median":6250},{"period":"2024-Q4","n":5,"median":6250}]},"local":{"total":4,"current":{"from":"2023-01","to":"2024-12","months":60,"covered":24,"n":4,"new_homes":0,"median":null,"fragile":false,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"yearly":[{"period":"2023","n":1},{"period":"2024","n":3}],"quarterly":[{"period":"2023-Q4","n":1},{"period":"2024-Q1","n":3},{"period":"2024-Q2","n":3},{"period":"2024-Q3","n":3},{"period":"2024-Q4","n":3}]},"apt_maison":{"total":68,"current":{"from":"2024-01","to":"2024-12","months":12,"covered":12,"n":32,"new_homes":1,"median":2605,"fragile":false,"q1":1982,"q3":4341,"interval":[2000,3797],"mean_surface":70,"median_price":192000,"price_q1":120000,"price_q3":320000},"change_1_year":{"years":1,"percent":-8.6,"significant":false,"n":[34,31],"since":"2023-12"},"yearly":[{"period":"2023","n":34,"median":2827},{"period":"2024","n":31,"median":2583}],"quarterly":[{"period":"2023-Q4","n":34,"median":2827},{"period":"2024-Q1","n":38,"median":2556},{"period":"2024-Q2","n":38,"median":2556},{"period":"2024-Q3","n":31,"median":2583},{"period":"2024-Q4","n":31,"median":2583}],"monthly":[{"period":"2023-01","n":15,"median":2690},{"period":"2023-02","n":0},{"period":"2023-03","n":12,"median":3020},{"period":"2023-04","n":0},{"period":"2023-05","n":0},{"period":"2023-06","n":0},{"period":"2023-07","n":0},{"period":"2023-08","n":7,"median":2450},{"period":"2023-09","n":0},{"period":"2023-10","n":0},{"period":"2023-11","n":0},{"period":"2023-12","n":0},{"period":"2024-01","n":12,"median":1990},{"period":"2024-02","n":0},{"period":"2024-03","n":19,"median":2890},{"period":"2024-04","n":0},{"period":"2024-05","n":0},{"period":"2024-06","n":0},{"period":"2024-07","n":0},{"period":"2024-08","n":0},{"period":"2024-09","n":0},{"period":"2024-10","n":0},{"period":"2024-11","n":0},{"period":"2024-12","n":0}]},"seasonality":[498,0,572,0,0,0,0,129,0,0,0,0]}', '2026-11-27T23:24:12Z');
INSERT INTO city_stats (niveau, city_code, figures, calculated_at) VALUES ('departement', '83', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":153},"total_transactions":72,"volume_12_months":32,"appartement":{"total":57,"current":{"from":"2023-01","to":"2024-12","months":24,"covered":24,"n":57,"new_homes":3,"median":2627,"fragile":false,"q1":2000,"q3":3491,"p10":1622,"p90":4609,"interval":[2297,2922],"mean_surface":60,"median_price":146000,"price_q1":107000,"price_q3":228000},"change_1_year":{"years":1,"percent":-9.7,"significant":false,"n":[28,26],"since":"2023-12"},"rooms":[{"rooms":1,"n":5,"median":2160,"median_price":69900},{"rooms":2,"n":15,"median":2890,"interval":[2020,3050],"median_price":128000},{"rooms":3,"n":15,"median":2740,"interval":[1820,3210],"median_price":159000},{"rooms":4,"n":16,"median":2660,"interval":[2370,4570],"median_price":246000},{"rooms":5,"n":6,"median":2260,"median_price":208000}],"surfaces":[{"from":0,"to":29,"n":4,"median":null,"median_price":null},{"from":30,"to":49,"n":13,"median":2900,"median_price":129000},{"from":50,"to":69,"n":21,"median":2450,"median_price":141000},{"from":70,"to":89,"n":10,"median":2730,"median_price":218000},{"from":90,"n":9,"median":2630,"median_price":290000}],"distribution":{"bounds":[2000,2500,3000,4000],"counts":[10,15,10,10,12]},"price_distribution":{"bounds":[100000,200000,300000],"counts":[10,25,10,12]},"yearly":[{"period":"2023","n":28,"median":2710,"interval":[2170,3080]},{"period":"2024","n":26,"median":2450,"interval":[1950,2930]}],"quarterly":[{"period":"2023-Q4","n":28,"median":2710,"interval":[2170,3080]},{"period":"2024-Q1","n":32,"median":2423,"interval":[1990,2922]},{"period":"2024-Q2","n":32,"median":2423,"interval":[1990,2922]},{"period":"2024-Q3","n":26,"median":2450,"interval":[1950,2930]},{"period":"2024-Q4","n":26,"median":2450,"interval":[1950,2930]}],"monthly":[{"period":"2023-01","n":13,"median":2690},{"period":"2023-03","n":9,"median":2760},{"period":"2023-08","n":6,"median":2370},{"period":"2024-01","n":11,"median":1990},{"period":"2024-03","n":15,"median":2530}]},"maison":{"total":11,"current":{"from":"2023-01","to":"2024-12","months":60,"covered":24,"n":11,"new_homes":0,"median":4350,"fragile":false,"q1":null,"q3":null,"interval":[3140,6590],"mean_surface":null,"median_price":376000},"rooms":[{"rooms":2,"n":1,"median":null,"median_price":null},{"rooms":3,"n":4,"median":null,"median_price":null},{"rooms":4,"n":6,"median":4410,"median_price":522000}],"surfaces":[{"from":0,"to":79,"n":5,"median":5860,"median_price":328000},{"from":80,"to":99,"n":2,"median":null,"median_price":null},{"from":100,"to":119,"n":1,"median":null,"median_price":null},{"from":120,"to":149,"n":2,"median":null,"median_price":null},{"from":150,"n":1,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":6,"median":3880},{"period":"2024","n":5,"median":6250}],"quarterly":[{"period":"2023-Q4","n":6,"median":3880},{"period":"2024-Q1","n":6,"median":6060},{"period":"2024-Q2","n":6,"median":6060},{"period":"2024-Q3","n":5,"median":6250},{"period":"2024-Q4","n":5,"median":6250}]},"local":{"total":4,"current":{"from":"2023-01","to":"2024-12","months":60,"covered":24,"n":4,"new_homes":0,"median":null,"fragile":false,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"yearly":[{"period":"2023","n":1},{"period":"2024","n":3}],"quarterly":[{"period":"2023-Q4","n":1},{"period":"2024-Q1","n":3},{"period":"2024-Q2","n":3},{"period":"2024-Q3","n":3},{"period":"2024-Q4","n":3}]},"apt_maison":{"total":68,"current":{"from":"2024-01","to":"2024-12","months":12,"covered":12,"n":32,"new_homes":1,"median":2605,"fragile":false,"q1":1982,"q3":4341,"interval":[2000,3797],"mean_surface":70,"median_price":192000,"price_q1":120000,"price_q3":320000},"change_1_year":{"years":1,"percent":-8.6,"significant":false,"n":[34,31],"since":"2023-12"},"yearly":[{"period":"2023","n":34,"median":2827},{"period":"2024","n":31,"median":2583}],"quarterly":[{"period":"2023-Q4","n":34,"median":2827},{"period":"2024-Q1","n":38,"median":2556},{"period":"2024-Q2","n":38,"median":2556},{"period":"2024-Q3","n":31,"median":2583},{"period":"2024-Q4","n":31,"median":2583}],"monthly":[{"period":"2023-01","n":15,"median":2690},{"period":"2023-02","n":0},{"period":"2023-03","n":12,"median":3020},{"period":"2023-04","n":0},{"period":"2023-05","n":0},{"period":"2023-06","n":0},{"period":"2023-07","n":0},{"period":"2023-08","n":7,"median":2450},{"period":"2023-09","n":0},{"period":"2023-10","n":0},{"period":"2023-11","n":0},{"period":"2023-12","n":0},{"period":"2024-01","n":12,"median":1990},{"period":"2024-02","n":0},{"period":"2024-03","n":19,"median":2890},{"period":"2024-04","n":0},{"period":"2024-05","n":0},{"period":"2024-06","n":0},{"period":"2024-07","n":0},{"period":"2024-08","n":0},{"period":"2024-09","n":0},{"period":"2024-10","n":0},{"period":"2024-11","n":0},{"period":"2024-12","n":0}]},"seasonality":[498,0,572,0,0,0,0,129,0,0,0,0]}', '2026-11-27T23:24:12Z');
INSERT INTO city_stats (niveau, city_code, figures, calculated_at) VALUES ('region', '93', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":946},"total_transactions":72,"volume_12_months":32,"appartement":{"total":57,"current":{"from":"2023-01","to":"2024-12","months":24,"covered":24,"n":57,"new_homes":3,"median":2627,"fragile":false,"q1":2000,"q3":3491,"p10":1622,"p90":4609,"interval":[2297,2922],"mean_surface":60,"median_price":146000,"price_q1":107000,"price_q3":228000},"change_1_year":{"years":1,"percent":-9.7,"significant":false,"n":[28,26],"since":"2023-12"},"rooms":[{"rooms":1,"n":5,"median":2160,"median_price":69900},{"rooms":2,"n":15,"median":2890,"interval":[2020,3050],"median_price":128000},{"rooms":3,"n":15,"median":2740,"interval":[1820,3210],"median_price":159000},{"rooms":4,"n":16,"median":2660,"interval":[2370,4570],"median_price":246000},{"rooms":5,"n":6,"median":2260,"median_price":208000}],"surfaces":[{"from":0,"to":29,"n":4,"median":null,"median_price":null},{"from":30,"to":49,"n":13,"median":2900,"median_price":129000},{"from":50,"to":69,"n":21,"median":2450,"median_price":141000},{"from":70,"to":89,"n":10,"median":2730,"median_price":218000},{"from":90,"n":9,"median":2630,"median_price":290000}],"distribution":{"bounds":[2000,2500,3000,4000],"counts":[10,15,10,10,12]},"price_distribution":{"bounds":[100000,200000,300000],"counts":[10,25,10,12]},"yearly":[{"period":"2023","n":28,"median":2710,"interval":[2170,3080]},{"period":"2024","n":26,"median":2450,"interval":[1950,2930]}],"quarterly":[{"period":"2023-Q4","n":28,"median":2710,"interval":[2170,3080]},{"period":"2024-Q1","n":32,"median":2423,"interval":[1990,2922]},{"period":"2024-Q2","n":32,"median":2423,"interval":[1990,2922]},{"period":"2024-Q3","n":26,"median":2450,"interval":[1950,2930]},{"period":"2024-Q4","n":26,"median":2450,"interval":[1950,2930]}],"monthly":[{"period":"2023-01","n":13,"median":2690},{"period":"2023-03","n":9,"median":2760},{"period":"2023-08","n":6,"median":2370},{"period":"2024-01","n":11,"median":1990},{"period":"2024-03","n":15,"median":2530}]},"maison":{"total":11,"current":{"from":"2023-01","to":"2024-12","months":60,"covered":24,"n":11,"new_homes":0,"median":4350,"fragile":false,"q1":null,"q3":null,"interval":[3140,6590],"mean_surface":null,"median_price":376000},"rooms":[{"rooms":2,"n":1,"median":null,"median_price":null},{"rooms":3,"n":4,"median":null,"median_price":null},{"rooms":4,"n":6,"median":4410,"median_price":522000}],"surfaces":[{"from":0,"to":79,"n":5,"median":5860,"median_price":328000},{"from":80,"to":99,"n":2,"median":null,"median_price":null},{"from":100,"to":119,"n":1,"median":null,"median_price":null},{"from":120,"to":149,"n":2,"median":null,"median_price":null},{"from":150,"n":1,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":6,"median":3880},{"period":"2024","n":5,"median":6250}],"quarterly":[{"period":"2023-Q4","n":6,"median":3880},{"period":"2024-Q1","n":6,"median":6060},{"period":"2024-Q2","n":6,"median":6060},{"period":"2024-Q3","n":5,"median":6250},{"period":"2024-Q4","n":5,"median":6250}]},"local":{"total":4,"current":{"from":"2023-01","to":"2024-12","months":60,"covered":24,"n":4,"new_homes":0,"median":null,"fragile":false,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"yearly":[{"period":"2023","n":1},{"period":"2024","n":3}],"quarterly":[{"period":"2023-Q4","n":1},{"period":"2024-Q1","n":3},{"period":"2024-Q2","n":3},{"period":"2024-Q3","n":3},{"period":"2024-Q4","n":3}]},"apt_maison":{"total":68,"current":{"from":"2024-01","to":"2024-12","months":12,"covered":12,"n":32,"new_homes":1,"median":2605,"fragile":false,"q1":1982,"q3":4341,"interval":[2000,3797],"mean_surface":70,"median_price":192000,"price_q1":120000,"price_q3":320000},"change_1_year":{"years":1,"percent":-8.6,"significant":false,"n":[34,31],"since":"2023-12"},"yearly":[{"period":"2023","n":34,"median":2827},{"period":"2024","n":31,"median":2583}],"quarterly":[{"period":"2023-Q4","n":34,"median":2827},{"period":"2024-Q1","n":38,"median":2556},{"period":"2024-Q2","n":38,"median":2556},{"period":"2024-Q3","n":31,"median":2583},{"period":"2024-Q4","n":31,"median":2583}],"monthly":[{"period":"2023-01","n":15,"median":2690},{"period":"2023-02","n":0},{"period":"2023-03","n":12,"median":3020},{"period":"2023-04","n":0},{"period":"2023-05","n":0},{"period":"2023-06","n":0},{"period":"2023-07","n":0},{"period":"2023-08","n":7,"median":2450},{"period":"2023-09","n":0},{"period":"2023-10","n":0},{"period":"2023-11","n":0},{"period":"2023-12","n":0},{"period":"2024-01","n":12,"median":1990},{"period":"2024-02","n":0},{"period":"2024-03","n":19,"median":2890},{"period":"2024-04","n":0},{"period":"2024-05","n":0},{"period":"2024-06","n":0},{"period":"2024-07","n":0},{"period":"2024-08","n":0},{"period":"2024-09","n":0},{"period":"2024-10","n":0},{"period":"2024-11","n":0},{"period":"2024-12","n":0}]},"seasonality":[498,0,572,0,0,0,0,129,0,0,0,0]}', '2026-11-27T23:24:12Z');
INSERT INTO city_stats (niveau, city_code, figures, calculated_at) VALUES ('pays', 'FR', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":33253},"total_transactions":72,"volume_12_months":32,"appartement":{"total":57,"current":{"from":"2023-01","to":"2024-12","months":24,"covered":24,"n":57,"new_homes":3,"median":2627,"fragile":false,"q1":2000,"q3":3491,"p10":1622,"p90":4609,"interval":[2297,2922],"mean_surface":60,"median_price":146000,"price_q1":107000,"price_q3":228000},"change_1_year":{"years":1,"percent":-9.7,"significant":false,"n":[28,26],"since":"2023-12"},"rooms":[{"rooms":1,"n":5,"median":2160,"median_price":69900},{"rooms":2,"n":15,"median":2890,"interval":[2020,3050],"median_price":128000},{"rooms":3,"n":15,"median":2740,"interval":[1820,3210],"median_price":159000},{"rooms":4,"n":16,"median":2660,"interval":[2370,4570],"median_price":246000},{"rooms":5,"n":6,"median":2260,"median_price":208000}],"surfaces":[{"from":0,"to":29,"n":4,"median":null,"median_price":null},{"from":30,"to":49,"n":13,"median":2900,"median_price":129000},{"from":50,"to":69,"n":21,"median":2450,"median_price":141000},{"from":70,"to":89,"n":10,"median":2730,"median_price":218000},{"from":90,"n":9,"median":2630,"median_price":290000}],"distribution":{"bounds":[2000,2500,3000,4000],"counts":[10,15,10,10,12]},"price_distribution":{"bounds":[100000,200000,300000],"counts":[10,25,10,12]},"yearly":[{"period":"2023","n":28,"median":2710,"interval":[2170,3080]},{"period":"2024","n":26,"median":2450,"interval":[1950,2930]}],"quarterly":[{"period":"2023-Q4","n":28,"median":2710,"interval":[2170,3080]},{"period":"2024-Q1","n":32,"median":2423,"interval":[1990,2922]},{"period":"2024-Q2","n":32,"median":2423,"interval":[1990,2922]},{"period":"2024-Q3","n":26,"median":2450,"interval":[1950,2930]},{"period":"2024-Q4","n":26,"median":2450,"interval":[1950,2930]}],"monthly":[{"period":"2023-01","n":13,"median":2690},{"period":"2023-03","n":9,"median":2760},{"period":"2023-08","n":6,"median":2370},{"period":"2024-01","n":11,"median":1990},{"period":"2024-03","n":15,"median":2530}]},"maison":{"total":11,"current":{"from":"2023-01","to":"2024-12","months":60,"covered":24,"n":11,"new_homes":0,"median":4350,"fragile":false,"q1":null,"q3":null,"interval":[3140,6590],"mean_surface":null,"median_price":376000},"rooms":[{"rooms":2,"n":1,"median":null,"median_price":null},{"rooms":3,"n":4,"median":null,"median_price":null},{"rooms":4,"n":6,"median":4410,"median_price":522000}],"surfaces":[{"from":0,"to":79,"n":5,"median":5860,"median_price":328000},{"from":80,"to":99,"n":2,"median":null,"median_price":null},{"from":100,"to":119,"n":1,"median":null,"median_price":null},{"from":120,"to":149,"n":2,"median":null,"median_price":null},{"from":150,"n":1,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":6,"median":3880},{"period":"2024","n":5,"median":6250}],"quarterly":[{"period":"2023-Q4","n":6,"median":3880},{"period":"2024-Q1","n":6,"median":6060},{"period":"2024-Q2","n":6,"median":6060},{"period":"2024-Q3","n":5,"median":6250},{"period":"2024-Q4","n":5,"median":6250}]},"local":{"total":4,"current":{"from":"2023-01","to":"2024-12","months":60,"covered":24,"n":4,"new_homes":0,"median":null,"fragile":false,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"yearly":[{"period":"2023","n":1},{"period":"2024","n":3}],"quarterly":[{"period":"2023-Q4","n":1},{"period":"2024-Q1","n":3},{"period":"2024-Q2","n":3},{"period":"2024-Q3","n":3},{"period":"2024-Q4","n":3}]},"apt_maison":{"total":68,"current":{"from":"2024-01","to":"2024-12","months":12,"covered":12,"n":32,"new_homes":1,"median":2605,"fragile":false,"q1":1982,"q3":4341,"interval":[2000,3797],"mean_surface":70,"median_price":192000,"price_q1":120000,"price_q3":320000},"change_1_year":{"years":1,"percent":-8.6,"significant":false,"n":[34,31],"since":"2023-12"},"yearly":[{"period":"2023","n":34,"median":2827},{"period":"2024","n":31,"median":2583}],"quarterly":[{"period":"2023-Q4","n":34,"median":2827},{"period":"2024-Q1","n":38,"median":2556},{"period":"2024-Q2","n":38,"median":2556},{"period":"2024-Q3","n":31,"median":2583},{"period":"2024-Q4","n":31,"median":2583}],"monthly":[{"period":"2023-01","n":15,"median":2690},{"period":"2023-02","n":0},{"period":"2023-03","n":12,"median":3020},{"period":"2023-04","n":0},{"period":"2023-05","n":0},{"period":"2023-06","n":0},{"period":"2023-07","n":0},{"period":"2023-08","n":7,"median":2450},{"period":"2023-09","n":0},{"period":"2023-10","n":0},{"period":"2023-11","n":0},{"period":"2023-12","n":0},{"period":"2024-01","n":12,"median":1990},{"period":"2024-02","n":0},{"period":"2024-03","n":19,"median":2890},{"period":"2024-04","n":0},{"period":"2024-05","n":0},{"period":"2024-06","n":0},{"period":"2024-07","n":0},{"period":"2024-08","n":0},{"period":"2024-09","n":0},{"period":"2024-10","n":0},{"period":"2024-11","n":0},{"period":"2024-12","n":0}]},"seasonality":[498,0,572,0,0,0,0,129,0,0,0,0]}', '2026-11-27T23:24:12Z');
INSERT INTO city_keys (niveau, city_code, digest, hash, summary) VALUES ('commune', '83137', x'20cd56c05b71d544ea898a4de9665299a1e2b223ef64bcc0d58b7b5588393f3a', x'99b5711b3a40a54f6e92be6bc01ebb488e0eceb1d5984bcd2bfdbd56ad72c601', '["bb047ee098ed4cddf0613d8f2c83521d8a879bfdc985e5f3ca87b891b1aae64b",{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":1},"volume_12_months":32,"appartement":{"current":{"n":57,"new_homes":3,"covered":24,"to":"2024-12","median":2627,"interval":[2297,2922],"fragile":false,"median_price":146000}},"maison":{"current":{"n":11,"new_homes":0,"covered":24,"to":"2024-12","median":4350,"interval":[3140,6590],"fragile":false,"median_price":376000}}}]');
INSERT INTO city_keys (niveau, city_code, digest, hash, summary) VALUES ('departement', '83', x'90e0cc32ba2ff98711003a34267a86e1491111c4bc462b2b2d781bb296992bdd', x'b59b6bbc968733b36b0011783ebe074055cdec9149ecefa01b936553c43a8032', '["dfe0a57fc0c38055812b97516efac74354cc4d26468f1dfa31ee35c364fbd652",{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":153},"volume_12_months":32,"appartement":{"current":{"n":57,"new_homes":3,"covered":24,"to":"2024-12","median":2627,"interval":[2297,2922],"fragile":false,"median_price":146000}},"maison":{"current":{"n":11,"new_homes":0,"covered":24,"to":"2024-12","median":4350,"interval":[3140,6590],"fragile":false,"median_price":376000}},"quarterly":{"appartement":[["2023-Q4",2710],["2024-Q1",2420],["2024-Q2",2420],["2024-Q3",2450],["2024-Q4",2450]],"maison":[["2023-Q4",3880],["2024-Q1",6060],["2024-Q2",6060],["2024-Q3",6250],["2024-Q4",6250]]}}]');
INSERT INTO city_keys (niveau, city_code, digest, hash, summary) VALUES ('epci', '248300543', x'847abaadc65073294b52c2ab8a61edb0339571269379ae58a2f8c3594a49a7dc', x'8090581842fadd24a1bf38db54473051a8b6ad23b76dcf4eb19802b878254b33', '["a8887f1aa958bbb6b4324f2d55b11101225f3b4f4bbdc1ac4bc9b23b04bc982c",{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":12},"volume_12_months":32,"appartement":{"current":{"n":57,"new_homes":3,"covered":24,"to":"2024-12","median":2627,"interval":[2297,2922],"fragile":false,"median_price":146000}},"maison":{"current":{"n":11,"new_homes":0,"covered":24,"to":"2024-12","median":4350,"interval":[3140,6590],"fragile":false,"median_price":376000}}}]');
INSERT INTO city_keys (niveau, city_code, digest, hash, summary) VALUES ('pays', 'FR', x'c72480ce65001ac8a3d021ebdd075f6fa1507036fb81b94f2335eb8daa3d42cc', x'78126d1b634e2f347dac1497ed4c255f0ec1b27532cce817dc50d558a2bde6a8', '["c3b22b234233360975362b4215cc9237b03adbe1a5e46a11125cd9cf4829749f",{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":33253},"volume_12_months":32,"appartement":{"current":{"n":57,"new_homes":3,"covered":24,"to":"2024-12","median":2627,"interval":[2297,2922],"fragile":false,"median_price":146000}},"maison":{"current":{"n":11,"new_homes":0,"covered":24,"to":"2024-12","median":4350,"interval":[3140,6590],"fragile":false,"median_price":376000}}}]');
INSERT INTO city_keys (niveau, city_code, digest, hash, summary) VALUES ('region', '93', x'c2f6f1f42419c748be479989033b0ff8ff34ee113159cff9dcf7eed7721a6542', x'cd06bff5d41d25a2b33881b324ca672beaac8c995c553bf41c85c6f29ab1c8e5', '["f429c1b5f4d04ed1e403de6114610daf438018f0585b99c44511eb31b7ad8db3",{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":946},"volume_12_months":32,"appartement":{"current":{"n":57,"new_homes":3,"covered":24,"to":"2024-12","median":2627,"interval":[2297,2922],"fragile":false,"median_price":146000}},"maison":{"current":{"n":11,"new_homes":0,"covered":24,"to":"2024-12","median":4350,"interval":[3140,6590],"fragile":false,"median_price":376000}}}]');
INSERT INTO state (key, value) VALUES ('data', '3 sales:d0101cc5e59eba2eb6bcf849a636e760c285411d5abe01c4c43ecbb4ab0a2cf3 c6dae86e4f2982cc9bf26a9d8ec3197bd1749d2e009f3038520169aba197b150 ad5cb213d368e55c6626d238fa1d9cf80f7e129a56bfcb63202e1b7066bfb33d 5f4631f794353ee808360a353cfcbe99ba94798eb712bc314368ed05a4fbb04a 0581a55a4b970b67645505af00c1682960a4b51e761045a115cf16a88d4cb60c');
INSERT INTO state (key, value) VALUES ('digests_batch', '3');
INSERT INTO state (key, value) VALUES ('method', 'c6dae86e4f2982cc9bf26a9d8ec3197bd1749d2e009f3038520169aba197b150');
INSERT INTO state (key, value) VALUES ('model_base', '3c8a46ad3810a9cb5ba90108b17b0022f15a5fe63daf7efa222274b47e7efa5d');
INSERT INTO best_editions (code, premier_mois, type_local, nombre) VALUES ('83137', '2023-01', 0, 40);
INSERT INTO best_editions (code, premier_mois, type_local, nombre) VALUES ('83137', '2023-01', 1, 5);
INSERT INTO best_editions (code, premier_mois, type_local, nombre) VALUES ('83137', '2023-01', 2, 23);
INSERT INTO best_editions (code, premier_mois, type_local, nombre) VALUES ('83137', '2023-01', 4, 1);
INSERT INTO best_editions (code, premier_mois, type_local, nombre) VALUES ('83137', '2023-07', 0, 8);
INSERT INTO best_editions (code, premier_mois, type_local, nombre) VALUES ('83137', '2023-07', 1, 1);
INSERT INTO best_editions (code, premier_mois, type_local, nombre) VALUES ('83137', '2023-07', 2, 7);
INSERT INTO best_editions (code, premier_mois, type_local, nombre) VALUES ('83137', '2023-07', 4, 0);
INSERT INTO best_editions (code, premier_mois, type_local, nombre) VALUES ('83137', '2024-01', 0, 39);
INSERT INTO best_editions (code, premier_mois, type_local, nombre) VALUES ('83137', '2024-01', 1, 5);
INSERT INTO best_editions (code, premier_mois, type_local, nombre) VALUES ('83137', '2024-01', 2, 27);
INSERT INTO best_editions (code, premier_mois, type_local, nombre) VALUES ('83137', '2024-01', 4, 3);
INSERT INTO positions (annee, departement, communes, latitude, longitude, sceau) VALUES (2023, '83', '[["83137",47]]', x'28b52ffd20bc25040062ca1c2a8047690d603219028709312a69f0d094994331cc9c831bd4d6d18939062ef070d34dd93ccc6bb2e596293f3a9fc40bc8cb52459bf44956981f6c9e53be844f6c0d8f98e30b1ba7dd15569b6f2af04238c336593dbc225e595d368397f4cc07b182608b86006668be80d7c0e730d45005d3270400124294314c87bb551a838a02', x'28b52ffd20bc5d040072cb202d704bd31a30d69f0420c7d0cb3f298581e25cd1140f23ae63fc63e9c74080c17f0d4689b326c4ac1b59b24db614ff615c093852f8301fc252c7377126bbc26e0247ae23e8f6718e1f8d2d82298b7bec60b7e983f81cae0c76166ed60fc5cdc14ec58de596f1e9bbfeb034708b9802f024f1150c851c5d2c69f802f284da304cd8c8020100023002', x'480e917c510404e052de5e72bdb24ed7be90582943c13370dec34d481f4d4a6c');
INSERT INTO positions (annee, departement, communes, latitude, longitude, sceau) VALUES (2024, '83', '[["83137",39]]', x'28b52ffd209c750300c2891a278055690d6046dfcc7d0becd8aa0bb834a00218401790901c3bc01bce385af018f9274683b694294f8aaf7182b301f44536cbeb71cad2e29b6c986f5ea1571bc00f3e7df06c9917c226f9aa57c0366d042fb8401d392e7054d93a5fc23f2fc8478d607c972583d30c5800', x'28b52ffd209cb5030062491b2780d599036ca707081ff01c41182191c00255647506806339aa54f5ee60fd3dd81947e45cdc44a66b94a7ee1770c1f1c32c18f82596346b8d079dabcf95650af2ee299bd9e27ed80f57a2adcdd2e5b79d33255912d8301de0eb3116da8a9c55be3c3fc51b3761340371025a040100da1f5414', x'1e1b91d24cfebfeb52e521bfe2f1b1117fff6cb25614efdfa3381c524f0fcea7');
INSERT INTO edition_months (batch_id, code, mois, ventes) VALUES (1, '83137', '2023-01', 15);
INSERT INTO edition_months (batch_id, code, mois, ventes) VALUES (1, '83137', '2023-03', 12);
INSERT INTO edition_months (batch_id, code, mois, ventes) VALUES (1, '83137', '2023-08', 7);
INSERT INTO edition_months (batch_id, code, mois, ventes) VALUES (2, '83137', '2024-01', 12);
INSERT INTO edition_months (batch_id, code, mois, ventes) VALUES (2, '83137', '2024-03', 19);
INSERT INTO departement_models (departement, digest, model, sceau) VALUES ('83', x'829dc31667d28df4e762c61b046f6b7af48cad5de8027ff747691be18eca14a6', '{"slices":"2024-12","covered":{"slices":[false,false,false,true,true],"months":24},"maison":{"medians":[null,null,null,8.259914723699495,8.740336742730447],"communes":{"83137":{"n":11,"level":8.740336742730447,"slices":[[3,6,8.259914723699495],[4,5,8.740336742730447]]}}},"appartement":{"medians":[null,null,null,7.906286899840841,7.804184046189449],"communes":{"83137":{"n":54,"level":7.804184046189449,"slices":[[3,28,7.906286899840841],[4,26,7.804184046189449]]}}},"fits":{"now":[null,null],"before":[null,null]}}', x'91906f70dfef563c2368b0a755466063b8ac098fb366fb7314155ef3c518c086');
INSERT INTO departement_models (departement, digest, model, sceau) VALUES ('FR', x'c5912ab2f60c79041d70b6225a0b143cc66e5ae4a6fbd9df9a90b2bc04299759', '{"now":[null,null],"before":[null,null]}', x'3beb02d6d0265a71cfd7d47c460a03d97bf4d9dfee1039697d73cec120f5b066');
INSERT INTO editions (id, source, millesime, indicateur, periode, fichier, importe_le, departements, non_trouves, sceau) VALUES (1, 'arbres', 2024, 'arbres', 2024, 'arbres_2024.csv', '2026-11-27T23:24:17Z', '83', '', x'f08359fbbe3ba5942dd6c14686a93c6e81c810faeed6d72d17cc1174a058a627');
INSERT INTO valeurs (edition, niveau, territoire, valeur, categorie, absence) VALUES (1, 'commune', '83061', 300.0, NULL, NULL);
INSERT INTO valeurs (edition, niveau, territoire, valeur, categorie, absence) VALUES (1, 'commune', '83137', 1200.0, NULL, NULL);
CREATE VIEW transactions AS 
-- Mutations, with days, postal codes and degrees as they are written, and the €/m² of a mutation with one property, of a
-- nature that the official method keeps.
SELECT annee, commune, printf('%04d-%02d-%02d', annee, jour / 100, jour % 100) AS date_mutation, id, nature, prix,
       lignes, biens, type_local, surface_reelle, pieces, surface_terrain,
       CASE WHEN postal IS NOT NULL THEN printf('%05d', postal) END AS code_postal,
       latitude_e6 / 1e6 AS lat, longitude_e6 / 1e6 AS lon, section, batch_id,
       CASE WHEN nature <= 3 AND biens = 1 THEN prix / surface_reelle END AS prix_m2, jour
FROM mutations;
CREATE VIEW ventes AS 
-- The sales that make the statistics; neuf is 1 for a home that was not built yet (VEFA).
SELECT lower(hex(t.id)) AS id, t.date_mutation, t.code_postal, t.commune, l.libelle AS type_local, t.surface_reelle,
       t.pieces, t.surface_terrain, t.prix, t.prix_m2, t.lat, t.lon, u.completed_at AS created_at, t.batch_id,
       t.nature = 2 AS neuf
FROM transactions t
JOIN types_local l ON l.code = t.type_local
JOIN update_log u USING (batch_id)
WHERE t.prix_m2 < 100000;
CREATE VIEW stats_cache AS WITH segment (niveau, city_code, calculated_at, name, body) AS (
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
FROM segment, json_each('[["nb_ventes","n"],["nb_ventes_neuves","new_homes"],["prix_m2_median","median"],["prix_m2_q1","q1"],["prix_m2_q3","q3"],["surface_moyenne","mean_surface"],["prix_median","median_price"]]') k
WHERE body -> '$.current' ->> (k.value ->> 1) IS NOT NULL
UNION ALL
SELECT niveau, city_code, body ->> '$.period', 'nb_ventes_' || name, body ->> '$.n', calculated_at FROM point
UNION ALL
SELECT niveau, city_code, body ->> '$.period', 'prix_m2_median_' || name, body ->> '$.median', calculated_at
FROM point WHERE body ->> '$.median' IS NOT NULL;
CREATE VIEW estimations AS WITH estimate (commune, type_local, body, calculated_at) AS (
    SELECT s.city_code, k.value, s.figures -> ('$.modelled.' || k.value || '.estimate'), s.calculated_at
    FROM city_stats s, json_each('["appartement", "maison"]') k
    WHERE s.niveau = 'commune'
)
SELECT commune, type_local, body ->> '$.price' AS prix_m2, body ->> '$.interval[0]' AS prix_m2_bas,
       body ->> '$.interval[1]' AS prix_m2_haut, body ->> '$.own_share' AS part_propre, body ->> '$.n' AS nb_ventes,
       body ->> '$.neighbours' AS voisines, body ->> '$.to' AS jusqu_a, body ->> '$.months' AS mois, calculated_at
FROM estimate WHERE body IS NOT NULL;
CREATE VIEW indicateurs AS
SELECT niveau, territoire, indicateur, periode, valeur, categorie, absence, source, millesime
FROM valeurs JOIN editions ON editions.id = valeurs.edition;
CREATE INDEX faits_du_jour ON faits (jour);
CREATE INDEX faits_essai_du_jour ON faits_essai (zone, jour);
CREATE VIEW faits_par_jour AS SELECT z.source, z.nom AS zone,
       (SELECT group_concat(c.commune, ' ') FROM faits_communes c WHERE c.zone = z.id) AS communes, d.jour,
       a.libelle AS modalite_1, b.libelle AS modalite_2, c.libelle AS modalite_3, f.valeur, t.nom AS fichier
FROM faits f
JOIN faits_jours d ON d.id = f.jour
JOIN faits_zones z ON z.id = d.zone
JOIN faits_fichiers t ON t.id = d.fichier
LEFT JOIN faits_modalites a ON a.id = f.modalite_1
LEFT JOIN faits_modalites b ON b.id = f.modalite_2
LEFT JOIN faits_modalites c ON c.id = f.modalite_3;
UPDATE sqlite_sequence SET seq = 3 WHERE name = 'update_log';
COMMIT;
