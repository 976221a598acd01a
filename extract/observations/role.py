"""Role: what was done with a figure (roles.tsv): models registered or recognised, money raised or given, and so on."""

from __future__ import annotations

import re
from functools import cache

from extract.facts import CountFact, MoneyFact, Span
from extract.observations.cues import Role, alternation, family, first, last, lowered, roles
from extract.observations.layout import Figure, Layout, Sentence, per_one

# Between a cue and the figure it governs only a few such words stand ("tăng thêm được gần 20 mô hình").
ADJACENT = re.compile(
    r"(?: |thêm|được|gần|hơn|trên|khoảng|so|với|cùng kỳ|kế hoạch|chỉ tiêu"
    r"|(?:năm|tháng|quý) (?:trước|ngoái|\d{1,2}/\d{4}|\d{4}))*"
)
# "đăng ký xây dựng 20 mô hình": the first verb of a chain is the one that counts.
CHAIN = re.compile(r"(?: |và|,|để|việc|tham gia|được)*")
# A clause that divides a total keeps the total's role.
FALLBACK = {"model": "implemented", "money": "other", "thing": "other"}
WEAK = {"ghi nhận"}  # "ghi nhận 20 mô hình đăng ký": only taken note of
CHAIN_HEADS = {"registered", "other"}
LISTED = re.compile(r"(?: |,|và|cùng)*")  # between "20 tập thể" and "30 cá nhân"
# Themes, not deeds: "lĩnh vực xây dựng hệ thống chính trị 20 mô hình".
THEME = re.compile(
    r"xây dựng (?:hệ thống|nông thôn|ntm|đảng|đô thị|đời sống|gia đình|chính quyền|văn hóa|lực lượng|khối)(?!\w)"
)
LEVELS = re.compile(r"cấp (?:tỉnh|huyện|xã|ủy|trên|dưới|cơ sở|trung ương|thành phố|phường|bách)(?!\w)")
BRANCH = re.compile(r"chi (?:hội|bộ|đoàn|cục|nhánh|ủy)(?!\w)")
REST = re.compile(r",? (?:(?:phần|số) )?còn lại(?!\w)")  # "…, phần còn lại do dân đóng góp"
SHARE = re.compile(
    r",? (?:bằng|chiếm|đạt|tức) (?:gần |hơn |trên |khoảng |tỷ lệ )?\d[\d.,]* *%"
)  # "…, bằng 88% số đăng ký"
WORDS = re.compile(r"\w")
LINKS = {"cho", "đến", "về", "cùng", "được"}
RIGHT_REACH = 120
ADJACENT_REACH = 50
# "thêm 6 mô hình so với năm trước" is a difference.
MORE_BY = re.compile(r"(?<!\w)(?:thêm|hơn|tăng|giảm|ít hơn|nhiều hơn)(?: được)? $")
COMPARED = re.compile(r" (?:nữa )?so (?:với )?(?!\w*kế hoạch)")
PERCENT = re.compile(r"(?: tỷ lệ| tỉ lệ| gần| hơn| trên)* *\d[\d.,]* *%")  # "đạt 94,9%" recognises nothing
# "doanh thu đạt 9 tỷ đồng" neither.
AMOUNT = re.compile(r"(?: gần| hơn| trên)* *\d[\d.,]* *(?:tỷ|tỉ|triệu|nghìn|ngàn|ha|tấn|tạ)(?!\w)")
LAST_TIME = re.compile(r"(?<!\w)(?:cùng kỳ|năm (?:ngoái|trước|\d{4}))[^();]{0,12}\((?:là |chỉ |chỉ có )?$")
# What stands directly behind a sum is its own: "2 tỷ đồng vốn vay", "2 tỷ đồng đã được trao".
DIRECT = re.compile(r" (?:tiền |là )?(?:đã|được|đã được) | (?=vốn vay|đăng ký)")
# Behind a figure "xây dựng" may be a theme ("20 mô hình xây dựng nông thôn mới"); only a finished verb is a role.
DONE = re.compile(r"(?<!\w)(?:đã|được|đang|đưa vào)(?: \w+)? $")
TIES = re.compile(r"[,;]")
# After a plan, what is told as done: "phấn đấu có 30 mô hình, đến nay đã ra mắt 12 mô hình".
DONE_BY_NOW = re.compile(r";|,? (?:đến nay|hiện|nay|đã|còn|riêng|trong đó|kết quả)(?!\w)")


