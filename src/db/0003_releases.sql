-- What the methodology page says of the files in force, and what tells whether a file is older than the one imported.

-- The codes that a batch covers whole, as in coverage.code: 'FR', '69,83', '83137'.
ALTER TABLE update_log ADD COLUMN territory TEXT;
-- Lines whose commune has since become part of another.
ALTER TABLE update_log ADD COLUMN rows_former INTEGER NOT NULL DEFAULT 0;
-- Numbers that the file gave its mutations, where they had to be regrouped.
ALTER TABLE update_log ADD COLUMN numbers INTEGER;

-- A scope in words ends in its months: ', 2024-01 to 2024-12'.
UPDATE update_log SET territory =
    CASE WHEN scope LIKE 'France, %' THEN 'FR'
    ELSE replace(replace(replace(replace(substr(scope, 1, length(scope) - 20),
             'départements ', ''), 'département ', ''), 'commune ', ''), ', ', ',') END
WHERE scope IS NOT NULL;
