-- Why: what people have decided about findings. A decision is about the ids that
-- the vulnerability had then, so that it is found again whatever alias groups
-- merge or split later, and about a package by its purl, so that it holds for
-- the next Bom and the next release. Nothing is overwritten: the rows are the
-- history.

-- +goose Up
CREATE TABLE triage (
    id            {{id}},
    project_id    BIGINT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    release_id    BIGINT REFERENCES release (id) ON DELETE CASCADE, -- NULL: in all releases
    package       {{text}} NOT NULL, -- the purl without version
    version       {{text}} NOT NULL, -- the only version it is about; empty: any
    state         {{text}} NOT NULL,
    justification {{text}} NOT NULL,
    response      {{json}},
    note          {{text}} NOT NULL,
    decided_by    {{text}} NOT NULL,
    decided_at    BIGINT NOT NULL,
    members       {{json}}, -- the ids, sorted; triage_member has them too
    replaced_by   BIGINT -- a later decision that leaves nothing of this one
);

CREATE INDEX triage_project ON triage (project_id, id) WHERE replaced_by IS NULL;
CREATE INDEX triage_release ON triage (release_id) WHERE release_id IS NOT NULL;

CREATE TABLE triage_member (
    triage_id BIGINT NOT NULL REFERENCES triage (id) ON DELETE CASCADE,
    member    {{text}} NOT NULL,
    PRIMARY KEY (triage_id, member)
) {{clustered}};

CREATE INDEX triage_member_member ON triage_member (member, triage_id);
