-- Why: several processes on one database share what they may ask of the sources,
-- so each has to know how many there are; and on PostgreSQL, where writes do not
-- wait for each other until they commit, the numbers of changes come from a
-- sequence, the one of change_number.

-- +goose Up
CREATE TABLE node (
    name    {{text}} NOT NULL PRIMARY KEY,
    role    {{text}} NOT NULL,
    seen_at BIGINT NOT NULL
);

CREATE TABLE change_number (
    id {{id}}
);
