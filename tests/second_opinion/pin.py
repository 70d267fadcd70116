"""Pins the modules that the loader of a release is built from: `python -m tests.second_opinion.pin 1.23`.

Writes go/pins/<minor>.mod and .sum from the row of the release in releases.txt.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.second_opinion.releases import GO, Available, available

# The modules of Kubernetes and others that KubeEdge's API packages import.
STAGING = ("api", "apimachinery", "client-go", "component-base", "kubelet")
STAND_INS = ("kubernetes", "component-helpers")
NEEDED = {
    *(f"k8s.io/{name}" for name in (*STAGING, *STAND_INS, "klog/v2", "utils")),
    "sigs.k8s.io/yaml",
}


def pin(release: Available) -> None:
    """Resolve the modules of a release again."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        for name in STAND_INS:
            shutil.copytree(GO / name, root / name)
        for source in GO.glob("*.go"):
            if f"//go:build {release.types}\n" in source.read_text("utf-8") or "_v1" not in source.name:
                shutil.copy(source, root)
        (root / "go.mod").write_text("\n".join(_lines(release)) + "\n", "utf-8")
        subprocess.run(["go", "mod", "tidy"], cwd=root, check=True)
        shutil.copy(root / "go.mod", GO / "pins" / f"{release.minor}.mod")
        shutil.copy(root / "go.sum", GO / "pins" / f"{release.minor}.sum")


def _lines(release: Available) -> Iterator[str]:
    yield from ("module second_opinion", "go 1.26", f"require {release.module} {release.version}")
    staging = f"v0.{release.kubernetes.removeprefix('1.')}"
    yield from (f"replace k8s.io/{name} => k8s.io/{name} {staging}" for name in STAGING)
    yield from (f"replace k8s.io/{name} => ./{name}" for name in STAND_INS)
    # Modules inside KubeEdge's repository that the loader does not import.
    yield from (f"exclude github.com/kubeedge/{name} v0.0.0" for name in ("api", "beehive", "viaduct"))
    upstream = _module(release)
    # Before Go 1.17 a go.mod lacks indirect modules: without this, go.sum lists those of every program.
    if int(upstream["Go"].split(".")[1]) < 17:
        for row in upstream["Require"]:
            if row["Path"] not in NEEDED and row["Version"] != "v0.0.0":
                yield f"exclude {row['Path']} {row['Version']}"


def _module(release: Available) -> dict[str, Any]:
    download = ["go", "mod", "download", "-json", f"{release.module}@{release.version}"]
    found = json.loads(subprocess.run(download, check=True, capture_output=True, cwd="/").stdout)
    edit = ["go", "mod", "edit", "-json", found["GoMod"]]
    module: dict[str, Any] = json.loads(subprocess.run(edit, check=True, capture_output=True).stdout)
    return module


if __name__ == "__main__":
    for chosen in available():
        if chosen.minor in sys.argv[1:]:
            pin(chosen)
