"""The list that `generator render` ends with: what must exist before `kubectl apply`, the order, the nodes.

The cluster is not contacted: the list is for a cluster that has none of it. `generator install` compares
with a cluster.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from generator import paths
from generator.catalogue.message import say
from generator.certs.plan import plan
from generator.components import COMPONENTS
from generator.install.apply_nodes import node_steps
from generator.install.apply_step import APPLY, BEFORE, ApplyStep
from generator.install.needed_objects import needed_objects
from generator.install.order import Order, order
from generator.install.prerequisites import (
    RequiredSecret,
    create_command,
    own_secrets,
    required_secrets,
    with_certificate_keys,
)
from generator.kube.namespaces import BUILT_IN, ENFORCE, PRIVILEGED, needs_privileged
from generator.kube.objects import Object
from generator.kube.pods import is_workload
from generator.render.site import Rendering
from generator.secrets.masks import Masker
from generator.secrets.trees import secret_lines

_NO_INPUT = re.compile(r" -f -(?= |$)")
_NOT_OF_CERTS = re.compile(r" --set-(file|json) ")
ISTIO = "networking.istio.io"
_EXCLUDE = (
    "kubectl --namespace default label services kubernetes "
    "service.edgemesh.kubeedge.io/service-proxy-name= --overwrite"
)


@dataclass(frozen=True)
class BeforeApply:
    """The steps in order, and the namespace of the objects; `renders` says whether it is among them."""

    namespace: str
    renders: bool
    steps: tuple[ApplyStep, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the list as plain data."""
        return {
            "namespace": {"name": self.namespace, "rendered": self.renders},
            "steps": [step.as_dict() for step in self.steps],
        }


@dataclass(frozen=True)
class Typed:
    """How the user called `generator render`; the commands of the list repeat it.

    `site` are the flags of the site that `generator certs` has too, and `everything` are all flags but -o.
    `folder` is that of -o, "" if the manifests are printed.
    """

    site: str
    everything: str
    folder: str = ""

    def of(self, rendering: Rendering) -> Typed:
        """Return flags that show no secret and read no standard input."""
        masker = Masker([], secret_lines(rendering.site.user), digests=False)
        shown = [masker.text(_NO_INPUT.sub(" -f SITE.yaml", text)) for text in (self.site, self.everything)]
        if self.folder and (shown[0] != self.site or _NOT_OF_CERTS.search(self.everything)):
            files = [shlex.quote(f"{self.folder}/{chart}/values.yaml") for chart in rendering.site.charts]
            shown[0] = "".join(f" -f {file}" for file in files)
        return Typed(shown[0], shown[1], self.folder)


def before_apply(rendering: Rendering, typed: Typed) -> BeforeApply:
    """Return what to do before, while and after the manifests of a rendering are applied."""
    typed = typed.of(rendering)
    name = rendering.namespace
    renders = any(one.kind == "Namespace" and one.name == name for one in objects_of(rendering))
    steps = [
        *steps_before(rendering, typed),
        *(_in_folder(rendering, typed.folder) if typed.folder else _in_stream(typed)),
        *_running_nodes(rendering),
        *(node_steps(rendering, typed.site, typed.everything, typed.folder)),
    ]
    return BeforeApply(name, renders, tuple(steps))


def objects_of(rendering: Rendering) -> list[Object]:
    """Return the documents of a rendering as objects of their charts."""
    return [Object(one.data, chart=one.chart) for one in rendering.documents]


# --- before ----------------------------------------------------------------------------------


def steps_before(
    rendering: Rendering, typed: Typed, create: Callable[[RequiredSecret], ApplyStep] | None = None
) -> list[ApplyStep]:
    """Return the steps before the manifests are applied; `create` makes the step of a Secret."""
    objects = objects_of(rendering)
    needed = [*_needed(rendering, objects, typed, create)]
    return [*_namespaces(objects, rendering.namespace, needed), *needed]


def needed_secrets(rendering: Rendering) -> list[RequiredSecret]:
    """Return the Secrets that must exist before the pods, with the keys that are read."""
    found = required_secrets(objects_of(rendering), rendering.namespace)
    own = own_secrets(rendering.site.charts)
    return [one for one in with_certificate_keys(found, rendering.site) if one.reference not in own]


def _needed(
    rendering: Rendering,
    objects: Sequence[Object],
    typed: Typed,
    create: Callable[[RequiredSecret], ApplyStep] | None,
) -> Iterator[ApplyStep]:
    site = rendering.site
    yield from needed_objects(objects, rendering.namespace)
    for one in needed_secrets(rendering):
        yield create(one) if create else secret_step(one, create_command(one, site, typed.site))
    if "cloudcore" in site.charts:
        yield from _files_on_cloud_nodes(rendering, typed)
    if any(one.chart == "edgemesh" and is_workload(one) for one in objects):
        groups = {paths.first(one.data, "spec.group") for one in objects}
        if ISTIO not in groups:
            yield ApplyStep(BEFORE, say("istio-crds-to-install"))
        yield ApplyStep(BEFORE, say("service-to-exclude"), (_EXCLUDE,))


