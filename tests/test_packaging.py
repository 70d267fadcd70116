"""Packaging and setup: the wheel, the lock file and the Makefile."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from generator.helm import EMBEDDED

ROOT = Path(__file__).parent.parent
NAME = "kubeedge-generator"
PYTHONS = ("3.10", "3.11", "3.12", "3.13")

LOCK = (ROOT / "requirements/dev.lock").read_text("utf-8")
LOCKED = [Requirement(line) for line in LOCK.splitlines() if line and not line.lstrip().startswith("#")]
DIRECT = [Requirement(line) for line in metadata.requires(NAME) or ()]

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = re.findall(r"^([a-z][a-z-]*):(?!=)", MAKEFILE, re.MULTILINE)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Build the wheel once and open it."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def shipped(*folders: str) -> set[str]:
    """Return the files in the folders of the checkout that git tracks."""
    listed = subprocess.run(
        ["git", "ls-files", *folders], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return set(listed.stdout.splitlines())


def test_wheel_contains_every_chart_and_value_file(wheel: zipfile.ZipFile) -> None:
    expected = {f"generator/_share/{name}" for name in shipped("charts", "values")}
    assert expected
    assert expected - set(wheel.namelist()) == set()


def test_wheel_contains_every_file_of_the_package(wheel: zipfile.ZipFile) -> None:
    expected = shipped("generator")
    assert any(name.endswith("edgecore.json") for name in expected)
    assert expected - set(wheel.namelist()) == set()


def test_wheel_contains_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert tops == {"generator", f"kubeedge_generator-{metadata.version(NAME)}.dist-info"}
    assert [name for name in wheel.namelist() if "/tests/test_" in name or name.endswith(".pyc")] == []


def test_wheel_installs_the_command_and_the_licence(wheel: zipfile.ZipFile) -> None:
    (entry_points,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert b"generator = generator.cli:main" in wheel.read(entry_points)
    assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("wanted", DIRECT, ids=str)
def test_lock_has_one_release_of_every_dependency(wanted: Requirement, python: str) -> None:
    environment = {"python_version": python, "python_full_version": f"{python}.99"}
    pins = [
        pin
        for pin in LOCKED
        if pin.name.lower() == wanted.name.lower() and (not pin.marker or pin.marker.evaluate(environment))
    ]
    assert len(pins) == 1, "run: make lock"
    (version,) = (specifier.version for specifier in pins[0].specifier)
    assert wanted.specifier.contains(version), "run: make lock"


def test_lock_names_no_host() -> None:
    assert "://" not in LOCK
    assert all(len(pin.specifier) == 1 and str(pin.specifier).startswith("==") for pin in LOCKED)


def test_installed_packages_are_the_locked_ones() -> None:
    wrong = [
        f"{pin} (installed: {metadata.version(pin.name)})"
        for pin in LOCKED
        if (not pin.marker or pin.marker.evaluate())
        # Setup skips this package on machines without a wheel for it.
        and pin.name != "helm-python-sdk"
        and not pin.specifier.contains(metadata.version(pin.name))
    ]
    assert wrong == [], "run: make setup"


@pytest.mark.parametrize("target", TARGETS)
def test_make_help_lists_every_target(target: str) -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert re.search(rf"^  make {target} +\S", listed.stdout, re.MULTILINE), "its line lacks a ## comment"
    (phony,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert target in phony.split()


def test_make_without_a_target_prints_help() -> None:
    bare, told = (
        subprocess.run(["make", "--no-print-directory", *goals], cwd=ROOT, check=True, capture_output=True)
        for goals in ([], ["help"])
    )
    assert bare.stdout == told.stdout


@pytest.mark.parametrize("url", ["", "https://charts.example.com/kubeedge"])
def test_make_package_packs_the_charts(url: str, tmp_path: Path) -> None:
    for name in ("Makefile", ".venv", "charts"):
        (tmp_path / name).symlink_to(ROOT / name)
    # -o: never set up .venv here.
    done = subprocess.run(
        ["make", "--no-print-directory", "-o", ".venv/.complete", "package", f"URL={url}"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    index = (tmp_path / "dist/charts/index.yaml").read_text("utf-8")
    named = re.findall(r"^    - (.*\.tgz)$", index, re.MULTILINE)
    packed = sorted(path.name for path in (tmp_path / "dist/charts").glob("*.tgz"))
    assert len(packed) == 3
    assert named == [f"{url}/{name}" if url else name for name in packed]


def test_the_advised_embedded_helm_is_the_pinned_one() -> None:
    assert EMBEDDED in [str(wanted).partition(";")[0].strip() for wanted in DIRECT]


def test_no_text_installs_this_project_by_an_unpublished_name() -> None:
    # Anybody could publish a package with this name, so texts may only install the wheel by its path.
    advised = re.compile(rf"pip install\b.*?(?<![\w/.-]){NAME}")
    texts = {
        name: (ROOT / name).read_text("utf-8", "replace") for name in shipped() if (ROOT / name).is_file()
    }
    assert [name for name, text in texts.items() if advised.search(text)] == []
