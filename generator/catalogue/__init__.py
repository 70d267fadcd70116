"""Every code of this package with its severity, meaning, cause, fix and releases; makes all sentences.

A finding, problem, impact or step has a `Message` (message.py): a code and fields. The program logic uses
only the code and the fields, never a sentence. The codes of rules and of causes come from generator/tables/,
all others from the modules of this package, one for each area. `generator explain` and docs/codes.md show
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from generator.catalogue.entries import Entry

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
    """Return the entries of an area."""
    entries: Mapping[str, Entry] = import_module(f"generator.catalogue.{name}").ENTRIES
    return entries


@cache
def catalogue() -> Mapping[str, Entry]:
    """Return every entry by its code, in the order of the areas; raise ValueError for a duplicate code."""
    found: dict[str, Entry] = {}
    for name in AREAS:
        twice = found.keys() & area(name).keys()
        if twice:
            raise ValueError(f"codes in two areas: {', '.join(sorted(twice))}")
        found |= area(name)
    return found


def find(code: str) -> Entry:
    """Return the entry of a code; raise LookupError. Loads no more areas than needed."""
    for name in AREAS:
        if code in area(name):
            return area(name)[code]
    raise LookupError(f"no code {code} in generator/catalogue")
