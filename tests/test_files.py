"""Files of a person's disk: found in folders, kept as records, refused with a reason."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from crawler.archive import Archive, read_record
from crawler.files import read_files

DAY = datetime(2024, 7, 21, 3, 4, 5, tzinfo=UTC)
BODY = "<p>Tổ dân vận xã họp bàn việc làm đường.</p>".encode()
HEADERS = [("Content-Type", "text/html; charset=utf-8")]


def test_files_and_folders_are_read_and_kept(tmp_path: Path) -> None:
    with Archive(tmp_path / "saved", "thu", "baotinh/0") as archive:
        place = archive.keep("http://bao.example/0", status="200 OK", body=BODY, received=HEADERS, sent=[], date=DAY)
    (tmp_path / "saved" / "bai.html").write_bytes(BODY)
    (tmp_path / "saved" / "anh.png").write_bytes(b"\x89PNG")
    (tmp_path / "ghi.docx").write_bytes(b"PK")
    records = list(read_files([tmp_path / "saved", tmp_path / "ghi.docx", tmp_path / "khong-co.html"]))
    assert [(Path(record.url).name, record.problem is None) for record in records] == [
        ("bai.html", True), ("0", True), ("ghi.docx", False), ("khong-co.html", False)]  # fmt: skip
    with Archive(tmp_path, "lai", "baotinh/0") as archive:
        page, row = (archive.keep_file(record) for record in records[:2])
    assert page["content_type"] == "text/html"
    assert (row["url"], row["digest"], row["outcome"]) == ("http://bao.example/0", place.digest, "new")
    assert read_record(tmp_path / row["warc_file"], row["warc_offset"]).body == BODY
