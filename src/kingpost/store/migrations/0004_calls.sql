-- Calls to other systems: what is to be asked, durable beside the event that asks, and how each
-- system has answered lately.

ALTER TABLE task DROP CONSTRAINT task_kind_check;
ALTER TABLE task ADD CONSTRAINT task_kind_check
    CHECK (kind IN ('task', 'decision', 'wait', 'call'));

-- One row a call: `id` is that of its token, and the key by which the other system tells a
-- repetition. It is due at `next_at`, and nothing is tried while that is null.
-- An attempt is counted and fenced when it is claimed, and `next_at` is then the end of its lease:
-- whoever dies over it leaves it due again, and whoever comes back late finds another fence.
CREATE TABLE outbox (
    id        uuid        PRIMARY KEY,
    case_id   uuid        NOT NULL REFERENCES case_file (id),
    seq       integer     NOT NULL,
    workflow  text        NOT NULL,
    step      text        NOT NULL,
    interface text        NOT NULL,
    request   jsonb,
    limit_seconds integer NOT NULL CHECK (limit_seconds > 0),
    asked_at  timestamptz NOT NULL,
    attempts  integer     NOT NULL DEFAULT 0,
    fence     integer     NOT NULL DEFAULT 0,
    next_at   timestamptz,
    cause     text,
    failed_at timestamptz,
    ended_at  timestamptz,
    CHECK ((request IS NULL) = (ended_at IS NOT NULL)),
    CHECK (next_at IS NULL OR (ended_at IS NULL AND failed_at IS NULL))
) WITH (fillfactor = 80);
CREATE INDEX outbox_due ON outbox (interface, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX outbox_case ON outbox (case_id);
CREATE INDEX outbox_troubled ON outbox (asked_at) WHERE ended_at IS NULL AND cause IS NOT NULL;

-- The circuit breaker of each system that has failed lately: failures in a row, and until when
-- nothing is asked. A system that answers has no row.
CREATE TABLE breaker (
    interface  text        PRIMARY KEY,
    failures   integer     NOT NULL CHECK (failures > 0),
    open_until timestamptz NOT NULL
);

-- Locks the call from whose attempt a transition comes. Raises KP004 when another attempt was begun
-- meanwhile, or the call is over.
CREATE FUNCTION hold_attempt(p_news jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM outbox
      WHERE case_id = (p_news ->> 'id')::uuid AND step = p_news ->> 'step'
        AND fence = (p_news ->> 'fence')::integer AND ended_at IS NULL
        FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'KP004', MESSAGE = 'another attempt was begun';
    END IF;
END $$;

-- Writes down what becomes of calls: asked for, to be tried again, failed, or over.
CREATE FUNCTION note_calls(p_news jsonb, p_seq integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_at timestamptz := (p_news ->> 'at')::timestamptz;
BEGIN
    INSERT INTO outbox (id, case_id, seq, workflow, step, interface, request, limit_seconds,
                        asked_at, next_at)
    SELECT item.id, (p_news ->> 'id')::uuid, p_seq, p_news ->> 'workflow', item.step,
           item.interface, item.request, item.limit_seconds, v_at, clock_timestamp()
      FROM jsonb_to_recordset(p_news -> 'calls') AS item (
               id uuid, news text, step text, interface text, request jsonb, limit_seconds integer)
     WHERE item.news = 'asked';
    -- The fence rises with each, so that an attempt that is under way tells nothing any more.
    UPDATE outbox
       SET fence = outbox.fence + 1,
           attempts = CASE item.news WHEN 'again' THEN 0 ELSE outbox.attempts END,
           next_at = CASE item.news WHEN 'again' THEN clock_timestamp() END,
           failed_at = CASE item.news WHEN 'failed' THEN v_at END,
           cause = coalesce(nullif(item.cause, ''), outbox.cause),
           ended_at = CASE item.news WHEN 'over' THEN v_at END,
           -- What was sent may be personal; the event keeps what it must.
           request = CASE item.news WHEN 'over' THEN NULL ELSE outbox.request END
      FROM jsonb_to_recordset(p_news -> 'calls') AS item (id uuid, news text, cause text)
     WHERE outbox.id = item.id AND item.news <> 'asked';
END $$;

-- Records one transition, whole or not at all. Answers, in this order:
--   known       the command was carried out before; `seq` is the event it led to then
--   KP001       the key was used for another command        (raised)
--   KP002       the case is no longer at version `expected` (raised)
--   KP003       a right that the authority rests on has ended: see `hold_rights` (raised)
--   KP004       an attempt of a call tells something that is not the latest (raised)
--   recorded
-- Lock: the case's row, and what `hold_rights` locks, until the transaction ends.
CREATE OR REPLACE FUNCTION record(
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

    PERFORM hold_rights(p_news);
    IF p_news ? 'fence' THEN
        PERFORM hold_attempt(p_news);
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
    IF p_news ? 'calls' THEN
        PERFORM note_calls(p_news, v_seq);
    END IF;
    RETURN QUERY SELECT 'recorded', v_case, v_seq;
END $$;

REVOKE EXECUTE ON FUNCTION hold_attempt, note_calls FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_attempt, note_calls TO kingpost_app;
GRANT SELECT, INSERT, UPDATE ON outbox TO kingpost_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON breaker TO kingpost_app;
