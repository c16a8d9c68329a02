-- Worklists, read and counted by the database alone.

-- When the first term of the work is over: its own (`due_at`), and those of the blocks around it.
ALTER TABLE task ADD COLUMN ends_at timestamptz;
UPDATE task SET ends_at = due_at WHERE due_at IS NOT NULL;

-- Work from before, inside a block: only the model knows the hours in which the term of the block
-- runs. The worker looks at each once.
CREATE TABLE term_to_find (task uuid PRIMARY KEY);
INSERT INTO term_to_find (task)
SELECT task.id
  FROM task
  JOIN case_file ON case_file.id = task.case_id
 WHERE case_file.position -> 'tokens' -> task.id::text ? 'parent';

-- Whom work reaches: worklists ask by pairs of role and post, and nobody asks by post and due time.
CREATE INDEX task_reach ON task (role, coalesce(post, ''));
DROP INDEX task_post;

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
                          budget_ms, spent_ms, suspended, limit_at, told, ends_at)
        SELECT item.id, v_case, v_flow, item.step, item.kind, item.role, item.post, item.person,
               item.opened_at, item.due_at, item.budget_ms, item.spent_ms, item.suspended,
               item.limit_at, coalesce(item.told, '{}'), item.ends_at
          FROM jsonb_to_recordset(p_news -> 'items') AS item (
                   id uuid, step text, kind text, role text, post text, person text,
                   opened_at timestamptz, due_at timestamptz, budget_ms bigint, spent_ms bigint,
                   suspended text, limit_at timestamptz, told text[],
                   ends_at timestamptz)
        ON CONFLICT (id) DO UPDATE
           SET post = EXCLUDED.post,
               person = EXCLUDED.person,
               due_at = EXCLUDED.due_at,
               budget_ms = EXCLUDED.budget_ms,
               spent_ms = EXCLUDED.spent_ms,
               suspended = EXCLUDED.suspended,
               limit_at = EXCLUDED.limit_at,
               told = EXCLUDED.told,
               ends_at = EXCLUDED.ends_at;
    END IF;
    IF p_news ? 'terms' THEN
        UPDATE task SET ends_at = item.ends_at
          FROM jsonb_to_recordset(p_news -> 'terms') AS item (id uuid, ends_at timestamptz)
         WHERE task.id = item.id;
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

GRANT SELECT, DELETE ON term_to_find TO kingpost_app;
