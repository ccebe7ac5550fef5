-- Before 2ff4c51 of 21 November 2026 the log told the months of a file in the words of its scope only,
-- 'France, 2024-01 to 2024-12'; no number was taken apart, and corrected sales were counted as withdrawn and added.
ALTER TABLE earlier_update_log ADD COLUMN first_month TEXT;
ALTER TABLE earlier_update_log ADD COLUMN last_month TEXT;
ALTER TABLE earlier_update_log ADD COLUMN numbering TEXT;

UPDATE earlier_update_log SET
    first_month = substr(scope, -18, 7),
    last_month = substr(scope, -7),
    numbering = CASE format WHEN 'DGFiP' THEN 'runs' ELSE 'sound' END
WHERE scope IS NOT NULL;

ALTER TABLE earlier_changes ADD COLUMN ventes_corrigees INTEGER NOT NULL DEFAULT 0;
