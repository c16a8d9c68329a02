-- Delegations, and the history of the register: what was recorded when, and by whom.

-- Delegations -------------------------------------------------------------------------------------

-- Part of the authority of one appointment, lent to another person for a time. It rests on the
-- appointment and ends with it, and gives its person no appointment, so that it is not passed on.
-- `workflows`, `outcomes` (as workflow/step/outcome) and `condition` make it narrower; empty is all.
CREATE TABLE delegation (
    id          uuid        PRIMARY KEY,
    appointment uuid        NOT NULL REFERENCES appointment (id),
    person      text        NOT NULL REFERENCES person (id),
    workflows   text[]      NOT NULL,
    outcomes    text[]      NOT NULL,
    condition   text        CHECK (condition <> ''),
    reason      text        NOT NULL CHECK (reason <> '' AND length(reason) <= 1000),
    wished      tstzrange   NOT NULL CHECK (NOT isempty(wished) AND NOT lower_inf(wished)
                                            AND NOT upper_inf(wished)),
    during      tstzrange   NOT NULL CHECK (during <@ wished),
    recorded_by text        NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_by    text,
    ended_at    timestamptz,
    CHECK ((ended_by IS NULL) = (ended_at IS NULL)),
    CHECK (during = wished OR (ended_by IS NOT NULL AND (isempty(during)
                                                         OR lower(during) = lower(wished)))),
    CHECK (condition IS NULL OR cardinality(outcomes) > 0)
);
CREATE INDEX delegation_person ON delegation (person);
CREATE INDEX delegation_appointment ON delegation (appointment);

-- The history of the register ---------------------------------------------------------------------