def kind_of(figure: Figure) -> str:
    """Which rows of roles.tsv speak of a figure: "model", "money" or "thing"."""
    if isinstance(figure, MoneyFact):
        return "money"
    return "model" if isinstance(figure, CountFact) and figure.model else "thing"


@cache
def _table(kind: str, side: str) -> tuple[dict[str, Role], re.Pattern[str]]:
    sides = {side} if side == "adjacent" else {side, "both"}
    rows = [row for row in roles() if row.kind == kind and row.side in sides]
    return {lowered(row.cue): row for row in rows}, alternation([row.cue for row in rows])


def find_role(layout: Layout, sentence: Sentence, figure: Figure) -> tuple[str, Span | None]:
    """The role of a figure and the cue that decided; models compared with in brackets have that of those before."""
    models = [other for other in sentence.figures if other.end <= figure.start and kind_of(other) == "model"]
    if kind_of(figure) == "model" and models and LAST_TIME.search(layout.low, models[-1].end, figure.start):
        return _own_role(layout, sentence, models[-1])  # "công nhận 20 mô hình, gấp đôi cùng kỳ (10 mô hình)"
    return _own_role(layout, sentence, figure)


def _of_the_next(layout: Layout, sentence: Sentence, figure: Figure, cue: Span) -> bool:
    """Whether a verb behind a figure is the next one's ("dựng 20 mô hình, được tỉnh khen 5 điển hình")."""
    following = sentence.after(figure)
    comma = "," in layout.low[figure.end : cue[0]]
    return comma and following < sentence.end and ADJACENT.fullmatch(layout.low, cue[1], following) is not None


def _own_role(layout: Layout, sentence: Sentence, figure: Figure) -> tuple[str, Span | None]:
    """The role of a figure and the cue that decided; the fallback of its kind where no cue stands in its clause."""
    kind, low = kind_of(figure), layout.low
    adjacent = difference(layout, sentence, figure)
    if adjacent:
        return adjacent
    stop = _reach(layout, sentence, figure)
    right = _right(kind, low, figure.end, stop)
    if kind == "model" and right and _of_the_next(layout, sentence, figure, right[1]):
        right = None
    start = max(layout.segment_start(figure.start, sentence.start), sentence.before(figure))
    if kind == "thing":  # "hỗ trợ một bệnh viện (quy mô 100 giường)": the bracket tells of no gift
        start = max(start, layout.clause_start(figure.start, sentence.start))
    left = _left(kind, low, start, figure.start)
    planned = last("plan", low, layout.segment_start(figure.start, sentence.start), start) if left else None
    if kind == "model" and left and planned and not DONE_BY_NOW.search(low, planned[1], left[1][0]):
        return "other", planned  # "phấn đấu mỗi bản có một mô hình và ra mắt thêm 40 mô hình"
    if right and _right_decides(kind, low, figure, left, right):
        return right
    if left is None and right is None and not _new_verb(low, start, figure.start):
        first_of_list = _first_of_list(layout, sentence, figure) if kind == "model" else None
        if first_of_list is not None:
            return _own_role(layout, sentence, first_of_list)
        left = _left(kind, low, sentence.start, figure.start if kind == "money" else sentence.figures[0].start)
    if left and kind == "money" and low[slice(*left[1])] == "nhận" and per_one(layout, sentence, figure):
        return "given", left[1]
    return left or right or (FALLBACK[kind], None)


def _first_of_list(layout: Layout, sentence: Sentence, figure: Figure) -> Figure | None:
    """The models whose verb a figure shares ("cấp huyện công nhận 74 mô hình, cấp tỉnh 8 mô hình")."""
    low, begun = layout.low, layout.segment_start(figure.start, sentence.start)
    listed = [other for other in sentence.figures if begun <= other.start < figure.start and kind_of(other) == "model"]
    for other in reversed(listed):
        start = max(begun, sentence.before(other))
        said = _new_verb(low, start, other.start) or _left("model", low, start, other.start)
        if said or other is listed[0] or _right("model", low, other.end, _reach(layout, sentence, other)):
            return other
    return None


def _right_decides(kind: str, low: str, figure: Figure, left: tuple[str, Span] | None, right: tuple[str, Span]) -> bool:
    """Whether a verb behind a figure says more of it than the one before."""
    if kind == "money":
        return right[1][0] - figure.end < 12 and DIRECT.match(low, figure.end, right[1][1]) is not None
    if kind != "model":
        return False
    if left and left[0] != "other" and TIES.search(low, left[1][1], figure.start):
        return True
    weak = left is None or left[0] == "implemented" or low[slice(*left[1])] in WEAK
    return weak and right[0] in {"registered", "recognised"}


