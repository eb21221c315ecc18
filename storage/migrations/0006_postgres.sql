-- What several processes need: keys that all of them know, and buttons that are taken off without SQLite's functions.

CREATE TABLE keys (
  name {text} PRIMARY KEY,
  value {blob} NOT NULL
) {strict};

ALTER TABLE transcripts ADD COLUMN has_buttons {int} NOT NULL DEFAULT 1;  -- 0 once the buttons in its content were taken off
