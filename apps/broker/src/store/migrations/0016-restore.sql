-- What a restore leaves behind: when it was, up to which seq every epoch of the log says the same, and whether an owner has yet to confirm the roster that it ends with.
ALTER TABLE mesh ADD COLUMN restored_at BIGINT;
ALTER TABLE mesh ADD COLUMN restored_base BIGINT;
ALTER TABLE mesh ADD COLUMN unconfirmed BIGINT NOT NULL DEFAULT 0;
