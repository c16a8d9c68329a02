-- Absences: while everybody who holds a post is away, its work falls as if it were vacant.

-- When a person is away; no end means until further notice. An absence takes no right away: who acts
-- all the same is there. A person is away once at a time.
CREATE TABLE absence (
    id          uuid        PRIMARY KEY,
    person      text        NOT NULL REFERENCES person (id),
    reason      text        NOT NULL CHECK (length(reason) <= 1000),
    wished      tstzrange   NOT NULL CHECK (NOT isempty(wished) AND NOT lower_inf(wished)),
    during      tstzrange   NOT NULL CHECK (during <@ wished),
    recorded_by text        NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_by    text,
    ended_at    timestamptz,
    CHECK ((ended_by IS NULL) = (ended_at IS NULL)),
    CHECK (during = wished OR (ended_by IS NOT NULL AND (isempty(during)
                                                         OR lower(during) = lower(wished)))),
    CONSTRAINT away_once EXCLUDE USING gist (person WITH =, during WITH &&)
);

ALTER TABLE register_entry DROP CONSTRAINT register_entry_kind_check;
ALTER TABLE register_entry ADD CONSTRAINT register_entry_kind_check
    CHECK (kind IN ('appointed', 'appointment-ended', 'delegated', 'delegation-ended', 'absent',
                    'absence-ended'));
CREATE TRIGGER absence_made AFTER INSERT ON absence
    FOR EACH ROW EXECUTE FUNCTION note_register('absent');
CREATE TRIGGER absence_ended AFTER UPDATE OF ended_at ON absence
    FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION note_register('absence-ended');

-- Whether somebody holds a post at a moment and is not away.
CREATE FUNCTION is_held(p_post text, p_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM appointment
                    WHERE post = p_post AND during @> p_at
                      AND NOT EXISTS (SELECT FROM absence
                                       WHERE absence.person = appointment.person
                                         AND absence.during @> p_at))
$$;

-- As `end_appointment`: not in the past, and one that has not begun by then is withdrawn.
-- The posts of the person are locked: who stands in for one of them is recorded before or not at all.
CREATE FUNCTION end_absence(p_id uuid, p_end timestamptz, p_by text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_during tstzrange;
    v_now    timestamptz;
    v_end    timestamptz;
BEGIN
    PERFORM FROM post
      WHERE id IN (SELECT post FROM appointment
                    WHERE person = (SELECT person FROM absence WHERE id = p_id))
      ORDER BY id FOR UPDATE;
    SELECT during INTO v_during FROM absence WHERE id = p_id FOR UPDATE;
    v_now := clock_timestamp();
    v_end := greatest(p_end, v_now);
    IF v_during IS NULL OR isempty(v_during) OR upper(v_during) <= v_end THEN
        RETURN NULL;
    END IF;
    UPDATE absence
       SET during = CASE WHEN lower(v_during) >= v_end THEN 'empty'
                         ELSE tstzrange(lower(v_during), v_end, '[)') END,
           ended_by = p_by,
           ended_at = v_now
     WHERE id = p_id;
    RETURN CASE WHEN lower(v_during) >= v_end THEN 'withdrawn' ELSE 'ended' END;
END $$;

-- Locks what the authority of a transition rests on and compares it with the time: the appointments
-- (`rights`), the delegation that lends one, and the post for which somebody stands in. Raises KP003
-- when one of them has ended, or the post is held again.
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
END $$;

REVOKE EXECUTE ON FUNCTION is_held, end_absence FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_held, end_absence TO kingpost_app;
GRANT SELECT, INSERT, UPDATE (during, ended_by, ended_at) ON absence TO kingpost_app;
