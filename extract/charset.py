"""Bytes to text: UTF-8, Windows-1258, and the 8-bit fonts TCVN3 (ABC) and VNI of older Vietnamese pages and files."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from extract.text import normalise

TABLE = Path(__file__).with_name("legacy_charsets.tsv")
META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:-]+)""", re.IGNORECASE)
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# Frequent syllables with letters outside ASCII: a wrong decoding breaks nearly all of them.
FREQUENT = re.compile(
    r"(?<!\w)(?:và|của|là|các|có|được|đã|với|những|một|người|không|để|này|năm|công|tỉnh|dân|đến|tại|về|nhiều|từ|số|huyện|xã|"
    r"đồng|triển|hiện|phát|thành|việc|hội|tổ|chức|động|đảng|đình|nhà|nước|vận|phố|ủy|uỷ|thực|trên|tác)(?!\w)",
    re.IGNORECASE,
)
# Letters that the old fonts cannot show: a text that holds them is in Unicode already.
UNICODE_ONLY = re.compile("[\u1ea0-\u1ef9]")
FEW = 8
SAMPLE = 400_000  # letters looked at
TELLING = 3  # frequent syllables that a legacy reading must give beyond the plain one
SHOWN_1252 = {chr(code): bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xA0)}


def decode(page: bytes, declared: str | None = None) -> str:
    """The text of a page or file, NFC: by byte mark, by UTF-8 where it is that, else what reads most as Vietnamese.

    `declared` is the charset of the HTTP header or MIME part; a meta tag is read too. A wrong declaration does no harm,
    and text of a TCVN3 or VNI font is turned into Unicode whatever it was declared or saved as.
    """
    for mark, name in MARKS.items():
        if page.startswith(mark):
            return recover(normalise(page.decode(name, "replace")))
    readings = list(_readings(page, declared))
    return recover(normalise(max(readings, key=_vietnamese) if len(readings) > 1 else readings[0]))


def recover(text: str) -> str:
    """The text with a TCVN3 or VNI font's letters turned into Unicode where it is of such a font, else as it is."""
    if len(UNICODE_ONLY.findall(text[:SAMPLE])) > FEW:
        return text
    shown = "".join(SHOWN_1252.get(char, char) for char in text) if re.search("[\x80-\x9f]", text) else text
    plain = _vietnamese(text)
    readings = [_convert(shown, name) for name in ("tcvn3", "vni")]
    found, reading = max((_vietnamese(reading), reading) for reading in readings)
    return normalise(reading) if found >= plain + TELLING and found > plain * 3 else text


def _readings(page: bytes, declared: str | None) -> Iterator[str]:
    """Readings of the bytes, the likeliest first (the first of equals wins)."""
    try:
        yield page.decode("utf-8")
        return
    except UnicodeDecodeError:
        pass
    repaired = page.decode("utf-8", "replace")
    if repaired.count("\ufffd") * 50 <= len(repaired.encode()) - len(repaired):
        # A few broken bytes in text that is UTF-8 all the same.
        yield repaired
        return
    meta = META.search(page[:4096])
    for name in (declared, meta.group(1).decode("ascii") if meta else None, "cp1258", "latin-1"):
        try:
            yield page.decode(name or "latin-1", "replace")
        except LookupError:
            continue
    shown = page.decode("latin-1")
    yield _convert(shown, "tcvn3")
    yield _convert(page.decode("cp1252", "replace"), "vni")


def _vietnamese(text: str) -> int:
    return sum(1 for _ in FREQUENT.finditer(normalise(text[:SAMPLE])) if not _.group().isascii())


@lru_cache(maxsize=2)
def _table(encoding: str) -> tuple[re.Pattern[str], dict[str, str]]:
    letters: dict[str, str] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
        for row in rows:
            if row["encoding"] == encoding:
                shown = chr(int(row["shown"], 16)) if encoding == "tcvn3" else row["shown"]
                letters[shown] = row["letter"]
    if encoding == "vni":
        letters |= {shown.upper(): letter.upper() for shown, letter in letters.items()}
        letters |= {
            shown[0].upper() + shown[1:]: letter.upper()
            for shown, letter in letters.items()
            if len(shown) > 1 and shown.islower()
        }
    longest_first = sorted(letters, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), letters


def _convert(text: str, encoding: str) -> str:
    pattern, letters = _table(encoding)
    return pattern.sub(lambda match: letters[match.group()], text)
