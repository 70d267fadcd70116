"""What can be reached that could not, or no longer: services, ingresses, network policies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.diff.compare import Change
from generator.diff.impact.classes import Impact, impact
from generator.diff.objects import Object
from generator.diff.pods import as_list, as_map


def services(before: Object | None, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield what can be reached from outside the cluster that could not, or no longer."""
    had, now = _reached(before), _reached(after)
    gained, lost = [p for p in now if p not in had], [p for p in had if p not in now]
    if gained:
        yield impact("exposed", after, f"reached from outside: {', '.join(gained)}", changes)
    if lost:
        yield impact("closed", after, f"no longer reached from outside: {', '.join(lost)}", changes)


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
