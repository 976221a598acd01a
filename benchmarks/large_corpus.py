"""How the corpus bears its size: loading, searching, finding copies and reviewing, on a seeded corpus made here.

    python benchmarks/large_corpus.py                        100,000 articles, 1,000,000 facts
    python benchmarks/large_corpus.py --articles 10000       a tenth of it
    python benchmarks/large_corpus.py --db big.db    leaves the file, and only searches it when it is there

The texts are put together at random from the words below: a tenth of the articles are copies (cut, credited,
retitled), the others share words and turns of phrase, as papers do.
"""

from __future__ import annotations

import multiprocessing
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
from tabulate import tabulate

from corpus.articles import Cleaned, save_article, save_articles
from corpus.catalogue import save_sites, save_units
from corpus.duplicates import find_copies
from corpus.facts import save_readings
from corpus.query import Query
from corpus.review import decide
from corpus.search import search
from corpus.store import Corpus, CorpusError, batches, open_corpus
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
PEOPLE_WHO_REVIEW = ("lan", "minh", "hoa", "quang")


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


def furnish(corpus: Corpus) -> None:
    """Writes the sites and units."""
    provinces = words(PROVINCES)
    sites = [
        {"id": f"s{n}", "name": f"Báo {name}", "home": f"https://s{n}.example/"} for n, name in enumerate(provinces)
    ]
    save_sites(corpus, [*sites, {"id": "portal", "name": "Cổng tin", "home": "https://portal.example/"}])
    units: list[dict[str, Any]] = [
        {"key": f"pre:{name}", "code": str(n), "era": "pre", "level": "province", "full_name": f"tỉnh {name}",
         "name": name, "path": [name], "last_day": "2025-06-30"}
        for n, name in enumerate(provinces)
    ] + [
        {"key": f"post:{name}", "code": str(n), "era": "post", "level": "province", "full_name": f"tỉnh {name}",
         "name": name, "path": [name], "first_day": "2025-07-01"}
        for n, name in enumerate(provinces) if n % 2 == 0
    ] + [
        {"key": f"pre:{name}/{below}", "code": f"{n}.{m}", "era": "pre", "level": "district", "name": below,
         "full_name": f"huyện {below}", "parent": f"pre:{name}", "path": [name, below], "last_day": "2025-06-30"}
        for n, name in enumerate(provinces) for m, below in enumerate(NAMES)
    ]  # fmt: skip
    into = {unit["key"]: f"post:{provinces[provinces.index(unit['path'][0]) // 2 * 2]}" for unit in units}
    save_units(corpus, units, [(key, to, "whole") for key, to in into.items() if key.startswith("pre:")])


def load(corpus: Corpus, articles: int, seed: int) -> tuple[int, float, dict[int, int]]:
    """Loads the corpus: facts, seconds spent writing (not making texts), original by article id."""
    furnish(corpus)
    facts, spent = 0, 0.0
    truth: dict[int, int] = {}
    ids: dict[int, int] = {}
    for batch in batches(enumerate(stories(articles, seed)), 40):
        begun = time.perf_counter()
        cleaned = [Cleaned(article=told.article, site=told.site, province=told.province) for _, told in batch]
        for (number, told), saved in zip(batch, save_articles(corpus, cleaned), strict=True):
            ids[number] = saved or 0
            if told.copy_of is not None:
                truth[ids[number]] = ids[told.copy_of]
        save_readings(corpus, [(ids[number], told.records) for number, told in batch], None, "bench")
        spent += time.perf_counter() - begun
        facts += sum(len(told.records) for _, told in batch)
    return facts, spent, truth


QUERIES = [
    Query(),
    Query(words="dân vận"),
    Query(words="dan van"),
    Query(words='"mô hình"', kind="count"),
    Query(words="ao nuoi to*", kind="money"),
    Query(words="lúa OR tôm", kind="count", sort="date"),
    Query(words="đường hoa -trường", sort="value"),
    Query(words="chợ phiên vùng cao", place="Hà Giang"),
    Query(words="tủ sách", province="An Giang", since="2020-01-01"),
    Query(kind="count", measure="models", role="implemented", place="An Giang"),
    Query(kind="money", low=50e9, high=80e9),
    Query(kind="money", sort="value", offset=200),
    Query(kind="place", place="Gia Lai", today=True),
    Query(place="huyện Phú Lộc"),
    Query(kind="date", first="2021-03-01", last="2021-03-31"),
    Query(measure="models", first="2022-01-01", last="2022-06-30"),
    Query(site="s7", kind="count", qualifier="exact", confidence=0.9),
    Query(words="hoà bình", copies=True),
    Query(words="khong co tu nay"),
    Query(state="decided", sort="date"),
]


