-- What a young person's first proposal needs: from the message that came in to the proposal that staff read.

CREATE TABLE people (
  id {id},
  place {text} NOT NULL DEFAULT '',           -- code of a unit of the dialogue's era
  former_place {text} NOT NULL DEFAULT '',    -- code of the old unit the person named
  typed_place {text} NOT NULL DEFAULT '',     -- what the person wrote
  place_told_at {int},                        -- when the question was answered, be it by "skip"
  age_band {text} NOT NULL DEFAULT '',
  age_told_at {int},
  created_at {int} NOT NULL
) {strict};

CREATE TABLE consents (
  id {id},
  person_id {int} NOT NULL REFERENCES people ON DELETE CASCADE,
  version {text} NOT NULL,                    -- of the text that was agreed to
  language {text} NOT NULL,
  channel {text} NOT NULL,
  given_at {int} NOT NULL
) {strict};
CREATE INDEX consents_person ON consents (person_id);

CREATE TABLE addresses (
  id {id},
  channel {text} NOT NULL,
  chat {text} NOT NULL,
  person_id {int} REFERENCES people ON DELETE CASCADE,
  language {text} NOT NULL DEFAULT '',
  conversations {int} NOT NULL DEFAULT 0,     -- how many were begun here; the newest bears this number
  last_written_at {int} NOT NULL,             -- something other than a press
  created_at {int} NOT NULL,
  UNIQUE (channel, chat)
) {strict};
CREATE INDEX addresses_person ON addresses (person_id);

CREATE TABLE conversations (
  address_id {int} NOT NULL REFERENCES addresses ON DELETE CASCADE,
  serial {int} NOT NULL,
  name {text} NOT NULL,
  status {text} NOT NULL,                     -- open, parked
  state {text} NOT NULL,
  version {int} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (address_id, serial)
) {strict};
CREATE UNIQUE INDEX conversations_one_open ON conversations (address_id) WHERE status = 'open';

CREATE TABLE inbox (
  id {id},
  channel {text} NOT NULL,
  message_id {text} NOT NULL,                 -- the messenger's own
  address_id {int} REFERENCES addresses ON DELETE SET NULL,
  job_id {int},                               -- a due job goes the same way as a message
  payload {text} NOT NULL,                    -- blanked by the turn that finishes it
  status {text} NOT NULL DEFAULT 'new',       -- new, done, failed
  attempts {int} NOT NULL DEFAULT 0,
  error {text} NOT NULL DEFAULT '',
  received_at {int} NOT NULL,
  UNIQUE (channel, message_id)
) {strict};
CREATE INDEX inbox_open ON inbox (status, id) WHERE status <> 'done';
CREATE INDEX inbox_received ON inbox (received_at);
CREATE INDEX inbox_address ON inbox (address_id);

CREATE TABLE outbox (
  id {id},
  cause {text} NOT NULL,                      -- turn:<inbox id>, answer:<id>:<revision>, broadcast:<id>
  address_id {int} NOT NULL REFERENCES addresses ON DELETE CASCADE,
  n {int} NOT NULL,
  kind {text} NOT NULL,                       -- reply, alert, answer, reminder, news, broadcast
  priority {int} NOT NULL,
  slot {text} NOT NULL DEFAULT '',            -- messages of one slot replace one another
  body {text} NOT NULL,                       -- phrases, buttons, files; rendered when claimed
  choices {text} NOT NULL DEFAULT '',         -- JSON list of its buttons' data, in the order a numbered list shows them
  status {text} NOT NULL,                     -- new, leased, sent, replaced, failed, unsure
  due_at {int} NOT NULL,
  boot {text} NOT NULL DEFAULT '',
  leased_until {int} NOT NULL DEFAULT 0,
  attempts {int} NOT NULL DEFAULT 0,
  reference {text} NOT NULL DEFAULT '',       -- the messenger's id of the message
  sent_at {int},
  error {text} NOT NULL DEFAULT '',
  created_at {int} NOT NULL,
  UNIQUE (cause, address_id, n)
) {strict};
CREATE INDEX outbox_unsent ON outbox (address_id, id) WHERE status IN ('new', 'leased');
CREATE INDEX outbox_due ON outbox (priority, due_at) WHERE status IN ('new', 'leased');
CREATE INDEX outbox_address ON outbox (address_id, id);

CREATE TABLE jobs (
  id {id},
  name {text} NOT NULL,
  address_id {int} NOT NULL REFERENCES addresses ON DELETE CASCADE,
  argument {text} NOT NULL,
  due_at {int} NOT NULL,
  created_at {int} NOT NULL
) {strict};
CREATE INDEX jobs_due ON jobs (due_at);
CREATE INDEX jobs_address ON jobs (address_id);

