"""What a crawl finds and costs, by the benchmark itself at a smaller size."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "crawling.py"


@pytest.mark.slow
def test_a_small_press_meets_the_bars() -> None:
    size = ["--sites", "5", "--reprints", "44", "--bulletins", "12", "--delay", "0.1"]
    done = subprocess.run([sys.executable, BENCHMARK, *size], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ratio" in done.stdout
