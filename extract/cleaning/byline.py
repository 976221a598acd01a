"""Who wrote an article: bylines ("Bài và ảnh: …", a last bold line), apart from photo credits, outlets and logins."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from extract.cleaning.blocks import Block, rules
from extract.cleaning.origin import is_outlet
from extract.text import UPPER

WORDS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
AUTHOR_CLASS = re.compile(
    r"author(?!i[tsz])|byline|tac-?gia|but-?danh|nguoi-?viet|pen-?name|pseudonym|"
    r"(^|[-_ ])(?:reporter|writer|auth|signature)($|[-_ ])",
    re.IGNORECASE,
)
# Who is quoted in a box, or took the picture above.
QUOTED = re.compile(r"quote|photo", re.IGNORECASE)
AUTHOR_LINK = re.compile(r"/(?:tac-gia|author|authors|phong-vien|but-danh)/|/tac-gia-|-author\d+", re.IGNORECASE)
SOURCE_CLASS = re.compile(
    r"(^|[-_ ])(?:source|nguon|article__source|news-source|detail-source)($|[-_ ])", re.IGNORECASE
)
WORD = re.compile(rf"^(?:[{UPPER}][^\W\d_]*['’]?[^\W\d_]*|(?:[{UPPER}][.\-]?){{1,3}}[^\W\d_]*\.?)$")
WRITING, SHOWING = ("|".join(WORDS[kind]) for kind in ("writing", "showing"))
ROLES = rf"(?:{WRITING}|{SHOWING})(?:\s*(?:,|và|&|-|–|/|\+)\s*(?:{WRITING}|{SHOWING}))*"
ROLE_INSIDE = re.compile(rf"(?<!\w)({ROLES})\s*[:：]\s*", re.IGNORECASE)
ROLE_AFTER = re.compile(rf"\s+(?:{WRITING})$")
WRITES = re.compile(rf"(?<!\w)(?:{WRITING})(?!\w)", re.IGNORECASE)
NO_NAME = re.compile(rf"(?<!\w)(?:{'|'.join(WORDS['no_name'])})(?!\w)", re.IGNORECASE)
TAKEN = re.compile(
    r"^(?P<how>theo|nguồn tin|nguồn|dẫn theo|trích|tổng hợp từ|tham khảo)(?:\s*[:：]\s*|\s+)(?P<what>.+)$",
    re.IGNORECASE,
)
# The desk or the agency after a name: "A/VOV-Tây Bắc", "A/TTXVN, B/TTXVN".
DESK = re.compile(r"\s*/[^,;&]*?(?=\s*(?:[,;&]|\s[-–—]\s|$))")
ASIDE = re.compile(r"\(([^()]*)\)")
EMAIL = re.compile(r"\S+@\S+|\[email[^\]]*\]")
BETWEEN_NAMES = re.compile(r"\s*,\s*|\s+và\s+|\s*&\s*|\s+[-–—+]\s+|\s*\n\s*|\s+-\s*|(?<=[^\W\d_]{2})-(?=[^\W\d_]{2})")
PROSE_END = re.compile(r"[.!?…:][”\"’)\]]*$|\./\.$")
# An origin in brackets after the last sentence: "… trong năm nay./. (TTXVN)".
INLINE_ORIGIN = re.compile(r"(?<=[.!?…”\"/])\s*\(([^()]{2,50})\)\s*\.?$")
LONGEST_CREDIT = 14  # words
LONGEST_OUTLET = 8  # words of an outlet with a name or two before it
LONGEST_TAIL = 10  # lines
NEAR_END = 6  # blocks
LONGEST_PROMOTION = 80  # words


@dataclass(frozen=True, slots=True)
class Credit:
    """Who is credited: `authors` as names, `origin` the outlet as written; `known` where there is a credit at all."""

    authors: tuple[str, ...] = ()
    origin: str | None = None
    known: bool = False

    def __or__(self, other: Credit) -> Credit:
        """Both credits, names once, the first origin kept."""
        folded = {name.casefold() for name in self.authors}
        more = tuple(name for name in other.authors if name.casefold() not in folded)
        return Credit(self.authors + more, self.origin or other.origin, self.known or other.known)


def is_name(text: str, *, marked: bool = False) -> bool:
    """Whether a text reads as a name or pen name: 2 to 5 capitalised words, one word or initials where `marked`."""
    words = text.split()
    if not (1 if marked else 2) <= len(words) <= 5 or NO_NAME.search(text) or is_outlet(text):
        return False
    return all(WORD.match(word) for word in words)


def as_name(text: str) -> str:
    """A name in capitals written as a name ("TRỌNG TÍN" → "Trọng Tín"); initials stay."""
    words = text.split()
    if len(words) > 1 and text.isupper() and any(len(word.strip(".")) > 2 for word in words) and "." not in text:
        return " ".join(word.capitalize() for word in words)
    return " ".join(words)


def read_credit(line: str, *, marked: bool = False) -> Credit:
    """What a short line credits; where markup says that it is a byline (`marked`), single words and initials count."""
    text = EMAIL.sub(" ", line).strip(" \u00a0.*-–—•|\t:")
    if text.startswith("(") and text.endswith(")") and "(" not in text[1:]:
        text = text[1:-1].strip()
    if not text or len(text.split()) > LONGEST_CREDIT * (2 if marked else 1):
        return Credit()
    credit = Credit()
    for inner in ASIDE.findall(text):
        said = _taken(inner.strip(), marked=marked)
        credit |= said if said.known else Credit(origin=inner.strip()) if is_outlet(inner) else Credit()
    bare = ASIDE.sub(" ", text).strip(" .,-–")
    if not bare:
        return credit if credit.origin else Credit()
    said = _taken(bare, marked=marked)
    if not said.known:
        said = _roles(bare, marked=marked)
    return credit | said if said.known else Credit()


def _taken(text: str, *, marked: bool) -> Credit:
    """ "Theo X", "Nguồn: X", "X/TTXVN", "baoangiang.com.vn": X an outlet, or a person whom some papers credit so."""
    if match := TAKEN.match(text):
        what = match["what"].strip(" .:")
        if match["how"].lower() == "theo" and not is_outlet(what) and (names := _names(what, marked=False)):
            return Credit(names, None, known=True)
        short = len(what.split()) <= 8 and (what[:1].isupper() or is_outlet(what))
        return Credit((), what, known=True) if short else Credit()
    if len(text.split()) <= LONGEST_OUTLET and is_outlet(text) and not ROLE_INSIDE.match(text):
        first, slash, rest = text.partition("/")
        if slash and (people := _names(first.strip(), marked=True)) and is_outlet(rest):
            return Credit(people, rest.strip(), known=True)
        name, dash, paper = (part.strip() for part in re.split(r"(\s[-–]\s)", text + " -  ", maxsplit=1)[:3])
        if dash and is_name(name, marked=True) and is_outlet(paper.strip(" -")):
            return Credit((as_name(name),), paper.strip(" -"), known=True)
        return Credit((), text, known=True)
    return Credit()


def _roles(text: str, *, marked: bool) -> Credit:
    """ "Bài: A - Ảnh: B": names under a writing role are authors, under a showing role credits only."""
    whole = () if ROLE_INSIDE.search(text) else _names(ROLE_AFTER.sub("", text), marked=marked)
    if whole:
        return Credit(whole, None, known=True)
    roles = list(ROLE_INSIDE.finditer(text))
    first = roles[0].start() if roles else len(text)
    parts = [("", text[:first])] if text[:first].strip(" ,.;-–") else []
    ends = [role.start() for role in roles[1:]] + [len(text)]
    parts += [(role[1], text[role.end() : end]) for role, end in zip(roles, ends, strict=True)] if roles else []
    authors: list[str] = []
    for role, part in parts:
        found = _names(part.strip(" \u00a0.,;-–—|"), marked=marked or bool(role)) or _officed(part, role)
        writing = not role or bool(WRITES.search(role))
        if writing and not found and not is_outlet(part):
            return Credit()
        if writing:
            authors += [name for name in found if name not in authors]
    return Credit(tuple(authors), None, known=bool(authors or roles))


def _officed(part: str, role: str) -> tuple[str, ...]:
    """The name before an office in what a role gives: "Tin, ảnh: A - Văn phòng Huyện ủy"."""
    name, dash, office = part.partition(" - ")
    return _names(name.strip(" \u00a0.,"), marked=True) if role and dash and NO_NAME.search(office) else ()


def _names(text: str, *, marked: bool) -> tuple[str, ...]:
    """All parts of a text as names, or none where one part is no name."""
    parts = [part.strip(" .") for part in BETWEEN_NAMES.split(DESK.sub("", text)) if part.strip(" .")]
    several = len(parts) > 1
    if not parts or not all(is_name(part, marked=marked or several) for part in parts):
        return ()
    return tuple(dict.fromkeys(as_name(part) for part in parts))


def take_credits(blocks: Sequence[Block]) -> tuple[list[Block], Credit]:
    """The blocks without the credits that close a text, and what these said.

    The lines after the last full paragraph are read in order: bylines, origins, photo credits and junk lines go; a line
    of office after a name ("Trưởng Ban …") goes with it; anything else there is text and stays.
    """
    rest: list[Block] = _until_byline(blocks)
    tail: list[Block] = []
    while rest and len(tail) < LONGEST_TAIL and (_closing(rest[-1]) or rest[-1].kind in {"image", "caption"}):
        tail.insert(0, rest.pop())
    credit = Credit()
    if rest and (inline := INLINE_ORIGIN.search(rest[-1].text)) and is_outlet(inline[1]):
        credit = read_credit(inline[1])
        rest[-1] = replace(rest[-1], text=rest[-1].text[: inline.start()])
    kept: list[Block] = []
    junk = rules()["junk_line"]
    for block in tail:
        marked = _set_apart(block) or (block.bold > 0.9 and block.kind == "text")
        said = (
            Credit()
            if block.kind in {"image", "caption"} or junk.match(block.text)
            else read_credit(block.text, marked=marked)
        )
        if block.kind == "text" and said.known and not (block.item and not said.origin):
            credit |= said
        elif block.kind != "text" or not (
            junk.match(block.text) or (credit.authors and block.words <= LONGEST_CREDIT and not block.item)
        ):
            kept.append(block)
    return rest + kept, credit


def _until_byline(blocks: Sequence[Block]) -> list[Block]:
    """The blocks up to a byline set apart by markup near the end: short lines after it are the paper's own words."""
    for number in range(max(1, len(blocks) - NEAR_END), len(blocks)):
        block = blocks[number]
        after = [later for later in blocks[number + 1 :] if later.kind not in {"image", "caption"}]
        marked = _set_apart(block)
        if marked and block.kind == "text" and read_credit(block.text, marked=True).authors and len(after) <= 3:
            promised = [later for later in after if read_credit(later.text, marked=True).known]
            prose = any(later.words > LONGEST_CREDIT * 2 and later.italic < 0.9 for later in after)
            if not promised and not prose and 0 < sum(later.words for later in after) <= LONGEST_PROMOTION:
                return [item for item in blocks if item not in after]
    return list(blocks)


def _set_apart(block: Block) -> bool:
    """Whether markup says that a line is a byline."""
    return block.right or (bool(AUTHOR_CLASS.search(block.classes)) and not QUOTED.search(block.classes))


def _closing(block: Block) -> bool:
    if block.kind != "text":
        return False
    marked = _set_apart(block)
    short = block.words <= LONGEST_CREDIT * (2 if marked else 1)
    return short and (
        not PROSE_END.search(block.text)
        or marked
        or read_credit(block.text).known
        or bool(rules()["junk_line"].match(block.text))
    )
