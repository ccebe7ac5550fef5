-- What commands that publish did, and how they ended: one row a command that a person or a workflow ran.
CREATE TABLE runs (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    -- RFC 3339, UTC.
    started_at   TEXT NOT NULL,
    completed_at TEXT NOT NULL,
    -- update, build, rollback
    command      TEXT NOT NULL,
    outcome      TEXT NOT NULL CHECK (outcome IN ('published', 'unchanged', 'refused', 'failed', 'rolled-back')),
    -- The number of the version that was live at the end. It stays here when the version is dropped.
    version      TEXT,
    -- Why it was refused or failed.
    message      TEXT,
    details      TEXT NOT NULL CHECK (json_valid(details))
) STRICT;

CREATE INDEX runs_by_time ON runs (completed_at);
