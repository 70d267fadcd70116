"""Writes docs/upgrade.md: the commands of an upgrade, and what changes between two releases."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from generator.catalogue import english
from generator.chart_files.borders import PROGRAMS, Border, Line, borders, releases
from generator.texts import template
from generator.upstream import Release
from generator.upstream.changes import changed_crds, changed_defaults, lost_fields, new_behaviour

# The steps on the edge nodes, in the order in which `generator install` prints them.
_STEPS = (
    "step-upgrade-edgecore",
    "step-write-edgecore-config",
    "step-restart-edgecore",
    "step-restart-edge-pods",
)


@dataclass(frozen=True)
class Totals:
    """How many keys, defaults and CRDs an upgrade to the newest release changes, and the codes with TLS."""

    moved: int
    dropped: int
    defaults: int
    crds: int
    tls: tuple[str, ...]


def totals(old: Release, new: Release) -> Totals:
    """Count what changes between two releases, also if they are not neighbours."""
    lost = Counter(
        "moved" if move else "dropped"
        for program in PROGRAMS
        for _, move in lost_fields(program.name, old, new)
    )
    defaults = sum(len(list(changed_defaults(program.name, old, new))) for program in PROGRAMS)
    tls = tuple(dict.fromkeys(one.code for one in new_behaviour(old, new)))
    return Totals(lost["moved"], lost["dropped"], defaults, len(list(changed_crds(old, new))), tls)


def markdown(command: str) -> str:
    """Return docs/upgrade.md."""
    known, crossed = releases(), borders()
    newest = known[-1]
    return template("upgrade.md.j2").render(
        command=command,
        oldest=known[0],
        newest=newest,
        ways=[(one.old.minor, _link(one), totals(one.old, newest)) for one in crossed],
        borders=[(_title(one), map(_row, one.lines)) for one in crossed],
        steps=[(english(code).means, code) for code in _STEPS],
        code=_code,
    )


def _title(border: Border) -> str:
    return f"{border.old.minor} to {border.new.minor}"


def _link(border: Border) -> str:
    title = _title(border)
    return f"[{title}](#{title.replace('.', '').replace(' ', '-')})"


def _row(line: Line) -> tuple[str, str, str]:
    return line.where, line.change, ", ".join(map(_code, line.codes))


def _code(code: str) -> str:
    return f"[{code}](codes.md#{code.replace('.', '')})"
