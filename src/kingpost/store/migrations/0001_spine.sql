-- The spine: models, the register, cases with their history, open work, and what is counted.
-- Keys of case data begin with the case, so that one case lies together and cells can be split off.

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Models -----------------------------------------------------------------------------------------

-- Every version that ever ran. `content` is canonical, `digest` its SHA-256.
CREATE TABLE model_version (
    digest      text        PRIMARY KEY CHECK (digest ~ '^[0-9a-f]{64}$'),
    company     text        NOT NULL,
    content     bytea       NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- When each version took effect; the newest row is the company that runs.
CREATE TABLE activation (
    position     bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest       text        NOT NULL REFERENCES model_version (digest),
    person       text,
    activated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The register -----------------------------------------------------------------------------------

CREATE TABLE person (
    id          text        PRIMARY KEY CHECK (id <> '' AND length(id) <= 100),
    name        text        NOT NULL CHECK (name <> ''),
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The posts of the model that runs, for the bound on their seats.
CREATE TABLE post (
    id    text    PRIMARY KEY,
    seats integer NOT NULL CHECK (seats > 0)
);

-- Who holds which seat of which post, and when. Two people are never on one seat at one time.
-- `wished` is the time that was asked for and stays; `during` is the time that counts, shorter when
-- somebody ended it, and empty when it was withdrawn before it began.
CREATE TABLE appointment (
    id          uuid        PRIMARY KEY,
    person      text        NOT NULL REFERENCES person (id),
    post        text        NOT NULL,
    seat        integer     NOT NULL CHECK (seat > 0),
    kind        text        NOT NULL CHECK (kind IN ('substantive', 'acting')),
    wished      tstzrange   NOT NULL CHECK (NOT isempty(wished) AND NOT lower_inf(wished)),
    during      tstzrange   NOT NULL CHECK (during <@ wished),
    recorded_by text        NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_by    text,
    ended_at    timestamptz,
    CHECK ((ended_by IS NULL) = (ended_at IS NULL)),
    CHECK (during = wished OR (ended_by IS NOT NULL AND (isempty(during)
                                                         OR lower(during) = lower(wished)))),
    CONSTRAINT one_holder_a_seat
        EXCLUDE USING gist (post WITH =, seat WITH =, during WITH &&),
    CONSTRAINT one_seat_a_person
        EXCLUDE USING gist (person WITH =, post WITH =, during WITH &&)
);
CREATE INDEX appointment_person ON appointment (person);

-- A person is put on the lowest seat that is free for the whole time, or on none.
CREATE FUNCTION appoint(
    p_id uuid, p_person text, p_post text, p_kind text, p_during tstzrange, p_by text
) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_seats integer;
    v_seat  integer;
BEGIN
    -- The post's row is locked so that two appointments at one time choose different seats.
    SELECT seats INTO v_seats FROM post WHERE id = p_post FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'KP010', MESSAGE = p_post;
    END IF;
    -- The same appointment again changes nothing, also when it was ended meanwhile.
    SELECT seat INTO v_seat FROM appointment WHERE id = p_id;
    IF FOUND THEN
        RETURN v_seat;
    END IF;
    -- Before the seats: whoever holds the post is told that, and not that it is full.
    IF EXISTS (SELECT FROM appointment
                WHERE person = p_person AND post = p_post AND during && p_during)
    THEN
        RAISE EXCEPTION USING ERRCODE = 'KP012', MESSAGE = 'the person holds this post already';
    END IF;
    SELECT min(candidate) INTO v_seat
      FROM generate_series(1, v_seats) AS candidate
     WHERE NOT EXISTS (
            SELECT FROM appointment
             WHERE post = p_post AND seat = candidate AND during && p_during
           );
    IF v_seat IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'KP011', MESSAGE = v_seats::text;
    END IF;
    INSERT INTO appointment (id, person, post, seat, kind, wished, during, recorded_by)
    VALUES (p_id, p_person, p_post, v_seat, p_kind, p_during, p_during, p_by);
    RETURN v_seat;
END $$;

-- An appointment ends at `p_end`, but not in the past: what was decided under it was decided.
-- One that would not have begun by then is withdrawn. Answers `ended` or `withdrawn`, and null when
-- there is none that still runs then.
-- The clock is read after the lock is taken, so a decision that relies on it is recorded before.
CREATE FUNCTION end_appointment(p_id uuid, p_end timestamptz, p_by text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_during tstzrange;
    v_now    timestamptz;
    v_end    timestamptz;
BEGIN
    SELECT during INTO v_during FROM appointment WHERE id = p_id FOR UPDATE;
    v_now := clock_timestamp();
    v_end := greatest(p_end, v_now);
    IF v_during IS NULL OR isempty(v_during) OR upper(v_during) <= v_end THEN
        RETURN NULL;
    END IF;
    UPDATE appointment
       SET during = CASE WHEN lower(v_during) >= v_end THEN 'empty'
                         ELSE tstzrange(lower(v_during), v_end, '[)') END,
           ended_by = p_by,
           ended_at = v_now
     WHERE id = p_id;
    RETURN CASE WHEN lower(v_during) >= v_end THEN 'withdrawn' ELSE 'ended' END;
END $$;

-- Accounts and sessions ---------------------------------------------------------------------------

CREATE TABLE account (
    person        text        PRIMARY KEY REFERENCES person (id),
    password_hash text        NOT NULL
);

-- Attempts to sign in that did not succeed, in a row, by the digest of the name that was typed:
-- also of a name that nobody has, so that waiting does not tell who has an account.
CREATE TABLE attempt (
    name_digest bytea       PRIMARY KEY CHECK (length(name_digest) = 32),
    failures    integer     NOT NULL CHECK (failures >= 0),
    failed_at   timestamptz NOT NULL
);
CREATE INDEX attempt_failed ON attempt (failed_at);

-- A session of the browser, or (`name` given) a token of the API. Only digests are kept.
CREATE TABLE session (
    token_digest bytea       PRIMARY KEY CHECK (length(token_digest) = 32),
    person       text        REFERENCES person (id),
    interface    text,
    name         text,
    acting_as    text,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at   timestamptz NOT NULL,
    CHECK ((person IS NULL) <> (interface IS NULL))
);
CREATE INDEX session_person ON session (person);

-- Cases ------------------------------------------------------------------------------------------

-- One row a case: where it stands after `version` events. The history explains it; see `event`.
CREATE TABLE case_file (
    id          uuid        PRIMARY KEY,
    number      text        NOT NULL UNIQUE,
    workflow    text        NOT NULL,
    model       text        NOT NULL REFERENCES model_version (digest),
    version     integer     NOT NULL CHECK (version > 0),
    head        text        NOT NULL CHECK (length(head) = 64),
    state       text        NOT NULL,
    state_since timestamptz NOT NULL,
    started_at  timestamptz NOT NULL,
    closed_at   timestamptz CHECK (closed_at >= started_at),
    fields      jsonb       NOT NULL,
    position    jsonb       NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX case_open ON case_file (workflow, state) WHERE closed_at IS NULL;
CREATE INDEX case_closed ON case_file (workflow, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX case_started ON case_file (workflow, started_at);

CREATE SEQUENCE case_number;

-- The history. Rows are added and never changed. It is split by the time in the case's identity
-- (UUID version 7), so one key keeps a case's sequence whole and old months can be put away.
CREATE SEQUENCE event_position;
CREATE TABLE event (
    case_id     uuid        NOT NULL,
    seq         integer     NOT NULL CHECK (seq > 0),
    position    bigint      NOT NULL DEFAULT nextval('event_position'),
    kind        text        NOT NULL,
    step        text,
    person      text,
    at          timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    hash        text        NOT NULL CHECK (length(hash) = 64),
    header      bytea       NOT NULL,
    body        bytea       NOT NULL,
    PRIMARY KEY (case_id, seq)
) PARTITION BY RANGE (case_id);
-- What a person did, and the latest decisions of a step: nothing else is asked across cases.
CREATE INDEX event_person ON event (person, at) WHERE person IS NOT NULL;
CREATE INDEX event_decided ON event (step, at) WHERE kind = 'decided';
CREATE TABLE event_other PARTITION OF event DEFAULT;

CREATE FUNCTION refuse_to_change_history() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are added and never changed';
END $$;
-- Always: they fire even for a session that pretends to be a replica.
CREATE TRIGGER event_is_final BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_history();
ALTER TABLE event ENABLE ALWAYS TRIGGER event_is_final;
ALTER TABLE event_other ENABLE ALWAYS TRIGGER event_is_final;
CREATE TRIGGER event_stays BEFORE TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_history();
ALTER TABLE event ENABLE ALWAYS TRIGGER event_stays;
CREATE TRIGGER event_stays BEFORE TRUNCATE ON event_other
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_history();
ALTER TABLE event_other ENABLE ALWAYS TRIGGER event_stays;

-- The smallest UUID of version 7 at a moment.
CREATE FUNCTION uuid_floor(p_at timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM p_at) * 1000)::bigint), 12, '0')
            || '00000000000000000000')::uuid
$$;

-- The partition for the cases of one month. Only the owner of the tables can make one.
-- A month whose first events are in `event_other` already stays there.
CREATE FUNCTION provide_event_month(p_month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_first date := date_trunc('month', p_month)::date;
    v_name  text := 'event_' || to_char(v_first, 'YYYY_MM');
    v_from  uuid := uuid_floor(v_first::timestamp AT TIME ZONE 'UTC');
    v_until uuid := uuid_floor((v_first + interval '1 month')::timestamp AT TIME ZONE 'UTC');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('provide_event_month'));
    IF to_regclass(v_name) IS NOT NULL
        OR EXISTS (SELECT FROM event_other WHERE case_id >= v_from AND case_id < v_until)
    THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE event INCLUDING ALL)', v_name);
    EXECUTE format(
        'ALTER TABLE event ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        v_name, v_from, v_until
    );
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER event_is_final', v_name);
    EXECUTE format(
        'CREATE TRIGGER event_stays BEFORE TRUNCATE ON %I '
        'FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_history()', v_name
    );
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER event_stays', v_name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO kingpost_app', v_name);
END $$;

