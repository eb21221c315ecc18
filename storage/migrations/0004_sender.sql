-- What the sender must remember over its end, and broadcasts: one row of the outbox a person, made a few hundred at a time.

ALTER TABLE addresses ADD COLUMN held_until {int} NOT NULL DEFAULT 0;  -- the messenger asked to wait with this chat

CREATE TABLE budgets (                        -- one bucket of tokens a messenger
  channel {text} PRIMARY KEY,
  level {int} NOT NULL,                       -- thousandths of a token that were left
  counted_at {int} NOT NULL,                  -- when
  blocked_until {int} NOT NULL                -- the messenger asked to wait with everybody
) {strict};

CREATE TABLE broadcasts (
  id {id},
  kind {text} NOT NULL,                       -- news, broadcast: of the outbox
  bodies {text} NOT NULL,                     -- JSON: what is said, by language; the first stands in for those that lack one
  audience {text} NOT NULL,                   -- JSON: who gets it
  status {text} NOT NULL,                     -- ready, running, paused, cancelled, done
  due_at {int} NOT NULL,
  last_person {int} NOT NULL DEFAULT 0,       -- rows are made in the order of people's ids: this one was the last
  is_gone_through {int} NOT NULL DEFAULT 0,   -- 1 once everyone had a turn: from then on only who has joined since
  address_id {int} REFERENCES addresses ON DELETE SET NULL,  -- whose it is
  created_at {int} NOT NULL,
  started_at {int},
  ended_at {int}
) {strict};
CREATE INDEX broadcasts_going ON broadcasts (status) WHERE status IN ('ready', 'running');
CREATE INDEX broadcasts_address ON broadcasts (address_id);

ALTER TABLE outbox ADD COLUMN person_id {int};           -- of a broadcast: whoever it is for gets it once, on whatever channel
ALTER TABLE outbox ADD COLUMN broadcast_id {int};          -- none is ever deleted
ALTER TABLE outbox ADD COLUMN offered_at {int};          -- unsure: when the person was asked whether to show it
ALTER TABLE outbox ADD COLUMN shown_at {int};            -- unsure: when it was shown again
CREATE UNIQUE INDEX outbox_once_a_person ON outbox (broadcast_id, person_id) WHERE broadcast_id IS NOT NULL;
CREATE INDEX outbox_of_broadcast ON outbox (broadcast_id, status) WHERE broadcast_id IS NOT NULL;
CREATE INDEX outbox_unsure ON outbox (address_id) WHERE status = 'unsure';
CREATE INDEX outbox_leases ON outbox (leased_until) WHERE status = 'leased';
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (priority, due_at, id) WHERE status = 'new';
CREATE INDEX people_joined ON people (age_told_at);
