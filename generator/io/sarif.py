"""Writes the findings of check and diff as a SARIF 2.1.0 document, for code scanning."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from generator.catalogue.entries import Entry
from generator.catalogue.page import terminal


@dataclass(frozen=True)
class Result:
    """A finding: its code, level (error, warning or note), text and place."""

    rule: str
    level: str
    text: str
    file: str
    line: int

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as a SARIF result."""
        uri = "stdin" if self.file == "-" else quote(self.file)
        place = {"artifactLocation": {"uri": uri}, "region": {"startLine": max(1, self.line)}}
        return {
            "ruleId": self.rule,
            "level": self.level,
            "message": {"text": self.text},
            "locations": [{"physicalLocation": place}],
        }


def document(tool: str, rules: Mapping[str, str | Entry], results: Iterable[Result]) -> str:
    """Return the SARIF document of a tool; `rules` maps each code to its entry or its meaning."""
    described = [_described(code, rule) for code, rule in rules.items()]
    driver = {"name": tool, "rules": described}
    run = {"tool": {"driver": driver}, "results": [result.as_dict() for result in results]}
    whole = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _described(code: str, rule: str | Entry) -> dict[str, Any]:
    if isinstance(rule, str):
        return {"id": code, "shortDescription": {"text": rule}}
    # No helpUri: it must be an absolute URL, and docs/codes.md has no URL.
    return {
        "id": code,
        "shortDescription": {"text": rule.means},
        "fullDescription": {"text": rule.why or rule.means},
        "help": {"text": terminal(rule)},
        "defaultConfiguration": {"level": rule.severity},
    }
