"""Describe a profile: its purpose, the keys that it sets in a release, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from generator.model.profiles import entries, expand, profile
from generator.model.quick import defaults
from generator.upstream import Release


@dataclass(frozen=True)
class Explanation:
    """A profile in a release: its purpose, and (key, value, why) of each key it sets.

    `brief` is the purpose in a few words: a text for each row of the table of profiles.
    """

    name: str
    summary: str
    use: str
    brief: dict[str, str]
    possible: bool
    releases: tuple[str, str]
    keys: tuple[tuple[str, Any, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the explanation as plain data."""
        keys = [{"key": key, "value": value, "why": why} for key, value, why in self.keys]
        named = {"profile": self.name, "summary": self.summary, "use": self.use}
        return {**named, "releases": list(self.releases), "possible": self.possible, "sets": keys}

    def text(self, *, reasons: bool) -> str:
        """Return the purpose and the keys, each with its reason if `reasons`."""
        head = [f"{self.name}: {self.summary}", *([f"  use: {self.use}"] if self.use else [])]
        if not self.possible:
            return "\n".join([*head, f"  not possible on {self.releases[0]}"])
        lines = [f"  on {' and '.join(self.releases)} it sets:"]
        for key, value, why in self.keys:
            lines += [f"    {key}={flag(value)}", *([f"        {why}"] if reasons else [])]
        return "\n".join(head + lines)


def flag(value: Any) -> str:
    """Write a value as --set takes it."""
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
    return Explanation(
        name,
        found.summary,
        found.use,
        found.brief,
        kubeedge.within(found.needs),
        (str(kubeedge), str(edgemesh)),
        tuple(keys.values()),
    )
