"""Compare two sides in memory, and read the result."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from generator import go_yaml
from generator.diff.formats import FORMATS, writer
from generator.diff.report import DiffReport, report
from generator.diff.sources import SideSource
from generator.kube.compare import Change
from generator.kube.objects import Collection, Object, read_stream

Data = dict[str, Any]


def stream(objects: Iterable[Data]) -> str:
    """Write objects as one YAML stream."""
    return "".join(f"---\n{go_yaml.dump(one)}" for one in objects)


def read(text: str, file: str = "side.yaml") -> SideSource:
    """Read a side from the text of a stream."""
    found = Collection()
    read_stream(text, file, found)
    return SideSource(file, found.objects, found.skipped)


def side(objects: Iterable[Data]) -> SideSource:
    """Make a side from objects, without any text."""
    return SideSource("side", [Object(one, "side.yaml", number, 1) for number, one in enumerate(objects, 1)])


def compared(before: Iterable[Data], after: Iterable[Data], **versions: str) -> DiffReport:
    """Compare two lists of objects."""
    return report(side(before), side(after), versions)


def texts_compared(before: str, after: str) -> DiffReport:
    """Compare two streams."""
    return report(read(before, "before.yaml"), read(after, "after.yaml"))


def changes(found: DiffReport) -> list[Change]:
    """Return every change of every object."""
    return [change for one in found.differences for change in one.changes]


def places(found: DiffReport) -> list[str]:
    """Return the changed places: `ConfigMap a/b: data.c`, or the status of a whole object."""
    named = []
    for one in found.differences:
        if one.status != "changed":
            named.append(f"{one.object.title}: {one.status}")
        named += [f"{one.object.title}: {change.place}" for change in one.changes]
    return named


def one_change(before: Data, after: Data) -> Change:
    """Return the only change between two forms of an object."""
    (found,) = changes(compared([before], [after]))
    return found


def says(found: DiffReport) -> list[str]:
    """Return every impact as `code: object: what (fix)`."""
    return [
        f"{one.code}: {one.subject.title}: {one.what}{f' ({one.fix})' if one.fix else ''}"
        for one, _ in found.impacts
    ]


def everything(found: DiffReport) -> str:
    """Return all formats of a report in one text."""
    return "".join(writer(form)(found) for form in FORMATS)
