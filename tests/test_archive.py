"""The archive: what is written is read back, and a broken end is said."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import Archive, Place, iter_records, read_record, verified

DAY = datetime(2024, 7, 21, 3, 4, 5, tzinfo=UTC)
BODY = "<p>Tổ dân vận xã họp bàn việc làm đường.</p>".encode()
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"), ("Content-Length", "7")]


def write(folder: Path, *bodies: bytes) -> list[Place]:
    with Archive(folder, "thu", "baotinh/0") as archive:
        return [
            archive.keep(f"http://bao.example/{n}?q=1", status="200 OK", body=body, received=HEADERS, date=DAY)
            for n, body in enumerate(bodies)
        ]


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    _, place = write(tmp_path, b"other", BODY)
    headers, body = read_record(tmp_path / place.file, place.offset)
    assert body == BODY
    assert ("X-Archive-Orig-Content-Encoding", "gzip") in headers
    assert ("Content-Length", str(len(BODY))) in headers
    assert place.digest == base64.b32encode(hashlib.sha1(BODY).digest()).decode()


def test_request_and_response_stand_side_by_side(tmp_path: Path) -> None:
    [place] = write(tmp_path, BODY)
    with (tmp_path / place.file).open("rb") as file:
        records = [(record.rec_type, record.rec_headers.get_header("WARC-Date")) for record in ArchiveIterator(file)]
    assert [kind for kind, _ in records] == ["warcinfo", "response", "request"]
    assert records[1][1] == "2024-07-21T03:04:05Z"


def test_a_file_is_never_written_again(tmp_path: Path) -> None:
    assert {write(tmp_path, BODY)[0].file, write(tmp_path, BODY)[0].file} == {"thu-00000.warc.gz", "thu-00001.warc.gz"}


@pytest.mark.parametrize("cut", [20, 40, 200])
def test_a_half_written_record_is_said_and_not_believed(
    tmp_path: Path, cut: int, capsys: pytest.CaptureFixture[str]
) -> None:
    first, last = write(tmp_path, BODY, BODY * 300)
    file = tmp_path / first.file
    file.write_bytes(file.read_bytes()[: last.offset + last.length - cut])
    whole, broken = list(iter_records(file))
    assert (whole.url, whole.body, whole.problem) == ("http://bao.example/0?q=1", BODY, None)
    assert broken.problem
    assert broken.body == b""
    assert capsys.readouterr().err == ""
    with pytest.raises(ValueError, match="no whole response record"):
        read_record(file, last.offset)


def test_a_harmed_record_is_never_believed(tmp_path: Path) -> None:
    [place] = write(tmp_path, BODY * 300)
    file = tmp_path / place.file
    whole = file.read_bytes()
    page = {"warc_file": place.file, "warc_offset": place.offset, "digest": place.digest}
    for start in range(place.offset + 12, place.offset + place.length - 40, 20):
        harmed = bytes(255 - byte for byte in whole[start : start + 12])
        file.write_bytes(whole[:start] + harmed + whole[start + 12 :])
        [(_, body, problem)] = verified(tmp_path, [page])
        assert (body, bool(problem)) == (b"", True), start


def test_each_page_is_verified_against_its_own_digest(tmp_path: Path) -> None:
    first, second = write(tmp_path, BODY, BODY * 2)
    row = {"warc_file": first.file, "warc_offset": first.offset, "digest": first.digest}
    pages = [row, row | {"digest": second.digest}, row | {"warc_file": "x"}, row | {"warc_file": None}]
    well, *problems = [problem for _, _, problem in verified(tmp_path, pages)]
    assert well is None
    wanted = ("digests to", "x is missing", "no record")
    assert all(said in str(problem) for said, problem in zip(wanted, problems, strict=True)), problems
