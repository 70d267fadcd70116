"""The programs' configs inside ConfigMaps and Secrets: compared by what the programs make of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from generator import go_yaml, paths, tables
from generator.catalogue.message import Message
from generator.components import EDGEMESH, project_of
from generator.diff.fatal import reasons
from generator.diff.files import CONFIG_FILE
from generator.kube.compare import NOTHING, Change, compare
from generator.kube.equality import quantity
from generator.kube.objects import Object
from generator.kube.pods import containers, pod_of
from generator.paths import Path
from generator.upstream import Release
from generator.upstream.effective import effective_config
from generator.upstream.named import LABEL, known_release, named_by_image, named_by_label
from generator.upstream.releases import tags

_INDEX = re.compile(r"\[\d+\]")
_SERVER = ("kubeAPIConfig", "metaServer", "server")
_GATE = "kubeAPIConfig.metaServer.security.requireAuthorization"


@dataclass(frozen=True)
class ProgramConfig:
    """A config of a program as text, and the release that reads it."""

    component: str
    release: Release
    text: str

    @cached_property
    def data(self) -> dict[str, Any] | None:
        """Return the config as data; None if the program could not read it."""
        try:
            loaded = go_yaml.load(self.text)
        except (ValueError, RecursionError, TypeError):
            return None
        # To the programs an empty file is one of nothing but defaults.
        return {} if loaded is None else loaded if isinstance(loaded, dict) else None

    @cached_property
    def fatal(self) -> dict[str, Message]:
        """Map the keys with which the program cannot run to what is wrong; "" is the whole file."""
        return reasons(self.component, self.release, self.text)

    @cached_property
    def effective(self) -> dict[str, Any]:
        """Return what the program makes of it; of one that it could not read, its defaults."""
        return effective_config(self.component, self.release, self.data or {})

    @cached_property
    def url(self) -> str | None:
        """Return the URL at which EdgeMesh talks to the endpoint; None of another program's config."""
        server = paths.at(self.effective, _SERVER)
        if project_of(self.component) != EDGEMESH or not isinstance(server, str):
            return None
        if paths.first(self.effective, _GATE) is True:
            # Anywhere in it (edgemesh v1.17 pkg/util/util.go:40); what has no scheme stays http.
            server = server.replace("http://", "https://")
        return server if "://" in server else f"http://{server}"


class SideReleases:
    """Which release reads a side's configs: by the label of the object, else by what stands beside it."""

    def __init__(self, objects: Iterable[Object], given: dict[str, str] | None = None) -> None:
        """Look through the objects of a side; `given` maps a program to a version that wins."""
        self._given = {program: known_release(program, version) for program, version in (given or {}).items()}
        self._said: dict[str, Release] = {}
        # The other side, which says it where this one does not.
        self.other: SideReleases | None = None
        for found in objects:
            for program, version in _versions(found):
                release = known_release(program, version)
                if release:
                    self._said.setdefault(program, release)

    def of(self, found: Object, component: str) -> Release:
        """Return the release that reads a config of an object; the newest known one if nothing says it."""
        program = project_of(component)
        return self.known(found, component) or Release.parse(program, list(tags(program))[-1])

    def known(self, found: Object, component: str) -> Release | None:
        """Return the release that reads a config of an object; None if nothing says it."""
        program = project_of(component)
        label = found.label(LABEL)
        return (
            self._given.get(program)
            or (known_release(program, label) if label else None)
            or self._said.get(program)
            or (self.other._said.get(program) if self.other else None)
        )


def _versions(found: Object) -> Iterator[tuple[str, str]]:
    """Yield the programs that an object names, and their versions: by images, or by a config's label."""
    for container in containers(pod_of(found)):
        yield from named_by_image(container.get("image"))
    if found.kind in ("ConfigMap", CONFIG_FILE):
        yield from named_by_label(found.label(LABEL), found.data.get("data"))


def meanings(config: ProgramConfig) -> Iterator[dict[str, Any]]:
    """Yield what is known of the keys of a config beyond their type: rows of generator/tables/impact.yaml."""
    for row in tables.load("impact.yaml")["keys"]:
        if config.component.startswith(row["program"]) and config.release.within(row.get("kubeedge")):
            yield row


