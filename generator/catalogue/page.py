"""The page of a code, for the terminal (`generator explain`) and for docs/codes.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from textwrap import fill, indent

from generator.catalogue import AREAS, area
from generator.catalogue.entries import Entry, Text
from generator.catalogue.message import fields_of, key_names
from generator.language import translated
from generator.wide import fitted, is_wide

_WIDTH = 100
_HEAD = """\
# Codes

Every line that reports a problem ends with a code in brackets, for example `[server-is-url]`. This page
describes each code: what it means, the message, the cause, when it is found, and the fix.

The file, line and key stand before the message, and the message speaks about that key. In a message, `<name>`
stands for a value: `<value>` is the value in your file. Codes do not change; the wording of messages may.

If an entry has several fixes, each one is for another situation; they are not steps in an order. The printed
line shows the fix that applies.

"Fix (in config files)" is the fix that `generator check` prints for files of the programs, such as
edgecore.yaml: profiles and keys of the charts do not exist there.

The PSK is the pre-shared key of EdgeMesh's network. An access object (ServiceAccountAccess) tells an edge
node what a service account may do.

`generator explain CODE` prints the entry of one code. `{command}` writes this page.
"""
# The variants of a message that have a label; the other variants are listed together.
_LABELS = {"files": "in config files", "flag": "in a flag", "item": "in a list", "set-file": "of --set-file"}


def terminal(entry: Entry, conditions: Sequence[str] = ()) -> str:
    """Return the page of a code as text; `conditions` say when a rule holds."""
    lines = [f"{entry.code} ({translated('words', entry.severity)}): {entry.means}", ""]
    for title, texts in _parts(entry, conditions):
        bullet = "- " if len(texts) > 1 else ""
        lines += [f"{translated('words', title)}:", *(_wrapped(f"{bullet}{text}") for text in texts), ""]
    return "\n".join(lines).rstrip("\n")


def _wrapped(text: str) -> str:
    if is_wide(text):
        return indent("\n".join(fitted(text, _WIDTH - 2, "  " if text.startswith("- ") else "")), "  ")
    hanging = "  " if text.startswith("- ") else ""
    return indent(fill(text, _WIDTH - 2, subsequent_indent=hanging, break_on_hyphens=False), "  ")


def markdown(command: str, conditions: Mapping[str, Sequence[str]]) -> str:
    """Return docs/codes.md."""
    return "\n".join([_HEAD.format(command=command), *_areas(conditions)])


def _areas(conditions: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for name, title in AREAS.items():
        yield f"## {title}\n"
        for entry in area(name).values():
            yield f"### {entry.code}\n\n{entry.severity.capitalize()}: {entry.means}.\n"
            for part, texts in _parts(entry, conditions.get(entry.code, ()), markdown=True):
                yield f"- {part}:{_joined(texts)}"
            yield ""


def _joined(texts: Sequence[str]) -> str:
    return f" {texts[0]}" if len(texts) == 1 else "".join(f"\n  - {text}" for text in texts)


def _as_code(text: str) -> str:
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _escaped(text: str) -> str:
    """Escape `<name>`, which Markdown would read as HTML."""
    return text.replace("<", "\\<")


def _parts(
    entry: Entry, conditions: Iterable[str], markdown: bool = False
) -> Iterator[tuple[str, list[str]]]:
    """Yield the titles of a page with their paragraphs; leave out empty ones."""
    holds = list(conditions)
    mark = _as_code if markdown else str
    escape = _escaped if markdown else str
    pairs = _pairs(entry)
    if pairs:
        yield (
            "Message",
            [f"{mark(what)}" + (f" – fix: {escape(fix)}" if fix else "") for what, fix in pairs],
        )
    else:
        yield from _variants("Message", entry.what, mark)
    if entry.why:
        yield "Cause", [_escaped(entry.why) if markdown else entry.why]
    if holds:
        yield ("Found when all of these are true" if len(holds) > 1 else "Found when"), holds
    if not pairs:
        yield from _variants("Fix", entry.fix, escape)
    if entry.releases:
        yield "Releases", [entry.releases]


def _pairs(entry: Entry) -> list[tuple[str, str]]:
    """Return each message with its own fix, if every variant of both texts has the same name."""
    what, fix = entry.what, entry.fix
    if not isinstance(what, Mapping) or not isinstance(fix, Mapping):
        return []
    if what.keys() != fix.keys() or _LABELS.keys() & what.keys() or len(sentences(fix)) < 2:
        return []
    return [(one, "; or: ".join(sentences(fix[name]))) for name in what for one in sentences(what[name])]


def _variants(title: str, text: Text, mark: Callable[[str], str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the templates of a text; labelled variants are separate if they differ."""
    variants = text if isinstance(text, Mapping) else {"": text}
    shared = {name: part for name, part in variants.items() if name not in _LABELS}
    found = sentences(shared)
    if found:
        yield title, [mark(one) for one in found]
    for name, label in _LABELS.items():
        own = [one for one in sentences(variants.get(name, ())) if one not in found]
        if own:
            yield f"{title} ({label})", [mark(one) for one in own]


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
