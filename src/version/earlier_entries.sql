-- Before 115aab0 of 21 November 2026 each version had a row for each of its paths, and the bytes of a content stood beside
-- its hash.
INSERT INTO contents (object, dictionary, data) SELECT id, dictionary, data FROM earlier_objects;

-- A span holds versions that follow one another, gone ones apart, and ends before the first that has something else.
WITH numbered AS (
    SELECT id, row_number() OVER (ORDER BY id) AS place, lead(id, 1, 9e18) OVER (ORDER BY id) AS next
    FROM earlier_versions
),
held AS (
    SELECT e.path, e.object, v.id, v.next,
           v.place - row_number() OVER (PARTITION BY e.path, e.object ORDER BY v.id) AS span
    FROM earlier_entries e JOIN numbered v ON v.id = e.version
)
INSERT INTO spans (path, since, until, object)
SELECT path, min(id), nullif(max(next), 9e18), object FROM held GROUP BY path, object, span;

DROP TABLE earlier_entries;
