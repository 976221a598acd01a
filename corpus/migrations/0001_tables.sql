-- The tables. Days are ISO 8601 text, moments too (UTC); lists are JSON text; offsets count characters of articles.text.

-- "BaoT": this file is a corpus
PRAGMA application_id = 1113670740;

-- site: a newspaper or portal of the catalogue
CREATE TABLE sites (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  home TEXT NOT NULL,
  province TEXT,                 -- today's; null for a national portal
  province_2024 TEXT             -- before July 2025
) STRICT, WITHOUT ROWID;

-- run: one refresh or extraction, with its version, its counts and its times
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  version TEXT NOT NULL,
  arguments TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(arguments)),
  started_at TEXT NOT NULL,
  finished_at TEXT,
  report TEXT CHECK (report IS NULL OR json_valid(report))
) STRICT;

-- page: one capture of a URL, kept as a WARC record
CREATE TABLE pages (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL,
  site_id TEXT REFERENCES sites (id),
  run_id INTEGER REFERENCES runs (id),
  status INTEGER,                -- of HTTP; null where no answer came
  fetched_at TEXT NOT NULL,
  content_type TEXT,
  etag TEXT,
  last_modified TEXT,
  lastmod TEXT,                  -- what the sitemap said
  warc_file TEXT,                -- relative to the folder beside the corpus
  warc_offset INTEGER,
  warc_length INTEGER,
  digest TEXT,
  outcome TEXT,                  -- in the crawler's words
  published_hint TEXT,           -- the day a person said where the file does not
  cleaned_at TEXT,               -- null: still to clean
  not_article TEXT,              -- why no article came of it
  UNIQUE (url, fetched_at)
) STRICT;
CREATE INDEX pages_by_site ON pages (site_id, url);
CREATE INDEX pages_to_clean ON pages (id) WHERE cleaned_at IS NULL AND warc_file IS NOT NULL;

-- article: a page or file cleaned
CREATE TABLE articles (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,      -- file: URL for what came from a person's disk
  page_id INTEGER REFERENCES pages (id),
  site_id TEXT REFERENCES sites (id),
  province TEXT,                 -- of the paper, as it was named on the publication day
  title TEXT NOT NULL,
  lead TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL DEFAULT '',
  text TEXT AS (CASE WHEN lead = '' THEN body WHEN body = '' THEN lead
                ELSE lead || char(10, 10) || body END) VIRTUAL,
  authors TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(authors)),
  origin TEXT,                   -- the outlet credited
  published TEXT,                -- as far as known: 2022-02, 2022-01-18, 2022-01-18T06:02:00+07:00
  published_day TEXT,            -- the same as a day; the month's first where only that is known
  modified TEXT,
  captions TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(captions)),
  subheads TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(subheads)),
  section TEXT,
  language TEXT NOT NULL DEFAULT 'vi',
  digest TEXT NOT NULL,          -- of everything cleaning gave; tells a new version
  version INTEGER NOT NULL DEFAULT 1,
  saved_at TEXT NOT NULL,
  extracted_version TEXT,        -- of the extractor that read this version; null: to read
  original_id INTEGER REFERENCES articles (id) -- the original of which this is a copy
) STRICT;
CREATE INDEX articles_by_site ON articles (site_id, published_day);
CREATE INDEX articles_by_province ON articles (province, published_day);
CREATE INDEX articles_by_version ON articles (version);
CREATE INDEX articles_by_day ON articles (published_day);
CREATE INDEX articles_by_original ON articles (original_id) WHERE original_id IS NOT NULL;
CREATE INDEX articles_by_extraction ON articles (extracted_version, id);

-- what an article was before its text changed
CREATE TABLE article_versions (
  article_id INTEGER NOT NULL REFERENCES articles (id),
  version INTEGER NOT NULL,
  page_id INTEGER REFERENCES pages (id),
  record TEXT NOT NULL CHECK (json_valid(record)), -- the article as `baotinh clean` prints it
  saved_at TEXT NOT NULL,
  PRIMARY KEY (article_id, version)
) STRICT, WITHOUT ROWID;

-- the MinHash of each text, 4 bytes a value, and how many different shingles it has
CREATE TABLE article_signatures (
  article_id INTEGER PRIMARY KEY REFERENCES articles (id),
  version INTEGER NOT NULL,      -- of the article that was hashed
  shingles INTEGER NOT NULL,
  signature BLOB NOT NULL
) STRICT;
-- the bands of each signature: articles that share one may be copies
CREATE TABLE article_bands (
  band INTEGER NOT NULL,
  article_id INTEGER NOT NULL REFERENCES articles (id),
  PRIMARY KEY (band, article_id)
) STRICT, WITHOUT ROWID;

