"""What a change of a program's config, or of what its pods read, means: values/impact.yaml says it by key."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from generator import share
from generator.diff.compare import NOTHING, Change
from generator.diff.configs import Config, meanings, touches
from generator.diff.content import Side
from generator.diff.impact import workloads
from generator.diff.impact.classes import Impact, impact
from generator.diff.objects import Object
from generator.model import paths
from generator.upstream import group_of


def meaning(
    before: Object | None, after: Object, changes: Sequence[Change], old: Side, new: Side
) -> Iterator[Impact]:
    """Yield what the changed keys of the configs in an object mean."""
    was, now = old.configs(before), new.configs(after)
    for name, config in now.items():
        other = was.get(name)
        yield from _keys(other, config, after, [change for change in changes if change.file == name])


def _keys(before: Config | None, after: Config, found: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    now = after.effective
    was = (before or Config(after.component, after.release, "{}")).effective
    for rule in meanings(after):
        for key in rule["keys"]:
            old, new = _looked_at(rule, key, was), _looked_at(rule, key, now)
            if old != new or type(old) is not type(new):
                related = [c for c in changes if touches(c, key)]
                yield from _says(rule, key, old, new, found, related, added=before is None)


def crossed(before: Object | None, after: Object, old: Side, new: Side) -> Iterator[Impact]:
    """Yield what another release does otherwise, whatever its config says."""
    was, now = old.configs(before), new.configs(after)
    for name, config in now.items():
        other = was.get(name)
        if other is None or other.release.tag == config.release.tag:
            continue
        if config.component == "edgecore":
            says = f"upgrade edgecore itself to {config.release.tag} on {_nodes(name)}"
            yield impact("edgecore-restart", after, says)
        for row in share.table("impact.yaml")["releases"]:
            span = {"from": row["from"]}
            between = config.release.within(span) is not other.release.within(span)
            on = "if" not in row or paths.first(config.effective, row["if"]) is True
            if row["program"] == config.component and between and on:
                says = row["says"][0 if config.release.within(span) else 1]
                yield impact(row["class"], after, says)


def _looked_at(rule: dict[str, Any], key: str, config: dict[str, Any]) -> Any:
    """Return the value of a key, None where other keys have the program not look at it."""
    looks = all(paths.first(config, name) == value for name, value in rule.get("when", {}).items())
    return paths.first(config, key) if looks else None


def _says(
    rule: dict[str, Any], key: str, old: Any, new: Any, found: Object, related: list[Change], *, added: bool
) -> Iterator[Impact]:
    says = rule.get("says", "")
    if "switch" in rule:
        if new is True or old is True:
            opens = new is True
            yield impact(
                "exposed" if opens else "closed",
                found,
                f"{says} is switched {'on' if opens else 'off'}",
                related,
            )
    elif "address" in rule:
        if _is_open(new) is not _is_open(old):
            opens = _is_open(new)
            what = f"{says} listens on {new}" if opens else f"{says} no longer listens beyond the node"
            yield impact("exposed" if opens else "closed", found, what, related)
    elif added or "unread" in rule:
        return
    elif "filled" in rule:
        yield from _safer(bool(old), bool(new), says, found, related)
    elif "when" in rule and None in (old, new):
        # The key that has the program look, or look away, says it.
        return
    elif "secure" in rule:
        yield from _safer(old == rule["secure"], new == rule["secure"], says, found, related)
    elif "class" in rule:
        yield impact(rule["class"], found, f"{key}: {says}", related)


def _safer(
    before: bool, after: bool, says: list[str], found: Object, related: list[Change]
) -> Iterator[Impact]:
    if before is not after:
        name = "tls-strengthened" if after else "tls-weakened"
        yield impact(name, found, says[1 if after else 0], related)


def _is_open(address: Any) -> bool:
    """Say whether a listener's address can be reached from another machine."""
    if not isinstance(address, str) or not address or address.startswith("unix:"):
        return False
    host = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    try:
        parsed = ipaddress.ip_address(host)
    except ValueError:
        return host not in ("", "localhost")
    return not (parsed.is_loopback or parsed.is_link_local)


# --- who has to be restarted ---------------------------------------------------------------


def restarts(after: Object, changes: Sequence[Change], rolled: set[int], new: Side) -> Iterator[Impact]:
    """Yield who reads a changed ConfigMap or Secret, and when; `rolled` are workloads restarted anyway."""
    content = [
        change
        for change in changes
        if change.behaviour and (change.file or change.path[0] in ("data", "type"))
    ]
    if not content:
        return
    edges = {name: config for name, config in new.configs(after).items() if config.component == "edgecore"}
    for name in edges:
        changed = [change for change in content if change.file == name]
        if changed:
            yield impact("edgecore-restart", after, _on_nodes(name), changed)
    rest = [change for change in content if change.file not in edges]
    for reader in new.readers(after) if rest else ():
        if id(reader) in rolled:
            continue
        read = workloads.concerned(reader, after, rest)
        if read and all(_hot(change, new.configs(after)) for change in read):
            yield impact("no-restart", after, f"{reader.name} reads it again by itself", read)
        elif read:
            yield workloads.reads_again(reader, read, after)


def joins(after: Object, new: Side) -> Iterator[Impact]:
    """Yield which nodes a new edgecore.yaml is for."""
    for name, config in new.configs(after).items():
        if config.component == "edgecore":
            yield impact(
                "edgecore-restart", after, f"{_nodes(name)} need this edgecore.yaml, and edgecore restarted"
            )


def _on_nodes(name: str) -> str:
    return f"write edgecore.yaml on {_nodes(name)} and restart edgecore there"


def _nodes(name: str) -> str:
    group = group_of(name)
    return f"the nodes of group {group}" if group else "all edge nodes"


def _hot(change: Change, configs: dict[str, Config]) -> bool:
    config = configs.get(change.file)
    if config is None:
        return False
    keys = [key for rule in meanings(config) if rule.get("hot") for key in rule["keys"]]
    return any(touches(change, key) and len(change.path) >= len(key.split(".")) for key in keys)


# --- secrets and certificates --------------------------------------------------------------


def contents(after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield what other data of a ConfigMap or Secret means: a certificate, a key."""
    for change in changes:
        if change.file or change.path[0] != "data" or len(change.path) < 2:
            continue
        name, values = str(change.path[1]), (change.before, change.after)
        if any(isinstance(value, str) and "-----BEGIN CERTIFICATE-----" in value for value in values):
            yield impact("certificate", after, f"{name} is another certificate", [change])
        elif change.before is NOTHING:
            continue
        elif name == "psk":
            says = "pods with the old and the new key do not find each other until all have restarted"
            yield impact("secret", after, says, [change])
        elif after.kind == "Secret":
            yield impact("secret", after, f"{name} is another one", [change])


def issued(before: Object | None, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield what a change of a cert-manager Certificate means."""
    if after.group == "cert-manager.io" and after.kind == "Certificate" and before is not None:
        changed = [change for change in changes if change.path[0] == "spec"]
        if changed:
            secret = paths.at(after.data, ("spec", "secretName"))
            yield impact(
                "certificate", after, f"cert-manager issues it anew into the secret {secret}", changed
            )
