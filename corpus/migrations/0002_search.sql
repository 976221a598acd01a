-- Full text: folded (diacritics away, đ as d) and exact, over articles and over the evidence of facts.
-- External content: each FTS table reads its view; the triggers hand it old and new rows, so it is never stale.

CREATE VIEW articles_exactly AS SELECT id, title, text FROM articles;
CREATE VIEW articles_folding AS
  SELECT id, replace(replace(title, 'đ', 'd'), 'Đ', 'D') AS title, replace(replace(text, 'đ', 'd'), 'Đ', 'D') AS text
  FROM articles;
CREATE VIEW sentences_exactly AS SELECT id, text FROM sentences;
CREATE VIEW sentences_folding AS SELECT id, replace(replace(text, 'đ', 'd'), 'Đ', 'D') AS text FROM sentences;

CREATE VIRTUAL TABLE articles_exact USING fts5 (
  title, text, content = 'articles_exactly', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE articles_folded USING fts5 (
  title, text, content = 'articles_folding', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE sentences_exact USING fts5 (
  text, content = 'sentences_exactly', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE sentences_folded USING fts5 (
  text, content = 'sentences_folding', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');

CREATE TRIGGER articles_indexed AFTER INSERT ON articles BEGIN
  INSERT INTO articles_exact (rowid, title, text) VALUES (new.id, new.title, new.text);
  INSERT INTO articles_folded (rowid, title, text) SELECT id, title, text FROM articles_folding WHERE id = new.id;
END;
CREATE TRIGGER articles_unindexed BEFORE UPDATE OF title, lead, body ON articles BEGIN
  INSERT INTO articles_exact (articles_exact, rowid, title, text) VALUES ('delete', old.id, old.title, old.text);
  INSERT INTO articles_folded (articles_folded, rowid, title, text)
    SELECT 'delete', id, title, text FROM articles_folding WHERE id = old.id;
END;
CREATE TRIGGER articles_reindexed AFTER UPDATE OF title, lead, body ON articles BEGIN
  INSERT INTO articles_exact (rowid, title, text) VALUES (new.id, new.title, new.text);
  INSERT INTO articles_folded (rowid, title, text) SELECT id, title, text FROM articles_folding WHERE id = new.id;
END;
CREATE TRIGGER articles_stay BEFORE DELETE ON articles
BEGIN SELECT raise(ABORT, 'articles are kept'); END;

CREATE TRIGGER sentences_indexed AFTER INSERT ON sentences BEGIN
  INSERT INTO sentences_exact (rowid, text) VALUES (new.id, new.text);
  INSERT INTO sentences_folded (rowid, text) SELECT id, text FROM sentences_folding WHERE id = new.id;
END;
CREATE TRIGGER sentences_kept BEFORE UPDATE OF id, text ON sentences
BEGIN SELECT raise(ABORT, 'a sentence is written once; a new text is a new sentence'); END;
CREATE TRIGGER sentences_unindexed BEFORE DELETE ON sentences BEGIN
  INSERT INTO sentences_exact (sentences_exact, rowid, text) VALUES ('delete', old.id, old.text);
  INSERT INTO sentences_folded (sentences_folded, rowid, text)
    SELECT 'delete', id, text FROM sentences_folding WHERE id = old.id;
END;

-- What was stored before there was full text.
INSERT INTO articles_exact (articles_exact) VALUES ('rebuild');
INSERT INTO articles_folded (articles_folded) VALUES ('rebuild');
INSERT INTO sentences_exact (sentences_exact) VALUES ('rebuild');
INSERT INTO sentences_folded (sentences_folded) VALUES ('rebuild');
