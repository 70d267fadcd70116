"""The Namespace of a rendering, and what the other commands do with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator import go_yaml, load_site, render_site
from generator.diff.sources import Installed, SideSource, _with_namespace
from generator.kube.namespaces import namespace_of
from generator.kube.objects import Object
from tests.cli.conftest import ADDRESS, Run
from tests.cli.conftest import run as run

pytestmark = pytest.mark.long

PRIVILEGED = {"pod-security.kubernetes.io/enforce": "privileged"}
EXAMPLE = str(Path(__file__).parents[2] / "values/examples/factory.yaml")


def daemonset(**pod: Any) -> Object:
    data = {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "a", "namespace": "ns"}}
    return Object({**data, "spec": {"template": {"spec": pod}}})


@pytest.mark.parametrize(
    ("pod", "privileged"),
    [
        ({}, False),
        ({"hostNetwork": True}, True),
        ({"hostPID": True}, True),
        ({"hostNetwork": False, "volumes": [{"name": "a", "secret": {}}]}, False),
        ({"volumes": [{"name": "a", "hostPath": {"path": "/"}}]}, True),
        ({"containers": [{"securityContext": {"privileged": True}}]}, True),
        ({"containers": [{"securityContext": {"capabilities": {"add": ["NET_BIND_SERVICE"]}}}]}, False),
        ({"initContainers": [{"securityContext": {"capabilities": {"add": ["NET_ADMIN"]}}}]}, True),
        ({"containers": [{"ports": [{"containerPort": 1, "hostPort": 1}]}]}, True),
    ],
)
def test_the_level_is_privileged_only_if_a_pod_needs_it(pod: dict[str, Any], privileged: bool) -> None:
    found = namespace_of([daemonset(**pod)], "ns")
    assert found is not None
    assert found["metadata"].get("labels", {}) == (PRIVILEGED if privileged else {})


def test_pods_of_another_namespace_do_not_count() -> None:
    found = namespace_of([daemonset(hostNetwork=True)], "other")
    assert found is not None
    assert "labels" not in found["metadata"]


def test_a_namespace_that_exists_is_not_rendered() -> None:
    there = Object({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ns"}})
    assert namespace_of([there], "ns") is None
    assert namespace_of([], "default") is None
    site = load_site(set=["agent.psk=of-this-test-only"], charts=("edgemesh",))
    plain = render_site(site, namespace="default", engine="embedded")
    assert render_site(site, namespace="default", engine="embedded", with_namespace=True) == plain


def test_only_the_first_file_has_the_namespace(run: Run, tmp_path: Path) -> None:
    run("render", "--set", ADDRESS, "-o", "a")
    run("render", "--set", ADDRESS, "-o", "b", "--without-namespace")
    kinds = [path.parent.name for path in sorted(tmp_path.glob("a/*/manifests.yaml"))
             if "\nkind: Namespace\n" in path.read_text("utf-8")]  # fmt: skip
    assert kinds == ["cloudcore"]
    first = (tmp_path / "a/cloudcore/manifests.yaml").read_text("utf-8")
    assert go_yaml.load(first.split("---\n")[1])["metadata"] == {"name": "kubeedge", "labels": PRIVILEGED}
    other = (tmp_path / "b/cloudcore/manifests.yaml").read_text("utf-8")
    assert first.endswith(other)
    assert "kind: Namespace\n" not in other.replace("  kind: Namespace\n", "")


# --- the other commands ------------------------------------------------------------------------


def test_two_trees_are_compared_without_notes(run: Run) -> None:
    for name, profile in (("a", "plain"), ("b", "one-way"), ("c", "plain")):
        assert run("render", "-f", EXAMPLE, "--profile", profile, "-o", name).exit_code == 0
    same = run("diff", "a", "c")
    assert (same.exit_code, same.stderr) == (0, "")
    assert same.stdout.startswith("a -> c: no difference; ")
    assert same.stdout.count("\n") == 1
    changed = run("diff", "a", "b").stdout
    assert "note: a: " not in changed
    assert "note: b: " not in changed
    # The files beside the manifests are copies of what the ConfigMaps contain.
    assert "ConfigFile" not in changed
    assert "left out" not in changed
    assert "Namespace" not in changed


@pytest.mark.parametrize("flag", ["--with-namespace", "--without-namespace"])
def test_a_stream_and_its_site_are_the_same(run: Run, tmp_path: Path, flag: str) -> None:
    (tmp_path / "a.yaml").write_text(run("render", "--profile", "plain", "--set", ADDRESS, flag).stdout)
    for sides in (("a.yaml", "plain"), ("plain", "a.yaml")):
        ran = run("diff", *sides, "--set", ADDRESS)
        assert ran.exit_code == 0, ran.stdout


def test_a_changed_level_is_a_difference(run: Run, tmp_path: Path) -> None:
    text = run("render", "--profile", "plain", "--set", ADDRESS).stdout
    (tmp_path / "a.yaml").write_text(text.replace("enforce: privileged", "enforce: baseline"))
    ran = run("diff", "a.yaml", "plain", "--set", ADDRESS)
    assert ran.exit_code == 1
    assert "* Namespace kubeedge" in ran.stdout


def test_a_helm_release_has_no_namespace_to_compare() -> None:
    found = Object({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kubeedge"}})
    live = SideSource("release", [], installed=Installed("cloudcore", "cloudcore", "kubeedge"))
    assert _with_namespace(SideSource("a.yaml", [found]), live).objects == []
    assert _with_namespace(live, SideSource("a.yaml", [found])).objects == []


def test_check_finds_nothing_in_a_rendered_tree(run: Run, tmp_path: Path) -> None:
    run("render", "--profile", "one-way-verified", "--set", f"{ADDRESS},kubeedgeVersion=v1.16.6", "-o", "a")
    ran = run("check", *sorted(str(path) for path in tmp_path.glob("a/*/manifests.yaml")))
    assert ran.exit_code == 0, ran.stdout
    assert "Namespace" not in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("labels", "note"),
    [
        (PRIVILEGED, ""),
        ({}, ""),
        ({**PRIVILEGED, "team": "a"}, "Namespace kubeedge: metadata.labels.team"),
    ],
)
def test_import_notes_only_labels_that_are_not_rendered(
    run: Run, tmp_path: Path, labels: dict[str, str], note: str
) -> None:
    text = run("render", "--profile", "plain", "--set", ADDRESS, "--without-namespace").stdout
    found = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kubeedge", "labels": labels}}
    (tmp_path / "a.yaml").write_text(f"---\n{go_yaml.dump(found)}{text}")
    ran = run("import", "a.yaml")
    assert ran.exit_code == 0
    lines = [line for line in (ran.stdout + ran.stderr).splitlines() if "Namespace" in line]
    assert all(note and note in line for line in lines)
    assert bool(lines) is bool(note)


def test_import_notes_a_namespace_without_objects(run: Run, tmp_path: Path) -> None:
    text = run("render", "--profile", "plain", "--set", ADDRESS).stdout
    (tmp_path / "a.yaml").write_text(f"{text}---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: a}}\n")
    ran = run("import", "a.yaml")
    assert "Namespace a: " in ran.stdout + ran.stderr
