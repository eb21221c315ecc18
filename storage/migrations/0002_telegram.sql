-- Messengers that keep a person's files until they are fetched, and tell who blocked the bot.

ALTER TABLE addresses ADD COLUMN blocked_at {int};  -- nothing goes out by itself until the person writes again

CREATE TABLE fetches (                        -- files that are with the messenger until a job has fetched them
  address_id {int} NOT NULL REFERENCES addresses ON DELETE CASCADE,
  reference {text} NOT NULL,                  -- the messenger's handle
  digest {text} REFERENCES files,             -- once the bytes are in the file store
  asked_at {int} NOT NULL,
  PRIMARY KEY (address_id, reference)
) {strict};
CREATE INDEX fetches_digest ON fetches (digest);

CREATE TABLE proposal_files_with_reference (
  proposal_id {int} NOT NULL REFERENCES proposals ON DELETE CASCADE,
  n {int} NOT NULL,
  digest {text} REFERENCES files,             -- NULL while the file is still with the messenger
  reference {text} NOT NULL DEFAULT '',
  kind {text} NOT NULL,
  name {text} NOT NULL,
  PRIMARY KEY (proposal_id, n)
) {strict};
INSERT INTO proposal_files_with_reference (proposal_id, n, digest, kind, name)
  SELECT proposal_id, n, digest, kind, name FROM proposal_files;
DROP TABLE proposal_files;
ALTER TABLE proposal_files_with_reference RENAME TO proposal_files;
CREATE INDEX proposal_files_digest ON proposal_files (digest);
CREATE INDEX proposal_files_waiting ON proposal_files (reference) WHERE digest IS NULL;
