-- What made a profile: where the lexicon or a model is another one by now, it is made anew.

ALTER TABLE readings ADD COLUMN made_by {text} NOT NULL DEFAULT '';
