-- Broadcasts as staff steer them: whose they are, who let them out, what was done with them. Articles that people can read.

ALTER TABLE broadcasts ADD COLUMN author_id {int} REFERENCES people ON DELETE SET NULL;  -- another one lets it out
ALTER TABLE broadcasts ADD COLUMN released_at {int};     -- when somebody let it out
ALTER TABLE broadcasts ADD COLUMN reported_at {int};     -- when its author was told what became of it
CREATE INDEX broadcasts_author ON broadcasts (author_id);
-- A broadcast has another status: "unreleased", for what a second person must let out.

CREATE TABLE broadcast_steps (                -- what was done with a broadcast
  id {id},
  broadcast_id {int} NOT NULL REFERENCES broadcasts ON DELETE CASCADE,
  act {text} NOT NULL,                        -- made, released, released_alone, paused, resumed, cancelled
  reason {text} NOT NULL DEFAULT '',          -- why somebody let their own out alone
  person_id {int} REFERENCES people ON DELETE SET NULL,
  at {int} NOT NULL
) {strict};
CREATE INDEX broadcast_steps_broadcast ON broadcast_steps (broadcast_id, id);
CREATE INDEX broadcast_steps_person ON broadcast_steps (person_id);

CREATE TABLE broadcast_files (                -- kept as long as the broadcast is
  broadcast_id {int} NOT NULL REFERENCES broadcasts ON DELETE CASCADE,
  digest {text} NOT NULL REFERENCES files,
  PRIMARY KEY (broadcast_id, digest)
) {strict};
CREATE INDEX broadcast_files_digest ON broadcast_files (digest);

CREATE TABLE articles (                       -- what people can read
  id {id},
  section {text} NOT NULL,                    -- results, support, jobs, models
  topic {text} NOT NULL,                      -- the field that it is of
  texts {text} NOT NULL,                      -- JSON: by language, the first stands in for those that lack one
  links {text} NOT NULL,                      -- JSON: [label, address]
  words {text} NOT NULL,                      -- of all languages, without marks, a space on either side of each
  profile {text} NOT NULL,                    -- what it is compared by with what people write
  author_id {int} REFERENCES people ON DELETE SET NULL,
  created_at {int} NOT NULL,
  changed_at {int} NOT NULL,
  withdrawn_at {int}                          -- from then on nobody but staff sees it
) {strict};
CREATE INDEX articles_shown ON articles (section, changed_at) WHERE withdrawn_at IS NULL;
CREATE INDEX articles_author ON articles (author_id);

CREATE TABLE article_files (
  article_id {int} NOT NULL REFERENCES articles ON DELETE CASCADE,
  n {int} NOT NULL,
  digest {text} NOT NULL REFERENCES files,
  name {text} NOT NULL,
  media_type {text} NOT NULL,
  PRIMARY KEY (article_id, n)
) {strict};
CREATE INDEX article_files_digest ON article_files (digest);
