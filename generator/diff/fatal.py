"""Problems of a config with which its program exits or crashes: a part of what `generator check` finds.

The other findings are about keys that the program ignores or reads differently; it runs with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from generator import go_yaml, paths, tables
from generator.catalogue.message import Message, say
from generator.check.config_rules import rule_findings
from generator.check.config_sets import combinations
from generator.check.fields import field_findings
from generator.check.findings import Finding
from generator.check.sources import Source
from generator.components import EDGEMESH, KUBEEDGE, project_of
from generator.errors import UnreadableFile
from generator.io import yaml_reader
from generator.io.yaml_document import YamlDocument
from generator.upstream import Release
from generator.upstream.effective import effective_config
from generator.upstream.releases import minors


# Finding causes and comparing many sites ask for the same text again and again.
@lru_cache(maxsize=256)
def reasons(component: str, release: Release, text: str) -> dict[str, Message]:
    """Map the keys of a config with which the program cannot run to what is wrong; "" is the whole file."""
    try:
        document = next(yaml_reader.read_all(text, component, tolerant=True), YamlDocument({}))
    except UnreadableFile as error:
        return _unreadable(text, error)
    if document.value is None:
        document.value = {}
    if not isinstance(document.value, dict):
        got = "a list" if isinstance(document.value, list) else "a single value"
        return {"": say("wrong-type", wanted="a map", got=got)}
    source = Source(component, component, document)
    found = [*_fields(source, release), *_rules(source, release)]
    return {one.key: one.message for one in found}


def _unreadable(text: str, error: UnreadableFile) -> dict[str, Message]:
    """Return why a text is not YAML; nothing if the program can read it and only the check cannot."""
    try:
        go_yaml.load(text)
    except (ValueError, RecursionError, TypeError):
        return {"": error.problems[0].message}
    return {}


def _fields(source: Source, release: Release) -> Iterator[Finding]:
    yield from (one for one in field_findings(source, release) if one.ends)


def _rules(source: Source, release: Release) -> Iterator[Finding]:
    """Yield the findings of rules that the program enforces itself: it exits."""
    fatal = {f"{row['rule']}": row for row in tables.load("impact.yaml")["fatal"]}
    config = effective_config(source.kind, release, source.value)
    for together in combinations([source], *_releases(source.kind, release)):
        for one in rule_findings(together):
            row = fatal.get(one.code)
            if row and release.within(row.get("kubeedge")) and _is_run(config, one.key, row):
                yield one


def _is_run(config: dict[str, Any], key: str, row: dict[str, Any]) -> bool:
    """Return whether the module of a key is on, and the other conditions of a row hold."""
    module = f"{'.'.join(key.split('.')[:2])}.enable"
    return (
        paths.first(config, module) in (None, True)
        and key.startswith(row.get("below", ""))
        and re.search(row.get("matches", ""), str(paths.first(config, key) or "")) is not None
        and all(paths.first(config, name) == value for name, value in row.get("when", {}).items())
    )


def _releases(component: str, release: Release) -> tuple[Release, Release]:
    """Return the releases of KubeEdge and EdgeMesh, of which one is given and one the newest."""
    mesh = project_of(component) == EDGEMESH
    other = KUBEEDGE if mesh else EDGEMESH
    newest = Release.parse(other, minors(other)[-1])
    return (newest, release) if mesh else (release, newest)
