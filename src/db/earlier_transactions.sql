-- Before 115aab0 and c494333 of 21 November 2026 mutations stood in a table `transactions`, with dates, postal codes and
-- degrees as they are written.
INSERT INTO mutations (annee, commune, jour, id, nature, prix, lignes, biens, type_local, surface_reelle, pieces,
    surface_terrain, postal, latitude_e6, longitude_e6, batch_id)
SELECT CAST(substr(date_mutation, 1, 4) AS INTEGER), commune,
       100 * CAST(substr(date_mutation, 6, 2) AS INTEGER) + CAST(substr(date_mutation, 9, 2) AS INTEGER),
       id, nature, prix, lignes, biens, type_local, surface_reelle, pieces, surface_terrain,
       CASE WHEN code_postal GLOB '[0-9][0-9][0-9][0-9][0-9]' THEN CAST(code_postal AS INTEGER) END,
       CAST(round(lat * 1e6) AS INTEGER), CAST(round(lon * 1e6) AS INTEGER), batch_id
FROM earlier_transactions;

-- Its namesake of today is a view.
DROP TABLE earlier_transactions;

-- What follows from them is made anew: the columns of sales by the program, the figures by the next build.
DROP TABLE IF EXISTS earlier_sales;
DROP TABLE earlier_commune_digests;
DROP TABLE IF EXISTS earlier_city_keys;
DROP TABLE earlier_city_stats;
DROP TABLE earlier_state;
