"""What lies beside the tables: datapackage.json (Frictionless), CITATION.cff and a README in both languages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from corpus.export.tables import Field, Table
from corpus.query import Query
from corpus.store import Corpus

README = Path(__file__).with_name("readme.md")
LICENCE = {
    "name": "ODC-By-1.0",
    "path": "https://opendatacommons.org/licenses/by/1-0/",
    "title": "Open Data Commons Attribution License v1.0",
}
TITLE = "Báo Tỉnh: số liệu từ báo chí địa phương Việt Nam"
WORDS = {
    "vi": "Ngày tháng, địa danh, số đếm, số tiền trong báo chí địa phương Việt Nam, kèm câu văn và trang báo.",
    "en": "Dates, places, counts and money in Vietnam's provincial press, each figure with its sentence and its page.",
}
# Runs that merge datasets say nothing of where the facts come from.
RUNS = "SELECT kind, version, started_at, finished_at FROM runs WHERE kind <> 'import' ORDER BY started_at, kind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a dataset comes from: the query, the program, the schema, and the runs (kind, version, times)."""

    query: dict[str, Any]
    schema: str
    runs: list[dict[str, Any]]
    notes: list[str]

    @property
    def day(self) -> str | None:
        """The day of the last run."""
        ends = [run["finished_at"] or run["started_at"] for run in self.runs]
        return max(ends)[:10] if ends else None

    @property
    def number(self) -> str:
        """The dataset's version: the program's and the day of the last run."""
        return f"{version('baotinh')}+{self.day}" if self.day else version("baotinh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A dataset as it was written: its tables (settled), and each table's file and rows, each file's `digest`."""

    shape: str
    tables: list[Table]
    files: dict[str, str]
    rows: dict[str, int]
    sizes: dict[str, dict[str, Any]]
    origin: Provenance


def provenance(corpus: Corpus, query: Query, *, accepted: bool) -> Provenance:
    """The provenance of what this query takes out of a corpus."""
    (schema,) = corpus.conn.execute("SELECT max(name) FROM _sqlite_migrations").fetchone()
    sql = "SELECT count(*) FROM reviews JOIN facts ON facts.id = fact_id WHERE retired_at IS NOT NULL"
    (gone,) = corpus.conn.execute(sql).fetchone()
    notes = [f"{gone} decisions are left out: extraction no longer finds their facts"] if gone else []
    said = query.mapping() | ({"accepted": True} if accepted else {})
    said = {name: value for name, value in said.items() if name not in {"sort", "limit", "offset"}}
    runs = [dict(row) for row in corpus.conn.execute(RUNS)]
    return Provenance(query=said, schema=schema, runs=runs, notes=notes)


def digest(path: Path) -> dict[str, Any]:
    """`bytes` and `hash` of a file, as Frictionless has them."""
    found = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
    return {"bytes": path.stat().st_size, "hash": f"sha256:{found.hexdigest()}"}


def datapackage(dataset: Dataset) -> str:
    """datapackage.json: tables, fields typed and explained in both languages, keys, licence, provenance."""
    files, shape, origin = dataset.files, dataset.shape, dataset.origin
    resources = [
        {
            "name": table.name,
            "path": files[table.name],
            "title": table.vi,
            "description": table.en,
            **_format(table.name, shape),
            **dataset.sizes[files[table.name]],
            "rows": dataset.rows[table.name],
            "schema": _schema(table, shape),
        }
        for table in dataset.tables
    ]
    package = {
        "profile": "tabular-data-package" if shape == "csv" else "data-package",
        "name": "baotinh",
        "title": TITLE,
        "description": f"{WORDS['vi']}\n\n{WORDS['en']}",
        "version": origin.number,
        "created": f"{origin.day}T00:00:00Z" if origin.day else None,
        "licenses": [LICENCE],
        "contributors": [{"title": "Báo Tỉnh", "role": "author"}],
        "citation": citation(origin),
        "program": {"name": "baotinh", "version": version("baotinh"), "schema": origin.schema},
        "query": origin.query,
        "runs": origin.runs,
        "notes": origin.notes,
        "resources": resources,
    }
    return json.dumps({k: v for k, v in package.items() if v is not None}, ensure_ascii=False, indent=2) + "\n"


def _format(name: str, shape: str) -> dict[str, Any]:
    """How a file is to be opened."""
    known: dict[str, dict[str, Any]] = {
        "csv": {"profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8-sig",
                "dialect": {"lineTerminator": "\r\n"}},
        "jsonl": {"format": "jsonl", "mediatype": "application/jsonl", "encoding": "utf-8",
                  "dialect": {"json": {"keyed": True}}},
        "xlsx": {"format": "xlsx", "dialect": {"excel": {"sheet": name}},
                 "mediatype": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
        "parquet": {"format": "parquet", "mediatype": "application/vnd.apache.parquet"},
    }  # fmt: skip
    return known[shape]


def _schema(table: Table, shape: str) -> dict[str, Any]:
    fields = []
    for field in table.fields:
        said: dict[str, Any] = {"name": field.name, **_type(field, shape), "title": field.vi, "description": field.en}
        if field.name in table.key:
            said["constraints"] = {"required": True, **({"unique": True} if len(table.key) == 1 else {})}
        fields.append(said)
    keys = []
    for name, referred in table.refer.items():
        other, _, other_field = referred.partition(".")
        resource = "" if other == table.name else other
        keys.append({"fields": [name], "reference": {"resource": resource, "fields": [other_field]}})
    return {"fields": fields, "primaryKey": list(table.key), **({"foreignKeys": keys} if keys else {})}


def _type(field: Field, shape: str) -> dict[str, str]:
    if field.type == "list":
        return {"type": "string" if shape in {"csv", "xlsx"} else "array"}
    if field.type == "object":  # of JSON: an object or an array
        return {"type": "any" if shape == "jsonl" else "string"}
    return {"type": field.type}


def citation(origin: Provenance) -> str:
    """The dataset in one line of a list of references."""
    return f"Báo Tỉnh ({(origin.day or 's.d.')[:4]}). {TITLE}. Dataset, version {origin.number}."


def citation_cff(origin: Provenance) -> str:
    """CITATION.cff of the dataset."""
    lines = [
        "cff-version: 1.2.0",
        "message: If you use this dataset, please cite it as below.",
        "type: dataset",
        f"title: {json.dumps(TITLE, ensure_ascii=False)}",
        f"abstract: {json.dumps(WORDS['en'], ensure_ascii=False)}",
        "authors:",
        "  - name: Báo Tỉnh",
        f"version: {json.dumps(origin.number)}",
        *([f"date-released: {json.dumps(origin.day)}"] if origin.day else []),
        f"license: {LICENCE['name']}",
        "keywords: [Vietnam, provincial press, open data]",
    ]
    return "\n".join(lines) + "\n"


def readme(dataset: Dataset) -> str:
    """README.md of the dataset, of readme.md beside this file."""
    origin = dataset.origin
    listed = (
        (table.name, dataset.files[table.name], f"{dataset.rows[table.name]:,}", table.vi, table.en)
        for table in dataset.tables
    )
    dictionary = (
        [
            f"### {table.name}\n",
            "| cột / field | kiểu / type | nghĩa | meaning |\n|---|---|---|---|",
            *(_line(field.name, field.type, field.vi, field.en) for field in table.fields),
            "",
        ]
        for table in dataset.tables
    )
    return README.read_text(encoding="utf-8").format(
        title=TITLE,
        version=origin.number,
        query=json.dumps(origin.query, ensure_ascii=False) if origin.query else "tất cả / everything",
        citation=citation(origin),
        licence=f"{LICENCE['title']} ({LICENCE['path']})",
        notes="".join(f"- {note}\n" for note in origin.notes),
        tables="\n".join(_line(*line) for line in listed),
        dictionary="\n".join(line for lines in dictionary for line in lines),
        **WORDS,
    )


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
