"""ci/publish-charts.sh, with a registry on loopback."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from generator.components import CHARTS
from generator.publish import export_charts
from tests.ci.repository import CI, run
from tests.helm.binaries import BINARIES
from tests.levels import program
from tests.publish import registry

ARCHIVES = [f"{chart}-0.1.0.tgz" for chart in CHARTS]


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pack the charts once."""
    folder = tmp_path_factory.mktemp("packed")
    export_charts(folder, "tgz")
    return folder


def publish(
    packed: Path, home: Path, tag: str, address: str, flags: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    """Run the script on a copy of the archives."""
    if not (home / "dist").exists():
        shutil.copytree(packed, home / "dist")
    environment = {"HOME": str(home), "PATH": f"{home}/bin:/usr/bin:/bin", "HELM_FLAGS": flags, **more}
    return run(home, str(CI / "publish-charts.sh"), "dist", tag, address, **environment)


def use(home: Path, binary: str) -> None:
    """Make `helm` this binary."""
    (home / "bin").mkdir()
    (home / "bin/helm").symlink_to(program(binary))


@pytest.mark.parametrize("binary", BINARIES)
def test_a_version_is_pushed_once_and_never_replaced(packed: Path, tmp_path: Path, binary: str) -> None:
    use(tmp_path, binary)
    with registry.run() as oci:
        address, flags = f"{oci.address}/kubeedge", " ".join(oci.flags(binary))
        first = publish(packed, tmp_path, "v0.1.0", address, flags)
        assert first.returncode == 0, first.stderr
        assert (first.stdout + first.stderr).count("Pushed: ") == 3
        again = publish(packed, tmp_path, "v0.1.0", address, flags)
        assert (again.returncode, again.stderr) == (0, "")
        assert again.stdout == "".join(f"{address}/{c}:0.1.0: is published already\n" for c in CHARTS)
        (tmp_path / "dist" / ARCHIVES[1]).write_bytes((packed / ARCHIVES[0]).read_bytes())
        changed = publish(packed, tmp_path, "v0.1.0", address, flags)
        assert (changed.returncode, changed.stderr) == (
            1,
            f"{address}/edgecore:0.1.0: exists already with other content (publish a new version)\n",
        )


@pytest.mark.helm
def test_two_machines_push_the_same_manifest(packed: Path, tmp_path: Path) -> None:
    pushed = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        use(tmp_path / name, "helm-4.3")
        with registry.run() as oci:
            done = publish(
                packed, tmp_path / name, "v0.1.0", f"{oci.address}/kubeedge", *oci.flags("helm-4.3")
            )
            pushed.append([line for line in (done.stdout + done.stderr).splitlines() if "Digest: " in line])
    assert len(pushed[0]) == 3
    assert pushed[0] == pushed[1]


@pytest.mark.helm
def test_a_registry_that_does_not_answer_is_a_failure(packed: Path, tmp_path: Path) -> None:
    use(tmp_path, "helm-4.3")
    done = publish(packed, tmp_path, "v0.1.0", "127.0.0.1:1/kubeedge", "--plain-http")
    assert (done.returncode, done.stdout) == (3, "")
    assert "connection refused" in done.stderr


def test_the_tag_must_be_the_version(packed: Path, tmp_path: Path) -> None:
    done = publish(packed, tmp_path, "v0.2.0", "registry.example.com/kubeedge")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        f"dist/{chart}-0.2.0.tgz: does not exist (the tag v0.2.0 must be v and the version in Chart.yaml)"
        for chart in CHARTS
    ]


def test_the_password_is_not_an_argument(packed: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin/helm"
    fake.write_text('#!/bin/sh\necho "$@" >>calls\n[ "$1" = registry ] && cat >password\n[ "$1" != pull ]\n')
    fake.chmod(0o755)
    login = {"REGISTRY_USER": "somebody", "REGISTRY_PASSWORD": "not-to-be-seen-4711"}
    done = publish(packed, tmp_path, "v0.1.0", "registry.example.com:5000/a/b", **login)
    assert done.returncode == 0, done.stderr
    calls = (tmp_path / "calls").read_text()
    assert calls.startswith(
        "registry login registry.example.com:5000 --username somebody --password-stdin\npull oci://"
    )
    assert (tmp_path / "password").read_text() == "not-to-be-seen-4711"
    assert "4711" not in calls + done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [[], ["dist", "v0.1.0"], ["a", "b", "c", "d"]])
def test_wrong_usage(tmp_path: Path, arguments: list[str]) -> None:
    done = run(tmp_path, str(CI / "publish-charts.sh"), *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: ")


def test_the_script_knows_every_chart() -> None:
    assert f"charts='{' '.join(CHARTS)}'" in (CI / "publish-charts.sh").read_text("utf-8")
