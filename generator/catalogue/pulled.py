"""The codes of `generator images`: images that nodes pull, and copies of them in a mirror."""

from __future__ import annotations

from generator.catalogue.entries import error, note, table, warning

ENTRIES = table(
    error(
        "no-mirror",
        means="the site has no mirror to push images to",
        what="is not set, so there is no registry to push the images to",
        fix="set it to your registry, for example --set images.registry=registry.example.com",
        why="`generator images --format docker` writes a script that pushes each image to images.registry.",
    ),
    error(
        "image-by-digest",
        means="docker cannot copy an image that has a digest",
        what="docker cannot push an image under a digest",
        fix="use --format skopeo, which copies images with their digests",
        why="`docker push` takes tags only. It packs the layers again, which may change the digest.",
    ),
    warning(
        "keadm-downloads",
        means="keadm of an old release downloads archives instead of an image",
        what="keadm of {release} downloads edgecore from the internet; a mirror of images cannot help",
        fix="use KubeEdge 1.11 or newer, or install edgecore on the nodes by hand",
        why="From 1.11 on, `keadm join` takes edgecore from an image. Before, it downloads an archive, a "
        "checksum and a systemd unit, and installs mosquitto with the package manager of the node.",
        releases="KubeEdge 1.10 and older",
    ),
    warning(
        "image-not-from-mirror",
        means="edgecore pulls the image of the MQTT broker from its usual registry",
        what="edgecore of {release} pulls {image} from its usual registry, not from images.registry",
        fix="set mosquitto.enable to true: the cloudcore chart then runs the broker, with the image of the "
        "mirror; or to false, without a broker",
        why="edgecore runs the broker as a pod if keadm joins with it. The name of its image is compiled in.",
        releases="KubeEdge 1.13 to 1.15",
    ),
    note(
        "pause-image",
        means="which program pulls the pause image, and where it is set",
        what={
            "docker": "edgecore passes its name to docker: modules.edged.podSandboxImage in edgecore.yaml",
            "": "its name is a setting of the container runtime; podSandboxImage in edgecore.yaml only "
            "protects the image from being removed",
        },
        fix={
            "docker": "",
            "": "set it to {image} on every edge node: sandbox_image in containerd 1, sandbox in "
            "containerd 2, pause_image in CRI-O",
        },
        why="Every pod starts with a container of this image. Up to KubeEdge 1.13, with docker, edgecore "
        "chooses it. containerd and CRI-O pull the image of their own setting.",
    ),
)
