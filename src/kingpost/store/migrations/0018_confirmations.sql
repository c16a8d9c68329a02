-- What one person proposes stands in the worklists of those who may confirm it.

ALTER TABLE task DROP CONSTRAINT task_kind_check;
ALTER TABLE task ADD CONSTRAINT task_kind_check
    CHECK (kind IN ('task', 'decision', 'wait', 'call', 'run', 'review', 'confirmation'));
-- There are few of them at any time, and every worklist asks for them.
CREATE INDEX task_confirmation ON task (case_id) WHERE kind = 'confirmation';

-- What was proposed before, and is so still. The posts that may confirm it are those of the model
-- that its case runs on; its identity is worked out as `values/identity.derive` does.
WITH waiting AS (
    SELECT c.id, c.workflow, c.position -> 'proposal' AS proposal,
           coalesce(c.position #>> ARRAY['tokens', c.position #>> '{proposal,task}', 'step'], '')
               AS step,
           convert_from(model_version.content, 'UTF8')::jsonb
               #> ARRAY['model', 'workflows', c.workflow] AS declared,
           encode(substr(sha256(convert_to(
               c.id || '/' || (c.position #>> '{proposal,event}') || '/confirmation', 'UTF8')),
               1, 16), 'hex') AS noise
      FROM case_file AS c
      JOIN model_version ON model_version.digest = c.model
     WHERE c.position ? 'proposal'
), found AS (
    SELECT waiting.*, (proposal ->> 'until')::timestamptz AS until,
           CASE WHEN proposal ? 'until' THEN
                jsonb_path_query_first(
                    declared, '$.** ? (@.id == $step).override.confirmed_by',
                    jsonb_build_object('step', step))
                ELSE declared -> 'repaired_by' END AS posts
      FROM waiting
)
INSERT INTO task (id, case_id, workflow, step, kind, role, opened_at, due_at, ends_at, told)
SELECT overlay(overlay(noise placing '8' FROM 13 FOR 1)
               placing translate(substr(noise, 17, 1), '0123456789abcdef', '89ab89ab89ab89ab')
               FROM 17 FOR 1)::uuid,
       found.id, found.workflow, found.step, 'confirmation', '', event.at, until, until,
       ARRAY(SELECT jsonb_array_elements_text(posts))
  FROM found
  JOIN event ON event.case_id = found.id AND event.seq = (proposal ->> 'event')::integer;

-- To which post goes what was laid on one that the version that runs has no longer. It follows from
-- the versions that took effect, and is kept so that it need not be worked out each time.
CREATE TABLE post_heir (
    post text PRIMARY KEY,
    heir text NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON post_heir TO kingpost_app;
