"""Reads the folder of a chart as Helm does: all files except those that .helmignore leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from generator import go_yaml
from generator.io.files import is_folder, names_in, read_bytes

IGNORE = ".helmignore"
# Helm adds this rule to those of each chart (helm v4.3.1 pkg/ignore/rules.go).
_DEFAULT = "templates/.?*"
# Helm's rules also have these, with a meaning that fnmatch does not have. No chart of ours needs them.
_UNSUPPORTED = ("!", "**", "[", "\\")


def read_chart(folder: Path) -> dict[str, bytes]:
    """Return the content of each file of a chart by its path, sorted; raise UnreadableFile."""
    rules = ignore_rules(read_bytes(folder / IGNORE).decode())
    return {name: read_bytes(folder / name, pipes=False) for name in sorted(names_below(folder, rules))}


def metadata(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the content of Chart.yaml."""
    found: dict[str, Any] = go_yaml.load(files["Chart.yaml"].decode())
    return found


def ignore_rules(text: str) -> list[str]:
    """Return the rules of a .helmignore; raise ValueError for one with unsupported syntax."""
    lines = [line.strip() for line in text.splitlines()]
    rules = [line for line in lines if line and not line.startswith("#")]
    for rule in rules:
        if any(part in rule for part in _UNSUPPORTED):
            raise ValueError(f"{IGNORE}: {rule}: unsupported syntax")
    return [*rules, _DEFAULT]


def names_below(folder: Path, rules: list[str], above: str = "") -> Iterator[str]:
    """Yield the path of each file below a folder that no rule leaves out; raise UnreadableFile."""
    for name in names_in(folder / above):
        path = f"{above}{name}"
        below = is_folder(folder / path)
        if any(_matches(rule, path, below) for rule in rules):
            continue
        if below:
            yield from names_below(folder, rules, f"{path}/")
        else:
            yield path


def _matches(rule: str, path: str, below: bool) -> bool:
    """Return whether a rule leaves out a path; `below` if the path is a folder."""
    if rule.endswith("/") and not below:
        return False
    pattern = rule.removesuffix("/")
    if "/" not in pattern:
        return fnmatchcase(path.rpartition("/")[2], pattern)
    wanted, found = pattern.removeprefix("/").split("/"), path.split("/")
    return len(wanted) == len(found) and all(map(fnmatchcase, found, wanted))
