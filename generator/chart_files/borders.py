"""What changes at each border between two releases of KubeEdge (docs/upgrade.md), from the tables.

The sentences about files are those of `generator check --target-version`; tests/check/test_upgrade_page.py
compares the lines with what that command and `generator diff` report.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from generator import tables
from generator.catalogue import english
from generator.chart_files import roles
from generator.components import COMPONENTS, EDGEMESH, KUBEEDGE, SECTIONS
from generator.model import conditions
from generator.model.profiles import PROFILES, entries, profile
from generator.model.site import Site
from generator.model.tree import keys
from generator.upstream import Release, config_fields
from generator.upstream.changes import (
    begins,
    changed_crds,
    changed_defaults,
    default_text,
    lost_fields,
    new_behaviour,
    new_fields,
)
from generator.upstream.check import top_level
from generator.upstream.releases import default_release, minors

# The first release with TLS and with the present layout of edgecore.yaml.
OLDEST = "1.12"
PROGRAMS = tuple(row for row in COMPONENTS.values() if row.project == KUBEEDGE)
_WITH_TLS = ", with TLS"
# Workloads that the chart renders by default from a release on: release, key that turns it on, object.
_WORKLOADS = (("1.16", "mosquitto.enable", "DaemonSet edge-eclipse-mosquitto"),)


@dataclass(frozen=True)
class Line:
    """One change: the file or object, what changes, and the codes with which the commands report it.

    `keys` are the keys or names that it concerns, by which tests find it.
    """

    where: str
    change: str
    codes: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Border:
    """Two releases, one after the other, and what changes between them."""

    old: Release
    new: Release
    lines: tuple[Line, ...]


def releases() -> list[Release]:
    """Return the releases from the oldest one of the page to the newest."""
    known = minors(KUBEEDGE)
    return [Release.parse(KUBEEDGE, minor) for minor in known[known.index(OLDEST) :]]


def borders() -> list[Border]:
    """Return every border at which something changes, oldest first."""
    found = (Border(old, new, tuple(lines(old, new))) for old, new in pairwise(releases()))
    return [border for border in found if border.lines]


def lines(old: Release, new: Release) -> Iterator[Line]:
    """Yield what changes between two releases; what may need a step of the operator comes first."""
    for program in PROGRAMS:
        yield from _lost(program.name, program.file, old, new)
    yield from _rules(old, new)
    yield from _behaviour(old, new)
    yield from _profiles(old, new)
    for program in PROGRAMS:
        yield from _defaults(program.name, program.file, old, new)
    for since, key, workload in _WORKLOADS:
        if begins(since, old, new):
            yield Line(workload, f"`{key}`: {_unset(key)}", ("scaled", "privileged"), (workload,))
    yield from _crds(old, new)
    yield from _permissions(old, new)
    for program in PROGRAMS:
        yield from _fields(program.file, "new", list(new_fields(program.name, old, new)))


def _lost(component: str, file: str, old: Release, new: Release) -> Iterator[Line]:
    found = list(lost_fields(component, old, new))
    for path, move in found:
        if move:
            text = f"`{path}` moves to `{move.new}`, which exists from {move.since} on"
            yield Line(file, text, ("upgrade-moves-key",), (path,))
    yield from _fields(
        file, "no longer read", [path for path, move in found if not move], "upgrade-drops-key"
    )


def _fields(file: str, what: str, fields: list[str], *codes: str) -> Iterator[Line]:
    """Yield one line for all fields of a file, by section."""
    sections: dict[str, list[str]] = {}
    for path in fields:
        sections.setdefault(path.rpartition(".")[0], []).append(path)
    if sections:
        text = "; ".join(_names(paths) for paths in sections.values())
        yield Line(file, f"{what}: {text}", codes, tuple(fields))


def _names(paths: list[str]) -> str:
    """Write fields of one section."""
    section = paths[0].rpartition(".")[0]
    if len(paths) == 1 or not section:
        return ", ".join(f"`{path}`" for path in paths)
    return f"{', '.join(_last(path) for path in paths)} in `{section}`"


def _last(path: str) -> str:
    return f"`{path.rpartition('.')[2]}`"


def _defaults(component: str, file: str, old: Release, new: Release) -> Iterator[Line]:
    """Yield one line for the defaults of each section; equal changes in it are written together."""
    sections: dict[str, dict[str, list[str]]] = {}
    for path, before, after in changed_defaults(component, old, new):
        change = f"{_default(before)} becomes {_default(after)}"
        sections.setdefault(path.rpartition(".")[0], {}).setdefault(change, []).append(path)
    for section, changes in sections.items():
        text = "; ".join(f"{', '.join(map(_last, paths))}: {change}" for change, paths in changes.items())
        fields = tuple(path for paths in changes.values() for path in paths)
        yield Line(file, f"defaults in `{section}`: {text}", ("upgrade-changes-default",), fields)


def _default(value: Any) -> str:
    return "unset" if value is None else f"`{default_text(value)}`"


def _rules(old: Release, new: Release) -> Iterator[Line]:
    """Yield the rules that begin with the new release, for keys that the old one has too."""
    table = tables.load("rules.yaml")
    for rule in (*table["errors"], *table["warnings"]):
        since = rule.get("kubeedge", {}).get("from")
        if since and begins(since, old, new):
            # A condition of the table names one key or several.
            first: Any = next(conditions.keys_of(rule["if"][0]))
            checked = tuple(key for key in ([first] if isinstance(first, str) else first) if _has(key, old))
            if checked:
                entry = english(rule["id"])
                text = f"{', '.join(f'`{key}`' for key in checked)}: {entry.means} ({entry.severity})"
                yield Line("site file", text, (entry.code,), checked)


def _has(key: str, release: Release) -> bool:
    """Return whether a release has a key of the values; keys of the charts exist in all releases."""
    section, _, path = key.partition(".")
    row = SECTIONS.get(section)
    if row is None or row.project != KUBEEDGE or path.partition(".")[0] not in top_level(row.name):
        return True
    return config_fields(row.name, release).below(path) is not None


def _behaviour(old: Release, new: Release) -> Iterator[Line]:
    programs: dict[str, list[str]] = {}
    for one in new_behaviour(old, new):
        programs.setdefault(one.code, []).append(one.component)
    for code, names in programs.items():
        entry = english(code)
        text = f"{entry.what} ({entry.fix})" if entry.fix else str(entry.what)
        yield Line(f"{' and '.join(names)}{_WITH_TLS}", text, (code,), tuple(names))
    for row in tables.load("impact.yaml")["releases"]:
        if begins(row["from"], old, new):
            code, fix = _first(row["class"]), _first(row.get("fix", ""))
            text = f"{_first(row['says'])} ({fix})" if fix else _first(row["says"])
            yield Line(f"{row['program']}{_WITH_TLS}", text, (code,), (row["program"],))


def _first(texts: str | list[str]) -> str:
    """Return the text about an upgrade; the second one is about a downgrade."""
    return texts if isinstance(texts, str) else texts[0]


def _profiles(old: Release, new: Release) -> Iterator[Line]:
    """Yield the keys that the TLS profiles set in another way; equal changes of several profiles are one."""
    names: dict[tuple[str, str], list[str]] = {}
    for name in (name for name in PROFILES if profile(name).needs):
        before, after = _preset(name, old), _preset(name, new)
        for key in {**before, **after}:
            if key not in after:
                names.setdefault((key, "no longer sets"), []).append(name)
            elif key not in before:
                names.setdefault((key, "also sets"), []).append(name)
            elif before[key] != after[key]:
                names.setdefault((key, f"sets to `{after[key]}`:"), []).append(name)
    found: dict[tuple[str, str], list[str]] = {}
    for (key, change), profiles in names.items():
        found.setdefault((", ".join(profiles), change), []).append(key)
    for (profiles_text, change), changed in found.items():
        text = f"{change} {', '.join(f'`{key}`' for key in changed)}"
        yield Line(f"profile {profiles_text}", text, (), tuple(changed))


def _preset(name: str, kubeedge: Release) -> dict[str, Any]:
    return {one["key"]: one["value"] for one in entries(name, kubeedge, default_release(EDGEMESH))}


def _crds(old: Release, new: Release) -> Iterator[Line]:
    for crd in changed_crds(old, new):
        text = f"`{crd.name}`: {'new' if crd.new else 'changed'}: {', '.join(crd.versions)}"
        if crd.new or crd.stored == crd.stored_before:
            yield Line("CRD", text, ("upgrade-changes-crd",), (crd.name,))
        else:
            text += f"; stores {crd.stored} instead of {crd.stored_before}"
            yield Line("CRD", text, ("upgrade-changes-crd", "crd-storage"), (crd.name,))


def _permissions(old: Release, new: Release) -> Iterator[Line]:
    for role, setting, gained, lost in roles.changes(old, new):
        where = f"ClusterRole {role}{setting}"
        if gained:
            yield Line(where, f"also grants {'; '.join(gained)}", ("rbac-widened",), (role,))
        if lost:
            yield Line(where, f"no longer grants {'; '.join(lost)}", ("rbac-narrowed",), (role,))


def _unset(key: str) -> str:
    """Return what a key of the charts means if it is not set."""
    section, _, name = key.partition(".")
    above = next(one for one in keys(Site) if one.name == section)
    return next(one.unset for one in above.children() if one.name == name)
