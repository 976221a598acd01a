"""The body of a page as a row of blocks: paragraphs, headings, captions, images, in the order a reader meets them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from extract.cleaning.page import SPACE, Element, names, text_of

Kind = Literal["text", "heading", "caption", "image", "row"]
BLOCK_TAGS = frozenset(
    (
        *(
            "p",
            "div",
            "section",
            "article",
            "main",
            "li",
            "ul",
            "ol",
            "dl",
            "dt",
            "dd",
            "blockquote",
            "pre",
            "center",
            "hr",
        ),
        *("h1", "h2", "h3", "h4", "h5", "h6", "table", "tbody", "thead", "tfoot", "tr", "td", "th"),
        *("figure", "figcaption", "header", "form", "fieldset", "aside", "details", "summary", "address"),
    )
)
HEADING_CLASS = re.compile(r"(?:^|\s)sub-?(?:title|head|heading)(?=\s|$)", re.IGNORECASE)
GLUED_CREDIT = re.compile(r"(?<=[^\W\d_][.!?])(?=(?:Ảnh|Nguồn|Đồ họa)\b)")
HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
IMAGES = frozenset({"img", "picture", "video", "amp-img"})
BOLD = frozenset({"b", "strong", *HEADINGS})
CAPTION_CLASS = re.compile(
    r"(?<!no)(?<!no-)caption|(?:image|img|photo)[_-]?desc|desc[_-]?(?:image|img|photo)|chu-?thich|"
    r"^note(?: ignore)?$|^Image$|ck_legend",
    re.IGNORECASE,
)
PHOTO_CLASS = re.compile(r"photo|image|picture|(^|[-_ ])(?:img|thumb|pic)", re.IGNORECASE)
CREDIT = re.compile(
    r"(?:^|[\s(.])(?:Ảnh|Đồ họa|Infographic|Nguồn ảnh|Ảnh (?:minh họa|tư liệu|chụp màn hình|cắt từ clip))\s*[:(-]|"
    r"\(?Ảnh minh họa\)?\.?$|\(Ảnh\b[^)]*\)\.?$",
    re.IGNORECASE,
)
# What stands under a film wherever it is: "Clip: …", "Video: …".
FILM = re.compile(r"(?:video(?: clip)?|clip|nguồn clip|nguồn video)\s*[:：]", re.IGNORECASE)
BOLD_CLASS = re.compile(r"(?:^|\s)(?:f(?:ont|w)-?)?(?:semi)?bold(?=\s|$)")
BOLD_STYLE = re.compile(r"font-weight:(?:bold|[6-9]00)")
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
LONGEST_CAPTION = 60  # words
LONGEST_INLINE = 35  # words beside a picture in one paragraph that are still its caption
DEEPEST = 300  # nested elements; what lies deeper is taken as plain text


@dataclass(frozen=True, slots=True)
class Block:
    """One block; `bold`, `italic`, `linked` are shares of its letters, `classes` its names and those around it."""

    text: str
    kind: Kind = "text"
    bold: float = 0.0
    italic: float = 0.0
    linked: float = 0.0
    right: bool = False
    centred: bool = False
    classes: str = ""
    item: bool = False

    @property
    def words(self) -> int:
        """The number of words."""
        return len(self.text.split())


@dataclass(slots=True)
class _Style:
    bold: bool = False
    italic: bool = False
    linked: bool = False
    right: bool = False
    centred: bool = False
    caption: bool = False
    heading: bool = False
    item: bool = False
    classes: str = ""


@dataclass(slots=True)
class _Walk:
    blocks: list[Block] = field(default_factory=list)
    run: list[str] = field(default_factory=list)
    letters: dict[str, int] = field(default_factory=lambda: {"all": 0, "bold": 0, "italic": 0, "linked": 0})
    last: _Style = field(default_factory=_Style)

    def add(self, text: str | None, style: _Style) -> None:
        if not text:
            return
        self.run.append(text)
        if size := len(text.strip()):
            self.last = style
            self.letters["all"] += size
            for key in ("bold", "italic", "linked"):
                self.letters[key] += size * getattr(style, key)

    def flush(self) -> None:
        text = SPACE.sub(" ", "".join(self.run)).strip(" \u00a0\ufeff\u200b")
        total, style = self.letters["all"] or 1, self.last
        if text:
            kind: Kind = "caption" if style.caption else "heading" if style.heading else "text"
            text = GLUED_CREDIT.sub(" ", text) if style.caption else text
            share = {key: self.letters[key] / total for key in ("bold", "italic", "linked")}
            self.blocks.append(
                Block(
                    text,
                    kind,
                    right=style.right,
                    centred=style.centred,
                    classes=style.classes,
                    item=style.item,
                    **share,
                )
            )
        self.run, self.letters = [], dict.fromkeys(self.letters, 0)


@lru_cache(maxsize=1)
def rules() -> dict[str, re.Pattern[str]]:
    """The boilerplate rules: `junk_class` is searched in a name, the others match a line (`invitation` its start)."""
    with Path(__file__).with_name("boilerplate.toml").open("rb") as file:
        lists = tomllib.load(file)
    patterns = {key: "|".join(f"(?:{item})" for item in items) for key, items in lists.items()}
    searched = {"junk_class", "button"}
    whole = {key: patterns[key] if key in searched else rf"[\s>»*•–-]*(?:{patterns[key]})" for key in patterns}
    return {
        key: re.compile(whole[key] + ("" if key in {"junk_class", "invitation"} else r"[\s.:]*$"), re.IGNORECASE)
        for key in whole
    }


def is_block(tag: object) -> bool:
    """Whether a tag begins a line of its own; elements that a page defines itself ("app-line") are taken as such."""
    return isinstance(tag, str) and (tag in BLOCK_TAGS or "-" in tag)


def is_junk_name(element: Element) -> bool:
    """Whether a class name or the id says that the element is no part of an article."""
    return any(map(_is_junk, names(element).split()))


@lru_cache(maxsize=8192)
def _is_junk(name: str) -> bool:
    return bool(rules()["junk_class"].search(name))


def is_caption_name(element: Element) -> bool:
    """Whether a class name says that the element is a picture's caption."""
    own = names(element)
    return any(CAPTION_CLASS.search(name) for name in (own, *own.split()))


