-- Messengers without buttons and files, that limit what they are sent by itself: codes for choices, links, a count.

CREATE TABLE codes (                          -- short words for the buttons of what nobody asked for
  address_id {int} NOT NULL REFERENCES addresses ON DELETE CASCADE,
  code {text} NOT NULL,
  outbox_id {int} NOT NULL,                   -- the message
  n {int} NOT NULL,                           -- and which of its buttons
  data {text} NOT NULL,
  given_at {int} NOT NULL,
  PRIMARY KEY (address_id, code)
) {strict};
CREATE INDEX codes_given ON codes (given_at);

CREATE TABLE links (                          -- files that are fetched from the pages instead of sent
  id {text} PRIMARY KEY,                      -- drawn; the address also bears a signature that is stored nowhere
  address_id {int} NOT NULL REFERENCES addresses ON DELETE CASCADE,
  path {text} NOT NULL,
  name {text} NOT NULL,
  media_type {text} NOT NULL,
  expires_at {int} NOT NULL
) {strict};
CREATE INDEX links_address ON links (address_id);
CREATE INDEX links_expires ON links (expires_at);

CREATE TABLE unasked (                        -- what went out by itself, for its limits; it outlives its message
  outbox_id {int} PRIMARY KEY,
  channel {text} NOT NULL,
  at {int} NOT NULL                           -- 0: it was waited for, and counts for nothing
) {strict};
CREATE INDEX unasked_at ON unasked (channel, at);

-- The outbox has another status: "waiting", for what may not be sent before the person writes or the limit allows.
CREATE INDEX outbox_waiting ON outbox (address_id) WHERE status = 'waiting';
CREATE INDEX outbox_waiting_until ON outbox (due_at) WHERE status = 'waiting';
CREATE INDEX outbox_unasked ON outbox (address_id, sent_at) WHERE status = 'sent' AND kind <> 'reply';
