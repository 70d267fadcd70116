"""The Kubernetes objects around the configs: the network's key, and what the agent's pods mount."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from generator import paths
from generator.check.config_sets import Together
from generator.check.findings import Finding, Level, plain_finding
from generator.check.sources import ObjectInFile
from generator.components import of_chart

_PUBLIC = "JugH9HP1XBouyO5pWGeZa8LtipDURrf1"
_CERTIFICATES = "/etc/edgemesh/metaserver"
_FILES = ("tlsCaFile", "tlsCertFile", "tlsPrivateKeyFile")


def _found(
    what: ObjectInFile, path: paths.Path, rule: str, text: str, fix: str = "", level: Level = "error"
) -> Finding:
    key = f"{_name(what)}: {paths.text(path)}" if path else _name(what)
    return plain_finding(rule, level, what.file, what.line(path), key, text, fix)


def _name(what: ObjectInFile) -> str:
    return f"{what.value['kind']} {paths.first(what.value, 'metadata.name') or '?'}"


# --- the key of EdgeMesh's network ---------------------------------------------------------


def key_findings(objects: Sequence[ObjectInFile]) -> Iterator[Finding]:
    """Judge the pre-shared keys in ConfigMaps and Secrets, without showing them."""
    first: tuple[ObjectInFile, str] | None = None
    for found in objects:
        path, key = _key_of(found)
        if key is None:
            continue
        if _length(key) != 32:
            what = "is not the base64 of 32 bytes; agents and gateways exit"
            yield _found(found, path, "together/psk", what, "make one with `openssl rand -base64 32`")
        elif key.startswith(_PUBLIC):
            what = "is the key printed in the upstream chart; whoever knows it can join the network"
            fix = "make one with `openssl rand -base64 32`"
            yield _found(found, path, "together/psk-public", what, fix, "warning")
        if found.value["kind"] == "ConfigMap":
            what = "is readable for whoever may read ConfigMaps"
            yield _found(found, path, "together/psk-config-map", what, "keep it in a Secret", "warning")
        if first and first[1] != key:
            what = f"differs from the key in {_name(first[0])}"
            fix = "give agent and gateway the same key, or they do not find each other"
            yield _found(found, path, "together/psk", what, fix)
        first = first or (found, key)


def is_key(found: ObjectInFile) -> bool:
    """Say whether an object holds a key of EdgeMesh's network."""
    return _key_of(found)[1] is not None


def _key_of(found: ObjectInFile) -> tuple[paths.Path, str | None]:
    for part in ("stringData", "data"):
        holder = found.value.get(part)
        text = holder.get("psk") if isinstance(holder, dict) else None
        if not isinstance(text, str):
            continue
        if found.value["kind"] == "ConfigMap" or part == "stringData":
            return (part, "psk"), text.strip()
        if found.value["kind"] == "Secret":
            return (part, "psk"), (_decoded(text) or b"").decode("utf-8", "replace").strip()
    return (), None


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _length(key: str) -> int:
    return len(_decoded(key) or b"")


# --- what the agent's pods mount -----------------------------------------------------------


def mount_findings(objects: Iterable[ObjectInFile], together: Together) -> Iterator[Finding]:
    """Yield where the agent's or the gateway's pods lack the certificates that their config names."""
    for row in of_chart("edgemesh"):
        source = together.sources.get(row.name)
        if source is None or not _reads_certificates(together, row.section):
            continue
        for found in objects:
            if _runs(found, row.name) and not _mounts(found, _CERTIFICATES):
                what = f"mounts nothing at {_CERTIFICATES}, where its config looks for certificates; it exits"
                fix = "mount the secret there, or see the profiles one-way and one-way-verified"
                path = ("spec", "template", "spec")
                yield _found(found, path, "together/certificates", what, fix)


def _reads_certificates(together: Together, section: str) -> bool:
    security = f"{section}.kubeAPIConfig.metaServer.security"
    on = together.effective(f"{security}.requireAuthorization") is True
    verifies = together.effective(f"{security}.insecureSkipTLSVerify") is not True
    files = [str(together.effective(f"{security}.{name}")) for name in _FILES]
    return on and verifies and any(file.startswith(f"{_CERTIFICATES}/") for file in files)


def _runs(found: ObjectInFile, program: str) -> bool:
    return any(
        re.search(rf"(^|/){program}(:|@|$)", str(container.get("image", "")))
        for container in _containers(found)
    )


def _mounts(found: ObjectInFile, folder: str) -> bool:
    return any(
        str(mount.get("mountPath", "")).rstrip("/") == folder
        for container in _containers(found)
        for mount in container.get("volumeMounts") or []
        if isinstance(mount, dict)
    )


def _containers(found: ObjectInFile) -> list[dict[str, Any]]:
    pod = paths.at(found.value, ("spec", "template", "spec"))
    containers = pod.get("containers") if isinstance(pod, dict) else None
    return [c for c in containers or [] if isinstance(c, dict)]
