-- Overrides: what was asked for lapses, and what took effect is reviewed.

-- A review is open work of its case, and stays when the case has ended.
ALTER TABLE task DROP CONSTRAINT task_kind_check;
ALTER TABLE task ADD CONSTRAINT task_kind_check
    CHECK (kind IN ('task', 'decision', 'wait', 'call', 'run', 'review'));
CREATE INDEX task_review ON task (due_at) WHERE kind = 'review';

-- Locks what the authority of a transition rests on and compares it with the time: the appointments
-- (`rights`), the delegation that lends one, the post for which somebody stands in, and the time
-- after which it may not be recorded any more (`until`). Raises KP003 when one of them has ended, or
-- the post is held again.
-- The rows are locked first and the clock is read then: a right that ended meanwhile does not
-- count, and one that stands cannot end before this is recorded. OFFSET 0 keeps that order.
CREATE OR REPLACE FUNCTION hold_rights(p_news jsonb) RETURNS void
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
    -- Who stands in for a post may do so while nobody who is there holds it; an appointment, and
    -- the end of an absence, wait.
    IF p_news ? 'vacant' THEN
        PERFORM FROM post WHERE id = p_news ->> 'vacant' FOR SHARE;
        IF is_held(p_news ->> 'vacant', clock_timestamp()) THEN
            RAISE EXCEPTION USING ERRCODE = 'KP003', MESSAGE = 'the post is no longer vacant';
        END IF;
    END IF;
    IF p_news ? 'until' AND clock_timestamp() >= (p_news ->> 'until')::timestamptz THEN
        RAISE EXCEPTION USING ERRCODE = 'KP003', MESSAGE = 'what was asked for has lapsed';
    END IF;
END $$;
