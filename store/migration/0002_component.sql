-- Why: what the documents say is in a release, and the packages that releases
-- share, so that "where do we use it" is one look into an index. Rows of a Bom
-- lie together, in the order of its document: that is how they are read.

-- +goose Up
CREATE TABLE package (
    id            {{id}},
    purl          {{text}} NOT NULL UNIQUE, -- canonical, without version, qualifiers and subpath
    type          {{text}} NOT NULL,
    name          {{text}} NOT NULL,
    ecosystem     {{text}} NOT NULL, -- as OSV names it, without suffix; empty where it covers none
    advisory_name {{text}} NOT NULL
);

CREATE TABLE package_version (
    id             {{id}},
    package_id     BIGINT NOT NULL REFERENCES package (id),
    purl           {{text}} NOT NULL UNIQUE,
    version        {{text}} NOT NULL,
    ecosystem      {{text}} NOT NULL, -- with suffix
    base_ecosystem {{text}} NOT NULL, -- without
    advisory_name  {{text}} NOT NULL,
    source_name    {{text}} NOT NULL -- of the source package, where advisories may name that
);

CREATE INDEX package_version_package ON package_version (package_id, version, id);
CREATE INDEX package_version_advisory ON package_version (advisory_name, base_ecosystem) WHERE advisory_name <> '';
CREATE INDEX package_version_source ON package_version (source_name, base_ecosystem) WHERE source_name <> '';

CREATE TABLE component (
    bom_id             BIGINT NOT NULL REFERENCES bom (id) ON DELETE CASCADE,
    seq                BIGINT NOT NULL,
    ref                {{text}} NOT NULL,
    purl               {{text}} NOT NULL,
    name               {{text}} NOT NULL,
    version            {{text}} NOT NULL,
    type               {{text}} NOT NULL,
    scope              {{text}} NOT NULL,
    direct             BOOLEAN,
    licenses           {{json}},
    hashes             {{json}},
    package_id         BIGINT,
    package_version_id BIGINT,
    PRIMARY KEY (bom_id, seq)
) {{clustered}};

CREATE INDEX component_package ON component (package_id, bom_id, seq) WHERE package_id IS NOT NULL;
CREATE INDEX component_package_version ON component (package_version_id, bom_id, seq) WHERE package_version_id IS NOT NULL;

CREATE TABLE dependency (
    bom_id   BIGINT NOT NULL REFERENCES bom (id) ON DELETE CASCADE,
    from_seq BIGINT NOT NULL,
    to_seq   BIGINT NOT NULL,
    PRIMARY KEY (bom_id, from_seq, to_seq)
) {{clustered}};

CREATE INDEX dependency_to ON dependency (bom_id, to_seq, from_seq);
