"""Indexes and full text built at once, at the end of filling an empty table: row by row they take most of its time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

# The tables filled, with the full text over them; those of a group are filled together.
GROUPS = {
    ("articles",): ("articles_exact", "articles_folded"),
    ("facts", "sentences", "observations", "observation_parties"): ("sentences_exact", "sentences_folded"),
}
FULL_TEXT = tuple(table for tables in GROUPS.values() for table in tables)
# What writing looks up: these stay, and grow at their end.
NEEDED = {"facts_by_article", "facts_by_original", "sentences_by_article", "articles_by_original"}
UPKEEP = ("_indexed", "_unindexed", "_reindexed")  # how the triggers end that keep full text


@contextmanager
def deferred(conn: sqlite3.Connection) -> Iterator[None]:
    """Takes indexes and full text of empty tables away and, at the end of the block, makes them again.

    Only inside a transaction: where the block or anything else fails, all is as it was.
    """
    empty = [group for group in GROUPS if not conn.execute(f"SELECT 1 FROM {group[0]} LIMIT 1").fetchone()]
    later: list[str] = []
    for table in (table for group in empty for table in group):
        sql = "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('index', 'trigger')"
        for kind, name, said in conn.execute(sql, (table,)).fetchall():
            if (said and kind == "index" and name not in NEEDED) or (kind == "trigger" and name.endswith(UPKEEP)):
                conn.execute(f"DROP {kind} {name}")
                later.append(said)
    yield
    for table in (table for group in empty for table in GROUPS[group]):
        conn.execute(f"INSERT INTO {table} ({table}) VALUES ('rebuild')")
    for said in later:
        conn.execute(said)
