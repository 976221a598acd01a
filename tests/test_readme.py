"""README tells the truth: every command in it runs, in its order, in one folder."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import urllib.request
from pathlib import Path

from conftest import Baotinh, run_baotinh

from crawler.replica import open_press

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    shlex.split(part)
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    for part in line.split("&&")
    if part.strip().startswith("baotinh ")
]
PASSAGE = '{"id": "1", "text": "Năm 2021, tỉnh An Giang có 12 mô hình.", "published": "2022-01-18", "facts": []}\n'


def test_every_command_of_readme_runs(baotinh: Baotinh, tmp_path: Path) -> None:
    with open_press(["song-hau", "vam-co"], bulletin_count=3) as press:
        catalogue = tmp_path / "sites.toml"
        press.catalogue(catalogue)
        # README names papers of the real catalogue; here two of the replica answer in their stead.
        text = catalogue.read_text(encoding="utf-8")
        catalogue.write_text(
            text.replace('"song-hau"', '"angiang"').replace('"Tây Ninh"', '"Cà Mau"'), encoding="utf-8"
        )
        settings = {"BAOTINH_CATALOGUE": str(catalogue), "BAOTINH_REFRESH_DELAY": "0", "BAOTINH_SITES_CHECK_DELAY": "0"}
        page = urllib.request.urlopen(press.articles[0].url).read()
        (tmp_path / "saved-pages").mkdir()
        (tmp_path / "saved-pages/page.html").write_bytes(page)
        (tmp_path / "notes.txt").write_text(
            "Tin ở xã\n\n" + "Đến nay, xã có 12 mô hình dân vận khéo. " * 12, encoding="utf-8"
        )
        for name in ("passages.jsonl", "gold.jsonl"):
            (tmp_path / name).write_text(PASSAGE, encoding="utf-8")
        assert len(COMMANDS) >= 36
        for line in COMMANDS:
            command = line[: line.index(">")] if ">" in line else line
            if command[1] == "serve":
                assert "Tìm kiếm" in served(tmp_path)
                continue
            done = run_baotinh(*command[1:], cwd=tmp_path, **settings)
            assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"


def served(folder: Path) -> str:
    """The page that the link of `baotinh serve` on a free port opens; the server is stopped."""
    command = [sys.executable, "-m", "pipeline", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True, env=os.environ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().split()[0]
        try:
            # The link signs in once: what it sets must come back with the next question.
            browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            with browser.open(url) as answer:
                return answer.read().decode()
        finally:
            server.terminate()
