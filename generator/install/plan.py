"""The plan of an installation: each release with its action and changes, in order, and the blockers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from generator.catalogue.message import say
from generator.components import KUBEEDGE, VERSION_KEYS
from generator.diff.live import objects_of
from generator.diff.report import DiffReport, report
from generator.diff.sources import SideSource
from generator.errors import Problem
from generator.helm.releases import HelmReleases, LiveRelease
from generator.install.drift import Live, drift, read_live, repairable
from generator.install.nodes import labels_of, read_nodes
from generator.install.order import Gates, Order, ca_changes, gates, order
from generator.install.prerequisites import (
    missing_namespaces,
    missing_secrets,
    required_secrets,
    with_certificate_keys,
)
from generator.install.rewritten import AGGREGATION
from generator.io.kubectl import Kubectl
from generator.kube.objects import Identity, Object
from generator.kube.rollout import Labels, claimed, daemonsets, with_counts
from generator.render.site import Rendering
from generator.secrets.masks import Masker
from generator.secrets.trees import secret_lines
from generator.upstream import Release
from generator.upstream.releases import default_release

# cloudcore keeps an objectsync for each object on each node.
SYNCS = "objectsyncs.reliablesyncs.kubeedge.io"
DELETE_SYNCS = f"kubectl delete {SYNCS} --all --all-namespaces"
INSTALL, UPGRADE, NOTHING = "install", "upgrade", "nothing"


@dataclass
class InstallStep:
    """One release: what is installed, what will be, and the changes between them."""

    chart: str
    name: str
    objects: list[Object]
    live: LiveRelease | None
    changes: DiffReport
    drift: DiffReport
    # Roles that a controller created again after an earlier uninstall; they block Helm, so delete them first.
    leftovers: list[Object] = field(default_factory=list)
    same_values: bool = True

    @property
    def action(self) -> str:
        """Return install, upgrade or nothing."""
        if self.live is None or self.live.leaving:
            return INSTALL
        whole = self.live.deployed and self.same_values
        return NOTHING if whole and not self.changes.differences and not repairable(self.drift) else UPGRADE


@dataclass
class InstallPlan:
    """All steps in order. If the run stops for the edge nodes, the later steps need another run."""

    rendering: Rendering
    order: Order
    steps: list[InstallStep]
    nodes: list[str]
    problems: list[Problem]
    masker: Masker
    # Whether TLS of the endpoint is on in any component of this site.
    tls: bool = False
    # The edge nodes that the rollout changes, each with its DaemonSet.
    rolled: Mapping[str, str] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)
    # The steps that were carried out.
    done: list[InstallStep] = field(default_factory=list)

    @property
    def now(self) -> list[InstallStep]:
        """Return the steps that this run carries out."""
        wanted = self.order.before if self.stops else self.order.charts
        return [step for step in self.steps if step.chart in wanted and step.action != NOTHING]

    @property
    def later(self) -> list[InstallStep]:
        """Return the steps that wait for the edge nodes."""
        late = self.order.after if self.stops else ()
        return [step for step in self.steps if step.chart in late and step.action != NOTHING]

    @property
    def by_hand(self) -> list[str]:
        """Return the edge nodes that the user changes by hand."""
        return [name for name in self.nodes if name not in self.rolled]

    @property
    def stops(self) -> bool:
        """Return whether edge nodes must be changed by hand between this run and the later steps."""
        if not self.order.switch or not self.by_hand:
            return False
        first = {"edgecore", *self.order.switched} & set(self.order.before)
        return any(step.chart in first and step.action != NOTHING for step in self.steps)

    @property
    def asks_for_nodes(self) -> bool:
        """Return whether the edge nodes must be switched before the steps of this run."""
        return bool(self.order.switch and self.by_hand and self.order.after) and not self.stops

    def follows_rollout(self, step: InstallStep) -> bool:
        """Return whether the rollout must be done before a step of this run."""
        return bool(self.rolled and self.order.switch) and step.chart in self.order.after

    def follows_nodes(self, *, nodes_done: bool) -> bool:
        """Return whether this run follows the switch of the edge nodes and must wait for them."""
        return bool(nodes_done and self.nodes and not self.stops and (self.now or self.tls))

    @property
    def nodes_change(self) -> bool:
        """Return whether the steps that were carried out change edgecore.yaml."""
        found = (one for step in self.done for side in (step.changes, step.drift) for one, _ in side.impacts)
        return any(one.code == "edgecore-restart" for one in found)


def make_plan(
    rendering: Rendering, releases: HelmReleases, kubectl: Kubectl, *, flags: str = "", adopt: bool = False
) -> InstallPlan:
    """Compare a rendering with the cluster; raise HelmError or ClusterError.

    `flags` are the flags that select the site, for the commands in a fix. With `adopt`, objects of no release
    or of another release become part of this one.
    """
    site = rendering.site
    objects = {chart: rendered_objects(rendering, chart) for chart in site.charts}
    everything = [one for found in objects.values() for one in found]
    found = {chart: releases.find(rendering.releases[chart]) for chart in site.charts}
    before = [one for release in found.values() if release for one in objects_of(release)]
    live = read_live(kubectl, {one.identity: one for one in [*everything, *before]}.values())
    masker = Masker([*everything, *live.values()], secret_lines(site.user))
    nodes = read_nodes(kubectl)
    labels = labels_of(nodes)
    steps = {
        chart: _step(chart, rendering, objects[chart], found[chart], live, labels) for chart in site.charts
    }
    was, will = gates(before), gates(everything)
    other_ca = ca_changes(_tls_releases(found, was, will), site.kubeedge)
    placed = order(site.charts, was, will, site.kubeedge, other_ca=other_ca)
    chosen = [steps[chart] for chart in placed.charts]
    made = InstallPlan(rendering, placed, chosen, [*nodes], [], masker, tls=any(will.values()))
    made.rolled = _rolled(everything, labels)
    made.warnings = list(_older(found, site.kubeedge, kubectl))
    problems = _problems(made, live, kubectl, flags, adopt)
    # The command in a fix repeats the flags, which may hold a secret.
    made.problems = [replace(one, message=one.message.map_texts(masker.text)) for one in problems]
    return made


def _rolled(objects: list[Object], nodes: Labels) -> dict[str, str]:
    """Return the edge nodes that the rollout changes, each with its DaemonSet."""
    chosen_by = claimed(daemonsets(objects), nodes)
    return {name: names[0] for name, names in chosen_by.items() if names}


def _tls_releases(found: Mapping[str, LiveRelease | None], was: Gates, will: Gates) -> Iterator[Release]:
    """Yield the KubeEdge releases of the installed charts that keep TLS on."""
    for chart in ("edgecore", "edgemesh"):
        installed = found.get(chart)
        if installed is not None and was.get(chart) and will.get(chart):
            yield installed_kubeedge(installed)


def installed_kubeedge(live: LiveRelease) -> Release:
    """Return the KubeEdge release that a chart was installed for."""
    version = live.values.get(VERSION_KEYS[KUBEEDGE])
    return Release.parse(KUBEEDGE, str(version)) if version else default_release(KUBEEDGE)


def _older(found: Mapping[str, LiveRelease | None], wanted: Release, kubectl: Kubectl) -> Iterator[Problem]:
    """Yield a warning if an older cloudcore would find objects of a newer one: it panics on them.

    Seen with cloudcore 1.12.7 after 1.16.6 (METASERVER_TLS, l).
    """
    live = found.get("cloudcore")
    before = installed_kubeedge(live) if live else default_release(KUBEEDGE)
    if "cloudcore" not in found or wanted.within({"from": before.minor}):
        return
    if next(kubectl.pages("/apis/reliablesyncs.kubeedge.io/v1alpha1/objectsyncs"), None) is not None:
        named = str(before) if live else ""
        message = say(
            "objectsyncs-of-newer-kubeedge", before=named, release=wanted.minor, command=DELETE_SYNCS
        )
        yield Problem(SYNCS, "", message)


def rendered_objects(rendering: Rendering, chart: str) -> list[Object]:
    """Return the objects that a chart renders to."""
    documents = (document for document in rendering.documents if document.chart == chart)
    return [Object(document.data, chart=document.chart, text=document.text) for document in documents]


def _step(
    chart: str,
    rendering: Rendering,
    objects: list[Object],
    installed: LiveRelease | None,
    live: Live,
    nodes: Labels,
) -> InstallStep:
    name = rendering.releases[chart]
    known = None if installed is None or installed.leaving else installed
    before = objects_of(known) if known else []
    label = f"{name} (revision {known.revision})" if known else "nothing"
    step = InstallStep(
        chart,
        name,
        objects,
        installed,
        report(SideSource(label, before), SideSource("this site", with_counts(objects, nodes))),
        drift(before, live, before="the installed release"),
    )
    step.same_values = installed is not None and installed.values == rendering.site.user
    step.leftovers = [live[one.identity] for one in objects if is_leftover(live.get(one.identity))]
    return step


def is_leftover(found: Object | None) -> bool:
    """Return whether the aggregation controller created a role again after it was deleted.

    The controller writes the rules of an aggregated role while its parts are deleted one by one, and so
    creates a role again that belongs to no release. Helm then fails to install.
    """
    if found is None or found.kind != "ClusterRole" or found.data.get("aggregationRule"):
        return False
    managers = {entry.get("manager") for entry in found.metadata.get("managedFields") or ()}
    return managers == {AGGREGATION}


# --- blockers --------------------------------------------------------------------------------


def _problems(made: InstallPlan, live: Live, kubectl: Kubectl, flags: str, adopt: bool) -> Iterator[Problem]:
    site, namespace = made.rendering.site, made.rendering.namespace
    everything = [one for step in made.steps for one in step.objects]
    required = with_certificate_keys(required_secrets(everything, namespace), site)
    secrets = {
        (one["metadata"]["namespace"], one["metadata"]["name"]): one
        for one in kubectl.objects(secret.reference for secret in required)
    }
    asked = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": one.namespace}} for one in required
    ]
    namespaces = {one["metadata"]["name"] for one in kubectl.objects(asked)}
    yield from missing_namespaces(required, secrets, namespaces)
    yield from missing_secrets(required, secrets, site, flags)
    for step in made.steps:
        if not adopt:
            yield from _foreign(step, live, namespace)
        for impact, difference in step.changes.failing(["immutable"]):
            message = say("field-immutable", object=difference.object.title, reason=impact.what)
            yield Problem(f"release {step.name}", "", message)


def _foreign(step: InstallStep, live: Mapping[Identity, Object], namespace: str) -> Iterator[Problem]:
    """Yield the objects that exist and belong to another release, or to none: Helm rejects them."""
    own = {} if step.live is None else {one.identity: one for one in objects_of(step.live)}
    others: dict[str, list[str]] = {}
    for one in step.objects:
        found = live.get(one.identity)
        if found is None or one.identity in own or is_leftover(found):
            continue
        owner = _owner(found)
        if owner != f"{namespace}/{step.name}":
            others.setdefault(owner, []).append(one.title)
    for owner, titles in others.items():
        few = _few(titles)
        message = say("objects-of-other-release", number=len(titles), owner=owner, objects=few)
        yield Problem(f"release {step.name}", "", message)


def _owner(found: Object) -> str:
    annotations = found.metadata.get("annotations") or {}
    name = annotations.get("meta.helm.sh/release-name")
    return f"{annotations.get('meta.helm.sh/release-namespace')}/{name}" if name else ""


def _few(titles: list[str]) -> str:
    return ", ".join(titles[:3]) + (f" and {len(titles) - 3} more" if len(titles) > 3 else "")
