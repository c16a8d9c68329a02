-- Allowances: what the decisions of a post came to in one period, one entry after the other.

-- One row a decision that counts. A ledger is a post, a decision, a field and a period that began on
-- `since`; its entries are numbered, and each says what it found and what it adds. Two decisions
-- at one time cannot both be the same entry, so neither can overlook the other.
CREATE TABLE allowance_use (
    post     text    NOT NULL,
    decision text    NOT NULL,
    field    text    NOT NULL,
    per      text    NOT NULL CHECK (per IN ('day', 'week', 'month', 'quarter', 'year')),
    since    date    NOT NULL,
    entry    integer NOT NULL CHECK (entry > 0),
    before   numeric NOT NULL CHECK (before >= 0),
    counts   numeric NOT NULL CHECK (counts >= 0),
    case_id  uuid    NOT NULL REFERENCES case_file (id),
    seq      integer NOT NULL,
    PRIMARY KEY (post, decision, field, per, since, entry),
    UNIQUE (case_id, seq),
    CHECK (entry > 1 OR before = 0)
);

-- Writes down what a decision uses up of an allowance. Raises KP007 when its ledger does not come to
-- what the decision was taken on.
-- Lock: the row of the post, so that decisions in its name wait for each other here.
CREATE FUNCTION use_allowance(p_news jsonb, p_seq integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM post WHERE id = p_news -> 'use' ->> 'post' FOR NO KEY UPDATE;
    INSERT INTO allowance_use (post, decision, field, per, since, entry, before, counts, case_id,
                               seq)
    SELECT new.*, (p_news ->> 'id')::uuid, p_seq
      FROM jsonb_to_record(p_news -> 'use') AS new (
               post text, decision text, field text, per text, since date, entry integer,
               before numeric, counts numeric)
     WHERE new.entry = 1
        OR EXISTS (SELECT FROM allowance_use AS last
                    WHERE (last.post, last.decision, last.field, last.per, last.since, last.entry) =
                          (new.post, new.decision, new.field, new.per, new.since, new.entry - 1)
                      AND last.before + last.counts = new.before)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'KP007', MESSAGE = p_news -> 'use' ->> 'post';
    END IF;
END $$;

-- Records one transition, whole or not at all. Answers, in this order:
--   known       the command was carried out before; `seq` is the event it led to then
--   KP001       the key was used for another command        (raised)
--   KP002       the case is no longer at version `expected` (raised)
--   KP003       a right that the authority rests on has ended: see `hold_rights` (raised)
--   KP004       an attempt of a call tells something that is not the latest (raised)
--   KP005       a kept message is no longer to be delivered: see `take_message` (raised)
--   KP006       the step that wanted the case does not want it any more (raised)
--   KP007       an allowance was used otherwise meanwhile: see `use_allowance` (raised)
--   recorded
-- Lock: the case's row, and what `use_allowance`, `hold_rights` and `take_message` lock, in this
--       order, until the transaction ends.
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
        IF p_news ? 'parent' THEN
            PERFORM begin_child(v_case);
        END IF;
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

    IF p_news ? 'use' THEN
        PERFORM use_allowance(p_news, v_seq);
    END IF;
    PERFORM hold_rights(p_news);
    IF p_news ? 'fence' THEN
        PERFORM hold_attempt(p_news);
    END IF;
    IF p_news ->> 'kind' = 'delivered' THEN
        PERFORM take_message(p_command, p_news);
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
                          budget_ms, spent_ms, suspended, limit_at, told)
        SELECT item.id, v_case, v_flow, item.step, item.kind, item.role, item.post, item.person,
               item.opened_at, item.due_at, item.budget_ms, item.spent_ms, item.suspended,
               item.limit_at, coalesce(item.told, '{}')
          FROM jsonb_to_recordset(p_news -> 'items') AS item (
                   id uuid, step text, kind text, role text, post text, person text,
                   opened_at timestamptz, due_at timestamptz, budget_ms bigint, spent_ms bigint,
                   suspended text, limit_at timestamptz, told text[])
        ON CONFLICT (id) DO UPDATE
           SET post = EXCLUDED.post,
               person = EXCLUDED.person,
               due_at = EXCLUDED.due_at,
               budget_ms = EXCLUDED.budget_ms,
               spent_ms = EXCLUDED.spent_ms,
               suspended = EXCLUDED.suspended,
               limit_at = EXCLUDED.limit_at,
               told = EXCLUDED.told;
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
    IF p_news ? 'cases' THEN
        PERFORM note_cases(p_news, v_seq);
    END IF;
    IF p_news ->> 'closed_at' IS NOT NULL THEN
        -- The step that has begun this case is told, if it still waits for that.
        UPDATE child_case SET next_at = clock_timestamp()
         WHERE id = v_case AND ends AND over_at IS NULL;
    END IF;
    IF p_news ? 'heard' THEN
        PERFORM note_heard(p_news);
    END IF;
    IF p_news ? 'timers' THEN
        PERFORM note_timers(p_news);
    END IF;
    RETURN QUERY SELECT 'recorded', v_case, v_seq;
END $$;

REVOKE EXECUTE ON FUNCTION use_allowance FROM PUBLIC;
GRANT EXECUTE ON FUNCTION use_allowance TO kingpost_app;
GRANT SELECT, INSERT ON allowance_use TO kingpost_app;
