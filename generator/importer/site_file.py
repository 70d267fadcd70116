"""The site file that an import builds: each key with its value and origin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from generator import go_yaml, paths
from generator.catalogue.message import say
from generator.check.sources import Source
from generator.components import CHARTS, of_chart
from generator.errors import Problem, one_line
from generator.model import quick
from generator.model.chart_values import own_keys
from generator.secrets.texts import has_login


def _own_keys(chart: str) -> set[str]:
    """Return the sections of only this chart; sections shared by cloudcore and edgemesh are cloudcore's."""
    others = own_keys("cloudcore") if chart == "edgemesh" else quick.shared_keys()
    return own_keys(chart) - others


@dataclass(frozen=True)
class Taken:
    """One key of the site file with its value; `origin` is the comment beside it, `above` one above it."""

    key: str
    value: Any
    origin: str
    above: str = ""


@dataclass
class Imported:
    """A site file made from existing files, and the notes about it.

    `notes` are about what was left out, `assumed` about what was chosen; `noted` are the keys of the site in
    `notes`. `given` are the sections that the values files and workloads are about, with or without a key
    that differs from our defaults.
    """

    keys: dict[str, Taken] = field(default_factory=dict)
    notes: list[Problem] = field(default_factory=list)
    noted: set[str] = field(default_factory=set)
    assumed: list[Problem] = field(default_factory=list)
    configs: list[Source] = field(default_factory=list)
    given: set[str] = field(default_factory=set)

    def take(self, key: str, value: Any, origin: str, *, assumed: bool = False, above: str = "") -> None:
        """Set a key of the site, unless it, a key above it or a key below it is set already.

        Another value for the same key is noted, unless it was `assumed`, so that no file contains it.
        """
        first = next((taken for other, taken in self.keys.items() if _related(key, other)), None)
        if first is None:
            self.keys[key] = Taken(key, value, origin, above)
        elif first.key == key and first.value != value and not assumed:
            self.left_out(Problem(origin, key, say("second-value-left-out", kept=first.origin)), key)

    def left_out(self, note: Problem, key: str = "") -> None:
        """Add a note about something that was left out; `key` is the key of the site that it is about."""
        if key:
            self.noted.add(key)
        if note not in self.notes:
            self.notes.append(note)

    def refer_psk(self, section: str, where: str, settings: str) -> None:
        """Refer to a Secret with the PSK, which is in the ConfigMap `settings` so far."""
        self.take(f"{section}.pskSecret", "edgemesh-psk", where)
        command = (
            f"kubectl -n kubeedge get configmap {settings} -o jsonpath='{{.data.psk}}' | "
            "kubectl -n kubeedge create secret generic edgemesh-psk --from-file=psk=/dev/stdin"
        )
        self.left_out(Problem(where, f"{section}.psk", say("psk-needs-secret", command=command)))

    def without(self, names: Iterable[str]) -> dict[str, Taken]:
        """Return the keys without `names` and without the keys above and below them."""
        dotted = [name.replace("[", ".").replace("]", "") for name in names]
        return {
            key: taken for key, taken in self.keys.items() if not any(_related(key, name) for name in dotted)
        }

    def located(self, problem: Problem) -> Problem:
        """Return a problem of the site with the origin of its key as the place."""
        name = problem.key.replace("[", ".").split(".")
        nearest = [".".join(name[:end]) for end in range(len(name), 0, -1)]
        taken = next((self.keys[key] for key in nearest if key in self.keys), None)
        return replace(problem, where=taken.origin) if taken and taken.origin else problem

    @property
    def charts(self) -> tuple[str, ...]:
        """Return the charts that the files are about, all charts if no file names one."""
        kinds = {source.kind for source in self.configs}
        tops = {key.split(".")[0] for key in self.given}
        found = tuple(
            chart
            for chart in CHARTS
            if kinds & {row.name for row in of_chart(chart)} or tops & _own_keys(chart)
        )
        return found or CHARTS

    @property
    def values(self) -> dict[str, Any]:
        """Return the site as nested values."""
        built: dict[str, Any] = {}
        for taken in self.keys.values():
            _put(built, taken.key, taken.value)
        return built

    @property
    def logins(self) -> list[Problem]:
        """Return a problem for each value that is a URL with a password."""
        found = [taken for taken in self.keys.values() if any(map(has_login, _texts(taken.value)))]
        return [Problem(taken.origin, taken.key, say("password-in-site")) for taken in found]

    def remarks(self) -> Iterator[tuple[str, Problem]]:
        """Yield everything that a user must know about the site file, each with its label."""
        yield from (("assumed", note) for note in self.assumed)
        yield from (("not imported", note) for note in self.notes)
        yield from (("secret", problem) for problem in self.logins)

    def text(self, *head: str) -> str:
        """Return the text of the site file with its comments, first those of `head`."""
        comments = {tuple(_parts(taken.key)): taken for taken in self.keys.values()}
        head = head or ("Made by `generator import`; the comment beside a value names its origin.",)
        head += tuple(f"{label.capitalize()}: {problem}" for label, problem in self.remarks())
        lines = _lines(_in_order(self.values, ()), (), comments) if self.keys else ["{}"]
        return "".join(f"{line}\n" for line in (*(f"# {one_line(text)}" for text in head), *lines))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, (dict, list)):
        for child in value.values() if isinstance(value, dict) else value:
            yield from _texts(child)
    elif isinstance(value, str):
        yield value


def _related(key: str, other: str) -> bool:
    return _above(key, other) or _above(other, key)


def _above(key: str, other: str) -> bool:
    return key == other or key.startswith((f"{other}.", f"{other}["))


def key_of(path: paths.Path) -> str:
    """Return a path as a dotted key; a part that contains dots is in brackets."""
    return ".".join(f"[{part}]" if "." in str(part) else str(part) for part in path)


def _parts(key: str) -> list[str]:
    return [quoted or bare for quoted, bare in re.findall(r"\[([^\]]+)\]|([^.\[\]]+)", key)]


def _put(values: dict[str, Any], key: str, value: Any) -> None:
    *parents, last = _parts(key)
    for name in parents:
        values = values.setdefault(name, {})
    values[last] = value


def has_key(key: str) -> bool:
    """Return whether the model has a key."""
    return key in _ranks()


@cache
def _ranks() -> dict[str, int]:
    """Return the position of each key in the model."""
    return {key: rank for rank, (key, _) in enumerate(quick.all_keys())}


def _in_order(value: Any, at: tuple[str, ...]) -> Any:
    """Sort keys in the order of the model; keys that it does not name come last."""
    if not isinstance(value, dict):
        return value
    ranks = _ranks()
    names = sorted(value, key=lambda name: ranks.get(".".join((*at, name)), len(ranks)))
    return {name: _in_order(value[name], (*at, name)) for name in names}


def _lines(
    values: dict[str, Any], at: tuple[str, ...], comments: dict[tuple[str, ...], Taken]
) -> Iterator[str]:
    pad = "  " * len(at)
    for name, value in values.items():
        path = (*at, name)
        taken = comments.get(path)
        origin = f"  # {one_line(taken.origin)}" if taken and taken.origin else ""
        if taken and taken.above:
            yield f"{pad}# {one_line(taken.above)}"
        if isinstance(value, dict) and value:
            yield f"{pad}{go_yaml.dump({name: 0}).removesuffix(' 0' + chr(10))}{origin}"
            yield from _lines(value, path, comments)
            continue
        first, *more = go_yaml.dump({name: value}).rstrip("\n").split("\n")
        yield f"{pad}{first}{origin}"
        yield from (f"{pad}{line}" for line in more)
