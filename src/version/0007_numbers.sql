-- The last number that a version of a day was given. A version that is dropped, or that a restored state does not know,
-- does not give its number back.
CREATE TABLE numbers (
    -- YYYY.MM.DD, as versions.number begins.
    day  TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Those that were dropped stand in the records of runs.
INSERT INTO numbers (day, last)
SELECT substr(number, 1, 10), max(CAST(substr(number, 12) AS INTEGER))
FROM (SELECT number FROM versions UNION SELECT version FROM runs WHERE version IS NOT NULL)
GROUP BY 1;
