-- Machine agents: they are appointed like people, to posts that name who answers for them.

-- What somebody is stays as it is: an id that people know as a person never becomes a machine.
ALTER TABLE person ADD COLUMN is_agent boolean NOT NULL DEFAULT false;

-- The human post that answers for the agent which holds a post; null for a post of people.
ALTER TABLE post ADD COLUMN answered_for_by text;
CREATE INDEX post_answered ON post (answered_for_by) WHERE answered_for_by IS NOT NULL;

ALTER TABLE appointment DROP CONSTRAINT appointment_kind_check;
ALTER TABLE appointment ADD CONSTRAINT appointment_kind_check
    CHECK (kind IN ('substantive', 'acting', 'agent'));

-- The appointment of the one person who answers for the agent in a post at a moment; null when
-- nobody does, or more than one. Who is away answers all the same, as who lends authority does.
CREATE FUNCTION answering(p_post text, p_at timestamptz) RETURNS uuid
LANGUAGE sql STABLE AS $$
    SELECT CASE count(*) WHEN 1 THEN (array_agg(appointment.id))[1] END
      FROM post
      JOIN appointment ON appointment.post = post.answered_for_by
     WHERE post.id = p_post AND appointment.during @> p_at AND appointment.kind <> 'agent'
$$;

-- Whether an appointment gives its holder anything to do: a post for agents is held by an agent for
-- which a person answers, any other post by people. The model may have changed since it was made.
CREATE FUNCTION counts_now(p_post text, p_kind text, p_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT CASE p_kind WHEN 'agent' THEN answering(p_post, p_at) IS NOT NULL
           ELSE NOT EXISTS (SELECT FROM post WHERE id = p_post AND answered_for_by IS NOT NULL) END
$$;

-- Whether somebody holds a post at a moment, is not away, and may act in it.
CREATE OR REPLACE FUNCTION is_held(p_post text, p_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM appointment
                    WHERE post = p_post AND during @> p_at
                      AND NOT EXISTS (SELECT FROM absence
                                       WHERE absence.person = appointment.person
                                         AND absence.during @> p_at)
                      AND counts_now(p_post, kind, p_at))
$$;

-- A person is put on the lowest seat that is free for the whole time, or on none; so is an agent,
-- whose appointment is of its own kind.
--   KP010  no such post   KP011  no free seat   KP012  the person holds it already   (raised)
--   KP013  an agent on a post of people, a person on a post for agents, an agent acting  (raised)
CREATE OR REPLACE FUNCTION appoint(
    p_id uuid, p_person text, p_post text, p_kind text, p_during tstzrange, p_by text
) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    v_post  post%ROWTYPE;
    v_agent boolean;
    v_seat  integer;
BEGIN
    -- The post's row is locked so that two appointments at one time choose different seats. Those of
    -- agents for which its holder answers are locked, too: who stands in for one while nobody
    -- answers is recorded before, or not at all.
    PERFORM FROM post WHERE id = p_post OR answered_for_by = p_post ORDER BY id FOR UPDATE;
    SELECT * INTO v_post FROM post WHERE id = p_post;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'KP010', MESSAGE = p_post;
    END IF;
    -- The same appointment again changes nothing, also when it was ended meanwhile.
    SELECT seat INTO v_seat FROM appointment WHERE id = p_id;
    IF FOUND THEN
        RETURN v_seat;
    END IF;
    SELECT is_agent INTO v_agent FROM person WHERE id = p_person;
    IF v_agent AND v_post.answered_for_by IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'KP013', MESSAGE = 'agent';
    ELSIF NOT v_agent AND v_post.answered_for_by IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'KP013', MESSAGE = 'person';
    ELSIF v_agent AND p_kind = 'acting' THEN
        RAISE EXCEPTION USING ERRCODE = 'KP013', MESSAGE = 'acting';
    END IF;
    -- Before the seats: whoever holds the post is told that, and not that it is full.
    IF EXISTS (SELECT FROM appointment
                WHERE person = p_person AND post = p_post AND during && p_during)
    THEN
        RAISE EXCEPTION USING ERRCODE = 'KP012', MESSAGE = 'the person holds this post already';
    END IF;
    SELECT min(candidate) INTO v_seat
      FROM generate_series(1, v_post.seats) AS candidate
     WHERE NOT EXISTS (
            SELECT FROM appointment
             WHERE post = p_post AND seat = candidate AND during && p_during
           );
    IF v_seat IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'KP011', MESSAGE = v_post.seats::text;
    END IF;
    INSERT INTO appointment (id, person, post, seat, kind, wished, during, recorded_by)
    VALUES (p_id, p_person, p_post, v_seat, CASE WHEN v_agent THEN 'agent' ELSE p_kind END,
            p_during, p_during, p_by);
    RETURN v_seat;
END $$;

-- Lends authority. The appointment is locked, so that it does not end meanwhile.
--   KP020  no such appointment, or it does not run for all of that time (raised)
--   KP021  the person holds the appointment itself (raised)
--   KP022  by or to an agent (raised)
CREATE OR REPLACE FUNCTION delegate(
    p_id uuid, p_appointment uuid, p_person text, p_workflows text[], p_outcomes text[],
    p_condition text, p_reason text, p_during tstzrange, p_by text
) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_given appointment%ROWTYPE;
BEGIN
    SELECT * INTO v_given FROM appointment WHERE id = p_appointment FOR SHARE;
    -- The same delegation again changes nothing, also when it was ended meanwhile.
    IF EXISTS (SELECT FROM delegation WHERE id = p_id) THEN
        RETURN;
    END IF;
    IF v_given.during IS NULL OR NOT p_during <@ v_given.during THEN
        RAISE EXCEPTION USING ERRCODE = 'KP020', MESSAGE = 'it does not run for all of that time';
    END IF;
    IF v_given.person = p_person THEN
        RAISE EXCEPTION USING ERRCODE = 'KP021', MESSAGE = 'to oneself';
    END IF;
    IF v_given.kind = 'agent' OR EXISTS (SELECT FROM person WHERE id = p_person AND is_agent) THEN
        RAISE EXCEPTION USING ERRCODE = 'KP022', MESSAGE = 'by or to an agent';
    END IF;
    INSERT INTO delegation (id, appointment, person, workflows, outcomes, condition, reason, wished,
                            during, recorded_by)
    VALUES (p_id, p_appointment, p_person, p_workflows, p_outcomes, p_condition, p_reason, p_during,
            p_during, p_by)
    ON CONFLICT (id) DO NOTHING;
END $$;

-- An agent comes by a token of the API, and never by a password or a browser.
CREATE FUNCTION refuse_agents() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM person WHERE id = NEW.person AND is_agent) THEN
        RAISE EXCEPTION USING ERRCODE = 'KP014', MESSAGE = NEW.person;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER account_of_a_person BEFORE INSERT OR UPDATE ON account
    FOR EACH ROW EXECUTE FUNCTION refuse_agents();
CREATE TRIGGER session_of_a_person BEFORE INSERT OR UPDATE OF person, name ON session
    FOR EACH ROW WHEN (NEW.name IS NULL AND NEW.person IS NOT NULL)
    EXECUTE FUNCTION refuse_agents();

-- What somebody is does not change.
CREATE FUNCTION refuse_to_change_kind() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'KP015', MESSAGE = NEW.id;
END $$;
CREATE TRIGGER person_stays BEFORE UPDATE OF is_agent ON person
    FOR EACH ROW WHEN (NEW.is_agent <> OLD.is_agent) EXECUTE FUNCTION refuse_to_change_kind();

REVOKE EXECUTE ON FUNCTION answering, counts_now, refuse_agents, refuse_to_change_kind FROM PUBLIC;
GRANT EXECUTE ON FUNCTION answering, counts_now TO kingpost_app;
