"""Configs of programs, also in ConfigMaps and Secrets, compared by what the programs read from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from typing import Any

from generator import go_yaml, paths, tables
from generator.catalogue.message import Message, say
from generator.components import EDGEMESH, project_of
from generator.diff.files import CONFIG_FILE
from generator.kube.compare import NOTHING, Change, compare
from generator.kube.equality import quantity
from generator.kube.objects import Object
from generator.kube.pods import containers, is_workload, pod_of
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
    """The config of a program as text, and the release that reads it."""

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
        # The programs read an empty file as defaults only.
        return {} if loaded is None else loaded if isinstance(loaded, dict) else None

    @cached_property
    def fatal(self) -> dict[str, Message]:
        """Map the keys with which the program cannot run to what is wrong; "" is the whole file."""
        # Imported here because it imports a large part of `generator check`.
        fatal = import_module("generator.diff.fatal")
        found: dict[str, Message] = fatal.reasons(self.component, self.release, self.text)
        return found

    @cached_property
    def effective(self) -> dict[str, Any]:
        """Return the config with the defaults of the program; only these if it cannot read the config."""
        return effective_config(self.component, self.release, self.data or {})

    @cached_property
    def url(self) -> str | None:
        """Return the URL at which EdgeMesh connects to the endpoint; None for other programs."""
        server = paths.at(self.effective, _SERVER)
        if project_of(self.component) != EDGEMESH or not isinstance(server, str):
            return None
        if paths.first(self.effective, _GATE) is True:
            # Anywhere in it (edgemesh v1.17 pkg/util/util.go:40); an address without a scheme stays http.
            server = server.replace("http://", "https://")
        return server if "://" in server else f"http://{server}"


class SideReleases:
    """The releases that read the configs of a side: by the label of the object, else by other objects."""

    def __init__(self, objects: Iterable[Object], given: dict[str, str] | None = None) -> None:
        """Find the releases that the objects of a side name; `given` overrides them by program."""
        self._given = {program: known_release(program, version) for program, version in (given or {}).items()}
        self._named: dict[str, Release] = {}
        # The other side, for programs whose release this side does not name.
        self.other: SideReleases | None = None
        for found in objects:
            for program, version in _versions(found):
                release = known_release(program, version)
                if release:
                    self._named.setdefault(program, release)

    def of(self, found: Object, component: str) -> Release:
        """Return the release that reads a config of an object; the newest known one if no object names it."""
        program = project_of(component)
        return self.known(found, component) or Release.parse(program, list(tags(program))[-1])

    def known(self, found: Object, component: str) -> Release | None:
        """Return the release that reads a config of an object; None if no object names it."""
        program = project_of(component)
        label = found.label(LABEL)
        return (
            self._given.get(program)
            or (known_release(program, label) if label else None)
            or self._named.get(program)
            or (self.other._named.get(program) if self.other else None)
        )


def _versions(found: Object) -> Iterator[tuple[str, str]]:
    """Yield the programs and versions that an object names by its images, or by the label of a config."""
    for container in containers(pod_of(found)) if is_workload(found) else ():
        yield from named_by_image(container.get("image"))
    if found.kind in ("ConfigMap", CONFIG_FILE):
        yield from named_by_label(found.label(LABEL), found.data.get("data"))


def meanings(config: ProgramConfig) -> Iterator[dict[str, Any]]:
    """Yield the rows of generator/tables/impact.yaml for the program and release of a config."""
    for row in tables.load("impact.yaml")["keys"]:
        if config.component.startswith(row["program"]) and config.release.within(row.get("kubeedge")):
            yield row


def touches(change: Change, key: str) -> bool:
    """Return whether a change is of a key, of a key inside it, or of a section around it."""
    named = tuple(part for part in change.path if isinstance(part, str) and not part.startswith("["))
    return _related(_letters(named), _letters(tuple(key.split("."))))


def compare_configs(before: ProgramConfig, after: ProgramConfig, name: str) -> Iterator[Change] | None:
    """Compare two configs by what the programs read from them; None if one is not a config."""
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
        if _is_fatal(change, before) or _is_fatal(change, after):
            yield change.inside(name)
        else:
            yield replace(change, behaviour=False, note=_same_behaviour(change, was, now, after)).inside(name)


def _differing(before: Any, after: Any, config: ProgramConfig) -> list[Change]:
    """Return how two forms of a config differ, without quantities that are equal."""
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
    """Return whether two quantities or percentages are equal."""
    if all(isinstance(value, str) and value.endswith("%") for value in (before, after)):
        before, after = before[:-1], after[:-1]
    amount = quantity(before)
    return amount is not None and amount == quantity(after)


def _is_fatal(change: Change, config: ProgramConfig) -> bool:
    """Return whether a change is of a key with which the program cannot run."""
    return any(touches(change, _INDEX.sub("", key)) for key in config.fatal)


def _read(change: Change, before: ProgramConfig, after: ProgramConfig) -> Change:
    """Return the change, without behaviour if the program does not read the key or reads the same value."""
    for row in meanings(after):
        if "unread" in row and change.path in [tuple(key.split(".")) for key in row["keys"]]:
            return replace(
                change, behaviour=False, note=say("same-behaviour", "unread", reason=row["unread"])
            )
    url = before.url
    if change.path == _SERVER and url is not None and url == after.url:
        return replace(
            change,
            behaviour=False,
            note=say("same-behaviour", "same-url", component=after.component, url=url),
        )
    return change


def _letters(path: Path) -> Path:
    """Return a path in lower case, because the programs ignore the case of keys."""
    return tuple(part.lower() if isinstance(part, str) else part for part in path)


def _related(one: Path, other: Path) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _explained(change: Change, written: list[Change], before: ProgramConfig, after: ProgramConfig) -> Change:
    """Return the change, with a note if it is not in the file."""
    if any(_related(_letters(change.path), _letters(other.path)) for other in written):
        return change
    if before.release.minor == after.release.minor:
        return replace(change, note=say("value-of-program", "set-by-program", component=after.component))
    if change.before is NOTHING:
        return replace(change, note=say("value-of-program", "new", release=after.release))
    if change.after is NOTHING:
        return replace(change, note=say("value-of-program", "removed", release=after.release))
    return replace(change, note=say("value-of-program", "default", release=after.release))


def _same_behaviour(change: Change, was: Any, now: Any, after: ProgramConfig) -> Message:
    """Return why a change does not change what the program does."""
    if _has(now, change.path) or _has(was, change.path):
        removed = "default-removed" if change.after is NOTHING else "set-by-program"
        return say("same-behaviour", "default" if change.before is NOTHING else removed)
    if change.path in (("apiVersion",), ("kind",)):
        return say("same-behaviour", "never-read")
    return say("same-behaviour", "not-read", release=after.release)


def _has(config: Any, path: Path) -> bool:
    for part in path:
        if not isinstance(config, dict) or not isinstance(part, str):
            return isinstance(config, list)
        name = next((name for name in config if name.lower() == part.lower()), None)
        if name is None:
            return False
        config = config[name]
    return True
