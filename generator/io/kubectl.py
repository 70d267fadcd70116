"""Runs the user's kubectl against a cluster; no other module runs kubectl.

kubectl is used instead of a client library because it supports everything in a kubeconfig: exec plugins,
contexts, proxies and certificates. It has no exit codes for two failures, so its error texts are read: the
cluster does not know a kind, and this kubectl is too old for a flag.

Secrets are passed on standard input, never as arguments. $KUBECTL overrides the kubectl on PATH.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from generator.errors import ClusterError
from generator.io.api_server import is_away

_NO_SUCH_KIND = (
    "no matches for kind",
    "the server doesn't have a resource type",
    # kubectl prints this for an unknown API path.
    "the server could not find the requested resource",
)
# kubectl prints this for an unknown flag. The newest flag used here is --subresource, from kubectl 1.24.
_UNKNOWN_FLAG = "unknown flag: "
_OLD = "install kubectl 1.24 or newer, or set KUBECTL to one"
_PAGE = 1000
# The document with the issuer of service account tokens.
ISSUER_PATH = "/.well-known/openid-configuration"


class Kubectl:
    """Runs kubectl against one cluster; every failure is a ClusterError."""

    def __init__(
        self, *, context: str | None = None, kubeconfig: str | None = None, timeout: float = 60
    ) -> None:
        """Find kubectl; `timeout` is the limit for one call, in seconds."""
        wanted = os.environ.get("KUBECTL") or "kubectl"
        found = shutil.which(wanted)
        if found is None:
            raise ClusterError(f"kubectl not found: {wanted}", "install it, or set KUBECTL to its path")
        chosen = {"--context": context, "--kubeconfig": kubeconfig}
        self._command = [found, *(f"{flag}={value}" for flag, value in chosen.items() if value)]
        self._timeout = timeout

    def run(self, *arguments: str, text: str | None = None) -> str:
        """Run a kubectl command with `text` as standard input; return its output."""
        try:
            done = subprocess.run(
                [*self._command, *arguments],
                input=text,
                stdin=subprocess.DEVNULL if text is None else None,
                capture_output=True,
                text=True,
                timeout=self._timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ClusterError(f"kubectl {arguments[0]}: timed out after {self._timeout:.0f} s") from None
        except OSError as error:
            raise ClusterError(f"{self._command[0]}: {error.strerror}") from None
        if done.returncode:
            fix = _OLD if _UNKNOWN_FLAG in done.stderr else ""
            what = f"kubectl {arguments[0]}: {done.stderr.strip() or 'failed'}"
            raise ClusterError(what, fix, away=is_away(done.stderr), stderr=done.stderr)
        return done.stdout

    def objects(self, wanted: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the objects that exist in the cluster, found by apiVersion, kind and name."""
        asked = [_reference(one) for one in wanted]
        found = self._those(asked)
        if found is not None:
            return found
        # If the cluster does not know one of the kinds, kubectl returns nothing. So request each kind alone.
        kinds = dict.fromkeys((one["apiVersion"], one["kind"]) for one in asked)
        by_kind = ([one for one in asked if (one["apiVersion"], one["kind"]) == kind] for kind in kinds)
        return [one for those in by_kind for one in self._those(those) or ()]

    def listed(self, kind: str, *flags: str) -> list[dict[str, Any]]:
        """Return all objects of a kind, [] if the cluster does not know the kind."""
        return self._got(kind, *flags) or []

    def created(self, objects: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Create objects with one call and return the answers in their order."""
        items = list(objects)
        if not items:
            return []
        text = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
        return list(_documents(self.run("create", "--filename", "-", "--output", "json", text=text)))

    def pages(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        """Yield the objects of a list page by page, for lists that are too long for memory.

        `path` is a path of the API, such as /api/v1/nodes. Yields nothing if the cluster does not know it.
        """
        asked = {**query, "limit": str(_PAGE)}
        while True:
            try:
                page = json.loads(self.run("get", "--raw", f"{path}?{urlencode(asked)}"))
            except ClusterError as error:
                if any(known in error.stderr for known in _NO_SUCH_KIND):
                    return
                raise
            yield from page.get("items") or ()
            if not (following := page["metadata"].get("continue")):
                return
            asked["continue"] = following

    def _those(self, asked: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
        if not asked:
            return []
        text = json.dumps({"apiVersion": "v1", "kind": "List", "items": asked})
        return self._got("--filename", "-", "--ignore-not-found", "--show-managed-fields", text=text)

    def _got(self, *arguments: str, text: str | None = None) -> list[dict[str, Any]] | None:
        """Get objects; None if the cluster does not know one of their kinds."""
        try:
            return _items(self.run("get", *arguments, "--output", "json", text=text))
        except ClusterError as error:
            if any(known in error.stderr for known in _NO_SUCH_KIND):
                return None
            raise

    def answers(self) -> bool:
        """Return whether the API server answers and is ready."""
        try:
            return self.run("get", "--raw", "/readyz", "--request-timeout", "5s").strip() == "ok"
        except ClusterError:
            return False


def _reference(found: dict[str, Any]) -> dict[str, Any]:
    metadata = found["metadata"]
    named = {name: metadata[name] for name in ("name", "namespace") if metadata.get(name)}
    return {"apiVersion": found["apiVersion"], "kind": found["kind"], "metadata": named}


def _items(text: str) -> list[dict[str, Any]]:
    if not text.strip():
        return []
    found = json.loads(text)
    items: list[dict[str, Any]] = found["items"] if found.get("kind", "").endswith("List") else [found]
    return items


def _documents(text: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of an output with one JSON document after the other, or with one List."""
    decoder, text = json.JSONDecoder(), text.lstrip()
    while text:
        found, end = decoder.raw_decode(text)
        yield from found["items"] if found.get("kind") == "List" else [found]
        text = text[end:].lstrip()


def issuer_of(kubeconfig: str) -> str:
    """Return the service account issuer in the discovery document of a cluster; raise ClusterError."""
    answer = Kubectl(kubeconfig=kubeconfig, timeout=20).run("get", "--raw", ISSUER_PATH)
    try:
        issuer: str = json.loads(answer)["issuer"]
    except (ValueError, KeyError, TypeError):
        raise ClusterError(f"{kubeconfig}: {ISSUER_PATH} has no issuer") from None
    return issuer
