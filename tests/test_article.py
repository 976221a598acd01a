import json
import subprocess
import sys
from pathlib import Path

import pytest

from extract.article import clean_file, credited

SHARED = Path(__file__).parents[2] / "shared"
PAGES = SHARED / "pages"


@pytest.mark.skipif(not PAGES.is_dir(), reason="the real pages (../shared/pages) are not on this machine")
def test_real_pages_are_right_in_every_field(tmp_path: Path) -> None:
    cleaned = tmp_path / "cleaned.jsonl"
    rows = [clean_file(page).record() | {"file": page.name} for page in sorted(PAGES.glob("*.html"))]
    cleaned.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    scorer = [sys.executable, str(PAGES / "score.py"), str(PAGES / "expected.jsonl"), str(cleaned), "--json"]
    tally = json.loads(subprocess.run(scorer, check=True, capture_output=True, text=True).stdout)
    assert rows
    assert {field: count["of"] - count["right"] for field, count in tally.items()} == dict.fromkeys(tally, 0)


HOSTS = {"baoangiang.com.vn": "angiang", "baocantho.com.vn": "cantho", "Báo Long An": "longan", "nhandan.vn": "nhandan"}


@pytest.mark.parametrize(
    ("origin", "site"),
    [
        ("baoangiang.com.vn", "angiang"),
        ("https://www.baoangiang.com.vn/", "angiang"),
        ("tintucmientay.baoangiang.com.vn", "angiang"),
        ("Báo Long An", "longan"),
        ("Long An", "longan"),
        ("Báo Nhân Dân", "nhandan"),
        ("Reuters", None),
        ("com.vn", None),
        ("", None),
        (None, None),
    ],
)
def test_an_origin_is_resolved_where_the_catalogue_has_it(origin: str | None, site: str | None) -> None:
    assert credited(origin, HOSTS) == site
