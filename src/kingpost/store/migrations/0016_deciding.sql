-- A case that asks is looked at again once it has moved, and somebody may decide of it.

-- Why a person decided of one case; empty for a change of the model.
ALTER TABLE carry_over ADD COLUMN reason text NOT NULL DEFAULT '';

DROP INDEX carry_over_waits;
CREATE INDEX carry_over_waits ON carry_over_case (carry_over, case_id)
 WHERE outcome IN ('waits', 'asks');
