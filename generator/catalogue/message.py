"""A message: a code with its fields. The catalogue makes its sentences when it is printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from generator.catalogue import find
from generator.catalogue.entries import Severity, Text
from generator.patterns import pattern

_FIELD = pattern(r"\{(key:[^{}\s]+|[A-Za-z][\w.]*)\}")
_KEY = "key:"


@dataclass(frozen=True)
class Message:
    """A problem as data: the code, the fields, and the variant if the code has several sentences."""

    code: str
    fields: tuple[tuple[str, Any], ...] = ()
    variant: str = ""

    @property
    def severity(self) -> Severity:
        """Return error, warning or note."""
        return find(self.code).severity

    @property
    def what(self) -> str:
        """Return the sentence that says what is wrong; raise LookupError if one of its fields is missing."""
        text = self._sentence(find(self.code).what)
        if text is None:
            raise LookupError(f"{self.code} {self.variant}: no sentence for {sorted(dict(self.fields))}")
        return text

    @property
    def fix(self) -> str:
        """Return the sentence that says what to do, "" if there is none for these fields."""
        return self._sentence(find(self.code).fix) or ""

    def get(self, name: str, default: Any = None) -> Any:
        """Return a field."""
        return dict(self.fields).get(name, default)

    def with_fields(self, **fields: Any) -> Message:
        """Return the message with more or other fields."""
        return replace(self, fields=_sorted({**dict(self.fields), **fields}))

    def map_texts(self, change: Callable[[str], str]) -> Message:
        """Return the message with every text in its fields changed, to mask secrets for example."""
        return replace(self, fields=tuple((name, _mapped(value, change)) for name, value in self.fields))

    def with_key_names(self, name_of: Callable[[str], str]) -> Message:
        """Return the message with other names for its keys, such as the names in config files."""
        entry = find(self.code)
        names = {name for text in (entry.what, entry.fix) for name in fields_of(text)}
        return self.with_fields(**{name: name_of(name.removeprefix(_KEY)) for name in names if _is_key(name)})

    def _sentence(self, text: Text) -> str | None:
        found = text if not isinstance(text, Mapping) else text.get(self.variant, text.get("", ()))
        fields = dict(self.fields)
        for template in (found,) if isinstance(found, str) else found:
            if all(name in fields or _is_key(name) for name in fields_of(template)):
                return _FIELD.sub(lambda match: _shown(match[1], fields), template)
        return None


def say(code: str, variant: str = "", /, **fields: Any) -> Message:
    """Make a message; a field that is None or "" counts as missing."""
    given = {name: value for name, value in fields.items() if value is not None and value != ""}
    return Message(code, _sorted(given), variant)


def fields_of(text: Text) -> list[str]:
    """Return the names of the fields in templates, in their order."""
    if isinstance(text, str):
        return list(dict.fromkeys(_FIELD.findall(text)))
    parts = text.values() if isinstance(text, Mapping) else text
    return list(dict.fromkeys(name for part in parts for name in fields_of(part)))


def key_names(text: str) -> str:
    """Return a template with the names that keys have in a values file."""
    return re.sub(r"\{key:([^{}\s]+)\}", r"\1", text)


def _is_key(name: str) -> bool:
    return name.startswith(_KEY)


def _sorted(fields: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return fields in a fixed order and hashable, so that messages can be compared and put in sets."""
    return tuple(sorted((name, tuple(v) if isinstance(v, list) else v) for name, v in fields.items()))


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, tuple):
        return tuple(_mapped(item, change) for item in value)
    return change(value) if isinstance(value, str) else value


def _shown(name: str, fields: Mapping[str, Any]) -> str:
    if name not in fields:
        return name.removeprefix(_KEY)
    value = fields[name]
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
