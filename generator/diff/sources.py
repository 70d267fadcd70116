"""Read or render A and B: manifests, a profile, a values file, a commit or a live release."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from importlib import import_module

from generator.catalogue.message import say
from generator.check.kinds import rendered_for
from generator.diff.files import (
    CHARTS_OF,
    configs_alone,
    matching,
    named_apart,
    read_side,
    title,
    values_kind,
    without_copies,
)
from generator.diff.recipes import Recipe
from generator.errors import CannotCompare, InvalidInput, Problem, one_line
from generator.io.files import read_text
from generator.io.folders import files_in, reject_pipe
from generator.kube.namespaces import namespace_of
from generator.kube.objects import Collection, Item, Object, Skipped
from generator.model.profiles import PROFILES

_RELEASE = "release:"


@dataclass(frozen=True)
class Installed:
    """The chart, name and namespace of a live release."""

    chart: str
    name: str
    namespace: str

    def narrowed(self, recipe: Recipe) -> Recipe:
        """Return a recipe for the chart of this release alone, under its name."""
        if self.chart not in recipe.charts:
            return recipe
        return replace(
            recipe, charts=(self.chart,), releases={self.chart: self.name}, namespace=self.namespace
        )


@dataclass
class SideSource:
    """One side: its label, its objects, and how it was rendered or installed."""

    label: str
    objects: list[Object]
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    recipe: Recipe | None = None
    installed: Installed | None = None


# Reads a live release by its name.
ReadRelease = Callable[[str], SideSource]


@contextmanager
def open_sources(
    before: str, after: str, base: Recipe, read_release: ReadRelease, *, every_chart: bool = True
) -> Iterator[tuple[SideSource, SideSource]]:
    """Make both sides; raise InvalidInput, CannotCompare, GitError or HelmError.

    `base` has the values of -f and --set for every rendered side; `read_release` reads `release:NAME` from
    the cluster. A commit is rendered like the other side if that is rendered too. Only the chart of a
    release, or of values for an upstream chart, is rendered, unless the user asked for `every_chart`.
    """
    known: dict[str, list[Item]] = {}
    names = (before, after)
    sides = [_Asked(name, base, read_release, known) for name in names]
    if not every_chart:
        _narrow(sides)
    with ExitStack() as stack:
        one, other = (side.opened(beside, stack) for side, beside in (sides, reversed(sides)))
        yield _comparable(one, other)


class _Asked:
    """A side as the user named it: a recipe, or what was read."""

    def __init__(
        self, name: str, base: Recipe, read_release: ReadRelease, known: dict[str, list[Item]]
    ) -> None:
        self.name = name
        self.recipe = _recipe(name, base)
        release = name.removeprefix(_RELEASE) if name.startswith(_RELEASE) else ""
        self.read = read_release(release) if release else None
        self.values = ""
        self.notes: list[Problem] = []
        if self.read is None and self.recipe is None:
            self.read = read_manifests(name, known)
            self.values = values_kind(self.read.objects, self.read.skipped)
            if self.values:
                self.recipe, self.read = replace(base, label=self.read.label, files=(*base.files, name)), None

    def opened(self, other: _Asked, stack: ExitStack) -> SideSource:
        """Return the side, read, or rendered like the other side."""
        if self.read is not None:
            return self.read
        assert self.recipe is not None
        recipe = self.recipe
        # Imported here because they import Helm and git; to compare files needs neither.
        import_module("generator.helm.early").open_early(recipe.engine)
        renderings = import_module("generator.diff.renderings")
        found: SideSource
        if self.name.startswith("git:"):
            ref, repository = self.name[4:], renderings.repository()
            if other.read is not None and configs_alone(other.read.objects):
                found = renderings.config_as_of(ref, other.name, repository)
                return found
            if other.recipe is not None and not other.name.startswith("git:"):
                recipe = other.recipe
            recipe = stack.enter_context(renderings.as_of(ref, recipe, repository))
        installed = other.read.installed if other.read else None
        found = renderings.rendered(installed.narrowed(recipe) if installed else recipe)
        return replace(found, notes=self.notes)


def _narrow(sides: list[_Asked]) -> None:
    """Render only one chart if every values file is for it."""
    kinds = {side.values for side in sides if side.values}
    if len(kinds) != 1:
        return
    charts: tuple[str, ...] = CHARTS_OF.get(next(iter(kinds)), ())
    rendered_sides = [side for side in sides if side.recipe is not None] if charts else []
    for side in rendered_sides:
        assert side.recipe is not None
        side.recipe = replace(side.recipe, charts=charts)
    for side in rendered_sides[:1]:
        side.notes.append(Problem("", "", say("one-chart-compared", chart=charts[0])))


def _comparable(one: SideSource, other: SideSource) -> tuple[SideSource, SideSource]:
    """Return two sides that can be compared; raise CannotCompare if there is nothing to compare."""
    for side in (one, other):
        if side.skipped and not side.objects:
            raise CannotCompare(_no_side(found) for found in side.skipped)
    if not (one.objects or other.objects):
        raise CannotCompare(Problem(side.label, "", say("no-object")) for side in (one, other))
    one, other = _with_namespace(one, other), _with_namespace(other, one)
    return _matched(one, other), _matched(other, one)


def _with_namespace(side: SideSource, other: SideSource) -> SideSource:
    """Return a side with or without the Namespace, like the other side.

    `generator render` renders the Namespace for kubectl. No chart does, because Helm creates it itself.
    """
    if side.recipe is not None and other.recipe is None and not other.installed:
        named = {one.name for one in other.objects if one.kind == "Namespace"}
        name = side.recipe.namespace
        found = namespace_of(side.objects, name) if name in named else None
        return side if found is None else replace(side, objects=[Object(found), *side.objects])
    if other.installed is not None:
        name = other.installed.namespace
        kept = [one for one in side.objects if (one.kind, one.name) != ("Namespace", name)]
        return replace(side, objects=kept)
    return side


def _matched(one: SideSource, other: SideSource) -> SideSource:
    """Return a side, or only its configs if the other side has nothing but configs."""
    if not one.objects or not configs_alone(other.objects):
        return one
    found = matching(other.objects, one.label, one.objects)
    return one if configs_alone(one.objects) else replace(one, objects=found, recipe=None)


def _no_side(found: Skipped) -> Problem:
    """Return why a document cannot be a side."""
    message = found.message
    if found.kind == "gateway-values":
        message = say("not-a-side", found.kind, kind=title(found.kind))
    elif not found.kind:
        message = say("not-a-side", reason=found.what)
    return Problem(f"{found.file}:{found.line}", "", message)


def _recipe(name: str, base: Recipe) -> Recipe | None:
    """Return how a side is rendered, None if it is read."""
    scheme, colon, rest = name.partition(":")
    if name in PROFILES:
        return replace(base, label=f"profile {name}", profile=name)
    if not colon or scheme not in ("profile", "values", "git"):
        return None
    if scheme == "git":
        return replace(base, label=name)
    if scheme == "profile":
        return replace(base, label=f"profile {rest}", profile=rest)
    return replace(base, label=rest, files=(*base.files, rest))


def read_manifests(name: str, known: dict[str, list[Item]] | None = None) -> SideSource:
    """Read the manifests of a file, of every YAML file below a folder, or of standard input.

    `known` caches parsed documents for the other side.
    """
    found = Collection(known={} if known is None else known)
    problems: list[Problem] = []
    for file in _files(name):
        try:
            read_side(read_text(file), one_line(file), found)
        except InvalidInput as error:
            problems += error.problems
    if problems:
        raise InvalidInput(problems)
    label = "standard input" if name == "-" else one_line(name)
    return SideSource(label, named_apart(without_copies(found.objects), name), found.skipped)


def _files(name: str) -> list[str]:
    """Return the files of a side; raise UnreadableFile if there is none."""
    found = files_in(name)
    if found == [name]:
        reject_pipe(name)
        return found
    # The manifests beside the values of a rendered tree are what these values render.
    return [file for file in found if not _is_rendered_values(file)]


def _is_rendered_values(file: str) -> bool:
    return file.endswith("values.yaml") and bool(rendered_for(read_text(file)))
