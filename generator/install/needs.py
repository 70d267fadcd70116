"""The Secrets that pods need and nobody here makes: which, who reads them, and how to make them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from generator.certs.plan import plan
from generator.diff.objects import Object
from generator.diff.pods import pod_of
from generator.errors import Problem
from generator.load import LoadedSite


@dataclass(frozen=True)
class Need:
    """A Secret that a workload refers to; `keys` are those that must be in it."""

    namespace: str
    name: str
    reader: str
    keys: frozenset[str] = frozenset()
    # Pods start without: a pull secret, or one marked so.
    optional: bool = False

    @property
    def reference(self) -> dict[str, Any]:
        """Return what kubectl finds the Secret by."""
        return {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": self.name, "namespace": self.namespace},
        }


def needs(objects: Iterable[Object], namespace: str) -> list[Need]:
    """Return the Secrets that workloads among some objects refer to and that are not made along with them."""
    objects = list(objects)
    made = {(one.namespace or namespace, name) for one in objects for name in _makes(one)}
    found: dict[tuple[str, str], Need] = {}
    for one in objects:
        for need in _references(pod_of(one), one.namespace or namespace, one.title):
            place = (need.namespace, need.name)
            if place not in made:
                found[place] = _joined(found[place], need) if place in found else need
    return list(found.values())


def with_files(found: Iterable[Need], site: LoadedSite) -> list[Need]:
    """Add the keys under which the programs look for certificates."""
    keys = {secret.name: {key for key, _ in secret.entries} for secret in plan(site).secrets}
    return [replace(need, keys=need.keys | keys.get(need.name, set())) for need in found]


def missing(
    found: Iterable[Need], there: Mapping[tuple[str, str], dict[str, Any]], site: LoadedSite, flags: str
) -> Iterator[Problem]:
    """Yield what is missing; `flags` are those that name the site, for the command that helps."""
    for need in found:
        secret = there.get((need.namespace, need.name))
        where = f"secret {need.namespace}/{need.name}"
        if secret is None:
            if not need.optional:
                yield Problem(where, "", f"is not there; needed by {need.reader}", _fix(need, site, flags))
            continue
        lost = sorted(need.keys - set(secret.get("data") or {}))
        if lost:
            what = f"has no key {', '.join(lost)}; needed by {need.reader}"
            yield Problem(where, "", what, _fix(need, site, flags))


def _fix(need: Need, site: LoadedSite, flags: str) -> str:
    wanted = plan(site)
    secret = next((one for one in wanted.secrets if one.name == need.name), None)
    if secret is not None:
        client = wanted.pair("client")
        signed = " --apply --approve" if client is not None and client.signer == "csr" else ""
        command = f"generator certs issue{flags} --namespace {need.namespace} -o certs{signed}"
        return f"{command} --secrets | kubectl apply -f -"
    create = f"kubectl --namespace {need.namespace} create secret generic {need.name}"
    if len(need.keys) == 1 and "psk" in next(iter(need.keys)):
        key = next(iter(need.keys))
        return f"openssl rand -base64 32 | tr -d '\\n' | {create} --from-file={key}=/dev/stdin"
    return " ".join([create, *(f"--from-file={key}" for key in sorted(need.keys) or ["KEY=FILE"])])


def _joined(one: Need, other: Need) -> Need:
    readers = one.reader if other.reader in one.reader else f"{one.reader} and {other.reader}"
    return replace(one, reader=readers, keys=one.keys | other.keys, optional=one.optional and other.optional)


def _makes(found: Object) -> Iterator[str]:
    if found.kind == "Secret":
        yield found.name
    elif found.kind == "Certificate" and isinstance(found.data.get("spec"), dict):
        yield str(found.data["spec"].get("secretName", ""))


def _references(pod: dict[str, Any], namespace: str, reader: str) -> Iterator[Need]:
    for pull in pod.get("imagePullSecrets") or ():
        yield Need(namespace, str(pull["name"]), reader, optional=True)
    for name, keys, optional in _mentions(pod):
        yield Need(namespace, name, reader, frozenset(keys), optional)


def _mentions(value: Any) -> Iterator[tuple[str, list[str], bool]]:
    """Yield (name, keys, optional) wherever a pod names a Secret: volumes and variables."""
    if isinstance(value, list):
        for item in value:
            yield from _mentions(item)
    if not isinstance(value, dict):
        return
    for field, below in value.items():
        if isinstance(below, dict) and field in ("secret", "secretKeyRef", "secretRef"):
            name = below.get("secretName") or below.get("name")
            keys = [item["key"] for item in below.get("items") or ()]
            keys += [below["key"]] if field == "secretKeyRef" else []
            if name:
                yield str(name), keys, below.get("optional") is True
        else:
            yield from _mentions(below)
