-- made at 6373a2b
PRAGMA auto_vacuum = 0;
PRAGMA application_id = 1768779119;
PRAGMA user_version = 5;
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
    batch_id        INTEGER NOT NULL REFERENCES update_log (batch_id),
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
INSERT INTO natures (id, libelle) VALUES (1, 'Vente');
INSERT INTO natures (id, libelle) VALUES (2, 'Vente en l''état futur d''achèvement');
INSERT INTO natures (id, libelle) VALUES (3, 'Adjudication');
INSERT INTO types_local (code, libelle) VALUES (1, 'Maison');
INSERT INTO types_local (code, libelle) VALUES (2, 'Appartement');
INSERT INTO types_local (code, libelle) VALUES (3, 'Dépendance');
INSERT INTO types_local (code, libelle) VALUES (4, 'Local industriel. commercial ou assimilé');
INSERT INTO update_log (batch_id, source_file, format, scope, first_month, last_month, released, numbering, rows_imported, rows_unreadable, mutations, sales, transactions_added, transactions_removed, started_at, completed_at, status, message, territory, rows_former, numbers, rows_stray) VALUES (1, '2023.csv', 'geo-DVF', 'commune 83137, 2023-01 to 2023-12', '2023-01', '2023-12', '2024-04-20', 'sound', 108, 0, 48, 37, 48, 0, '2026-11-26T20:27:21Z', '2026-11-26T20:27:21Z', 'done', NULL, '83137', 0, NULL, 0);
INSERT INTO update_log (batch_id, source_file, format, scope, first_month, last_month, released, numbering, rows_imported, rows_unreadable, mutations, sales, transactions_added, transactions_removed, started_at, completed_at, status, message, territory, rows_former, numbers, rows_stray) VALUES (2, '2024.csv', 'geo-DVF', 'commune 83137, 2024-01 to 2024-12', '2024-01', '2024-12', '2025-04-20', 'sound', 84, 0, 39, 35, 39, 0, '2026-11-26T20:27:22Z', '2026-11-26T20:27:22Z', 'done', NULL, '83137', 0, NULL, 0);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 102, x'18dfdeaf5259596cc8f0ee973add5d5d', 2, 217000.0, 3, 0, NULL, NULL, NULL, NULL, 83200, 43143791, 5887168, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 102, x'88f4a7113758daf17a2409f2ed1e7ce3', 1, 215397.0, 1, 1, 2, 70.0, 3, NULL, 83200, 43132186, 5918273, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'17e0f9e240001dd613509670c39c9102', 1, 535000.0, 3, 1, 1, 123.0, 4, 1028.0, 83200, 43138026, 5920571, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'2b3799278369cc417f82fa247cadf59d', 1, 22000.0, 1, 0, NULL, NULL, NULL, NULL, 83000, 43125216, 5946987, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'3b99cbdd7d6ff502c9f90dec0cbc2f8f', 1, 190000.0, 1, 1, 4, 90.0, 0, NULL, 83000, 43119409, 5941188, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'3fff507a9d4b1b04bf815935fcd095c6', 1, 139000.0, 1, 1, 2, 48.0, 2, NULL, 83000, 43135619, 5921616, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'590514c4981b27e9668f52391b723e37', 1, 118250.0, 2, 1, 2, 75.0, 3, NULL, 83200, 43133893, 5916532, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'6770ff9634bf29738f47b3c11259272c', 1, 438000.0, 3, 1, 2, 119.0, 5, NULL, 83000, 43127500, 5930279, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'729c16497ae7fd31031fa4ed4b100c87', 1, 106900.0, 2, 1, 2, 64.0, 4, NULL, 83100, 43131642, 5978928, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'72a23ed8050f9e744930ff4464273c66', 1, 127570.0, 2, 1, 2, 43.0, 2, NULL, 83000, 43124543, 5929242, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'7471110de4db02213d5708eb37507d50', 1, 19000.0, 1, 0, NULL, NULL, NULL, NULL, 83200, 43138559, 5887545, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'a5816b8f066301dfb3ee9beaacdfe6be', 1, 375000.0, 3, 1, 1, 143.0, 3, NULL, 83200, 43131995, 5911359, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'beb40994cf84bc06df8214693aec75d1', 1, 85000.0, 2, 1, 2, 42.0, 2, NULL, 83000, 43124141, 5931741, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'd19f65a55fffc8e8e4048fc3e0ec929f', 1, 1700000.0, 7, 2, NULL, NULL, NULL, NULL, 83000, 43110274, 5943409, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 103, x'fba415a576ca0043823898747ba2ffa6', 1, 173000.0, 2, 1, 2, 54.0, 3, NULL, 83200, 43134601, 5898427, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 104, x'193929cc290e582b6b76541b843f0349', 1, 90000.0, 2, 1, 2, 55.0, 3, NULL, 83000, 43128895, 5923003, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 104, x'3743fa78633ac647bbf5650850ff79f7', 2, 35000.0, 1, 0, NULL, NULL, NULL, NULL, 83000, 43108976, 5966952, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 104, x'4994a45ff2b2b8f887f3ebf2faa1c361', 1, 138000.0, 2, 1, 2, 67.0, 4, NULL, 83100, 43126471, 5971407, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 104, x'8c842cda1513d8e91d1948f8da1f4e43', 1, 69940.0, 1, 1, 2, 26.0, 1, NULL, 83200, 43127698, 5914626, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 104, x'9ee1eeb88b86e0adcdd08b5fd25e5f21', 1, 91870.0, 1, 1, 2, 40.0, 2, NULL, 83100, 43122829, 5947914, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 104, x'f5d831222f83bc990a9eb208185b8619', 1, 346200.0, 1, 1, 2, 74.0, 4, NULL, 83000, 43117738, 5966270, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 320, x'106cc82d511345b41ed85bbda91c6b75', 1, 1.0, 1, 0, NULL, NULL, NULL, NULL, 83200, 43144809, 5890119, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 320, x'1d2bc5fa81dd1314c3af1bdfb2c0d61a', 1, 343100.0, 1, 1, 1, 109.0, 4, 250.0, 83200, 43133860, 5915310, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 320, x'212983a079cf36f82ad6034d4e71b0bd', 1, 35000.0, 1, 0, NULL, NULL, NULL, NULL, 83000, 43112406, 5954046, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 320, x'2376c73560ad9daf1522df880f828fe2', 1, 250000.0, 2, 1, 2, 66.0, 4, NULL, 83000, 43111242, 5949000, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 320, x'57bb6e15a2a967df2b20689b84e0ff57', 2, 378000.0, 3, 1, 2, 70.0, 4, NULL, 83100, 43132466, 5970855, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 320, x'5dd645b1f6513ff7d3a9e2b63218b98a', 1, 142000.0, 3, 1, 2, 49.0, 2, NULL, 83000, 43119132, 5944675, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 320, x'67a131c0525b0bdb4f98ed3c5a0b3830', 1, 328350.0, 2, 1, 1, 78.0, 3, 625.0, 83200, 43139664, 5900925, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 320, x'700abd7c1a6f7be268a377a6656aaac3', 1, 160000.0, 3, 1, 2, 58.0, 3, NULL, 83200, 43135986, 5896769, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 320, x'7117759b2c8cdc447d41f8bcb012aa25', 2, 184000.0, 2, 0, NULL, NULL, NULL, NULL, NULL, 43125142, 5935744, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 320, x'9d771d74a944be1df1d50a7dab106e4e', 1, 183500.0, 2, 1, 2, 67.0, 3, NULL, 83200, 43136158, 5918608, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 320, x'a12ae1e04ddc0c796d0de4e4dca4869b', 1, 300000.0, 6, 2, NULL, NULL, NULL, NULL, 83200, 43130594, 5910172, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 320, x'b0326aa25b687f9c9d6e83d53e26b786', 1, 415000.0, 4, 1, 1, 93.0, 4, 40.0, 83200, 43152342, 5903809, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 320, x'b5fb3d92a5552f36356e4504afeabf34', 1, 241500.0, 1, 1, 2, 90.0, 4, NULL, 83000, 43127186, 5927939, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 320, x'c2c28c4606ed0ce3bd85468e99c2a2eb', 1, 71330.0, 1, 1, 2, 33.0, 1, NULL, 83000, 43121855, 5931975, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 320, x'c96b463b9e9bc107e8343d5020c0006a', 1, 365000.0, 10, 3, NULL, NULL, NULL, 795.0, 83200, 43135546, 5907306, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 320, x'cd84264e01c646082f717e326030e732', 1, 235000.0, 2, 1, 2, 59.0, 3, NULL, 83100, NULL, NULL, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 320, x'cec3903ffda25d47f2a8fccc5c6e2a5d', 1, 64000.0, 3, 1, 2, 78.0, 5, NULL, 83100, 43131642, 5978928, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 320, x'e43840ac9fb7255282ea2e868bc34666', 1, 540000.0, 2, 0, NULL, NULL, NULL, 3125.0, 83200, 43136760, 5973807, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 320, x'f29387af0a0c8eb413f8cbd3140554eb', 1, 206490.0, 2, 1, 2, 46.0, 2, NULL, 83000, 43113291, 5978220, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 817, x'03d2cb53cb0c7cfc492a79eb08f96898', 2, 227000.0, 2, 1, 2, 40.0, 2, NULL, 83100, 43122920, 5970255, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 817, x'1bc2b97852828a0fb6c59f3c732319d1', 1, 89000.0, 2, 1, 2, 39.0, 2, NULL, 83000, 43131202, 5928582, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 817, x'34d27188c766878ded872945bd294308', 1, 142000.0, 2, 1, 2, 58.0, 4, NULL, 83000, 43129624, 5943182, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 817, x'829c2fe50a87c134904e0f07a0d04fb8', 1, 142000.0, 2, 1, 2, 40.0, 2, NULL, 83200, 43134348, 5916812, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 817, x'96fc27d9a35be56271063dbf4770e357', 1, 93000.0, 2, 1, 2, 51.0, 3, NULL, 83200, 43131383, 5915297, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 817, x'b04682b83e6ad531ff26d9aab3959345', 1, 213000.0, 1, 1, 1, 60.0, 3, 360.0, 83200, 43137573, 5914494, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 817, x'be300549ba99da4afc05c088e3ba31ec', 1, 185000.0, 1, 1, 2, 53.0, 3, NULL, 83200, 43138559, 5887545, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2023, '83137', 817, x'fd2ca6e4ebd4cfba7a588f8e9666a851', 1, 132500.0, 3, 1, 2, 61.0, 3, NULL, 83200, 43129025, 5903226, 1);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 102, x'7fbb6f3dca88d48bdbd25f2dd36297fa', 1, 712600.0, 4, 1, 1, 167.0, 4, 1177.0, 83200, 43143350, 5897527, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 103, x'715b5e090232679c72fed1ed456cd54e', 1, 121000.0, 2, 1, 2, 67.0, 3, NULL, 83100, 43123909, 5954219, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 103, x'bdc5b89559572b2f1dc95dd511246d4a', 1, 115000.0, 1, 1, 2, 60.0, 3, NULL, 83200, 43142805, 5911145, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 103, x'e3f539eac5c2fe3393aa5ca4a4cb0406', 1, 20000.0, 1, 0, NULL, NULL, NULL, NULL, 83000, 43115523, 5946084, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'276db9db389299e86e4e38660c9775e4', 1, 25000.0, 2, 1, 4, 57.0, 0, NULL, 83000, 43109451, 5939766, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'2ce4a0ef0028c9d9e34855590cc7c9cf', 1, 145000.0, 1, 0, NULL, NULL, NULL, NULL, 83000, 43105793, 5932522, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'393b0a45e2308c6cf543dde45ab1fc34', 1, 190000.0, 2, 1, 2, 100.0, 4, NULL, 83200, 43129337, 5910857, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'536ad7f6ed881b3fef18e101700d5027', 1, 195000.0, 3, 1, 2, 98.0, 5, NULL, 83000, 43117324, 5942128, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'74c16caf959a837c4c49dcf65c88726e', 1, 289000.0, 2, 1, 2, 110.0, 4, NULL, 83000, 43127260, 5922016, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'a4a596f94c707cb8c81a51beba3d8a9b', 1, 1300000.0, 5, 1, 2, 150.0, 5, NULL, 83000, 43108826, 5934826, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'cd3b7bba5bba63d4905846ef566d470f', 1, 32000.0, 2, 1, 2, 24.0, 1, NULL, 83200, 43129909, 5919892, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'd7a290d2531de98845541ddd7b1cec26', 1, 80000.0, 2, 1, 2, 40.0, 2, NULL, 83000, 43118895, 5949995, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'de4d5588b6da183db3410d800ab94562', 1, 190000.0, 3, 1, 2, 60.0, 3, NULL, 83100, 43133989, 5963667, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'eae151d1ec7410bc850fb404d363eadf', 1, 140000.0, 2, 1, 2, 46.0, 2, NULL, 83000, 43127883, 5928441, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 104, x'ed8d5212879c13e31f0ebca68a2646ce', 1, 35000.0, 1, 1, 2, 23.0, 1, NULL, 83100, 43127004, 5962112, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'15439d9b0b233630479b718ec8189839', 1, 33000.0, 1, 1, 4, 12.0, 0, NULL, 83100, 43120647, 5948351, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'1e8528e0b78311089f4ef90b0fd3eec9', 1, 225000.0, 1, 1, 2, 77.0, 4, NULL, 83000, 43114364, 5940036, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'253a5e4761da4a41fadf313fcc4308bb', 1, 100000.0, 1, 1, 4, 43.0, 0, NULL, 83000, 43114204, 5937983, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'35fa167c1d06c685bea7beda612d7d9f', 1, 232500.0, 3, 1, 2, 98.0, 4, NULL, 83000, 43127040, 5928679, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'39cda4a2c9e99f747afe29179c83dacb', 1, 220000.0, 2, 1, 2, 87.0, 5, NULL, 83000, 43112805, 5935768, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'438814c25608db3ccccf3d859aa8af45', 1, 350000.0, 2, 1, 1, 56.0, 2, 336.0, 83000, 43120194, 5967454, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'50082a39d8d76a670aa24ebb8dffc284', 1, 80000.0, 2, 1, 2, 50.0, 2, NULL, 83000, 43120939, 5942280, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'5220318e969b8941a9aaedf43b574894', 1, 350000.0, 4, 1, 2, 51.0, 4, NULL, 83000, 43124286, 5947006, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'5341e8ebd9031b6cb4ca77e2cf00e4e9', 1, 67000.0, 2, 2, NULL, NULL, NULL, NULL, 83000, 43122589, 5935121, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'57d2d5dedb0e1ef466656ecbd1b1b66d', 1, 300000.0, 2, 1, 2, 79.0, 4, NULL, 83000, 43115116, 5946875, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'66c3ec1e31d63b4b43df4ebed37cbb1b', 1, 118850.0, 1, 1, 2, 50.0, 2, NULL, 83200, 43132750, 5913900, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'6e709bdf19c6e3ce73259f67ba3519cd', 1, 83500.0, 1, 1, 2, 23.0, 1, NULL, 83000, 43121884, 5934645, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'71d6e60619f6fe16a1eceaf3ffd7707d', 1, 527000.0, 2, 1, 1, 80.0, 4, 880.0, 83200, 43137025, 5888035, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'89ba687a9993c7ef67e4e67f5512e435', 1, 310000.0, 4, 1, 2, 120.0, 4, NULL, 83000, 43133622, 5925820, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'906b0899f5171e3d489406e369e3410c', 1, 65000.0, 1, 1, 2, 52.0, 2, NULL, 83000, 43119994, 5933279, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'9b7218c01b3a0b67d62a29b20170026a', 1, 9000.0, 1, 0, NULL, NULL, NULL, NULL, 83100, 43134558, 5967949, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'9cad87be8abb7591f522335c1d9034c2', 1, 145000.0, 3, 1, 2, 74.0, 5, NULL, 83100, 43127690, 5964072, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'a8fdc83a35d88120d6bde3953f7580f4', 1, 625000.0, 6, 1, 2, 137.0, 4, NULL, 83100, 43132817, 5962393, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'afa117070060a5d3a6e3cfc7ee2f3841', 1, 518000.0, 2, 1, 1, 68.0, 4, 590.0, 83200, 43152589, 5900829, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'd74b93d66e14459edf0825a31390f318', 1, 167900.0, 3, 1, 2, 70.0, 4, NULL, 83000, 43128820, 5939747, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'dad8e82df75cbd2f96e492599364254c', 1, 130000.0, 2, 1, 2, 45.0, 2, NULL, 83100, 43122904, 5951731, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'f5caa0ce759b180f51d429cea225abd4', 2, 425319.0, 2, 1, 2, 65.0, 3, NULL, 83000, 43113392, 5976117, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'f6861478e3a9256b9dc20c02b1f60c16', 1, 252000.0, 1, 1, 1, 43.0, 3, 350.0, 83000, 43117144, 5961436, 2);
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain, postal, latitude_e6, longitude_e6, batch_id) VALUES (2024, '83137', 329, x'ff2b45cadaa3000772295fc8c5b49bec', 1, 147750.0, 2, 1, 2, 59.0, 3, NULL, 83100, 43128967, 5968848, 2);
INSERT INTO sales (annee, departement, communes, digests, mois, type_local, pieces, prix, surface_reelle) VALUES (2023, '83', '[["83137",37]]', x'57cbe3dc5e3a4d0f5d1f877c0a234b3f08aff113be20eb5f92cb83faf61ffa9b0f1394fcbdeaa8b55e76d1c06a705c40e5929e8c7751ea2e3468fd8b2f0aec68', x'28b52ffd20259d00005801010308080808080808080200801332c002', x'28b52ffd2025dd000088020104020202020201020102020201020203003209bc8c3b0024', x'28b52ffd202529010003040002030504020302030304010204040404020303030404010305020202040203030303', x'28b52ffd6028003d0600440800000000284b0a4100000000b05320803107c0f700a0defc40c0bb1a414019fa402025ff60e3164180c0f440401e054100f9f54080d800414013f140e06df660211541f0f01480840e401217805501780a140088036066065419e07a0d206af140c0af0c410040ef40d0340941c0b50b80baf540b440000a4095064100000000a02c00412200206663c641893124008d001920080802828020e0066818e0006d0019e0066803c800378011d0032c014bc012b0042c018b00192008080282801ba00d134a1d', x'28b52ffd602800550400f204111bb017d2010ce51886054ca0d150098c90cd88bb7563c43048925ca53cfd9f849e071de640876065b86aa09d5915643d307500b66b81ac5890da887465aecec44dd4ff032300606030100c067203a3812140463018c802f205198381c1c06020180c6401f9828cc1c06020180ce406460359c0b82063303018180c048381dc56468023c088058e');
INSERT INTO sales (annee, departement, communes, digests, mois, type_local, pieces, prix, surface_reelle) VALUES (2024, '83', '[["83137",35]]', x'3475642a14e8e763370c22a384f07626e34c00d6c321aec6852bd7eef33609c781f4221a0af9c093869d6018dcffd961a88bed36b2f63fca9f061a4d79d9c44b', x'28b52ffd20235d0000180101030200e00b036001', x'28b52ffd2023f50000b00102020402040204020201010202020201020202010202003145218016', x'28b52ffd20231901000403030004050405010203020100040004050202040402010404020504040402030303', x'28b52ffd601800bd050074070000000030bf254100000000808afd4013fc006ad880310741c0cda0a31120d6330040df4088f30017010017e140001de04040770b416af8a0610cdb0ac05c154188f3804f12412004fd40c062f44030152041eb00bdef40b30141d012239d1fe07e044100bdff409cf51900c30e41000000003009024120004006080282808bc10c1004dc196a2e38028c0023c0d24c02e0306804080c6680c3a0095802160162a622000e8346800c7007180c82801ba06113ca12', x'28b52ffd60180045040064040000000000e0644000c05040004e804c005980585bc0620038444e4737284053804558c055004c4980c053004937545e4a805220610051804640508045400000000000804d4021006020180c1001060603838160309005e4039981dcc068200b1817640c0682c1406e60343004e40399812c205f903118080603b981d1c0682b23c0110b1c01');
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
INSERT INTO commune_digests (commune, digest) VALUES ('83137', x'b6f59ee7b42016bcdb3304b88ff4f028d2b08753173d631893e1c735a79fe329');
INSERT INTO city_stats (niveau, city_code, figures, calculated_at) VALUES ('commune', '83137', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":1},"total_transactions":72,"volume_12_months":32,"appartement":{"total":57,"current":{"from":"2023-01","to":"2024-12","months":24,"n":57,"median":2627,"fragile":false,"q1":2000,"q3":3491,"interval":[2297,2922],"mean_surface":60,"median_price":146000},"change_1_year":{"percent":-8.9,"significant":false,"n":[30,27],"since":"2023-12"},"rooms":[{"rooms":1,"n":5,"median":2160,"median_price":69900},{"rooms":2,"n":15,"median":2890,"median_price":128000},{"rooms":3,"n":15,"median":2740,"median_price":159000},{"rooms":4,"n":16,"median":2660,"median_price":246000},{"rooms":5,"n":6,"median":2260,"median_price":208000}],"yearly":[{"period":"2023","n":30,"median":2749},{"period":"2024","n":27,"median":2500}],"quarterly":[{"period":"2023-Q4","n":30,"median":2749},{"period":"2024-Q1","n":34,"median":2476},{"period":"2024-Q2","n":34,"median":2476},{"period":"2024-Q3","n":27,"median":2500},{"period":"2024-Q4","n":27,"median":2500}],"monthly":[{"period":"2023-01","n":13,"median":2690},{"period":"2023-03","n":10,"median":2830},{"period":"2023-08","n":7,"median":2450},{"period":"2024-01","n":11,"median":1990},{"period":"2024-03","n":16,"median":2560}]},"maison":{"total":11,"current":{"from":"2023-01","to":"2024-12","months":60,"n":11,"median":4350,"fragile":false,"q1":null,"q3":null,"interval":[3140,6590],"mean_surface":null,"median_price":376000},"rooms":[{"rooms":2,"n":1,"median":null,"median_price":null},{"rooms":3,"n":4,"median":null,"median_price":null},{"rooms":4,"n":6,"median":4410,"median_price":522000}],"yearly":[{"period":"2023","n":6,"median":3880},{"period":"2024","n":5,"median":6250}],"quarterly":[{"period":"2023-Q4","n":6,"median":3880},{"period":"2024-Q1","n":6,"median":6060},{"period":"2024-Q2","n":6,"median":6060},{"period":"2024-Q3","n":5,"median":6250},{"period":"2024-Q4","n":5,"median":6250}]},"local":{"total":4,"current":{"from":"2023-01","to":"2024-12","months":60,"n":4,"median":null,"fragile":false,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"yearly":[{"period":"2023","n":1},{"period":"2024","n":3}],"quarterly":[{"period":"2023-Q4","n":1},{"period":"2024-Q1","n":3},{"period":"2024-Q2","n":3},{"period":"2024-Q3","n":3},{"period":"2024-Q4","n":3}]},"apt_maison":{"total":68,"current":{"from":"2024-01","to":"2024-12","months":12,"n":32,"median":2605,"fragile":false,"q1":1982,"q3":4341,"interval":[2000,3797],"mean_surface":70,"median_price":192000},"change_1_year":{"percent":-10.1,"significant":false,"n":[36,32],"since":"2023-12"},"yearly":[{"period":"2023","n":36,"median":2897},{"period":"2024","n":32,"median":2605}],"quarterly":[{"period":"2023-Q4","n":36,"median":2897},{"period":"2024-Q1","n":40,"median":2605},{"period":"2024-Q2","n":40,"median":2605},{"period":"2024-Q3","n":32,"median":2605},{"period":"2024-Q4","n":32,"median":2605}],"monthly":[{"period":"2023-01","n":15,"median":2690},{"period":"2023-02","n":0},{"period":"2023-03","n":13,"median":3150},{"period":"2023-04","n":0},{"period":"2023-05","n":0},{"period":"2023-06","n":0},{"period":"2023-07","n":0},{"period":"2023-08","n":8,"median":2970},{"period":"2023-09","n":0},{"period":"2023-10","n":0},{"period":"2023-11","n":0},{"period":"2023-12","n":0},{"period":"2024-01","n":12,"median":1990},{"period":"2024-02","n":0},{"period":"2024-03","n":20,"median":2910},{"period":"2024-04","n":0},{"period":"2024-05","n":0},{"period":"2024-06","n":0},{"period":"2024-07","n":0},{"period":"2024-08","n":0},{"period":"2024-09","n":0},{"period":"2024-10","n":0},{"period":"2024-11","n":0},{"period":"2024-12","n":0}]},"seasonality":[476,0,582,0,0,0,0,141,0,0,0,0]}', '2026-11-26T20:27:24Z');
INSERT INTO city_stats (niveau, city_code, figures, calculated_at) VALUES ('departement', '83', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":153},"total_transactions":72,"volume_12_months":32,"appartement":{"total":57,"current":{"from":"2023-01","to":"2024-12","months":24,"n":57,"median":2627,"fragile":false,"q1":2000,"q3":3491,"interval":[2297,2922],"mean_surface":60,"median_price":146000},"change_1_year":{"percent":-8.9,"significant":false,"n":[30,27],"since":"2023-12"},"rooms":[{"rooms":1,"n":5,"median":2160,"median_price":69900},{"rooms":2,"n":15,"median":2890,"median_price":128000},{"rooms":3,"n":15,"median":2740,"median_price":159000},{"rooms":4,"n":16,"median":2660,"median_price":246000},{"rooms":5,"n":6,"median":2260,"median_price":208000}],"yearly":[{"period":"2023","n":30,"median":2749},{"period":"2024","n":27,"median":2500}],"quarterly":[{"period":"2023-Q4","n":30,"median":2749},{"period":"2024-Q1","n":34,"median":2476},{"period":"2024-Q2","n":34,"median":2476},{"period":"2024-Q3","n":27,"median":2500},{"period":"2024-Q4","n":27,"median":2500}],"monthly":[{"period":"2023-01","n":13,"median":2690},{"period":"2023-03","n":10,"median":2830},{"period":"2023-08","n":7,"median":2450},{"period":"2024-01","n":11,"median":1990},{"period":"2024-03","n":16,"median":2560}]},"maison":{"total":11,"current":{"from":"2023-01","to":"2024-12","months":60,"n":11,"median":4350,"fragile":false,"q1":null,"q3":null,"interval":[3140,6590],"mean_surface":null,"median_price":376000},"rooms":[{"rooms":2,"n":1,"median":null,"median_price":null},{"rooms":3,"n":4,"median":null,"median_price":null},{"rooms":4,"n":6,"median":4410,"median_price":522000}],"yearly":[{"period":"2023","n":6,"median":3880},{"period":"2024","n":5,"median":6250}],"quarterly":[{"period":"2023-Q4","n":6,"median":3880},{"period":"2024-Q1","n":6,"median":6060},{"period":"2024-Q2","n":6,"median":6060},{"period":"2024-Q3","n":5,"median":6250},{"period":"2024-Q4","n":5,"median":6250}]},"local":{"total":4,"current":{"from":"2023-01","to":"2024-12","months":60,"n":4,"median":null,"fragile":false,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"yearly":[{"period":"2023","n":1},{"period":"2024","n":3}],"quarterly":[{"period":"2023-Q4","n":1},{"period":"2024-Q1","n":3},{"period":"2024-Q2","n":3},{"period":"2024-Q3","n":3},{"period":"2024-Q4","n":3}]},"apt_maison":{"total":68,"current":{"from":"2024-01","to":"2024-12","months":12,"n":32,"median":2605,"fragile":false,"q1":1982,"q3":4341,"interval":[2000,3797],"mean_surface":70,"median_price":192000},"change_1_year":{"percent":-10.1,"significant":false,"n":[36,32],"since":"2023-12"},"yearly":[{"period":"2023","n":36,"median":2897},{"period":"2024","n":32,"median":2605}],"quarterly":[{"period":"2023-Q4","n":36,"median":2897},{"period":"2024-Q1","n":40,"median":2605},{"period":"2024-Q2","n":40,"median":2605},{"period":"2024-Q3","n":32,"median":2605},{"period":"2024-Q4","n":32,"median":2605}],"monthly":[{"period":"2023-01","n":15,"median":2690},{"period":"2023-02","n":0},{"period":"2023-03","n":13,"median":3150},{"period":"2023-04","n":0},{"period":"2023-05","n":0},{"period":"2023-06","n":0},{"period":"2023-07","n":0},{"period":"2023-08","n":8,"median":2970},{"period":"2023-09","n":0},{"period":"2023-10","n":0},{"period":"2023-11","n":0},{"period":"2023-12","n":0},{"period":"2024-01","n":12,"median":1990},{"period":"2024-02","n":0},{"period":"2024-03","n":20,"median":2910},{"period":"2024-04","n":0},{"period":"2024-05","n":0},{"period":"2024-06","n":0},{"period":"2024-07","n":0},{"period":"2024-08","n":0},{"period":"2024-09","n":0},{"period":"2024-10","n":0},{"period":"2024-11","n":0},{"period":"2024-12","n":0}]},"seasonality":[476,0,582,0,0,0,0,141,0,0,0,0]}', '2026-11-26T20:27:24Z');
INSERT INTO city_stats (niveau, city_code, figures, calculated_at) VALUES ('epci', '248300543', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":12},"total_transactions":72,"volume_12_months":32,"appartement":{"total":57,"current":{"from":"2023-01","to":"2024-12","months":24,"n":57,"median":2627,"fragile":false,"q1":2000,"q3":3491,"interval":[2297,2922],"mean_surface":60,"median_price":146000},"change_1_year":{"percent":-8.9,"significant":false,"n":[30,27],"since":"2023-12"},"rooms":[{"rooms":1,"n":5,"median":2160,"median_price":69900},{"rooms":2,"n":15,"median":2890,"median_price":128000},{"rooms":3,"n":15,"median":2740,"median_price":159000},{"rooms":4,"n":16,"median":2660,"median_price":246000},{"rooms":5,"n":6,"median":2260,"median_price":208000}],"yearly":[{"period":"2023","n":30,"median":2749},{"period":"2024","n":27,"median":2500}],"quarterly":[{"period":"2023-Q4","n":30,"median":2749},{"period":"2024-Q1","n":34,"median":2476},{"period":"2024-Q2","n":34,"median":2476},{"period":"2024-Q3","n":27,"median":2500},{"period":"2024-Q4","n":27,"median":2500}],"monthly":[{"period":"2023-01","n":13,"median":2690},{"period":"2023-03","n":10,"median":2830},{"period":"2023-08","n":7,"median":2450},{"period":"2024-01","n":11,"median":1990},{"period":"2024-03","n":16,"median":2560}]},"maison":{"total":11,"current":{"from":"2023-01","to":"2024-12","months":60,"n":11,"median":4350,"fragile":false,"q1":null,"q3":null,"interval":[3140,6590],"mean_surface":null,"median_price":376000},"rooms":[{"rooms":2,"n":1,"median":null,"median_price":null},{"rooms":3,"n":4,"median":null,"median_price":null},{"rooms":4,"n":6,"median":4410,"median_price":522000}],"yearly":[{"period":"2023","n":6,"median":3880},{"period":"2024","n":5,"median":6250}],"quarterly":[{"period":"2023-Q4","n":6,"median":3880},{"period":"2024-Q1","n":6,"median":6060},{"period":"2024-Q2","n":6,"median":6060},{"period":"2024-Q3","n":5,"median":6250},{"period":"2024-Q4","n":5,"median":6250}]},"local":{"total":4,"current":{"from":"2023-01","to":"2024-12","months":60,"n":4,"median":null,"fragile":false,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"yearly":[{"period":"2023","n":1},{"period":"2024","n":3}],"quarterly":[{"period":"2023-Q4","n":1},{"period":"2024-Q1","n":3},{"period":"2024-Q2","n":3},{"period":"2024-Q3","n":3},{"period":"2024-Q4","n":3}]},"apt_maison":{"total":68,"current":{"from":"2024-01","to":"2024-12","months":12,"n":32,"median":2605,"fragile":false,"q1":1982,"q3":4341,"interval":[2000,3797],"mean_surface":70,"median_price":192000},"change_1_year":{"percent":-10.1,"significant":false,"n":[36,32],"since":"2023-12"},"yearly":[{"period":"2023","n":36,"median":2897},{"period":"2024","n":32,"median":2605}],"quarterly":[{"period":"2023-Q4","n":36,"median":2897},{"period":"2024-Q1","n":40,"median":2605},{"period":"2024-Q2","n":40,"median":2605},{"period":"2024-Q3","n":32,"median":2605},{"period":"2024-Q4","n":32,"median":2605}],"monthly":[{"period":"2023-01","n":15,"median":2690},{"period":"2023-02","n":0},{"period":"2023-03","n":13,"median":3150},{"period":"2023-04","n":0},{"period":"2023-05","n":0},{"period":"2023-06","n":0},{"period":"2023-07","n":0},{"period":"2023-08","n":8,"median":2970},{"period":"2023-09","n":0},{"period":"2023-10","n":0},{"period":"2023-11","n":0},{"period":"2023-12","n":0},{"period":"2024-01","n":12,"median":1990},{"period":"2024-02","n":0},{"period":"2024-03","n":20,"median":2910},{"period":"2024-04","n":0},{"period":"2024-05","n":0},{"period":"2024-06","n":0},{"period":"2024-07","n":0},{"period":"2024-08","n":0},{"period":"2024-09","n":0},{"period":"2024-10","n":0},{"period":"2024-11","n":0},{"period":"2024-12","n":0}]},"seasonality":[476,0,582,0,0,0,0,141,0,0,0,0]}', '2026-11-26T20:27:24Z');
INSERT INTO city_stats (niveau, city_code, figures, calculated_at) VALUES ('pays', 'FR', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":33253},"total_transactions":72,"volume_12_months":32,"appartement":{"total":57,"current":{"from":"2023-01","to":"2024-12","months":24,"n":57,"median":2627,"fragile":false,"q1":2000,"q3":3491,"interval":[2297,2922],"mean_surface":60,"median_price":146000},"change_1_year":{"percent":-8.9,"significant":false,"n":[30,27],"since":"2023-12"},"rooms":[{"rooms":1,"n":5,"median":2160,"median_price":69900},{"rooms":2,"n":15,"median":2890,"median_price":128000},{"rooms":3,"n":15,"median":2740,"median_price":159000},{"rooms":4,"n":16,"median":2660,"median_price":246000},{"rooms":5,"n":6,"median":2260,"median_price":208000}],"yearly":[{"period":"2023","n":30,"median":2749},{"period":"2024","n":27,"median":2500}],"quarterly":[{"period":"2023-Q4","n":30,"median":2749},{"period":"2024-Q1","n":34,"median":2476},{"period":"2024-Q2","n":34,"median":2476},{"period":"2024-Q3","n":27,"median":2500},{"period":"2024-Q4","n":27,"median":2500}],"monthly":[{"period":"2023-01","n":13,"median":2690},{"period":"2023-03","n":10,"median":2830},{"period":"2023-08","n":7,"median":2450},{"period":"2024-01","n":11,"median":1990},{"period":"2024-03","n":16,"median":2560}]},"maison":{"total":11,"current":{"from":"2023-01","to":"2024-12","months":60,"n":11,"median":4350,"fragile":false,"q1":null,"q3":null,"interval":[3140,6590],"mean_surface":null,"median_price":376000},"rooms":[{"rooms":2,"n":1,"median":null,"median_price":null},{"rooms":3,"n":4,"median":null,"median_price":null},{"rooms":4,"n":6,"median":4410,"median_price":522000}],"yearly":[{"period":"2023","n":6,"median":3880},{"period":"2024","n":5,"median":6250}],"quarterly":[{"period":"2023-Q4","n":6,"median":3880},{"period":"2024-Q1","n":6,"median":6060},{"period":"2024-Q2","n":6,"median":6060},{"period":"2024-Q3","n":5,"median":6250},{"period":"2024-Q4","n":5,"median":6250}]},"local":{"total":4,"current":{"from":"2023-01","to":"2024-12","months":60,"n":4,"median":null,"fragile":false,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"yearly":[{"period":"2023","n":1},{"period":"2024","n":3}],"quarterly":[{"period":"2023-Q4","n":1},{"period":"2024-Q1","n":3},{"period":"2024-Q2","n":3},{"period":"2024-Q3","n":3},{"period":"2024-Q4","n":3}]},"apt_maison":{"total":68,"current":{"from":"2024-01","to":"2024-12","months":12,"n":32,"median":2605,"fragile":false,"q1":1982,"q3":4341,"interval":[2000,3797],"mean_surface":70,"median_price":192000},"change_1_year":{"percent":-10.1,"significant":false,"n":[36,32],"since":"2023-12"},"yearly":[{"period":"2023","n":36,"median":2897},{"period":"2024","n":32,"median":2605}],"quarterly":[{"period":"2023-Q4","n":36,"median":2897},{"period":"2024-Q1","n":40,"median":2605},{"period":"2024-Q2","n":40,"median":2605},{"period":"2024-Q3","n":32,"median":2605},{"period":"2024-Q4","n":32,"median":2605}],"monthly":[{"period":"2023-01","n":15,"median":2690},{"period":"2023-02","n":0},{"period":"2023-03","n":13,"median":3150},{"period":"2023-04","n":0},{"period":"2023-05","n":0},{"period":"2023-06","n":0},{"period":"2023-07","n":0},{"period":"2023-08","n":8,"median":2970},{"period":"2023-09","n":0},{"period":"2023-10","n":0},{"period":"2023-11","n":0},{"period":"2023-12","n":0},{"period":"2024-01","n":12,"median":1990},{"period":"2024-02","n":0},{"period":"2024-03","n":20,"median":2910},{"period":"2024-04","n":0},{"period":"2024-05","n":0},{"period":"2024-06","n":0},{"period":"2024-07","n":0},{"period":"2024-08","n":0},{"period":"2024-09","n":0},{"period":"2024-10","n":0},{"period":"2024-11","n":0},{"period":"2024-12","n":0}]},"seasonality":[476,0,582,0,0,0,0,141,0,0,0,0]}', '2026-11-26T20:27:24Z');
INSERT INTO city_stats (niveau, city_code, figures, calculated_at) VALUES ('region', '93', '{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":946},"total_transactions":72,"volume_12_months":32,"appartement":{"total":57,"current":{"from":"2023-01","to":"2024-12","months":24,"n":57,"median":2627,"fragile":false,"q1":2000,"q3":3491,"interval":[2297,2922],"mean_surface":60,"median_price":146000},"change_1_year":{"percent":-8.9,"significant":false,"n":[30,27],"since":"2023-12"},"rooms":[{"rooms":1,"n":5,"median":2160,"median_price":69900},{"rooms":2,"n":15,"median":2890,"median_price":128000},{"rooms":3,"n":15,"median":2740,"median_price":159000},{"rooms":4,"n":16,"median":2660,"median_price":246000},{"rooms":5,"n":6,"median":2260,"median_price":208000}],"yearly":[{"period":"2023","n":30,"median":2749},{"period":"2024","n":27,"median":2500}],"quarterly":[{"period":"2023-Q4","n":30,"median":2749},{"period":"2024-Q1","n":34,"median":2476},{"period":"2024-Q2","n":34,"median":2476},{"period":"2024-Q3","n":27,"median":2500},{"period":"2024-Q4","n":27,"median":2500}],"monthly":[{"period":"2023-01","n":13,"median":2690},{"period":"2023-03","n":10,"median":2830},{"period":"2023-08","n":7,"median":2450},{"period":"2024-01","n":11,"median":1990},{"period":"2024-03","n":16,"median":2560}]},"maison":{"total":11,"current":{"from":"2023-01","to":"2024-12","months":60,"n":11,"median":4350,"fragile":false,"q1":null,"q3":null,"interval":[3140,6590],"mean_surface":null,"median_price":376000},"rooms":[{"rooms":2,"n":1,"median":null,"median_price":null},{"rooms":3,"n":4,"median":null,"median_price":null},{"rooms":4,"n":6,"median":4410,"median_price":522000}],"yearly":[{"period":"2023","n":6,"median":3880},{"period":"2024","n":5,"median":6250}],"quarterly":[{"period":"2023-Q4","n":6,"median":3880},{"period":"2024-Q1","n":6,"median":6060},{"period":"2024-Q2","n":6,"median":6060},{"period":"2024-Q3","n":5,"median":6250},{"period":"2024-Q4","n":5,"median":6250}]},"local":{"total":4,"current":{"from":"2023-01","to":"2024-12","months":60,"n":4,"median":null,"fragile":false,"q1":null,"q3":null,"interval":null,"mean_surface":null,"median_price":null},"yearly":[{"period":"2023","n":1},{"period":"2024","n":3}],"quarterly":[{"period":"2023-Q4","n":1},{"period":"2024-Q1","n":3},{"period":"2024-Q2","n":3},{"period":"2024-Q3","n":3},{"period":"2024-Q4","n":3}]},"apt_maison":{"total":68,"current":{"from":"2024-01","to":"2024-12","months":12,"n":32,"median":2605,"fragile":false,"q1":1982,"q3":4341,"interval":[2000,3797],"mean_surface":70,"median_price":192000},"change_1_year":{"percent":-10.1,"significant":false,"n":[36,32],"since":"2023-12"},"yearly":[{"period":"2023","n":36,"median":2897},{"period":"2024","n":32,"median":2605}],"quarterly":[{"period":"2023-Q4","n":36,"median":2897},{"period":"2024-Q1","n":40,"median":2605},{"period":"2024-Q2","n":40,"median":2605},{"period":"2024-Q3","n":32,"median":2605},{"period":"2024-Q4","n":32,"median":2605}],"monthly":[{"period":"2023-01","n":15,"median":2690},{"period":"2023-02","n":0},{"period":"2023-03","n":13,"median":3150},{"period":"2023-04","n":0},{"period":"2023-05","n":0},{"period":"2023-06","n":0},{"period":"2023-07","n":0},{"period":"2023-08","n":8,"median":2970},{"period":"2023-09","n":0},{"period":"2023-10","n":0},{"period":"2023-11","n":0},{"period":"2023-12","n":0},{"period":"2024-01","n":12,"median":1990},{"period":"2024-02","n":0},{"period":"2024-03","n":20,"median":2910},{"period":"2024-04","n":0},{"period":"2024-05","n":0},{"period":"2024-06","n":0},{"period":"2024-07","n":0},{"period":"2024-08","n":0},{"period":"2024-09","n":0},{"period":"2024-10","n":0},{"period":"2024-11","n":0},{"period":"2024-12","n":0}]},"seasonality":[476,0,582,0,0,0,0,141,0,0,0,0]}', '2026-11-26T20:27:24Z');
INSERT INTO city_keys (niveau, city_code, digest, hash, summary) VALUES ('commune', '83137', x'c491be4dfa050690f523b557a6139e6172ffce8c4f4f4fb3faa103ea56498998', x'd3b956c5dd926a971c63022fc2c6542a5efdad44b8585c361d4d88b2b6f65607', '["4d4b8cacc324e14252396628340a389ee8c740650931efa8fa41466f2958abe2",{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":1},"volume_12_months":32,"appartement":{"median":2627,"months":24,"fragile":false},"maison":{"median":4350,"months":60,"fragile":false}}]');
INSERT INTO city_keys (niveau, city_code, digest, hash, summary) VALUES ('departement', '83', x'56724d6d4575232bf7946815e37382fcb70023ed1d53785e418e9d37b647d85f', x'b391beb9bcaee6d94c605eb09c7e0d597b9ceff8e9852dfeb7c67b709ce40aa0', '["ef31d60ac0200e7e5a4007f5aeec831a77ddcda1a0e752e1131c3a5f8012e0ba",{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":153},"volume_12_months":32,"appartement":{"median":2627,"months":24,"fragile":false},"maison":{"median":4350,"months":60,"fragile":false}}]');
INSERT INTO city_keys (niveau, city_code, digest, hash, summary) VALUES ('epci', '248300543', x'6059c650fd1ad1fa1628221be6f3f8df7049f6adce4f3c954e86efb2395bdf73', x'71c38a7600f6094bca4b206b95e7a041a28cde4d0530aa0257babd48bdc66cf2', '["31643b83bec833926e164c2d648c2c7a9de6f444355038ad993f60e8eb0a6403",{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":12},"volume_12_months":32,"appartement":{"median":2627,"months":24,"fragile":false},"maison":{"median":4350,"months":60,"fragile":false}}]');
INSERT INTO city_keys (niveau, city_code, digest, hash, summary) VALUES ('pays', 'FR', x'1029d89dc34fef1dc47ca05c57a2b4cbfe2be57954873e91702ba21649b1c189', x'889c009d14347dad29bd845bdbbee26d7365d8f986d552fe5eaff6c66e151910', '["73cdefd38cef71d74f334e91090786042aae23ff71ae6b10ba10591680d5017d",{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":33253},"volume_12_months":32,"appartement":{"median":2627,"months":24,"fragile":false},"maison":{"median":4350,"months":60,"fragile":false}}]');
INSERT INTO city_keys (niveau, city_code, digest, hash, summary) VALUES ('region', '93', x'8939feb6a1e1ba6a4d9982530d1a8ff96510d1d1fcc57866f01c5d4a8e906c4e', x'baf2af357775cd4b0ad281931d4df4527a6776f9a566b37fb4fdc52f7d530ddc', '["25d126685a604f9737b8ca7f38b0c35437e0df72cc1d70a30bb94caf9765eb1a",{"coverage":{"from":"2023-01","to":"2024-12","months":24,"communes":1,"communes_total":946},"volume_12_months":32,"appartement":{"median":2627,"months":24,"fragile":false},"maison":{"median":4350,"months":60,"fragile":false}}]');
INSERT INTO state (key, value) VALUES ('data', '2 37a55bc9d8f93bb57c3b6670e1ce7535a6c71ec977a55681c14e9b6ea56888d0 e9f18037f3b11c56af0fa852c447e370bf8515c2618b9c9436a43d409e0084db effe425b09bd401711cd25a5de17a0192c1f631102bfe1e9af166c63c197c610 c68f65aafc03f9945a1d19c8e0ae46f7380b1e89bad72f836e8d8aed2757368c');
INSERT INTO state (key, value) VALUES ('digests_batch', '2');
INSERT INTO state (key, value) VALUES ('method', '37a55bc9d8f93bb57c3b6670e1ce7535a6c71ec977a55681c14e9b6ea56888d0');
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
DELETE FROM sqlite_sequence WHERE name = 'update_log'; INSERT INTO sqlite_sequence VALUES ('update_log', 2);
CREATE VIEW transactions AS 
-- Mutations, with days, postal codes and degrees as they are written, and the €/m² of a mutation with one property, of a
-- nature that the official method keeps.
SELECT annee, commune, printf('%04d-%02d-%02d', annee, jour / 100, jour % 100) AS date_mutation, id, nature, prix,
       lignes, biens, type_local, surface_reelle, pieces, surface_terrain,
       CASE WHEN postal IS NOT NULL THEN printf('%05d', postal) END AS code_postal,
       latitude_e6 / 1e6 AS lat, longitude_e6 / 1e6 AS lon, batch_id,
       CASE WHEN nature <= 3 AND biens = 1 THEN prix / surface_reelle END AS prix_m2, jour
FROM mutations;
CREATE VIEW ventes AS 
-- The sales that make the statistics.
SELECT lower(hex(t.id)) AS id, t.date_mutation, t.code_postal, t.commune, l.libelle AS type_local, t.surface_reelle,
       t.pieces, t.surface_terrain, t.prix, t.prix_m2, t.lat, t.lon, u.completed_at AS created_at, t.batch_id
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
FROM segment, json_each('[["nb_ventes","n"],["prix_m2_median","median"],["prix_m2_q1","q1"],["prix_m2_q3","q3"],["surface_moyenne","mean_surface"],["prix_median","median_price"]]') k
WHERE body -> '$.current' ->> (k.value ->> 1) IS NOT NULL
UNION ALL
SELECT niveau, city_code, body ->> '$.period', 'nb_ventes_' || name, body ->> '$.n', calculated_at FROM point
UNION ALL
SELECT niveau, city_code, body ->> '$.period', 'prix_m2_median_' || name, body ->> '$.median', calculated_at
FROM point WHERE body ->> '$.median' IS NOT NULL;
COMMIT;