def hidden(element: Element) -> bool:
    """Whether the element is never shown."""
    return bool(HIDDEN.search(element.get("style") or "")) or "hidden" in element.attrib


def blocks_of(body: Element) -> list[Block]:
    """The blocks of a body in order, junk left out, captions told by markup and position."""
    walk = _Walk()
    _descend(body, _Style(), walk, max(1, len(text_of(body))))
    walk.flush()
    return _place_captions(walk.blocks)


def _descend(element: Element, outer: _Style, walk: _Walk, whole: int, depth: int = 0) -> None:
    style = _style(element, outer)
    if depth > DEEPEST:
        walk.add(text_of(element), style)
        return
    walk.add(element.text, style)
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag in IMAGES:
            if tag != "img" or not child.get("class", "").startswith("icon"):
                walk.flush()
                walk.blocks.append(Block("", "image"))
        elif tag == "br":
            walk.flush()
        elif tag == "table" and _is_data(child):
            walk.flush()
            walk.blocks += [Block(row, "row") for row in _rows(child)]
        elif not tag or not _dropped(child, whole):
            if own_line := is_block(tag):
                walk.flush()
            _descend(child, style, walk, whole, depth + 1)
            if own_line:
                walk.flush()
        walk.add(child.tail, style)


def _dropped(element: Element, whole: int) -> bool:
    if not (is_junk_name(element) or hidden(element) or element.tag == "aside"):
        return False
    return element.tag != "body" and len(text_of(element)) < whole * 0.5


