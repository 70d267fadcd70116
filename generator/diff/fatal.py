"""What a program does not run with: of all that `generator check` finds in a config, what ends the program.

The rest of its findings are of keys that are ignored or taken otherwise, and programs live with those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from generator import go_yaml, paths, tables
from generator.check.config_rules import rule_findings
from generator.check.config_sets import combinations
from generator.check.fields import field_findings
from generator.check.findings import Finding
from generator.check.sources import Source
from generator.components import EDGEMESH, KUBEEDGE, project_of
from generator.errors import UnreadableFile
from generator.io import yaml_reader
from generator.io.yaml_reader import YamlDocument
from generator.upstream import Release
from generator.upstream.effective import effective_config
from generator.upstream.releases import minors


# Withdrawing values one by one, or comparing many sites, meets the same text again and again.
@lru_cache(maxsize=256)
def reasons(component: str, release: Release, text: str) -> dict[str, str]:
    """Map the keys of a config that end its program to why, and the way out; "" stands for all of it."""
    try:
        document = next(yaml_reader.read_all(text, component, tolerant=True), YamlDocument({}))
    except UnreadableFile as error:
        return _unreadable(text, error)
    if document.value is None:
        document.value = {}
    if not isinstance(document.value, dict):
        return {"": "it is no map"}
    source = Source(component, component, document)
    found = [*_fields(source, release), *_rules(source, release)]
    return {one.key: f"{one.what} ({one.fix})" if one.fix else one.what for one in found}


def _unreadable(text: str, error: UnreadableFile) -> dict[str, str]:
    """Say what is no YAML; what only the check does not read, the program may well."""
    try:
        go_yaml.load(text)
    except (ValueError, RecursionError, TypeError):
        problem = error.problems[0]
        return {"": f"{problem.what} ({problem.fix})" if problem.fix else problem.what}
    return {}


def _fields(source: Source, release: Release) -> Iterator[Finding]:
    yield from (one for one in field_findings(source, release) if one.ends)


def _rules(source: Source, release: Release) -> Iterator[Finding]:
    """Yield the rules of generator/tables/rules.yaml that the program keeps itself, by ending."""
    fatal = {f"{row['rule']}": row for row in tables.load("impact.yaml")["fatal"]}
    config = effective_config(source.kind, release, source.value)
    for together in combinations([source], *_releases(source.kind, release)):
        for one in rule_findings(together):
            row = fatal.get(one.code)
            if row and release.within(row.get("kubeedge")) and _is_run(config, one.key, row):
                yield one


def _is_run(config: dict[str, Any], key: str, row: dict[str, Any]) -> bool:
    """Say whether the module of a key is on, and what else a rule needs to end the program."""
    module = f"{'.'.join(key.split('.')[:2])}.enable"
    return (
        paths.first(config, module) in (None, True)
        and key.startswith(row.get("below", ""))
        and re.search(row.get("matches", ""), str(paths.first(config, key) or "")) is not None
        and all(paths.first(config, name) == value for name, value in row.get("when", {}).items())
    )


def _releases(component: str, release: Release) -> tuple[Release, Release]:
    """Return the releases of KubeEdge and EdgeMesh; of the one that does not matter, the newest."""
    mesh = project_of(component) == EDGEMESH
    other = KUBEEDGE if mesh else EDGEMESH
    newest = Release.parse(other, minors(other)[-1])
    return (newest, release) if mesh else (release, newest)
