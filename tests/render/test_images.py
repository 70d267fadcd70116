"""The list of images: every image of every pod spec, what keadm pulls, the mirror, and the formats."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import helm_python
import pytest

from generator import go_yaml, load_site, locations
from generator.errors import InvalidInput
from generator.helm.binary import Binary
from generator.load import LoadedSite
from generator.model.profiles import PROFILES
from generator.render.images.collect import ImageList, PulledImage, images_of, warnings_of
from generator.render.images.formats import write
from generator.render.images.names import folder, has_registry, reference, scope
from tests.golden.test_golden import compare
from tests.helm.binaries import BINARIES
from tests.levels import program

EXAMPLES = sorted((locations.VALUES / "examples").glob("*.yaml"))
EVERYTHING = sorted(locations.CHARTS.glob("*/ci/*.yaml"))
RELEASES = ("1.10", "1.12", "1.14", "1.16", "1.20", "1.23")
TLS = ("1.12", "1.16", "1.23")
ADDRESS = "cloudCore.modules.cloudHub.advertiseAddress[0]=192.0.2.10"
MIRROR = "images.registry=registry.example.com/mirror"
DIGEST = f"sha256:{'0' * 64}"
# What keadm pulls for a site that sets nothing about mosquitto, without its tag if that is the release.
PACKAGE, MQTT = "kubeedge/installation-package", "eclipse-mosquitto:1.6.15"
KEADM = {
    "1.10": set[str](),
    "1.12": {PACKAGE, "kubeedge/pause:3.1", MQTT},
    "1.14": {PACKAGE, "kubeedge/pause:3.6", MQTT},
    "1.16": {PACKAGE, "kubeedge/pause:3.6"},
    "1.20": {PACKAGE},
    "1.23": {PACKAGE},
}


def pod_images(value: Any) -> Iterator[str]:
    """Yield the image of every container anywhere in an object, by the names of the lists only."""
    if isinstance(value, dict):
        for name in ("containers", "initContainers", "ephemeralContainers"):
            yield from (one["image"] for one in value.get(name) or () if isinstance(one, dict))
        for child in value.values():
            yield from pod_images(child)
    elif isinstance(value, list):
        for child in value:
            yield from pod_images(child)


@cache
def chart(name: str) -> Any:
    return helm_python.Chart.load(locations.CHARTS / name)


def rendered(site: LoadedSite) -> set[str]:
    """Return the images of all that Helm renders, hooks and tests included, and the pause images."""
    texts = [
        text
        for name in site.charts
        for path, text in chart(name).render(site.user, name=name, namespace="kubeedge").items()
        if not path.endswith("NOTES.txt")
    ]
    objects = [go_yaml.load(part) for text in texts for part in text.split("\n---\n")]
    configs = [text for one in objects if one for text in (one.get("data") or {}).items()]
    nodes = [go_yaml.load(text) for name, text in configs if name.endswith("edgecore.yaml")]
    pauses = {node["modules"]["edged"]["podSandboxImage"] for node in nodes}
    return pauses | {image for one in objects for image in pod_images(one)}


def by_keadm(site: LoadedSite) -> set[str]:
    """Return the names under which keadm and edgecore pull images for a site."""
    registry = (site.user.get("images") or {}).get("registry")
    found = set()
    for image in KEADM[site.kubeedge.minor]:
        name = image if ":" in image else f"{image}:{site.kubeedge.tag}"
        found.add(f"{registry}/kubeedge/{name.rpartition('/')[2]}" if registry else name)
        if image == MQTT and site.kubeedge.minor == "1.14":
            found.add(name)
    return found


def targets(found: ImageList) -> set[str]:
    return {image.target for image in found.images}


# --- complete --------------------------------------------------------------------------------

# Every profile and example on a release of each TLS mode; what keadm pulls depends on the release only.
CASES = [
    *((path, release, profile) for path in EXAMPLES for release in TLS for profile in PROFILES),
    *((EXAMPLES[-1], release, "plain") for release in RELEASES if release not in TLS),
]


@pytest.mark.long
@pytest.mark.parametrize(
    ("path", "release", "profile"), CASES, ids=lambda one: one.stem if isinstance(one, Path) else one
)
def test_every_image_of_every_pod_is_listed_and_no_other(path: Path, release: str, profile: str) -> None:
    site = load_site([str(path)], profile=profile, set_string=[f"kubeedgeVersion={release}"])
    listed = targets(images_of(site))
    probe = {image for image in listed if "busybox:" in image}
    assert len(probe) == 1
    assert listed == rendered(site) | by_keadm(site) | probe


@pytest.mark.parametrize("path", EVERYTHING, ids=lambda path: path.parts[-3])
def test_every_image_of_a_chart_with_everything_on_is_listed(path: Path) -> None:
    name = path.parts[-3]
    site = load_site([str(path)], charts=(name,))
    expected = rendered(site)
    # The chart has a rollout, with the image that doctor uses.
    assert targets(images_of(site)) == expected | (by_keadm(site) if name == "edgecore" else set())
    assert expected


def test_images_are_sorted_and_listed_once() -> None:
    found = images_of(load_site([str(path) for path in EXAMPLES if path.stem == "factory"], profile="mtls"))
    names = [(image.source, image.target) for image in found.images]
    assert names == sorted(set(names))
    assert found == images_of(found.site)


@pytest.mark.parametrize("name", BINARIES)
def test_both_engines_list_the_same(name: str) -> None:
    site = load_site([str(EXAMPLES[0])], profile="mtls")
    assert images_of(site, engine=Binary(program(name))) == images_of(site, engine="embedded")


# --- uses ------------------------------------------------------------------------------------


def uses_of(found: ImageList, source: str) -> list[tuple[str, bool, str]]:
    """Return the uses of the images with a source: nodes, only in tests, by."""
    return [
        (use.nodes, use.test, use.by)
        for image in found.images
        if image.source.startswith(source)
        for use in image.uses
    ]


def test_an_image_names_its_users_and_their_nodes() -> None:
    on = ["mosquitto.enable=true", "controllerManager.enable=true", "gateway.enable=true", ADDRESS]
    found = images_of(load_site(profile="plain", set=on))
    assert uses_of(found, "kubeedge/cloudcore") == [("cloud", False, "Deployment cloudcore")]
    assert uses_of(found, "kubeedge/edgemesh-agent") == [("any", False, "DaemonSet edgemesh-agent")]
    assert uses_of(found, "eclipse-mosquitto") == [("edge", False, "DaemonSet edge-eclipse-mosquitto")]
    assert uses_of(found, PACKAGE) == [("edge", False, "keadm join")]
    assert uses_of(found, "curlimages/curl") == [
        ("cloud", True, "helm test cloudcore, Pod cloudcore-test"),
        ("edge", True, "helm test edgemesh, Pod edgemesh-test"),
    ]


def test_without_an_image_for_tests_none_is_listed() -> None:
    assert uses_of(images_of(load_site(set=[ADDRESS, "tests.image="])), "curlimages/") == []


def test_doctor_uses_the_image_of_the_rollout() -> None:
    image = "edgeCore.rollout.image.repository=tools/busybox"
    site = load_site(set=[ADDRESS, MIRROR, "edgeCore.rollout.enable=true", image])
    found = images_of(site)
    assert uses_of(found, "busybox") == []
    assert uses_of(found, "tools/busybox") == [
        ("edge", False, "DaemonSet edgecore-rollout"),
        ("edge", True, "generator doctor --probe"),
    ]


def test_without_a_rollout_doctor_must_be_told_the_mirror() -> None:
    found = images_of(load_site(set=[ADDRESS, MIRROR]))
    [(nodes, test, by)] = uses_of(found, "busybox")
    assert (nodes, test) == ("edge", True)
    assert by.startswith("generator doctor --probe --image registry.example.com/mirror/busybox:")


@pytest.mark.parametrize(
    ("release", "values", "by", "variant"),
    [
        ("1.12", {}, "edgecore", "docker"),
        (
            "1.12",
            {"edgeCore": {"modules": {"edged": {"containerRuntime": "remote"}}}},
            "container runtime",
            "",
        ),
        ("1.23", {}, "container runtime", ""),
    ],
)
def test_the_pause_image_names_the_program_that_pulls_it(
    release: str, values: dict[str, Any], by: str, variant: str
) -> None:
    flags = [f"{key}={json.dumps(value)}" for key, value in values.items()]
    site = load_site(set=[ADDRESS], set_string=[f"kubeedgeVersion={release}"], set_json=flags)
    (image,) = [one for one in images_of(site).images if one.source.startswith("kubeedge/pause")]
    (use,) = [one for one in image.uses if one.message]
    assert use.message is not None
    assert (use.by, use.message.code, use.message.variant) == (by, "pause-image", variant)


def test_many_node_groups_are_cut_in_the_text_and_complete_as_json() -> None:
    groups = [f"edgeCore.nodeGroups.g{number:02}.nodeSelector.line=g{number:02}" for number in range(12)]
    found = images_of(load_site(set=[ADDRESS, "edgeCore.rollout.enable=true", *groups]))
    lines = [line for line in write(found, "text").splitlines() if "edgecore-rollout" in line]
    assert len(lines) == 4
    assert "  edge nodes: 8 more" in write(found, "text").splitlines()
    assert len(uses_of(found, "busybox")) == 13
    assert write(found, "json").count("DaemonSet edgecore-rollout") == 12


# --- the mirror ------------------------------------------------------------------------------


def test_without_a_mirror_images_keep_their_names() -> None:
    found = images_of(load_site(set=[ADDRESS]))
    assert found.mirror == ""
    assert all(image.source == image.target for image in found.images)


@pytest.mark.parametrize("release", RELEASES)
def test_all_images_come_from_the_mirror(release: str) -> None:
    versions = [f"kubeedgeVersion={release}", "images.registry=registry.example.com/mirror/"]
    found = images_of(load_site(set=[ADDRESS], set_string=versions))
    assert found.mirror == "registry.example.com/mirror"
    outside = {image.target for image in found.images if not image.target.startswith(f"{found.mirror}/")}
    # edgecore has this name compiled in.
    assert outside == ({MQTT} if release == "1.14" else set())
    plain = images_of(load_site(set=[ADDRESS], set_string=versions[:1]))
    assert {image.source for image in found.images} == targets(plain)


def test_an_image_with_a_registry_or_set_by_hand_keeps_its_name() -> None:
    own = ["agent.image=registry.example.org/agent:1", "edgeCore.modules.edged.podSandboxImage=pause:3"]
    found = images_of(load_site(set=[ADDRESS, MIRROR, *own]))
    kept = {image.source: image for image in found.images if image.source == image.target}
    assert set(kept) == {"registry.example.org/agent:1", "pause:3"}
    assert "registry.example.org/agent:1 (not from images.registry)" in write(found, "text")
    copied = {image.source for image in found.copied}
    assert "pause:3" in copied
    assert "registry.example.org/agent:1" not in copied
    assert "registry.example.org" not in write(found, "skopeo")
    assert "pause:3" not in write(found, "docker", "amd64")


def codes(found: ImageList) -> list[str]:
    return [problem.code for problem in warnings_of(found)]


@pytest.mark.parametrize(
    ("release", "flags", "expected"),
    [
        ("1.10", [], ["keadm-downloads"]),
        ("1.11", [MIRROR], []),
        ("1.12", [MIRROR], []),
        ("1.13", [MIRROR], ["image-not-from-mirror"]),
        ("1.15", [MIRROR], ["image-not-from-mirror"]),
        ("1.15", [], []),
        ("1.15", [MIRROR, "mosquitto.enable=true"], []),
        ("1.15", [MIRROR, "mosquitto.enable=false"], []),
        ("1.16", [MIRROR], []),
        ("1.23", [MIRROR], []),
    ],
)
def test_what_a_mirror_cannot_provide_is_a_warning(
    release: str, flags: list[str], expected: list[str]
) -> None:
    site = load_site(set=[ADDRESS, *flags], set_string=[f"kubeedgeVersion={release}"])
    assert codes(images_of(site)) == expected


def test_the_warning_names_the_key_that_helps() -> None:
    site = load_site(set=[ADDRESS, MIRROR], set_string=["kubeedgeVersion=1.13"])
    (problem,) = warnings_of(images_of(site))
    assert str(problem) == (
        "keadm join: mosquitto.enable: edgecore of KubeEdge 1.13 pulls eclipse-mosquitto:1.6.15 from its "
        "usual registry, not from images.registry (set mosquitto.enable to true: the cloudcore chart then "
        "runs the broker, with the image of the mirror; or to false, without a broker) "
        "[image-not-from-mirror]"
    )


def test_a_site_without_edgecore_has_no_images_of_edge_nodes() -> None:
    found = images_of(load_site(charts=("cloudcore",), set=[ADDRESS], set_string=["kubeedgeVersion=1.10"]))
    assert not uses_of(found, "kubeedge/pause")
    assert not uses_of(found, "busybox")
    assert codes(found) == []


# --- formats ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def legacy() -> ImageList:
    """Return the images of 1.15, where keadm pulls one image under a second name."""
    values = ["kubeedgeVersion=1.15", "edgemeshVersion=1.14"]
    return images_of(load_site(set=[ADDRESS, MIRROR], set_string=values))


@pytest.fixture(scope="module")
def factory() -> ImageList:
    return images_of(load_site([str(locations.VALUES / "examples/factory.yaml")], profile="mtls"))


@pytest.mark.parametrize("form", ["text", "json", "skopeo", "docker"])
@pytest.mark.parametrize("name", ["factory", "legacy"])
def test_formats(name: str, form: str, request: pytest.FixtureRequest) -> None:
    end = {"text": "txt", "json": "json", "skopeo": "yaml", "docker": "sh"}[form]
    text = write(request.getfixturevalue(name), form, "arm64" if form == "docker" else "")
    compare(f"images/{name}.{end}", text, request)


@pytest.mark.parametrize(
    ("arch", "platform"), [("", None), ("amd64", "linux/amd64"), ("arm", "linux/arm/v7")]
)
def test_json_has_the_names_digests_and_platform(factory: ImageList, arch: str, platform: str | None) -> None:
    found = json.loads(write(factory, "json", arch))
    assert (found["kubeedge"], found["mirror"]) == ("v1.23.1", "registry.example.com/mirror")
    assert found["platform"] == platform
    assert {image["digest"] for image in found["images"]} == {None}
    assert {image["target"] for image in found["images"]} == targets(factory)


def test_a_digest_of_the_site_is_listed() -> None:
    found = images_of(load_site(set=[ADDRESS, MIRROR, f"cloudCore.image.digest={DIGEST}"]))
    (image,) = [one for one in found.images if one.digest]
    assert image.source == f"kubeedge/cloudcore@{DIGEST}"
    assert image.target == f"registry.example.com/mirror/kubeedge/cloudcore@{DIGEST}"
    tree = go_yaml.load(write(found, "skopeo", "arm64"))
    assert tree["kubeedge"]["images"]["cloudcore"] == [DIGEST]
    # Only the list of all architectures has this digest.
    assert "skopeo sync --all --scoped --src yaml" in write(found, "skopeo", "arm64")


@pytest.mark.parametrize(
    ("arch", "flags"),
    [
        ("", "skopeo sync --all"),
        ("arm64", "skopeo --override-os linux --override-arch arm64 sync"),
        ("arm", "skopeo --override-os linux --override-arch arm --override-variant v7 sync"),
    ],
)
def test_skopeo_copies_the_architecture(factory: ImageList, arch: str, flags: str) -> None:
    assert f"#   {flags} --scoped --src yaml --dest dir images.yaml mirror\n" in write(
        factory, "skopeo", arch
    )


def test_without_a_mirror_skopeo_copies_all_images_to_a_folder_only() -> None:
    found = images_of(load_site(set=[ADDRESS, "agent.image=registry.example.org:5000/team/agent:1"]))
    text = write(found, "skopeo")
    assert go_yaml.load(text)["registry.example.org:5000"] == {"images": {"team/agent": ["1"]}}
    assert "--dest docker" not in text


def test_an_image_with_a_registry_is_copied_to_the_mirror_alone() -> None:
    own = "cloudCore.image.repository=registry.example.org/team/cloudcore"
    text = write(images_of(load_site(set=[ADDRESS, MIRROR, own])), "skopeo")
    assert "registry.example.org" not in go_yaml.load(text)
    name = "registry.example.org/team/cloudcore:v1.23.1"
    assert f"#   skopeo copy --all docker://{name} docker://registry.example.com/mirror/{name}\n" in text


# skopeo writes each image to a folder below its registry, and pushes it under the path of that folder
# (seen with skopeo 1.9.3). Only the folders matter here, so they have no layers.
SKOPEO = """#!/usr/bin/env python3
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from generator import go_yaml
*_, source, destination = sys.argv
if "yaml" in sys.argv:
    for first, rows in go_yaml.load(Path(source).read_text()).items():
        for image, ends in rows["images"].items():
            for end in ends:
                mark = "@" if end.startswith("sha256:") else ":"
                path = Path(destination, "default.example.com", first, image + mark + end)
                path.mkdir(parents=True)
                (path / "manifest.json").touch()
