"""Finds the images: in pod specs, test hooks and edgecore.yaml, and those that keadm pulls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from generator import paths, tables
from generator.catalogue.message import Message, say
from generator.components import NAMESPACE
from generator.errors import Problem
from generator.helm import Document, Engine, open_engine
from generator.kube.objects import Object
from generator.kube.pods import containers, pod_of
from generator.kube.rollout import daemonsets
from generator.kube.selectors import EDGE, node_kind
from generator.load import LoadedSite
from generator.render import keadm
from generator.render.images.names import has_registry
from generator.render.rollout_pod import default_rollout_pod
from generator.render.site import RenderedConfig, find_configs, render_charts

_MIRROR = "images.registry"
_PROBE = "generator doctor --probe"
# The key of edgecore.yaml that names the runtime, which is docker up to 1.13.
_RUNTIMES = ("modules.edged.containerRuntime", "modules.edged.runtimeType")


@dataclass(frozen=True, order=True)
class ImageUse:
    """Who pulls an image: on which nodes (edge, cloud or any), only in tests or not, and which program.

    `message` says where the name of the image is set, if not in the values.
    """

    nodes: str
    test: bool
    by: str
    message: Message | None = field(default=None, compare=False)


@dataclass(frozen=True)
class PulledImage:
    """An image: `source` is its usual name, `target` the name that the site pulls."""

    source: str
    target: str
    uses: tuple[ImageUse, ...]

    @property
    def digest(self) -> str:
        """Return the digest in its name, "" without one."""
        return self.source.partition("@")[2]


@dataclass(frozen=True)
class ImageList:
    """The images of a site by name; `mirror` is images.registry, "" if unset."""

    site: LoadedSite
    mirror: str
    images: tuple[PulledImage, ...]

    @property
    def copied(self) -> tuple[PulledImage, ...]:
        """Return the images to copy to the mirror; all others already have a registry of their own."""
        return tuple(image for image in self.images if not self.mirror or _is_copied(image))


def _is_copied(image: PulledImage) -> bool:
    return image.source != image.target or not has_registry(image.source)


# An image before its uses are collected: its usual name, the name that the site pulls, and a use.
_Found = tuple[str, str, ImageUse]


def images_of(site: LoadedSite, *, engine: str | Engine = "auto") -> ImageList:
    """List the images of a site, sorted by name, each once; raise HelmError if Helm fails."""
    mirror = str(paths.first(site.values, _MIRROR) or "").rstrip("/")
    helm = open_engine(engine) if isinstance(engine, str) else engine
    uses: dict[tuple[str, str], dict[ImageUse, ImageUse]] = {}
    for source, target, use in _found(site, mirror, helm):
        uses.setdefault((source, target), {}).setdefault(use, use)
    images = [PulledImage(*names, tuple(sorted(found))) for names, found in sorted(uses.items())]
    return ImageList(site, mirror, tuple(images))


def warnings_of(found: ImageList) -> list[Problem]:
    """Return what a mirror cannot provide: archives of an old keadm, images whose names cannot be changed."""
    release, problems = found.site.kubeedge, []
    if "edgecore" not in found.site.charts:
        return []
    if release.within({"to": "1.10"}):
        problems.append(Problem("keadm join", "", say("keadm-downloads", release=str(release))))
    for row in _rows(found.site) if found.mirror else ():
        if row.get("mirror") is False:
            message = say("image-not-from-mirror", release=str(release), image=row["image"])
            problems.append(Problem("keadm join", "mosquitto.enable", message))
    return problems


def _found(site: LoadedSite, mirror: str, engine: Engine) -> Iterator[_Found]:
    pulled = _rendered(engine, site.charts, site.user)
    usual = _rendered(engine, site.charts, _without_mirror(site.user)) if mirror else pulled
    # The registry changes only the names of images, so both have the same documents in the same order.
    for plain, document in zip(usual, pulled, strict=True):
        yield from _of_pods(plain, document)
    for before, config in zip(find_configs(usual), find_configs(pulled), strict=True):
        yield from _of_config(before, config)
    if "edgecore" in site.charts:
        yield from _of_probe(usual, pulled, mirror, engine)
        yield from _of_keadm(site)


def _of_pods(usual: Document, document: Document) -> Iterator[_Found]:
    pod, plain = pod_of(Object(document.data)), pod_of(Object(usual.data))
    by = f"{document.kind} {document.name}"
    if document.is_test:
        by = f"helm test {document.chart}, {by}"
    use = ImageUse(node_kind(pod), document.is_test, by)
    for before, container in zip(containers(plain), containers(pod), strict=True):
        yield str(before["image"]), str(container["image"]), use


def _of_config(usual: RenderedConfig, config: RenderedConfig) -> Iterator[_Found]:
    """Yield the pause image of an edgecore.yaml."""
    key = "modules.edged.podSandboxImage"
    source, target = paths.first(usual.data, key), paths.first(config.data, key)
    if config.component != "edgecore" or not target:
        return
    docker = any(paths.first(config.data, runtime) == "docker" for runtime in _RUNTIMES)
    message = say("pause-image", "docker" if docker else "", image=target)
    yield source, target, ImageUse(EDGE, False, "edgecore" if docker else "container runtime", message)


def _of_probe(
    usual: Sequence[Document], pulled: Sequence[Document], mirror: str, engine: Engine
) -> Iterator[_Found]:
    """Yield the image of doctor's pod: that of the rollout if it is on, else that of a rollout by default."""
    source, target, by = _of_rollout(usual), _of_rollout(pulled), _PROBE
    if not target:
        source = target = _image_of(default_rollout_pod({}, engine))
        if mirror:
            # Without a rollout and without the site, doctor does not know the mirror.
            target = _image_of(default_rollout_pod({"registry": mirror}, engine))
            by = f"{_PROBE} --image {target}"
    yield source, target, ImageUse(EDGE, True, by)


def _of_rollout(documents: Iterable[Document]) -> str:
    found = daemonsets(Object(document.data) for document in documents)
    return _image_of(pod_of(found[0])) if found else ""


def _image_of(pod: dict[str, Any]) -> str:
    return str(next(containers(pod))["image"])


def _of_keadm(site: LoadedSite) -> Iterator[_Found]:
    repository = keadm.image_repository(site.values)
    for row in _rows(site):
        source = row["image"] if ":" in row["image"] else f"{row['image']}:{site.kubeedge.tag}"
        target = source
        if repository and row.get("mirror") is not False:
            # keadm drops the first of two parts (kubeedge v1.23.1 keadm/cmd/keadm/app/cmd/util/image.go:80).
            target = f"{repository}/{source.rpartition('/')[2]}"
        yield source, target, ImageUse(EDGE, False, row["by"])


def _rows(site: LoadedSite) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of the table that apply to a site."""
    mqtt = keadm.with_mqtt(site.values, site.kubeedge)
    for row in tables.load("keadm-images.yaml")["images"]:
        if site.kubeedge.within(row) and (mqtt or not row.get("mqtt")):
            yield row


def _rendered(engine: Engine, charts: Iterable[str], values: dict[str, Any]) -> list[Document]:
    names = {chart: chart for chart in charts}
    return list(render_charts(engine, names, values, NAMESPACE, tests=True))


def _without_mirror(values: dict[str, Any]) -> dict[str, Any]:
    images = {key: value for key, value in (values.get("images") or {}).items() if key != "registry"}
    return {**values, "images": images}
