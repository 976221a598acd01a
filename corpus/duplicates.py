"""Copies: articles that are one text run by several papers, and their facts, each pointing to the original."""

from __future__ import annotations

import sqlite3

from extract.text import fold

VALUE = "kind, date_from, date_to, place_id, value, value_max, unit, currency"


def link_facts(conn: sqlite3.Connection, article_id: int) -> None:
    """Points the facts of a copy to the same facts of its original, for this article and for its copies."""
    sql = "SELECT id, original_id FROM articles WHERE (id = ? OR original_id = ?) AND original_id IS NOT NULL"
    for copy_id, original_id in conn.execute(sql, (article_id, article_id)).fetchall():
        originals = _values(conn, original_id)
        for value, fact_id in _values(conn, copy_id).items():
            loose = (*value[:-1], None)
            known = originals.get(value, originals.get(loose))
            conn.execute(
                "UPDATE facts SET original_id = ? WHERE id = ? AND original_id IS NOT ?", (known, fact_id, known)
            )


def _values(conn: sqlite3.Connection, article_id: int) -> dict[tuple[object, ...], int]:
    """Facts in force by value and folded sentence, and by value with None for the sentence."""
    sql = (
        f"SELECT f.id, s.text, {VALUE} FROM facts AS f JOIN sentences AS s ON s.id = f.sentence_id "
        "WHERE f.article_id = ? AND f.retired_at IS NULL ORDER BY f.start DESC"
    )
    found: dict[tuple[object, ...], int] = {}
    for fact_id, sentence, *value in conn.execute(sql, (article_id,)):
        found[*value, " ".join(fold(sentence).split())] = fact_id
        found[*value, None] = fact_id
    return found
