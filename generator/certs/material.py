"""Reads the files and Secrets that a command gets, and finds the role of each.

The role follows from the fixed file names of the programs and charts (rootCA.crt, server.key, ...), from
the name of a Secret in the site, or from the argument: ROLE=FILE.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.catalogue.message import say
from generator.certs import pem
from generator.certs.plan import SecretPlan
from generator.errors import InvalidInput, Problem, UnreadableFile
from generator.io import yaml_reader
from generator.io.files import is_folder, is_there
from generator.io.write import need_finished

ROLES = {
    "ca": "rootCA.crt",
    "server-cert": "server.crt",
    "server-key": "server.key",
    "client-cert": "client.crt",
    "client-key": "client.key",
    "stream-ca": "streamCA.crt",
    "stream-cert": "stream.crt",
    "stream-key": "stream.key",
}
# The CAs that the agent trusts; during a rotation they may be more than edgecore trusts.
AGENT_CA = "agent-ca"
# From 1.17 on, edgecore accepts the client certificates of this CA. It has no fixed file name.
CLUSTER_CA = "cluster-ca"
_GIVEN = (*ROLES, AGENT_CA, CLUSTER_CA)
_ROLE_OF = {name: role for role, name in ROLES.items()}


@dataclass(frozen=True)
class CertPart:
    """One file or one key of a Secret: its source and its content (never shown)."""

    source: str
    data: bytes = field(repr=False)


Material = dict[str, CertPart]


def collect(names: Iterable[str], secrets: Iterable[SecretPlan] = ()) -> Material:
    """Read files, folders, Secret manifests and ROLE=FILE into one part per role; raise InvalidInput."""
    found: Material = {}
    problems: list[Problem] = []
    known = {secret.name: secret for secret in secrets}
    for name in names:
        try:
            parts = list(_parts(name, known))
        except InvalidInput as error:
            problems += error.problems
            continue
        for role, part in parts:
            if role in found and found[role].data != part.data:
                message = say("role-twice", role=role, other=found[role].source)
                problems.append(Problem(part.source, "", message))
            found.setdefault(role, part)
    if problems:
        raise InvalidInput(problems)
    return found


def _parts(name: str, known: dict[str, SecretPlan]) -> Iterator[tuple[str, CertPart]]:
    role, _, path = name.partition("=")
    if path and role in _GIVEN:
        yield role, CertPart(path, pem.read_bytes(path))
    elif is_folder(Path(name)):
        need_finished(Path(name))
        there = [Path(name) / file for file in ROLES.values() if is_there(Path(name) / file)]
        if not there:
            raise UnreadableFile(name, say("no-certificate-files", files=tuple(ROLES.values())))
        yield from ((_ROLE_OF[file.name], CertPart(str(file), pem.read_bytes(file))) for file in there)
    elif Path(name).suffix in (".yaml", ".yml"):
        for secret in secrets_in(pem.read_bytes(name), name):
            yield from _secret_parts(secret, name, known)
    elif Path(name).name in _ROLE_OF:
        yield _ROLE_OF[Path(name).name], CertPart(name, pem.read_bytes(name))
    else:
        raise UnreadableFile(name, say("role-unknown", file=name, roles=_GIVEN))


def _secret_parts(
    secret: dict[str, Any], source: str, known: dict[str, SecretPlan]
) -> Iterator[tuple[str, CertPart]]:
    name = (secret.get("metadata") or {}).get("name", "")
    wanted = known.get(name)
    if wanted is None:
        raise UnreadableFile(source, say("secret-not-used", name=name, known=tuple(sorted(known)) or None))
    data = secret_data(secret, source)
    for key, file in wanted.entries:
        if key in data:
            # A Secret with the server's pair goes to the nodes, all others to the clients.
            shared = any(other == ROLES["server-cert"] for _, other in wanted.entries)
            role = AGENT_CA if file == ROLES["ca"] and not shared else _ROLE_OF[file]
            yield role, CertPart(f"{source}: {name}: {key}", data[key])


def secrets_in(data: bytes, source: str) -> list[dict[str, Any]]:
    """Return the Secrets of a YAML file; raise UnreadableFile if it has none."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise UnreadableFile(source, say("not-utf8")) from None
    documents = [document.value for document in yaml_reader.read_all(text, source)]
    found = [one for one in documents if isinstance(one, dict) and one.get("kind") == "Secret"]
    if not found:
        raise UnreadableFile(source, say("no-secret-object"))
    return found


def secret_data(secret: dict[str, Any], source: str) -> dict[str, bytes]:
    """Return the decoded data of a Secret by key; raise UnreadableFile."""
    found = {key: str(value).encode() for key, value in (secret.get("stringData") or {}).items()}
    for key, value in (secret.get("data") or {}).items():
        try:
            found.setdefault(key, base64.b64decode(str(value), validate=True))
        except (binascii.Error, ValueError):
            raise UnreadableFile(source, say("not-base64", name=key)) from None
    return found
