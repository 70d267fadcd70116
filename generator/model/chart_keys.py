"""Which keys of the values each chart reads; `generator charts` writes them as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from generator.model import rules
from generator.model.profiles import PROFILES, UNSET, profile, references, stream_entries
from generator.model.site import CHART_KEYS, SHARED_KEYS, Site

SOURCES = ("model/chart_keys.py", "model/site.py", "tables/rules.yaml")
# Keys of other charts that only a template reads.
_IN_TEMPLATES = {"edgecore": ("agent.kubeAPIConfig.metaServer.server",)}


def table() -> dict[str, Any]:
    """Return for each chart its own top-level keys, and the keys of other charts that it reads."""
    return {
        chart: {"own": [*SHARED_KEYS, *own], "foreign": sorted(foreign_keys(chart))}
        for chart, own in CHART_KEYS.items()
    }


@cache
def foreign_keys(chart: str) -> frozenset[str]:
    """Return the keys of other charts that the rules and templates of a chart read.

    If a profile or streams.enable fills one of them from further keys, these are included.
    """
    foreign = {*Site.model_fields} - {*SHARED_KEYS, *CHART_KEYS[chart]}
    read = {*_keys_in(rules.for_chart(chart)), *_IN_TEMPLATES.get(chart, ())}
    entries = [entry for name in (UNSET, *PROFILES) for entry in profile(name).entries]
    entries += [entry for found in stream_entries().values() for entry in found]
    known: set[str] = set()
    while known != read:
        known = {*read}
        for entry in entries:
            if entry["key"].split(".")[0] not in foreign or _among(entry["key"], known):
                read |= {*references(entry["value"])}
    return frozenset(key for key in read if key.split(".")[0] in foreign)


def reads(chart: str, key: str) -> bool:
    """Check whether a chart reads a key, a part of it, or a section that contains it."""
    return key.split(".")[0] in (*SHARED_KEYS, *CHART_KEYS[chart]) or _among(key, foreign_keys(chart))


def _among(key: str, keys: Iterable[str]) -> bool:
    path = key.split(".")
    others = (other.replace("[]", "").split(".") for other in keys)
    return any(all(one == two for one, two in zip(path, other, strict=False)) for other in others)


def _keys_in(rule: Any) -> Iterator[str]:
    """Yield every key that a table of rules names or refers to."""
    if isinstance(rule, dict):
        yield from (rule[name] for name in ("key", "address", "at") if name in rule)
        rule = list(rule.values())
    if isinstance(rule, list):
        for part in rule:
            yield from _keys_in(part)
    elif isinstance(rule, str):
        yield from references(rule)
