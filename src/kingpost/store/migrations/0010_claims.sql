-- What a worker is about to do, so that another takes what comes after it. A claim is only a hint:
-- what is done twice has one effect, by its key, and what nobody does falls due again when the claim
-- is over. So it need not survive a crash, and costs no log.
CREATE UNLOGGED TABLE claim (
    id    uuid        PRIMARY KEY,
    until timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON claim TO kingpost_app;
