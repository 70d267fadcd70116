"""A plan in words: what would change, in which order, and what is left to do by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from textwrap import indent

from generator.certs.plan import FILES, plan
from generator.diff.formats import writer
from generator.errors import count
from generator.install import access
from generator.install.nodes import names
from generator.install.order import Order
from generator.install.plan import INSTALL, NOTHING, InstallPlan, InstallStep, installed_kubeedge
from generator.upstream import Release


def plan_text(made: InstallPlan) -> str:
    """Write what each release would become."""
    return "".join(f"{line}\n" for line in _plan(made))


def _plan(made: InstallPlan) -> Iterator[str]:
    for step in made.steps:
        late = " (not in this run: the edge nodes come first)" if step in made.later else ""
        yield f"{step.name}: {_headline(step)}{late}"
        if step.action not in (INSTALL, NOTHING) and step.changes.differences:
            yield indent(writer("text")(step.changes), "  ").rstrip("\n")
        if step.drift.differences:
            yield "  changed in the cluster since; what was added stays, all else is put back:"
            yield indent(writer("text")(step.drift), "    ").rstrip("\n")
    yield from (f"warning: {one}" for one in made.warnings)
    if made.order.switch:
        yield ""
        yield from _switch(made)


def _headline(step: InstallStep) -> str:
    live = step.live
    if step.action == INSTALL:
        return f"install, {_kinds(step)}"
    assert live is not None
    if step.action == NOTHING:
        return f"nothing to do (revision {live.revision})"
    state = "" if live.deployed else f", which is {live.status}"
    same = "" if step.changes.differences or step.drift.differences else "; no object changes"
    return f"upgrade of revision {live.revision}{state}{same}"


def _kinds(step: InstallStep) -> str:
    kinds = Counter(one.kind for one in step.objects)
    shown = ", ".join(f"{number} {kind}" for kind, number in kinds.items())
    return f"{count(len(step.objects), 'object')}: {shown}"


def _switch(made: InstallPlan) -> Iterator[str]:
    release = made.rendering.site.kubeedge
    what = f"TLS is switched {made.order.switch}"
    if made.order.switch == "over":
        what = "the endpoints get certificates of another authority"
    yield f"{what}, in the order that cuts no edge application off:"
    nodes = count(len(made.nodes), "edge node") if made.nodes else "edge nodes, of which there are none"
    parts = [", ".join(made.order.before), nodes, ", ".join(made.order.after)]
    yield f"  {' -> '.join(part for part in parts if part)}"
    yield from (f"  {line}" for line in why(made.order, release))


_WHY = {
    (True, "on"): "cloudcore first: without its access rules and approvals a node has no endpoint",
    (True, "off"): "cloudcore last: a node that still has TLS needs its access rules and approvals",
    (
        False,
        "on",
    ): "cloudcore last: it checks callers, and one without a token gets, and believes, an empty list",
    (False, "off"): "cloudcore first: it checks callers, and one without a token gets an empty list",
}


def why(order: Order, release: Release) -> Iterator[str]:
    """Say why a switch goes in its order."""
    at_the_edge = release.within({"from": "1.14"})
    if order.switch != "over":
        yield _WHY[at_the_edge, order.switch]
    if not at_the_edge and order.switch == "on":
        yield "until then nobody is checked at the endpoint, as before: do not stop on the way"
    yield "EdgeMesh after the nodes: its pods restart, and without the endpoint they know no Service"


def by_hand(made: InstallPlan) -> str:
    """Write what is left to do on nodes after the steps that were carried out, "" if nothing is."""
    return "".join(f"{line}\n" for line in _by_hand(made))


def _by_hand(made: InstallPlan) -> Iterator[str]:
    if made.nodes_change:
        yield "By hand, on " + (
            f"each of {names(made.nodes)}:" if made.nodes else "each edge node that joins:"
        )
        yield from (f"  {line}" for line in _on_nodes(made))
    if any(_renames_cloud(step) for step in made.done):
        yield "By hand, if edge nodes use the new addresses (cloudcore's certificate names the old ones):"
        yield "  kubectl --namespace kubeedge delete secret cloudcoresecret    (never casecret)"
        yield "  kubectl --namespace kubeedge rollout restart deployment/cloudcore"
    again = [says for step in made.done for says in _read_again(step)]
    if again:
        yield "By hand, for what was put back:"
        yield from (f"  {says}" for says in again)
    if made.done == made.now:
        yield from _afterwards(made)


def _afterwards(made: InstallPlan) -> Iterator[str]:
    """Yield what follows once edgecore runs with its new file on every node."""
    later = [step.name for step in made.later]
    kubeedge = made.rendering.site.kubeedge
    renews = made.stops and made.tls and access.exist(kubeedge) and not access.heal(kubeedge)
    if not later and not renews:
        return
    rest = f"{names(later)} follow{'' if later[1:] else 's'}" if later else "nothing else is left"
    yield f"Then run the same command again, with --nodes-done: {rest}."
    if renews:
        yield "It waits until the nodes are connected, and has cloudcore send them the access objects that"
        yield "they have not received: until then their pods get 401. By hand, once every node is Ready, for"
        yield "each object that `generator status` names:"
        yield f"  {access.renew_command()}"


def _read_again(step: InstallStep) -> Iterator[str]:
    """Yield whose pods still run with what was changed in the cluster, unless the upgrade restarts them."""
    restarted = {one.subject.name for one, _ in step.changes.impacts if one.name == "restart"}
    for one, _ in step.drift.impacts:
        if one.name == "restart-by-hand" and (one.reader or one.subject.name) not in restarted:
            yield one.says


def _on_nodes(made: InstallPlan) -> Iterator[str]:
    rendering = made.rendering
    namespace = rendering.namespace
    if any(_upgrades_edgecore(step, rendering.site.kubeedge) for step in made.done):
        yield f"upgrade edgecore itself to {rendering.site.kubeedge.tag} on all edge nodes"
    yield "write /etc/kubeedge/config/edgecore.yaml, with the node's own modules.edged.hostnameOverride kept:"
    for document in rendering.documents:
        if document.chart == "edgecore" and document.kind == "ConfigMap":
            for key in document.data.get("data") or {}:
                path = key.replace(".", "\\.")
                yield (
                    f"  kubectl --namespace {namespace} get configmap {document.name} "
                    f"--output jsonpath='{{.data.{path}}}'"
                )
    wanted = plan(rendering.site)
    server = wanted.pair("server")
    if wanted.regime == FILES and server is not None:
        places = ", ".join(place.removesuffix(" on every edge node") for place in server.goes_to)
        yield f"before that, bring the endpoint's certificate there, or edgecore dies: {places}"
    yield "systemctl restart edgecore, and wait until the node is Ready"


def _upgrades_edgecore(step: InstallStep, wanted: Release) -> bool:
    """Say whether a step is for another release of edgecore than the one before."""
    if step.chart != "edgecore" or step.action == INSTALL or step.live is None:
        return False
    return installed_kubeedge(step.live).tag != wanted.tag


def _renames_cloud(step: InstallStep) -> bool:
    """Say whether the names in cloudcore's certificate change."""
    names = {"advertiseAddress", "dnsNames"}
    changes = (change for one in step.changes.differences for change in one.changes)
    return step.action != INSTALL and any(
        change.file == "cloudcore.yaml" and names & set(map(str, change.path)) for change in changes
    )
