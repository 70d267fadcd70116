"""The texts about keys: values.yaml and README.md of each chart, and the Chinese page of all keys."""

from __future__ import annotations

import json
from typing import Any

from generator import go_yaml
from generator.components import CHARTS, SECTIONS
from generator.language import translated
from generator.model import rules
from generator.model.site import CHART_KEYS, SHARED_KEYS, Site
from generator.model.tree import Key, defaults, keys, walk
from generator.texts import template
from generator.upstream import Release, config_fields
from generator.upstream.releases import minors


def values_yaml(chart: str, command: str) -> str:
    """Write values.yaml of a chart in the language in use: each key with its text, unset keys as comments."""
    own = {*SHARED_KEYS, *CHART_KEYS[chart]}
    lines: list[str] = []
    for key in keys(Site):
        if key.name in own:
            lines += ["", *_block(key)]
    head = template("values.yaml.j2").render(chart=chart, command=command)
    told = [translated("words", line) for line in head.splitlines()]
    return "\n".join([*told, *lines]) + "\n"


def _block(key: Key) -> list[str]:
    """Write a key with its text above it; a key without default becomes a comment."""
    absent = key.default is None if key.section is None else not defaults(key.section)
    mark = "# " if absent else ""
    return [f"# -- {_sentence(key)}", *(f"{mark}{line}" for line in _code(key))]


def _code(key: Key) -> list[str]:
    """Write a key as YAML; a key without default shows its example, or an empty value of its type."""
    if key.section is None:
        shown = _example(key) if key.default is None else key.default
        return go_yaml.dump({key.name: shown}).rstrip("\n").split("\n")
    lines = [f"{key.name}:"]
    inside = _commented if not defaults(key.section) else _block
    for child in key.children():
        lines += [f"  {line}" for line in inside(child)]
    return lines


def _example(key: Key) -> Any:
    """Return the value to show for a key without default: its example, else the default of the program."""
    place, _, path = key.path.partition(".")
    if key.example or place not in SECTIONS:
        return key.example
    component = SECTIONS[place]
    newest = Release.parse(component.project, minors(component.project)[-1])
    field = config_fields(component.name, newest).below(path)
    return key.example if field is None or field.host or field.default is None else field.default


def _commented(key: Key) -> list[str]:
    return [f"# {_sentence(key)}", *_code(key)]


def _sentence(key: Key) -> str:
    what, notes = translated("model", key.text), [translated("model", key.unit)]
    if key.unset:
        notes.append(translated("words", "unset: {what}").format(what=translated("model", key.unset)))
    told = translated("words", "; ").join(filter(None, notes))
    return translated("words", "{what} ({fix})").format(what=what, fix=told) if told else what


def readme(chart: str, command: str) -> str:
    """Return README.md of a chart."""
    alone, across = rules.listing(chart)
    return template("chart-readme.md.j2").render(
        chart=chart,
        tables=_key_tables({*SHARED_KEYS, *CHART_KEYS[chart]}),
        alone=alone,
        across=across,
        command=command,
    )


def keys_page(command: str) -> str:
    """Return the Chinese page of all keys; in English, the README of each chart has its own."""
    found = {chart: _key_tables({*CHART_KEYS[chart]}) for chart in CHARTS}
    return template("keys.zh.md.j2").render(shared=_key_tables({*SHARED_KEYS}), charts=found, command=command)


def _key_tables(own: set[str]) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """Return a table for each of these sections, after one of the keys without a section."""
    tables = [_table(key) for key in keys(Site) if key.name in own and key.section is not None]
    plain = [_row(key) for key in keys(Site) if key.name in own and key.section is None]
    return [(translated("words", "General"), "", plain), *tables]


def _table(key: Key) -> tuple[str, str, list[tuple[str, str, str]]]:
    """Return the table of a section: its name, its text and a row for each key in it."""
    inside = [
        child for child in walk(Site) if child.path.startswith(f"{key.path}.") and child.section is None
    ]
    return key.path, _sentence(key), [_row(child) for child in inside]


def _row(key: Key) -> tuple[str, str, str]:
    return key.path, _cell(_sentence(key)), _cell(_default_cell(key))


def _default_cell(key: Key) -> str:
    return "" if key.default is None else f"`{json.dumps(key.default, ensure_ascii=False)}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
