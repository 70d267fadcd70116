"""The Kubernetes objects around the configs: the key of the network, and the mounts of the agent's pods."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from generator import paths
from generator.catalogue.message import Message, say
from generator.check.config_sets import Together
from generator.check.findings import Finding, finding
from generator.check.sources import ObjectInFile
from generator.components import of_chart

_PUBLIC = "JugH9HP1XBouyO5pWGeZa8LtipDURrf1"
_CERTIFICATES = "/etc/edgemesh/metaserver"
_FILES = ("tlsCaFile", "tlsCertFile", "tlsPrivateKeyFile")


def _found(found: ObjectInFile, path: paths.Path, message: Message) -> Finding:
    key = f"{_name(found)}: {paths.text(path)}"
    return finding(message, found.file, found.line(path), key)


def _name(found: ObjectInFile) -> str:
    return f"{found.value['kind']} {paths.first(found.value, 'metadata.name') or '?'}"


# --- the key of EdgeMesh's network ---------------------------------------------------------


def key_findings(objects: Sequence[ObjectInFile]) -> Iterator[Finding]:
    """Yield what is wrong with pre-shared keys in ConfigMaps and Secrets, without showing the keys."""
    first: tuple[ObjectInFile, str] | None = None
    for found in objects:
        path, key = _key_of(found)
        if key is None:
            continue
        if _length(key) != 32:
            yield _found(found, path, say("psk-invalid"))
        elif key.startswith(_PUBLIC):
            yield _found(found, path, say("public-psk", "files"))
        if found.value["kind"] == "ConfigMap":
            yield _found(found, path, say("psk-in-config-map"))
        if first and first[1] != key:
            yield _found(found, path, say("psk-objects-differ", other=_name(first[0])))
        first = first or (found, key)


def is_key(found: ObjectInFile) -> bool:
    """Return whether an object holds a key of EdgeMesh's network."""
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


# --- the mounts of the agent's pods -----------------------------------------------------------


def mount_findings(objects: Iterable[ObjectInFile], together: Together) -> Iterator[Finding]:
    """Yield the pods of agent and gateway that do not mount the certificates of their config."""
    for row in of_chart("edgemesh"):
        source = together.sources.get(row.name)
        if source is None or not _reads_certificates(together, row.section):
            continue
        for found in objects:
            if _runs(found, row.name) and not _mounts(found, _CERTIFICATES):
                message = say("certificates-not-mounted", folder=_CERTIFICATES, component=row.name)
                yield _found(found, ("spec", "template", "spec"), message)


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
