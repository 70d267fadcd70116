"""What can be reached that could not, or no longer: services, ingresses, network policies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.diff.impact.classes import Impact, impact
from generator.diff.impact.policies import DIRECTIONS, beyond, flows
from generator.diff.impact.selectors import covers, words
from generator.kube.compare import Change
from generator.kube.objects import Object
from generator.kube.pods import as_list, as_map

_ANYBODY = "any address"


def reach(before: Object | None, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield what can be reached that could not, or no longer, and where TLS ends."""
    yield from _both(after, changes, "reached from outside", _reached(before), _reached(after))
    if before is None:
        yield from _verified(None, after, changes)
        return
    if after.kind == "Service":
        yield from _ranges(before, after, changes)
    elif after.kind == "Ingress":
        yield from _encrypted(before, after, changes)
    elif after.kind == "APIService":
        yield from _verified(before, after, changes)
    elif after.kind == "NetworkPolicy":
        yield from _policy(before, after, changes)


def opened(gone: Object) -> Iterator[Impact]:
    """Yield what can be reached once an object is deleted."""
    if gone.kind == "NetworkPolicy" and not _lets_all_in(gone):
        yield impact("exposed", gone, "its pods are reached by whom no other policy shuts out")


def _policy(before: Object, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield whom a policy lets through that it did not, and which pods it no longer guards."""
    related = [change for change in changes if change.path[0] == "spec"]
    for direction, (_, _, says) in DIRECTIONS.items():
        had, now = (flows(found, direction) for found in (before, after))
        yield from _told(after, related, says, beyond(now, had), beyond(had, now))
    was, selected = (as_map(as_map(found.data.get("spec")).get("podSelector")) for found in (before, after))
    left = [] if covers(selected, was) else [words("pods", was)]
    taken = [] if covers(was, selected) else [words("pods", selected)]
    if left:
        said = f"no longer guards all of: {left[0]}; these are reached by whom no other policy shuts out"
        yield impact("exposed", after, said, related)
    if taken:
        yield impact("closed", after, f"guards as well: {taken[0]}", related)


def _both(
    after: Object, changes: Sequence[Change], says: str, had: Sequence[str], now: Sequence[str]
) -> Iterator[Impact]:
    yield from _told(after, changes, says, [p for p in now if p not in had], [p for p in had if p not in now])


def _told(
    after: Object, changes: Sequence[Change], says: str, gained: Sequence[str], lost: Sequence[str]
) -> Iterator[Impact]:
    if gained:
        yield impact("exposed", after, f"{says}: {', '.join(gained)}", changes)
    if lost:
        yield impact("closed", after, f"no longer {says}: {', '.join(lost)}", changes)


def _ranges(before: Object, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield who may reach a load balancer that both sides have."""
    specs = [as_map(found.data.get("spec")) for found in (before, after)]
    if all(spec.get("type") == "LoadBalancer" for spec in specs):
        had, now = ([*map(str, as_list(spec.get("loadBalancerSourceRanges")))] for spec in specs)
        yield from _both(after, changes, "open to", had or [_ANYBODY], now or [_ANYBODY])


def _encrypted(before: Object, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    had, now = _tls(before), _tls(after)
    related = [change for change in changes if change.path[:2] == ("spec", "tls")]
    for name, says, hosts in (
        ("tls-weakened", "no TLS any more for", [host for host in had if host not in now]),
        ("tls-strengthened", "TLS for", [host for host in now if host not in had]),
    ):
        if hosts:
            yield impact(name, after, f"{says} {', '.join(hosts)}", related)


def _verified(before: Object | None, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield whether the API server checks who answers for an APIService."""
    field = "insecureSkipTLSVerify"
    was, now = (
        as_map(found.data.get("spec")).get(field) is True if found else False for found in (before, after)
    )
    if after.kind == "APIService" and was is not now:
        name = "tls-weakened" if now else "tls-strengthened"
        says = "trusts whatever answers" if now else "checks the certificate of what answers"
        related = [change for change in changes if field in change.path]
        yield impact(name, after, f"the API server {says} for {after.name}", related)


def _tls(found: Object) -> list[str]:
    entries = map(as_map, as_list(as_map(found.data.get("spec")).get("tls")))
    return [str(host) for entry in entries for host in as_list(entry.get("hosts")) or ["any host"]]


def _lets_all_in(found: Object) -> bool:
    """Say whether a policy lets anybody reach the pods that it selects."""
    return any(flow.peer is None and flow.ports is None for flow in flows(found, "Ingress"))


def _reached(found: Object | None) -> list[str]:
    if found is None:
        return []
    spec = as_map(found.data.get("spec"))
    if found.kind in ("Ingress", "Gateway", "HTTPRoute"):
        hosts = [str(rule.get("host") or "any host") for rule in map(as_map, as_list(spec.get("rules")))]
        return hosts or [found.name]
    if found.kind != "Service":
        return []
    kind = spec.get("type", "ClusterIP")
    outside = [str(address) for address in as_list(spec.get("externalIPs"))]
    if kind not in ("NodePort", "LoadBalancer") and not outside:
        return []
    where = " ".join([str(kind), *outside])
    ports = [port for port in as_list(spec.get("ports")) if isinstance(port, dict)]
    return [f"{where} {port.get('port')}/{port.get('protocol', 'TCP')}" for port in ports]