-- One row for every change to an appointment or a delegation; `subject` is its id. Rows are added
-- and never changed. `from_at` and `until_at` are the time that counts from then on; both are null
-- when it was withdrawn before it began.
CREATE TABLE register_entry (
    position    bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        text        NOT NULL CHECK (kind IN ('appointed', 'appointment-ended',
                                                     'delegated', 'delegation-ended')),
    subject     uuid        NOT NULL,
    from_at     timestamptz,
    until_at    timestamptz,
    recorded_by text        NOT NULL,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX register_entry_subject ON register_entry (subject, position);

INSERT INTO register_entry (kind, subject, from_at, until_at, recorded_by, recorded_at)
SELECT 'appointed', id, lower(wished), upper(wished), recorded_by, recorded_at
  FROM appointment ORDER BY recorded_at, id;
INSERT INTO register_entry (kind, subject, from_at, until_at, recorded_by, recorded_at)
SELECT 'appointment-ended', id, lower(during), upper(during), ended_by, ended_at
  FROM appointment WHERE ended_at IS NOT NULL ORDER BY ended_at, id;

CREATE TRIGGER register_entry_is_final BEFORE UPDATE OR DELETE ON register_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_history();
ALTER TABLE register_entry ENABLE ALWAYS TRIGGER register_entry_is_final;
CREATE TRIGGER register_entry_stays BEFORE TRUNCATE ON register_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_history();
ALTER TABLE register_entry ENABLE ALWAYS TRIGGER register_entry_stays;

-- By trigger, so that no road to these rows goes past their history; the program itself may only
-- read it.
CREATE FUNCTION note_register() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO register_entry (kind, subject, from_at, until_at, recorded_by, recorded_at)
    VALUES (TG_ARGV[0], NEW.id, lower(NEW.during), upper(NEW.during),
            CASE WHEN TG_OP = 'INSERT' THEN NEW.recorded_by ELSE NEW.ended_by END,
            CASE WHEN TG_OP = 'INSERT' THEN NEW.recorded_at ELSE NEW.ended_at END);
    RETURN NULL;
END $$;
CREATE TRIGGER appointment_made AFTER INSERT ON appointment
    FOR EACH ROW EXECUTE FUNCTION note_register('appointed');
CREATE TRIGGER appointment_ended AFTER UPDATE OF ended_at ON appointment
    FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION note_register('appointment-ended');
CREATE TRIGGER delegation_made AFTER INSERT ON delegation
    FOR EACH ROW EXECUTE FUNCTION note_register('delegated');
CREATE TRIGGER delegation_ended AFTER UPDATE OF ended_at ON delegation
    FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION note_register('delegation-ended');

-- Lends authority. The appointment is locked, so that it does not end meanwhile.
--   KP020  no such appointment, or it does not run for all of that time (raised)
--   KP021  the person holds the appointment itself (raised)
CREATE FUNCTION delegate(
    p_id uuid, p_appointment uuid, p_person text, p_workflows text[], p_outcomes text[],
    p_condition text, p_reason text, p_during tstzrange, p_by text
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_giver  text;
    v_during tstzrange;
BEGIN
    SELECT person, during INTO v_giver, v_during
      FROM appointment WHERE id = p_appointment FOR SHARE;
    -- The same delegation again changes nothing, also when it was ended meanwhile.
    IF EXISTS (SELECT FROM delegation WHERE id = p_id) THEN
        RETURN;
    END IF;
    IF v_during IS NULL OR NOT p_during <@ v_during THEN
        RAISE EXCEPTION USING ERRCODE = 'KP020', MESSAGE = 'it does not run for all of that time';
    END IF;
    IF v_giver = p_person THEN
        RAISE EXCEPTION USING ERRCODE = 'KP021', MESSAGE = 'to oneself';
    END IF;
    INSERT INTO delegation (id, appointment, person, workflows, outcomes, condition, reason, wished,
                            during, recorded_by)
    VALUES (p_id, p_appointment, p_person, p_workflows, p_outcomes, p_condition, p_reason, p_during,
            p_during, p_by)
    ON CONFLICT (id) DO NOTHING;
END $$;

-- As `end_appointment`: not in the past, and one that has not begun by then is withdrawn.
CREATE FUNCTION end_delegation(p_id uuid, p_end timestamptz, p_by text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_during tstzrange;
    v_now    timestamptz;
    v_end    timestamptz;
BEGIN
    SELECT during INTO v_during FROM delegation WHERE id = p_id FOR UPDATE;
    v_now := clock_timestamp();
    v_end := greatest(p_end, v_now);
    IF v_during IS NULL OR isempty(v_during) OR upper(v_during) <= v_end THEN
        RETURN NULL;
    END IF;
    UPDATE delegation
       SET during = CASE WHEN lower(v_during) >= v_end THEN 'empty'
                         ELSE tstzrange(lower(v_during), v_end, '[)') END,
           ended_by = p_by,
           ended_at = v_now
     WHERE id = p_id;
    RETURN CASE WHEN lower(v_during) >= v_end THEN 'withdrawn' ELSE 'ended' END;
END $$;

-- Recording ---------------------------------------------------------------------------------------

-- Locks what the authority of a transition rests on and compares it with the time: the appointments
-- (`rights`), the delegation that lends one, and the post for which somebody stands in. Raises KP003
-- when one of them has ended, or the post is held again.
-- The rows are locked first and the clock is read then: a right that ended meanwhile does not
-- count, and one that stands cannot end before this is recorded. OFFSET 0 keeps that order.
CREATE FUNCTION hold_rights(p_news jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_held integer;
BEGIN
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
    IF p_news ? 'delegation' THEN
        SELECT count(*) INTO v_held
          FROM (SELECT during FROM delegation WHERE id = (p_news ->> 'delegation')::uuid
                OFFSET 0
                   FOR SHARE) AS relied_on
         WHERE during @> clock_timestamp();
        IF v_held = 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'KP003', MESSAGE = 'a delegation has ended';
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
END $$;

-- Records one transition, whole or not at all. Answers, in this order:
--   known       the command was carried out before; `seq` is the event it led to then
--   KP001       the key was used for another command        (raised)
--   KP002       the case is no longer at version `expected` (raised)
--   KP003       a right that the authority rests on has ended: see `hold_rights` (raised)
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

-- Rights ------------------------------------------------------------------------------------------

REVOKE EXECUTE ON FUNCTION delegate, end_delegation, hold_rights, note_register FROM PUBLIC;
GRANT EXECUTE ON FUNCTION delegate, end_delegation, hold_rights TO kingpost_app;
GRANT SELECT, INSERT, UPDATE (during, ended_by, ended_at) ON delegation TO kingpost_app;
GRANT SELECT ON register_entry TO kingpost_app;
