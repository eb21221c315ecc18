-- One person on several channels, and voice messages that staff type.

ALTER TABLE people ADD COLUMN joined_to {int} REFERENCES people ON DELETE CASCADE;  -- no chat is theirs as long as they are somebody else too
CREATE INDEX people_joined_to ON people (joined_to);

ALTER TABLE addresses ADD COLUMN home_id {int} REFERENCES people ON DELETE SET NULL;  -- who stood behind it before it was linked
ALTER TABLE addresses ADD COLUMN mailbox {int};               -- the address whose mailbox it shares; NULL: its own
CREATE INDEX addresses_mailbox ON addresses (mailbox) WHERE mailbox IS NOT NULL;
CREATE INDEX addresses_home ON addresses (home_id);

ALTER TABLE staff ADD COLUMN address_id {int} REFERENCES addresses ON DELETE SET NULL;  -- by which the role came: it leaves with it
UPDATE staff SET address_id = (SELECT min(a.id) FROM addresses a WHERE a.person_id = staff.person_id);
CREATE INDEX staff_address ON staff (address_id);

ALTER TABLE outbox ADD COLUMN stays {int} NOT NULL DEFAULT 0;  -- 1: for this chat, not for its person wherever they are

CREATE TABLE link_codes (                     -- what is shown in one chat and entered in another
  code_hash {text} PRIMARY KEY,
  address_id {int} NOT NULL UNIQUE REFERENCES addresses ON DELETE CASCADE,
  expires_at {int} NOT NULL
) {strict};

CREATE TABLE link_requests (                  -- two chats that are to be one person's
  id {id},
  shown_by {int} NOT NULL REFERENCES addresses ON DELETE CASCADE,
  entered_by {int} NOT NULL REFERENCES addresses ON DELETE CASCADE,
  state {text} NOT NULL,                      -- entered, then agreed by who entered it; gone when it is settled
  expires_at {int} NOT NULL
) {strict};
CREATE INDEX link_requests_shown ON link_requests (shown_by);
CREATE INDEX link_requests_entered ON link_requests (entered_by);

ALTER TABLE proposal_files ADD COLUMN seconds {int};          -- of a voice message, where its messenger says so

CREATE TABLE hearings (                       -- proposals that were only spoken, until somebody has typed them
  proposal_id {int} PRIMARY KEY REFERENCES proposals ON DELETE CASCADE,
  state {text} NOT NULL,                      -- waiting, unclear, typed, confirmed, corrected
  text {text} NOT NULL DEFAULT '',            -- as staff typed it, whatever the author made of it
  address_id {int} REFERENCES addresses ON DELETE SET NULL,  -- who listens, or has typed it
  held_until {int} NOT NULL DEFAULT 0,        -- somebody listens until then
  at {int} NOT NULL
) {strict};
CREATE INDEX hearings_waiting ON hearings (at, proposal_id) WHERE state = 'waiting';
CREATE INDEX hearings_address ON hearings (address_id);
