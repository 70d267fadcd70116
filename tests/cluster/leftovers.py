"""What is in the cluster now and was not before, and its removal."""

from __future__ import annotations

import time

from tests.cluster.api import Api, Key

# Kinds whose objects lead to others being made and removed: first the makers, the definitions last.
FIRST = ("Deployment", "DaemonSet", "ReplicaSet")
LAST = ("CustomResourceDefinition",)
KEEP = ("Namespace", "Node")


class Leftovers:
    """Compares the cluster with what it held at the beginning of a test."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._before = set(api.everything())

    def now(self) -> set[Key]:
        """Return (kind, namespace, name) of all that is new; namespaces and nodes apart."""
        return {key for key in self._api.everything() if key not in self._before and key[0] not in KEEP}

    def settled(self, expected: set[Key], seconds: float = 30.0) -> set[Key]:
        """Return what is new once it is what is expected; after some seconds, whatever it is."""
        end = time.monotonic() + seconds
        while (found := self.now()) != expected and time.monotonic() < end:
            time.sleep(0.2)
        return found

    def remove(self) -> None:
        """Remove all that is new and wait until it is gone."""
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