CREATE TABLE files (
  digest {text} PRIMARY KEY,                  -- SHA-256 of the bytes, hex: their name in the file store
  size {int} NOT NULL,
  media_type {text} NOT NULL,
  stored_at {int} NOT NULL
) {strict};

CREATE TABLE held_files (                     -- what a chat sent and may still use
  address_id {int} NOT NULL REFERENCES addresses ON DELETE CASCADE,
  digest {text} NOT NULL REFERENCES files,
  held_at {int} NOT NULL,
  PRIMARY KEY (address_id, digest)
) {strict};
CREATE INDEX held_files_digest ON held_files (digest);

CREATE TABLE dialogues (
  id {id},
  code {text} NOT NULL UNIQUE,                -- prefix and year: what its proposals' codes begin with
  theme {text} NOT NULL,
  era {int} NOT NULL,
  is_current {int} NOT NULL,
  last_number {int} NOT NULL DEFAULT 0,
  created_at {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX dialogues_one_current ON dialogues (is_current) WHERE is_current = 1;

CREATE TABLE proposals (
  id {id},
  code {text} NOT NULL UNIQUE,
  dialogue_id {int} NOT NULL REFERENCES dialogues,
  person_id {int} REFERENCES people ON DELETE SET NULL,
  address_id {int} REFERENCES addresses ON DELETE SET NULL,
  number {int} NOT NULL,
  key_hash {text} NOT NULL,                   -- of the key for looking it up elsewhere
  text {text} NOT NULL,
  lead {text} NOT NULL DEFAULT '',
  kind {text} NOT NULL,
  place {text} NOT NULL DEFAULT '',
  former_place {text} NOT NULL DEFAULT '',
  age_band {text} NOT NULL,
  name {text} NOT NULL DEFAULT '',            -- empty: anonymous
  only_province {int} NOT NULL DEFAULT 0,
  state {text} NOT NULL,
  created_at {int} NOT NULL,
  UNIQUE (dialogue_id, number)
) {strict};
CREATE INDEX proposals_newest ON proposals (dialogue_id, id);
CREATE INDEX proposals_person ON proposals (person_id);
CREATE INDEX proposals_address ON proposals (address_id);

CREATE TABLE proposal_topics (
  proposal_id {int} NOT NULL REFERENCES proposals ON DELETE CASCADE,
  rank {int} NOT NULL,                        -- 0 is the main topic
  topic {text} NOT NULL,
  score {int} NOT NULL,                       -- thousandths; 1000 where a person chose it
  chosen_by {text} NOT NULL,                  -- machine, author, staff
  PRIMARY KEY (proposal_id, rank)
) {strict};

CREATE TABLE proposal_files (
  proposal_id {int} NOT NULL REFERENCES proposals ON DELETE CASCADE,
  n {int} NOT NULL,
  digest {text} NOT NULL REFERENCES files,
  kind {text} NOT NULL,
  name {text} NOT NULL,
  PRIMARY KEY (proposal_id, n)
) {strict};
CREATE INDEX proposal_files_digest ON proposal_files (digest);

CREATE TABLE staff (
  person_id {int} PRIMARY KEY REFERENCES people ON DELETE CASCADE,
  role {text} NOT NULL,
  source {text} NOT NULL,                     -- invite, settings
  given_at {int} NOT NULL
) {strict};

CREATE TABLE invites (
  code_hash {text} PRIMARY KEY,
  role {text} NOT NULL,
  expires_at {int} NOT NULL,
  used_at {int}
) {strict};

CREATE TABLE record (                         -- who did what when; ids and numbers, never texts
  id {id},
  at {int} NOT NULL,
  address_id {int} REFERENCES addresses ON DELETE SET NULL,
  act {text} NOT NULL,
  object {text} NOT NULL DEFAULT ''
) {strict};
CREATE INDEX record_address ON record (address_id);

CREATE TABLE transcripts (                    -- what a chat of the web page shows
  id {id},
  address_id {int} NOT NULL REFERENCES addresses ON DELETE CASCADE,
  number {int} NOT NULL,                      -- of this message within its chat
  change {int} NOT NULL,                      -- of the chat's latest change to it: what a page asks for
  side {text} NOT NULL,                       -- bot, person
  key {text} NOT NULL,                        -- of the message: the same for each try
  content {text} NOT NULL,
  created_at {int} NOT NULL,
  UNIQUE (address_id, number),
  UNIQUE (address_id, side, key)
) {strict};
CREATE INDEX transcripts_change ON transcripts (address_id, change);
