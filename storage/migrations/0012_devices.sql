-- One chat of the page on several devices, and browsers that are woken when it is closed.

CREATE TABLE sign_outs (                      -- chats whose other devices were signed out
  chat {text} PRIMARY KEY,
  generation {int} NOT NULL,                  -- cookies of an earlier one count no more
  changed_at {int} NOT NULL
) {strict};

CREATE TABLE device_codes (                   -- one-time codes that take a chat to another device
  code_hash {text} PRIMARY KEY,
  chat {text} NOT NULL UNIQUE,
  expires_at {int} NOT NULL
) {strict};

CREATE TABLE subscriptions (                  -- browsers that are told, by way of their maker, that something has come
  endpoint {text} PRIMARY KEY,
  address_id {int} NOT NULL REFERENCES addresses ON DELETE CASCADE,
  key {text} NOT NULL,                        -- the browser's public key (p256dh)
  auth {text} NOT NULL,
  created_at {int} NOT NULL
) {strict};
CREATE INDEX subscriptions_address ON subscriptions (address_id);
