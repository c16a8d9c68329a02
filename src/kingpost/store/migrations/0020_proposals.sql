-- Plans that were proposed, and what people said of them.

-- How a proposal stands, as its events tell. version: how many there are. head: hash of the latest.
CREATE TABLE proposal (
    plan    text    PRIMARY KEY REFERENCES plan (digest),
    version integer NOT NULL CHECK (version > 0),
    head    text    NOT NULL CHECK (length(head) = 64),
    state   text    NOT NULL CHECK (state IN ('open', 'rejected', 'withdrawn', 'applied')),
    person  text    NOT NULL REFERENCES person (id)
);
CREATE INDEX proposal_open ON proposal (plan) WHERE state = 'open';

-- Its history: chained as the events of a case are, added and never changed.
-- command: the key under which it was asked for. fingerprint: digest of what was asked.
CREATE TABLE proposal_event (
    plan        text        NOT NULL REFERENCES proposal (plan),
    seq         integer     NOT NULL CHECK (seq > 0),
    kind        text        NOT NULL,
    person      text        NOT NULL,
    at          timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    command     uuid        NOT NULL UNIQUE,
    fingerprint text        NOT NULL,
    hash        text        NOT NULL CHECK (length(hash) = 64),
    header      bytea       NOT NULL,
    body        bytea       NOT NULL,
    PRIMARY KEY (plan, seq)
);
CREATE TRIGGER proposal_event_is_final BEFORE UPDATE OR DELETE ON proposal_event
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_history();
ALTER TABLE proposal_event ENABLE ALWAYS TRIGGER proposal_event_is_final;
CREATE TRIGGER proposal_event_stays BEFORE TRUNCATE ON proposal_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_history();
ALTER TABLE proposal_event ENABLE ALWAYS TRIGGER proposal_event_stays;

GRANT SELECT, INSERT, UPDATE (version, head, state) ON proposal TO kingpost_app;
GRANT SELECT, INSERT ON proposal_event TO kingpost_app;