-- Personal values and their salts; the events hold commitments to them. A row may be erased.
CREATE TABLE vault (
    case_id uuid    NOT NULL,
    seq     integer NOT NULL,
    name    text    NOT NULL,
    salt    bytea   NOT NULL CHECK (length(salt) = 32),
    value   jsonb   NOT NULL,
    PRIMARY KEY (case_id, seq, name)
);

-- Open work: one row for each task, decision and wait that stands open now.
CREATE TABLE task (
    id        uuid        PRIMARY KEY,
    case_id   uuid        NOT NULL REFERENCES case_file (id),
    workflow  text        NOT NULL,
    step      text        NOT NULL,
    kind      text        NOT NULL CHECK (kind IN ('task', 'decision', 'wait')),
    role      text        NOT NULL,
    post      text,
    person    text,
    opened_at timestamptz NOT NULL,
    due_at    timestamptz,
    budget_ms bigint,
    spent_ms  bigint,
    suspended text,
    limit_at  timestamptz
) WITH (fillfactor = 80);
CREATE INDEX task_case ON task (case_id);
CREATE INDEX task_post ON task (post, due_at);
CREATE INDEX task_step ON task (workflow, step);
-- The pump rides this one: what is due first, and nothing else.
CREATE INDEX task_limit ON task (limit_at) WHERE limit_at IS NOT NULL AND suspended IS NULL;

