"""SARIF 2.1.0 for code scanning: the one envelope for what check and diff find."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote


@dataclass(frozen=True)
class Result:
    """One thing found: by which rule, how grave (error, warning or note), and where."""

    rule: str
    level: str
    text: str
    file: str
    line: int

    def as_dict(self) -> dict[str, Any]:
        """Return it as SARIF has it."""
        uri = "stdin" if self.file == "-" else quote(self.file)
        place = {"artifactLocation": {"uri": uri}, "region": {"startLine": max(1, self.line)}}
        return {
            "ruleId": self.rule,
            "level": self.level,
            "message": {"text": self.text},
            "locations": [{"physicalLocation": place}],
        }


def document(tool: str, rules: Mapping[str, str], results: Iterable[Result]) -> str:
    """Write what a tool found; `rules` maps each rule to what it is about."""
    described = [{"id": rule, "shortDescription": {"text": text}} for rule, text in rules.items()]
    driver = {"name": tool, "rules": described}
    run = {"tool": {"driver": driver}, "results": [result.as_dict() for result in results]}
    whole = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
