"""Writes units.tsv from the data of the PyPI package vietnamadminunits (MIT; names, codes and conversions are facts).

Run `python -m extract.places.build_units`; the same version of the package gives the same bytes.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

SOURCE = "vietnamadminunits"
TABLE = Path(__file__).with_name("units.tsv")
HEAD = ("key", "full", "parent", "first", "last", "into", "took_in")
LAST_OLD, FIRST_NEW = "2025-06-30", "2025-07-01"
# The package spells a syllable that is one vowel with a small letter: "Xã Đồng ý", "Xã Ya ly".
SMALL_SYLLABLE = re.compile(r"(?<= )(?!trấn\b|xã\b|phố\b|khu\b|trường\b)([^\W\d_])(?=\w* |\w*$)")
KIND = re.compile(r"^(?:Thành Phố|Thị Xã|Thị Trấn)\b")  # so written in ten names
# Districts that papers, and the communes that bear their names today, spell in another way than the package.
HEIR_SPELLING = {
    "Huyện Phú Quí": "Huyện Phú Quý",
    "Huyện Krông A Na": "Huyện Krông Ana",
    "Huyện Đa Krông": "Huyện Đakrông",
    "Huyện Mù Căng Chải": "Huyện Mù Cang Chải",
}
FORMER = re.compile(r"(?:xa|phuong|thitran|huyen|quan\d)[a-z0-9]+$")
Row = tuple[str, ...]


def capitals(full: str) -> str:
    """The full name with its type in small letters and every syllable of the proper name capitalised, as in decrees."""
    full = KIND.sub(lambda match: match[0].capitalize(), HEIR_SPELLING.get(full, full))
    return SMALL_SYLLABLE.sub(lambda match: match[1].upper(), full)


def took_in(alias: str | None, own: str) -> str:
    """The earlier units merged into one before 2025, level and name in plain letters: "xadinhxuyen,xaduongha"."""
    names = {name for name in json.loads(alias or "[]") if FORMER.fullmatch(name) and name != own}
    return ",".join(sorted(names))


def successors(conversion: dict[str, dict[str, dict[str, object]]]) -> dict[str, list[tuple[str, bool]]]:
    """Old unit's key in the package → (key of the new unit, whether the whole went there)."""
    into: dict[str, list[tuple[str, bool]]] = {}
    for province, communes in conversion["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for new, olds in communes.items():
            for old in olds:  # type: ignore[attr-defined]
                into.setdefault(old, []).append((f"{province}_{new}", True))
    for province, divided in conversion["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in divided.items():
            into[old] = [(f"{province}_{part['newWardKey']}", False) for part in parts]  # type: ignore[attr-defined]
    return into


def without_namesakes(into: dict[str, list[tuple[str, bool]]]) -> dict[str, list[tuple[str, bool]]]:
    """The conversion without the parts that are a namesake's.

    The package joins parts by name within the new province, so that a divided commune also gets what its namesakes
    there became. A part is dropped where none of the communes that went whole into it is of the same old province, or
    where one of them is the namesake and none is of the same district.
    """
    whole_in: dict[str, list[list[str]]] = {}
    for old, parts in into.items():
        for new, whole in parts:
            whole_in.setdefault(new, []).extend([old.split("_")] if whole else [])

    def own(old: str, new: str) -> bool:
        province, district, name = old.split("_")
        others = whole_in[new]
        if any(other[:2] == [province, district] for other in others):
            return True
        return not others or (any(other[0] == province for other in others) and name not in (o[2] for o in others))

    settled = {}
    for old, parts in into.items():
        kept = [(new, whole) for new, whole in parts if whole or own(old, new)] or parts
        settled[old] = [(new, whole or len(kept) == 1 < len(parts)) for new, whole in kept]
    return settled


def rows(database: sqlite3.Connection, conversion: dict[str, dict[str, dict[str, object]]]) -> Iterator[Row]:
    """Every row of the table, the old units first, each parent before its children."""
    into = without_namesakes(successors(conversion))
    new = list(database.execute("SELECT provinceKey, wardKey, wardCode, ward, provinceCode, province FROM admin_units"))
    codes = {f"{province}_{key}": f"post:{code}" for province, key, code, *_ in new}
    old = database.execute(
        "SELECT provinceKey, districtKey, wardKey, provinceCode, province, districtCode, district, districtAlias,"
        " wardCode, ward, wardAlias FROM admin_units_legacy"
    )
    seen: dict[str, Row] = {}
    for pkey, dkey, wkey, pcode, province, dcode, district, dalias, wcode, ward, walias in old:
        seen[f"pre:{pcode}"] = (province, "", "", LAST_OLD, "", "")
        parts = sorted((codes[key], whole) for key, whole in into.get(f"{pkey}_{dkey}_{wkey or ''}", []))
        went = ",".join(key + ("" if whole else "~") for key, whole in parts)
        own = "" if ward else went
        seen[f"pre:{dcode}"] = (capitals(district), f"pre:{pcode}", "", LAST_OLD, own, took_in(dalias, dkey))
        if ward:
            seen[f"pre:{wcode}"] = (capitals(ward), f"pre:{dcode}", "", LAST_OLD, went, took_in(walias, wkey))
    for _, _, code, commune, pcode, province in new:
        seen[f"post:{pcode}"] = (province, "", FIRST_NEW, "", "", "")
        seen[f"post:{code}"] = (capitals(commune), f"post:{pcode}", FIRST_NEW, "", "", "")
    order = sorted(seen, key=lambda key: (key.startswith("post"), len(key), key))
    yield from ((key, *seen[key]) for key in order)


def table() -> str:
    """The table as text, tab-separated, its source in the first line."""
    data = files(SOURCE) / "data"
    conversion = json.loads((data / "converter_2025.json").read_text(encoding="utf-8"))
    with sqlite3.connect(f"file:{data / 'dataset.db'}?mode=ro&immutable=1", uri=True) as database:
        lines = ["\t".join(row) for row in rows(database, conversion)]
    head = f"# generated by build_units.py from {SOURCE} {version(SOURCE)} (MIT)"
    return "\n".join([head, "\t".join(HEAD), *lines]) + "\n"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
