"""Steps by hand that follow the steps carried out, because no Helm release can do them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.catalogue.message import Message, say
from generator.certs.plan import FILES, plan
from generator.errors import Coded
from generator.install import access
from generator.install.node_names import names
from generator.install.plan import INSTALL, InstallPlan, InstallStep, installed_kubeedge
from generator.upstream import Release


@dataclass(frozen=True)
class HandStep(Coded):
    """What to do, the commands for it, and on which machines; "" for the machine with kubectl."""

    message: Message
    commands: tuple[str, ...] = ()
    place: str = ""


def steps_by_hand(made: InstallPlan) -> Iterator[HandStep]:
    """Yield the steps in order."""
    if made.nodes_change:
        yield from _of_nodes(made)
    if any(_renames_cloud(step) for step in made.done):
        yield HandStep(
            say("step-renew-cloudcore-certificate"),
            (
                "kubectl --namespace kubeedge delete secret cloudcoresecret    (never casecret)",
                "kubectl --namespace kubeedge rollout restart deployment/cloudcore",
            ),
        )
    for step in made.done:
        yield from (HandStep(message) for message in _stale_pods(step))
    if made.done == made.now:
        yield from _afterwards(made)


def _of_nodes(made: InstallPlan) -> Iterator[HandStep]:
    """Yield the steps on edge nodes; the rollout does all but the upgrade of the program."""
    if any(_upgrades_edgecore(step, made.rendering.site.kubeedge) for step in made.done):
        message = say("step-upgrade-edgecore", release=made.rendering.site.kubeedge.tag)
        yield HandStep(message, (), _place(made, made.nodes))
    if made.by_hand or not made.nodes:
        for message, commands in _on_nodes(made):
            yield HandStep(message, commands, _place(made, made.by_hand))
    if made.by_hand and made.tls and access.exist(made.rendering.site.kubeedge):
        yield _edge_pods(made)


def _place(made: InstallPlan, nodes: list[str]) -> str:
    return f"each of {names(nodes)}" if made.nodes else "each edge node that joins"


def _afterwards(made: InstallPlan) -> Iterator[HandStep]:
    """Yield the steps that follow once edgecore runs with its new file on every node."""
    later = [step.name for step in made.later]
    kubeedge = made.rendering.site.kubeedge
    renews = made.stops and made.tls and access.exist(kubeedge) and not access.heal(kubeedge)
    if later or renews:
        yield HandStep(say("step-nodes-done", releases=names(later)))
    if renews:
        yield HandStep(say("step-renew-access"), (access.renew_command(),))


def _stale_pods(step: InstallStep) -> Iterator[Message]:
    """Yield the workloads that still run with drifted config, unless the upgrade restarts them."""
    restarted = {one.subject.name for one, _ in step.changes.impacts if one.code == "restart"}
    for one, _ in step.drift.impacts:
        if one.code == "restart-by-hand" and (one.reader or one.subject.name) not in restarted:
            yield say("step-restart-pods", reason=one.sentence)


def _on_nodes(made: InstallPlan) -> Iterator[tuple[Message, tuple[str, ...]]]:
    site = made.rendering.site
    yield say("step-write-edgecore-config"), tuple(_config_commands(made))
    wanted = plan(site)
    server = wanted.pair("server")
    if wanted.tls_mode == FILES and server is not None:
        places = [place.removesuffix(" on every edge node") for place in server.goes_to]
        yield say("step-copy-certificate", places=places), ()
    yield say("step-restart-edgecore"), ()


def _edge_pods(made: InstallPlan) -> HandStep:
    """Return the step that restarts the pods on the nodes, with a command for agents that the run leaves."""
    restarted = {step.chart for step in made.later}
    agents = [one for one in made.rendering.documents if one.kind == "DaemonSet" and one.chart == "edgemesh"]
    commands = tuple(
        f"kubectl --namespace {made.rendering.namespace} rollout restart daemonset/{one.name}"
        for one in agents
        if one.chart not in restarted
    )
    return HandStep(say("step-restart-edge-pods"), commands)


def _config_commands(made: InstallPlan) -> Iterator[str]:
    """Yield the commands that print the edgecore.yaml of each node group."""
    rendering = made.rendering
    for document in rendering.documents:
        if document.chart == "edgecore" and document.kind == "ConfigMap":
            for key in document.data.get("data") or {}:
                path = key.replace(".", "\\.")
                yield (
                    f"kubectl --namespace {rendering.namespace} get configmap {document.name} "
                    f"--output jsonpath='{{.data.{path}}}'"
                )


def _upgrades_edgecore(step: InstallStep, wanted: Release) -> bool:
    """Return whether a step changes the release of edgecore."""
    if step.chart != "edgecore" or step.action == INSTALL or step.live is None:
        return False
    return installed_kubeedge(step.live).tag != wanted.tag


def _renames_cloud(step: InstallStep) -> bool:
    """Return whether the names in cloudcore's certificate change."""
    names = {"advertiseAddress", "dnsNames"}
    changes = (change for one in step.changes.differences for change in one.changes)
    return step.action != INSTALL and any(
        change.file == "cloudcore.yaml" and names & set(map(str, change.path)) for change in changes
    )
