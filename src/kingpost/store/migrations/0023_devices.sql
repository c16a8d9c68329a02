-- From what a person signed in, so that they know their sessions apart.
ALTER TABLE session ADD COLUMN device text NOT NULL DEFAULT '' CHECK (length(device) <= 100);
