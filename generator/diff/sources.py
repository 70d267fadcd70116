"""What A and B may be: manifests, a profile, a values file, a commit or a live release, each made a side."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.diff.objects import Collection, Object, Skipped, read_stream
from generator.diff.recipes import Recipe, as_of
from generator.errors import InvalidInput, Problem, UnreadableFile
from generator.files import read_text
from generator.git import Repository
from generator.model.profiles import PROFILES

if TYPE_CHECKING:
    from generator.diff.live import Live

_ENDINGS = (".yaml", ".yml", ".json")


@dataclass(frozen=True)
class Cluster:
    """Which cluster is meant, as kubectl and helm take it."""

    kubeconfig: str | None = None
    context: str | None = None


@dataclass
class Source:
    """One side: what it is called, its objects, and how it was rendered if it was."""

    label: str
    objects: list[Object]
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    recipe: Recipe | None = None


@contextmanager
def open_sources(before: str, after: str, base: Recipe, cluster: Cluster) -> Iterator[tuple[Source, Source]]:
    """Make both sides; raise InvalidInput, GitError or HelmError.

    `base` holds what -f and --set say, for every side that is rendered. A commit is rendered as the other
    side is, if that is rendered too; beside a release, the chart of the release alone.
    """
    names = (before, after)
    recipes = [_recipe(name, base) for name in names]
    releases = [_release(name, base, cluster) for name in names]
    for one, other in ((0, 1), (1, 0)):
        live = releases[other]
        wanted = recipes[one]
        if live is not None and wanted is not None:
            recipes[one] = live.narrowed(wanted)
    with ExitStack() as stack:
        sides: list[Source] = []
        known: dict[str, Any] = {}
        for one, other in ((0, 1), (1, 0)):
            live, own = releases[one], recipes[one]
            if live is not None:
                sides.append(Source(live.label, live.objects, live.skipped, live.notes))
            elif names[one].startswith("git:"):
                model = recipes[other] if not names[other].startswith("git:") else None
                start = model or own or base
                recipe = stack.enter_context(as_of(names[one][4:], start, Repository(Path.cwd())))
                sides.append(rendered(recipe))
            elif own is not None:
                sides.append(rendered(own))
            else:
                sides.append(read_manifests(names[one], known))
        yield sides[0], sides[1]


def rendered(recipe: Recipe) -> Source:
    """Render a side."""
    return Source(recipe.label, recipe.render(recipe.values), recipe=recipe)


def _recipe(name: str, base: Recipe) -> Recipe | None:
    """Return how a side is rendered, None if it is not."""
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


def _release(name: str, base: Recipe, cluster: Cluster) -> Live | None:
    if not name.startswith("release:"):
        return None
    # asyncio comes with it.
    from generator.diff.live import read_live

    return read_live(name.removeprefix("release:"), base.namespace, cluster)


def read_manifests(name: str, known: dict[str, Any] | None = None) -> Source:
    """Read the manifests of a file, of every YAML file below a folder, or of standard input.

    `known` keeps what was read, for another side that has the same documents.
    """
    found = Collection(known={} if known is None else known)
    problems: list[Problem] = []
    for file in _files(name):
        try:
            read_stream(read_text(file), file, found)
        except InvalidInput as error:
            problems += error.problems
    if problems:
        raise InvalidInput(problems)
    return Source("standard input" if name == "-" else name, found.objects, found.skipped)


def _files(name: str) -> list[str]:
    folder = Path(name)
    if name == "-" or not folder.is_dir():
        return [name]
    found = sorted(str(path) for path in folder.rglob("*") if path.suffix in _ENDINGS and path.is_file())
    if not found:
        raise UnreadableFile(name, f"holds no file that ends with {', '.join(_ENDINGS)}")
    return found