-- unit: an administrative unit with the days between which it existed
CREATE TABLE units (
  key TEXT PRIMARY KEY,
  code TEXT NOT NULL,
  era TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('province', 'district', 'commune', 'hamlet')),
  full_name TEXT NOT NULL,       -- "huyện Phú Tân"
  name TEXT NOT NULL,            -- "Phú Tân"
  folded TEXT NOT NULL,          -- "phu tan", for looking up
  parent TEXT REFERENCES units (key) DEFERRABLE INITIALLY DEFERRED,
  path TEXT NOT NULL CHECK (json_valid(path)),
  first_day TEXT,
  last_day TEXT,
  lat REAL,
  lon REAL
) STRICT, WITHOUT ROWID;
CREATE INDEX units_by_name ON units (folded);
CREATE INDEX units_by_parent ON units (parent);
CREATE INDEX units_by_path ON units (path);

-- which units of today a unit went into
CREATE TABLE unit_successors (
  unit TEXT NOT NULL REFERENCES units (key),
  successor TEXT NOT NULL REFERENCES units (key),
  share TEXT NOT NULL DEFAULT 'whole' CHECK (share IN ('whole', 'part')),
  PRIMARY KEY (unit, successor)
) STRICT, WITHOUT ROWID;

-- each unit with every unit above it and itself; today 1: the units of today that took all of it
CREATE TABLE unit_within (
  above TEXT NOT NULL REFERENCES units (key),
  unit TEXT NOT NULL REFERENCES units (key),
  today INTEGER NOT NULL CHECK (today IN (0, 1)),
  PRIMARY KEY (above, today, unit)
) STRICT, WITHOUT ROWID;
CREATE INDEX unit_within_by_unit ON unit_within (unit, today);

-- every path that a fact names or speaks for, once
CREATE TABLE places (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL CHECK (json_valid(path)),
  level TEXT CHECK (level IN ('province', 'district', 'commune', 'hamlet')),
  unit_key TEXT NOT NULL DEFAULT '', -- of units; '' where none is certain
  folded TEXT NOT NULL,          -- "an giang/phu tan", for looking up
  UNIQUE (path, unit_key)
) STRICT;
CREATE INDEX places_by_unit ON places (unit_key);

