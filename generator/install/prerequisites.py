"""The Secrets that pods require and the charts do not create, and the commands that create them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from generator import paths
from generator.catalogue.message import say
from generator.certs.plan import plan
from generator.certs.targets import STREAMS, target_of
from generator.errors import Problem
from generator.kube.objects import Object
from generator.kube.pods import containers, mentions, pod_of
from generator.load import LoadedSite
from generator.render.images.names import has_registry

# cloudcore creates these at its first start, always in kubeedge: its CA, its certificate, and the token that
# nodes join with.
OWN_CERTIFICATES = ("casecret", "cloudcoresecret")
OWN_SECRETS = (*OWN_CERTIFICATES, "tokensecret")
OWN_NAMESPACE = "kubeedge"
# The keys that the admission webhook reads.
_ADMISSION_KEYS = ("tls.crt", "tls.key", "ca.crt")

# The Secrets that exist, by namespace and name.
Secrets = Mapping[tuple[str, str], dict[str, Any]]


@dataclass(frozen=True)
class RequiredSecret:
    """A Secret that a workload refers to; `keys` must be in it."""

    namespace: str
    name: str
    reader: str
    keys: frozenset[str] = frozenset()
    # Pods start without it: a pull secret, or a reference marked as optional.
    optional: bool = False
    # The login of this registry.
    registry: str = ""

    @property
    def reference(self) -> dict[str, Any]:
        """Return a reference to the Secret for kubectl."""
        return reference(self.namespace, self.name)

    def missing_keys(self, secret: Mapping[str, Any]) -> frozenset[str]:
        """Return the keys that the Secret does not have."""
        return self.keys - set(secret.get("data") or {})


def reference(namespace: str, name: str) -> dict[str, Any]:
    """Return a reference to a Secret for kubectl."""
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": namespace}}


def own_secrets(charts: Iterable[str]) -> list[dict[str, Any]]:
    """Return references to the Secrets that programs of some charts create for themselves."""
    names = OWN_SECRETS if "cloudcore" in charts else ()
    return [reference(OWN_NAMESPACE, name) for name in names]


def required_secrets(objects: Iterable[Object], namespace: str) -> list[RequiredSecret]:
    """Return the Secrets that workloads among some objects refer to and that these objects do not create."""
    objects = list(objects)
    created = {(one.namespace or namespace, name) for one in objects for name in _creates(one)}
    found: dict[tuple[str, str], RequiredSecret] = {}
    for one in objects:
        for wanted in _references(pod_of(one), one.namespace or namespace, one.title):
            place = (wanted.namespace, wanted.name)
            if place not in created:
                found[place] = _joined(found[place], wanted) if place in found else wanted
    return list(found.values())


def with_certificate_keys(required: Iterable[RequiredSecret], site: LoadedSite) -> list[RequiredSecret]:
    """Add the keys that the programs read certificates from."""
    keys = {secret.name: {key for key, _ in secret.entries} for secret in plan(site).secrets}
    admission = paths.first(site.values, "admission.certsSecretName")
    if admission:
        keys[admission] = {*_ADMISSION_KEYS}
    return [replace(one, keys=one.keys | keys.get(one.name, set())) for one in required]


def missing_secrets(
    required: Iterable[RequiredSecret], existing: Secrets, site: LoadedSite, flags: str
) -> Iterator[Problem]:
    """Yield the missing Secrets and keys; `flags` select the site, for the command in the fix."""
    for one in required:
        secret = existing.get((one.namespace, one.name))
        where = f"secret {one.namespace}/{one.name}"
        if secret is None:
            if not one.optional:
                message = say("secret-missing", reader=one.reader, command=create_command(one, site, flags))
                yield Problem(where, "", message)
            continue
        keys = sorted(one.missing_keys(secret))
        if keys:
            fix = create_command(one, site, flags, exists=True)
            yield Problem(where, "", say("secret-key-missing", keys=keys, reader=one.reader, command=fix))


def missing_namespaces(
    required: Iterable[RequiredSecret], existing: Secrets, namespaces: Container[str]
) -> Iterator[Problem]:
    """Yield the namespaces of missing Secrets that do not exist: Helm creates them too late."""
    missing = (one for one in required if not one.optional and (one.namespace, one.name) not in existing)
    for name in dict.fromkeys(one.namespace for one in missing):
        if name not in namespaces:
            yield Problem(f"namespace {name}", "", say("namespace-missing", namespace=name))


def create_command(
    one: RequiredSecret, site: LoadedSite, flags: str, *, exists: bool = False, into: str = ""
) -> str:
    """Return the command that creates a Secret, or adds its missing keys; `flags` select the site.

    `into` is a command that reads the manifest of the Secret on standard input, in place of the cluster.
    """
    if any(secret.name == one.name for secret in plan(site).secrets):
        return f"{_issue_command(one, site, flags)} | {into or 'kubectl apply -f -'}"
    reader = into or ("kubectl apply --filename -" if exists else "")
    applied = f" --dry-run=client --output yaml | {reader}" if reader else ""
    return f"{_kubectl_command(one)}{applied}"


def _issue_command(one: RequiredSecret, site: LoadedSite, flags: str) -> str:
    """Return the command that prints a Secret with certificates."""
    wanted = plan(site)
    secret = next(secret for secret in wanted.secrets if secret.name == one.name)
    streams = target_of(secret) == STREAMS
    client = wanted.pair("client")
    csr = client is not None and client.signer == "csr" and not streams
    target, signed = " --for streams" if streams else "", " --apply --approve" if csr else ""
    command = f"generator certs issue{flags}{target} --namespace {one.namespace} -o certs{signed}"
    return f"{command} --secrets"


def _kubectl_command(one: RequiredSecret) -> str:
    """Return the command that creates a Secret without certificates."""
    create = f"kubectl --namespace {one.namespace} create secret"
    if one.registry:
        login = "--docker-username=USER --docker-password=PASSWORD"
        return f"{create} docker-registry {one.name} --docker-server={one.registry} {login}"
    create += f" generic {one.name}"
    if len(one.keys) == 1 and "psk" in next(iter(one.keys)):
        key = next(iter(one.keys))
        return f"openssl rand -base64 32 | tr -d '\\n' | {create} --from-file={key}=/dev/stdin"
    files = " ".join(f"--from-file={key}" for key in sorted(one.keys) or ["KEY=FILE"])
    return f"{create} {files}"


def _joined(one: RequiredSecret, other: RequiredSecret) -> RequiredSecret:
    readers = one.reader if other.reader in one.reader else f"{one.reader} and {other.reader}"
    return replace(one, reader=readers, keys=one.keys | other.keys, optional=one.optional and other.optional)


def _creates(found: Object) -> Iterator[str]:
    """Yield the names of the Secrets that an object creates."""
    if found.kind == "Secret":
        yield found.name
    elif found.kind == "Certificate" and isinstance(found.data.get("spec"), dict):
        yield str(found.data["spec"].get("secretName", ""))


def _registry_of(pod: dict[str, Any]) -> str:
    """Return the host of the registry that the first container of a pod is pulled from."""
    image = str(next(containers(pod), {}).get("image", ""))
    return image.partition("/")[0] if has_registry(image) else "docker.io"


def _references(pod: dict[str, Any], namespace: str, reader: str) -> Iterator[RequiredSecret]:
    for pull in pod.get("imagePullSecrets") or ():
        yield RequiredSecret(namespace, str(pull["name"]), reader, optional=True, registry=_registry_of(pod))
    for kind, name, place in mentions(pod):
        if kind == "Secret":
            items = [*(place.get("items") or ()), *([place] if "key" in place else [])]
            keys = frozenset(item["key"] for item in items)
            yield RequiredSecret(namespace, name, reader, keys, place.get("optional") is True)
