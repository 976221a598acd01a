"""The extractor's version: the package's number and a digest of the rules, so that changed rules read again."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

RULES = {".py", ".tsv", ".toml"}


@lru_cache(maxsize=1)
def extractor_version() -> str:
    """Such as "0.1.0+rules.5f3a9c01": equal exactly when code and data of extract/ are equal."""
    digest = blake2b(digest_size=4)
    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*")):
        if path.suffix in RULES:
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return f"{version('baotinh')}+rules.{digest.hexdigest()}"