def secret_step(one: RequiredSecret, command: str) -> ApplyStep:
    """Return the step that creates a Secret with a command."""
    variant = "pull" if one.registry else "optional" if one.optional else ""
    keys = sorted(one.keys)
    message = say(
        "secret-to-create",
        variant,
        namespace=one.namespace,
        name=one.name,
        keys=keys or None,
        reader=one.reader,
        registry=one.registry,
    )
    found = {"kind": "Secret", "namespace": one.namespace, "name": one.name, "keys": keys}
    return ApplyStep(BEFORE, message, (command,), {**found, "optional": one.optional})


def _namespaces(objects: Sequence[Object], name: str, needed: Sequence[ApplyStep]) -> Iterator[ApplyStep]:
    """Yield a step for each namespace that must exist first."""
    rendered = {one.name for one in objects if one.kind == "Namespace"}
    named = [step.object.get("namespace", "") for step in needed if step.commands]
    others = [one.namespace for one in objects if one.namespace not in rendered]
    for namespace in dict.fromkeys((name, *others, *named)):
        inside = namespace in rendered
        if namespace in (*BUILT_IN, "") or (inside and namespace not in named):
            continue
        # Applied, so that a later `kubectl apply` of the manifests does not warn.
        create = f"kubectl create namespace {namespace} --dry-run=client --output yaml"
        create += " | kubectl apply --filename -"
        label = f"kubectl label namespace {namespace} {ENFORCE}={PRIVILEGED} --overwrite"
        commands = (create,) if inside or not needs_privileged(objects, namespace) else (create, label)
        message = say("namespace-to-create", "rendered" if inside else "", namespace=namespace)
        yield ApplyStep(BEFORE, message, commands, {"kind": "Namespace", "name": namespace})


def _files_on_cloud_nodes(rendering: Rendering, typed: Typed) -> Iterator[ApplyStep]:
    files = paths.first(rendering.site.values, "cloudCore.streamCertificate.files") or {}
    if files.get("enable") and plan(rendering.site).pair("stream"):
        places = [files[name] for name in ("ca", "cert", "key")]
        command = f"generator certs issue{typed.site} --for streams -o certs"
        yield ApplyStep(BEFORE, say("files-on-cloud-node", places=places), (command,))


# --- apply -----------------------------------------------------------------------------------


def _in_stream(typed: Typed) -> Iterator[ApplyStep]:
    command = f"generator render{typed.everything} | kubectl apply --filename -"
    yield ApplyStep(APPLY, say("manifests-to-apply", "stream"), (command,))


def _in_folder(rendering: Rendering, folder: str) -> Iterator[ApplyStep]:
    charts = order(rendering.site.charts, {}, {}, rendering.site.kubeedge).charts
    for chart in charts:
        if chart == "edgemesh" and "edgecore" in charts:
            yield ApplyStep(APPLY, say("nodes-before-edgemesh"))
        commands = [f"kubectl apply --filename {shlex.quote(f'{folder}/{chart}/manifests.yaml')}"]
        if chart == "cloudcore":
            wait = f"kubectl --namespace {rendering.namespace} rollout status deployment/cloudcore"
            commands.append(wait)
        variant = chart if chart == "cloudcore" else ""
        yield ApplyStep(APPLY, say("manifests-to-apply", variant, chart=chart), tuple(commands))


def _running_nodes(rendering: Rendering) -> Iterator[ApplyStep]:
    """Yield the order for a cluster whose edge nodes run with TLS in the other state."""
    found = running_order(rendering)
    if found is not None:
        message = say("other-order-for-running-nodes", switch=found.switch, order=" -> ".join(found.steps))
        yield ApplyStep(APPLY, message)


def running_order(rendering: Rendering) -> Order | None:
    """Return the order for a cluster whose edge nodes run with TLS in the other state; None without TLS."""
    site = rendering.site
    tls: dict[str, bool] = {}
    for config in rendering.configs:
        row = COMPONENTS[config.component]
        on = paths.first(config.data, row.tls) is True
        tls[row.chart] = tls.get(row.chart, False) or on
    if not site.kubeedge.within({"from": "1.12"}) or not tls:
        return None
    on = any(tls.values())
    return order(site.charts, dict.fromkeys(tls, not on), dict.fromkeys(tls, on), site.kubeedge)
