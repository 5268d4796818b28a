-- Why: people are told of what is new without asking. What may be news is noted
-- in the transaction that makes it, what is to be sent in the one that finds it
-- to be news: a message is lost at no moment, and made once.

-- +goose Up
CREATE TABLE notification_channel (
    id           {{id}},
    name         {{text}} NOT NULL UNIQUE,
    kind         {{text}} NOT NULL,
    target       {{text}} NOT NULL, -- a URL, or addresses with commas between them
    secret       {{text}} NOT NULL, -- what webhooks are signed with; else empty
    enabled      BOOLEAN NOT NULL,
    events       {{json}},
    cadence      {{text}} NOT NULL,
    min_severity {{text}} NOT NULL, -- empty: any
    kev_only     BOOLEAN NOT NULL,
    min_epss     DOUBLE PRECISION NOT NULL,
    projects     {{json}}, -- ids; none: all
    tags         {{json}}, -- none: any
    since        BIGINT NOT NULL, -- what was shipped before is no news
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);

-- What may be news. The subject is a project whose findings may have changed, or
-- a job that failed.
CREATE TABLE notification_hint (
    kind       {{text}} NOT NULL,
    subject    BIGINT NOT NULL,
    project_id BIGINT NOT NULL, -- 0: none
    revision   BIGINT NOT NULL,
    since      BIGINT NOT NULL,
    due_at     BIGINT NOT NULL,
    PRIMARY KEY (kind, subject)
) {{clustered}};

CREATE INDEX notification_hint_due ON notification_hint (due_at);

-- Projects whose findings a channel has not looked at since it was made or its
-- conditions were changed.
CREATE TABLE notification_unseen (
    channel_id BIGINT NOT NULL REFERENCES notification_channel (id) ON DELETE CASCADE,
    project_id BIGINT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    PRIMARY KEY (channel_id, project_id)
) {{clustered}};

CREATE INDEX notification_unseen_project ON notification_unseen (project_id);

-- The findings that are no news to a channel any more: each id that the
-- vulnerability had, so that they are found again when alias groups merge.
CREATE TABLE notification_told (
    channel_id BIGINT NOT NULL REFERENCES notification_channel (id) ON DELETE CASCADE,
    project_id BIGINT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    package    {{text}} NOT NULL, -- the purl without version
    member     {{text}} NOT NULL,
    PRIMARY KEY (channel_id, project_id, package, member)
) {{clustered}};

CREATE INDEX notification_told_project ON notification_told (project_id);

-- News that wait for their digest.
CREATE TABLE notification_part (
    id         {{id}},
    channel_id BIGINT NOT NULL REFERENCES notification_channel (id) ON DELETE CASCADE,
    due_at     BIGINT NOT NULL,
    body       {{json}}
);

CREATE INDEX notification_part_channel ON notification_part (channel_id, id);
CREATE INDEX notification_part_due ON notification_part (due_at);

-- What is to be sent and what was: the outbox and its log.
CREATE TABLE notification_delivery (
    id            {{id}},
    channel_id    BIGINT NOT NULL REFERENCES notification_channel (id) ON DELETE CASCADE,
    state         {{text}} NOT NULL,
    event         {{text}} NOT NULL,
    subject       {{text}} NOT NULL,
    body          {{json}},
    attempts      BIGINT NOT NULL DEFAULT 0,
    max_attempts  BIGINT NOT NULL,
    response_code BIGINT NOT NULL DEFAULT 0, -- of the last attempt; 0: none
    error         {{text}} NOT NULL DEFAULT '', -- of the last attempt
    created_at    BIGINT NOT NULL,
    next_at       BIGINT NOT NULL,
    ended_at      BIGINT
);

CREATE INDEX notification_delivery_channel ON notification_delivery (channel_id, id);
CREATE INDEX notification_delivery_due ON notification_delivery (next_at, id) WHERE state = 'PENDING';
CREATE INDEX notification_delivery_ended ON notification_delivery (ended_at) WHERE ended_at IS NOT NULL;