-- Stays that ended: how long a case was in a state, at a step or in an exception.
CREATE TABLE visit (
    case_id  uuid        NOT NULL,
    workflow text        NOT NULL,
    kind     text        NOT NULL CHECK (kind IN ('state', 'step', 'exception')),
    name     text        NOT NULL,
    since    timestamptz NOT NULL,
    until    timestamptz NOT NULL CHECK (until >= since),
    how      text        NOT NULL CHECK (how IN ('completed', 'withdrawn'))
);
-- Times are computed from the index alone, which has them in the order of their groups.
CREATE INDEX visit_name ON visit (workflow, kind, name, until) INCLUDE (since, how);
CREATE INDEX visit_case ON visit (case_id);

-- Values for the metrics, each from one case at one moment.
CREATE TABLE measurement (
    case_id uuid        NOT NULL,
    seq     integer     NOT NULL,
    metric  text        NOT NULL,
    value   bigint      NOT NULL,
    at      timestamptz NOT NULL
);
CREATE INDEX measurement_metric ON measurement (metric, at) INCLUDE (value);
CREATE INDEX measurement_case ON measurement (case_id);

-- Obligations of each case: owed, or how they ended.
CREATE TABLE duty (
    case_id    uuid        NOT NULL,
    obligation text        NOT NULL,
    workflow   text        NOT NULL,
    status     text        NOT NULL CHECK (status IN ('owed', 'met', 'late', 'missing', 'lifted')),
    due_at     timestamptz,
    since      timestamptz NOT NULL,
    seq        integer     NOT NULL,
    PRIMARY KEY (case_id, obligation)
);
CREATE INDEX duty_obligation ON duty (obligation, status, since);

