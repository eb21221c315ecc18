-- Events: who is invited, who comes, their reminders, the points they are followed from, and what happens on the day.

CREATE TABLE events (
  id {id},
  uid {text} NOT NULL UNIQUE,                 -- what calendars know it by, for good
  state {text} NOT NULL,                      -- draft, published, cancelled
  revision {int} NOT NULL DEFAULT 0,          -- rises with every change once it is published, a cancellation too
  title {text} NOT NULL,
  start_at {int} NOT NULL,
  end_at {int},
  hall {text} NOT NULL DEFAULT '',
  link {text} NOT NULL DEFAULT '',
  about {text} NOT NULL DEFAULT '',
  audience {text} NOT NULL,                   -- JSON: who is invited
  is_selective {int} NOT NULL DEFAULT 0,      -- people apply, staff choose
  seats {int} NOT NULL DEFAULT 0,             -- 0: as many as come
  quotas {text} NOT NULL,                     -- JSON: how many of which group, and from which place
  offsets {text} NOT NULL,                    -- JSON: minutes before the start at which people are reminded
  has_points {int} NOT NULL DEFAULT 0,        -- it is followed from bridge points as well
  code {text} NOT NULL,                       -- four digits, shown in the hall
  token {text} NOT NULL,                      -- the same as a link
  broadcast_id {int},                         -- the invitation
  address_id {int} REFERENCES addresses ON DELETE SET NULL,  -- who made it
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL
) {strict};
CREATE INDEX events_address ON events (address_id);
CREATE INDEX events_start ON events (state, start_at);

CREATE TABLE sign_ups (
  id {id},
  event_id {int} NOT NULL REFERENCES events ON DELETE CASCADE,
  person_id {int} NOT NULL REFERENCES people ON DELETE CASCADE,
  state {text} NOT NULL,                      -- going, waiting, maybe, no, applied, picked, chosen, declined
  line {text} NOT NULL DEFAULT '',            -- what an applicant says
  queued_at {int} NOT NULL,                   -- since when they want a seat
  answered_at {int} NOT NULL,
  UNIQUE (event_id, person_id)
) {strict};
CREATE INDEX sign_ups_state ON sign_ups (event_id, state, queued_at, id);
CREATE INDEX sign_ups_person ON sign_ups (person_id);

CREATE TABLE reminders (
  id {id},
  event_id {int} NOT NULL REFERENCES events ON DELETE CASCADE,
  person_id {int} NOT NULL REFERENCES people ON DELETE CASCADE,
  start_at {int} NOT NULL,                    -- of the event as it stood: of another time people are reminded anew
  minutes_before {int} NOT NULL,
  due_at {int} NOT NULL,
  state {text} NOT NULL,                      -- waiting, made (it is in the outbox), void, missed
  why {text} NOT NULL DEFAULT '',             -- missed: late, begun, quiet, nowhere
  pressed_at {int}                            -- when a button of it was first pressed
) {strict};
CREATE UNIQUE INDEX reminders_once ON reminders (event_id, person_id, start_at, minutes_before) WHERE state <> 'void';
CREATE INDEX reminders_due ON reminders (due_at, id) WHERE state = 'waiting';
CREATE INDEX reminders_person ON reminders (person_id);
CREATE INDEX reminders_event ON reminders (event_id);

ALTER TABLE outbox ADD COLUMN reminder_id {int};           -- its words are made when it goes out
CREATE UNIQUE INDEX outbox_once_a_reminder ON outbox (reminder_id) WHERE reminder_id IS NOT NULL;

CREATE TABLE bridge_points (
  event_id {int} NOT NULL REFERENCES events ON DELETE CASCADE,
  place {text} NOT NULL,                      -- code of a unit, or of a district where there were some
  name {text} NOT NULL,
  room {text} NOT NULL DEFAULT '',
  opens {text} NOT NULL DEFAULT '',           -- the hour, as it was typed
  technician {text} NOT NULL DEFAULT '',
  is_ready {int} NOT NULL DEFAULT 0,
  filled_at {int},
  address_id {int} REFERENCES addresses ON DELETE SET NULL,  -- who filled it in
  PRIMARY KEY (event_id, place)
) {strict};
CREATE INDEX bridge_points_address ON bridge_points (address_id);

CREATE TABLE check_ins (
  event_id {int} NOT NULL REFERENCES events ON DELETE CASCADE,
  person_id {int} NOT NULL REFERENCES people ON DELETE CASCADE,
  how {text} NOT NULL,                        -- code, link
  at {int} NOT NULL,
  PRIMARY KEY (event_id, person_id)
) {strict};
CREATE INDEX check_ins_person ON check_ins (person_id);

CREATE TABLE live_questions (
  id {id},
  event_id {int} NOT NULL REFERENCES events ON DELETE CASCADE,
  person_id {int} NOT NULL REFERENCES people ON DELETE CASCADE,
  text {text} NOT NULL,
  asked_at {int} NOT NULL
) {strict};
CREATE INDEX live_questions_event ON live_questions (event_id, id);
CREATE INDEX live_questions_person ON live_questions (person_id);

CREATE TABLE nudges (                         -- that somebody was told once of a draft
  address_id {int} NOT NULL REFERENCES addresses ON DELETE CASCADE,
  serial {int} NOT NULL,
  occasion {text} NOT NULL,                   -- next_day, closing
  at {int} NOT NULL,
  PRIMARY KEY (address_id, serial, occasion)
) {strict};
