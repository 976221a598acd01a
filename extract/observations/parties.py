"""Parties: who gave, who received, and who says so, as spans."""

from __future__ import annotations

import re

from extract.facts import Span
from extract.observations.layout import Figure, Layout, Sentence
from extract.text import UPPER

BODIES = (
    "ban|ủy ban|ubmttq|ubmttqvn|ubnd|hội|hội đồng|mặt trận|quỹ(?! hỗ trợ)|sở|phòng|liên đoàn|công ty|tập đoàn|ngân hàng"
    "|đảng ủy|huyện ủy|tỉnh ủy|thành ủy|công an|bộ chỉ huy|đồn|đoàn|tỉnh đoàn|huyện đoàn|câu lạc bộ|nhóm|chùa|mttq"
    "|đơn vị|nhà tài trợ|các nhà hảo tâm|nhà hảo tâm|mạnh thường quân|các mạnh thường quân|doanh nghiệp"
    "|các doanh nghiệp|báo(?! cáo)|công đoàn|nhà nước|bà con|nhân dân|đài|ông|bà|anh|chị|đồng chí|lãnh đạo"
    "|các tổ chức, cá nhân|các cơ quan|bộ đội|cán bộ|chi hội|trường|hợp tác xã"
)
UNITS = "tỉnh|thành phố|huyện|quận|thị xã|xã|phường|đặc khu"
GIVES = "trao|tặng|hỗ trợ|ủng hộ|tài trợ|đóng góp|góp|giúp|bàn giao|thăm|chuyển|cho vay|gửi|quyên góp|trích"
BEFORE_GIVING = (
    "đã |vừa |cũng |còn |tiếp tục |trực tiếp |phối hợp |tổ chức |quyết định |đến |tới |ra |lên |về |cử đoàn |cử |đoàn "
)
TAKES = "nhận|tiếp nhận|vận động|huy động|thu|kêu gọi|được"  # what follows is the receiver's or another's
BODY = rf"(?:{BODIES})(?!\w)"
DONOR = re.compile(
    rf"(?<!\w)(?<!ngày )(?<!lễ )(?:(?<!xã ){BODY}|(?:{UNITS})(?!\w))[^;:.]*?"
    rf"(?=,? (?:{BEFORE_GIVING})*(?P<verb>{GIVES}|{TAKES})(?!\w))"
)
AT = re.compile(r"(?<!\w)(?:tại|ở|trên địa bàn|về|cho|đến|từ|khắp) $")
OPEN_QUOTE = re.compile(r"“[^”]*$")
GIVEN_BY = re.compile(
    rf"(?<!\w)(?:do|từ|của) ({BODY}[^;:.,()]*?)(?= (?:{GIVES}|với|cho|để|nhằm|làm|mua|mà)(?!\w)|[,;.()]|$)"
)
ANOTHER = re.compile(rf"(?:,[^,]*\d[^,]*,| được| cho biết,?|(?:{UNITS}) [^,]+,) (?={BODY})")
RECEIVERS = (
    "hộ|người|gia đình|học sinh|em|trẻ|bà con|nhân dân|đồng bào|hội viên|đoàn viên|công nhân|lao động|các|xã|huyện|tỉnh"
    "|phường|trường|quỹ|đối tượng|nạn nhân|ông|bà|anh|chị|cụ|mẹ|bệnh nhân|những|giáo viên|thôn|ấp|bản|tập thể|cá nhân"
)
RECEIVER = re.compile(
    rf"(?<!\w)(?:cho|đến|tới|giúp|tặng|hỗ trợ|ủng hộ) ((?:\d[\d.,]* )?(?:{RECEIVERS})(?!\w)[^;:.,()]*)"
)
RECEIVER_END = re.compile(
    r" (?:với|trị giá|số tiền|tổng|mỗi|gồm|nhân dịp|vào|để|bằng|từ|trong|trên địa bàn)(?!\w)"
    r"|(?: gần| hơn| trên| khoảng)?\s*$"
)
SAYS_FIRST = re.compile(
    r"(?:theo|(?:thông tin|số liệu) từ|(?:thống kê|báo cáo|số liệu|tổng hợp) của) ([^;:.,]+?)"
    r"(?=,| cho (?:thấy|biết|hay)|;|:)"
)
SAYS = "cho biết|cho hay|thông tin|khẳng định|chia sẻ|báo cáo"
SAYS_LAST = re.compile(rf"(?:^|[;,] |(?<=[.!?] ))([^;:.]{{3,140}}?) (?:{SAYS})(?= |,|:|\.|$)")
NOT_A_SOURCE = re.compile(
    r"(?:đó|nghị quyết|chỉ thị|công văn|quyết định|kế hoạch|chương trình|hướng|mô hình|lời kêu gọi|tinh thần|quy định"
    r"|nghị định"
    r"|dõi|tiêu chí|chuẩn|phương châm|thông tư|luật|kết luận|từng|nhóm|đề án)(?!\w)"
)
PERSON = re.compile(rf"(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Đđ]ồng chí) [{UPPER}]")


