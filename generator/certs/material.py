"""The files and Secrets that are handed to a verb, each with the role that it plays in the system.

The role is that of the fixed names under which the programs and the charts look for them
(rootCA.crt, server.key, ...), of a Secret's name in the site, or is given: ROLE=FILE.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.certs import pem
from generator.certs.plan import SecretPlan
from generator.errors import InvalidInput, Problem, UnreadableFile, plain
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
# The authority as the agent gets it; it may trust more than edgecore does, while authorities change.
AGENT_CA = "agent-ca"
# What edgecore accepts client certificates of from 1.17 on. No file's name says that it is this one.
CLUSTER_CA = "cluster-ca"
_GIVEN = (*ROLES, AGENT_CA, CLUSTER_CA)
_ROLE_OF = {name: role for role, name in ROLES.items()}


@dataclass(frozen=True)
class CertPart:
    """One file or one key of a Secret: where it is from, and what it holds (never shown)."""

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
                what = f"{role} is given twice, and differently: also {found[role].source}"
                problems.append(plain(part.source, "", what))
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
            raise UnreadableFile(name, f"holds none of {', '.join(ROLES.values())}")
        yield from ((_ROLE_OF[file.name], CertPart(str(file), pem.read_bytes(file))) for file in there)
    elif Path(name).suffix in (".yaml", ".yml"):
        for secret in secrets_in(pem.read_bytes(name), name):
            yield from _secret_parts(secret, name, known)
    elif Path(name).name in _ROLE_OF:
        yield _ROLE_OF[Path(name).name], CertPart(name, pem.read_bytes(name))
    else:
        fix = f"write ROLE={name}, with one of {', '.join(_GIVEN)}"
        raise UnreadableFile(name, "its name does not say what it is for", fix=fix)


def _secret_parts(
    secret: dict[str, Any], source: str, known: dict[str, SecretPlan]
) -> Iterator[tuple[str, CertPart]]:
    name = (secret.get("metadata") or {}).get("name", "")
    wanted = known.get(name)
    if wanted is None:
        there = f"it uses {', '.join(sorted(known))}" if known else "it uses none"
        raise UnreadableFile(source, f"the site uses no secret {name}", fix=there)
    data = secret_data(secret, source)
    for key, file in wanted.entries:
        if key in data:
            # The server's copy goes to the nodes; the others are the clients'.
            shared = any(other == ROLES["server-cert"] for _, other in wanted.entries)
            role = AGENT_CA if file == ROLES["ca"] and not shared else _ROLE_OF[file]
            yield role, CertPart(f"{source}: {name}: {key}", data[key])


def secrets_in(data: bytes, source: str) -> list[dict[str, Any]]:
    """Return the Secrets of a YAML file; raise UnreadableFile if there is none."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise UnreadableFile(source, "is not text") from None
    documents = [document.value for document in yaml_reader.read_all(text, source)]
    found = [one for one in documents if isinstance(one, dict) and one.get("kind") == "Secret"]
    if not found:
        raise UnreadableFile(source, "holds no Secret")
    return found


def secret_data(secret: dict[str, Any], source: str) -> dict[str, bytes]:
    """Return what a Secret holds, by its keys; raise UnreadableFile."""
    found = {key: str(value).encode() for key, value in (secret.get("stringData") or {}).items()}
    for key, value in (secret.get("data") or {}).items():
        try:
            found.setdefault(key, base64.b64decode(str(value), validate=True))
        except (binascii.Error, ValueError):
            raise UnreadableFile(source, f"data.{key} is not base64") from None
    return found
