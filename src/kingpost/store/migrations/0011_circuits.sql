-- Since when a circuit is open without a time in which it could have been tried and was not: what it
-- holds back is held since then at the earliest. Nothing for one that opened before this was kept.
ALTER TABLE breaker ADD COLUMN opened_at timestamptz;
