-- Why: what is shipped and where that is known from: projects, their releases,
-- the documents that describe those, and the jobs that bring documents in.
-- Times are milliseconds since 1970 in UTC. Ids are never used twice.

-- +goose Up
CREATE TABLE project (
    id         {{id}},
    name       {{text}} NOT NULL UNIQUE,
    folded     {{text}} NOT NULL, -- the name in lower case: neither database folds all of Unicode alike
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE project_tag (
    project_id BIGINT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    tag        {{text}} NOT NULL,
    PRIMARY KEY (project_id, tag)
) {{clustered}};

CREATE INDEX project_tag_tag ON project_tag (tag, project_id);

CREATE TABLE release (
    id         {{id}},
    project_id BIGINT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    version    {{text}} NOT NULL,
    created_at BIGINT NOT NULL,
    -- The current Bom. No foreign key: the two tables would need each other, and
    -- a Bom only ever goes together with its release.
    bom_id     BIGINT,
    UNIQUE (project_id, version)
);

CREATE INDEX release_project ON release (project_id, id);
CREATE UNIQUE INDEX release_bom ON release (bom_id);

CREATE TABLE release_tag (
    release_id BIGINT NOT NULL REFERENCES release (id) ON DELETE CASCADE,
    tag        {{text}} NOT NULL,
    PRIMARY KEY (release_id, tag)
) {{clustered}};

CREATE TABLE document (
    digest  {{text}} NOT NULL PRIMARY KEY, -- SHA-256 of the document as uploaded
    content {{blob}} NOT NULL -- gzip
);

CREATE TABLE bom (
    id               {{id}},
    release_id       BIGINT NOT NULL REFERENCES release (id) ON DELETE CASCADE,
    job_id           BIGINT, -- no foreign key, as with release.bom_id
    state            {{text}} NOT NULL,
    format           {{text}} NOT NULL,
    spec_version     {{text}} NOT NULL,
    encoding         {{text}} NOT NULL,
    tool             {{text}} NOT NULL,
    digest           {{text}} NOT NULL REFERENCES document (digest),
    size             BIGINT NOT NULL,
    file_name        {{text}} NOT NULL,
    ingested_by      {{text}} NOT NULL,
    documented_at    BIGINT,
    ingested_at      BIGINT NOT NULL,
    component_count  BIGINT NOT NULL DEFAULT 0,
    dependency_count BIGINT NOT NULL DEFAULT 0,
    warning_count    BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX bom_release ON bom (release_id, id);
CREATE INDEX bom_digest ON bom (digest);

CREATE TABLE bom_warning (
    bom_id   BIGINT NOT NULL REFERENCES bom (id) ON DELETE CASCADE,
    seq      BIGINT NOT NULL,
    code     {{text}} NOT NULL,
    location {{text}} NOT NULL,
    message  {{text}} NOT NULL,
    PRIMARY KEY (bom_id, seq)
) {{clustered}};

CREATE TABLE job (
    id           {{id}},
    kind         {{text}} NOT NULL,
    state        {{text}} NOT NULL,
    stage        {{text}} NOT NULL DEFAULT '',
    done         BIGINT NOT NULL DEFAULT 0,
    total        BIGINT NOT NULL DEFAULT 0,
    attempts     BIGINT NOT NULL DEFAULT 0,
    max_attempts BIGINT NOT NULL,
    error        {{text}} NOT NULL DEFAULT '',
    bom_id       BIGINT REFERENCES bom (id) ON DELETE CASCADE,
    args         {{json}},
    worker       {{text}} NOT NULL DEFAULT '',
    created_at   BIGINT NOT NULL,
    run_at       BIGINT NOT NULL,
    started_at   BIGINT,
    finished_at  BIGINT,
    lease_until  BIGINT
);

-- What is over stays in the table but out of the way of those who look for work.
CREATE INDEX job_open ON job (run_at, id) WHERE state IN ('QUEUED', 'RUNNING');
CREATE INDEX job_bom ON job (bom_id);
