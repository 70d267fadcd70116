"""The Secrets that pods need and the charts do not make: which, who reads them, and how to make them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from generator.catalogue.message import say
from generator.certs.plan import plan
from generator.errors import Problem
from generator.kube.objects import Object
from generator.kube.pods import mentions, pod_of
from generator.load import LoadedSite

# What cloudcore makes at its first start, in the one namespace that it knows: its CA, its certificate,
# and the token that nodes join with.
OWN_SECRETS = ("casecret", "cloudcoresecret", "tokensecret")
OWN_NAMESPACE = "kubeedge"


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
        return reference(self.namespace, self.name)

    def lost(self, secret: Mapping[str, Any]) -> frozenset[str]:
        """Return the keys that the Secret does not have."""
        return self.keys - set(secret.get("data") or {})


def reference(namespace: str, name: str) -> dict[str, Any]:
    """Return what kubectl finds a Secret by."""
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": namespace}}


def own_secrets(charts: Iterable[str]) -> list[dict[str, Any]]:
    """Return what kubectl finds those Secrets by that the programs of some charts make for themselves."""
    names = OWN_SECRETS if "cloudcore" in charts else ()
    return [reference(OWN_NAMESPACE, name) for name in names]


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
    """Yield the missing Secrets and keys; `flags` name the site, for the command in the fix."""
    for need in found:
        secret = there.get((need.namespace, need.name))
        where = f"secret {need.namespace}/{need.name}"
        if secret is None:
            if not need.optional:
                message = say("secret-missing", reader=need.reader, command=_fix(need, site, flags))
                yield Problem(where, "", message)
            continue
        lost = sorted(need.lost(secret))
        if lost:
            fix = _fix(need, site, flags, there=True)
            yield Problem(where, "", say("secret-key-missing", keys=lost, reader=need.reader, command=fix))


def homeless(
    found: Iterable[Need], there: Mapping[tuple[str, str], dict[str, Any]], namespaces: Container[str]
) -> Iterator[Problem]:
    """Yield the namespaces of missing Secrets that do not exist: Helm creates them too late."""
    lost = (need for need in found if not need.optional and (need.namespace, need.name) not in there)
    for name in dict.fromkeys(need.namespace for need in lost):
        if name not in namespaces:
            yield Problem(f"namespace {name}", "", say("namespace-missing", namespace=name))


def _fix(need: Need, site: LoadedSite, flags: str, *, there: bool = False) -> str:
    wanted = plan(site)
    secret = next((one for one in wanted.secrets if one.name == need.name), None)
    if secret is not None:
        client = wanted.pair("client")
        signed = " --apply --approve" if client is not None and client.signer == "csr" else ""
        command = f"generator certs issue{flags} --namespace {need.namespace} -o certs{signed}"
        return f"{command} --secrets | kubectl apply -f -"
    create = f"kubectl --namespace {need.namespace} create secret generic {need.name}"
    applied = " --dry-run=client --output yaml | kubectl apply --filename -" if there else ""
    if len(need.keys) == 1 and "psk" in next(iter(need.keys)):
        key = next(iter(need.keys))
        return f"openssl rand -base64 32 | tr -d '\\n' | {create} --from-file={key}=/dev/stdin{applied}"
    files = " ".join(f"--from-file={key}" for key in sorted(need.keys) or ["KEY=FILE"])
    return f"{create} {files}{applied}"


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
    for kind, name, place in mentions(pod):
        if kind == "Secret":
            items = [*(place.get("items") or ()), *([place] if "key" in place else [])]
            keys = frozenset(item["key"] for item in items)
            yield Need(namespace, name, reader, keys, place.get("optional") is True)
