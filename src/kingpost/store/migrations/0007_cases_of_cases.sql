-- Cases that a step of another case begins: wanted beside the event that wants them, begun once, and
-- their end told to that step once.

ALTER TABLE task DROP CONSTRAINT task_kind_check;
ALTER TABLE task ADD CONSTRAINT task_kind_check
    CHECK (kind IN ('task', 'decision', 'wait', 'call', 'run'));

-- One row a case that is wanted: `id` is the one that it has once it has begun. Something is due at
-- `next_at`: to begin it, or to tell its step that it came as far as that waits for (to its end
-- where `ends`, otherwise to its beginning). Nothing is due while that is null.
-- `fails` counts how often its step has failed by it, so that each failure has a key of its own.
-- `depth` counts how many cases have begun each other in a row.
CREATE TABLE child_case (
    id        uuid        PRIMARY KEY,
    parent_id uuid        NOT NULL REFERENCES case_file (id),
    seq       integer     NOT NULL,
    token     uuid        NOT NULL,
    place     integer     NOT NULL,
    step      text        NOT NULL,
    workflow  text        NOT NULL,
    form      jsonb,
    ends      boolean     NOT NULL,
    depth     integer     NOT NULL CHECK (depth > 0),
    asked_at  timestamptz NOT NULL,
    next_at   timestamptz,
    cause     text,
    fails     integer     NOT NULL DEFAULT 0,
    begun_at  timestamptz,
    over_at   timestamptz,
    CHECK ((form IS NOT NULL) = (begun_at IS NULL AND over_at IS NULL)),
    CHECK (next_at IS NULL OR over_at IS NULL)
) WITH (fillfactor = 80);
CREATE INDEX child_case_due ON child_case (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX child_case_parent ON child_case (parent_id, token);

-- Notes that a case begins which a step wants. Raises KP006 when it wants the case no more, or when
-- the case has begun.
-- Lock: its row, so that the step is not left at the same time.
CREATE FUNCTION begin_child(p_case uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE child_case
       SET begun_at = clock_timestamp(),
           -- What was to be filled in may be personal; the event keeps what it must.
           form = NULL,
           cause = NULL,
           next_at = CASE WHEN NOT ends THEN clock_timestamp() END
     WHERE id = p_case AND begun_at IS NULL AND over_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'KP006', MESSAGE = 'nothing wants this case any more';
    END IF;
END $$;

-- Writes down what becomes of the cases of steps: wanted, one has told, to be begun again now,
-- one cannot be begun, or the step is over.
CREATE FUNCTION note_cases(p_news jsonb, p_seq integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_case uuid        := (p_news ->> 'id')::uuid;
    v_at   timestamptz := (p_news ->> 'at')::timestamptz;
    v_deep integer     := 1 + coalesce((SELECT depth FROM child_case WHERE id = v_case), 0);
BEGIN
    INSERT INTO child_case (id, parent_id, seq, token, place, step, workflow, form, ends, depth,
                            asked_at, next_at)
    SELECT (one.value ->> 'id')::uuid, v_case, p_seq, item.token, one.place, item.step,
           item.workflow, one.value -> 'form', item.ends, v_deep, v_at, clock_timestamp()
      FROM jsonb_to_recordset(p_news -> 'cases') AS item (
               token uuid, news text, step text, workflow text, ends boolean, wanted jsonb)
     CROSS JOIN jsonb_array_elements(item.wanted) WITH ORDINALITY AS one (value, place)
     WHERE item.news = 'wanted';
    UPDATE child_case
       SET next_at = CASE item.news WHEN 'again' THEN clock_timestamp() END,
           cause = coalesce(nullif(item.cause, ''), child_case.cause),
           fails = child_case.fails + (item.news = 'failed')::integer,
           over_at = CASE WHEN item.news IN ('told', 'over') THEN v_at END,
           form = CASE WHEN item.news IN ('told', 'over') THEN NULL ELSE child_case.form END
      FROM jsonb_to_recordset(p_news -> 'cases') AS item (
               token uuid, news text, "case" uuid, cause text)
     WHERE child_case.parent_id = v_case AND child_case.token = item.token
       AND child_case.over_at IS NULL
       AND CASE item.news
               WHEN 'told' THEN child_case.id = item."case"
               WHEN 'over' THEN true
               -- Those that have begun go on, whatever becomes of the others.
               WHEN 'again' THEN child_case.begun_at IS NULL
               WHEN 'failed' THEN child_case.id = item."case"
           END;
END $$;

-- Records one transition, whole or not at all. Answers, in this order:
--   known       the command was carried out before; `seq` is the event it led to then
--   KP001       the key was used for another command        (raised)
--   KP002       the case is no longer at version `expected` (raised)
--   KP003       a right that the authority rests on has ended: see `hold_rights` (raised)
--   KP004       an attempt of a call tells something that is not the latest (raised)
--   KP005       a kept message is no longer to be delivered: see `take_message` (raised)
--   KP006       the step that wanted the case does not want it any more (raised)
--   recorded
-- Lock: the case's row, and what `hold_rights` and `take_message` lock, until the transaction ends.
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

REVOKE EXECUTE ON FUNCTION begin_child, note_cases FROM PUBLIC;
GRANT EXECUTE ON FUNCTION begin_child, note_cases TO kingpost_app;
GRANT SELECT, INSERT, UPDATE ON child_case TO kingpost_app;
