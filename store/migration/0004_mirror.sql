-- Why: a mirror of advisories, from which questions are answered without asking
-- anyone. A sync writes ahead, in many short transactions, under the generation
-- that follows the dump's own; nobody sees that before the dump's row names the
-- generation, which one transaction does. A record is seen by those whose
-- generation is at least its since and less than its until.

-- +goose Up
CREATE TABLE mirror_dump (
    id            {{id}},
    ecosystem     {{text}} NOT NULL UNIQUE, -- the folder in the mirror
    generation    BIGINT NOT NULL, -- 0: has never been whole
    source        {{text}} NOT NULL, -- the mirror it came from
    etag          {{text}} NOT NULL,
    last_modified {{text}} NOT NULL,
    digest        {{text}} NOT NULL, -- SHA-256 of the archive; empty after single records were added
    list_etag     {{text}} NOT NULL, -- of the list of changes
    list_modified {{text}} NOT NULL,
    newest        BIGINT, -- up to when the list of changes has been followed
    as_of         BIGINT, -- when the mirror held what is here
    synced_at     BIGINT, -- when it was last compared with the mirror
    records       BIGINT NOT NULL,
    skipped       BIGINT NOT NULL, -- that could not be read
    rematched     BIGINT NOT NULL -- the generation up to which changes are in mirror_change
);

CREATE TABLE mirror_record (
    id          {{id}},
    dump_id     BIGINT NOT NULL REFERENCES mirror_dump (id) ON DELETE CASCADE,
    advisory_id {{text}} NOT NULL,
    since       BIGINT NOT NULL,
    until       BIGINT NOT NULL,
    modified    BIGINT NOT NULL,
    checksum    BIGINT NOT NULL, -- CRC-32 of the record's JSON
    size        BIGINT NOT NULL, -- of the record's JSON, in bytes
    UNIQUE (advisory_id, dump_id, since)
);

CREATE INDEX mirror_record_until ON mirror_record (dump_id, until);
CREATE INDEX mirror_record_since ON mirror_record (dump_id, since);

CREATE TABLE mirror_document (
    record_id BIGINT NOT NULL PRIMARY KEY REFERENCES mirror_record (id) ON DELETE CASCADE,
    content   {{blob}} NOT NULL -- OSV's JSON, deflated as it is in the archive
);

-- The packages that each record is about, and what it says about each.
CREATE TABLE mirror_key (
    ecosystem {{text}} NOT NULL, -- without release
    name      {{text}} NOT NULL, -- in the one spelling that records and purls share
    record_id BIGINT NOT NULL REFERENCES mirror_record (id) ON DELETE CASCADE,
    affected  {{blob}} NOT NULL,
    PRIMARY KEY (ecosystem, name, record_id)
) {{clustered}};

CREATE INDEX mirror_key_record ON mirror_key (record_id);

-- The ids that each record is about, of records that are about more than their own.
CREATE TABLE mirror_member (
    member    {{text}} NOT NULL,
    record_id BIGINT NOT NULL REFERENCES mirror_record (id) ON DELETE CASCADE,
    PRIMARY KEY (member, record_id)
) {{clustered}};

CREATE INDEX mirror_member_record ON mirror_member (record_id, member);

-- The files beside the dumps: EPSS, KEV, ENDOFLIFE.
CREATE TABLE mirror_file (
    name          {{text}} NOT NULL PRIMARY KEY,
    generation    BIGINT NOT NULL,
    source        {{text}} NOT NULL,
    etag          {{text}} NOT NULL,
    last_modified {{text}} NOT NULL,
    digest        {{text}} NOT NULL,
    edition       {{text}} NOT NULL, -- what the file says it is: a day, a version
    as_of         BIGINT,
    synced_at     BIGINT,
    records       BIGINT NOT NULL,
    skipped       BIGINT NOT NULL
);

CREATE TABLE mirror_score (
    cve         {{text}} NOT NULL,
    generation  BIGINT NOT NULL,
    probability DOUBLE PRECISION NOT NULL,
    percentile  DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (cve, generation)
) {{clustered}};

CREATE INDEX mirror_score_generation ON mirror_score (generation);

CREATE TABLE end_of_life (
    product  {{text}} NOT NULL PRIMARY KEY,
    title    {{text}} NOT NULL,
    category {{text}} NOT NULL,
    releases {{json}} -- as endoflife.date writes them
);

CREATE TABLE end_of_life_package (
    purl    {{text}} NOT NULL, -- canonical, without version
    product {{text}} NOT NULL REFERENCES end_of_life (product) ON DELETE CASCADE,
    PRIMARY KEY (purl, product)
) {{clustered}};

CREATE INDEX end_of_life_package_product ON end_of_life_package (product);

-- One row: the sync that may write. A newer one takes it from an older one, so
-- that one which was killed is in nobody's way.
CREATE TABLE mirror_sync (
    id    BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    epoch BIGINT NOT NULL
);

INSERT INTO mirror_sync (id, epoch) VALUES (1, 0);

-- What syncs have changed about package versions that somebody uses.
CREATE TABLE mirror_change (
    id                 {{id}},
    dump_id            BIGINT NOT NULL REFERENCES mirror_dump (id) ON DELETE CASCADE,
    generation         BIGINT NOT NULL, -- the first that is so
    changed_at         BIGINT NOT NULL,
    package_version_id BIGINT NOT NULL REFERENCES package_version (id) ON DELETE CASCADE,
    advisory_id        {{text}} NOT NULL,
    kind               {{text}} NOT NULL, -- NEW, CHANGED, GONE
    fixed_in           {{text}} NOT NULL,
    UNIQUE (package_version_id, advisory_id, dump_id, generation)
);

CREATE INDEX mirror_change_version ON mirror_change (package_version_id, id);
