-- Why: background work of many kinds and on many nodes: it can be told to stop,
-- is there once where twice makes no sense, and a worker that has lost its job
-- can no longer write. What is deleted vanishes at once and is cleared away
-- later, in slices.

-- +goose Up
ALTER TABLE job ADD COLUMN message {{text}} NOT NULL DEFAULT '';
-- How often it was claimed: what a worker writes must name the claim that it holds.
ALTER TABLE job ADD COLUMN claim BIGINT NOT NULL DEFAULT 0;
-- Grows with every change, so that watchers can tell newer from older.
ALTER TABLE job ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
-- Of the jobs with the same key one is open at a time.
ALTER TABLE job ADD COLUMN unique_key {{text}};
ALTER TABLE job ADD COLUMN again BOOLEAN NOT NULL DEFAULT FALSE; -- it was wanted once more while it ran
ALTER TABLE job ADD COLUMN cancel_asked BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE job ADD COLUMN project_id BIGINT; -- no foreign key: a job may outlive its project

UPDATE job
SET project_id = (
    SELECT release.project_id
    FROM bom
    JOIN release ON release.id = bom.release_id
    WHERE bom.id = job.bom_id
);

UPDATE job
SET unique_key = 'SYNC'
WHERE id = (SELECT MIN(id) FROM job WHERE kind = 'SYNC' AND state IN ('QUEUED', 'RUNNING'));

CREATE UNIQUE INDEX job_unique ON job (unique_key) WHERE unique_key IS NOT NULL AND state IN ('QUEUED', 'RUNNING');
CREATE INDEX job_state ON job (state, id);
CREATE INDEX job_kind ON job (kind, id);
CREATE INDEX job_project ON job (project_id, id) WHERE project_id IS NOT NULL;

-- When periodic work is next due: whichever node comes first enqueues it.
CREATE TABLE schedule (
    kind    {{text}} NOT NULL PRIMARY KEY,
    next_at BIGINT NOT NULL
) {{clustered}};

-- Documents that were asked for, until they expire.
CREATE TABLE export (
    job_id     BIGINT NOT NULL PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE,
    file_name  {{text}} NOT NULL,
    media_type {{text}} NOT NULL,
    size       BIGINT NOT NULL, -- bytes, before compression
    content    {{blob}} NOT NULL, -- gzip
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX export_expires ON export (expires_at);

ALTER TABLE project ADD COLUMN deleted_at BIGINT;
ALTER TABLE release ADD COLUMN deleted_at BIGINT;
-- Grows when the findings of any of its releases may have changed.
ALTER TABLE project ADD COLUMN findings_revision BIGINT NOT NULL DEFAULT 0;
