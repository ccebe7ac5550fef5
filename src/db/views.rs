//! The views of the database, for people who read it with other programs.

use crate::intake::dvf::{MAXIMUM_PRICE_M2, NEW_HOME, SALE_NATURES};

/// The queries of the views by their names.
pub(super) fn views() -> Vec<(&'static str, String)> {
    // The natures of sales stand first in the table of natures.
    let natures = SALE_NATURES.len();
    let new_home = NEW_HOME + 1;
    vec![
        ("transactions", format!("
-- Mutations, with days, postal codes and degrees as they are written, and the €/m² of a mutation with one property, of a
-- nature that the official method keeps.
SELECT annee, commune, printf('%04d-%02d-%02d', annee, jour / 100, jour % 100) AS date_mutation, id, nature, prix,
       lignes, biens, type_local, surface_reelle, pieces, surface_terrain,
       CASE WHEN postal IS NOT NULL THEN printf('%05d', postal) END AS code_postal,
       latitude_e6 / 1e6 AS lat, longitude_e6 / 1e6 AS lon, section, batch_id,
       CASE WHEN nature <= {natures} AND biens = 1 THEN prix / surface_reelle END AS prix_m2, jour
FROM mutations")),
        ("ventes", format!("
-- The sales that make the statistics; neuf is 1 for a home that was not built yet (VEFA).
SELECT lower(hex(t.id)) AS id, t.date_mutation, t.code_postal, t.commune, l.libelle AS type_local, t.surface_reelle,
       t.pieces, t.surface_terrain, t.prix, t.prix_m2, t.lat, t.lon, u.completed_at AS created_at, t.batch_id,
       t.nature = {new_home} AS neuf
FROM transactions t
JOIN types_local l ON l.code = t.type_local
JOIN update_log u USING (batch_id)
WHERE t.prix_m2 < {MAXIMUM_PRICE_M2}")),
        ("stats_cache", STATS_CACHE.to_owned()),
        ("estimations", ESTIMATIONS.to_owned()),
        ("faits_par_jour", FACTS.to_owned()),
    ]
}

/// Facts with the names of what they are of; the codes of the communes of a zone are parted by blanks.
const FACTS: &str = "SELECT z.source, z.nom AS zone,
       (SELECT group_concat(c.commune, ' ') FROM faits_communes c WHERE c.zone = z.id) AS communes, d.jour,
       a.libelle AS modalite_1, b.libelle AS modalite_2, c.libelle AS modalite_3, f.valeur, t.nom AS fichier
FROM faits f
JOIN faits_jours d ON d.id = f.jour
JOIN faits_zones z ON z.id = d.zone
JOIN faits_fichiers t ON t.id = d.fichier
LEFT JOIN faits_modalites a ON a.id = f.modalite_1
LEFT JOIN faits_modalites b ON b.id = f.modalite_2
LEFT JOIN faits_modalites c ON c.id = f.modalite_3";

/// The estimates of prices where sales are few, a row a commune and kind: €/m² and the bounds of the 95 % interval, the share
/// of the commune's own sales from 0 to 1, how many these are, neighbours, the last month and how many months they are of.
const ESTIMATIONS: &str = r#"WITH estimate (commune, type_local, body, calculated_at) AS (
    SELECT s.city_code, k.value, s.figures -> ('$.modelled.' || k.value || '.estimate'), s.calculated_at
    FROM city_stats s, json_each('["appartement", "maison"]') k
    WHERE s.niveau = 'commune'
)
SELECT commune, type_local, body ->> '$.price' AS prix_m2, body ->> '$.interval[0]' AS prix_m2_bas,
       body ->> '$.interval[1]' AS prix_m2_haut, body ->> '$.own_share' AS part_propre, body ->> '$.n' AS nb_ventes,
       body ->> '$.neighbours' AS voisines, body ->> '$.to' AS jusqu_a, body ->> '$.months' AS mois, calculated_at
FROM estimate WHERE body IS NOT NULL"#;

/// The cached figures in the long form. Periods: '2024' a year, '2024-Q1' the twelve months that end with the quarter,
/// '2024-11' a month, all three without new homes; 'total' the whole period, 'window' the latest 12, 24, 36 or 60 months.
const STATS_CACHE: &str = r#"WITH segment (niveau, city_code, calculated_at, name, body) AS (
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
FROM point WHERE body ->> '$.median' IS NOT NULL"#;
