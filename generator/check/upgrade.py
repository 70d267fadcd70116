"""What an upgrade to another release changes for given files: keys, defaults, definitions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generator import paths
from generator.check.findings import of_groups
from generator.check.sources import Source
from generator.components import KUBEEDGE, project_of
from generator.upstream import Field, Release, config_fields, custom_resources
from generator.upstream.check import fits, words_of
from generator.upstream.moves import Move, moved_to, uses

_NOT_DEFAULTS = ("apiVersion", "edgecoreVersion")
_GATE = "featureGates.requireAuthorization"
_AGENT_GATE = "kubeAPIConfig.metaServer.security.requireAuthorization"
_CLUSTER_CA = (
    "from 1.17 on the endpoint's certificate comes from the cluster's CA, and the endpoint accepts client"
    " certificates of that CA only; replace rootCA.crt by the CA of the cluster, and a client certificate by"
    " one that this CA signed, before the nodes are upgraded"
)
# What changes without a field or a rule: (first minor, program, key that it is about if it is set, what).
_BEHAVIOUR = (
    ("1.14", "edgecore", _GATE, "the node itself checks tokens and rights, cloudcore no more"),
    (
        "1.17",
        "edgecore",
        _GATE,
        (
            "the endpoint's certificate comes from the cluster's CA, by a signing request that"
            " cloudcore approves"
        ),
    ),
    ("1.23", "edgecore", _GATE, "discovery paths such as /version are open without a token"),
    *(("1.17", agent, _AGENT_GATE, _CLUSTER_CA) for agent in ("edgemesh-agent", "edgemesh-gateway")),
)


@dataclass(frozen=True)
class UpgradeStep:
    """One thing that an upgrade changes: move, drop, change, default, set, know (behaviour) or apply."""

    action: str
    file: str
    line: int
    key: str
    what: str
    groups: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " if self.file else ""
        return f"{where}{self.action} {self.key}: {self.what}{of_groups(self.groups)}"

    def as_dict(self) -> dict[str, Any]:
        """Return the step as plain data."""
        return {
            "action": self.action,
            "file": self.file,
            "line": self.line,
            "key": self.key,
            "message": self.what,
            "groups": list(self.groups),
        }


def upgrade_steps(source: Source, old: Release, new: Release) -> Iterator[UpgradeStep]:
    """Yield what a config file needs when KubeEdge goes from one release to another."""
    if project_of(source.kind) == KUBEEDGE:
        yield from field_steps(source, old, new)
    yield from behaviour_steps(source, old, new)


def field_steps(source: Source, old: Release, new: Release, prefix: str = "") -> Iterator[UpgradeStep]:
    """Yield what changes for the keys of a config, and for the defaults of those that it leaves out.

    `prefix` is what stands before every key in the file, `cloudCore.` for example.
    """
    before, after = config_fields(source.kind, old), config_fields(source.kind, new)
    for path, move in lost_keys(source, old, new):
        key = ".".join(map(str, path))
        if move:
            what = f"to {prefix}{move.new}, read there from {move.since} on"
            yield UpgradeStep("move", source.file, source.line(path), key, what)
        else:
            again = " any more" if int(new.minor[2:]) > int(old.minor[2:]) else ""
            yield UpgradeStep("drop", source.file, source.line(path), key, f"{new} does not read it{again}")
    yield from _retyped(source, before, after, new)
    yield from _defaults(source, before, after)
    api = after.fields["apiVersion"].default
    if source.value.get("apiVersion") not in (None, api):
        yield UpgradeStep("set", source.file, source.line(("apiVersion",)), "apiVersion", f"to {api}")


def lost_keys(source: Source, old: Release, new: Release) -> Iterator[tuple[paths.Path, Move | None]]:
    """Yield the keys that the new release does not read, and where each moved; a map that moved is one."""
    before, after = config_fields(source.kind, old), config_fields(source.kind, new)
    seen: set[paths.Path] = set()
    for leaf, _ in paths.leaves(source.value, empty=True):
        if before.below(".".join(map(str, leaf))) is None or uses(after, ".".join(map(str, leaf))):
            continue
        above = (leaf[:length] for length in range(1, len(leaf) + 1))
        moves = ((path, moved_to(source.kind, new, ".".join(map(str, path)))) for path in above)
        path, move = next(((path, move) for path, move in moves if move), (leaf, None))
        if path not in seen:
            seen.add(path)
            yield path, move


def _retyped(source: Source, before: Field, after: Field, new: Release) -> Iterator[UpgradeStep]:
    for path, _ in paths.leaves(source.value, empty=True):
        key, value = ".".join(map(str, path)), paths.at(source.value, path)
        old_field, field = before.below(key), after.below(key)
        if old_field and field and _takes(old_field, value) and not _takes(field, value):
            what = f"{new} takes {words_of(field)} here and refuses the file otherwise"
            yield UpgradeStep("change", source.file, source.line(path), key, what)


def _takes(field: Field, value: Any) -> bool:
    return any(fits(value, name) for name in (field.type, *field.also))


def _defaults(source: Source, before: Field, after: Field) -> Iterator[UpgradeStep]:
    given = {".".join(map(str, path)) for path, _ in paths.leaves(source.value, empty=True)}
    for key, field in after.walk():
        old_field = before.below(key) if "[]" not in key and ".*" not in key else None
        if old_field is None or field.fields or key in given or field.host or key in _NOT_DEFAULTS:
            continue
        if not _same(old_field.default, field.default):
            change = f"from {_shown(old_field.default)} to {_shown(field.default)}"
            what = f"its default changes {change}; set it to keep the old"
            yield UpgradeStep("default", source.file, source.line(()), key, what)


def behaviour_steps(source: Source, old: Release, new: Release) -> Iterator[UpgradeStep]:
    """Yield what a program does otherwise though its fields are the same."""
    for since, component, key, what in _BEHAVIOUR:
        crossed = not old.within({"from": since}) and new.within({"from": since})
        value = paths.first(source.value, key) if component == source.kind else None
        if crossed and value not in (None, False):
            path = tuple(key.split("."))
            yield UpgradeStep("know", source.file, source.line(path), key, what)


def definition_steps(old: Release, new: Release) -> Iterator[UpgradeStep]:
    """Yield the custom resource definitions to apply: Helm upgrades none that lie in crds/."""
    if new.project != KUBEEDGE:
        return
    for name, spans in sorted(custom_resources().items()):
        before = next((span for span in spans if old.within(span)), None)
        after = next((span for span in spans if new.within(span)), None)
        if after and after != before:
            versions = ", ".join(v["name"] + (" (stored)" if v["storage"] else "") for v in after["versions"])
            yield UpgradeStep("apply", "", 0, name, f"{'new' if before is None else 'changed'}: {versions}")


def _same(old: Any, new: Any) -> bool:
    """Compare defaults as they act: 60 and 1m0s, nothing and an empty map."""
    parts = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", new) if isinstance(new, str) else None
    if parts and type(old) is int:
        hours, minutes, rest = (int(part or 0) for part in parts.groups())
        seconds = 3600 * hours + 60 * minutes + rest
        return old in (seconds, seconds * 10**9)
    return bool(old == new or (old in (None, {}, []) and new in (None, {}, [])))


def _shown(value: Any) -> str:
    if value == "<host>":
        return "the host's own"
    return "unset" if value is None else json.dumps(value)
