"""The invented press that benchmarks fill a corpus with: articles of about 1,900 characters with ten facts each.

The texts are put together at random from the words below, the same for the same seed: a tenth of the articles are
copies (cut, credited, retitled), the others share words and turns of phrase, as papers do.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from extract.article import Article

PROVINCES = """An Giang,Bắc Giang,Bến Tre,Cà Mau,Cao Bằng,Đắk Lắk,Điện Biên,Đồng Tháp,Gia Lai,Hà Giang,Hà Nam,Hà Tĩnh,
Hải Dương,Hậu Giang,Hòa Bình,Kiên Giang,Kon Tum,Lai Châu,Lạng Sơn,Lào Cai,Long An,Nam Định,Nghệ An,Ninh Bình,Phú Thọ,
Quảng Bình,Quảng Nam,Quảng Trị,Sóc Trăng,Sơn La,Tây Ninh,Thái Bình,Thanh Hóa,Trà Vinh,Vĩnh Long,Yên Bái"""
HEADS = "Đồng,Phú,Tân,Vĩnh,Long,Bình,An,Mỹ,Thạnh,Hòa,Yên,Quảng,Hưng,Minh,Xuân,Đông"
TAILS = "Lĩnh,Thuận,Châu,Hiệp,Sơn,Thành,Khê,Xuyên,Lộc,Phong,Trạch,Điền,Hải,Lương,Giang,Thịnh"
SUBJECTS = """Ban Dân vận Tỉnh ủy,Hội Nông dân,Hội Liên hiệp Phụ nữ,Đoàn Thanh niên,Ủy ban MTTQ,Hội Cựu chiến binh,
Liên đoàn Lao động,Đảng ủy xã,Tổ dân vận ấp,Chi bộ khóm,Công an huyện,Ban Chỉ huy Quân sự,Trường THCS,Trạm y tế"""
VERBS = """vận động,tổ chức,phối hợp,tuyên truyền,hỗ trợ,giúp đỡ,xây dựng,nhân rộng,khảo sát,lắng nghe,đối thoại,
giám sát,khen thưởng,hướng dẫn,bàn giao,duy trì,phát động,tháo gỡ,đồng hành,chăm lo,sơ kết,đăng ký"""
THINGS = """con đường hoa,tuyến kênh nội đồng,vùng lúa chất lượng cao,ao nuôi tôm,vườn cây ăn trái,làng nghề dệt chiếu,
tổ hợp tác trồng nấm,chợ phiên vùng cao,điểm trường lẻ,nhà văn hóa thôn,quỹ khuyến học,bếp ăn từ thiện,đội văn nghệ,
tủ sách pháp luật,cầu dân sinh,hàng rào xanh,bến đò ngang,rừng phòng hộ,hồ chứa nước,lớp xóa mù chữ,máy lọc nước,
phiên chợ nông sản,đàn bò sinh sản,đồi chè cổ thụ,tổ tự quản,camera an ninh,vườn rau sạch,sân bóng thiếu nhi"""
PEOPLE = """hộ nghèo,người cao tuổi,bà con dân tộc thiểu số,đoàn viên trẻ,giáo viên vùng sâu,ngư dân ven biển,
cựu chiến binh,học sinh mồ côi,công nhân xa quê,người có uy tín,tiểu thương,hộ chính sách,thanh niên lập nghiệp"""
MANNERS = """kịp thời,bền bỉ,sát cơ sở,theo từng nhóm việc,ngay từ đầu mùa mưa,bằng cách nói dễ hiểu,đến từng ngõ,
sau giờ làm đồng,với tinh thần tự nguyện,công khai trước dân,không phô trương,dần dần từng bước,trong sáu tháng liền"""
NOUNS = "mô hình,hộ,căn nhà,suất quà,hội viên,tập thể,cá nhân,cây cầu,lượt người,buổi đối thoại,hợp tác xã,công trình"
ROLES = ("registered", "implemented", "recognised", "other")
FIRST = date(2016, 1, 1)


def words(text: str) -> list[str]:
    """The entries of one of the lists above."""
    return [word.strip() for word in text.split(",")]


LISTS = [words(text) for text in (SUBJECTS, VERBS, THINGS, PEOPLE, MANNERS, VERBS, THINGS)]
NAMES = [f"{head} {tail}" for head in words(HEADS) for tail in words(TAILS)]


@dataclass(frozen=True, slots=True)
class Told:
    """An article with its records and, for a copy, the number of its original."""

    article: Article
    site: str
    province: str
    records: list[dict[str, Any]]
    copy_of: int | None = None


class Writer:
    """Puts a text together and notes the facts in it."""

    def __init__(self, chance: random.Random, province: str, day: date) -> None:
        self.chance, self.province, self.day = chance, province, day
        self.text = ""
        self.records: list[dict[str, Any]] = []

    def fact(self, kind: str, said: str, **value: object) -> None:
        """Writes the words of a fact and its record."""
        start = len(self.text)
        self.text += said
        fact = {"kind": kind, "text": said, "start": start, "end": len(self.text), "rule": f"{kind}.bench"}
        self.records.append(fact | value | {"confidence": self.chance.choice((0.6, 0.8, 0.9, 0.95))})

    def end(self, *lists: int) -> None:
        """Ends a sentence with a word of each list."""
        self.text += f", {' '.join(self.chance.choice(LISTS[number]) for number in lists)}. "

    def filler(self) -> None:
        """Writes a sentence without facts."""
        subject, *others = (self.chance.choice(each) for each in LISTS)
        self.chance.shuffle(others)
        self.text += f"{subject} {' '.join(others)}. "

    def date(self) -> None:
        """Writes a date."""
        day = self.day - timedelta(days=self.chance.randrange(400))
        self.text += f"{self.chance.choice(LISTS[0])} cho biết, "
        self.fact("date", f"ngày {day.day}/{day.month}/{day.year}", **{"from": str(day), "to": str(day)}, edtf=str(day))
        self.end(3, 1, 2)

    def place(self) -> None:
        """Writes a district."""
        name = self.chance.choice(NAMES)
        self.text += f"Tại {self.chance.choice(LISTS[2])} của "
        key = f"pre:{self.province}/{name}"
        self.fact("place", f"huyện {name}", level="district", path=[self.province, name], unit_key=key)
        self.end(0, 1, 4)

    def count(self) -> None:
        """Writes a count with its frame."""
        value, noun = int(self.chance.lognormvariate(5, 2)) + 2, self.chance.choice(words(NOUNS))
        self.text += "Đến nay, toàn tỉnh có "
        frame = self.frame("models", self.chance.choice(ROLES)) if noun == "mô hình" else {}
        self.fact("count", f"{value:,} {noun}".replace(",", "."), value=value, unit=noun, qualifier="exact",
                  value_low=value, value_high=value, model=noun == "mô hình", **frame)  # fmt: skip
        self.end(1, 2, 4)

    def money(self) -> None:
        """Writes a sum of money with its frame."""
        value = self.chance.randrange(10, 900) * 100_000_000
        self.text += f"{self.chance.choice(LISTS[3]).capitalize()} góp trên "
        self.fact("money", f"{value / 1e9:g} tỷ đồng".replace(".", ","), value=value, currency="VND", qualifier="more",
                  value_low=value, value_high=None, qualifier_text="trên", **self.frame("money", "other"))  # fmt: skip
        self.end(5, 6)

    def frame(self, measure: str, role: str) -> dict[str, Any]:
        """What a figure speaks for: the province, up to the day."""
        day, unit = str(self.day), f"pre:{self.province}"
        return {"measure": measure, "role": role, "scope": [self.province], "scope_unit": unit, "as_of": day,
                "period": [None, day], "frame_confidence": 0.7, "evidence": []}  # fmt: skip


def tell(number: int, seed: int) -> Told:
    """Article `number` of the corpus that `seed` makes: ten facts, twelve sentences without any."""
    chance = random.Random(f"{seed}/{number}")
    province = chance.choice(words(PROVINCES))
    day = FIRST + timedelta(days=chance.randrange(3600))
    writer = Writer(chance, province, day)
    steps = [writer.date] * 2 + [writer.place] * 3 + [writer.count] * 3 + [writer.money] * 2 + [writer.filler] * 12
    chance.shuffle(steps)
    for step in steps:
        step()
    title = f"{province}: {chance.choice(LISTS[0])} {chance.choice(LISTS[1])} {chance.choice(LISTS[2])}"
    article = Article(title=title, body=writer.text.strip(), published=str(day), url=f"https://bench.example/{number}")
    return Told(article, f"s{words(PROVINCES).index(province)}", province, writer.records)


def stories(articles: int, seed: int) -> Iterator[Told]:
    """The whole corpus, every tenth article a copy of one before it."""
    for number in range(articles):
        chance = random.Random(f"{seed}/copy/{number}")
        if number % 10 != 9:
            yield tell(number, seed)
            continue
        of = chance.randrange(number // 10 + 1) * 10
        original = tell(of, seed)
        body = original.article.body
        # Cut at a sentence's end after half of the text or more; the credit closes it.
        end = body.index(". ", chance.randrange(len(body) // 2, len(body) * 9 // 10)) + 1
        day = date.fromisoformat(original.article.published or "") + timedelta(days=1 + chance.randrange(3))
        article = Article(
            title=f"{original.article.title} (tin)", body=f"{body[:end]}\nTheo {original.site}",
            origin=original.site, published=str(day), url=f"https://copy.example/{number}",
        )  # fmt: skip
        records = [record for record in original.records if record["end"] <= end]
        yield Told(article, "portal", original.province, records, copy_of=of)
