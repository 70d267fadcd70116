"""The Secrets of a site for Git: encrypted by a command, or an ExternalSecret that names a store's entry."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from generator.catalogue.message import say
from generator.gitops.manifest import GitOpsManifest
from generator.gitops.options import EXTERNAL, SEALED, SOPS
from generator.gitops.site import GitOpsSite
from generator.install.apply_step import BEFORE, ApplyStep
from generator.install.before_apply import secret_step
from generator.install.prerequisites import RequiredSecret, create_command

_STORE = "kubeedge"
_PULL_KEY, _PULL_TYPE = ".dockerconfigjson", "kubernetes.io/dockerconfigjson"
# The commands that read the manifest of a Secret and write it encrypted.
_ENCRYPT: Mapping[str, str] = {
    SOPS: "sops encrypt --input-type yaml --output-type yaml "
    "--encrypted-regex '^(data|stringData)$' /dev/stdin",
    SEALED: "kubeseal --format yaml",
}


def external_secrets(site: GitOpsSite) -> Iterator[GitOpsManifest]:
    """Yield the file of each ExternalSecret, if the site uses External Secrets."""
    if site.options.secrets != EXTERNAL:
        return
    for one in site.secrets:
        note = f"The entry {_entry(one)} of the store must have {_keys(one)}, for {one.reader}."
        yield GitOpsManifest(_path(site, one), (_external_secret(one),), (note,))


def step_of_secret(site: GitOpsSite, one: RequiredSecret, flags: str) -> ApplyStep:
    """Return the step that makes a Secret; `flags` select the site."""
    if site.options.secrets == EXTERNAL:
        named = {"kind": "Secret", "namespace": one.namespace, "name": one.name, "keys": sorted(one.keys)}
        variant = "optional" if one.optional else ""
        message = say("secret-to-store", variant, entry=_entry(one), keys=_keys(one), reader=one.reader)
        return ApplyStep(BEFORE, message, (), {**named, "optional": one.optional})
    encrypt = _ENCRYPT.get(site.options.secrets)
    if encrypt is None:
        return secret_step(one, create_command(one, site.rendering.site, flags))
    file = PurePosixPath(site.options.folder) / _path(site, one)
    into = f"{encrypt} > {shlex.quote(str(file))}"
    made = secret_step(one, create_command(one, site.rendering.site, flags, into=into))
    folder = f"mkdir -p {shlex.quote(str(file.parent))}"
    return ApplyStep(made.part, made.message, (folder, *made.commands), made.object)


def _path(site: GitOpsSite, one: RequiredSecret) -> str:
    return f"{site.options.place}secrets/{one.name}.yaml"


def _entry(one: RequiredSecret) -> str:
    return f"{one.namespace}-{one.name}"


def _keys(one: RequiredSecret) -> str:
    return ", ".join(sorted(one.keys)) or (_PULL_KEY if one.registry else "the keys that you use")


def _external_secret(one: RequiredSecret) -> dict[str, Any]:
    target: dict[str, Any] = {"name": one.name, "creationPolicy": "Owner"}
    if one.registry:
        target["template"] = {"type": _PULL_TYPE}
    return {
        "apiVersion": "external-secrets.io/v1",
        "kind": "ExternalSecret",
        "metadata": {"name": one.name, "namespace": one.namespace},
        "spec": {
            "refreshInterval": "1h",
            "secretStoreRef": {"kind": "ClusterSecretStore", "name": _STORE},
            "target": target,
            "dataFrom": [{"extract": {"key": _entry(one)}}],
        },
    }
