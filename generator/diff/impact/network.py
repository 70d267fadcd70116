"""What becomes reachable or unreachable: services, ingresses, API services, network policies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.catalogue.message import say
from generator.diff.impact.classes import Impact, impact
from generator.diff.impact.policies import DIRECTIONS, beyond, flows
from generator.diff.impact.selectors import covers, selection
from generator.kube.compare import Change
from generator.kube.objects import Object
from generator.kube.pods import as_list, as_map

_ANYBODY = "any address"


def reach(before: Object | None, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield what becomes reachable or unreachable, and where TLS starts or stops."""
    yield from _both(after, changes, "outside", "targets", (_reached(before), _reached(after)))
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
    """Yield what becomes reachable when an object is deleted."""
    if gone.kind == "NetworkPolicy" and not _lets_all_in(gone):
        yield impact(say("exposed", "policy-deleted"), gone)


def _policy(before: Object, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield the connections that a policy starts or stops to allow, and the pods that it protects."""
    related = [change for change in changes if change.path[0] == "spec"]
    for direction in DIRECTIONS:
        had, now = (flows(found, direction) for found in (before, after))
        yield from _impacts(after, related, direction, "flows", (beyond(now, had), beyond(had, now)))
    was, selected = (as_map(as_map(found.data.get("spec")).get("podSelector")) for found in (before, after))
    if not covers(selected, was):
        yield impact(say("exposed", "policy-pods", pods=selection("pods", was)), after, related)
    if not covers(was, selected):
        yield impact(say("closed", "policy-pods", pods=selection("pods", selected)), after, related)


# The added and the removed items, or the old and the new items.
Sides = tuple[Sequence[str], Sequence[str]]


def _both(
    after: Object, changes: Sequence[Change], variant: str, field: str, sides: Sides
) -> Iterator[Impact]:
    had, now = sides
    gained, lost = [one for one in now if one not in had], [one for one in had if one not in now]
    yield from _impacts(after, changes, variant, field, (gained, lost))


def _impacts(
    after: Object, changes: Sequence[Change], variant: str, field: str, differing: Sides
) -> Iterator[Impact]:
    for code, found in zip(("exposed", "closed"), differing, strict=True):
        if found:
            yield impact(say(code, variant, **{field: found}), after, changes)


def _ranges(before: Object, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield the clients that a load balancer of both sides accepts."""
    specs = [as_map(found.data.get("spec")) for found in (before, after)]
    if all(spec.get("type") == "LoadBalancer" for spec in specs):
        had, now = ([*map(str, as_list(spec.get("loadBalancerSourceRanges")))] for spec in specs)
        yield from _both(after, changes, "sources", "addresses", (had or [_ANYBODY], now or [_ANYBODY]))


def _encrypted(before: Object, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    had, now = _tls(before), _tls(after)
    related = [change for change in changes if change.path[:2] == ("spec", "tls")]
    for code, hosts in (
        ("tls-weakened", [host for host in had if host not in now]),
        ("tls-strengthened", [host for host in now if host not in had]),
    ):
        if hosts:
            yield impact(say(code, "ingress", hosts=hosts), after, related)


def _verified(before: Object | None, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield whether the API server verifies the certificate behind an APIService."""
    field = "insecureSkipTLSVerify"
    was, now = (
        as_map(found.data.get("spec")).get(field) is True if found else False for found in (before, after)
    )
    if after.kind == "APIService" and was is not now:
        code = "tls-weakened" if now else "tls-strengthened"
        related = [change for change in changes if field in change.path]
        yield impact(say(code, "api-service", server=after.name), after, related)


def _tls(found: Object) -> list[str]:
    entries = map(as_map, as_list(as_map(found.data.get("spec")).get("tls")))
    return [str(host) for entry in entries for host in as_list(entry.get("hosts")) or ["any host"]]


def _lets_all_in(found: Object) -> bool:
    """Return whether a policy allows every connection to the pods that it selects."""
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
