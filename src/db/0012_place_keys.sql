-- The codes of places by the keys of the lines of a source: other sources, such as the results of schools, name nothing else.
CREATE TABLE cles (
    source TEXT NOT NULL,
    cle TEXT NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (source, cle)
) STRICT, WITHOUT ROWID;
