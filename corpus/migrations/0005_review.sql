-- Review by several people: what was decided at once is undone at once, the queue has an order, samples are decided blind.

ALTER TABLE reviews ADD COLUMN act INTEGER REFERENCES reviews (id);    -- the first of the reviews made at once
ALTER TABLE reviews ADD COLUMN undoes INTEGER REFERENCES reviews (id); -- the act that this takes back
CREATE INDEX reviews_by_act ON reviews (act) WHERE act IS NOT NULL;
CREATE INDEX reviews_by_undone ON reviews (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX reviews_by_person ON reviews (who, id);

-- How sure extraction is of the fact and, for a figure, of what it speaks for: the lesser of both.
ALTER TABLE facts ADD COLUMN frame_confidence REAL;
ALTER TABLE facts ADD COLUMN certainty REAL AS (min(confidence, coalesce(frame_confidence, confidence))) VIRTUAL;
UPDATE facts SET frame_confidence = (SELECT confidence FROM observations WHERE fact_id = facts.id)
  WHERE id IN (SELECT fact_id FROM observations);
-- Wide enough to be counted from alone.
CREATE INDEX facts_to_review ON facts (kind, certainty, id, state, retired_at, original_id)
  WHERE state = 'open' AND retired_at IS NULL AND original_id IS NULL;
CREATE TRIGGER observations_framed AFTER INSERT ON observations
BEGIN UPDATE facts SET frame_confidence = new.confidence WHERE id = new.fact_id; END;
CREATE TRIGGER observations_reframed AFTER UPDATE OF confidence ON observations
BEGIN UPDATE facts SET frame_confidence = new.confidence WHERE id = new.fact_id; END;
CREATE TRIGGER observations_unframed AFTER DELETE ON observations
BEGIN UPDATE facts SET frame_confidence = NULL WHERE id = old.fact_id; END;

-- sample: facts drawn at random, for people to decide on without seeing one another's decisions
CREATE TABLE samples (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  query TEXT NOT NULL CHECK (json_valid(query)), -- what it was drawn from
  seed INTEGER NOT NULL,
  drawn_by TEXT NOT NULL REFERENCES users (name),
  drawn_at TEXT NOT NULL
) STRICT;

-- the facts of a sample in the order of the work, with the value that extraction gave when it was drawn
CREATE TABLE sample_facts (
  sample_id INTEGER NOT NULL REFERENCES samples (id),
  number INTEGER NOT NULL,
  fact_id INTEGER NOT NULL REFERENCES facts (id),
  seen TEXT NOT NULL CHECK (json_valid(seen)),
  PRIMARY KEY (sample_id, number),
  UNIQUE (sample_id, fact_id)
) STRICT, WITHOUT ROWID;

-- blind decision on a fact of a sample; append-only, the last one of each person counts, "open" takes it back
CREATE TABLE sample_decisions (
  id INTEGER PRIMARY KEY,
  sample_id INTEGER NOT NULL,
  fact_id INTEGER NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('accept', 'correct', 'reject', 'open')),
  correction TEXT CHECK (correction IS NULL OR json_valid(correction)),
  note TEXT NOT NULL DEFAULT '',
  who TEXT NOT NULL REFERENCES users (name),
  at TEXT NOT NULL,
  FOREIGN KEY (sample_id, fact_id) REFERENCES sample_facts (sample_id, fact_id),
  CHECK ((decision = 'correct') = (correction IS NOT NULL))
) STRICT;
CREATE INDEX sample_decisions_by_person ON sample_decisions (sample_id, who, fact_id, id);
CREATE TRIGGER sample_decisions_are_kept BEFORE UPDATE ON sample_decisions
BEGIN SELECT raise(ABORT, 'blind decisions are append-only'); END;
CREATE TRIGGER sample_decisions_stay BEFORE DELETE ON sample_decisions
BEGIN SELECT raise(ABORT, 'blind decisions are append-only'); END;
