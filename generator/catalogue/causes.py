"""The codes of causes and answers of the endpoint, made from generator/tables/causes.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from generator import tables
from generator.catalogue.entries import Entry, Text

TABLE = "causes.yaml"
CATEGORIES = {
    "cloud": "cloud",
    "nodes": "edge nodes",
    "endpoint": "endpoint",
    "edgemesh": "EdgeMesh",
    "streams": "kubectl logs and exec",
}


@dataclass(frozen=True)
class Answer:
    """An answer of the endpoint: shell patterns for EXIT:STATUS, a few words, and its possible causes."""

    code: str
    match: tuple[str, ...]
    words: str
    causes: tuple[str, ...]


def category_of(code: str) -> str:
    """Return the category of a cause, "" for an answer and for codes of other areas."""
    return _categories().get(code, "")


@cache
def rank() -> dict[str, int]:
    """Return the place of each code: the lower, the more likely it is the cause of the others."""
    rows = (*tables.load(TABLE)["causes"], *tables.load(TABLE)["answers"])
    return {row["code"]: place for place, row in enumerate(rows)}


@cache
def answers() -> tuple[Answer, ...]:
    """Return the answers in the order in which their patterns are tried."""
    found = tables.load(TABLE)
    return tuple(
        Answer(
            row["code"],
            tuple(row["match"]),
            row["words"],
            tuple(one["code"] for one in found["causes"] if row["code"] in one.get("answers", ())),
        )
        for row in found["answers"]
    )


def fix_without_fields(code: str) -> str:
    """Return the fix of a cause for texts without fields, such as scripts and tables."""
    row = _rows()[code]
    return str(row.get("do") or row["fix"])


def cloud_only() -> tuple[str, ...]:
    """Return patterns for the names of DaemonSets that must not run on edge nodes."""
    return tuple(tables.load(TABLE)["cloud-only"])


@cache
def _rows() -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in tables.load(TABLE)["causes"]}


@cache
def _categories() -> dict[str, str]:
    return {code: row["category"] for code, row in _rows().items()}


def _text(text: Any) -> Text:
    """Return a text of the table; a list of sentences is tried in its order."""
    if isinstance(text, dict):
        return {name: tuple(part) if isinstance(part, list) else part for name, part in text.items()}
    return str(text)


def _releases(row: dict[str, Any]) -> str:
    first, last = (row.get("kubeedge", {}).get(end) for end in ("from", "to"))
    if first and last:
        return f"KubeEdge {first} to {last}"
    return f"KubeEdge {first} and newer" if first else f"KubeEdge {last} and older" if last else ""


def _cause(row: dict[str, Any]) -> Entry:
    return Entry(
        code=row["code"],
        severity=row.get("severity", "error"),
        means=row["means"],
        what=_text(row["what"]),
        fix=_text(row["fix"]),
        why=row.get("why", ""),
        releases=_releases(row),
    )


def _answer(row: dict[str, Any]) -> Entry:
    return Entry(
        code=row["code"],
        severity="error",
        means=f"the endpoint gives this answer: {row['words']}",
        what=row["what"],
        fix=row["fix"],
        why=row.get("why", "docs/doctor.md lists the causes that this answer can have."),
    )


ENTRIES = {
    **{row["code"]: _cause(row) for row in tables.load(TABLE)["causes"]},
    **{row["code"]: _answer(row) for row in tables.load(TABLE)["answers"]},
}
