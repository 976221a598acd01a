"""Makes the corpus file of one schema version, for tests/test_old_corpora.py; run once when a version is superseded.

    python tests/corpora/make.py 0004_conflicts

writes 0004_conflicts.db.gz beside this script: the schema as the steps up to that one give it, with the invented rows
below. A file that is there is never written again: it stands for the files that people have. A step that brings new
tables or columns gets its own rows in LATER.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import Any

from corpus.schema import MIGRATIONS, migrate

Rows = dict[str, list[dict[str, Any]]]

FOLDER = Path(__file__).parent
MOMENT = "2025-08-01T02:00:00.000+00:00"
LEAD = "Bà con khóm Đình cùng mở lối ra bến."
BODY = (
    "Tới cuối tháng 6/2025, huyện Đồng Lĩnh giữ được 57 mô hình khéo vận động. "
    "Hội quán trao trên 2,5 tỷ đồng cho xã Yên Khê."
)
TEXT = f"{LEAD}\n\n{BODY}"
BEFORE = "Bà con khóm Đình sắp mở lối ra bến."


def fact(number: int, kind: str, words: str, sentence: int, **more: object) -> dict[str, Any]:
    """A row of facts for `words` of TEXT."""
    start = TEXT.index(words)
    row = {"id": number, "key": f"key{number}", "article_id": 1, "sentence_id": sentence, "kind": kind, "start": start,
           "end": start + len(words), "text": words, "rule": f"{kind}.t", "confidence": 0.9, "run_id": 2,
           "day": "2025-07-02"}  # fmt: skip
    return row | more


def sentence(number: int, words: str) -> dict[str, Any]:
    """A row of sentences."""
    start = TEXT.index(words)
    return {"id": number, "article_id": 1, "start": start, "end": start + len(words), "text": words}


def article(number: int, **more: object) -> dict[str, Any]:
    """A row of articles."""
    row = {"id": number, "url": f"https://trungdu.example/{number}", "page_id": number, "site_id": "trungdu",
           "province": "Trung Du", "title": "Mở lối ra bến", "lead": LEAD, "body": BODY, "authors": '["Hạ Vy"]',
           "published": "2025-07-02T06:00:00+07:00", "published_day": "2025-07-02", "digest": "d", "version": 1,
           "saved_at": MOMENT, "extracted_version": "1"}  # fmt: skip
    return row | more


def unit(key: str, level: str, path: list[str], **more: object) -> dict[str, Any]:
    """A row of units."""
    row = {"key": key, "code": key[-1], "era": key.partition(":")[0], "level": level, "full_name": path[-1],
           "name": path[-1], "folded": path[-1].lower(), "path": json.dumps(path, ensure_ascii=False)}  # fmt: skip
    return row | more


def review(number: int, fact_id: int, decision: str, **more: object) -> dict[str, Any]:
    """A row of reviews."""
    row = {"id": number, "fact_id": fact_id, "decision": decision, "seen": '{"kind": "count"}', "who": "lan",
           "at": MOMENT}  # fmt: skip
    return row | more


ROWS: Rows = {
    "sites": [{"id": "trungdu", "name": "Báo Trung Du", "home": "https://trungdu.example/", "province": "Sông Thao",
               "province_2024": "Trung Du"}],
    "runs": [
        {"id": 1, "kind": "refresh", "version": "0.1", "started_at": MOMENT, "finished_at": MOMENT,
         "report": '{"pages": 2}'},
        {"id": 2, "kind": "extract", "version": "1", "started_at": MOMENT},
    ],
    "pages": [
        {"id": 1, "url": "https://trungdu.example/1", "site_id": "trungdu", "run_id": 1, "status": 200,
         "fetched_at": MOMENT, "etag": '"a"', "digest": "sha1:x", "outcome": "new", "cleaned_at": MOMENT},
        {"id": 2, "url": "https://trungdu.example/2", "site_id": "trungdu", "run_id": 1, "status": 404,
         "fetched_at": MOMENT, "outcome": "gone", "cleaned_at": MOMENT, "not_article": "a listing"},
    ],
    "articles": [article(1, version=2), article(2, title="Mở lối ra bến (tin)", lead="", original_id=1)],
    "article_versions": [{"article_id": 1, "version": 1, "page_id": 1, "saved_at": MOMENT,
                          "record": json.dumps({"title": "Mở lối", "lead": BEFORE, "body": BODY}, ensure_ascii=False)}],
    "article_signatures": [{"article_id": number, "version": 1, "shingles": 3, "signature": b"\x01\x02"}
                           for number in (1, 2)],
    "article_bands": [{"band": -7, "article_id": number} for number in (1, 2)],
    "units": [
        unit("pre:1", "province", ["Trung Du"], last_day="2025-06-30"),
        unit("pre:2", "district", ["Trung Du", "Đồng Lĩnh"], parent="pre:1", last_day="2025-06-30"),
        unit("post:3", "province", ["Sông Thao"], first_day="2025-07-01", lat=21.3, lon=105.4),
    ],
    "unit_successors": [{"unit": "pre:1", "successor": "post:3", "share": "whole"}],
    "unit_within": [{"above": "pre:1", "unit": "pre:2", "today": 0}, {"above": "pre:2", "unit": "pre:2", "today": 0},
                    {"above": "post:3", "unit": "pre:1", "today": 1}],
    "places": [
        {"id": 1, "path": '["Trung Du", "Đồng Lĩnh"]', "level": "district", "unit_key": "pre:2",
         "folded": "trung du/dong linh"},
        {"id": 2, "path": '["Trung Du", "Yên Khê"]', "level": "commune", "folded": "trung du/yen khe"},
    ],
    "sentences": [sentence(1, BODY[: BODY.index(". ") + 1]), sentence(2, BODY[BODY.index("Hội") :])],
    "users": [{"name": "lan", "role": "admin", "password": "scrypt$x", "created_at": MOMENT},
              {"name": "minh", "created_at": MOMENT}],
    "facts": [
        fact(1, "place", "huyện Đồng Lĩnh", 1, place_id=1),
        fact(2, "count", "57 mô hình", 1, value=57.0, value_low=57.0, value_high=57.0, unit="mô hình", model=1,
             qualifier="exact"),
        fact(3, "money", "trên 2,5 tỷ đồng", 2, value=2.5e9, value_low=2.5e9, currency="VND", qualifier="more",
             qualifier_text="trên"),
        fact(4, "date", "cuối tháng 6/2025", 1, date_from="2025-06-21", date_to="2025-06-30", edtf="2025-06"),
        fact(5, "place", "xã Yên Khê", 2, place_id=2, candidates='["pre:8", "pre:9"]'),
        fact(6, "count", "6", 1, value=6.0, unit="lượt", qualifier="exact", retired_at=MOMENT),
    ],
    "observations": [
        {"fact_id": 2, "measure": "models", "role": "implemented", "place_id": 1, "period_to": "2025-06-30",
         "has_period": 1, "as_of": "2025-06-30", "confidence": 0.8},
        {"fact_id": 3, "measure": "money", "role": "donated", "place_id": 2, "has_period": 0, "confidence": 0.5},
    ],
    "observation_parties": [{"fact_id": 3, "party": "donor", "start": TEXT.index("Hội quán"),
                             "end": TEXT.index("Hội quán") + 8, "text": "Hội quán"}],
    "reviews": [
        review(1, 2, "accept"), review(2, 2, "correct", correction='{"value": 75}', note="đọc nhầm", who="minh"),
        review(3, 3, "reject"), review(4, 6, "accept"), review(5, 1, "accept"), review(6, 1, "open"),
    ],
    "saved_searches": [{"id": 1, "name": "mô hình", "owner": "lan", "query": '{"words": "mô hình"}', "last_fact": 1,
                        "created_at": MOMENT}],
}  # fmt: skip

# By step: the rows of tables that it made, and of its new columns.
LATER: dict[str, Rows] = {
    "0005_review": {
        "samples": [{"id": 1, "name": "tháng bảy", "query": '{"kind": "count"}', "seed": 7, "drawn_by": "lan",
                     "drawn_at": MOMENT}],
        "sample_facts": [{"sample_id": 1, "number": 1, "fact_id": 2, "seen": '{"kind": "count", "value": 57}'}],
        "sample_decisions": [
            {"id": 1, "sample_id": 1, "fact_id": 2, "decision": "correct", "correction": '{"value": 75}', "who": "lan",
             "at": MOMENT},
            {"id": 2, "sample_id": 1, "fact_id": 2, "decision": "accept", "who": "minh", "at": MOMENT},
        ],
        "reviews": [review(7, 5, "reject", act=7), review(8, 5, "open", act=8, undoes=7)],
    },
}  # fmt: skip


def make(step: str) -> bytes:
    """The file of the schema version that ends with `step`."""
    steps = [path.stem for path in sorted(MIGRATIONS.glob("*.sql"))]
    following = next(iter(steps[steps.index(step) + 1 :]), None)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corpus.db"
        conn = sqlite3.connect(path, isolation_level=None)
        conn.execute("PRAGMA page_size = 512")  # many small tables
        migrate(conn, stop_before=following)
        tables = list(ROWS.items())
        for done in steps[: steps.index(step) + 1]:
            tables += LATER.get(done, {}).items()
        for table, rows in tables:
            for row in rows:
                names = ", ".join(f'"{name}"' for name in row)
                sql = f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})"
                conn.execute(sql, tuple(row.values()))
        conn.execute("VACUUM")
        conn.close()
        return gzip.compress(path.read_bytes(), mtime=0)


if __name__ == "__main__":
    for named in sys.argv[1:]:
        with (FOLDER / f"{named}.db.gz").open("xb") as file:
            file.write(make(named))
