"""Writes any value as YAML with PyYAML."""

from __future__ import annotations

import re
from typing import Any

import yaml

from generator.go_yaml.scalars import resolve
from generator.patterns import pattern

_SafeDumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _GoDumper(_SafeDumper):  # type: ignore[misc]
    """Quotes every string that another YAML parser could read as a different type."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _represent_string(dumper: Any, value: str) -> Any:
    style = None
    if "\n" in value and not re.search(r"[ \t]\n|^\s|[^\n\x20-\x7e\x85\xa0-\uffff]", value):
        style = "|"
    elif resolve(value) != value or _OTHER_READERS.fullmatch(value):
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


# Plain text that some parser (YAML 1.1, YAML 1.2, Go, PyYAML) reads as a number, a date or a special symbol.
_OTHER_READERS = pattern(
    r"""[-+]?0[xob][0-9a-f_]+                                # 0x1f, 0o17, 0b11
    |[-+]?([0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(e[-+]?[0-9]+)?  # 1, 1.5, 1e3, 1_000
    |[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?           # 1:30
    |[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*                       # 2020-01-01
    |[-+]?\.(inf|nan)|[=~]|<<""",
    re.IGNORECASE | re.VERBOSE,
)
_GoDumper.add_representer(str, _represent_string)


def dump(value: Any) -> str:
    """Write a value as block YAML that every parser reads the same way; keys keep their order."""
    text: str = yaml.dump(value, Dumper=_GoDumper, sort_keys=False, allow_unicode=True, width=10_000)
    return text