def time_queries(path: str, rounds: int, answer: Any) -> None:  # noqa: ANN401
    """Asks the mix `rounds` times: (seconds by query, hits, peak memory in MB)."""
    with open_corpus(path, create=False) as corpus:
        search(corpus, Query(words="một"))
        seconds: list[list[float]] = [[] for _ in QUERIES]
        totals = [0] * len(QUERIES)
        for _ in range(rounds):
            for number, query in enumerate(QUERIES):
                begun = time.perf_counter()
                totals[number] = search(corpus, query).total
                seconds[number].append(time.perf_counter() - begun)
    answer.put((seconds, totals, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def in_process(work: Callable[..., None], *given: object) -> Any:  # noqa: ANN401
    """What `work` puts into the queue that it gets last, run in a fresh process."""
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    process = context.Process(target=work, args=(*given, answer))
    process.start()
    found = answer.get()
    process.join()
    return found


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def report_queries(path: Path, rounds: int, each: bool) -> list[tuple[str, str]]:
    """The rows of the table about searching."""
    seconds, totals, memory = in_process(time_queries, str(path), rounds)
    if each:
        shown = [(query.mapping(), total, f"{statistics.median(took) * 1000:.1f}", f"{max(took) * 1000:.1f}")
                 for query, total, took in zip(QUERIES, totals, seconds, strict=True)]  # fmt: skip
        click.echo(tabulate(shown, headers=("query", "hits", "median ms", "worst ms")))
    flat = [took * 1000 for taken in seconds for took in taken]
    return [
        (
            "search p50 / p95 / worst",
            f"{percentile(flat, 0.5):.1f} / {percentile(flat, 0.95):.1f} / {max(flat):.1f} ms",
        ),
        ("search peak memory", f"{memory:.0f} MB"),
    ]


def report_copies(corpus: Corpus, truth: dict[int, int]) -> list[tuple[str, str]]:
    """The rows about copies: time an article, precision and recall over (copy, original)."""
    begun = time.perf_counter()
    find_copies(corpus)
    spent = time.perf_counter() - begun
    found = dict(map(tuple, corpus.conn.execute("SELECT id, original_id FROM articles WHERE original_id IS NOT NULL")))
    (articles,) = corpus.conn.execute("SELECT count(*) FROM articles").fetchone()
    right = len(found.items() & truth.items())
    return [
        ("copies: precision / recall", f"{right / max(1, len(found)):.4f} / {right / max(1, len(truth)):.4f}"),
        ("copies: time an article", f"{spent / articles * 1000:.2f} ms"),
    ]


def review_for(path: str, who: str, seconds: float, facts: int, answer: Any) -> None:  # noqa: ANN401
    """One writer of reviews: (reviews made, failures, milliseconds of each)."""
    chance = random.Random(who)
    took: list[float] = []
    failed = 0
    with open_corpus(path, create=False) as corpus:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            begun = time.perf_counter()
            try:
                decide(corpus, chance.randrange(1, facts + 1), chance.choice(("accept", "reject")), who=who)
            except CorpusError:
                failed += 1
            took.append((time.perf_counter() - begun) * 1000)
            time.sleep(0.02)
    answer.put((len(took) - failed, failed, took))


def report_reviews(corpus: Corpus, seconds: float, seed: int) -> list[tuple[str, str]]:
    """The rows about four reviewers beside a pipeline that writes and a reader that searches."""
    (before, facts) = corpus.conn.execute(
        "SELECT (SELECT count(*) FROM reviews), (SELECT max(id) FROM facts)"
    ).fetchone()
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    people = [
        context.Process(target=review_for, args=(str(corpus.path), who, seconds, facts, answer))
        for who in PEOPLE_WHO_REVIEW
    ]
    for person in people:
        person.start()
    end = time.monotonic() + seconds
    written = 0
    more = stories(1_000_000, seed + 1)
    while time.monotonic() < end:
        told = next(more)
        article_id = save_article(corpus, told.article, url=f"{told.article.url}/{seconds}", site=told.site)
        save_readings(corpus, [(article_id or 0, told.records)], None, "bench")
        written += 1
        if written % 10 == 0:
            search(corpus, Query(words="dân vận", kind="count"))
    told_by = [answer.get() for _ in people]
    for person in people:
        person.join()
    made = sum(made for made, *_ in told_by)
    (after,) = corpus.conn.execute("SELECT count(*) FROM reviews").fetchone()
    took = [each for *_, taken in told_by for each in taken]
    return [
        (
            "reviews made / failed / lost",
            f"{made} / {sum(failed for _, failed, _ in told_by)} / {made - (after - before)}",
        ),
        ("articles written meanwhile", str(written)),
        ("review p95", f"{percentile(took, 0.95):.1f} ms"),
    ]


@click.command()
@click.option("--articles", default=100_000, show_default=True, help="Articles, of ten facts each.")
@click.option("--seed", default=7, show_default=True)
@click.option("--rounds", default=5, show_default=True, help="Times that the 20 queries are asked.")
@click.option("--review-seconds", default=30.0, show_default=True, help="How long people review; 0 leaves it out.")
@click.option("--copies/--no-copies", default=True, show_default=True, help="Whether copies are looked for.")
@click.option("--each", is_flag=True, help="A line for each query.")
@click.option("--db", type=click.Path(path_type=Path), help="Where to make the corpus; searched only if it is there.")
def main(  # noqa: PLR0917
    articles: int, seed: int, rounds: int, review_seconds: float, copies: bool, each: bool, db: Path | None
) -> None:
    """Measures loading, copies, searching and reviewing, and prints one table."""
    with tempfile.TemporaryDirectory() as folder:
        path = db or Path(folder) / "bench.db"
        table: list[tuple[str, str]] = []
        there = path.exists()
        with open_corpus(path) as corpus:
            if not there:
                facts, spent, truth = load(corpus, articles, seed)
                table.append(("facts", f"{facts:,}"))
                table.append(("loading", f"{facts / spent:,.0f} facts/s"))
                table += report_copies(corpus, truth) if copies else []
                corpus.conn.execute("ANALYZE")
            table += report_queries(path, rounds, each)
            if review_seconds:
                table += report_reviews(corpus, review_seconds, seed)
            corpus.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        table.append(("file", f"{path.stat().st_size / 1e6:,.0f} MB"))
        click.echo(tabulate(table))


if __name__ == "__main__":
    main()
