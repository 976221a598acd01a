DROP VIEW all_facts;

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
  iif(json_type(r.correction, '$.total') IS NULL, f.total, r.correction ->> '$.total') AS total, -- a null takes it away
  coalesce(r.correction ->> '$.unit', f.unit) AS unit,
  coalesce(r.correction ->> '$.model', f.model) AS model,
  coalesce(r.correction ->> '$.currency', f.currency) AS currency,
  iif(json_type(r.correction, '$.per') IS NULL, f.per, r.correction ->> '$.per') AS per, -- so does it the rate
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