else:
    for path in sorted(Path(source).rglob("manifest.json")):
        print("push", f"{{destination}}/{{path.parent}}")
"""


def tool(home: Path, name: str, text: str) -> dict[str, str]:
    """Write a program, and return the environment that finds it."""
    path = home / "bin" / name
    path.parent.mkdir()
    path.write_text(text)
    path.chmod(0o755)
    return {"PATH": f"{path.parent}:/usr/bin:/bin"}


def shell(script: str, folder: Path, environment: dict[str, str]) -> list[str]:
    """Run a script and return the lines that it prints."""
    done = subprocess.run(
        ["sh", "-eu", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


@pytest.mark.parametrize("name", ["factory", "legacy"])
def test_the_commands_of_skopeo_push_every_image(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    found: ImageList = request.getfixturevalue(name)
    text = write(found, "skopeo")
    (tmp_path / "images.yaml").write_text(text)
    program = SKOPEO.format(root=str(locations.ROOT)).replace("/usr/bin/env python3", sys.executable)
    commands = "\n".join(line[4:] for line in text.splitlines() if line.startswith("#   "))
    pushed = shell(commands, tmp_path, tool(tmp_path, "skopeo", program))
    wanted = {image.target for image in found.images if image.source != image.target}
    assert wanted <= {line.removeprefix("push ") for line in pushed}


@pytest.mark.parametrize("name", ["factory", "legacy"])
def test_the_script_of_docker_pulls_tags_and_pushes_every_image(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    found: ImageList = request.getfixturevalue(name)
    script = write(found, "docker", "arm")
    ran = shell(script, tmp_path, tool(tmp_path, "docker", '#!/bin/sh\necho "$@"\n'))
    expected = [
        line
        for image in found.images
        if image.source != image.target
        for line in (
            f"pull --platform linux/arm/v7 {image.source}",
            f"tag {image.source} {image.target}",
            f"push {image.target}",
        )
    ]
    assert ran == expected


def test_the_script_of_docker_stops_at_a_failure(factory: ImageList, tmp_path: Path) -> None:
    environment = tool(tmp_path, "docker", '#!/bin/sh\necho "$@" >>ran\n[ "$1" != tag ]\n')
    done = subprocess.run(
        ["sh", "-c", write(factory, "docker", "amd64")], cwd=tmp_path, env=environment, check=False
    )
    assert done.returncode == 1
    assert [line.split()[0] for line in (tmp_path / "ran").read_text().splitlines()] == ["pull", "tag"]


@pytest.mark.parametrize("name", ["factory", "legacy"])
def test_the_script_of_docker_passes_shellcheck(name: str, request: pytest.FixtureRequest) -> None:
    script = write(request.getfixturevalue(name), "docker", "amd64")
    done = subprocess.run(["shellcheck", "-"], input=script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_docker_rejects_all_that_it_cannot_copy() -> None:
    digests = [f"{part}.image.digest={DIGEST}" for part in ("cloudCore", "iptablesManager")]
    found = images_of(load_site(set=[ADDRESS, *digests]))
    with pytest.raises(InvalidInput) as caught:
        write(found, "docker", "amd64")
    says = "docker cannot push an image under a digest (use --format skopeo, which copies images with their"
    assert str(caught.value).splitlines()[1:] == [
        f"--format: kubeedge/cloudcore@{DIGEST}: {says} digests) [image-by-digest]",
        f"--format: kubeedge/iptables-manager@{DIGEST}: {says} digests) [image-by-digest]",
        "3 problems found.",
    ]
    assert caught.value.problems[0].code == "no-mirror"


# --- names -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parts", "path", "registry"),
    [
        ("busybox:1.37.0", ("library", "busybox"), "busybox:1.37.0", False),
        ("busybox", ("library", "busybox"), "busybox:latest", False),
        ("library/busybox:1", ("library", "busybox"), "busybox:1", False),
        ("a/b/c:1", ("a", "b/c"), "a/b/c:1", False),
        (f"a/b:1@{DIGEST}", ("a", "b"), f"a/b@{DIGEST}", False),
        ("localhost/a:1", ("localhost", "a"), "localhost/a:1", True),
        ("r.example.com:5000/a:1", ("r.example.com:5000", "a"), "r.example.com:5000/a:1", True),
        ("r.example.com/a", ("r.example.com", "a"), "r.example.com/a:latest", True),
    ],
)
def test_names_of_images(name: str, parts: tuple[str, str], path: str, registry: bool) -> None:
    assert scope(name) == parts
    assert folder(name) == path
    assert has_registry(name) is registry


def test_a_digest_counts_more_than_a_tag() -> None:
    assert reference(f"a/b:1@{DIGEST}") == ("a/b", DIGEST)
    assert PulledImage(f"a@{DIGEST}", "b", ()).digest == DIGEST
    assert PulledImage("a:1", "b", ()).digest == ""
