-- The last run that was on record when a version went live: what the site says of runs ends there, so that it stays the
-- same until the next version.
ALTER TABLE history ADD COLUMN run INTEGER;

-- How large the site is: files, bytes, and bytes of the largest file.
ALTER TABLE versions ADD COLUMN extent TEXT CHECK (json_valid(extent));