def difference(layout: Layout, sentence: Sentence, figure: Figure) -> tuple[str, Span] | None:
    """The role and the word for "more" or "fewer" of a figure that is a difference; None for any other."""
    kind, low = kind_of(figure), layout.low
    return _adjacent(kind, low, sentence.start, figure.start) or _more_by(kind, low, sentence.start, figure)


def _more_by(kind: str, low: str, floor: int, figure: Figure) -> tuple[str, Span] | None:
    """The word for "more" or "fewer" before models that are compared behind ("thêm 6 mô hình so với năm trước")."""
    more = MORE_BY.search(low, floor, figure.start)
    return ("other", more.span()) if kind == "model" and more and COMPARED.match(low, figure.end) else None


def _new_verb(low: str, start: int, end: int) -> bool:
    """Whether a verb of its own stands before a figure, so that it shares none with the figures before it."""
    verbs = [match for match in family("verb").finditer(low, start, end) if not LEVELS.match(low, match.start())]
    return any(match.group() not in LINKS for match in verbs)


def _reach(layout: Layout, sentence: Sentence, figure: Figure) -> int:
    """Where the words behind a figure end: the next figure (past a mere list), its clause, or a “trong đó”."""
    stop, end = sentence.after(figure), layout.clause_end(figure.end, sentence.end)
    for other in sentence.figures:
        if other.start == stop and LISTED.fullmatch(layout.low, figure.end, stop):
            stop = sentence.after(other)
    parted = first("part", layout.low, figure.end, min(stop, end))
    if parted and parted[0] > figure.end + 1:
        stop = parted[0]
    rest = REST.search(layout.low, figure.end, min(stop, end))
    end = rest.start() if rest else end
    share = SHARE.search(layout.low, figure.end, min(stop, end))
    return share.start() if share else min(stop, end)


def _adjacent(kind: str, low: str, floor: int, end: int) -> tuple[str, Span] | None:
    table, pattern = _table(kind, "adjacent")
    for match in pattern.finditer(low, max(floor, end - ADJACENT_REACH), end):
        if ADJACENT.fullmatch(low, match.end(), end):
            return table[match.group()].role, match.span()
    return None


def _in_a_name(low: str, start: int) -> bool:
    """Whether a cue is a theme or a part of a name ("Quỹ Hỗ trợ nông dân", "Chi hội Phụ nữ")."""
    fund = low.startswith("hỗ trợ", start) and low.endswith("quỹ ", 0, start)
    return (
        fund
        or LEVELS.match(low, start) is not None
        or BRANCH.match(low, start) is not None
        or THEME.match(low, start) is not None
    )


def _left(kind: str, low: str, floor: int, end: int) -> tuple[str, Span] | None:
    """The last verb before the figure; of a chain of verbs the head, and a plan's word over what is planned."""
    table, pattern = _table(kind, "before")
    matches = [match for match in pattern.finditer(low, floor, end) if not _in_a_name(low, match.start())]
    found = [(table[match.group()].role, match.span()) for match in matches]
    if not found:
        return None
    chosen = found[-1]
    for earlier in reversed(found[:-1]):
        gap = low[earlier[1][1] : chosen[1][0]]
        chained = earlier[0] in CHAIN_HEADS and CHAIN.fullmatch(gap) is not None
        honoured = earlier[0] == "recognised" and chosen[0] in {"helped", "existing", "given"}
        opening = not WORDS.search(low, floor, earlier[1][0]) and ";" not in gap
        if family("plan").fullmatch(low, *earlier[1]) and (opening or not DONE_BY_NOW.search(gap)):
            return earlier
        if kind != "money" and (chained or honoured) and not TIES.search(gap):
            chosen = earlier
    return chosen


def _right(kind: str, low: str, start: int, end: int) -> tuple[str, Span] | None:
    table, pattern = _table(kind, "after")
    for match in pattern.finditer(low, start, min(end, start + RIGHT_REACH)):
        role = table[match.group()].role
        if (match.group() == "đạt" and AMOUNT.match(low, match.end())) or PERCENT.match(low, match.end()):
            continue
        if role != "implemented" or DONE.search(low, start, match.start()):
            return role, match.span()
    return None
