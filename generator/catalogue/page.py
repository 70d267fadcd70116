"""The page of a code, for the terminal (`generator explain`) and for docs/codes.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import fill, indent

from generator.catalogue import AREAS, area
from generator.catalogue.entries import Entry, Text
from generator.catalogue.message import fields_of, key_names

_WIDTH = 100
_HEAD = """\
# Codes

Every problem, finding, impact and step that `generator` prints ends with its code in brackets. A code never
changes, a sentence may. `generator explain CODE` prints the same as this page, which `{command}` writes.
"""


def terminal(entry: Entry, conditions: Iterable[str] = ()) -> str:
    """Return the page of a code as text; `conditions` say when a rule holds."""
    lines = [f"{entry.code} ({entry.severity}): {entry.means}", ""]
    for title, texts in _parts(entry, conditions):
        lines += [f"{title}:", *(indent(fill(text, _WIDTH - 2), "  ") for text in texts), ""]
    return "\n".join(lines).rstrip("\n")


def markdown(command: str, conditions: Mapping[str, Sequence[str]]) -> str:
    """Return docs/codes.md."""
    return "\n".join([_HEAD.format(command=command), *_areas(conditions)])


def _areas(conditions: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for name, title in AREAS.items():
        yield f"## {title}\n"
        for entry in area(name).values():
            yield f"### {entry.code}\n\n{entry.severity.capitalize()}: {entry.means}\n"
            for part, texts in _parts(entry, conditions.get(entry.code, ())):
                yield f"- {part}: {_joined(texts)}"
            yield ""


def _joined(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else "".join(f"\n  - {text}" for text in texts)


def _parts(entry: Entry, conditions: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the titles of a page with their paragraphs, without those that are empty."""
    parts = {
        "Message": sentences(entry.what),
        "Cause": [entry.why] if entry.why else [],
        "Found when": list(conditions),
        "Fix": sentences(entry.fix),
        "Releases": [entry.releases] if entry.releases else [],
    }
    yield from ((title, texts) for title, texts in parts.items() if texts)


def sentences(text: Text) -> list[str]:
    """Return the templates of a text, with its fields as `<name>`."""
    if isinstance(text, Mapping):
        return list(dict.fromkeys(one for part in text.values() for one in sentences(part)))
    return [_open(one) for one in ((text,) if isinstance(text, str) else text) if one]


def _open(template: str) -> str:
    plain = key_names(template)
    for name in fields_of(plain):
        plain = plain.replace(f"{{{name}}}", f"<{name}>")
    return plain
