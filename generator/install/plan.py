"""What an installation has to do: each release with its action and changes, in order; its blockers."""

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
from generator.install.nodes import edge_nodes
from generator.install.order import Gates, Order, gates, moves, order
from generator.install.prerequisites import homeless, missing, needs, with_files
from generator.io.kubectl import Kubectl
from generator.kube.objects import Identity, Object
from generator.render.site import Rendering
from generator.secrets.masks import Masker
from generator.secrets.trees import secret_lines
from generator.upstream import Release
from generator.upstream.releases import default_release

# What cloudcore keeps of each object on each node.
SYNCS = "objectsyncs.reliablesyncs.kubeedge.io"
DELETE_SYNCS = f"kubectl delete {SYNCS} --all --all-namespaces"
INSTALL, UPGRADE, NOTHING = "install", "upgrade", "nothing"


@dataclass
class InstallStep:
    """One release: what it is now, what it will be, and why."""

    chart: str
    name: str
    objects: list[Object]
    live: LiveRelease | None
    changes: DiffReport
    drift: DiffReport
    # Left behind by a controller after an earlier release; in the way, and removed first.
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
    """All steps in order; those after `stop` wait for another run, once the nodes are seen to."""

    rendering: Rendering
    order: Order
    steps: list[InstallStep]
    nodes: list[str]
    problems: list[Problem]
    masker: Masker
    # Whether TLS of the endpoint is on in any part of this site.
    tls: bool = False
    warnings: list[Problem] = field(default_factory=list)
    # The steps that were carried out.
    done: list[InstallStep] = field(default_factory=list)

    @property
    def now(self) -> list[InstallStep]:
        """Return the steps that this run takes."""
        wanted = self.order.before if self.stops else self.order.charts
        return [step for step in self.steps if step.chart in wanted and step.action != NOTHING]

    @property
    def later(self) -> list[InstallStep]:
        """Return the steps that wait for the nodes."""
        late = self.order.after if self.stops else ()
        return [step for step in self.steps if step.chart in late and step.action != NOTHING]

    @property
    def stops(self) -> bool:
        """Say whether the nodes have something to do between this run and the rest."""
        if not self.order.switch or not self.nodes:
            return False
        first = {"edgecore", *self.order.switched} & set(self.order.before)
        return any(step.chart in first and step.action != NOTHING for step in self.steps)

    @property
    def asks_for_nodes(self) -> bool:
        """Say whether the steps of this run are right only after the edge nodes were switched."""
        return bool(self.order.switch and self.nodes and self.order.after) and not self.stops

    def follows_nodes(self, *, nodes_done: bool) -> bool:
        """Say whether this run comes after the edge nodes were switched, and has something to do there."""
        return bool(nodes_done and self.nodes and not self.stops and (self.now or self.tls))

    @property
    def nodes_change(self) -> bool:
        """Say whether the steps that were carried out bring another edgecore.yaml."""
        found = (one for step in self.done for side in (step.changes, step.drift) for one, _ in side.impacts)
        return any(one.code == "edgecore-restart" for one in found)


def make_plan(
    rendering: Rendering, releases: HelmReleases, kubectl: Kubectl, *, flags: str = "", adopt: bool = False
) -> InstallPlan:
    """Compare a rendering with the cluster; raise HelmError or ClusterError.

    `flags` are those that name the site, for commands that are shown; `adopt` says that objects of nobody,
    or of another release, are to become this one's.
    """
    site = rendering.site
    objects = {chart: rendered_objects(rendering, chart) for chart in site.charts}
    everything = [one for found in objects.values() for one in found]
    found = {chart: releases.find(rendering.releases[chart]) for chart in site.charts}
    before = [one for release in found.values() if release for one in objects_of(release)]
    there = read_live(kubectl, {one.identity: one for one in [*everything, *before]}.values())
    masker = Masker([*everything, *there.values()], secret_lines(site.user))
    steps = {chart: _step(chart, rendering, objects[chart], found[chart], there) for chart in site.charts}
    was, will = gates(before), gates(everything)
    over = moves(_tls_releases(found, was, will), site.kubeedge)
    placed = order(site.charts, was, will, site.kubeedge, over=over)
    chosen = [steps[chart] for chart in placed.charts]
    made = InstallPlan(rendering, placed, chosen, edge_nodes(kubectl), [], masker, tls=any(will.values()))
    made.warnings = (
        list(_older(found.get("cloudcore"), site.kubeedge, kubectl)) if "cloudcore" in found else []
    )
    problems = _problems(made, there, kubectl, flags, adopt)
    # A command that is shown repeats what was typed.
    made.problems = [replace(one, message=one.message.map_texts(masker.text)) for one in problems]
    return made


