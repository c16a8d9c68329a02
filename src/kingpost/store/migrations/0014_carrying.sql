-- Carrying live cases over to another version of the model.

ALTER TABLE duty DROP CONSTRAINT duty_status_check;
-- spared: the case had passed the step that makes the evidence when the obligation came.
ALTER TABLE duty ADD CONSTRAINT duty_status_check
    CHECK (status IN ('owed', 'met', 'late', 'missing', 'lifted', 'spared'));

-- What was asked of all live cases: to go over to a version, each workflow's by a policy of its own.
-- policies: by workflow; those that are not named stay.
CREATE TABLE carry_over (
    id       uuid        PRIMARY KEY,
    digest   text        NOT NULL REFERENCES model_version (digest),
    policies jsonb       NOT NULL,
    person   text,
    begun_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz
);
CREATE INDEX carry_over_going ON carry_over (begun_at) WHERE ended_at IS NULL;

-- What came of each: the receipt. What is written here is written in the transaction of the event, so
-- that what broke off goes on where it stopped.
-- digest:  the version that the case ran on. planned: the verdict that was approved, or null.
-- outcome: null until it was tried. words: why, or what came otherwise than planned.
-- seq:     the event by which it was carried over, or at which it was looked at.
CREATE TABLE carry_over_case (
    carry_over uuid        NOT NULL REFERENCES carry_over (id),
    case_id    uuid        NOT NULL REFERENCES case_file (id),
    digest     text        NOT NULL REFERENCES model_version (digest),
    planned    text,
    outcome    text        CHECK (outcome IN ('carried', 'unaffected', 'stays', 'asks', 'refused',
                                              'waits', 'ended', 'failed', 'superseded')),
    words      text        NOT NULL DEFAULT '',
    seq        integer,
    ended_at   timestamptz,
    PRIMARY KEY (carry_over, case_id)
);
CREATE INDEX carry_over_left ON carry_over_case (carry_over, case_id) WHERE outcome IS NULL;
CREATE INDEX carry_over_waits ON carry_over_case (carry_over, case_id) WHERE outcome = 'waits';
CREATE INDEX carry_over_of ON carry_over_case (case_id);

-- Records the event by which a case goes over to another version; answers and raises as `record`.
-- What `record` leaves alone follows: the version, the steps of open work, the names of obligations.
-- Lock: as `record`.
CREATE FUNCTION carry(
    p_command uuid, p_fingerprint text, p_expected integer, p_news jsonb, p_header bytea, p_body bytea
) RETURNS TABLE (answer text, case_id uuid, seq integer)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_case uuid := (p_news ->> 'id')::uuid;
    v_done record;
BEGIN
    PERFORM FROM case_file WHERE id = v_case AND version = p_expected FOR UPDATE;
    IF FOUND AND p_news ? 'renamed' THEN
        UPDATE duty SET obligation = item.value ->> 1
          FROM jsonb_array_elements(p_news -> 'renamed') AS item
         WHERE duty.case_id = v_case AND duty.obligation = item.value ->> 0;
    END IF;
    SELECT * INTO v_done
      FROM record(p_command, p_fingerprint, p_expected, p_news, p_header, p_body);
    IF v_done.answer = 'recorded' THEN
        UPDATE case_file SET model = p_news ->> 'model' WHERE id = v_case;
        UPDATE task SET step = item.step, kind = item.kind, role = item.role
          FROM jsonb_to_recordset(p_news -> 'items') AS item (
                   id uuid, step text, kind text, role text)
         WHERE task.id = item.id
           AND (task.step, task.kind, task.role)
               IS DISTINCT FROM (item.step, item.kind, item.role);
        UPDATE outbox SET step = item.step
          FROM jsonb_to_recordset(p_news -> 'items') AS item (id uuid, step text, kind text)
         WHERE item.kind = 'call' AND outbox.id = item.id AND outbox.step <> item.step;
    END IF;
    RETURN QUERY SELECT v_done.answer, v_done.case_id, v_done.seq;
END $$;

REVOKE EXECUTE ON FUNCTION carry FROM PUBLIC;
GRANT EXECUTE ON FUNCTION carry TO kingpost_app;
GRANT SELECT, INSERT, UPDATE ON carry_over, carry_over_case TO kingpost_app;
