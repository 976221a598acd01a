"""Spelling: the form in which names are compared, so that Hoà Bình, HÒA BÌNH and Hòa  Bình are one."""

from __future__ import annotations

import re
from functools import lru_cache

from extract.text import fold, one_tone

# Signs that part or join the words of a name: "Phan Rang-Tháp Chàm", "Ea H’leo", "TP.HCM".
SIGNS = re.compile(r"[\s\-–—.'’‘`´]+")
# Letters written either way in names: i and y ("Quí", "Quý"), a closing k and c ("Đắk Lắk", "Đắc Lắc").
EITHER = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")
CLOSING_K = re.compile(r"k(?=\s|$)")
# "Đắk", "Đăk", "Đak" and "Đác" are one word of the highlands, as are "Lắk", "Lăk", "Pắk" and "Păk".
HIGHLAND = re.compile(r"\b(?:đ[ắaáă]c|([lp])[ắă]c)\b")


@lru_cache(maxsize=65536)
def spell(name: str) -> str:
    """The form of a name for comparing: tone placement, case, signs, i and y, closing k and c made one."""
    plain = SIGNS.sub(" ", one_tone(name).lower()).strip().translate(EITHER)
    return HIGHLAND.sub(lambda match: (match[1] or "đ") + "ăc", CLOSING_K.sub("c", plain))


@lru_cache(maxsize=65536)
def letters(name: str) -> str:
    """A name's letters and digits without diacritics or case, by which "Ngọk Yêu" and "Ngọc Yêu" differ."""
    return SIGNS.sub(" ", fold(name)).strip()


@lru_cache(maxsize=65536)
def plain_spell(name: str) -> str:
    """`spell` without diacritics and spaces, for names written with a wrong mark: "Đăk Pơ", "Dak Po"."""
    return fold(spell(name)).replace(" ", "")
