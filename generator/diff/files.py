"""What a file holds that is no manifest: values for the charts, or the config of a program.

A config becomes an object of the kind ConfigFile, which has its text as data; the cluster knows no such kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from generator import go_yaml
from generator.check.kinds import TITLES, recognise
from generator.components import COMPONENTS, component_of
from generator.errors import CannotCompare, one_line, plain
from generator.kube.objects import Collection, Object, Skipped, read_stream

CONFIG_FILE = "ConfigFile"
# The upstream values that the charts take as they are, and the charts that they are for.
CHARTS_OF = {"cloudcore-values": ("cloudcore",), "edgemesh-values": ("edgemesh",)}


def kind_of(item: Any) -> str:
    """Return what a document is, as `generator check` names it; "" if that is unknown."""
    return (recognise(item) or "") if isinstance(item, dict) else ""


def is_site(item: Any) -> bool:
    """Say whether a document is values that the charts take."""
    return _is_rendered(kind_of(item))


def _is_rendered(kind: str) -> bool:
    return kind == "site" or kind in CHARTS_OF


def values_kind(objects: list[Object], skipped: list[Skipped]) -> str:
    """Return what kind of values a side is that holds one document of values alone, "" if it is none."""
    if objects or len(skipped) != 1:
        return ""
    return skipped[0].kind if _is_rendered(skipped[0].kind) else ""


def title(kind: str) -> str:
    """Say in words what a kind of document is."""
    return TITLES[kind]


def read_side(text: str, file: str, found: Collection) -> None:
    """Read the objects of a stream and the configs of programs in it; raise InvalidInput."""
    read_stream(text, file, found, _other)


def _other(item: Any, text: str, found: Skipped) -> Object | Skipped:
    """Make an object of the config of a program; say what else a document is that is no Kubernetes object."""
    kind = kind_of(item)
    if kind in COMPONENTS:
        of = Object({}, found.file, found.number, found.line)
        return _made(kind, f"{kind}.yaml", text or go_yaml.dump(item), of, {})
    if not kind:
        return found
    return replace(found, what=f"is {title(kind)}, which is compared as a side of its own", kind=kind)


def _made(component: str, name: str, text: str, of: Object, labels: dict[str, Any]) -> Object:
    data = {
        "apiVersion": "v1",
        "kind": CONFIG_FILE,
        "metadata": {"name": name, "labels": labels},
        "data": {f"{component}.yaml": text},
    }
    return Object(data, of.file, of.number, of.line)


def component(found: Object) -> str:
    """Return the program that a ConfigFile is for."""
    return component_of(next(iter(found.data["data"]))) or ""


def named_apart(objects: Iterable[Object], folder: str) -> list[Object]:
    """Name several configs of one program by their files below a folder; a single one by its program."""
    found = list(objects)
    counts = Counter(component(one) for one in found if one.kind == CONFIG_FILE)
    return [
        _renamed(one, folder) if one.kind == CONFIG_FILE and counts[component(one)] > 1 else one
        for one in found
    ]


def _renamed(one: Object, folder: str) -> Object:
    below = one.file.removeprefix(one_line(folder)).lstrip("/")
    name = below or f"{one.name} ({one.number})"
    return replace(one, data={**one.data, "metadata": {**one.metadata, "name": name}})


def configs_alone(objects: Iterable[Object]) -> bool:
    """Say whether a side holds configs of programs and nothing else."""
    kinds = {one.kind for one in objects}
    return kinds == {CONFIG_FILE}


def matching(files: list[Object], label: str, others: Iterable[Object]) -> list[Object]:
    """Return the configs of other objects for the programs of `files`; raise CannotCompare if there are none.

    A config inside a ConfigMap is compared with a file as if it were one.
    """
    wanted = Counter(component(one) for one in files)
    found = [one for each in others for one in _configs(each) if component(one) in wanted]
    if not found:
        names = ", ".join(sorted(f"{name}.yaml" for name in wanted))
        raise CannotCompare([plain(label, "", f"has no {names} to compare with the file of the other side")])
    there = Counter(component(one) for one in found)
    for name, number in there.items():
        if number > wanted[name] == 1:
            which = ", ".join(one.name for one in found if component(one) == name)
            fix = "compare one of them, read from the output of `generator render -o`"
            raise CannotCompare([plain(label, "", f"has {number} {name}.yaml: {which}", fix)])
    return [_by_program(one) if there[component(one)] == 1 else one for one in found]


def _by_program(one: Object) -> Object:
    return replace(one, data={**one.data, "metadata": {**one.metadata, "name": f"{component(one)}.yaml"}})


def _configs(found: Object) -> Iterator[Object]:
    if found.kind == CONFIG_FILE:
        yield found
    data = found.data.get("data")
    for key, text in data.items() if found.kind == "ConfigMap" and isinstance(data, dict) else ():
        program = component_of(str(key))
        if program and isinstance(text, str):
            labels = found.metadata.get("labels")
            yield _made(program, str(key), text, found, labels if isinstance(labels, dict) else {})
