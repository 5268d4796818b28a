-- Why: what is kept in memory, on any node, must be dropped when what it was made
-- of changes. Every write that questions can see gets the next number in the
-- transaction that makes it, and notes what it is about. The row with the
-- number is locked until the commit, so that numbers become visible in order.

-- +goose Up
CREATE TABLE generation (
    id     BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    number BIGINT NOT NULL
);

INSERT INTO generation (id, number) VALUES (1, 0);

CREATE TABLE change (
    number BIGINT NOT NULL PRIMARY KEY,
    topics {{json}} NOT NULL -- topic -> the keys that the write is about; none: about all
);
