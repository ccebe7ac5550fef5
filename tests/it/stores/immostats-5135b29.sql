-- made at 5135b29
PRAGMA auto_vacuum = 0;
PRAGMA application_id = 1768779119;
PRAGMA user_version = 2;
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
) STRICT;
CREATE TABLE transactions (
    -- As the file has it; the statistics follow today's communes.
    commune         TEXT NOT NULL CHECK (length(commune) = 5),
    date_mutation   TEXT NOT NULL CHECK (length(date_mutation) = 10),
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
    code_postal     TEXT,
    lat             REAL,
    lon             REAL,
    batch_id        INTEGER NOT NULL REFERENCES update_log (batch_id),
    -- €/m² of a mutation with one property, of a nature that the official method keeps.
    prix_m2         REAL GENERATED ALWAYS AS (CASE WHEN nature <= 3 AND biens = 1 THEN prix / surface_reelle END) VIRTUAL,
    PRIMARY KEY (commune, date_mutation, id)
) STRICT, WITHOUT ROWID;
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
    -- Of the sales, the coverage and the thresholds that the figures come from.
    digest        BLOB NOT NULL CHECK (length(digest) = 32),
    figures       TEXT NOT NULL CHECK (json_valid(figures)),
    calculated_at TEXT NOT NULL,
    PRIMARY KEY (niveau, city_code)
) STRICT;
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
INSERT INTO update_log (batch_id, source_file, format, scope, first_month, last_month, released, numbering, rows_imported, rows_unreadable, mutations, sales, transactions_added, transactions_removed, started_at, completed_at, status, message) VALUES (1, '2023.csv', 'geo-DVF', 'commune 83137, 2023-01 to 2023-12', '2023-01', '2023-12', '2024-04-20', 'sound', 34, 0, 15, 11, 15, 0, '2026-11-26T14:33:27Z', '2026-11-26T14:33:27Z', 'done', NULL);
INSERT INTO update_log (batch_id, source_file, format, scope, first_month, last_month, released, numbering, rows_imported, rows_unreadable, mutations, sales, transactions_added, transactions_removed, started_at, completed_at, status, message) VALUES (2, '2024.csv', 'geo-DVF', 'commune 83137, 2024-01 to 2024-12', '2024-01', '2024-12', '2025-04-20', 'sound', 58, 0, 27, 24, 27, 0, '2026-11-26T14:33:31Z', '2026-11-26T14:33:31Z', 'done', NULL);
INSERT INTO update_log (batch_id, source_file, format, scope, first_month, last_month, released, numbering, rows_imported, rows_unreadable, mutations, sales, transactions_added, transactions_removed, started_at, completed_at, status, message) VALUES (3, '2024.csv', 'geo-DVF', 'commune 83137, 2024-01 to 2024-12', '2024-01', '2024-12', '2025-04-20', 'sound', 58, 0, 27, 24, 27, 27, '2026-11-26T14:33:36Z', '2026-11-26T14:33:36Z', 'done', NULL);
INSERT INTO update_log (batch_id, source_file, format, scope, first_month, last_month, released, numbering, rows_imported, rows_unreadable, mutations, sales, transactions_added, transactions_removed, started_at, completed_at, status, message) VALUES (4, '2024.csv', 'geo-DVF', 'commune 83137, 2024-01 to 2024-12', '2024-01', '2024-12', '2025-04-20', 'sound', 58, 0, 27, 24, 27, 27, '2026-11-26T14:33:41Z', '2026-11-26T14:33:41Z', 'done', NULL);
INSERT INTO update_log (batch_id, source_file, format, scope, first_month, last_month, released, numbering, rows_imported, rows_unreadable, mutations, sales, transactions_added, transactions_removed, started_at, completed_at, status, message) VALUES (5, 'bad.csv', NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, '2026-11-26T14:33:47Z', '2026-11-26T14:33:47Z', 'refused', 'bad.csv is not a DVF file: its first line is "no;such;columns"; the columns of geo-DVF (id_mutation,date_mutation,…) or of the DGFiP source (…|Date mutation|Nature mutation|…) were expected');
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2023-01-02', x'848fbbc16bef32c4b8511cd8b121fd97', 2, 217000.0, 3, 0, NULL, NULL, NULL, NULL, '83200', 43.143791, 5.887168, 1);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2023-01-02', x'd6feb931a213378dcb7f16f499bfa5d5', 1, 215397.0, 1, 1, 2, 70.0, 3, NULL, '83200', 43.132186, 5.918273, 1);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2023-01-03', x'0a19f9945364b660d55d3a9b0fb10978', 1, 139000.0, 1, 1, 2, 48.0, 2, NULL, '83000', 43.135619, 5.921616, 1);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2023-01-03', x'3430c3c6f257a8482c55902a486e5b8b', 1, 535000.0, 3, 1, 1, 123.0, 4, 1028.0, '83200', 43.138026, 5.920571, 1);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2023-01-03', x'3da35f6ee7f5a2a04a09246c0a8c473c', 1, 85000.0, 2, 1, 2, 42.0, 2, NULL, '83000', 43.124141, 5.931741, 1);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2023-01-03', x'50a89a10815b9c839269cb45e816bebd', 1, 106900.0, 2, 1, 2, 64.0, 4, NULL, '83100', 43.131642, 5.978928, 1);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2023-01-03', x'57e508819184258ed604c0e81ca74522', 1, 438000.0, 3, 1, 2, 119.0, 5, NULL, '83000', 43.1275, 5.930279, 1);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2023-01-03', x'67dcb4bae88be0b9ce39e9a6f47703aa', 1, 19000.0, 1, 0, NULL, NULL, NULL, NULL, '83200', 43.138559, 5.887545, 1);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2023-01-03', x'691f8a19677753bda138ac2c3bbea20a', 1, 118250.0, 2, 1, 2, 75.0, 3, NULL, '83200', 43.133893, 5.916532, 1);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2023-01-03', x'711585e36895351cd9eba95d7bad468c', 1, 127570.0, 2, 1, 2, 43.0, 2, NULL, '83000', 43.124543, 5.929242, 1);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2023-01-03', x'a4dc44f55b5c9fd7ceca595a97dc713b', 1, 22000.0, 1, 0, NULL, NULL, NULL, NULL, '83000', 43.125216, 5.946987, 1);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2023-01-03', x'bb5abee54f2c929d0366e551debcd70f', 1, 190000.0, 1, 1, 4, 90.0, 0, NULL, '83000', 43.119409, 5.941188, 1);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2023-01-03', x'e2fc8fa92643611bedf6e4eed097b682', 1, 1700000.0, 7, 2, NULL, NULL, NULL, NULL, '83000', 43.110274, 5.943409, 1);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2023-01-03', x'e7a4bce949bb2cb64fa6b6e50c8c0f1e', 1, 173000.0, 2, 1, 2, 54.0, 3, NULL, '83200', 43.134601, 5.898427, 1);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2023-01-03', x'f4954fbd39476df95ded2543bcbf29fb', 1, 375000.0, 3, 1, 1, 143.0, 3, NULL, '83200', 43.131995, 5.911359, 1);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-02', x'20726f423a08f838e7f59fda12aec7ff', 1, 712600.0, 4, 1, 1, 167.0, 4, 1177.0, '83200', 43.14335, 5.897527, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-03', x'969d021470ce0bb6e45840f605b605b4', 1, 121000.0, 2, 1, 2, 67.0, 3, NULL, '83100', 43.123909, 5.954219, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-03', x'9ca77baa88c3605564cad5406e8abc70', 1, 20000.0, 1, 0, NULL, NULL, NULL, NULL, '83000', 43.115523, 5.946084, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-03', x'ad5dd6cb12ceb378770f13d151e89525', 1, 115000.0, 1, 1, 2, 60.0, 3, NULL, '83200', 43.142805, 5.911145, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-04', x'116e601e22804f75ad65fce9dfc19091', 1, 190000.0, 3, 1, 2, 60.0, 3, NULL, '83100', 43.133989, 5.963667, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-04', x'2a0f68895de8478217ff33dfdbe5ccb5', 1, 190000.0, 2, 1, 2, 100.0, 4, NULL, '83200', 43.129337, 5.910857, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-04', x'2db3e1648a1f8d72796bdc256fe5edd5', 1, 1300000.0, 5, 1, 2, 150.0, 5, NULL, '83000', 43.108826, 5.934826, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-04', x'38983dd5d16ece41639d9ec381635709', 1, 35000.0, 1, 1, 2, 23.0, 1, NULL, '83100', 43.127004, 5.962112, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-04', x'41ec8864d9519ed83c4a8fbd460e1673', 1, 32000.0, 2, 1, 2, 24.0, 1, NULL, '83200', 43.129909, 5.919892, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-04', x'61ff8133b243c1bfb1d2c99aa37238d5', 1, 25000.0, 2, 1, 4, 57.0, 0, NULL, '83000', 43.109451, 5.939766, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-04', x'92ecead623c21eb95be0038f533f8bb2', 1, 289000.0, 2, 1, 2, 110.0, 4, NULL, '83000', 43.12726, 5.922016, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-04', x'965d5134d87a410f5163e73e8cf5d340', 1, 80000.0, 2, 1, 2, 40.0, 2, NULL, '83000', 43.118895, 5.949995, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-04', x'ae59a3b49b85934f8d83b946c40a2831', 1, 145000.0, 1, 0, NULL, NULL, NULL, NULL, '83000', 43.105793, 5.932522, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-04', x'b1cf673511562deb26e46dcf2e5940c5', 1, 140000.0, 2, 1, 2, 46.0, 2, NULL, '83000', 43.127883, 5.928441, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-04', x'ffd1520cee8759a5324cfda709565ff2', 1, 195000.0, 3, 1, 2, 98.0, 5, NULL, '83000', 43.117324, 5.942128, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-05', x'06aaf5898060dece3c6d03f358d4b534', 1, 75000.0, 2, 1, 2, 40.0, 2, NULL, '83200', 43.128254, 5.899152, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-05', x'098311d0563f286ba071b4a80f86acac', 1, 266500.0, 1, 1, 2, 80.0, 3, NULL, '83000', 43.121233, 5.931017, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-05', x'1c539da105887eb03e2a48dfa38ccae1', 1, 175750.0, 2, 1, 2, 64.0, 3, NULL, '83200', 43.131636, 5.902313, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-05', x'280d038e7b69eaccb7bb0d109aac55f4', 1, 100000.0, 1, 1, 4, 116.0, 0, NULL, '83000', 43.122032, 5.942633, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-05', x'3da547b73ba462b35570ea1973c1230a', 1, 113000.0, 1, 1, 2, 49.0, 2, NULL, '83000', 43.1157, 5.935894, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-05', x'41b9d944f5b18eb5c031dacecad78096', 1, 95000.0, 1, 1, 2, 64.0, 3, NULL, '83000', 43.120958, 5.93526, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-05', x'7b3b3a7471d3975e3930726a0f1d32fb', 1, 215000.0, 8, 0, NULL, NULL, NULL, 416.0, '83200', 43.136864, 5.905943, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-05', x'9d69551bc7ab15b8e6f84d61dc9613fa', 1, 120000.0, 2, 1, 2, 70.0, 4, NULL, '83200', 43.136409, 5.921705, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-05', x'b26c31d238e73a96d226ffd520f7016c', 1, 108000.0, 2, 1, 2, 23.0, 1, NULL, '83000', 43.107575, 5.938215, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-05', x'ec237b617075ebd96493505506508549', 1, 250000.0, 1, 1, 1, 70.0, 4, 455.0, '83200', 43.158137, 5.922488, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-05', x'f425f601adb76802b656a22722fdf79a', 1, 70000.0, 2, 1, 2, 40.0, 2, NULL, '83200', 43.128254, 5.899152, 4);
INSERT INTO transactions (commune, date_mutation, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, code_postal, lat, lon, batch_id) VALUES ('83137', '2024-01-05', x'fe0582024a98279cfb3d6d09f855e397', 1, 150000.0, 2, 1, 2, 80.0, 5, NULL, '83200', 43.127669, 5.916868, 4);
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
INSERT INTO commune_digests (commune, digest) VALUES ('83137', x'c39a55c27b3e8c4fa472c71b907ab5c16807a203ed523f8ad3f10dc6d28cc33d');
INSERT INTO city_stats (niveau, city_code, digest, figures, calculated_at) VALUES ('commune', '83137', x'06c64dad2d2de8dab5655102d33caf22fcc23408ef60ab10d097895d6695708e', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":1},"total_transactions":35,"volume_12_months":22,"appartement":{"total":28,"current":{"from":"2023-01","to":"2024-12","months":60,"n":28,"median":2012,"fragile":false,"mean":2602,"q1":1792,"q3":3052,"interval":[1875,2967],"mean_surface":64.4,"median_price":124285},"rooms":[{"rooms":1,"n":3,"median":null,"median_price":null},{"rooms":2,"n":8,"median":2165,"median_price":99000},{"rooms":3,"n":9,"median":2746,"median_price":173000},{"rooms":4,"n":4,"median":null,"median_price":null},{"rooms":5,"n":4,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":8,"median":2931},{"period":"2024","n":20,"median":1953}],"quarterly":[{"period":"2023-Q4","n":8,"median":2931},{"period":"2024-Q1","n":20,"median":1953},{"period":"2024-Q2","n":20,"median":1953},{"period":"2024-Q3","n":20,"median":1953},{"period":"2024-Q4","n":20,"median":1953}],"monthly":[{"period":"2023-01","n":8,"median":2931},{"period":"2024-01","n":20,"median":1953}]},"maison":{"total":4,"current":{"from":"2023-01","to":"2024-12","months":60,"n":4,"median":null,"fragile":false,"mean":null,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"rooms":[{"rooms":3,"n":1,"median":null,"median_price":null},{"rooms":4,"n":3,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":2,"median":null},{"period":"2024","n":2,"median":null}],"quarterly":[{"period":"2023-Q4","n":2,"median":null},{"period":"2024-Q1","n":2,"median":null},{"period":"2024-Q2","n":2,"median":null},{"period":"2024-Q3","n":2,"median":null},{"period":"2024-Q4","n":2,"median":null}]},"local":{"total":3,"current":{"from":"2023-01","to":"2024-12","months":60,"n":3,"median":null,"fragile":false,"mean":null,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"yearly":[{"period":"2023","n":1,"median":null},{"period":"2024","n":2,"median":null}],"quarterly":[{"period":"2023-Q4","n":1,"median":null},{"period":"2024-Q1","n":2,"median":null},{"period":"2024-Q2","n":2,"median":null},{"period":"2024-Q3","n":2,"median":null},{"period":"2024-Q4","n":2,"median":null}]},"apt_maison":{"total":32,"current":{"from":"2023-01","to":"2024-12","months":24,"n":32,"median":2464,"fragile":false,"mean":2739,"q1":1858,"q3":3176,"interval":[1875,3077],"mean_surface":72.1,"median_price":139500},"yearly":[{"period":"2023","n":10,"median":2931},{"period":"2024","n":22,"median":1995}],"quarterly":[{"period":"2023-Q4","n":10,"median":2931},{"period":"2024-Q1","n":22,"median":1995},{"period":"2024-Q2","n":22,"median":1995},{"period":"2024-Q3","n":22,"median":1995},{"period":"2024-Q4","n":22,"median":1995}],"monthly":[{"period":"2023-01","n":10,"median":2931},{"period":"2023-02","n":0,"median":null},{"period":"2023-03","n":0,"median":null},{"period":"2023-04","n":0,"median":null},{"period":"2023-05","n":0,"median":null},{"period":"2023-06","n":0,"median":null},{"period":"2023-07","n":0,"median":null},{"period":"2023-08","n":0,"median":null},{"period":"2023-09","n":0,"median":null},{"period":"2023-10","n":0,"median":null},{"period":"2023-11","n":0,"median":null},{"period":"2023-12","n":0,"median":null},{"period":"2024-01","n":22,"median":1995},{"period":"2024-02","n":0,"median":null},{"period":"2024-03","n":0,"median":null},{"period":"2024-04","n":0,"median":null},{"period":"2024-05","n":0,"median":null},{"period":"2024-06","n":0,"median":null},{"period":"2024-07","n":0,"median":null},{"period":"2024-08","n":0,"median":null},{"period":"2024-09","n":0,"median":null},{"period":"2024-10","n":0,"median":null},{"period":"2024-11","n":0,"median":null},{"period":"2024-12","n":0,"median":null}]},"seasonality":[]}', '2026-11-26T14:33:47Z');
INSERT INTO city_stats (niveau, city_code, digest, figures, calculated_at) VALUES ('epci', '248300543', x'a02d503d1748cbde0ddf0a997df280f2566baee2f409d1f1ab4c2a1bbc7d2433', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":12},"total_transactions":35,"volume_12_months":22,"appartement":{"total":28,"current":{"from":"2023-01","to":"2024-12","months":60,"n":28,"median":2012,"fragile":false,"mean":2602,"q1":1792,"q3":3052,"interval":[1875,2967],"mean_surface":64.4,"median_price":124285},"rooms":[{"rooms":1,"n":3,"median":null,"median_price":null},{"rooms":2,"n":8,"median":2165,"median_price":99000},{"rooms":3,"n":9,"median":2746,"median_price":173000},{"rooms":4,"n":4,"median":null,"median_price":null},{"rooms":5,"n":4,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":8,"median":2931},{"period":"2024","n":20,"median":1953}],"quarterly":[{"period":"2023-Q4","n":8,"median":2931},{"period":"2024-Q1","n":20,"median":1953},{"period":"2024-Q2","n":20,"median":1953},{"period":"2024-Q3","n":20,"median":1953},{"period":"2024-Q4","n":20,"median":1953}],"monthly":[{"period":"2023-01","n":8,"median":2931},{"period":"2024-01","n":20,"median":1953}]},"maison":{"total":4,"current":{"from":"2023-01","to":"2024-12","months":60,"n":4,"median":null,"fragile":false,"mean":null,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"rooms":[{"rooms":3,"n":1,"median":null,"median_price":null},{"rooms":4,"n":3,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":2,"median":null},{"period":"2024","n":2,"median":null}],"quarterly":[{"period":"2023-Q4","n":2,"median":null},{"period":"2024-Q1","n":2,"median":null},{"period":"2024-Q2","n":2,"median":null},{"period":"2024-Q3","n":2,"median":null},{"period":"2024-Q4","n":2,"median":null}]},"local":{"total":3,"current":{"from":"2023-01","to":"2024-12","months":60,"n":3,"median":null,"fragile":false,"mean":null,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"yearly":[{"period":"2023","n":1,"median":null},{"period":"2024","n":2,"median":null}],"quarterly":[{"period":"2023-Q4","n":1,"median":null},{"period":"2024-Q1","n":2,"median":null},{"period":"2024-Q2","n":2,"median":null},{"period":"2024-Q3","n":2,"median":null},{"period":"2024-Q4","n":2,"median":null}]},"apt_maison":{"total":32,"current":{"from":"2023-01","to":"2024-12","months":24,"n":32,"median":2464,"fragile":false,"mean":2739,"q1":1858,"q3":3176,"interval":[1875,3077],"mean_surface":72.1,"median_price":139500},"yearly":[{"period":"2023","n":10,"median":2931},{"period":"2024","n":22,"median":1995}],"quarterly":[{"period":"2023-Q4","n":10,"median":2931},{"period":"2024-Q1","n":22,"median":1995},{"period":"2024-Q2","n":22,"median":1995},{"period":"2024-Q3","n":22,"median":1995},{"period":"2024-Q4","n":22,"median":1995}],"monthly":[{"period":"2023-01","n":10,"median":2931},{"period":"2023-02","n":0,"median":null},{"period":"2023-03","n":0,"median":null},{"period":"2023-04","n":0,"median":null},{"period":"2023-05","n":0,"median":null},{"period":"2023-06","n":0,"median":null},{"period":"2023-07","n":0,"median":null},{"period":"2023-08","n":0,"median":null},{"period":"2023-09","n":0,"median":null},{"period":"2023-10","n":0,"median":null},{"period":"2023-11","n":0,"median":null},{"period":"2023-12","n":0,"median":null},{"period":"2024-01","n":22,"median":1995},{"period":"2024-02","n":0,"median":null},{"period":"2024-03","n":0,"median":null},{"period":"2024-04","n":0,"median":null},{"period":"2024-05","n":0,"median":null},{"period":"2024-06","n":0,"median":null},{"period":"2024-07","n":0,"median":null},{"period":"2024-08","n":0,"median":null},{"period":"2024-09","n":0,"median":null},{"period":"2024-10","n":0,"median":null},{"period":"2024-11","n":0,"median":null},{"period":"2024-12","n":0,"median":null}]},"seasonality":[]}', '2026-11-26T14:33:47Z');
INSERT INTO city_stats (niveau, city_code, digest, figures, calculated_at) VALUES ('departement', '83', x'7b025d53ea1b80d13c913c77bcc994a92024daef06fae20e8bc1edb9fc77c119', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":153},"total_transactions":35,"volume_12_months":22,"appartement":{"total":28,"current":{"from":"2023-01","to":"2024-12","months":60,"n":28,"median":2012,"fragile":false,"mean":2602,"q1":1792,"q3":3052,"interval":[1875,2967],"mean_surface":64.4,"median_price":124285},"rooms":[{"rooms":1,"n":3,"median":null,"median_price":null},{"rooms":2,"n":8,"median":2165,"median_price":99000},{"rooms":3,"n":9,"median":2746,"median_price":173000},{"rooms":4,"n":4,"median":null,"median_price":null},{"rooms":5,"n":4,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":8,"median":2931},{"period":"2024","n":20,"median":1953}],"quarterly":[{"period":"2023-Q4","n":8,"median":2931},{"period":"2024-Q1","n":20,"median":1953},{"period":"2024-Q2","n":20,"median":1953},{"period":"2024-Q3","n":20,"median":1953},{"period":"2024-Q4","n":20,"median":1953}],"monthly":[{"period":"2023-01","n":8,"median":2931},{"period":"2024-01","n":20,"median":1953}]},"maison":{"total":4,"current":{"from":"2023-01","to":"2024-12","months":60,"n":4,"median":null,"fragile":false,"mean":null,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"rooms":[{"rooms":3,"n":1,"median":null,"median_price":null},{"rooms":4,"n":3,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":2,"median":null},{"period":"2024","n":2,"median":null}],"quarterly":[{"period":"2023-Q4","n":2,"median":null},{"period":"2024-Q1","n":2,"median":null},{"period":"2024-Q2","n":2,"median":null},{"period":"2024-Q3","n":2,"median":null},{"period":"2024-Q4","n":2,"median":null}]},"local":{"total":3,"current":{"from":"2023-01","to":"2024-12","months":60,"n":3,"median":null,"fragile":false,"mean":null,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"yearly":[{"period":"2023","n":1,"median":null},{"period":"2024","n":2,"median":null}],"quarterly":[{"period":"2023-Q4","n":1,"median":null},{"period":"2024-Q1","n":2,"median":null},{"period":"2024-Q2","n":2,"median":null},{"period":"2024-Q3","n":2,"median":null},{"period":"2024-Q4","n":2,"median":null}]},"apt_maison":{"total":32,"current":{"from":"2023-01","to":"2024-12","months":24,"n":32,"median":2464,"fragile":false,"mean":2739,"q1":1858,"q3":3176,"interval":[1875,3077],"mean_surface":72.1,"median_price":139500},"yearly":[{"period":"2023","n":10,"median":2931},{"period":"2024","n":22,"median":1995}],"quarterly":[{"period":"2023-Q4","n":10,"median":2931},{"period":"2024-Q1","n":22,"median":1995},{"period":"2024-Q2","n":22,"median":1995},{"period":"2024-Q3","n":22,"median":1995},{"period":"2024-Q4","n":22,"median":1995}],"monthly":[{"period":"2023-01","n":10,"median":2931},{"period":"2023-02","n":0,"median":null},{"period":"2023-03","n":0,"median":null},{"period":"2023-04","n":0,"median":null},{"period":"2023-05","n":0,"median":null},{"period":"2023-06","n":0,"median":null},{"period":"2023-07","n":0,"median":null},{"period":"2023-08","n":0,"median":null},{"period":"2023-09","n":0,"median":null},{"period":"2023-10","n":0,"median":null},{"period":"2023-11","n":0,"median":null},{"period":"2023-12","n":0,"median":null},{"period":"2024-01","n":22,"median":1995},{"period":"2024-02","n":0,"median":null},{"period":"2024-03","n":0,"median":null},{"period":"2024-04","n":0,"median":null},{"period":"2024-05","n":0,"median":null},{"period":"2024-06","n":0,"median":null},{"period":"2024-07","n":0,"median":null},{"period":"2024-08","n":0,"median":null},{"period":"2024-09","n":0,"median":null},{"period":"2024-10","n":0,"median":null},{"period":"2024-11","n":0,"median":null},{"period":"2024-12","n":0,"median":null}]},"seasonality":[]}', '2026-11-26T14:33:47Z');
INSERT INTO city_stats (niveau, city_code, digest, figures, calculated_at) VALUES ('region', '93', x'21adbadb31c1aef97c0392a772777f0093763b9ad37b339d55b275579667a580', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":946},"total_transactions":35,"volume_12_months":22,"appartement":{"total":28,"current":{"from":"2023-01","to":"2024-12","months":60,"n":28,"median":2012,"fragile":false,"mean":2602,"q1":1792,"q3":3052,"interval":[1875,2967],"mean_surface":64.4,"median_price":124285},"rooms":[{"rooms":1,"n":3,"median":null,"median_price":null},{"rooms":2,"n":8,"median":2165,"median_price":99000},{"rooms":3,"n":9,"median":2746,"median_price":173000},{"rooms":4,"n":4,"median":null,"median_price":null},{"rooms":5,"n":4,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":8,"median":2931},{"period":"2024","n":20,"median":1953}],"quarterly":[{"period":"2023-Q4","n":8,"median":2931},{"period":"2024-Q1","n":20,"median":1953},{"period":"2024-Q2","n":20,"median":1953},{"period":"2024-Q3","n":20,"median":1953},{"period":"2024-Q4","n":20,"median":1953}],"monthly":[{"period":"2023-01","n":8,"median":2931},{"period":"2024-01","n":20,"median":1953}]},"maison":{"total":4,"current":{"from":"2023-01","to":"2024-12","months":60,"n":4,"median":null,"fragile":false,"mean":null,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"rooms":[{"rooms":3,"n":1,"median":null,"median_price":null},{"rooms":4,"n":3,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":2,"median":null},{"period":"2024","n":2,"median":null}],"quarterly":[{"period":"2023-Q4","n":2,"median":null},{"period":"2024-Q1","n":2,"median":null},{"period":"2024-Q2","n":2,"median":null},{"period":"2024-Q3","n":2,"median":null},{"period":"2024-Q4","n":2,"median":null}]},"local":{"total":3,"current":{"from":"2023-01","to":"2024-12","months":60,"n":3,"median":null,"fragile":false,"mean":null,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"yearly":[{"period":"2023","n":1,"median":null},{"period":"2024","n":2,"median":null}],"quarterly":[{"period":"2023-Q4","n":1,"median":null},{"period":"2024-Q1","n":2,"median":null},{"period":"2024-Q2","n":2,"median":null},{"period":"2024-Q3","n":2,"median":null},{"period":"2024-Q4","n":2,"median":null}]},"apt_maison":{"total":32,"current":{"from":"2023-01","to":"2024-12","months":24,"n":32,"median":2464,"fragile":false,"mean":2739,"q1":1858,"q3":3176,"interval":[1875,3077],"mean_surface":72.1,"median_price":139500},"yearly":[{"period":"2023","n":10,"median":2931},{"period":"2024","n":22,"median":1995}],"quarterly":[{"period":"2023-Q4","n":10,"median":2931},{"period":"2024-Q1","n":22,"median":1995},{"period":"2024-Q2","n":22,"median":1995},{"period":"2024-Q3","n":22,"median":1995},{"period":"2024-Q4","n":22,"median":1995}],"monthly":[{"period":"2023-01","n":10,"median":2931},{"period":"2023-02","n":0,"median":null},{"period":"2023-03","n":0,"median":null},{"period":"2023-04","n":0,"median":null},{"period":"2023-05","n":0,"median":null},{"period":"2023-06","n":0,"median":null},{"period":"2023-07","n":0,"median":null},{"period":"2023-08","n":0,"median":null},{"period":"2023-09","n":0,"median":null},{"period":"2023-10","n":0,"median":null},{"period":"2023-11","n":0,"median":null},{"period":"2023-12","n":0,"median":null},{"period":"2024-01","n":22,"median":1995},{"period":"2024-02","n":0,"median":null},{"period":"2024-03","n":0,"median":null},{"period":"2024-04","n":0,"median":null},{"period":"2024-05","n":0,"median":null},{"period":"2024-06","n":0,"median":null},{"period":"2024-07","n":0,"median":null},{"period":"2024-08","n":0,"median":null},{"period":"2024-09","n":0,"median":null},{"period":"2024-10","n":0,"median":null},{"period":"2024-11","n":0,"median":null},{"period":"2024-12","n":0,"median":null}]},"seasonality":[]}', '2026-11-26T14:33:47Z');
INSERT INTO city_stats (niveau, city_code, digest, figures, calculated_at) VALUES ('pays', 'FR', x'3b0d891788d1bc26b7b4ab44ba7591e09d306e77c4120286ad20bab7b985e138', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":33253},"total_transactions":35,"volume_12_months":22,"appartement":{"total":28,"current":{"from":"2023-01","to":"2024-12","months":60,"n":28,"median":2012,"fragile":false,"mean":2602,"q1":1792,"q3":3052,"interval":[1875,2967],"mean_surface":64.4,"median_price":124285},"rooms":[{"rooms":1,"n":3,"median":null,"median_price":null},{"rooms":2,"n":8,"median":2165,"median_price":99000},{"rooms":3,"n":9,"median":2746,"median_price":173000},{"rooms":4,"n":4,"median":null,"median_price":null},{"rooms":5,"n":4,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":8,"median":2931},{"period":"2024","n":20,"median":1953}],"quarterly":[{"period":"2023-Q4","n":8,"median":2931},{"period":"2024-Q1","n":20,"median":1953},{"period":"2024-Q2","n":20,"median":1953},{"period":"2024-Q3","n":20,"median":1953},{"period":"2024-Q4","n":20,"median":1953}],"monthly":[{"period":"2023-01","n":8,"median":2931},{"period":"2024-01","n":20,"median":1953}]},"maison":{"total":4,"current":{"from":"2023-01","to":"2024-12","months":60,"n":4,"median":null,"fragile":false,"mean":null,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"rooms":[{"rooms":3,"n":1,"median":null,"median_price":null},{"rooms":4,"n":3,"median":null,"median_price":null}],"yearly":[{"period":"2023","n":2,"median":null},{"period":"2024","n":2,"median":null}],"quarterly":[{"period":"2023-Q4","n":2,"median":null},{"period":"2024-Q1","n":2,"median":null},{"period":"2024-Q2","n":2,"median":null},{"period":"2024-Q3","n":2,"median":null},{"period":"2024-Q4","n":2,"median":null}]},"local":{"total":3,"current":{"from":"2023-01","to":"2024-12","months":60,"n":3,"median":null,"fragile":false,"mean":null,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"yearly":[{"period":"2023","n":1,"median":null},{"period":"2024","n":2,"median":null}],"quarterly":[{"period":"2023-Q4","n":1,"median":null},{"period":"2024-Q1","n":2,"median":null},{"period":"2024-Q2","n":2,"median":null},{"period":"2024-Q3","n":2,"median":null},{"period":"2024-Q4","n":2,"median":null}]},"apt_maison":{"total":32,"current":{"from":"2023-01","to":"2024-12","months":24,"n":32,"median":2464,"fragile":false,"mean":2739,"q1":1858,"q3":3176,"interval":[1875,3077],"mean_surface":72.1,"median_price":139500},"yearly":[{"period":"2023","n":10,"median":2931},{"period":"2024","n":22,"median":1995}],"quarterly":[{"period":"2023-Q4","n":10,"median":2931},{"period":"2024-Q1","n":22,"median":1995},{"period":"2024-Q2","n":22,"median":1995},{"period":"2024-Q3","n":22,"median":1995},{"period":"2024-Q4","n":22,"median":1995}],"monthly":[{"period":"2023-01","n":10,"median":2931},{"period":"2023-02","n":0,"median":null},{"period":"2023-03","n":0,"median":null},{"period":"2023-04","n":0,"median":null},{"period":"2023-05","n":0,"median":null},{"period":"2023-06","n":0,"median":null},{"period":"2023-07","n":0,"median":null},{"period":"2023-08","n":0,"median":null},{"period":"2023-09","n":0,"median":null},{"period":"2023-10","n":0,"median":null},{"period":"2023-11","n":0,"median":null},{"period":"2023-12","n":0,"median":null},{"period":"2024-01","n":22,"median":1995},{"period":"2024-02","n":0,"median":null},{"period":"2024-03","n":0,"median":null},{"period":"2024-04","n":0,"median":null},{"period":"2024-05","n":0,"median":null},{"period":"2024-06","n":0,"median":null},{"period":"2024-07","n":0,"median":null},{"period":"2024-08","n":0,"median":null},{"period":"2024-09","n":0,"median":null},{"period":"2024-10","n":0,"median":null},{"period":"2024-11","n":0,"median":null},{"period":"2024-12","n":0,"median":null}]},"seasonality":[]}', '2026-11-26T14:33:47Z');
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
