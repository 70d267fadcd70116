"""Impacts of changed keys in the config of a program, by generator/tables/impact.yaml."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from generator import paths, tables
from generator.catalogue.message import Message, say
from generator.components import group_of
from generator.diff.configs import ProgramConfig, meanings, touches
from generator.diff.content import Side
from generator.diff.impact.classes import Impact, impact
from generator.diff.impact.programs import nodes_of
from generator.kube.compare import Change
from generator.kube.objects import Object
from generator.language import translated

Row = dict[str, Any]
Data = dict[str, Any]


def meaning(
    before: Object | None, after: Object, changes: Sequence[Change], old: Side, new: Side
) -> Iterator[Impact]:
    """Yield the impacts of the changed keys of the configs in an object."""
    was, now = old.configs(before), new.configs(after)
    for name, config in now.items():
        found = [change for change in changes if change.file == name]
        # The nodes of a new group had the file of the nodes without a group.
        grouped = config.component == "edgecore" and group_of(name)
        had = was.get(name) or (old.default_edgecore if grouped else None)
        yield from _fatal(had, config, name, after)
        if config.data is not None:
            yield from _keys(had, config, after, found)


def _fatal(before: ProgramConfig | None, after: ProgramConfig, name: str, found: Object) -> Iterator[Impact]:
    """Yield the keys that stop the program after the change, but not before."""
    if before and (before.text, before.release) == (after.text, after.release):
        return
    for key, reason in after.fatal.items():
        if before is None or key not in before.fatal:
            yield impact(
                say(
                    "fatal",
                    component=after.component,
                    file=name,
                    key=key,
                    reason=reason.what,
                    fix=reason.fix,
                    found=reason.code,
                ),
                found,
            )


def _keys(
    before: ProgramConfig | None, after: ProgramConfig, found: Object, changes: Sequence[Change]
) -> Iterator[Impact]:
    now = after.effective
    # A config that the program could not read had no effect, like a missing one.
    added = before is None or before.data is None
    was = (
        ProgramConfig(after.component, after.release, "{}").effective if before is None else before.effective
    )
    for rule in meanings(after):
        for message, keys in _messages(rule, was, now, added=added):
            yield impact(message, found, [c for c in changes if any(touches(c, key) for key in keys)])


def crossed(before: Object | None, after: Object, old: Side, new: Side) -> Iterator[Impact]:
    """Yield what another release of the program does differently with the same config."""
    was, now = old.configs(before), new.configs(after)
    for name, config in now.items():
        other = was.get(name)
        if other is None or other.release.tag == config.release.tag:
            continue
        if config.component == "edgecore":
            where = nodes_of(after, name)
            yield impact(say("edgecore-restart", "upgrade", release=config.release.tag, nodes=where), after)
        for row in tables.load("impact.yaml")["releases"]:
            span = {"from": row["from"]}
            left = other.release.within(span)
            if row["program"] != config.component or left is config.release.within(span):
                continue
            if _holds(row, config.effective):
                code = row["class"]
                code = code[left] if isinstance(code, list) else code
                yield impact(say(code, "config", **_sentences(row, left)), after)


# --- the message of a row ------------------------------------------------------------------

# A message, and the keys whose change can be its cause.
Found = tuple[Message, Iterable[str]]


def _messages(rule: Row, was: Data, now: Data, *, added: bool) -> Iterator[Found]:
    if "switch" in rule or "address" in rule:
        yield from _listener(rule, was, now)
    elif added:
        return
    elif "secure" in rule or "matches" in rule:
        yield from _safer(rule, was, now)
    elif "class" in rule:
        for key in rule["keys"]:
            old, new = _at(was, key), _at(now, key)
            if _is_read(rule, key, was, now) and (old != new or type(old) is not type(new)):
                message = say(rule["class"], "config", key=key, **_sentences(rule, bool(new)))
                yield message, _depends_on(rule, key)


def _sentences(rule: Row, state: bool) -> dict[str, str]:
    """Return the sentence of a row and its fix, "" if it has none; `state` chooses where it has two."""
    texts = {"meaning": rule["says"], "fix": rule.get("fix", "")}
    return {
        name: translated("impact", text[state] if isinstance(text, list) else text)
        for name, text in texts.items()
    }


def _safer(rule: Row, was: Data, now: Data) -> Iterator[Found]:
    keys = [*rule.get("secure", ()), *rule.get("keys", ())]
    old, new = (_is_safe(rule, side) for side in (was, now))
    if old is not new and _is_read(rule, keys[0], was, now):
        code = "tls-strengthened" if new else "tls-weakened"
        causes = [name for key in keys for name in _depends_on(rule, key)]
        yield say(code, "config", **_sentences(rule, new)), causes


def _is_safe(rule: Row, config: Data) -> bool:
    texts = [str(_at(config, key) or "") for key in rule.get("keys", ())]
    return all(_at(config, key) == value for key, value in rule.get("secure", {}).items()) and all(
        re.search(rule["matches"], text) for text in texts
    )


def _listener(rule: Row, was: Data, now: Data) -> Iterator[Found]:
    """Yield an impact where a listener is switched on or off, or can be reached from other machines."""
    switch, address, listener = rule.get("switch"), rule.get("address"), translated("impact", rule["says"])
    keys = [name for key in (switch, address) if key for name in _depends_on(rule, key)]
    old, new = (_listens(rule, keys[0], side) for side in (was, now))
    reached = [
        on and address is not None and _is_open(_at(side, address)) for on, side in ((old, was), (new, now))
    ]
    where = _at(now, address) if address and reached[1] else None
    if switch and old is not new:
        on = say("exposed", "listener-on", listener=listener, address=where)
        yield on if new else say("closed", "listener-off", listener=listener), keys
    elif reached[0] is not reached[1]:
        opened = say("exposed", "listener", listener=listener, address=where)
        yield opened if reached[1] else say("closed", "listener", listener=listener), keys


def _listens(rule: Row, key: str, config: Data) -> bool:
    """Return whether the listener of a row is switched on."""
    switch = rule.get("switch")
    return (switch is None or _at(config, switch) is True) and _reads(rule, key, config)


# --- whether the program reads a key -------------------------------------------------------


def _at(config: Data, key: str) -> Any:
    return paths.first(config, key)


def _is_read(rule: Row, key: str, was: Data, now: Data) -> bool:
    """Return whether the program reads a key on both sides; else the impact is that of the switch."""
    return _reads(rule, key, was) and _reads(rule, key, now)


def _reads(rule: Row, key: str, config: Data) -> bool:
    """Return whether the program reads a key: the modules around it are on, and `when` holds."""
    return _is_on(key, config) and _holds(rule, config)


def _holds(rule: Row, config: Data) -> bool:
    """Return whether the condition of a row holds; a missing key counts as empty."""
    wanted = rule.get("when", {})
    return all(
        (_at(config, key) or "") == (value or "") and _is_on(key, config) for key, value in wanted.items()
    )


def _is_on(key: str, config: Data) -> bool:
    return all(_at(config, switch) in (None, True) for switch in _switches(key))


def _switches(key: str) -> list[str]:
    """Return the `enable` keys of the sections around a key, without the key itself."""
    parts = key.split(".")
    depth = len(parts) - (2 if parts[-1] == "enable" else 1)
    return [".".join([*parts[:end], "enable"]) for end in range(1, depth + 1)]


def _depends_on(rule: Row, key: str) -> list[str]:
    """Return the keys whose change can be the cause of an impact of a key, that key first."""
    conditions = [name for one in rule.get("when", {}) for name in (one, *_switches(one))]
    return [key, *_switches(key), *conditions]


def _is_open(address: Any) -> bool:
    """Return whether the address of a listener can be reached from another machine."""
    if not isinstance(address, str) or not address or address.startswith("unix:"):
        return False
    try:
        parsed = ipaddress.ip_address(_host(address))
    except ValueError:
        return _host(address) != "localhost"
    return not (parsed.is_loopback or parsed.is_link_local)


def _host(address: str) -> str:
    """Return the host of an address; an IPv6 address without a port has no brackets."""
    if address.count(":") > 1 and not re.search(r"[\[/]", address):
        return address
    try:
        # An address with only a port listens on all interfaces in Go.
        return urlsplit(address if "://" in address else f"//{address}").hostname or "::"
    except ValueError:
        return address