-- the evidence of facts
CREATE TABLE sentences (
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES articles (id),
  start INTEGER NOT NULL,
  end INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX sentences_by_article ON sentences (article_id);

-- who may sign in and decide
CREATE TABLE users (
  name TEXT PRIMARY KEY,
  role TEXT NOT NULL DEFAULT 'reviewer' CHECK (role IN ('reader', 'reviewer', 'researcher', 'admin')),
  password TEXT,                 -- hashed; null: cannot sign in on the web
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- fact: one span of an article with its normalised value
CREATE TABLE facts (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,      -- from URL, kind, value, sentence and occurrence
  article_id INTEGER NOT NULL REFERENCES articles (id),
  sentence_id INTEGER NOT NULL REFERENCES sentences (id),
  kind TEXT NOT NULL CHECK (kind IN ('date', 'place', 'count', 'money')),
  start INTEGER NOT NULL,
  end INTEGER NOT NULL,
  text TEXT NOT NULL,
  date_from TEXT,
  date_to TEXT,
  edtf TEXT,
  place_id INTEGER REFERENCES places (id), -- the unit named
  former INTEGER NOT NULL DEFAULT 0 CHECK (former IN (0, 1)),
  value REAL,                    -- whole units; the lowest of a range
  value_max REAL,                -- the highest of a range, else null
  value_low REAL,                -- what the words allow
  value_high REAL,
  total REAL,
  unit TEXT,                     -- the noun counted
  model INTEGER CHECK (model IN (0, 1)),
  currency TEXT,
  per TEXT,
  qualifier TEXT CHECK (qualifier IN ('exact', 'less', 'more', 'approx', 'at_least', 'at_most')),
  qualifier_text TEXT,
  rule TEXT NOT NULL,
  confidence REAL NOT NULL,
  candidates TEXT CHECK (candidates IS NULL OR json_valid(candidates)), -- keys of units that stay possible
  run_id INTEGER REFERENCES runs (id),
  day TEXT,                      -- of its article, to be sorted by
  retired_at TEXT,               -- when extraction no longer found it
  original_id INTEGER REFERENCES facts (id), -- the same fact in the original of a copied article
  review_id INTEGER REFERENCES reviews (id), -- the last decision
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accept', 'correct', 'reject'))
) STRICT;
CREATE INDEX facts_by_article ON facts (article_id);
CREATE INDEX facts_by_sentence ON facts (sentence_id);
CREATE INDEX facts_by_kind ON facts (kind, day) WHERE retired_at IS NULL;
CREATE INDEX facts_by_day ON facts (day) WHERE retired_at IS NULL;
CREATE INDEX facts_by_place ON facts (place_id) WHERE retired_at IS NULL AND place_id IS NOT NULL;
CREATE INDEX facts_by_value ON facts (kind, value, value_max) WHERE retired_at IS NULL AND value IS NOT NULL;
-- Wide enough to answer from alone whether days overlap.
CREATE INDEX facts_by_date ON facts (date_from, date_to, retired_at, kind) WHERE retired_at IS NULL AND kind = 'date';
CREATE INDEX facts_by_state ON facts (state) WHERE review_id IS NOT NULL;
CREATE INDEX facts_by_original ON facts (original_id) WHERE original_id IS NOT NULL;

-- observation: a figure with what it speaks for
CREATE TABLE observations (
  fact_id INTEGER PRIMARY KEY REFERENCES facts (id),
  measure TEXT NOT NULL,
  role TEXT NOT NULL,
  place_id INTEGER REFERENCES places (id), -- its scope
  period_from TEXT,
  period_to TEXT,
  has_period INTEGER NOT NULL CHECK (has_period IN (0, 1)), -- 1: a null end is open, 0: the text does not say
  as_of TEXT,
  link TEXT,                     -- "part" of a total, "share" of a whole
  part_of INTEGER REFERENCES facts (id),
  off_by REAL,                   -- by how much a total's parts miss it
  confidence REAL NOT NULL,
  evidence TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(evidence)) -- the words that decided, with offsets
) STRICT;
CREATE INDEX observations_by_place ON observations (place_id) WHERE place_id IS NOT NULL;
CREATE INDEX observations_by_period ON observations (has_period, period_from, period_to);
CREATE INDEX observations_by_measure ON observations (measure, role);
CREATE INDEX observations_by_whole ON observations (part_of) WHERE part_of IS NOT NULL;

-- who gave, who received, who is quoted as the source
CREATE TABLE observation_parties (
  fact_id INTEGER NOT NULL REFERENCES observations (fact_id),
  party TEXT NOT NULL CHECK (party IN ('source', 'donor', 'recipient')),
  start INTEGER NOT NULL,
  end INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (fact_id, party, start)
) STRICT, WITHOUT ROWID;

-- review: a person's decision; append-only
CREATE TABLE reviews (
  id INTEGER PRIMARY KEY,
  fact_id INTEGER NOT NULL REFERENCES facts (id),
  decision TEXT NOT NULL CHECK (decision IN ('accept', 'correct', 'reject', 'open')), -- open takes a decision back
  correction TEXT CHECK (correction IS NULL OR json_valid(correction)),
  seen TEXT NOT NULL CHECK (json_valid(seen)), -- the value that was decided on
  note TEXT NOT NULL DEFAULT '',
  who TEXT NOT NULL REFERENCES users (name),
  at TEXT NOT NULL,
  CHECK ((decision = 'correct') = (correction IS NOT NULL))
) STRICT;
CREATE INDEX reviews_by_fact ON reviews (fact_id);

CREATE TRIGGER reviews_are_kept BEFORE UPDATE ON reviews
BEGIN SELECT raise(ABORT, 'reviews are append-only'); END;
CREATE TRIGGER reviews_stay BEFORE DELETE ON reviews
BEGIN SELECT raise(ABORT, 'reviews are append-only'); END;
CREATE TRIGGER reviews_decide AFTER INSERT ON reviews
BEGIN UPDATE facts SET review_id = new.id, state = new.decision WHERE id = new.fact_id; END;
CREATE TRIGGER facts_dated AFTER UPDATE OF published_day ON articles
BEGIN UPDATE facts SET day = new.published_day WHERE article_id = new.id; END;
CREATE TRIGGER facts_stay BEFORE DELETE ON facts
BEGIN SELECT raise(ABORT, 'facts are retired, not deleted'); END;

-- saved search: a query by name, and the last fact its owner has seen
CREATE TABLE saved_searches (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  owner TEXT NOT NULL DEFAULT '',  -- a user; '' on a person's own machine
  query TEXT NOT NULL CHECK (json_valid(query)),
  last_fact INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  seen_at TEXT,
  UNIQUE (owner, name)
) STRICT;