def find_source(layout: Layout, sentence: Sentence) -> Span | None:
    """Who says so: "Theo Ban Dân vận Tỉnh ủy An Giang, …", "…, ông Nguyễn Văn An cho biết"."""
    low = layout.low
    for match in SAYS_FIRST.finditer(low, sentence.start, sentence.end):
        if not NOT_A_SOURCE.match(match.group(1)) and re.match(BODY, match.group(1)):
            return match.span(1)
    said = SAYS_LAST.search(low, sentence.start, sentence.end)
    if said:
        person = PERSON.search(layout.passage.text, said.start(1), said.end(1))
        if person:
            return person.start(), person.start() + len(low[person.start() : said.end(1)].rstrip(" ,"))
    return None


def find_donor(layout: Layout, sentence: Sentence, figure: Figure) -> Span | None:
    """Who gave the figure: the subject of the giving verb before it, or "do … tài trợ", "của …" behind it."""
    low = layout.low
    start = max(layout.segment_start(figure.start, sentence.start), sentence.before(figure))
    gave = _gave(layout, sentence, start, figure.start)
    if gave is not None:
        return _last_body(low, *gave)
    stop = min(layout.clause_end(figure.end, sentence.end), sentence.after(figure))
    given = GIVEN_BY.search(low, figure.end, stop)
    return given.span(1) if given else None


def _gave(layout: Layout, sentence: Sentence, start: int, end: int) -> Span | None:
    """The last subject of a giving verb in a stretch; none where the last verb takes, or the name is a place's part."""
    low, found = layout.low, None
    at = start
    while match := DONOR.search(low, at, end):
        begin = match.start()
        part = any(fact.start < begin < fact.end for fact in sentence.places)
        if part or AT.search(low, max(start, begin - 14), begin) or OPEN_QUOTE.search(low, start, begin):
            at = begin + 1
            continue
        found = None if re.fullmatch(TAKES, match["verb"]) else match.span()
        at = match.end("verb")
    return found


def _last_body(low: str, start: int, end: int) -> Span:
    """The subject alone, where a source, a time or a passive ("được") stands before it."""
    for match in ANOTHER.finditer(low, start, end):
        start = match.end()
    return start, end


def find_recipient(layout: Layout, sentence: Sentence, figure: Figure) -> Span | None:
    """Who received it: what follows "cho", "tặng", "đến" in the figure's clause, before it or behind it."""
    low = layout.low
    start = max(layout.segment_start(figure.start, sentence.start), sentence.before(figure))
    stop = min(layout.clause_end(figure.end, sentence.end), sentence.after(figure))
    behind = RECEIVER.search(low, figure.end, stop)
    before = list(RECEIVER.finditer(low, start, figure.start))
    match = behind or (before[-1] if before else None)
    if match is None:
        return None
    begin, end = match.span(1)
    cut = RECEIVER_END.search(low, begin + 1, end)
    return begin, cut.start() if cut else end
