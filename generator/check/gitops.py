"""Values of a chart inside objects of Argo CD and Flux."""

from __future__ import annotations

import re
from typing import Any

from generator import paths
from generator.catalogue.message import say
from generator.check.held import CHARTS, Held, Text, parsed, part
from generator.io.yaml_document import YamlDocument
from generator.load import setflags

# --- Argo CD -----------------------------------------------------------------------------------


def application(text: Text, at: paths.Path, title: str, found: Held) -> None:
    spec = (*at, "spec")
    places: list[paths.Path] = [(*spec, "source")]
    sources = paths.at(text.document.value, (*spec, "sources"))
    places += [
        (*spec, "sources", number) for number in range(len(sources) if isinstance(sources, list) else 0)
    ]
    for place in places:
        source = paths.at(text.document.value, place)
        if isinstance(source, dict) and isinstance(source.get("helm"), dict):
            _argo_source(text, place, source, title, found)


def application_set(text: Text, at: paths.Path, title: str, found: Held) -> None:
    application(text, (*at, "spec", "template"), title, found)


def _argo_source(text: Text, place: paths.Path, source: dict[str, Any], title: str, found: Held) -> None:
    helm, path = source["helm"], (*place, "helm")
    chart = _last(source.get("chart") or source.get("path"))
    begun = Held()
    document = _argo_values(text, path, helm, begun)
    _parameters(text, path, helm, document, begun)
    for name in ("valueFiles", "fileParameters"):
        if helm.get(name):
            begun.not_read(text.where((*path, name)), paths.text((*path, name)), say("values-elsewhere"))
    begun.add(document, title, chart)
    if begun.values or chart in CHARTS:
        found.values += begun.values
        found.unread += begun.unread


def _argo_values(text: Text, path: paths.Path, helm: dict[str, Any], found: Held) -> YamlDocument:
    """Return valuesObject, or else values: Argo CD never merges the two."""
    if isinstance(helm.get("valuesObject"), dict) and helm["valuesObject"]:
        if helm.get("values"):
            key = (*path, "values")
            found.not_read(text.where(key), paths.text(key), say("values-ignored"))
        return part(text, (*path, "valuesObject"))
    if isinstance(helm.get("values"), str):
        document = parsed(text, (*path, "values"))
        return document if isinstance(document.value, dict) else YamlDocument({}, {}, document.begin)
    return YamlDocument({}, {}, text.document.line(path))


def _parameters(
    text: Text, path: paths.Path, helm: dict[str, Any], document: YamlDocument, found: Held
) -> None:
    """Set Argo CD's parameters, which are Helm's --set, onto the values."""
    for number, row in enumerate(_list(helm.get("parameters"))):
        place = (*path, "parameters", number)
        if not isinstance(row, dict) or not row.get("name"):
            continue
        try:
            assigned = setflags.apply(document.value, *_flag(row), lambda _: "")
        except setflags.SetFlagError as error:
            key = ": ".join(filter(None, (paths.text((*place, "name")), paths.text(error.path))))
            found.not_read(text.where(place), key, error.message)
            continue
        line = text.document.line((*place, "name"))
        for path_set in assigned:
            for end in range(1, len(path_set)):
                document.lines.setdefault(path_set[:end], line)
            document.lines[path_set] = line


def _flag(row: dict[str, Any]) -> tuple[str, str]:
    """Return a parameter as the equivalent flag of Helm, and the name of the flag."""
    raw = row.get("value", "")
    value = str(raw).lower() if isinstance(raw, bool) else str(raw)
    # Argo CD escapes commas outside of a list: in Helm a comma ends the value.
    escaped = value if re.fullmatch(r"\{.*\}", value) else re.sub(r"(?<!\\),", r"\,", value)
    return f"{row['name']}={escaped}", "set-string" if row.get("forceString") is True else "set"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _last(name: Any) -> str:
    return str(name or "").rstrip("/").rpartition("/")[2]


# --- Flux --------------------------------------------------------------------------------------


def helm_release(text: Text, at: paths.Path, title: str, found: Held) -> None:
    value = paths.at(text.document.value, at)
    chart = _last(
        paths.first(value, "spec.chart.spec.chart")
        or paths.first(value, "spec.chartRef.name")
        or paths.first(value, "metadata.name")
    )
    found.add(part(text, (*at, "spec", "values")), title, chart)
    if not (found.values or chart in CHARTS):
        return
    for number, row in enumerate(_list(paths.first(value, "spec.valuesFrom"))):
        place = (*at, "spec", "valuesFrom", number)
        source = row if isinstance(row, dict) else {}
        holder = f"{source.get('kind', '?')} {source.get('name', '?')}"
        message = say("values-elsewhere", "cluster", holder=holder)
        found.not_read(text.where(place), paths.text(place), message)
