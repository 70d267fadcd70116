"""Container images without a registry: Debian's busybox, and the few programs that the pods run."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path

from tests.cluster.control_plane import binary
from tests.edge.machine import run
from tests.edge.releases import releases, version

PAUSE = "kubeedge/pause:3.6"
SMALL = "edge-tests/small:1"
BUSYBOX = Path("/usr/bin/busybox") if Path("/usr/bin/busybox").exists() else Path("/bin/busybox")
FOREVER = ["tail", "-f", "/dev/null"]


def load(names: Iterable[str], period: str, folder: Path) -> None:
    """Import an image of each name into containerd: the client of these tests, curl, KubeEdge's programs.

    The client asks once in a `period`, such as 100ms.
    """
    for name in sorted({*names, PAUSE, SMALL}):
        archive = folder / (re.sub(r"\W", "-", name) + ".tar")
        _write(archive, name, period)
        run("ctr", "--namespace", "k8s.io", "images", "import", archive, edge=True, seconds=120)
        archive.unlink()


def _write(archive: Path, name: str, period: str) -> None:
    """Write an image as `docker save` does."""
    repository, tag = name.rsplit(":", 1)
    base = repository.rsplit("/", 1)[-1]
    files: dict[str, Path] = {"bin/busybox": BUSYBOX}
    command = FOREVER
    if base == "edgemesh-agent":
        files["usr/bin/edgemesh-agent"] = binary("edge-client")
        command = ["/usr/bin/edgemesh-agent", period]
    elif base == "curl":
        files |= _with_libraries("curl")
    elif base == "installation-package":
        (release,) = (one for one in releases() if version(one) == tag)
        files |= {f"usr/local/bin/{one}": binary(f"{one}-{release}") for one in ("edgecore", "keadm")}
    layer = _layer(files)
    digest = hashlib.sha256(layer).hexdigest()
    config = {
        "architecture": "amd64",
        "os": "linux",
        "config": {"Env": ["PATH=/usr/local/bin:/usr/bin:/bin"], "Cmd": command},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
    }
    text = json.dumps(config).encode()
    named = f"{hashlib.sha256(text).hexdigest()}.json"
    manifest = [{"Config": named, "RepoTags": [name], "Layers": ["layer.tar"]}]
    with tarfile.open(archive, "w") as whole:
        for path, data in (
            (named, text),
            ("layer.tar", layer),
            ("manifest.json", json.dumps(manifest).encode()),
        ):
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            whole.addfile(entry, io.BytesIO(data))


def _layer(files: dict[str, Path]) -> bytes:
    """Return the file system: the files, and a link to busybox for each of its commands."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as layer:
        for folder in ("bin", "usr", "usr/bin", "usr/local", "usr/local/bin", "lib", "lib64", "etc", "tmp"):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o1777 if folder == "tmp" else 0o755
            layer.addfile(entry)
        for path, source in files.items():
            layer.add(source.resolve(), path)
        for command in run(BUSYBOX, "--list").split():
            if command not in ("busybox", *(Path(one).name for one in files)):
                entry = tarfile.TarInfo(f"bin/{command}")
                entry.type, entry.linkname = tarfile.SYMTYPE, "busybox"
                layer.addfile(entry)
    return made.getvalue()


def _with_libraries(program: str) -> dict[str, Path]:
    """Return the files of a program of this machine: itself and its shared libraries."""
    found = shutil.which(program)
    assert found, f"{program} is missing"
    listed = subprocess.run(["ldd", found], check=True, capture_output=True, text=True).stdout
    libraries = re.findall(r"(/\S+) \(0x", listed)
    return {one.lstrip("/"): Path(one) for one in (f"/usr/bin/{program}", *libraries)}
