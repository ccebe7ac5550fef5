-- Lines of half-years that a file does not fill: they were left out.
ALTER TABLE update_log ADD COLUMN rows_stray INTEGER NOT NULL DEFAULT 0;
