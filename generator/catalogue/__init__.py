"""Every code of this package with its severity, meaning, cause, fix and releases; makes all sentences.

A finding, problem, impact or step has a `Message` (message.py): a code and fields. The program logic uses
only the code and the fields, never a sentence. The codes of rules and of causes come from generator/tables/,
all others from the modules of this package, one for each area. `generator explain` and docs/codes.md show
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module

from generator.catalogue.entries import Entry, Text
from generator.language import ENGLISH, chosen, translated

# The module of each area and its title, in the order of docs/codes.md.
AREAS = {
    "files": "Files that are read and written",
    "keys": "Keys and values",
    "rules": "Rules between keys, programs and releases",
    "check": "Documents and config files that are checked",
    "agreement": "Files that must agree",
    "keadm": "Fields that keadm sets",
    "upgrade": "Steps of an upgrade",
    "pulled": "Images to pull",
    "importing": "Import of existing files",
    "publishing": "Export of the charts",
    "gitops": "Files for Argo CD and Flux",
    "starting": "Answers of `generator init`",
    "applying": "Apply with kubectl",
    "installation": "Installation and status",
    "rollout": "Rollout of edgecore.yaml",
    "compare": "Comparisons",
    "impacts": "Impacts of a change, most serious first",
    "certificate_files": "Certificate and key files",
    "certificates": "Certificates",
    "issuing": "Planning, making and renewing certificates",
    "rotation": "Rotation of a CA",
    "causes": "Causes that `generator doctor` finds, most likely first",
}


@cache
def area(name: str) -> Mapping[str, Entry]:
    """Return the entries of an area, in English."""
    entries: Mapping[str, Entry] = import_module(f"generator.catalogue.{name}").ENTRIES
    return entries


@cache
def catalogue() -> Mapping[str, Entry]:
    """Return every English entry by its code, in the order of the areas; raise ValueError for a duplicate."""
    found: dict[str, Entry] = {}
    for name in AREAS:
        twice = found.keys() & area(name).keys()
        if twice:
            raise ValueError(f"codes in two areas: {', '.join(sorted(twice))}")
        found |= area(name)
    return found


def find(code: str) -> Entry:
    """Return the entry of a code in the language in use; raise LookupError."""
    return english(code) if chosen() == ENGLISH else _translated(code, chosen())


def english(code: str) -> Entry:
    """Return the English entry of a code; raise LookupError. Loads no more areas than needed."""
    return area(_area_of(code))[code]


def _area_of(code: str) -> str:
    for name in AREAS:
        if code in area(name):
            return name
    raise LookupError(f"no code {code} in generator/catalogue")


@cache
def _translated(code: str, _language: str) -> Entry:
    entry, name = english(code), _area_of(code)
    return replace(
        entry,
        means=translated(name, entry.means),
        what=_translated_text(name, entry.what),
        fix=_translated_text(name, entry.fix),
        why=translated(name, entry.why),
    )


def _translated_text(name: str, text: Text) -> Text:
    if isinstance(text, Mapping):
        return {variant: _translated_part(name, part) for variant, part in text.items()}
    return _translated_part(name, text)


def _translated_part(name: str, part: str | tuple[str, ...]) -> str | tuple[str, ...]:
    return translated(name, part) if isinstance(part, str) else tuple(translated(name, one) for one in part)
