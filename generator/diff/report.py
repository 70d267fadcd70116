"""Compare two sides and report the differences; the report has no secrets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from generator.catalogue.message import Message, say
from generator.diff.content import Side, changes
from generator.diff.files import CONFIG_FILE
from generator.diff.impact import CLASSES, Impact, impacts
from generator.diff.shown import Shown
from generator.diff.sources import SideSource
from generator.errors import Problem
from generator.kube.compare import Change
from generator.kube.objects import Identity, Object, Skipped
from generator.kube.pairs import Pair, identified, pair

# An object and the place of a change in it ("": the whole object), or an impact that belongs to no change.
Key = tuple[Identity, str | Message]
# The headline of a connection, and the facts about it.
Arrow = tuple[str, list[str]]


@dataclass(frozen=True)
class Difference:
    """An object that is added, deleted, renamed or changed, and the `scenarios` in which it is."""

    status: str
    before: Object | None
    after: Object | None
    changes: tuple[Change, ...] = ()
    impacts: tuple[Impact, ...] = ()
    causes: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()

    @property
    def object(self) -> Object:
        """Return the object after the change, or before if it is deleted."""
        found = self.after or self.before
        assert found is not None
        return found


@dataclass
class DiffReport:
    """Everything that differs between two sides."""

    before: str
    after: str
    differences: list[Difference] = field(default_factory=list)
    unchanged: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    scenarios: tuple[str, ...] = ()
    # The releases of KubeEdge and EdgeMesh that the user names, instead of those that the objects name.
    versions: dict[str, str] = field(default_factory=dict)
    # The connections of both sides, as SVG and as texts; only the HTML page shows them.
    picture: str = field(default="", repr=False)
    arrows: list[Arrow] = field(default_factory=list, repr=False)

    @property
    def compared(self) -> bool:
        """Return whether anything was compared."""
        return bool(self.unchanged or self.differences)

    @property
    def impacts(self) -> list[tuple[Impact, Difference]]:
        """Return every impact with its difference, most serious first; equal ones of scenarios once."""
        order = {code: rank for rank, code in enumerate(CLASSES)}
        found: dict[tuple[object, ...], tuple[Impact, Difference]] = {}
        for difference in self.differences:
            for one in difference.impacts:
                key = (one.subject.identity, one.message)
                found[key] = self._joined(found[key], one, difference) if key in found else (one, difference)
        return sorted(found.values(), key=lambda entry: order[entry[0].code])

    def _joined(
        self, known: tuple[Impact, Difference], one: Impact, difference: Difference
    ) -> tuple[Impact, Difference]:
        scenarios = {*known[1].scenarios, *difference.scenarios}
        joined = replace(known[1], scenarios=tuple(name for name in self.scenarios if name in scenarios))
        causes = tuple(dict.fromkeys((*known[0].causes, *one.causes)))
        return replace(known[0], causes=causes, where=known[0].where or one.where), joined

    def count(self, status: str) -> int:
        """Return how many objects have a status."""
        return sum(difference.status == status for difference in self.differences)

    def failing(self, codes: Iterable[str]) -> list[tuple[Impact, Difference]]:
        """Return the impacts with some codes."""
        wanted = set(codes)
        return [entry for entry in self.impacts if entry[0].code in wanted]


@dataclass(frozen=True)
class Comparison:
    """Two sides and their differences, with secrets: only a DiffReport may be printed."""

    before: SideSource
    after: SideSource
    versions: dict[str, str]
    old: Side
    new: Side
    differences: tuple[Difference, ...]


def compare_sides(
    before: SideSource, after: SideSource, versions: Mapping[str, str] | None = None
) -> Comparison:
    """Compare two sides; `versions` maps KubeEdge and EdgeMesh to the release that reads the configs."""
    given = dict(versions or {})
    old, new = Side(before.objects, given), Side(after.objects, given)
    return Comparison(before, after, given, old, new, tuple(differences(old, new)))


def report(before: SideSource, after: SideSource, versions: Mapping[str, str] | None = None) -> DiffReport:
    """Compare two sides and report the differences, without secrets."""
    return report_of(compare_sides(before, after, versions))


def report_of(compared: Comparison) -> DiffReport:
    """Report a comparison without secrets."""
    before, after, raw = compared.before, compared.after, compared.differences
    found = DiffReport(before.label, after.label, notes=[*before.notes, *after.notes])
    found.skipped, found.versions = [*before.skipped, *after.skipped], compared.versions
    found.notes += [*_twice(before), *_twice(after)]
    found.unchanged = len(identified(after.objects)) - sum(difference.after is not None for difference in raw)
    found.notes += dict.fromkeys((*_assumed(compared.old), *_assumed(compared.new)))
    shown = Shown([*before.objects, *after.objects])
    found.differences = [_shown(difference, shown) for difference in raw]
    return found


def _assumed(side: Side) -> Iterator[Problem]:
    """Yield the config files of a side whose release is assumed."""
    for found in side.objects:
        for config in side.configs(found).values() if found.kind == CONFIG_FILE else ():
            if side.releases.known(found, config.component) is None:
                option = f"--{config.release.project.lower()}-version"
                message = say("newest-release-assumed", release=config.release, option=option)
                yield Problem(f"{config.component}.yaml", "", message)


def _twice(source: SideSource) -> Iterator[Problem]:
    """Yield the objects that a side has several times."""
    counted = Counter(found.identity for found in source.objects if found.metadata.get("name"))
    twice = {identity: number for identity, number in counted.items() if number > 1}
    for found in source.objects if twice else ():
        number = twice.pop(found.identity, 0)
        if number:
            yield Problem(source.label, "", say("object-twice", object=found.title, number=number))


def differences(old: Side, new: Side) -> Iterator[Difference]:
    """Yield the differences between two sides, with secrets."""
    old.releases.other, new.releases.other = new.releases, old.releases
    pairs = pair(old.objects, new.objects)
    changed = [(one, list(_changes(one, old, new))) for one in pairs]
    rolled = {
        id(one.after)
        for one, found in changed
        if one.after and (one.before is None or any("template" in change.path for change in found))
    }
    for one, found in changed:
        status = _status(one, found)
        if status:
            means = tuple(impacts(one, found, rolled, old, new))
            yield Difference(status, one.before, one.after, tuple(found), means)


def _changes(one: Pair, old: Side, new: Side) -> Iterator[Change]:
    if one.before and one.after and not _same_text(one.before, one.after, old, new):
        yield from changes(one.before, one.after, old, new)


def _same_text(before: Object, after: Object, old: Side, new: Side) -> bool:
    """Return whether two objects have the same text and are read by the same releases."""
    if not before.text or before.text != after.text:
        return False
    was, now = old.configs(before), new.configs(after)
    return all(was[name].release == config.release for name, config in now.items())


def _status(one: Pair, found: list[Change]) -> str:
    if one.before is None:
        return "added"
    if one.after is None:
        return "deleted"
    return "renamed" if one.renamed else "changed" if found else ""


def _shown(difference: Difference, shown: Shown) -> Difference:
    kind = difference.object.kind
    return replace(
        difference,
        changes=tuple(shown.change(change, kind) for change in difference.changes),
        impacts=tuple(replace(one, message=one.message.map_texts(shown.text)) for one in difference.impacts),
    )


def signature(found: Iterable[Difference]) -> dict[Key, str]:
    """Map the key of every difference, change and impact to the new value."""
    signed: dict[Key, str] = {}
    for difference in found:
        identity = difference.object.identity
        if difference.status != "changed":
            signed[identity, ""] = difference.status
        for change in difference.changes:
            signed[identity, change.place] = repr(change.after)
        for one in difference.impacts:
            if not one.places:
                signed[identity, one.message] = ""
    return signed
