"""README's section on the database, made of the migrations: `python -m corpus.documentation README.md` renews it."""

from __future__ import annotations

import re
import sqlite3
import sys
from pathlib import Path
from textwrap import fill

from corpus.schema import MIGRATIONS, expected, migrate

WIDTH = 130
HEAD, TAIL = "<!-- schema: made by `python -m corpus.documentation README.md` -->", "<!-- end of schema -->"
CREATE = re.compile(r"CREATE (?:TABLE|VIEW) (\w+)")
ALTER = re.compile(r"ALTER TABLE (\w+) ADD COLUMN (\w+)[^-]*(?:-- (.*))?")
SINGULAR = re.compile(r"^[a-z ]+: ")  # "page: one capture of a URL"
COLUMN = re.compile(r"  (\w+) .*?-- (.*)")
# What an analyst asks first, by view, in the order of README.
EXAMPLES = {
    "current_facts": "SELECT text, value, sentence, url FROM current_facts WHERE kind = 'money' ORDER BY value DESC;",
    "accepted_facts": "SELECT kind, count(*) FROM accepted_facts GROUP BY kind;",
    "current_observations": "SELECT scope, role, max(value) FROM current_observations WHERE model GROUP BY 1, 2;",
    "observations_today": "SELECT province_today, count(*) FROM observations_today WHERE kind = 'money' GROUP BY 1;",
    "conflicts": "SELECT measure, scope, value, other_value, url, other_url FROM conflicts;",
    "review_log": "SELECT at, who, decision, text, note, url FROM review_log LIMIT 20;",
}


def documentation() -> str:
    """The section: the views with an example each, then the tables, with their columns and what the migrations say."""
    about, glosses = _said()
    conn = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(conn)
        columns = {name: [row[1] for row in conn.execute(f"PRAGMA table_xinfo({name})")] for name in about}
    finally:
        conn.close()
    plain = {name: kind for kind, name in expected() if name in columns}
    views = ["all_facts", *EXAMPLES]
    tables = [name for name in about if plain.get(name) == "table"]
    lines = [_item(name, about[name], columns[name], glosses, columns["all_facts"]) for name in views]
    examples = "\n".join(EXAMPLES.values())
    rows = [_item(name, about[name], columns[name], glosses, []) for name in tables]
    return "\n".join([*lines, "", "```sql", examples, "```", "", *rows, ""])


def _said() -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """What the migrations say of each table and view, in their order, and of (table, column); the last word counts."""
    about: dict[str, str] = {}
    glosses: dict[tuple[str, str], str] = {}
    for path in sorted(MIGRATIONS.glob("[0-9]*.sql")):
        comment: list[str] = []
        inside = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("-- "):
                comment.append(line.removeprefix("-- "))
            elif found := CREATE.match(line):
                inside = found[1]
                said = SINGULAR.sub("", " ".join(comment).rstrip("."))
                about[inside] = said[:1].upper() + said[1:]
                comment = []
            elif (found := ALTER.match(line)) and found[3]:
                glosses[found[1], found[2]] = found[3]
            elif inside and (found := COLUMN.match(line)):
                glosses[inside, found[1]] = found[2]
            if line.endswith(";") and not line.startswith("DROP"):
                comment, inside = [], ""
    return about, glosses


def _item(name: str, about: str, columns: list[str], glosses: dict[tuple[str, str], str], known: list[str]) -> str:
    """A line of the list, wrapped; `known` columns are named as those of all_facts."""
    said = [f"`{column}`{f' ({gloss})' if (gloss := glosses.get((name, column))) else ''}" for column in columns]
    if known and name != "all_facts" and columns[: len(known)] == known:
        said = ["Columns of `all_facts`", *said[len(known) :]]
    text = f"- **`{name}`**: {about}. {', '.join(said)}." if about else f"- **`{name}`**: {', '.join(said)}."
    return fill(text, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def renewed(readme: str) -> str:
    """The README with its section as it is now; ValueError where it has no place for one."""
    head, begun, rest = readme.partition(HEAD)
    _, ended, tail = rest.partition(TAIL)
    if not (begun and ended):
        raise ValueError(f"no place for the schema: {HEAD} … {TAIL}")
    return f"{head}{HEAD}\n\n{documentation()}\n{TAIL}{tail}"


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(renewed(target.read_text(encoding="utf-8")), encoding="utf-8")
