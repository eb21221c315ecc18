-- The calendar of dialogues, one current for each chair; what staff are reminded of; what part of it all somebody is for.

ALTER TABLE dialogues ADD COLUMN scope {text} NOT NULL DEFAULT '';  -- empty: the province's; else the code of a commune
ALTER TABLE dialogues ADD COLUMN opens_at {int};             -- proposals are taken from then on
ALTER TABLE dialogues ADD COLUMN closes_at {int};            -- and up to then
ALTER TABLE dialogues ADD COLUMN published_at {int};         -- days, by their first moment: the plan is public,
ALTER TABLE dialogues ADD COLUMN held_at {int};              -- the dialogue itself,
ALTER TABLE dialogues ADD COLUMN concludes_at {int};         -- and the last on which its conclusion may be published
ALTER TABLE dialogues ADD COLUMN ended_at {int};             -- another one became the current one
UPDATE dialogues SET ended_at = created_at WHERE is_current = 0;
DROP INDEX dialogues_one_current;
CREATE UNIQUE INDEX dialogues_one_current ON dialogues (scope) WHERE is_current = 1;
CREATE UNIQUE INDEX dialogues_one_next ON dialogues (scope) WHERE is_current = 0 AND ended_at IS NULL;

CREATE TABLE passings (                       -- proposals that went from one dialogue to another
  id {id},
  proposal_id {int} NOT NULL REFERENCES proposals ON DELETE CASCADE,
  from_id {int} NOT NULL REFERENCES dialogues,
  to_id {int} NOT NULL REFERENCES dialogues,
  address_id {int} REFERENCES addresses ON DELETE SET NULL,
  at {int} NOT NULL
) {strict};
CREATE INDEX passings_proposal ON passings (proposal_id, id);
CREATE INDEX passings_address ON passings (address_id);
CREATE INDEX passings_from ON passings (from_id);
CREATE INDEX passings_to ON passings (to_id);

CREATE TABLE waiting_drafts (                 -- what was to be sent before its dialogue opened
  address_id {int} NOT NULL REFERENCES addresses ON DELETE CASCADE,
  serial {int} NOT NULL,                      -- of the conversation that was put aside
  dialogue_id {int} NOT NULL REFERENCES dialogues,
  PRIMARY KEY (address_id, serial)
) {strict};
CREATE INDEX waiting_drafts_dialogue ON waiting_drafts (dialogue_id);

CREATE TABLE duties_done (                    -- publish, close, hand_over, conclude: what staff ticked off
  dialogue_id {int} NOT NULL REFERENCES dialogues,
  duty {text} NOT NULL,
  address_id {int} REFERENCES addresses ON DELETE SET NULL,
  at {int} NOT NULL,
  PRIMARY KEY (dialogue_id, duty)
) {strict};
CREATE INDEX duties_done_address ON duties_done (address_id);

CREATE TABLE staff_reminders (                -- never told twice of the same day from the same distance
  id {id},
  dialogue_id {int} NOT NULL REFERENCES dialogues,
  duty {text} NOT NULL,
  day {int} NOT NULL,                         -- on which it is due, by its first moment
  distance {int} NOT NULL,                    -- days from it: -7 is a week before
  due_at {int} NOT NULL,
  status {text} NOT NULL,                     -- planned, sent, late, missed
  settled_at {int},
  UNIQUE (dialogue_id, duty, day, distance)
) {strict};
CREATE INDEX staff_reminders_due ON staff_reminders (due_at) WHERE status = 'planned';

ALTER TABLE staff ADD COLUMN scope {text} NOT NULL DEFAULT '';    -- codes of communes, the name of an agency, or all
ALTER TABLE staff ADD COLUMN label {text} NOT NULL DEFAULT '';    -- by what the office knows them
ALTER TABLE invites ADD COLUMN scope {text} NOT NULL DEFAULT '';
ALTER TABLE invites ADD COLUMN label {text} NOT NULL DEFAULT '';
