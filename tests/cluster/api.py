"""A thin client of the API server: objects as plain maps, warnings, and lists of every type."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import requests
from pykube.config import KubeConfig
from pykube.http import HTTPClient

Object = dict[str, Any]
Key = tuple[str, str, str]

# Most attempts of a request that the server asks to repeat later, and the seconds between them.
LATER, PAUSE = 50, 0.2
PATCH = {"merge": "application/merge-patch+json", "apply": "application/apply-patch+yaml"}
# Kinds that a control plane creates and removes at any time.
RESTLESS = ("Event", "Lease", "ComponentStatus", "APIService", "ServiceCIDR", "IPAddress")


@dataclass(frozen=True)
class Answer:
    """The answer of the API server to one request."""

    status: int
    data: Any
    warnings: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Return whether the request succeeded."""
        return self.status < 400


@dataclass(frozen=True)
class Resource:
    """A type of objects."""

    prefix: str
    plural: str
    kind: str
    namespaced: bool
    verbs: tuple[str, ...]

    def path(self, namespace: str | None = None, name: str | None = None) -> str:
        """Return the path of a list or of an object."""
        inside = f"/namespaces/{namespace}" if self.namespaced and namespace else ""
        return f"{self.prefix}{inside}/{self.plural}" + (f"/{name}" if name else "")


class Denied(Exception):
    """The API server rejected a request."""


class Api:
    """The API server as one caller sees it."""

    @classmethod
    def of(cls, kubeconfig: str) -> Api:
        """Open a connection as the user of a kubeconfig."""
        client = HTTPClient(KubeConfig.from_file(kubeconfig))  # type: ignore[no-untyped-call]
        return cls(client.session, client.url)

    def __init__(self, session: requests.Session, url: str) -> None:
        self._session, self.url = session, url.rstrip("/")
        # The server is on loopback or in the kubeconfig. To look for a proxy takes longer than most requests.
        self._session.trust_env = False
        self._built_in: dict[str, list[Resource]] = {}

    def call(self, method: str, path: str, body: Any = None, patch: str = "", **query: str) -> Answer:
        """Send one request and return the answer; send it again if the server wants it later."""
        headers = {"Content-Type": PATCH[patch]} if patch else {}
        for _ in range(LATER):
            answer = self._session.request(
                method, self.url + path, json=body, params=query, headers=headers, timeout=30
            )
            # The server prepares the storage of a CRD that has changed.
            if answer.status_code != 429:
                break
            # It asks for a second, and mostly is ready much earlier.
            time.sleep(PAUSE)
        warnings = [text for text in answer.headers.get("Warning", "").split("299 - ") if text]
        is_json = "json" in answer.headers.get("Content-Type", "")
        return Answer(answer.status_code, answer.json() if is_json else answer.text, warnings)

    def do(self, method: str, path: str, body: Any = None, patch: str = "", **query: str) -> Any:
        """Send one request and return the data of the answer; raise Denied."""
        answer = self.call(method, path, body, patch, **query)
        if not answer.ok:
            raise Denied(f"{method} {path}: {answer.status}: {answer.data}")
        return answer.data

    def get(self, api_version: str, kind: str, name: str, namespace: str | None = None) -> Object | None:
        """Return an object, None if it does not exist."""
        answer = self.call("GET", self.resource(api_version, kind).path(namespace, name))
        if answer.status == 404:
            return None
        if not answer.ok:
            raise Denied(f"{kind} {name}: {answer.data}")
        found: Object = answer.data
        return found

    def all(self, api_version: str, kind: str, namespace: str | None = None, **query: str) -> list[Object]:
        """Return all objects of a type."""
        items: list[Object] = self.do("GET", self.resource(api_version, kind).path(namespace), **query)[
            "items"
        ]
        return items

    def place(self, found: Object, *, named: bool = True) -> str:
        """Return the path of an object, or of the list that it belongs to."""
        meta = found["metadata"]
        resource = self.resource(found["apiVersion"], found["kind"])
        return resource.path(meta.get("namespace"), meta["name"] if named else None)

    def create(self, found: Object) -> Object:
        """Create an object and return it; raise Denied."""
        made: Object = self.do("POST", self.place(found, named=False), found, fieldValidation="Strict")
        return made

    def dry_run(self, found: Object) -> Answer:
        """Validate an object with a strict dry run, which also rejects unknown fields."""
        path = self.place(found, named=False)
        return self.call("POST", path, found, dryRun="All", fieldValidation="Strict")

    def delete(
        self, api_version: str, kind: str, name: str, namespace: str | None = None, **query: str
    ) -> None:
        """Delete an object if it exists."""
        path = self.resource(api_version, kind).path(namespace, name)
        answer = self.call("DELETE", path, **query)
        if not answer.ok and answer.status != 404:
            raise Denied(f"DELETE {path}: {answer.data}")

    def resource(self, api_version: str, kind: str) -> Resource:
        """Return the type of an object; raise Denied if the server does not know it."""
        prefix = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
        for found in self._resources(prefix):
            if found.kind == kind:
                return found
        raise Denied(f"no {kind} in {api_version}")

    def resources(self) -> Iterator[Resource]:
        """Yield every type that can be listed, each in the version that the server prefers."""
        groups = self.do("GET", "/apis")["groups"]
        prefixes = ["/api/v1", *(f"/apis/{group['preferredVersion']['groupVersion']}" for group in groups)]
        for prefix in prefixes:
            yield from (found for found in self._resources(prefix) if "list" in found.verbs)

    def _resources(self, prefix: str) -> list[Resource]:
        """Return the types of a group; those of Kubernetes itself do not change."""
        group = prefix.split("/")[2]
        if "." in group and not group.endswith(".k8s.io"):
            return self._read_resources(prefix)
        # A server that is not ready yet answers with an error, and so has no types.
        if not self._built_in.get(prefix):
            self._built_in[prefix] = self._read_resources(prefix)
        return self._built_in[prefix]

    def _read_resources(self, prefix: str) -> list[Resource]:
        answer = self.call("GET", prefix)
        listed = answer.data["resources"] if answer.ok else []
        return [
            Resource(prefix, one["name"], one["kind"], one["namespaced"], tuple(one["verbs"]))
            for one in listed
            if "/" not in one["name"]
        ]

    def everything(self, **query: str) -> dict[Key, Object]:
        """Return all objects by kind, namespace and name, without kinds that change by themselves."""
        found: dict[Key, Object] = {}
        for resource in self.resources():
            if resource.kind in RESTLESS:
                continue
            for item in self.do("GET", resource.path(), **query)["items"]:
                meta = item["metadata"]
                found[resource.kind, meta.get("namespace", ""), meta["name"]] = item
        return found


def until(ready: Callable[[], bool], what: str, seconds: float = 30.0, pause: float = 0.1) -> None:
    """Wait until a condition holds; fail with `what` after the timeout."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
        time.sleep(pause)