def touches(change: Change, key: str) -> bool:
    """Say whether a change is of a key, of something inside it, or of a section around it."""
    named = tuple(part for part in change.path if isinstance(part, str) and not part.startswith("["))
    return _related(_letters(named), _letters(tuple(key.split("."))))


def compare_configs(before: ProgramConfig, after: ProgramConfig, name: str) -> Iterator[Change] | None:
    """Compare two configs by what the programs make of them; None where one is no config."""
    if before.data is None or after.data is None:
        return None
    return _changes(before, after, name)


def _changes(before: ProgramConfig, after: ProgramConfig, name: str) -> Iterator[Change]:
    was, now = before.effective, after.effective
    written = _differing(before.data, after.data, after)
    means = [_explained(change, written, before, after) for change in _differing(was, now, after)]
    yield from (_read(change, before, after).inside(name) for change in means)
    known = [_letters(change.path) for change in means]
    for change in written:
        if any(_related(_letters(change.path), path) for path in known):
            continue
        if _kills(change, before) or _kills(change, after):
            yield change.inside(name)
        else:
            yield replace(change, behaviour=False, note=_why_not(change, was, now, after)).inside(name)


def _differing(before: Any, after: Any, config: ProgramConfig) -> list[Change]:
    """List how two forms of a config differ, but for quantities that are as much."""
    amounts = [key for row in meanings(config) for key in row.get("quantities", ())]
    return [
        change
        for change in compare(before, after, kubernetes=False)
        if not (_inside(change, amounts) and _same_amount(change.before, change.after))
    ]


def _inside(change: Change, keys: list[str]) -> bool:
    named = _letters(tuple(part for part in change.path if isinstance(part, str)))
    return any(named[: len(parts)] == parts for key in keys for parts in [_letters(tuple(key.split(".")))])


def _same_amount(before: Any, after: Any) -> bool:
    """Say whether two quantities, or two percentages, are as much."""
    if all(isinstance(value, str) and value.endswith("%") for value in (before, after)):
        before, after = before[:-1], after[:-1]
    amount = quantity(before)
    return amount is not None and amount == quantity(after)


def _kills(change: Change, config: ProgramConfig) -> bool:
    """Say whether a change is of what the program does not run with."""
    return any(touches(change, _INDEX.sub("", key)) for key in config.fatal)


def _read(change: Change, before: ProgramConfig, after: ProgramConfig) -> Change:
    """Say of a change whether the program looks at the key at all, and sees another value."""
    for row in meanings(after):
        if "unread" in row and change.path in [tuple(key.split(".")) for key in row["keys"]]:
            return replace(change, behaviour=False, note=row["unread"])
    url = before.url
    if change.path == _SERVER and url is not None and url == after.url:
        return replace(change, behaviour=False, note=f"{after.component} talks to {url} as before")
    return change


def _letters(path: Path) -> Path:
    """Return a path as the programs read it: they take a key in any letters."""
    return tuple(part.lower() if isinstance(part, str) else part for part in path)


def _related(one: Path, other: Path) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _explained(change: Change, written: list[Change], before: ProgramConfig, after: ProgramConfig) -> Change:
    """Say where a change comes from that nobody wrote."""
    if any(_related(_letters(change.path), _letters(other.path)) for other in written):
        return change
    if before.release.minor == after.release.minor:
        return replace(change, note=f"{after.component} sets it itself")
    if change.before is NOTHING:
        return replace(change, note=f"new in {after.release}, its default")
    if change.after is NOTHING:
        return replace(change, note=f"not read by {after.release}")
    return replace(change, note=f"the default of {after.release}")


def _why_not(change: Change, was: Any, now: Any, after: ProgramConfig) -> str:
    if _holds(now, change.path) or _holds(was, change.path):
        if change.before is NOTHING:
            return "the default, written out"
        return (
            "the default, no longer written out" if change.after is NOTHING else "the program sets it itself"
        )
    if change.path in (("apiVersion",), ("kind",)):
        return "the program does not look at it"
    return f"not read by {after.release}"


def _holds(config: Any, path: Path) -> bool:
    for part in path:
        if not isinstance(config, dict) or not isinstance(part, str):
            return isinstance(config, list)
        name = next((name for name in config if name.lower() == part.lower()), None)
        if name is None:
            return False
        config = config[name]
    return True
