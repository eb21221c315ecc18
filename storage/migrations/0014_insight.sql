-- What texts were found to say: readings, flags, groups that ask for the same; what may be shown to others, who joined it;
-- names of places that staff added, and models that were learnt meanwhile.

ALTER TABLE proposal_topics ADD COLUMN version {text} NOT NULL DEFAULT '';  -- of the model in use when the tag was given
ALTER TABLE proposals ADD COLUMN typed_place {text} NOT NULL DEFAULT '';    -- the name that the person used
ALTER TABLE proposals ADD COLUMN read_revision {int} NOT NULL DEFAULT 0;    -- the one that was read last
CREATE INDEX proposals_unread ON proposals (id) WHERE read_revision <> revision;

CREATE TABLE alike_groups (                   -- proposals that ask for the same
  id {id},
  dialogue_id {int} NOT NULL REFERENCES dialogues,
  number {int} NOT NULL,
  UNIQUE (dialogue_id, number)
) {strict};

CREATE TABLE readings (
  proposal_id {int} PRIMARY KEY REFERENCES proposals ON DELETE CASCADE,
  language {text} NOT NULL,                   -- vi, en, zh, other, unsure
  urgency {int} NOT NULL,                     -- 2: says that somebody is in danger, 1: there are signs of it
  is_folded {int} NOT NULL,                   -- listed only where it is asked for
  profile {text} NOT NULL,
  group_id {int} REFERENCES alike_groups,
  closeness {int} NOT NULL DEFAULT 0          -- to the others of its group, in thousandths a pair
) {strict};
CREATE INDEX readings_group ON readings (group_id, closeness);

CREATE TABLE terms (                          -- under which a proposal is found by one that asks for the same
  dialogue_id {int} NOT NULL REFERENCES dialogues,
  term {text} NOT NULL,
  proposal_id {int} NOT NULL REFERENCES proposals ON DELETE CASCADE,
  PRIMARY KEY (dialogue_id, term, proposal_id)
) {strict};
CREATE INDEX terms_proposal ON terms (proposal_id);

CREATE TABLE proposal_flags (
  proposal_id {int} NOT NULL REFERENCES proposals ON DELETE CASCADE,
  flag {text} NOT NULL,                       -- danger, sign, foreign, flood, copy, empty, advert, insult
  lifted_at {int},                            -- when staff said that it is none
  PRIMARY KEY (proposal_id, flag)
) {strict};

CREATE TABLE showings (                       -- what other young people may see
  proposal_id {int} PRIMARY KEY REFERENCES proposals ON DELETE CASCADE,
  state {text} NOT NULL,                      -- asked, shown, refused
  wording {text} NOT NULL,                    -- of staff; empty: its author's own
  address_id {int} REFERENCES addresses ON DELETE SET NULL,
  at {int} NOT NULL
) {strict};
CREATE INDEX showings_address ON showings (address_id);

CREATE TABLE supporters (                     -- who joined a proposal of somebody else
  proposal_id {int} NOT NULL REFERENCES proposals ON DELETE CASCADE,
  person_id {int} NOT NULL REFERENCES people ON DELETE CASCADE,
  address_id {int} NOT NULL REFERENCES addresses ON DELETE CASCADE,
  joined_at {int} NOT NULL,
  PRIMARY KEY (proposal_id, person_id)
) {strict};
CREATE INDEX supporters_person ON supporters (person_id);
CREATE INDEX supporters_address ON supporters (address_id);

CREATE TABLE place_aliases (                  -- what people call a place, added by staff
  id {id},
  era {int} NOT NULL,
  name {text} NOT NULL,
  folded {text} NOT NULL,                     -- in lower case and without marks: what is compared
  unit {text} NOT NULL,
  address_id {int} REFERENCES addresses ON DELETE SET NULL,
  added_at {int} NOT NULL,
  UNIQUE (era, folded)
) {strict};
CREATE INDEX place_aliases_address ON place_aliases (address_id);

CREATE TABLE topic_models (                   -- what was learnt from corrections
  id {id},
  version {text} NOT NULL,
  source {text} NOT NULL,                     -- a digest of the pack's examples that it was learnt from as well
  is_kept {int} NOT NULL,
  model {text} NOT NULL,                      -- JSON; empty where it is not kept
  corrections {int} NOT NULL,                 -- how many there were
  share_before {int} NOT NULL,                -- of the fixed part, right without it: in ten thousandths
  share_after {int} NOT NULL,
  trained_at {int} NOT NULL
) {strict};
