"""The table of rejected input (tests/bad_input.yaml), for the tests of the generator and of plain Helm."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator import go_yaml
from generator.io import yaml_reader
from generator.load.layers import Layers

TABLE = Path(__file__).with_suffix(".yaml")
FLAGS = ("set-json", "set", "set-string")


@dataclass(frozen=True)
class Bad:
    """One rejected input."""

    id: str
    site: str | None
    flags: dict[str, list[str]]
    profile: str | None
    rule: str | None
    charts: tuple[str, ...]
    says: str
    names: str

    def load(self, folder: Path) -> dict[str, Any]:
        """Write the file into `folder` and return the arguments of load_site."""
        if self.site is not None:
            (folder / "site.yaml").write_text(self.site, encoding="utf-8")
        files = ["site.yaml"] if self.site is not None else []
        flags = {kind.replace("-", "_"): texts for kind, texts in self.flags.items()}
        return {"files": files, "profile": self.profile, **flags}

    def values(self) -> dict[str, Any]:
        """Return the values for plain Helm."""
        merged = Layers()
        if self.site is not None:
            merged.values = yaml_reader.read(self.site, "site.yaml").value
        for kind in FLAGS:
            for text in self.flags.get(kind, ()):
                merged.add_flag(kind, text)
        if self.profile is not None:
            merged.put("profile", self.profile, "--profile")
        return merged.values


def _last_name(says: str) -> str:
    """Return the last name in the key of the first problem."""
    key = re.match(r"(?:[^ ]+|profile [a-z-]+): ([^ ]+): ", says)
    assert key, says
    return re.sub(r"\[\d+\]", "", key[1]).rsplit(".", 1)[-1]


def _bad(row: dict[str, Any]) -> Bad:
    return Bad(
        id=row["id"],
        site=row.get("site"),
        flags={kind: row[kind] for kind in FLAGS if kind in row},
        profile=row.get("profile"),
        rule=row.get("rule"),
        charts=tuple(row.get("charts", ())),
        says=row["says"].rstrip("\n"),
        names=row.get("names") or _last_name(row["says"]),
    )


ROWS = [_bad(row) for row in go_yaml.load(TABLE.read_text("utf-8"))]
