-- Plans of changes: what was foreseen, so that just that is applied, or nothing.

-- digest: of all that a plan says; nothing of it is ever changed. policies: as `carry_over` has them.
-- carry_over: what came of it, once it was applied.
CREATE TABLE plan (
    digest       text        PRIMARY KEY CHECK (digest ~ '^[0-9a-f]{64}$'),
    running      text        NOT NULL REFERENCES model_version (digest),
    version      text        NOT NULL REFERENCES model_version (digest),
    policies     jsonb       NOT NULL,
    at           timestamptz NOT NULL,
    scenarios    integer     NOT NULL,
    failed       text[]      NOT NULL,
    cases_number integer     NOT NULL,
    cases_digest text        NOT NULL,
    person       text,
    carry_over   uuid        REFERENCES carry_over (id),
    applied_at   timestamptz,
    applied_by   text,
    CHECK ((carry_over IS NULL) = (applied_at IS NULL))
);
CREATE INDEX plan_at ON plan (at);

-- What a plan says of each live case. reasons: sentences, without any value of its record.
CREATE TABLE plan_case (
    plan     text    NOT NULL REFERENCES plan (digest),
    case_id  uuid    NOT NULL REFERENCES case_file (id),
    model    text    NOT NULL,
    seq      integer NOT NULL,
    verdict  text    NOT NULL,
    later    boolean NOT NULL,
    reasons  jsonb   NOT NULL,
    PRIMARY KEY (plan, case_id)
);

GRANT SELECT, INSERT ON plan, plan_case TO kingpost_app;
GRANT UPDATE (carry_over, applied_at, applied_by) ON plan TO kingpost_app;
