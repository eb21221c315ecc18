-- Several processes: each chat's rows are taken from the inbox in their order, what goes beside a chat apart from the rest.

ALTER TABLE inbox ADD COLUMN is_aside {int} NOT NULL DEFAULT 0;  -- a job that goes beside what its chat says
DROP INDEX inbox_address;
CREATE INDEX inbox_address ON inbox (address_id, id);
