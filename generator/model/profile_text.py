"""Describe a profile: its purpose, the keys that it sets in a release, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from generator.model.profiles import entries, expand, profile
from generator.model.quick import defaults
from generator.upstream import Release


@dataclass(frozen=True)
class Explanation:
    """A profile in a release: its purpose, and (key, value, why) of each key it sets."""

    name: str
    summary: str
    use: str
    possible: bool
    releases: tuple[str, str]
    keys: tuple[tuple[str, Any, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the explanation as plain data."""
        keys = [{"key": key, "value": value, "why": why} for key, value, why in self.keys]
        named = {"profile": self.name, "summary": self.summary, "use": self.use}
        return {**named, "releases": list(self.releases), "possible": self.possible, "sets": keys}

    def __str__(self) -> str:
        head = [f"{self.name}: {self.summary}", *([f"  use: {self.use}"] if self.use else [])]
        if not self.possible:
            return "\n".join([*head, f"  not possible on {self.releases[0]}"])
        lines = [f"  on {' and '.join(self.releases)} it sets:"]
        for key, value, why in self.keys:
            lines += [f"    {key}={_flag(value)}", f"        {why}"]
        return "\n".join(head + lines)


def _flag(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "{" + ",".join(map(str, value)) + "}" if isinstance(value, list) else str(value)


def explain(name: str, kubeedge: Release, edgemesh: Release) -> Explanation:
    """Explain a profile for two releases, with references filled from the model's defaults."""
    found = profile(name)
    base = defaults()
    keys: dict[str, tuple[str, Any, str]] = {}
    for entry in entries(name, kubeedge, edgemesh):
        value, missing = expand(entry["value"], base)
        keys[entry["key"]] = (entry["key"], entry["value"] if missing else value, entry["why"])
    releases = (str(kubeedge), str(edgemesh))
    return Explanation(
        name, found.summary, found.use, kubeedge.within(found.needs), releases, tuple(keys.values())
    )
