"""What a change of a program's config means: generator/tables/impact.yaml says it by key."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from generator import paths, tables
from generator.diff.configs import ProgramConfig, meanings, touches
from generator.diff.content import Side
from generator.diff.impact.classes import Impact, impact
from generator.diff.impact.programs import nodes_of
from generator.kube.compare import Change
from generator.kube.objects import Object

Row = dict[str, Any]
Data = dict[str, Any]


def meaning(
    before: Object | None, after: Object, changes: Sequence[Change], old: Side, new: Side
) -> Iterator[Impact]:
    """Yield what the changed keys of the configs in an object mean."""
    was, now = old.configs(before), new.configs(after)
    for name, config in now.items():
        found = [change for change in changes if change.file == name]
        yield from _killed(was.get(name), config, name, after)
        if config.data is not None:
            yield from _keys(was.get(name), config, after, found)


def _killed(before: ProgramConfig | None, after: ProgramConfig, name: str, found: Object) -> Iterator[Impact]:
    """Yield what the program does not run with any more."""
    if before and (before.text, before.release) == (after.text, after.release):
        return
    for key, why in after.fatal.items():
        if before is None or key not in before.fatal:
            says = f"{after.component} does not run with {name}: {key}: {why}".replace(": : ", ": ")
            yield impact("fatal", found, says)


def _keys(
    before: ProgramConfig | None, after: ProgramConfig, found: Object, changes: Sequence[Change]
) -> Iterator[Impact]:
    now = after.effective
    # A config that its program could not read did nothing before, as one that was not there.
    added = before is None or before.data is None
    was = (
        ProgramConfig(after.component, after.release, "{}").effective if before is None else before.effective
    )
    for rule in meanings(after):
        for name, says, keys in _said(rule, was, now, added=added):
            yield impact(name, found, says, [c for c in changes if any(touches(c, key) for key in keys)])


def crossed(before: Object | None, after: Object, old: Side, new: Side) -> Iterator[Impact]:
    """Yield what another release does otherwise, whatever its config says."""
    was, now = old.configs(before), new.configs(after)
    for name, config in now.items():
        other = was.get(name)
        if other is None or other.release.tag == config.release.tag:
            continue
        if config.component == "edgecore":
            says = f"upgrade edgecore itself to {config.release.tag} on {nodes_of(after, name)}"
            yield impact("edgecore-restart", after, says)
        for row in tables.load("impact.yaml")["releases"]:
            span = {"from": row["from"]}
            left = other.release.within(span)
            if row["program"] != config.component or left is config.release.within(span):
                continue
            if _holds(row, config.effective):
                kind = row["class"]
                yield impact(kind[left] if isinstance(kind, list) else kind, after, row["says"][left])


# --- what a row says -----------------------------------------------------------------------

# A class, the words, and the keys that it hangs on.
Said = tuple[str, str, Iterable[str]]


def _said(rule: Row, was: Data, now: Data, *, added: bool) -> Iterator[Said]:
    if "switch" in rule or "address" in rule:
        yield from _listener(rule, was, now)
    elif added:
        return
    elif "secure" in rule or "matches" in rule:
        yield from _safer(rule, was, now)
    elif "class" in rule:
        for key in rule["keys"]:
            old, new = _at(was, key), _at(now, key)
            if _looked_at(rule, key, was, now) and (old != new or type(old) is not type(new)):
                yield rule["class"], f"{key}: {_words(rule, new)}", _hangs_on(rule, key)


def _words(rule: Row, new: Any) -> str:
    says = rule["says"]
    return str(says[bool(new)] if isinstance(says, list) else says)


def _safer(rule: Row, was: Data, now: Data) -> Iterator[Said]:
    keys = [*rule.get("secure", ()), *rule.get("keys", ())]
    old, new = (_is_safe(rule, side) for side in (was, now))
    if old is not new and _looked_at(rule, keys[0], was, now):
        hangs_on = [name for key in keys for name in _hangs_on(rule, key)]
        yield "tls-strengthened" if new else "tls-weakened", rule["says"][new], hangs_on


def _is_safe(rule: Row, config: Data) -> bool:
    texts = [str(_at(config, key) or "") for key in rule.get("keys", ())]
    return all(_at(config, key) == value for key, value in rule.get("secure", {}).items()) and all(
        re.search(rule["matches"], text) for text in texts
    )


def _listener(rule: Row, was: Data, now: Data) -> Iterator[Said]:
    """Yield that a listener is switched on or off, or is reached from other machines now, or no longer."""
    switch, address, what = rule.get("switch"), rule.get("address"), rule["says"]
    keys = [name for key in (switch, address) if key for name in _hangs_on(rule, key)]
    old, new = (_listens(rule, keys[0], side) for side in (was, now))
    reached = [
        on and address is not None and _is_open(_at(side, address)) for on, side in ((old, was), (new, now))
    ]
    where = f"listens on {_at(now, address)}" if address and reached[1] else ""
    if switch and old is not new:
        yield _switched(what, where, keys, on=new)
    elif reached[0] is not reached[1]:
        says = f"{what} {where or 'no longer listens beyond the node'}"
        yield "exposed" if reached[1] else "closed", says, keys


def _switched(what: str, where: str, keys: list[str], *, on: bool) -> Said:
    says = f"{what} is switched {'on' if on else 'off'}{f' and {where}' if where else ''}"
    return "exposed" if on else "closed", says, keys


def _listens(rule: Row, key: str, config: Data) -> bool:
    """Say whether the listener of a row is switched on."""
    switch = rule.get("switch")
    return (switch is None or _at(config, switch) is True) and _looks(rule, key, config)


# --- whether the program looks at a key ----------------------------------------------------


def _at(config: Data, key: str) -> Any:
    return paths.first(config, key)


def _looked_at(rule: Row, key: str, was: Data, now: Data) -> bool:
    """Say whether a key is looked at on both sides: else what has the program look, or look away, says it."""
    return _looks(rule, key, was) and _looks(rule, key, now)


def _looks(rule: Row, key: str, config: Data) -> bool:
    """Say whether the program looks at a key: the modules around it are on, and `when` holds."""
    return _is_on(key, config) and _holds(rule, config)


def _holds(rule: Row, config: Data) -> bool:
    """Say whether the condition of a row holds; a key that is not there is as one that is empty."""
    wanted = rule.get("when", {})
    return all(
        (_at(config, key) or "") == (value or "") and _is_on(key, config) for key, value in wanted.items()
    )


def _is_on(key: str, config: Data) -> bool:
    return all(_at(config, switch) in (None, True) for switch in _switches(key))


def _switches(key: str) -> list[str]:
    """Return the switches of the sections around a key; a key that is one itself is not around itself."""
    parts = key.split(".")
    depth = len(parts) - (2 if parts[-1] == "enable" else 1)
    return [".".join([*parts[:end], "enable"]) for end in range(1, depth + 1)]


def _hangs_on(rule: Row, key: str) -> list[str]:
    """Return the keys whose change can be the cause of what is said of a key, that key first."""
    conditions = [name for one in rule.get("when", {}) for name in (one, *_switches(one))]
    return [key, *_switches(key), *conditions]


def _is_open(address: Any) -> bool:
    """Say whether a listener's address can be reached from another machine."""
    if not isinstance(address, str) or not address or address.startswith("unix:"):
        return False
    try:
        parsed = ipaddress.ip_address(_host(address))
    except ValueError:
        return _host(address) != "localhost"
    return not (parsed.is_loopback or parsed.is_link_local)


def _host(address: str) -> str:
    """Return the host of an address: IPv6 has no brackets where it has no port, a name may be anything."""
    if address.count(":") > 1 and not re.search(r"[\[/]", address):
        return address
    try:
        # Go listens everywhere on what has a port alone.
        return urlsplit(address if "://" in address else f"//{address}").hostname or "::"
    except ValueError:
        return address
