-- How fast somebody is read, and what went wrong.

ALTER TABLE addresses ADD COLUMN paced_until {int} NOT NULL DEFAULT 0;  -- each message moves it on by its share of a minute
ALTER TABLE inbox ADD COLUMN due_at {int} NOT NULL DEFAULT 0;           -- not read before: its writer is faster than the pace
CREATE INDEX outbox_failed ON outbox (id) WHERE status = 'failed';
