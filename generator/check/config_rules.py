"""Evaluates the rules of generator/tables/rules.yaml on a set of configs, with the key names of files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from generator import paths
from generator.catalogue.message import Message
from generator.check.config_sets import KNOWN, Together, defaults_of, key_filter, parts
from generator.check.findings import Finding, Level, at
from generator.check.sources import Source
from generator.components import COMPONENTS, SECTIONS
from generator.merge import merge
from generator.model import rules
from generator.model.rules_again import RulesAgain
from generator.upstream import Release, release_of

# Keys of the charts, and the keys of config files that have their values.
_IN_FILES = {"metaServer.dummyAddress": "edgeCore.modules.metaManager.metaServer.dummyServer"}
# Rules for values only: about objects and mounts of our charts, or found by agreement.py in files.
_VALUES_ONLY = {
    "iptables-mode-field",
    "edge-cni",
    "psk-path",
    "psk-path-taken",
    "agent-without-endpoint",
    "endpoint-without-controller",
    "stream-without-cloud",
    "stream-without-edge",
}


# The evaluation of the rules, by the programs and releases of a set.
Known = dict[tuple[Release, Release, tuple[str, ...]], RulesAgain]


def rule_findings(together: Together, known: Known | None = None) -> Iterator[Finding]:
    """Yield the rules that the set breaks; only rules whose keys are in its files are checked.

    `known` is filled, and used for the next set: mostly another node with nearly the same values.
    """
    known = {} if known is None else known
    kinds = tuple(together.sources)
    again = known.get((together.kubeedge, together.edgemesh, kinds))
    if again is None:
        charts = tuple(dict.fromkeys(COMPONENTS[kind].chart for kind in kinds))
        seen = key_filter(frozenset(kinds), together.kubeedge, together.edgemesh)
        again = RulesAgain(together.kubeedge, together.edgemesh, charts, seen)
        known[together.kubeedge, together.edgemesh, kinds] = again
    keys = _charts_keys(together)
    versions = {"kubeedgeVersion": together.kubeedge.tag, "edgemeshVersion": together.edgemesh.tag}
    for finding in again.evaluate(merge(keys, together.values), {**merge(keys, together.filled), **versions}):
        path = _given(together, finding)
        placed = together.source_of(".".join(map(str, path)))
        if placed and finding.rule not in _VALUES_ONLY and not _assumed(together, finding, path):
            source, _ = placed
            level: Level = "warning" if finding.warning else "error"
            message = _with_names_of_files(finding.message, _names(together, source))
            yield at(source, path[1:], message, level)


def _with_names_of_files(message: Message, name_of: Callable[[str], str]) -> Message:
    """Return a message of a rule with the names of its keys in config files."""
    named = replace(message, variant="files").with_key_names(name_of)
    ports = {field: name_of(key) for field in ("one", "other") if (key := message.get(field))}
    return named.with_fields(**ports)


def _given(together: Together, finding: rules.RuleMatch) -> paths.Path:
    """Return the key of a finding whose value in the file is not the default."""
    keys = [path for path in (finding.path, finding.also) if path]
    own = (path for path in keys if paths.at(together.values, path) is not None)
    return next((path for path in own if not _is_default(together, path)), finding.path)


def _assumed(together: Together, finding: rules.RuleMatch, path: paths.Path) -> bool:
    """Return whether every key of a finding has its default, as in a file that the program wrote."""
    if not _is_default(together, path):
        return False
    others = (parts(key) for key in finding.keys if key not in KNOWN and together.source_of(key))
    return all(
        paths.at(together.values, other) is None or _is_default(together, other)
        for other in others
        if other != path
    )


def _charts_keys(together: Together) -> dict[str, Any]:
    built: dict[str, Any] = {}
    for key, value in KNOWN.items():
        section = key.split(".")[0]
        if value is not None and (section in together.values or section not in SECTIONS):
            paths.put(built, key, value)
    return built


def _is_default(together: Together, path: paths.Path) -> bool:
    """Return whether a key has the value that the program would use without it."""
    given = paths.at(together.values, path)
    section, *rest = path
    component = SECTIONS[str(section)].name
    release = release_of(component, together.kubeedge, together.edgemesh)
    assumed = paths.at(defaults_of(component, release), tuple(rest))
    if given is None or given == "":
        return bool(given == assumed == "")
    return bool(merge(assumed, given) == assumed or given == _written(together, path))


def _written(together: Together, path: paths.Path) -> Any:
    """Return the value that cloudcore itself writes to a key, None if it does not change it."""
    times = {"kubeAPIConfig.qps": 5, "kubeAPIConfig.burst": 10}.get(paths.text(path[1:]))
    limit = together.effective("cloudCore.modules.cloudHub.nodeLimit")
    return times * limit if times and isinstance(limit, int) else None


def _names(together: Together, source: Source) -> Callable[[str], str]:
    """Return a function that names keys as the file does, and keys of other files with their file."""

    def name_of(key: str) -> str:
        key = _IN_FILES.get(key, key)
        section, _, rest = key.partition(".")
        if section == COMPONENTS[source.kind].section:
            return rest
        other = together.source_of(key)
        if section not in SECTIONS:
            return key
        file = other[0].file if other and other[0].file != source.file else SECTIONS[section].file
        return f"{rest} of {file}"

    return name_of