def _tls_releases(found: Mapping[str, LiveRelease | None], was: Gates, will: Gates) -> Iterator[Release]:
    """Yield the releases of KubeEdge that the parts were installed for whose TLS stays on."""
    for chart in ("edgecore", "edgemesh"):
        live = found.get(chart)
        if live is not None and was.get(chart) and will.get(chart):
            yield installed_kubeedge(live)


def installed_kubeedge(live: LiveRelease) -> Release:
    """Return the release of KubeEdge that a chart was installed for."""
    version = live.values.get(VERSION_KEYS[KUBEEDGE])
    return Release.parse(KUBEEDGE, str(version)) if version else default_release(KUBEEDGE)


def _older(live: LiveRelease | None, wanted: Release, kubectl: Kubectl) -> Iterator[Problem]:
    """Yield a warning where an older cloudcore may find objects of a newer one, on which it panics.

    Seen with cloudcore 1.12.7 after 1.16.6 (METASERVER_TLS, l).
    """
    newest = default_release(KUBEEDGE)
    before = installed_kubeedge(live) if live else newest
    if wanted.within({"from": before.minor}):
        return
    if next(kubectl.pages("/apis/reliablesyncs.kubeedge.io/v1alpha1/objectsyncs"), None) is not None:
        found = str(before) if live else ""
        message = say(
            "objectsyncs-of-newer-kubeedge", before=found, release=wanted.minor, command=DELETE_SYNCS
        )
        yield Problem(SYNCS, "", message)


def rendered_objects(rendering: Rendering, chart: str) -> list[Object]:
    """Return the objects that a chart renders to."""
    documents = (document for document in rendering.documents if document.chart == chart)
    return [Object(document.data, chart=document.chart, text=document.text) for document in documents]


def _step(
    chart: str, rendering: Rendering, objects: list[Object], live: LiveRelease | None, there: Live
) -> InstallStep:
    name = rendering.releases[chart]
    known = None if live is None or live.leaving else live
    installed = objects_of(known) if known else []
    label = f"{name} (revision {known.revision})" if known else "nothing"
    step = InstallStep(
        chart,
        name,
        objects,
        live,
        report(SideSource(label, installed), SideSource("this site", objects)),
        drift(installed, there, before="what was installed"),
    )
    step.same_values = live is not None and live.values == rendering.site.user
    step.leftovers = [there[one.identity] for one in objects if is_leftover(there.get(one.identity))]
    return step


def is_leftover(found: Object | None) -> bool:
    """Say whether a role is one that the aggregation controller wrote again after it was deleted.

    It writes the rules of an aggregated role while its parts go away one by one, and so brings back a role
    that is nobody's. Helm then refuses to install.
    """
    if found is None or found.kind != "ClusterRole" or found.data.get("aggregationRule"):
        return False
    managers = {entry.get("manager") for entry in found.metadata.get("managedFields") or ()}
    return managers == {"clusterrole-aggregation-controller"}


# --- blockers --------------------------------------------------------------------------------


def _problems(made: InstallPlan, there: Live, kubectl: Kubectl, flags: str, adopt: bool) -> Iterator[Problem]:
    site, namespace = made.rendering.site, made.rendering.namespace
    everything = [one for step in made.steps for one in step.objects]
    wanted = with_files(needs(everything, namespace), site)
    secrets = {
        (one["metadata"]["namespace"], one["metadata"]["name"]): one
        for one in kubectl.objects(need.reference for need in wanted)
    }
    homes = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": one.namespace}} for one in wanted]
    namespaces = {one["metadata"]["name"] for one in kubectl.objects(homes)}
    yield from homeless(wanted, secrets, namespaces)
    yield from missing(wanted, secrets, site, flags)
    for step in made.steps:
        if not adopt:
            yield from _foreign(step, there, namespace)
        for impact, difference in step.changes.failing(["immutable"]):
            message = say("field-immutable", object=difference.object.title, reason=impact.what)
            yield Problem(f"release {step.name}", "", message)


def _foreign(step: InstallStep, there: Mapping[Identity, Object], namespace: str) -> Iterator[Problem]:
    """Yield the objects that exist and belong to another release, or to none: Helm rejects them."""
    own = {} if step.live is None else {one.identity: one for one in objects_of(step.live)}
    others: dict[str, list[str]] = {}
    for one in step.objects:
        found = there.get(one.identity)
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
