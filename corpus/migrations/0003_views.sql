-- Every fact that extraction still finds, rejected ones too: corrections applied, with sentence, article, paper and,
-- for a figure, what it speaks for.
CREATE VIEW all_facts AS
SELECT
  f.id, f.key, f.kind, f.text, f.start, f.end,
  iif(json_type(r.correction, '$.from') IS NULL, f.date_from, r.correction ->> '$.from') AS date_from,
  iif(json_type(r.correction, '$.to') IS NULL, f.date_to, r.correction ->> '$.to') AS date_to,
  iif(coalesce(json_type(r.correction, '$.from'), json_type(r.correction, '$.to')) IS NULL, f.edtf, NULL) AS edtf,
  coalesce(r.correction ->> '$.level', p.level) AS level,
  coalesce(r.correction -> '$.path', p.path) AS path,
  iif(r.correction -> '$.path' IS NULL, nullif(p.unit_key, ''), r.correction ->> '$.unit_key') AS unit_key,
  coalesce(r.correction ->> '$.value', r.correction ->> '$.min', f.value) AS value,
  iif(r.correction -> '$.value' IS NULL, coalesce(r.correction ->> '$.max', f.value_max), NULL) AS value_max,
  iif(coalesce(r.correction -> '$.value', r.correction -> '$.min', r.correction -> '$.qualifier') IS NULL,
    f.value_low, r.correction ->> '$.value_low') AS value_low,
  iif(coalesce(r.correction -> '$.value', r.correction -> '$.min', r.correction -> '$.qualifier') IS NULL,
    f.value_high, r.correction ->> '$.value_high') AS value_high,
  coalesce(r.correction ->> '$.total', f.total) AS total,
  coalesce(r.correction ->> '$.unit', f.unit) AS unit,
  coalesce(r.correction ->> '$.model', f.model) AS model,
  coalesce(r.correction ->> '$.currency', f.currency) AS currency,
  coalesce(r.correction ->> '$.per', f.per) AS per,
  coalesce(r.correction ->> '$.qualifier', f.qualifier) AS qualifier,
  f.qualifier_text, f.former, f.candidates, f.rule, f.confidence, f.state, f.review_id, f.original_id,
  s.text AS sentence, s.start AS sentence_start, s.end AS sentence_end,
  a.id AS article_id, a.url, a.title, a.published, a.published_day, a.site_id, a.province, a.origin,
  coalesce(r.correction ->> '$.measure', o.measure) AS measure,
  coalesce(r.correction ->> '$.role', o.role) AS role,
  iif(json_type(r.correction, '$.scope') IS NULL, w.path, nullif(r.correction -> '$.scope', 'null')) AS scope,
  iif(json_type(r.correction, '$.scope') IS NULL, nullif(w.unit_key, ''), r.correction ->> '$.scope_unit')
    AS scope_unit,
  iif(json_type(r.correction, '$.period') IS NULL, o.period_from, r.correction ->> '$.period[0]') AS period_from,
  iif(json_type(r.correction, '$.period') IS NULL, o.period_to, r.correction ->> '$.period[1]') AS period_to,
  iif(json_type(r.correction, '$.period') IS NULL, o.has_period, json_type(r.correction, '$.period') <> 'null')
    AS has_period,
  o.as_of, o.link, o.part_of, o.off_by, o.confidence AS frame_confidence, o.evidence,
  iif(o.fact_id IS NULL, NULL, (SELECT text FROM observation_parties WHERE fact_id = f.id AND party = 'source'))
    AS source,
  iif(o.fact_id IS NULL, NULL, (SELECT text FROM observation_parties WHERE fact_id = f.id AND party = 'donor'))
    AS donor,
  iif(o.fact_id IS NULL, NULL, (SELECT text FROM observation_parties WHERE fact_id = f.id AND party = 'recipient'))
    AS recipient
FROM facts AS f
JOIN articles AS a ON a.id = f.article_id
JOIN sentences AS s ON s.id = f.sentence_id
LEFT JOIN places AS p ON p.id = f.place_id
LEFT JOIN observations AS o ON o.fact_id = f.id
LEFT JOIN places AS w ON w.id = o.place_id
LEFT JOIN reviews AS r ON r.id = f.review_id
WHERE f.retired_at IS NULL;

-- The facts that nobody rejected.
CREATE VIEW current_facts AS SELECT * FROM all_facts WHERE state <> 'reject';

-- The facts that a person accepted or corrected.
CREATE VIEW accepted_facts AS SELECT * FROM all_facts WHERE state IN ('accept', 'correct');

-- Counts and sums of money with what they speak for; copies left out, so that each is counted once.
CREATE VIEW current_observations AS
SELECT * FROM current_facts WHERE measure IS NOT NULL AND original_id IS NULL;

-- The same by today's units: the unit that took the scope in whole (null where it was divided or is not known), and the
-- province that took all of it.
CREATE VIEW observations_today AS
SELECT o.*, t.key AS unit_today, t.path AS path_today, (
  SELECT p.name FROM unit_within AS w JOIN units AS p ON p.key = w.above
  WHERE w.unit = o.scope_unit AND w.today = 1 AND p.level = 'province') AS province_today
FROM current_observations AS o
LEFT JOIN units AS u ON u.key = o.scope_unit
LEFT JOIN unit_successors AS s ON s.unit = u.key AND s.share = 'whole'
LEFT JOIN units AS t ON t.key = iif(u.last_day IS NULL, u.key, s.successor);

-- Pairs of exact figures that should be one: same measure, role, noun, place and period, another value.
CREATE VIEW conflicts AS
SELECT
  one.id AS fact_id, other.id AS other_id, one.measure, one.role, one.unit, one.scope, one.period_from, one.period_to,
  one.value, other.value AS other_value, one.url, other.url AS other_url,
  one.sentence, other.sentence AS other_sentence
FROM current_observations AS one
JOIN current_observations AS other
  ON other.id > one.id AND other.scope = one.scope AND other.measure = one.measure AND other.role = one.role
  AND other.kind = one.kind AND other.unit IS one.unit AND other.currency IS one.currency AND other.per IS one.per
  AND other.period_from IS one.period_from AND other.period_to IS one.period_to AND other.value <> one.value
WHERE one.has_period AND other.has_period AND one.qualifier = 'exact' AND other.qualifier = 'exact'
  AND one.link IS NULL AND other.link IS NULL;

-- Every decision, newest first, with what it was made on; gone: extraction no longer finds the fact.
CREATE VIEW review_log AS
SELECT
  r.id, r.at, r.who, r.decision, r.correction, r.note, r.seen, f.id AS fact_id, f.key, f.kind, f.text,
  a.url, a.title, s.text AS sentence, f.review_id = r.id AS is_last, f.retired_at IS NOT NULL AS gone
FROM reviews AS r
JOIN facts AS f ON f.id = r.fact_id
JOIN articles AS a ON a.id = f.article_id
JOIN sentences AS s ON s.id = f.sentence_id
ORDER BY r.id DESC;
