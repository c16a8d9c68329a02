-- Changes of the organisation: posts are renamed, merged, split and abolished, and their work goes on.

-- Who acts now for a post of an earlier version, by role; the empty role is what no role does.
-- called: what the running version calls the role. first: the heir in the first place, by which the
-- post counts as held or vacant.
CREATE TABLE post_taken (
    post   text    NOT NULL,
    role   text    NOT NULL,
    called text    NOT NULL,
    heir   text    NOT NULL,
    first  boolean NOT NULL,
    PRIMARY KEY (post, role, heir)
);
CREATE INDEX post_taken_of ON post_taken (heir);

-- A post that is gone and has an heir keeps its row, with that heir: whoever acts in it for a case of
-- an earlier version, or stands in for it, locks that row as they would have.
ALTER TABLE post ADD COLUMN heir text;
CREATE INDEX post_heir_first ON post (heir) WHERE heir IS NOT NULL;

-- In which posts people act: those that they hold, and those of earlier versions of which they have
-- taken over the work. held: the post that is held, null where it is the same. roles: what is taken
-- over; null for all.
CREATE VIEW holding AS
    SELECT id, person, post, kind, during, NULL::text AS held, NULL::text[] AS roles
      FROM appointment
     UNION ALL
    SELECT appointment.id, appointment.person, taken.post, appointment.kind, appointment.during,
           appointment.post, taken.roles
      FROM appointment
      JOIN (SELECT heir, post,
                   CASE WHEN bool_or(first AND role = '') THEN NULL
                        ELSE array_agg(role ORDER BY role) END AS roles
              FROM post_taken
             WHERE heir <> post
             GROUP BY heir, post) AS taken
        ON taken.heir = appointment.post;

-- The appointment by which somebody goes on whose post is another one now.
ALTER TABLE appointment ADD COLUMN goes_on uuid REFERENCES appointment (id)
    DEFERRABLE INITIALLY DEFERRED;

-- When a version took effect before this was kept, nothing of the organisation was changed with it.
ALTER TABLE activation ADD COLUMN reorganised boolean NOT NULL DEFAULT false;
ALTER TABLE activation ALTER COLUMN reorganised SET DEFAULT true;

-- What each change of the organisation did, as a chain: `hash` is of `body` and the hash before.
CREATE TABLE reorganisation (
    position   integer     PRIMARY KEY CHECK (position > 0),
    activation bigint      NOT NULL UNIQUE REFERENCES activation (position),
    at         timestamptz NOT NULL,
    person     text,
    body       bytea       NOT NULL,
    hash       text        NOT NULL CHECK (length(hash) = 64)
);
CREATE TRIGGER reorganisation_is_final BEFORE UPDATE OR DELETE ON reorganisation
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_history();
ALTER TABLE reorganisation ENABLE ALWAYS TRIGGER reorganisation_is_final;
CREATE TRIGGER reorganisation_stays BEFORE TRUNCATE ON reorganisation
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_history();
ALTER TABLE reorganisation ENABLE ALWAYS TRIGGER reorganisation_stays;

-- An entry of a ledger that no decision made: what another post had used up, and this one takes over.
ALTER TABLE allowance_use ALTER COLUMN case_id DROP NOT NULL;
ALTER TABLE allowance_use ALTER COLUMN seq DROP NOT NULL;
ALTER TABLE allowance_use ADD COLUMN reorganisation integer REFERENCES reorganisation (position);
ALTER TABLE allowance_use ADD COLUMN source text;
ALTER TABLE allowance_use ADD CONSTRAINT allowance_use_by CHECK (
    (case_id IS NULL) = (seq IS NULL) AND (case_id IS NULL) = (reorganisation IS NOT NULL)
    AND (case_id IS NULL) = (source IS NOT NULL));

-- Whether somebody holds a post at a moment, is not away, and may act in it. A post that is gone is
-- held when its first heir is.
CREATE OR REPLACE FUNCTION is_held(p_post text, p_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM appointment
                    WHERE post = coalesce((SELECT heir FROM post WHERE id = p_post), p_post)
                      AND during @> p_at
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
    -- answers is recorded before, or not at all. So are those that it takes over from.
    PERFORM FROM post WHERE id = p_post OR answered_for_by = p_post OR heir = p_post
      ORDER BY id FOR UPDATE;
    SELECT * INTO v_post FROM post WHERE id = p_post;
    IF NOT FOUND OR v_post.heir IS NOT NULL THEN
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

-- As `end_appointment`: not in the past, and one that has not begun by then is withdrawn.
-- The posts of the person are locked, and those that they take over from: who stands in for one of
-- them is recorded before or not at all.
CREATE OR REPLACE FUNCTION end_absence(p_id uuid, p_end timestamptz, p_by text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_during tstzrange;
    v_now    timestamptz;
    v_end    timestamptz;
BEGIN
    PERFORM FROM post
      WHERE coalesce(heir, id) IN (SELECT post FROM appointment
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

GRANT UPDATE (goes_on) ON appointment TO kingpost_app;
GRANT SELECT, INSERT, DELETE ON post_taken TO kingpost_app;
GRANT SELECT ON holding TO kingpost_app;
GRANT SELECT, INSERT ON reorganisation TO kingpost_app;
