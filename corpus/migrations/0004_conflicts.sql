-- Pairs of figures that cannot both be right: same measure, role, noun, place and period, and bounds that do not meet
-- ("gần 40 tỷ đồng" and "41 tỷ đồng" do not, "trên 40 tỷ đồng" and "41 tỷ đồng" do). Of different articles, since one
-- article tells of several things in the same words; "other" is no role that two figures share.
DROP VIEW conflicts;
CREATE VIEW conflicts AS
WITH bounded AS (
  SELECT *, coalesce(value_low, iif(qualifier = 'exact', value, NULL)) AS low,
    coalesce(value_high, iif(qualifier = 'exact', value, NULL)) AS high
  FROM current_observations
  WHERE has_period AND link IS NOT 'part' AND role <> 'other' AND scope IS NOT NULL
)
SELECT
  one.id AS fact_id, other.id AS other_id, one.measure, one.role, one.unit, one.scope, one.period_from, one.period_to,
  one.value, other.value AS other_value, one.url, other.url AS other_url,
  one.sentence, other.sentence AS other_sentence
FROM bounded AS one
JOIN bounded AS other
  ON other.id > one.id AND other.article_id <> one.article_id
  AND other.scope = one.scope AND other.measure = one.measure AND other.role = one.role
  AND other.kind = one.kind AND other.unit IS one.unit AND other.currency IS one.currency AND other.per IS one.per
  AND other.period_from IS one.period_from AND other.period_to IS one.period_to
  AND (one.low > other.high OR other.low > one.high);
