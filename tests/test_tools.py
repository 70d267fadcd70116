"""The scripts in tools/: two runs at the same time, and interrupted runs."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.helm.binaries import BINARIES

ROOT = Path(__file__).resolve().parents[1]
# A fake Go: waits a moment, logs what it builds, and writes a program to Go's output path.
GO = """#!/bin/sh
[ "$1" = env ] && { echo go1.99.0; exit; }
if [ "$1" = mod ]; then
    mkdir -p "$BUILDS.module/pkg/core"
    touch "$BUILDS.module/pkg/core/core.go" "$BUILDS.module/pkg/core/module.go"
    printf '\t"Dir": "%s",\n' "$BUILDS.module"
    exit
fi
echo started >>"$BUILDS"
sleep "${GO_TAKES:-0.2}"
out=$GOBIN
for argument; do
    [ "${before:-}" = -o ] && out=$argument
    before=$argument
    last=$argument
done
name=$(basename "${last%@*}")
[ -d "$out" ] && out=$out/$name
printf '#!/bin/sh\\n' >"$out"
chmod +x "$out"
"""
SCRIPTS = {
    "helm.sh": list(BINARIES),
    "registry.sh": ["registry"],
    "opinions.sh": ["opinion-1.23", "controller-gen"],
    "control-plane.sh": ["etcd", "kube-apiserver", "kubectl"],
    "kubeedge.sh": ["cloudcore-1.20", "edgecore-1.23", "keadm-1.23", "edge-client"],
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout with the scripts and their input files, and a fake Go."""
    shutil.copytree(ROOT / "tools", tmp_path / "work" / "tools")
    for sources in ("second_opinion", "edge/client"):
        shutil.copytree(ROOT / "tests" / sources, tmp_path / "work" / "tests" / sources)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "go").write_text(GO)
    (tmp_path / "bin" / "go").chmod(0o755)
    return tmp_path / "work"


def start(checkout: Path, script: str, **more: str) -> subprocess.Popen[bytes]:
    above = checkout.parent
    env = {
        "PATH": f"{above / 'bin'}:/usr/bin:/bin",
        "XDG_CACHE_HOME": str(above / "cache"),
        "BUILDS": str(above / "builds"),
        **more,
    }
    return subprocess.Popen(["sh", f"tools/{script}"], cwd=checkout, env=env, start_new_session=True)


@pytest.mark.long
@pytest.mark.parametrize("script", SCRIPTS)
def test_two_runs_at_the_same_time_build_each_program_once(checkout: Path, script: str) -> None:
    runs = [start(checkout, script) for _ in range(2)]
    assert [run.wait(timeout=120) for run in runs] == [0, 0]
    links = checkout / ".tools" / "bin"
    assert set(SCRIPTS[script]) <= {path.name for path in links.iterdir() if os.access(path, os.X_OK)}
    built = (checkout.parent / "builds").read_text().splitlines()
    ours = {path.resolve() for path in links.iterdir() if checkout.parent in path.resolve().parents}
    assert len(built) == len(ours)
    assert not [path.name for path in links.iterdir() if path.name.startswith(".")]


def test_a_stopped_build_leaves_no_files_and_the_next_run_builds_again(checkout: Path) -> None:
    run = start(checkout, "helm.sh", GO_TAKES="30")
    for _ in range(200):
        if (checkout.parent / "builds").exists():
            break
        time.sleep(0.05)
    os.killpg(run.pid, signal.SIGTERM)
    assert run.wait(timeout=30) != 0
    # The shell that builds deletes its files itself, possibly after the shell that we waited for ended.
    for _ in range(200):
        cache = [path.name for path in (checkout.parent / "cache").glob("*/*/*")]
        if cache == ["build.lock"]:
            break
        time.sleep(0.05)
    assert cache == ["build.lock"]
    assert start(checkout, "helm.sh").wait(timeout=120) == 0


def test_the_crds_of_the_gitops_tools_are_one_file(checkout: Path) -> None:
    script = (checkout / "tools" / "gitops_crds.sh").read_text()
    flux = next(line.removeprefix("FLUX=") for line in script.splitlines() if line.startswith("FLUX="))
    folders = {
        "manifests/crds": ["application-crd", "applicationset-crd"],
        f"config/data/flux/{flux}": ["helm-controller", "kustomize-controller", "source-controller"],
        "config/crds/bases": ["external-secrets.io_externalsecrets"],
    }
    # The fake Go has one folder for all modules.
    for folder, names in folders.items():
        place = checkout.parent / "builds.module" / folder
        place.mkdir(parents=True)
        for name in names:
            (place / f"{name}.yaml").write_text(f"file: {name}\n")
    for _ in range(2):
        assert start(checkout, "gitops_crds.sh").wait(timeout=60) == 0
    made = (checkout / ".tools/bin/gitops-crds").read_text()
    names = [name for names in folders.values() for name in names]
    assert made == "".join(f"---\nfile: {name}\n" for name in names)


def test_a_missing_crd_stops_the_script(checkout: Path) -> None:
    assert start(checkout, "gitops_crds.sh").wait(timeout=60) != 0
    assert not (checkout / ".tools/bin/gitops-crds").exists()
    assert [path.name for path in (checkout.parent / "cache").glob("*/*/*")] == ["build.lock"]
