-- A search looks at tens of thousands of facts before it shows twenty: these indexes answer its conditions and its order
-- from themselves, so that a fact's row is read only where it is shown.
DROP INDEX facts_by_article;
CREATE INDEX facts_by_article ON facts (article_id, retired_at, state, original_id, kind, day, value, confidence);
DROP INDEX facts_by_sentence;
CREATE INDEX facts_by_sentence ON facts (sentence_id, retired_at, state, original_id, kind, day, value, confidence);
DROP INDEX facts_by_kind;
CREATE INDEX facts_by_kind ON facts (kind, day, state, original_id, sentence_id, value, value_max, confidence)
  WHERE retired_at IS NULL;
DROP INDEX facts_by_day;
CREATE INDEX facts_by_day ON facts (day, state, original_id, sentence_id) WHERE retired_at IS NULL;
DROP INDEX facts_by_value;
CREATE INDEX facts_by_value ON facts (kind, value, value_max, state, original_id, sentence_id)
  WHERE retired_at IS NULL AND value IS NOT NULL;
DROP INDEX facts_by_place;
CREATE INDEX facts_by_place ON facts (place_id, state, original_id, kind, day, sentence_id, confidence)
  WHERE retired_at IS NULL AND place_id IS NOT NULL;
DROP INDEX observations_by_measure;
CREATE INDEX observations_by_measure ON observations (measure, role, has_period, period_from, period_to);

-- The fact is written with its frame's confidence; it is touched again only where that becomes another.
DROP TRIGGER observations_framed;
CREATE TRIGGER observations_framed AFTER INSERT ON observations
BEGIN UPDATE facts SET frame_confidence = new.confidence
  WHERE id = new.fact_id AND frame_confidence IS NOT new.confidence; END;
