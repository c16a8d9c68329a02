-- What somebody wants done with many pieces of work at once. Each item is a command of its own, with a
-- key and a transaction of its own; what came of it is written here after it, so that what broke off
-- goes on where it stopped, and nothing is told as done that is not.
CREATE TABLE batch (
    id        uuid        PRIMARY KEY,
    person    text        NOT NULL REFERENCES person (id),
    acting_as text,
    act       text        NOT NULL,
    reason    text        NOT NULL,
    asked_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- How many were chosen; of more than one batch may hold, the first are its items.
    chosen    integer     NOT NULL CHECK (chosen > 0)
);
CREATE INDEX batch_person ON batch (person, asked_at DESC);

-- outcome: null until it was tried; `done`, `refused`, or `gone` when somebody was quicker.
CREATE TABLE batch_item (
    batch    uuid        NOT NULL REFERENCES batch (id),
    n        integer     NOT NULL,
    task     uuid        NOT NULL,
    number   text        NOT NULL,
    outcome  text        CHECK (outcome IN ('done', 'refused', 'gone')),
    words    text        NOT NULL DEFAULT '',
    ended_at timestamptz,
    PRIMARY KEY (batch, n),
    UNIQUE (batch, task),
    CHECK ((outcome IS NULL) = (ended_at IS NULL))
);
CREATE INDEX batch_left ON batch_item (batch, n) WHERE outcome IS NULL;
GRANT SELECT, INSERT ON batch TO kingpost_app;
GRANT SELECT, INSERT, UPDATE ON batch_item TO kingpost_app;
