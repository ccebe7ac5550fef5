-- made at 115aab0
PRAGMA auto_vacuum = 0;
PRAGMA application_id = 1768779119;
PRAGMA user_version = 3;
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
, territory TEXT, rows_former INTEGER NOT NULL DEFAULT 0, numbers INTEGER) STRICT;
CREATE TABLE transactions (
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
    date_mutation   TEXT GENERATED ALWAYS AS (printf('%04d-%02d-%02d', annee, jour / 100, jour % 100)) VIRTUAL,
    code_postal     TEXT GENERATED ALWAYS AS (CASE WHEN postal IS NOT NULL THEN printf('%05d', postal) END) VIRTUAL,
    lat             REAL GENERATED ALWAYS AS (latitude_e6 / 1e6) VIRTUAL,
    lon             REAL GENERATED ALWAYS AS (longitude_e6 / 1e6) VIRTUAL,
    -- €/m² of a mutation with one property, of a nature that the official method keeps.
    prix_m2         REAL GENERATED ALWAYS AS (CASE WHEN nature <= 3 AND biens = 1 THEN prix / surface_reelle END) VIRTUAL,
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
    surface_reelle BLOB NOT NULL,
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
INSERT INTO natures (id, libelle) VALUES (1, 'Vente');
INSERT INTO natures (id, libelle) VALUES (2, 'Vente en l''état futur d''achèvement');
INSERT INTO natures (id, libelle) VALUES (3, 'Adjudication');
INSERT INTO types_local (code, libelle) VALUES (1, 'Maison');
INSERT INTO types_local (code, libelle) VALUES (2, 'Appartement');
INSERT INTO types_local (code, libelle) VALUES (3, 'Dépendance');
INSERT INTO types_local (code, libelle) VALUES (4, 'Local industriel. commercial ou assimilé');
INSERT INTO update_log (batch_id, source_file, format, scope, first_month, last_month, released, numbering, rows_imported, rows_unreadable, mutations, sales, transactions_added, transactions_removed, started_at, completed_at, status, message, territory, rows_former, numbers) VALUES (1, '2023.csv', 'geo-DVF', 'commune 83137, 2023-01 to 2023-12', '2023-01', '2023-12', '2024-04-20', 'sound', 34, 0, 15, 11, 15, 0, '2026-11-26T14:32:18Z', '2026-11-26T14:32:18Z', 'done', NULL, '83137', 0, NULL);
INSERT INTO update_log (batch_id, source_file, format, scope, first_month, last_month, released, numbering, rows_imported, rows_unreadable, mutations, sales, transactions_added, transactions_removed, started_at, completed_at, status, message, territory, rows_former, numbers) VALUES (2, '2024.csv', 'geo-DVF', 'commune 83137, 2024-01 to 2024-12', '2024-01', '2024-12', '2025-04-20', 'sound', 58, 0, 27, 24, 27, 0, '2026-11-26T14:32:24Z', '2026-11-26T14:32:24Z', 'done', NULL, '83137', 0, NULL);
INSERT INTO update_log (batch_id, source_file, format, scope, first_month, last_month, released, numbering, rows_imported, rows_unreadable, mutations, sales, transactions_added, transactions_removed, started_at, completed_at, status, message, territory, rows_former, numbers) VALUES (3, '2024.csv', 'geo-DVF', 'commune 83137, 2024-01 to 2024-12', '2024-01', '2024-12', '2025-04-20', 'sound', 58, 0, 27, 24, 27, 27, '2026-11-26T14:32:32Z', '2026-11-26T14:32:32Z', 'done', NULL, '83137', 0, NULL);
INSERT INTO update_log (batch_id, source_file, format, scope, first_month, last_month, released, numbering, rows_imported, rows_unreadable, mutations, sales, transactions_added, transactions_removed, started_at, completed_at, status, message, territory, rows_former, numbers) VALUES (4, '2024.csv', 'geo-DVF', 'commune 83137, 2024-01 to 2024-12', '2024-01', '2024-12', '2025-04-20', 'sound', 58, 0, 27, 24, 27, 27, '2026-11-26T14:32:38Z', '2026-11-26T14:32:38Z', 'done', NULL, '83137', 0, NULL);
INSERT INTO update_log (batch_id, source_file, format, scope, first_month, last_month, released, numbering, rows_imported, rows_unreadable, mutations, sales, transactions_added, transactions_removed, started_at, completed_at, status, message, territory, rows_former, numbers) VALUES (5, 'bad.csv', NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, '2026-11-26T14:32:44Z', '2026-11-26T14:32:44Z', 'refused', 'bad.csv is not a DVF file: its first line is "no;such;columns"; the columns of geo-DVF (id_mutation,date_mutation,…) or of the DGFiP source (…|Date mutation|Nature mutation|…) were expected', NULL, 0, NULL);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 102, x'18dfdeaf5259596cc8f0ee973add5d5d', 2, 217000.0, 3, 0, NULL, NULL, NULL, NULL, 83200, 43143791, 5887168, 1);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 102, x'88f4a7113758daf17a2409f2ed1e7ce3', 1, 215397.0, 1, 1, 2, 70.0, 3, NULL, 83200, 43132186, 5918273, 1);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'17e0f9e240001dd613509670c39c9102', 1, 535000.0, 3, 1, 1, 123.0, 4, 1028.0, 83200, 43138026, 5920571, 1);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'2b3799278369cc417f82fa247cadf59d', 1, 22000.0, 1, 0, NULL, NULL, NULL, NULL, 83000, 43125216, 5946987, 1);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'3b99cbdd7d6ff502c9f90dec0cbc2f8f', 1, 190000.0, 1, 1, 4, 90.0, 0, NULL, 83000, 43119409, 5941188, 1);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'3fff507a9d4b1b04bf815935fcd095c6', 1, 139000.0, 1, 1, 2, 48.0, 2, NULL, 83000, 43135619, 5921616, 1);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'590514c4981b27e9668f52391b723e37', 1, 118250.0, 2, 1, 2, 75.0, 3, NULL, 83200, 43133893, 5916532, 1);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'6770ff9634bf29738f47b3c11259272c', 1, 438000.0, 3, 1, 2, 119.0, 5, NULL, 83000, 43127500, 5930279, 1);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'729c16497ae7fd31031fa4ed4b100c87', 1, 106900.0, 2, 1, 2, 64.0, 4, NULL, 83100, 43131642, 5978928, 1);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'72a23ed8050f9e744930ff4464273c66', 1, 127570.0, 2, 1, 2, 43.0, 2, NULL, 83000, 43124543, 5929242, 1);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'7471110de4db02213d5708eb37507d50', 1, 19000.0, 1, 0, NULL, NULL, NULL, NULL, 83200, 43138559, 5887545, 1);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'a5816b8f066301dfb3ee9beaacdfe6be', 1, 375000.0, 3, 1, 1, 143.0, 3, NULL, 83200, 43131995, 5911359, 1);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'beb40994cf84bc06df8214693aec75d1', 1, 85000.0, 2, 1, 2, 42.0, 2, NULL, 83000, 43124141, 5931741, 1);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'd19f65a55fffc8e8e4048fc3e0ec929f', 1, 1700000.0, 7, 2, NULL, NULL, NULL, NULL, 83000, 43110274, 5943409, 1);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'fba415a576ca0043823898747ba2ffa6', 1, 173000.0, 2, 1, 2, 54.0, 3, NULL, 83200, 43134601, 5898427, 1);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 102, x'7fbb6f3dca88d48bdbd25f2dd36297fa', 1, 712600.0, 4, 1, 1, 167.0, 4, 1177.0, 83200, 43143350, 5897527, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 103, x'715b5e090232679c72fed1ed456cd54e', 1, 121000.0, 2, 1, 2, 67.0, 3, NULL, 83100, 43123909, 5954219, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 103, x'bdc5b89559572b2f1dc95dd511246d4a', 1, 115000.0, 1, 1, 2, 60.0, 3, NULL, 83200, 43142805, 5911145, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 103, x'e3f539eac5c2fe3393aa5ca4a4cb0406', 1, 20000.0, 1, 0, NULL, NULL, NULL, NULL, 83000, 43115523, 5946084, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'276db9db389299e86e4e38660c9775e4', 1, 25000.0, 2, 1, 4, 57.0, 0, NULL, 83000, 43109451, 5939766, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'2ce4a0ef0028c9d9e34855590cc7c9cf', 1, 145000.0, 1, 0, NULL, NULL, NULL, NULL, 83000, 43105793, 5932522, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'393b0a45e2308c6cf543dde45ab1fc34', 1, 190000.0, 2, 1, 2, 100.0, 4, NULL, 83200, 43129337, 5910857, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'536ad7f6ed881b3fef18e101700d5027', 1, 195000.0, 3, 1, 2, 98.0, 5, NULL, 83000, 43117324, 5942128, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'74c16caf959a837c4c49dcf65c88726e', 1, 289000.0, 2, 1, 2, 110.0, 4, NULL, 83000, 43127260, 5922016, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'a4a596f94c707cb8c81a51beba3d8a9b', 1, 1300000.0, 5, 1, 2, 150.0, 5, NULL, 83000, 43108826, 5934826, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'cd3b7bba5bba63d4905846ef566d470f', 1, 32000.0, 2, 1, 2, 24.0, 1, NULL, 83200, 43129909, 5919892, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'd7a290d2531de98845541ddd7b1cec26', 1, 80000.0, 2, 1, 2, 40.0, 2, NULL, 83000, 43118895, 5949995, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'de4d5588b6da183db3410d800ab94562', 1, 190000.0, 3, 1, 2, 60.0, 3, NULL, 83100, 43133989, 5963667, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'eae151d1ec7410bc850fb404d363eadf', 1, 140000.0, 2, 1, 2, 46.0, 2, NULL, 83000, 43127883, 5928441, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'ed8d5212879c13e31f0ebca68a2646ce', 1, 35000.0, 1, 1, 2, 23.0, 1, NULL, 83100, 43127004, 5962112, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 105, x'19736390170734b179f96fd958149b9b', 1, 108000.0, 2, 1, 2, 23.0, 1, NULL, 83000, 43107575, 5938215, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 105, x'378bf86bd530cd599aa29f85f2925dd0', 1, 215000.0, 8, 0, NULL, NULL, NULL, 416.0, 83200, 43136864, 5905943, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 105, x'3a9e83270ca2b000570cecbb8b210cab', 1, 150000.0, 2, 1, 2, 80.0, 5, NULL, 83200, 43127669, 5916868, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 105, x'537a74823b885555bdb1f89bf5f6d646', 1, 95000.0, 1, 1, 2, 64.0, 3, NULL, 83000, 43120958, 5935260, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 105, x'5f760357231014aec28e2edb2c5942bc', 1, 120000.0, 2, 1, 2, 70.0, 4, NULL, 83200, 43136409, 5921705, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 105, x'7925da15492872bf7bf73e9d706fb355', 1, 100000.0, 1, 1, 4, 116.0, 0, NULL, 83000, 43122032, 5942633, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 105, x'84ac6db9d54a5c4547a421e947263333', 1, 266500.0, 1, 1, 2, 80.0, 3, NULL, 83000, 43121233, 5931017, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 105, x'8598f042e5d385e0dcce170db04ee8d7', 1, 70000.0, 2, 1, 2, 40.0, 2, NULL, 83200, 43128254, 5899152, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 105, x'be9410737797ee789df44a8560fa550e', 1, 75000.0, 2, 1, 2, 40.0, 2, NULL, 83200, 43128254, 5899152, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 105, x'ce3d173b98231ce02ab9cc99ab5c7f83', 1, 175750.0, 2, 1, 2, 64.0, 3, NULL, 83200, 43131636, 5902313, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 105, x'eea09a77a7a29c784a2a09634f2d9392', 1, 250000.0, 1, 1, 1, 70.0, 4, 455.0, 83200, 43158137, 5922488, 4);
INSERT INTO transactions (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 105, x'fa4d21770c88348244ea41b83234b4aa', 1, 113000.0, 1, 1, 2, 49.0, 2, NULL, 83000, 43115700, 5935894, 4);
INSERT INTO sales (annee, departement, communes, digests, mois, type_local, pieces, prix, surface_reelle) VALUES (2023, '83', '[["83137",11]]', x'd1e3a1b5afe536fc230e2ef70279a5ded4641f7676882637dda25824a1df2a1a', x'28b52ffd200b5900000101010101010101010101', x'28b52ffd200b5900000201040202020202010202', x'28b52ffd200b5900000304000203050402030203', x'28b52ffd2058450200440300000000284b0a4100000000b05320803107c0f700a0defc40c0bb1a414019fa402025ff60e3164180c0f44000000000401e054108002008b8018c0023c0086803c8b0abd401', x'28b52ffd2058e501006402000000000080514000c05e40008056400048c0525d00508045e0610045400000000000004b4009006060303018080603b9ad8c004780110b1c01');
INSERT INTO sales (annee, departement, communes, digests, mois, type_local, pieces, prix, surface_reelle) VALUES (2024, '83', '[["83137",24]]', x'df7c339e911e537b53d28f608de520a1eb27e07981cf2967aee1c6c18b2fe5d5', x'28b52ffd201845000010010101000ac002', x'28b52ffd20189500006001020204020402020202010201001cd002', x'28b52ffd2018c10000040303000405040501020302010105030400030202030402', x'28b52ffd20c0350400a4050000000030bf254100000000808afd4013fc006ad880310741c0cda0a31120d6330040df4088f30017010017e140005efa40804f02418031f7004cfd406af8104410410017f140804ff23074054180840e41000000008096fb4015002008b8018c00232b0d0321e00630028c0023a0cd540f00c1e00868038801068320e00668d884b204', x'28b52ffd20c0dd020014030000000000e0644000c05040004e804c005980585bc0620038444e473754508051005d544450805140000000000080484014006010d00f64067203a38121203bd019c802f281cc406e60343004c8180c0c06ae0c03972d7004');
INSERT INTO changes (batch_id, commune, annee, mutations_ajoutees, mutations_retirees, ventes_ajoutees, ventes_retirees, ventes_corrigees) VALUES (1, '83137', 2023, 15, 0, 11, 0, 0);
INSERT INTO changes (batch_id, commune, annee, mutations_ajoutees, mutations_retirees, ventes_ajoutees, ventes_retirees, ventes_corrigees) VALUES (2, '83137', 2024, 27, 0, 24, 0, 0);
INSERT INTO changes (batch_id, commune, annee, mutations_ajoutees, mutations_retirees, ventes_ajoutees, ventes_retirees, ventes_corrigees) VALUES (3, '83137', 2024, 27, 27, 0, 0, 24);
INSERT INTO changes (batch_id, commune, annee, mutations_ajoutees, mutations_retirees, ventes_ajoutees, ventes_retirees, ventes_corrigees) VALUES (4, '83137', 2024, 27, 27, 0, 0, 24);
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
INSERT INTO commune_digests (commune, digest) VALUES ('83137', x'd2d235c646818b8f16176285cd40ebe06083694ce08f3b5383203110af46234b');
INSERT INTO city_stats (niveau, city_code, figures, calculated_at) VALUES ('commune', '83137', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":1},"total_transactions":35,"volume_12_months":22,"appartement":{"total":28,"current":{"from":"2023-01","to":"2024-12","months":60,"n":28,"median":2012,"fragile":false,"mean":2602,"q1":1792,"q3":3052,"interval":[1875,2967],"mean_surface":64.4,"median_price":124285},"rooms":[{"rooms":1,"n":3,"median":null,"median_price":null},{"rooms":2,"n":8,"median":2165,"median_price":99000},{"rooms":3,"n":9,"median":2746,"median_price":173000},{"rooms":4,"n":4,"median":null,"median_price":null},{"rooms":5,"n":4,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":8,"median":2931},{"period":"2024","n":20,"median":1953}],"quarterly":[{"period":"2023-Q4","n":8,"median":2931},{"period":"2024-Q1","n":20,"median":1953},{"period":"2024-Q2","n":20,"median":1953},{"period":"2024-Q3","n":20,"median":1953},{"period":"2024-Q4","n":20,"median":1953}],"monthly":[{"period":"2023-01","n":8,"median":2931},{"period":"2024-01","n":20,"median":1953}]},"maison":{"total":4,"current":{"from":"2023-01","to":"2024-12","months":60,"n":4,"median":null,"fragile":false,"mean":null,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"rooms":[{"rooms":3,"n":1,"median":null,"median_price":null},{"rooms":4,"n":3,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":2},{"period":"2024","n":2}],"quarterly":[{"period":"2023-Q4","n":2},{"period":"2024-Q1","n":2},{"period":"2024-Q2","n":2},{"period":"2024-Q3","n":2},{"period":"2024-Q4","n":2}]},"local":{"total":3,"current":{"from":"2023-01","to":"2024-12","months":60,"n":3,"median":null,"fragile":false,"mean":null,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"yearly":[{"period":"2023","n":1},{"period":"2024","n":2}],"quarterly":[{"period":"2023-Q4","n":1},{"period":"2024-Q1","n":2},{"period":"2024-Q2","n":2},{"period":"2024-Q3","n":2},{"period":"2024-Q4","n":2}]},"apt_maison":{"total":32,"current":{"from":"2023-01","to":"2024-12","months":24,"n":32,"median":2464,"fragile":false,"mean":2739,"q1":1858,"q3":3176,"interval":[1875,3077],"mean_surface":72.1,"median_price":139500},"yearly":[{"period":"2023","n":10,"median":2931},{"period":"2024","n":22,"median":1995}],"quarterly":[{"period":"2023-Q4","n":10,"median":2931},{"period":"2024-Q1","n":22,"median":1995},{"period":"2024-Q2","n":22,"median":1995},{"period":"2024-Q3","n":22,"median":1995},{"period":"2024-Q4","n":22,"median":1995}],"monthly":[{"period":"2023-01","n":10,"median":2931},{"period":"2023-02","n":0},{"period":"2023-03","n":0},{"period":"2023-04","n":0},{"period":"2023-05","n":0},{"period":"2023-06","n":0},{"period":"2023-07","n":0},{"period":"2023-08","n":0},{"period":"2023-09","n":0},{"period":"2023-10","n":0},{"period":"2023-11","n":0},{"period":"2023-12","n":0},{"period":"2024-01","n":22,"median":1995},{"period":"2024-02","n":0},{"period":"2024-03","n":0},{"period":"2024-04","n":0},{"period":"2024-05","n":0},{"period":"2024-06","n":0},{"period":"2024-07","n":0},{"period":"2024-08","n":0},{"period":"2024-09","n":0},{"period":"2024-10","n":0},{"period":"2024-11","n":0},{"period":"2024-12","n":0}]},"seasonality":[]}', '2026-11-26T14:32:42Z');
INSERT INTO city_stats (niveau, city_code, figures, calculated_at) VALUES ('epci', '248300543', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":12},"total_transactions":35,"volume_12_months":22,"appartement":{"total":28,"current":{"from":"2023-01","to":"2024-12","months":60,"n":28,"median":2012,"fragile":false,"mean":2602,"q1":1792,"q3":3052,"interval":[1875,2967],"mean_surface":64.4,"median_price":124285},"rooms":[{"rooms":1,"n":3,"median":null,"median_price":null},{"rooms":2,"n":8,"median":2165,"median_price":99000},{"rooms":3,"n":9,"median":2746,"median_price":173000},{"rooms":4,"n":4,"median":null,"median_price":null},{"rooms":5,"n":4,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":8,"median":2931},{"period":"2024","n":20,"median":1953}],"quarterly":[{"period":"2023-Q4","n":8,"median":2931},{"period":"2024-Q1","n":20,"median":1953},{"period":"2024-Q2","n":20,"median":1953},{"period":"2024-Q3","n":20,"median":1953},{"period":"2024-Q4","n":20,"median":1953}],"monthly":[{"period":"2023-01","n":8,"median":2931},{"period":"2024-01","n":20,"median":1953}]},"maison":{"total":4,"current":{"from":"2023-01","to":"2024-12","months":60,"n":4,"median":null,"fragile":false,"mean":null,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"rooms":[{"rooms":3,"n":1,"median":null,"median_price":null},{"rooms":4,"n":3,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":2},{"period":"2024","n":2}],"quarterly":[{"period":"2023-Q4","n":2},{"period":"2024-Q1","n":2},{"period":"2024-Q2","n":2},{"period":"2024-Q3","n":2},{"period":"2024-Q4","n":2}]},"local":{"total":3,"current":{"from":"2023-01","to":"2024-12","months":60,"n":3,"median":null,"fragile":false,"mean":null,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"yearly":[{"period":"2023","n":1},{"period":"2024","n":2}],"quarterly":[{"period":"2023-Q4","n":1},{"period":"2024-Q1","n":2},{"period":"2024-Q2","n":2},{"period":"2024-Q3","n":2},{"period":"2024-Q4","n":2}]},"apt_maison":{"total":32,"current":{"from":"2023-01","to":"2024-12","months":24,"n":32,"median":2464,"fragile":false,"mean":2739,"q1":1858,"q3":3176,"interval":[1875,3077],"mean_surface":72.1,"median_price":139500},"yearly":[{"period":"2023","n":10,"median":2931},{"period":"2024","n":22,"median":1995}],"quarterly":[{"period":"2023-Q4","n":10,"median":2931},{"period":"2024-Q1","n":22,"median":1995},{"period":"2024-Q2","n":22,"median":1995},{"period":"2024-Q3","n":22,"median":1995},{"period":"2024-Q4","n":22,"median":1995}],"monthly":[{"period":"2023-01","n":10,"median":2931},{"period":"2023-02","n":0},{"period":"2023-03","n":0},{"period":"2023-04","n":0},{"period":"2023-05","n":0},{"period":"2023-06","n":0},{"period":"2023-07","n":0},{"period":"2023-08","n":0},{"period":"2023-09","n":0},{"period":"2023-10","n":0},{"period":"2023-11","n":0},{"period":"2023-12","n":0},{"period":"2024-01","n":22,"median":1995},{"period":"2024-02","n":0},{"period":"2024-03","n":0},{"period":"2024-04","n":0},{"period":"2024-05","n":0},{"period":"2024-06","n":0},{"period":"2024-07","n":0},{"period":"2024-08","n":0},{"period":"2024-09","n":0},{"period":"2024-10","n":0},{"period":"2024-11","n":0},{"period":"2024-12","n":0}]},"seasonality":[]}', '2026-11-26T14:32:42Z');
INSERT INTO city_stats (niveau, city_code, figures, calculated_at) VALUES ('departement', '83', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":153},"total_transactions":35,"volume_12_months":22,"appartement":{"total":28,"current":{"from":"2023-01","to":"2024-12","months":60,"n":28,"median":2012,"fragile":false,"mean":2602,"q1":1792,"q3":3052,"interval":[1875,2967],"mean_surface":64.4,"median_price":124285},"rooms":[{"rooms":1,"n":3,"median":null,"median_price":null},{"rooms":2,"n":8,"median":2165,"median_price":99000},{"rooms":3,"n":9,"median":2746,"median_price":173000},{"rooms":4,"n":4,"median":null,"median_price":null},{"rooms":5,"n":4,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":8,"median":2931},{"period":"2024","n":20,"median":1953}],"quarterly":[{"period":"2023-Q4","n":8,"median":2931},{"period":"2024-Q1","n":20,"median":1953},{"period":"2024-Q2","n":20,"median":1953},{"period":"2024-Q3","n":20,"median":1953},{"period":"2024-Q4","n":20,"median":1953}],"monthly":[{"period":"2023-01","n":8,"median":2931},{"period":"2024-01","n":20,"median":1953}]},"maison":{"total":4,"current":{"from":"2023-01","to":"2024-12","months":60,"n":4,"median":null,"fragile":false,"mean":null,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"rooms":[{"rooms":3,"n":1,"median":null,"median_price":null},{"rooms":4,"n":3,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":2},{"period":"2024","n":2}],"quarterly":[{"period":"2023-Q4","n":2},{"period":"2024-Q1","n":2},{"period":"2024-Q2","n":2},{"period":"2024-Q3","n":2},{"period":"2024-Q4","n":2}]},"local":{"total":3,"current":{"from":"2023-01","to":"2024-12","months":60,"n":3,"median":null,"fragile":false,"mean":null,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"yearly":[{"period":"2023","n":1},{"period":"2024","n":2}],"quarterly":[{"period":"2023-Q4","n":1},{"period":"2024-Q1","n":2},{"period":"2024-Q2","n":2},{"period":"2024-Q3","n":2},{"period":"2024-Q4","n":2}]},"apt_maison":{"total":32,"current":{"from":"2023-01","to":"2024-12","months":24,"n":32,"median":2464,"fragile":false,"mean":2739,"q1":1858,"q3":3176,"interval":[1875,3077],"mean_surface":72.1,"median_price":139500},"yearly":[{"period":"2023","n":10,"median":2931},{"period":"2024","n":22,"median":1995}],"quarterly":[{"period":"2023-Q4","n":10,"median":2931},{"period":"2024-Q1","n":22,"median":1995},{"period":"2024-Q2","n":22,"median":1995},{"period":"2024-Q3","n":22,"median":1995},{"period":"2024-Q4","n":22,"median":1995}],"monthly":[{"period":"2023-01","n":10,"median":2931},{"period":"2023-02","n":0},{"period":"2023-03","n":0},{"period":"2023-04","n":0},{"period":"2023-05","n":0},{"period":"2023-06","n":0},{"period":"2023-07","n":0},{"period":"2023-08","n":0},{"period":"2023-09","n":0},{"period":"2023-10","n":0},{"period":"2023-11","n":0},{"period":"2023-12","n":0},{"period":"2024-01","n":22,"median":1995},{"period":"2024-02","n":0},{"period":"2024-03","n":0},{"period":"2024-04","n":0},{"period":"2024-05","n":0},{"period":"2024-06","n":0},{"period":"2024-07","n":0},{"period":"2024-08","n":0},{"period":"2024-09","n":0},{"period":"2024-10","n":0},{"period":"2024-11","n":0},{"period":"2024-12","n":0}]},"seasonality":[]}', '2026-11-26T14:32:42Z');
INSERT INTO city_stats (niveau, city_code, figures, calculated_at) VALUES ('region', '93', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":946},"total_transactions":35,"volume_12_months":22,"appartement":{"total":28,"current":{"from":"2023-01","to":"2024-12","months":60,"n":28,"median":2012,"fragile":false,"mean":2602,"q1":1792,"q3":3052,"interval":[1875,2967],"mean_surface":64.4,"median_price":124285},"rooms":[{"rooms":1,"n":3,"median":null,"median_price":null},{"rooms":2,"n":8,"median":2165,"median_price":99000},{"rooms":3,"n":9,"median":2746,"median_price":173000},{"rooms":4,"n":4,"median":null,"median_price":null},{"rooms":5,"n":4,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":8,"median":2931},{"period":"2024","n":20,"median":1953}],"quarterly":[{"period":"2023-Q4","n":8,"median":2931},{"period":"2024-Q1","n":20,"median":1953},{"period":"2024-Q2","n":20,"median":1953},{"period":"2024-Q3","n":20,"median":1953},{"period":"2024-Q4","n":20,"median":1953}],"monthly":[{"period":"2023-01","n":8,"median":2931},{"period":"2024-01","n":20,"median":1953}]},"maison":{"total":4,"current":{"from":"2023-01","to":"2024-12","months":60,"n":4,"median":null,"fragile":false,"mean":null,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"rooms":[{"rooms":3,"n":1,"median":null,"median_price":null},{"rooms":4,"n":3,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":2},{"period":"2024","n":2}],"quarterly":[{"period":"2023-Q4","n":2},{"period":"2024-Q1","n":2},{"period":"2024-Q2","n":2},{"period":"2024-Q3","n":2},{"period":"2024-Q4","n":2}]},"local":{"total":3,"current":{"from":"2023-01","to":"2024-12","months":60,"n":3,"median":null,"fragile":false,"mean":null,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"yearly":[{"period":"2023","n":1},{"period":"2024","n":2}],"quarterly":[{"period":"2023-Q4","n":1},{"period":"2024-Q1","n":2},{"period":"2024-Q2","n":2},{"period":"2024-Q3","n":2},{"period":"2024-Q4","n":2}]},"apt_maison":{"total":32,"current":{"from":"2023-01","to":"2024-12","months":24,"n":32,"median":2464,"fragile":false,"mean":2739,"q1":1858,"q3":3176,"interval":[1875,3077],"mean_surface":72.1,"median_price":139500},"yearly":[{"period":"2023","n":10,"median":2931},{"period":"2024","n":22,"median":1995}],"quarterly":[{"period":"2023-Q4","n":10,"median":2931},{"period":"2024-Q1","n":22,"median":1995},{"period":"2024-Q2","n":22,"median":1995},{"period":"2024-Q3","n":22,"median":1995},{"period":"2024-Q4","n":22,"median":1995}],"monthly":[{"period":"2023-01","n":10,"median":2931},{"period":"2023-02","n":0},{"period":"2023-03","n":0},{"period":"2023-04","n":0},{"period":"2023-05","n":0},{"period":"2023-06","n":0},{"period":"2023-07","n":0},{"period":"2023-08","n":0},{"period":"2023-09","n":0},{"period":"2023-10","n":0},{"period":"2023-11","n":0},{"period":"2023-12","n":0},{"period":"2024-01","n":22,"median":1995},{"period":"2024-02","n":0},{"period":"2024-03","n":0},{"period":"2024-04","n":0},{"period":"2024-05","n":0},{"period":"2024-06","n":0},{"period":"2024-07","n":0},{"period":"2024-08","n":0},{"period":"2024-09","n":0},{"period":"2024-10","n":0},{"period":"2024-11","n":0},{"period":"2024-12","n":0}]},"seasonality":[]}', '2026-11-26T14:32:42Z');
INSERT INTO city_stats (niveau, city_code, figures, calculated_at) VALUES ('pays', 'FR', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":33253},"total_transactions":35,"volume_12_months":22,"appartement":{"total":28,"current":{"from":"2023-01","to":"2024-12","months":60,"n":28,"median":2012,"fragile":false,"mean":2602,"q1":1792,"q3":3052,"interval":[1875,2967],"mean_surface":64.4,"median_price":124285},"rooms":[{"rooms":1,"n":3,"median":null,"median_price":null},{"rooms":2,"n":8,"median":2165,"median_price":99000},{"rooms":3,"n":9,"median":2746,"median_price":173000},{"rooms":4,"n":4,"median":null,"median_price":null},{"rooms":5,"n":4,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":8,"median":2931},{"period":"2024","n":20,"median":1953}],"quarterly":[{"period":"2023-Q4","n":8,"median":2931},{"period":"2024-Q1","n":20,"median":1953},{"period":"2024-Q2","n":20,"median":1953},{"period":"2024-Q3","n":20,"median":1953},{"period":"2024-Q4","n":20,"median":1953}],"monthly":[{"period":"2023-01","n":8,"median":2931},{"period":"2024-01","n":20,"median":1953}]},"maison":{"total":4,"current":{"from":"2023-01","to":"2024-12","months":60,"n":4,"median":null,"fragile":false,"mean":null,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"rooms":[{"rooms":3,"n":1,"median":null,"median_price":null},{"rooms":4,"n":3,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":2},{"period":"2024","n":2}],"quarterly":[{"period":"2023-Q4","n":2},{"period":"2024-Q1","n":2},{"period":"2024-Q2","n":2},{"period":"2024-Q3","n":2},{"period":"2024-Q4","n":2}]},"local":{"total":3,"current":{"from":"2023-01","to":"2024-12","months":60,"n":3,"median":null,"fragile":false,"mean":null,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"yearly":[{"period":"2023","n":1},{"period":"2024","n":2}],"quarterly":[{"period":"2023-Q4","n":1},{"period":"2024-Q1","n":2},{"period":"2024-Q2","n":2},{"period":"2024-Q3","n":2},{"period":"2024-Q4","n":2}]},"apt_maison":{"total":32,"current":{"from":"2023-01","to":"2024-12","months":24,"n":32,"median":2464,"fragile":false,"mean":2739,"q1":1858,"q3":3176,"interval":[1875,3077],"mean_surface":72.1,"median_price":139500},"yearly":[{"period":"2023","n":10,"median":2931},{"period":"2024","n":22,"median":1995}],"quarterly":[{"period":"2023-Q4","n":10,"median":2931},{"period":"2024-Q1","n":22,"median":1995},{"period":"2024-Q2","n":22,"median":1995},{"period":"2024-Q3","n":22,"median":1995},{"period":"2024-Q4","n":22,"median":1995}],"monthly":[{"period":"2023-01","n":10,"median":2931},{"period":"2023-02","n":0},{"period":"2023-03","n":0},{"period":"2023-04","n":0},{"period":"2023-05","n":0},{"period":"2023-06","n":0},{"period":"2023-07","n":0},{"period":"2023-08","n":0},{"period":"2023-09","n":0},{"period":"2023-10","n":0},{"period":"2023-11","n":0},{"period":"2023-12","n":0},{"period":"2024-01","n":22,"median":1995},{"period":"2024-02","n":0},{"period":"2024-03","n":0},{"period":"2024-04","n":0},{"period":"2024-05","n":0},{"period":"2024-06","n":0},{"period":"2024-07","n":0},{"period":"2024-08","n":0},{"period":"2024-09","n":0},{"period":"2024-10","n":0},{"period":"2024-11","n":0},{"period":"2024-12","n":0}]},"seasonality":[]}', '2026-11-26T14:32:42Z');
INSERT INTO city_keys (niveau, city_code, digest, hash, summary) VALUES ('commune', '83137', x'9847f1c3b166f9afb4796c3b398e7934fc02fdf4137ecac5acdbdabd6c9a835f', x'6e7fdec58e8aa4e056f558324f29c4b95b05b6676943ea2c7b799d7f235c38f4', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":1},"volume_12_months":22,"appartement":{"months":60,"median":2012,"fragile":false},"maison":{"months":60,"median":null,"fragile":false}}');
INSERT INTO city_keys (niveau, city_code, digest, hash, summary) VALUES ('departement', '83', x'472cd939d8a16ad186e4cd345533507bc94f0a951ff671d11b929a0d11a3be05', x'c97caad7b554f3375852b6c76b5c4a6d8d9189f8ee48627d772216579fc2331d', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":153},"volume_12_months":22,"appartement":{"months":60,"median":2012,"fragile":false},"maison":{"months":60,"median":null,"fragile":false}}');
INSERT INTO city_keys (niveau, city_code, digest, hash, summary) VALUES ('epci', '248300543', x'99b722622122ec67b9d2db5d732766644d876a5a3b5387e4b2a2688a0f6d4e64', x'c8a52f12b1a7cdfa176451cb80fe7c43461498ca34413621d5e4df2a83c0c3b1', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":12},"volume_12_months":22,"appartement":{"months":60,"median":2012,"fragile":false},"maison":{"months":60,"median":null,"fragile":false}}');
INSERT INTO city_keys (niveau, city_code, digest, hash, summary) VALUES ('pays', 'FR', x'f566bc953a5698351896a3ac929a9dc8e1f18e2637291aac6ab07f5458f6b57d', x'ea4ca8e9c4ce66c768fd4b496e6cd14353e874d028ae9aed35d392449e5433ba', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":33253},"volume_12_months":22,"appartement":{"months":60,"median":2012,"fragile":false},"maison":{"months":60,"median":null,"fragile":false}}');
INSERT INTO city_keys (niveau, city_code, digest, hash, summary) VALUES ('region', '93', x'0f0900614ceaa43cd29c83b8600eed2836f9d1a8394aa665b45b50c0d8151937', x'618ddab238b8de4b8899331183c3812813dd733a92380a6e32ed07140983288f', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":946},"volume_12_months":22,"appartement":{"months":60,"median":2012,"fragile":false},"maison":{"months":60,"median":null,"fragile":false}}');
INSERT INTO state (key, value) VALUES ('digests_batch', '4');
INSERT INTO files (source, item, stage, address, etag, last_modified, length, checksum, released, file, blake3, stored_at) VALUES ('dvf', '2023', 'imported', 'https://files.example.fr/2023/full.csv.gz', '"e1"', 'Sat, 20 Apr 2024 08:00:00 GMT', 12345, 'sha1:0123456789abcdef0123456789abcdef01234567', '2024-04-20T08:00:00Z', '2023.csv.gz', 'abababababababababababababababababababababababababababababababab', '2026-11-21T05:00:00Z');
INSERT INTO files (source, item, stage, address, etag, last_modified, length, checksum, released, file, blake3, stored_at) VALUES ('dvf', '2024', 'fetched', 'https://files.example.fr/2024/full.csv.gz', NULL, NULL, NULL, NULL, NULL, '2024.csv.gz', 'cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd', '2026-11-21T05:00:01Z');
INSERT INTO cog (item, json) VALUES ('regions', x'28b52ffd04580101005b7b22636f6465223a223933222c226e6f6d223a2250726f76656e6365227d5d70da2d77');
DELETE FROM sqlite_sequence WHERE name = 'update_log'; INSERT INTO sqlite_sequence VALUES ('update_log', 5);
CREATE VIEW ventes AS
SELECT lower(hex(t.id)) AS id, t.date_mutation, t.code_postal, t.commune, l.libelle AS type_local, t.surface_reelle,
       t.pieces, t.surface_terrain, t.prix, t.prix_m2, t.lat, t.lon, u.completed_at AS created_at, t.batch_id
FROM transactions t
JOIN types_local l ON l.code = t.type_local
JOIN update_log u USING (batch_id)
WHERE t.prix_m2 < 100000;
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
COMMIT;
