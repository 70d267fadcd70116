"""Writes the images of a site: as text, as JSON, for skopeo, and as a script for docker."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import PurePosixPath

from generator import go_yaml
from generator.catalogue.message import say
from generator.errors import InvalidInput, Problem, count, one_line
from generator.render.images.collect import ImageList, ImageUse, PulledImage
from generator.render.images.names import LIBRARY, folder, has_registry, reference, scope
from generator.texts import template

# The architectures that KubeEdge's images exist for (kubeedge v1.23.1 hack/make-rules/crossbuildimage.sh:95).
ARCHES = {"amd64": "linux/amd64", "arm64": "linux/arm64", "arm": "linux/arm/v7"}
_NODES = {"cloud": "cloud nodes", "edge": "edge nodes", "any": "cloud and edge nodes"}
# A fleet has a DaemonSet of the rollout for each node group.
_MOST_USES = 5


def write(found: ImageList, form: str, arch: str = "") -> str:
    """Write the images in a format for an architecture ("" for all); raise InvalidInput.

    `docker` needs an architecture and a mirror, and cannot copy images with a digest.
    """
    return _WRITERS[form](found, ARCHES.get(arch, ""))


# --- text and JSON ---------------------------------------------------------------------------


def _text(found: ImageList, platform: str) -> str:
    lines = [f"{count(len(found.images), 'image')} for {_releases(found)}{_for(platform)}"]
    for image in found.images:
        lines += ["", _title(image, found.mirror)]
        for (nodes, test), uses in groupby(image.uses, lambda use: (use.nodes, use.test)):
            lines += _use_lines(f"{_NODES[nodes]}{', test' if test else ''}", list(uses))
    return "".join(f"{one_line(line)}\n" for line in lines)


def _title(image: PulledImage, mirror: str) -> str:
    if image.source != image.target:
        return f"{image.source} -> {image.target}"
    return f"{image.source} (not from images.registry)" if mirror else image.source


def _use_lines(nodes: str, uses: list[ImageUse]) -> Iterator[str]:
    shown = uses if len(uses) <= _MOST_USES else uses[: _MOST_USES - 1]
    for use in shown:
        yield f"  {nodes}: {use.by}"
        if use.message is not None:
            fix = f" ({use.message.fix})" if use.message.fix else ""
            yield f"    {use.message.what}{fix} [{use.message.code}]"
    if len(shown) < len(uses):
        yield f"  {nodes}: {len(uses) - len(shown)} more"


def _json(found: ImageList, platform: str) -> str:
    data = {
        "kubeedge": found.site.kubeedge.tag,
        "edgemesh": found.site.edgemesh.tag,
        "mirror": found.mirror or None,
        "platform": platform or None,
        "images": [
            {
                "source": image.source,
                "target": image.target,
                "digest": image.digest or None,
                "uses": [_use_as_dict(use) for use in image.uses],
            }
            for image in found.images
        ],
    }
    return json.dumps(data, indent=2) + "\n"


def _use_as_dict(use: ImageUse) -> dict[str, object]:
    shown: dict[str, object] = {"nodes": use.nodes, "test": use.test, "by": use.by}
    if use.message is not None:
        shown |= {"code": use.message.code, "message": use.message.what, "fix": use.message.fix or None}
    return shown


def _releases(found: ImageList) -> str:
    return f"KubeEdge {found.site.kubeedge.tag} and EdgeMesh {found.site.edgemesh.tag}"


def _for(platform: str) -> str:
    return f", {platform}" if platform else ""


# --- skopeo ----------------------------------------------------------------------------------


def _skopeo(found: ImageList, platform: str) -> str:
    apart = [image for image in found.copied if found.mirror and has_registry(image.source)]
    synced = [image for image in found.copied if image not in apart]
    scopes: dict[str, dict[str, list[str]]] = {}
    for image in sorted(synced, key=lambda image: image.source):
        first, rest = scope(image.source)
        ends = scopes.setdefault(first, {}).setdefault(rest, [])
        if reference(image.source)[1] not in ends:
            ends.append(reference(image.source)[1])
    head = template("images-skopeo.yaml.j2").render(
        releases=_releases(found),
        platform=platform,
        flags=_skopeo_flags(found, platform),
        mirror=shlex.quote(found.mirror) if found.mirror else "",
        library=LIBRARY in scopes,
        copies=list(_second_copies(synced, found.mirror)),
        apart=[(_docker_name(image.source), _docker_name(image.target)) for image in apart],
    )
    tree = {first: {"images": dict(sorted(images.items()))} for first, images in sorted(scopes.items())}
    return head + (go_yaml.dump(tree) if tree else "{}\n")


def _docker_name(name: str) -> str:
    return shlex.quote(f"docker://{name}")


def _skopeo_flags(found: ImageList, platform: str) -> str:
    """Return `skopeo sync` with the flags that choose the architecture, or copy all."""
    # The digest in a name is mostly that of the list of all architectures: copy such a list as a whole.
    if not platform or any(image.digest for image in found.copied):
        return "skopeo sync --all"
    system, arch, *variant = platform.split("/")
    more = "".join(f" --override-variant {name}" for name in variant)
    return f"skopeo --override-os {system} --override-arch {arch}{more} sync"


def _second_copies(images: list[PulledImage], mirror: str) -> Iterator[tuple[str, str, str]]:
    """Yield the folder of an image, where it must be so that its target has the right name, and the parent.

    keadm pulls eclipse-mosquitto from the namespace kubeedge of the mirror.
    """
    for image in images:
        if not mirror or image.source == image.target:
            continue
        repository, end = reference(image.target)
        wanted = repository.removeprefix(f"{mirror}/") + ("@" if image.digest else ":") + end
        if wanted != folder(image.source):
            parent = str(PurePosixPath(wanted).parent)
            yield shlex.quote(folder(image.source)), shlex.quote(wanted), shlex.quote(parent)


# --- docker ----------------------------------------------------------------------------------


def _docker(found: ImageList, platform: str) -> str:
    problems = [] if found.mirror else [Problem("--format", "images.registry", say("no-mirror"))]
    copied = [image for image in found.copied if image.source != image.target or not found.mirror]
    problems += [
        Problem("--format", image.source, say("image-by-digest")) for image in copied if image.digest
    ]
    if problems:
        raise InvalidInput(problems)
    return template("images-docker.sh.j2").render(
        releases=_releases(found),
        platform=platform,
        mirror=found.mirror,
        images=[(shlex.quote(image.source), shlex.quote(image.target)) for image in copied],
    )


_WRITERS: dict[str, Callable[[ImageList, str], str]] = {
    "text": _text,
    "json": _json,
    "skopeo": _skopeo,
    "docker": _docker,
}
FORMATS = tuple(_WRITERS)