def _style(element: Element, outer: _Style) -> _Style:
    tag, own = element.tag, names(element)
    css = (element.get("style") or "").replace(" ", "").lower()
    align = _alignment(element, css, own)
    return _Style(
        bold=outer.bold or tag in BOLD or bool(BOLD_CLASS.search(own)) or bool(BOLD_STYLE.search(css)),
        italic=outer.italic or tag in {"i", "em"} or "font-style:italic" in css,
        linked=outer.linked or tag == "a",
        right=align == "right" if align else outer.right,
        centred=align == "center" if align else outer.centred,
        caption=outer.caption or _captions(element, own),
        heading=outer.heading or tag in HEADINGS or bool(HEADING_CLASS.search(own)),
        item=outer.item or tag == "li",
        classes=f"{outer.classes} {own}".strip(),
    )


def _alignment(element: Element, css: str, own: str) -> str | None:
    """The alignment that an element sets for its text; None where it sets none."""
    if found := re.search(r"text-align:(\w+)", css):
        return found[1]
    if found := re.search(r"text-(right|end|center)(?!\w)", own):
        return found[1].replace("end", "right")
    return "center" if element.tag == "center" else (element.get("align") or "").lower() or None


def _captions(element: Element, own: str) -> bool:
    """Whether an element holds a caption: by its tag, its name, or as the frame of a picture with little text."""
    tag = element.tag
    if tag in {"figure", "figcaption"}:
        return True
    if not is_block(tag) or not 0 < (words := len(text_of(element).split())) <= LONGEST_CAPTION * 2:
        return False
    if is_caption_name(element):
        return True
    if tag == "table":
        return _has_image(element)
    framed = tag == "p" or (tag == "div" and (PHOTO_CLASS.search(own) or element.get("type") == "Photo"))
    if not framed or not _has_image(element):
        return False
    # A paragraph of the text may begin with a small picture.
    credited = bool(CREDIT.search(text_of(element)))
    return words <= LONGEST_INLINE or (words <= LONGEST_CAPTION and (credited or tag == "div"))


def _has_image(element: Element) -> bool:
    return next(element.iter(*IMAGES), None) is not None


def _is_data(table: Element) -> bool:
    """A table of figures: several rows of short cells and no picture; the rest is layout."""
    rows = list(table.iter("tr"))
    cells = [text_of(cell) for cell in table.iter("td", "th")]
    return len(rows) >= 2 and len(cells) >= 4 and not _has_image(table) and max(map(len, cells)) < 400


def _rows(table: Element) -> list[str]:
    rows = [[text_of(cell) for cell in row.iter("td", "th")] for row in table.iter("tr")]
    return [" | ".join(cells) for cells in rows if any(cells)]


def _place_captions(blocks: list[Block]) -> list[Block]:
    """A line under a picture is its caption: in italics or centred, a credit, or short and without a full stop."""
    placed: list[Block] = []
    pending = False
    for block in blocks:
        if block.kind == "image":
            pending = True
        elif block.kind == "text" and (
            _is_film(block) or ((pending or _follows_caption(placed, block)) and _is_caption(block, pending=pending))
        ):
            placed.append(replace(block, kind="caption"))
            pending = False
            continue
        else:
            pending = False
        placed.append(block)
    return placed


def _follows_caption(placed: list[Block], block: Block) -> bool:
    return bool(placed) and placed[-1].kind == "caption" and block.words <= 12 and bool(CREDIT.match(block.text))


def _is_film(block: Block) -> bool:
    return block.words <= LONGEST_INLINE and block.linked < 0.5 and bool(FILM.match(block.text))


def _is_caption(block: Block, *, pending: bool) -> bool:
    if block.words > LONGEST_CAPTION or block.right:
        return False
    slanted = block.italic > 0.9 or (block.centred and block.bold < 0.9)
    credited = bool(CREDIT.search(block.text))
    bare = (
        block.words <= 40
        and block.bold < 0.5
        and not block.text.isupper()
        and not re.search(r"[.!?:;…][”\"’)]*$", block.text)
    )
    return slanted or credited or (pending and bare)