-- Commands that had an effect: the same key gives the same answer.
CREATE TABLE command (
    id          uuid        PRIMARY KEY,
    fingerprint text        NOT NULL,
    case_id     uuid        NOT NULL,
    seq         integer     NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Imports ----------------------------------------------------------------------------------------

-- One reading of an event log. `done` counts the cases that are in, in the order of the import.
-- `moment` is in the time of the log; `shift_ms` was added to every time. `played` is how far the
-- rows after the moment were played on. `seed` is what salts are derived from while the import
-- runs, so that it can go on after a crash; it is gone afterwards.
CREATE TABLE import_run (
    id          uuid        PRIMARY KEY,
    source      text        NOT NULL,
    cases       integer     NOT NULL CHECK (cases >= 0),
    done        integer     NOT NULL DEFAULT 0 CHECK (done BETWEEN 0 AND cases),
    counts      jsonb       NOT NULL DEFAULT '{}',
    shift_ms    bigint      NOT NULL,
    moment      timestamptz NOT NULL,
    played      timestamptz,
    seed        bytea       CHECK (length(seed) = 32),
    started_at  timestamptz NOT NULL,
    finished_at timestamptz,
    CHECK ((seed IS NULL) = (finished_at IS NOT NULL))
);

-- What the log says happened and the model does not allow: kept, never forced.
-- `line` is that of the log's file, `part` counts what deviates in one line.
CREATE TABLE deviation (
    run_id      uuid    NOT NULL REFERENCES import_run (id),
    line        integer NOT NULL,
    part        integer NOT NULL CHECK (part > 0),
    number      text    NOT NULL,
    at          timestamptz,
    kind        text    NOT NULL,
    reason      text    NOT NULL,
    row         jsonb   NOT NULL,
    PRIMARY KEY (run_id, line, part)
);
CREATE INDEX deviation_number ON deviation (number);
CREATE INDEX deviation_kind ON deviation (run_id, kind);

-- The one call that records -----------------------------------------------------------------------

-- Records one transition, whole or not at all. Answers, in this order:
--   known       the command was carried out before; `seq` is the event it led to then
--   KP001       the key was used for another command        (raised)
--   KP002       the case is no longer at version `expected` (raised)
--   KP003       an appointment that the authority rests on has ended, or a post that
--               somebody stands in for is held again (raised)
--   recorded
-- Lock: the case's row, and the appointments relied on FOR SHARE, until the transaction ends.
CREATE FUNCTION record(
    p_command uuid, p_fingerprint text, p_expected integer, p_news jsonb, p_header bytea, p_body bytea
) RETURNS TABLE (answer text, case_id uuid, seq integer)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_case uuid        := (p_news ->> 'id')::uuid;
    v_at   timestamptz := (p_news ->> 'at')::timestamptz;
    v_flow text        := p_news ->> 'workflow';
    v_seq  integer     := p_expected + 1;
    v_seen command%ROWTYPE;
    v_held integer;
BEGIN
    INSERT INTO command (id, fingerprint, case_id, seq)
    VALUES (p_command, p_fingerprint, v_case, v_seq)
    ON CONFLICT (id) DO NOTHING;
    IF NOT FOUND THEN
        SELECT * INTO v_seen FROM command WHERE id = p_command;
        IF v_seen.fingerprint <> p_fingerprint THEN
            RAISE EXCEPTION USING ERRCODE = 'KP001', MESSAGE = 'another command has this key';
        END IF;
        RETURN QUERY SELECT 'known', v_seen.case_id, v_seen.seq;
        RETURN;
    END IF;

    IF p_expected = 0 THEN
        INSERT INTO case_file (id, number, workflow, model, version, head, state, state_since,
                               started_at, closed_at, fields, position)
        VALUES (v_case, p_news ->> 'number', v_flow, p_news ->> 'model', v_seq, p_news ->> 'head',
                p_news ->> 'state', (p_news ->> 'state_since')::timestamptz,
                (p_news ->> 'started_at')::timestamptz, (p_news ->> 'closed_at')::timestamptz,
                p_news -> 'fields', p_news -> 'position');
    ELSE
        -- The version alone says that nothing has changed, also that the case is open. A condition
        -- on `closed_at` would invite the planner to walk through the index of all open cases.
        UPDATE case_file
           SET version = v_seq,
               head = p_news ->> 'head',
               state = p_news ->> 'state',
               state_since = (p_news ->> 'state_since')::timestamptz,
               closed_at = (p_news ->> 'closed_at')::timestamptz,
               fields = p_news -> 'fields',
               position = p_news -> 'position'
         WHERE id = v_case AND version = p_expected;
        IF NOT FOUND THEN
            RAISE EXCEPTION USING ERRCODE = 'KP002', MESSAGE = 'the case has moved on';
        END IF;
    END IF;

    -- The rows are locked first and the clock is read then: a right that ended meanwhile does not
    -- count, and one that stands cannot end before this is recorded. OFFSET 0 keeps that order.
    IF p_news ? 'rights' THEN
        SELECT count(*) INTO v_held
          FROM (SELECT during FROM appointment
                 WHERE id = ANY (ARRAY(
                           SELECT value::uuid FROM jsonb_array_elements_text(p_news -> 'rights')))
                OFFSET 0
                   FOR SHARE) AS relied_on
         WHERE during @> clock_timestamp();
        IF v_held < jsonb_array_length(p_news -> 'rights') THEN
            RAISE EXCEPTION USING ERRCODE = 'KP003', MESSAGE = 'an appointment has ended';
        END IF;
    END IF;
    -- Who stands in for a vacant post may do so while nobody holds it; an appointment waits.
    IF p_news ? 'vacant' THEN
        PERFORM FROM post WHERE id = p_news ->> 'vacant' FOR SHARE;
        IF EXISTS (SELECT FROM appointment
                    WHERE post = p_news ->> 'vacant' AND during @> clock_timestamp())
        THEN
            RAISE EXCEPTION USING ERRCODE = 'KP003', MESSAGE = 'the post is no longer vacant';
        END IF;
    END IF;

    INSERT INTO event (case_id, seq, kind, step, person, at, hash, header, body)
    VALUES (v_case, v_seq, p_news ->> 'kind', p_news ->> 'step', p_news ->> 'person', v_at,
            p_news ->> 'head', p_header, p_body);

    IF p_news ? 'gone' THEN
        -- An array keeps the plan on the key: of `IN (SELECT …)` the planner expects a hundred
        -- rows, and reads all open work instead.
        DELETE FROM task
         WHERE id = ANY (ARRAY(
                   SELECT value::uuid FROM jsonb_array_elements_text(p_news -> 'gone')));
    END IF;
    IF p_news ? 'items' THEN
        INSERT INTO task (id, case_id, workflow, step, kind, role, post, person, opened_at, due_at,
                          budget_ms, spent_ms, suspended, limit_at)
        SELECT item.id, v_case, v_flow, item.step, item.kind, item.role, item.post, item.person,
               item.opened_at, item.due_at, item.budget_ms, item.spent_ms, item.suspended,
               item.limit_at
          FROM jsonb_to_recordset(p_news -> 'items') AS item (
                   id uuid, step text, kind text, role text, post text, person text,
                   opened_at timestamptz, due_at timestamptz, budget_ms bigint, spent_ms bigint,
                   suspended text, limit_at timestamptz)
        ON CONFLICT (id) DO UPDATE
           SET post = EXCLUDED.post,
               person = EXCLUDED.person,
               due_at = EXCLUDED.due_at,
               budget_ms = EXCLUDED.budget_ms,
               spent_ms = EXCLUDED.spent_ms,
               suspended = EXCLUDED.suspended,
               limit_at = EXCLUDED.limit_at;
    END IF;
    IF p_news ? 'visits' THEN
        INSERT INTO visit (case_id, workflow, kind, name, since, until, how)
        SELECT v_case, v_flow, item.kind, item.name, item.since, item.until, item.how
          FROM jsonb_to_recordset(p_news -> 'visits') AS item (
                   kind text, name text, since timestamptz, until timestamptz, how text);
    END IF;
    IF p_news ? 'measurements' THEN
        INSERT INTO measurement (case_id, seq, metric, value, at)
        SELECT v_case, v_seq, item.metric, item.value, v_at
          FROM jsonb_to_recordset(p_news -> 'measurements') AS item (metric text, value bigint);
    END IF;
    IF p_news ? 'duties' THEN
        INSERT INTO duty (case_id, obligation, workflow, status, due_at, since, seq)
        SELECT v_case, item.obligation, v_flow, item.status, item.due_at, v_at, v_seq
          FROM jsonb_to_recordset(p_news -> 'duties') AS item (
                   obligation text, status text, due_at timestamptz)
        ON CONFLICT (case_id, obligation) DO UPDATE
           SET status = EXCLUDED.status,
               due_at = EXCLUDED.due_at,
               since = EXCLUDED.since,
               seq = EXCLUDED.seq;
    END IF;
    IF p_news ? 'secrets' THEN
        INSERT INTO vault (case_id, seq, name, salt, value)
        SELECT v_case, v_seq, item.name, decode(item.salt, 'hex'), item.value
          FROM jsonb_to_recordset(p_news -> 'secrets') AS item (name text, salt text, value jsonb);
    END IF;
    RETURN QUERY SELECT 'recorded', v_case, v_seq;
END $$;

-- This month and the next; the worker provides the months after.
SELECT provide_event_month(current_date);
SELECT provide_event_month((current_date + interval '1 month')::date);

-- Rights -----------------------------------------------------------------------------------------

-- Functions are everybody's unless that is taken away; a new one is named in both lists.
REVOKE EXECUTE ON FUNCTION appoint, end_appointment, record, provide_event_month, uuid_floor,
    refuse_to_change_history FROM PUBLIC;
GRANT EXECUTE ON FUNCTION appoint, end_appointment, record, provide_event_month TO kingpost_app;

-- The program works as a role that owns nothing: it cannot change or remove what happened.
GRANT USAGE ON SCHEMA public TO kingpost_app;
GRANT SELECT, INSERT ON model_version, activation, event, event_other, command TO kingpost_app;
GRANT SELECT, INSERT, UPDATE ON person, post, account, case_file, duty, import_run TO kingpost_app;
GRANT SELECT, INSERT ON visit, measurement, vault, deviation TO kingpost_app;
GRANT SELECT, INSERT, UPDATE (during, ended_by, ended_at) ON appointment TO kingpost_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON task, session, attempt TO kingpost_app;
GRANT DELETE ON post TO kingpost_app;
GRANT USAGE ON case_number, event_position TO kingpost_app;
GRANT SELECT ON case_number, event_position TO kingpost_app;
