-- Why: what the upstreams said, and when, so that it need not be asked again and
-- can be served while they are down.

-- +goose Up
CREATE TABLE advisory (
    id         {{text}} NOT NULL PRIMARY KEY,
    modified   BIGINT NOT NULL,
    fetched_at BIGINT NOT NULL,
    document   {{blob}} NOT NULL -- OSV's JSON, as it came
);

-- The ids that each record says it is about: its own and its aliases.
CREATE TABLE advisory_member (
    advisory_id {{text}} NOT NULL REFERENCES advisory (id) ON DELETE CASCADE,
    member      {{text}} NOT NULL,
    PRIMARY KEY (advisory_id, member)
) {{clustered}};

CREATE INDEX advisory_member_member ON advisory_member (member, advisory_id);

-- What follows from advisory_member: ids that any chain of records connects are
-- one group, named by the first of them.
CREATE TABLE alias (
    member     {{text}} NOT NULL PRIMARY KEY,
    group_name {{text}} NOT NULL
) {{clustered}};

CREATE INDEX alias_group ON alias (group_name, member);

-- What OSV answered about a package version. A row without answer_advisory rows
-- says: no record. No row says: never asked.
CREATE TABLE answer (
    package_version_id BIGINT NOT NULL PRIMARY KEY REFERENCES package_version (id) ON DELETE CASCADE,
    fetched_at         BIGINT NOT NULL
);

CREATE TABLE answer_advisory (
    package_version_id BIGINT NOT NULL REFERENCES answer (package_version_id) ON DELETE CASCADE,
    advisory_id        {{text}} NOT NULL,
    modified           BIGINT,
    PRIMARY KEY (package_version_id, advisory_id)
) {{clustered}};

CREATE INDEX answer_advisory_advisory ON answer_advisory (advisory_id, package_version_id);

CREATE TABLE epss (
    cve         {{text}} NOT NULL PRIMARY KEY,
    probability DOUBLE PRECISION NOT NULL,
    percentile  DOUBLE PRECISION NOT NULL,
    date        {{text}} NOT NULL,
    known       BOOLEAN NOT NULL,
    fetched_at  BIGINT NOT NULL
);

CREATE TABLE kev (
    cve             {{text}} NOT NULL PRIMARY KEY,
    vendor          {{text}} NOT NULL,
    product         {{text}} NOT NULL,
    name            {{text}} NOT NULL,
    description     {{text}} NOT NULL,
    required_action {{text}} NOT NULL,
    date_added      {{text}} NOT NULL,
    due_date        {{text}} NOT NULL,
    ransomware      BOOLEAN NOT NULL,
    notes           {{text}} NOT NULL
);

-- One row: which edition of the catalogue the table kev holds.
CREATE TABLE kev_catalogue (
    id            BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    version       {{text}} NOT NULL,
    released_at   BIGINT,
    fetched_at    BIGINT NOT NULL,
    etag          {{text}} NOT NULL,
    last_modified {{text}} NOT NULL
);

CREATE TABLE latest_version (
    package_id   BIGINT NOT NULL PRIMARY KEY REFERENCES package (id) ON DELETE CASCADE,
    version      {{text}} NOT NULL, -- empty: deps.dev does not know the package
    published_at BIGINT,
    fetched_at   BIGINT NOT NULL
);

CREATE TABLE source (
    source          {{text}} NOT NULL PRIMARY KEY,
    last_success_at BIGINT,
    last_failure_at BIGINT,
    last_error      {{text}} NOT NULL
);
