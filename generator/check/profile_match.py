"""Finds the profiles that a set of configs matches, and the changes that it needs for one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from generator import paths
from generator.check.config_sets import Together, key_filter
from generator.merge import merge
from generator.model.profiles import PROFILES, entries, expand, profile
from generator.model.quick import defaults
from generator.upstream import Release


@dataclass(frozen=True)
class ProfileChange:
    """One key to change for a profile: its value now, and the wanted value."""

    key: str
    file: str
    now: Any
    wanted: Any
    why: str

    @property
    def own_key(self) -> str:
        """Return the key as it is in the file."""
        return self.key.split(".", 1)[1]


def profile_keys(together: Together) -> tuple[str, ...]:
    """Return the keys that decide which profile a set matches."""
    return _profile_keys(frozenset(together.sources), together.kubeedge, together.edgemesh)


@cache
def _profile_keys(kinds: frozenset[str], kubeedge: Release, edgemesh: Release) -> tuple[str, ...]:
    has_key = key_filter(kinds, kubeedge, edgemesh)
    keys = {entry["key"] for name in PROFILES for entry in entries(name, kubeedge, edgemesh)}
    # The values of those keys depend on these keys.
    built = {"agent.commonConfig.bridgeDeviceIP", *_GATES}
    return tuple(sorted(key for key in keys | built if has_key(key)))


def changes_for(together: Together, name: str) -> list[ProfileChange]:
    """Return the changes that the given files need for a profile."""
    base = merge(_site_defaults(), together.filled)
    wanted = {entry["key"]: entry for entry in entries(name, together.kubeedge, together.edgemesh)}
    has_key = key_filter(frozenset(together.sources), together.kubeedge, together.edgemesh)
    found = []
    for key, entry in wanted.items():
        value, missing = expand(entry["value"], base)
        placed = together.source_of(key)
        if missing or placed is None or not has_key(key) or not _decides(entry["key"]):
            continue
        now = together.effective(key)
        # The site chooses the names of files, so any name is right.
        own = str(entry["value"]).startswith("{metaServer.") and paths.first(together.values, key)
        if not own and not _fits(now, value):
            found.append(ProfileChange(key, placed[0].file, now, value, entry["why"]))
    return [*found, *_client_certificate(together, name)]


@cache
def _site_defaults() -> dict[str, Any]:
    return defaults()


@cache
def _decides(key: str) -> bool:
    """Return whether a key is part of the profile; keys that every site needs have other checks."""
    return key not in {entry["key"] for entry in profile("unset").entries}


def _fits(now: Any, wanted: Any) -> bool:
    return (
        all(item in now for item in wanted)
        if isinstance(now, list) and isinstance(wanted, list)
        else now == wanted
    )


def _client_certificate(together: Together, name: str) -> Iterator[ProfileChange]:
    key = "agent.kubeAPIConfig.metaServer.security.tlsCertFile"
    placed = together.source_of(key)
    if placed and name == "mtls" and together.effective(key) == "":
        wanted = "/etc/edgemesh/metaserver/server.crt"
        yield ProfileChange(key, placed[0].file, "", wanted, "mtls shows a client certificate")


_GATES = (
    "cloudCore.featureGates.requireAuthorization",
    "edgeCore.featureGates.requireAuthorization",
    "agent.kubeAPIConfig.metaServer.security.requireAuthorization",
)


def _gates(together: Together) -> list[bool]:
    return [bool(together.effective(key)) for key in _GATES if together.source_of(key)]


def profiles_of(together: Together) -> list[str]:
    """Return the profiles that the set matches: one, none, or several if the agent's file is missing."""
    if not any(_gates(together)):
        return [] if changes_for(together, "plain") else ["plain"]
    possible = [
        name for name in PROFILES if name != "plain" and together.kubeedge.within(profile(name).needs)
    ]
    return [name for name in possible if not changes_for(together, name)]


def nearest_profile(together: Together) -> str:
    """Return the profile that needs the fewest changes, of those that the release supports."""
    possible = [name for name in PROFILES if together.kubeedge.within(profile(name).needs)]
    if any(_gates(together)):
        possible = [name for name in possible if name != "plain"] or possible
    return min(possible, key=lambda name: len(changes_for(together, name)))
