-- What became of a proposal: its path, what it said before, what was added and asked; and what a person chose for themselves.

ALTER TABLE people ADD COLUMN crowd {text} NOT NULL DEFAULT '';       -- pupil or student, farmer …: one of the pack's groups
ALTER TABLE people ADD COLUMN wants_reminders {int} NOT NULL DEFAULT 1;
ALTER TABLE people ADD COLUMN wants_news {int} NOT NULL DEFAULT 1;

ALTER TABLE proposals ADD COLUMN revision {int} NOT NULL DEFAULT 1;

CREATE TABLE revisions (                      -- what a proposal said before it was changed
  proposal_id {int} NOT NULL REFERENCES proposals ON DELETE CASCADE,
  revision {int} NOT NULL,
  content {text} NOT NULL,                    -- JSON
  replaced_at {int} NOT NULL,
  PRIMARY KEY (proposal_id, revision)
) {strict};

CREATE TABLE steps (                          -- the path of a proposal
  id {id},
  proposal_id {int} NOT NULL REFERENCES proposals ON DELETE CASCADE,
  state {text} NOT NULL,                      -- received, taken_up, withdrawn …
  reason {text} NOT NULL DEFAULT '',          -- of withdrawing: the key of a press
  address_id {int} REFERENCES addresses ON DELETE SET NULL,
  at {int} NOT NULL
) {strict};
CREATE INDEX steps_proposal ON steps (proposal_id, id);
CREATE INDEX steps_address ON steps (address_id);

CREATE TABLE parts (                          -- what was said about a proposal after it was sent
  id {id},
  proposal_id {int} NOT NULL REFERENCES proposals ON DELETE CASCADE,
  kind {text} NOT NULL,                       -- added, replied (by the author), asked (by staff)
  text {text} NOT NULL,
  address_id {int} REFERENCES addresses ON DELETE SET NULL,
  at {int} NOT NULL
) {strict};
CREATE INDEX parts_proposal ON parts (proposal_id, id);
CREATE INDEX parts_address ON parts (address_id);

CREATE TABLE lookups (                        -- wrong tries, for their limit; gone after an hour
  id {id},
  subject {text} NOT NULL,                    -- code:… or from:…, the latter hashed
  at {int} NOT NULL
) {strict};
CREATE INDEX lookups_subject ON lookups (subject, at);

INSERT INTO steps (proposal_id, state, address_id, at) SELECT id, 'received', address_id, created_at FROM proposals;
