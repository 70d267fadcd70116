"""Documents that are not manifests: values for the charts, and configs of programs.

A config becomes an object of the kind ConfigFile, with its text as data; this kind exists only here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from generator import go_yaml
from generator.catalogue.message import say
from generator.check.kinds import TITLES, recognise
from generator.components import COMPONENTS, component_of
from generator.errors import CannotCompare, Problem, one_line
from generator.kube.objects import Collection, Object, Skipped, read_stream

CONFIG_FILE = "ConfigFile"
# The upstream values that the charts accept unchanged, and their charts.
CHARTS_OF = {"cloudcore-values": ("cloudcore",), "edgemesh-values": ("edgemesh",)}


def kind_of(item: Any) -> str:
    """Return the kind of a document, as `generator check` recognises it; "" if it is unknown."""
    return (recognise(item) or "") if isinstance(item, dict) else ""


def is_site(item: Any) -> bool:
    """Return whether a document is values for the charts."""
    return _is_rendered(kind_of(item))


def _is_rendered(kind: str) -> bool:
    return kind == "site" or kind in CHARTS_OF


def values_kind(objects: list[Object], skipped: list[Skipped]) -> str:
    """Return the kind of values of a side that is one values document, "" for other sides."""
    if objects or len(skipped) != 1:
        return ""
    return skipped[0].kind if _is_rendered(skipped[0].kind) else ""


def title(kind: str) -> str:
    """Return the title of a kind of document."""
    return TITLES[kind]


def read_side(text: str, file: str, found: Collection) -> None:
    """Read the objects of a stream and the configs of programs in it; raise InvalidInput."""
    read_stream(text, file, found, _other)


def _other(item: Any, text: str, found: Skipped) -> Object | Skipped:
    """Return a config as an object, and other documents as left out, with their kind if it is known."""
    kind = kind_of(item)
    if kind in COMPONENTS:
        of = Object({}, found.file, found.number, found.line)
        return _made(kind, f"{kind}.yaml", text or go_yaml.dump(item), of, {})
    if not kind:
        return found
    return replace(found, message=say("side-of-its-own", kind=title(kind)), kind=kind)


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
    """Name several configs of one program by their files below a folder; keep the name of a single one."""
    found = list(objects)
    counts = Counter(component(one) for one in found if one.kind == CONFIG_FILE)
    return [
        _renamed(one, folder) if one.kind == CONFIG_FILE and counts[component(one)] > 1 else one
        for one in found
    ]


def without_copies(objects: Iterable[Object]) -> list[Object]:
    """Leave out the config files whose text a ConfigMap has too, as in the tree of `generator render -o`."""
    found = list(objects)
    maps = (one.data.get("data") for one in found if one.kind == "ConfigMap")
    texts = {str(text).strip() for data in maps if isinstance(data, dict) for text in data.values()}
    return [one for one in found if one.kind != CONFIG_FILE or _text_of(one).strip() not in texts]


def _text_of(one: Object) -> str:
    return str(next(iter(one.data["data"].values())))


def _renamed(one: Object, folder: str) -> Object:
    below = one.file.removeprefix(one_line(folder)).lstrip("/")
    name = below or f"{one.name} ({one.number})"
    return replace(one, data={**one.data, "metadata": {**one.metadata, "name": name}})


def configs_alone(objects: Iterable[Object]) -> bool:
    """Return whether a side has only configs of programs."""
    kinds = {one.kind for one in objects}
    return kinds == {CONFIG_FILE}


def matching(files: list[Object], label: str, others: Iterable[Object]) -> list[Object]:
    """Return the configs of other objects for the programs of `files`; raise CannotCompare if there are none.

    A config in a ConfigMap is compared like a file.
    """
    wanted = Counter(component(one) for one in files)
    found = [one for each in others for one in _configs(each) if component(one) in wanted]
    if not found:
        names = ", ".join(sorted(f"{name}.yaml" for name in wanted))
        raise CannotCompare([Problem(label, "", say("config-not-on-other-side", names=names))])
    there = Counter(component(one) for one in found)
    for name, number in there.items():
        if number > wanted[name] == 1:
            names = ", ".join(one.name for one in found if component(one) == name)
            message = say("several-configs", number=number, file=f"{name}.yaml", names=names)
            raise CannotCompare([Problem(label, "", message)])
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
