"""Finds and removes the objects that a test created."""

from __future__ import annotations

import time

from tests.cluster.api import Api, Key

# Kinds to remove in this order: first owners of other objects, the CRDs last.
FIRST = ("Deployment", "DaemonSet", "ReplicaSet")
LAST = ("CustomResourceDefinition",)
KEEP = ("Namespace", "Node")


class Leftovers:
    """Compares the cluster with its state at the start of a test."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._before = set(api.everything())

    def now(self) -> set[Key]:
        """Return (kind, namespace, name) of all new objects, without namespaces and nodes."""
        return {key for key in self._api.everything() if key not in self._before and key[0] not in KEEP}

    def settled(self, expected: set[Key], seconds: float = 30.0) -> set[Key]:
        """Wait until the new objects are the expected ones; return the new objects in any case."""
        end = time.monotonic() + seconds
        while (found := self.now()) != expected and time.monotonic() < end:
            time.sleep(0.2)
        return found

    def remove(self) -> None:
        """Remove all new objects and wait until they are gone."""
        for _ in range(100):
            new = sorted(self.now(), key=lambda key: (key[0] not in FIRST, key[0] in LAST))
            if not new:
                return
            types = {resource.kind: resource for resource in self._api.resources()}
            for kind, namespace, name in new:
                if kind in types:
                    path = types[kind].path(namespace, name)
                    self._api.call("DELETE", path, propagationPolicy="Background", gracePeriodSeconds="0")
            time.sleep(0.1)
        raise AssertionError(f"cannot be removed: {sorted(self.now())}")
