"""The faults of the replica press: one test for each, by its name."""

import gzip
import http.client
import io
import re
import unicodedata
import urllib.error
import urllib.request
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import body, get, status

from crawler.replica import FAULTS, Press, open_press

Order = Callable[..., str]


def test_a_wrong_fault_is_refused(paper: Press) -> None:
    with pytest.raises(KeyError, match="no fault 'flood'"):
        paper.faults.set("ngan-sau", "flood")


@pytest.fixture
def faulty(paper: Press) -> Order:
    """Order a fault for the one paper; gives the address of an article of it."""

    def order(name: str, **how: int) -> str:
        paper.faults.set("ngan-sau", name, **how)
        return paper.article("can-loc-2022").url

    return order


@pytest.mark.parametrize("name", ["404", "410", "429", "500", "503"])
def test_fault_status_for_a_while(faulty: Order, name: str) -> None:
    url = faulty(name, times=2)
    assert [status(url) for _ in range(3)] == [int(name), int(name), 200]


@pytest.mark.parametrize("name", ["429", "503"])
def test_fault_says_when_to_come_back(faulty: Order, name: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as error:
        get(faulty(name))
    with error.value as reply:
        assert reply.headers["Retry-After"] == "1"


def _location(url: str) -> str:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request("GET", parts.path)
    reply = connection.getresponse()
    connection.close()
    assert reply.status == 302
    return reply.headers["Location"]


def test_fault_redirect(faulty: Order) -> None:
    url = faulty("redirect")
    assert _location(url).endswith("?moved")
    assert status(url) == 200


def test_fault_loop(faulty: Order) -> None:
    url = faulty("loop")
    assert url.endswith(_location(url))


def test_fault_off_site(faulty: Order) -> None:
    assert _location(faulty("off-site")) == "http://ngoai.example/"


def test_fault_slow(faulty: Order) -> None:
    with get(faulty("slow")) as reply:
        assert int(reply.headers["Content-Length"]) > 60_000
        assert len(reply.read(3000)) == 3000


def test_fault_endless(faulty: Order) -> None:
    with get(faulty("endless")) as reply:
        assert "Content-Length" not in reply.headers
        assert len(reply.read(300_000)) == 300_000


def test_fault_truncated_gzip(faulty: Order) -> None:
    with get(faulty("truncated-gzip")) as reply, pytest.raises(EOFError):
        gzip.decompress(reply.read())


def test_fault_wrong_charset(faulty: Order) -> None:
    with get(faulty("wrong-charset")) as reply:
        assert reply.headers.get_content_charset() == "iso-8859-1"
        assert "vườn mẫu" in reply.read().decode("utf-8")


def test_fault_windows_1258(faulty: Order) -> None:
    with get(faulty("windows-1258")) as reply:
        text = reply.read().decode("cp1258")
    assert "vườn mẫu" in unicodedata.normalize("NFC", text)
    assert "vườn mẫu" not in text
    assert 'charset="windows-1258"' in text


def test_fault_tcvn3(faulty: Order) -> None:
    raw = body(faulty("tcvn3"))
    assert bytes.fromhex("76 ad ea 6e 20 6d c9 75") in raw  # "vườn mẫu"


def test_fault_nfd(faulty: Order) -> None:
    text = body(faulty("nfd")).decode()
    assert "vườn mẫu" not in text
    assert unicodedata.normalize("NFD", "vườn mẫu") in text


def test_fault_soft_404(faulty: Order) -> None:
    url = faulty("soft-404")
    assert status(url) == 200
    assert "vườn mẫu" not in body(url).decode()


def test_fault_calendar(paper: Press, faulty: Order) -> None:
    faulty("calendar")
    home = paper.sites[0].home
    assert "/lich?ngay=0" in body(home).decode()
    assert "/lich?ngay=1007" in body(f"{home}lich?ngay=1000").decode()


def test_fault_session_ids(paper: Press, faulty: Order) -> None:
    faulty("session-ids")
    seen = [re.findall(r"[?&]sid=(\w+)", body(paper.sites[0].home).decode()) for _ in range(2)]
    assert seen[0]
    assert not set(seen[0]) & set(seen[1])
    assert status(paper.article("can-loc-2022").url + "?sid=1") == 200


def test_fault_duplicates(paper: Press, faulty: Order) -> None:
    url = faulty("duplicates")
    home = paper.sites[0].home
    path = urlsplit(url).path
    page = unescape(body(home).decode())
    for twin in (f"/amp{path}", f"{path}?utm_source=zalo&utm_medium=social", paper.article("can-loc-2022").print_path):
        assert home.rstrip("/") + twin in page
        assert f'<link rel="canonical" href="{url}">' in body(home.rstrip("/") + twin).decode()


def test_fault_sitemap_50000(paper: Press, faulty: Order) -> None:
    url = faulty("sitemap-50000")
    places = re.findall("<loc>(.+?)</loc>", body(f"{paper.sites[0].home}sitemap.xml").decode())
    assert len(set(places)) > 50_000
    assert url in places


def test_fault_sitemap_bomb(paper: Press, faulty: Order) -> None:
    faulty("sitemap-bomb")
    raw = body(f"{paper.sites[0].home}sitemap.xml")
    assert len(raw) < 1_000_000
    with gzip.open(io.BytesIO(raw)) as file:
        assert sum(len(piece) for piece in iter(lambda: file.read(1 << 22), b"")) > 200_000_000


@pytest.mark.parametrize(("name", "code"), [("robots-missing", 404), ("robots-5xx", 503), ("robots-forbids", 200)])
def test_fault_robots(paper: Press, faulty: Order, name: str, code: int) -> None:
    url = faulty(name)
    assert status(f"{paper.sites[0].home}robots.txt") == code
    assert status(url) == 200
    if code == 200:
        assert b"Disallow: /\n" in body(f"{paper.sites[0].home}robots.txt")


def test_fault_huge(faulty: Order) -> None:
    with get(faulty("huge")) as reply:
        assert int(reply.headers["Content-Length"]) > 50_000_000


def test_fault_down_halfway(faulty: Order) -> None:
    url = faulty("down", after=2)
    assert [status(url), status(url)] == [200, 200]
    with pytest.raises(http.client.RemoteDisconnected):
        get(url)


def test_a_fault_keeps_to_its_paper_and_can_be_cleared() -> None:
    with open_press(["ngan-sau", "ayun"], bulletin_count=4) as running:
        running.faults.set("ngan-sau", "500")
        bad, good = (site.home for site in running.sites)
        assert (status(bad), status(good)) == (500, 200)
        running.faults.clear("ngan-sau")
        assert status(bad) == 200


def test_every_fault_is_tested() -> None:
    source = Path(__file__).read_text("utf-8")
    assert [name for name in FAULTS if f'"{name}"' not in source] == []
