-- Why: how many findings there were on each day, for the lines that people draw.
-- One row for each release and day on which it was looked at; old days are removed.

-- +goose Up
CREATE TABLE trend (
    release_id BIGINT NOT NULL REFERENCES release (id) ON DELETE CASCADE,
    day        {{text}} NOT NULL, -- in UTC: 2026-08-16
    latest     BOOLEAN NOT NULL, -- of its project's releases the one whose Bom was ingested last
    components BIGINT NOT NULL,
    known      BIGINT NOT NULL, -- of the components, those of which it is known what affects them
    total      BIGINT NOT NULL, -- findings; what follows is of those that ask for attention
    active     BIGINT NOT NULL,
    critical   BIGINT NOT NULL,
    high       BIGINT NOT NULL,
    medium     BIGINT NOT NULL,
    low        BIGINT NOT NULL,
    kev        BIGINT NOT NULL,
    fixable    BIGINT NOT NULL,
    PRIMARY KEY (release_id, day)
) {{clustered}};

CREATE INDEX trend_day ON trend (day);
