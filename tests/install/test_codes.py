"""Codes of blockers, reasons and findings that need a whole installation."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from generator.cli import install as install_module
from generator.cli import status as status_module
from generator.helm.releases import LiveRelease
from generator.install import status as reading
from generator.load import load_site
from generator.render.site import Rendering, render_site
from tests.cli.conftest import ADDRESS, Run, run
from tests.install.kubernetes import NODES, node
from tests.install.test_commands import Installed, Objects

__all__ = ["run"]

SYNCS_OF_ALL = "/apis/reliablesyncs.kubeedge.io/v1alpha1/objectsyncs"
PLAIN = ("--profile", "plain", "--set", ADDRESS)
Edit = Callable[[LiveRelease], LiveRelease | None]
Live = Callable[..., Objects]


def rendered(profile: str | None = "plain", **values: Any) -> Rendering:
    """Render a site that has an address of cloudcore."""
    return render_site(load_site(profile=profile, set=(ADDRESS, *values.pop("set", ())), **values))


class Edited(Installed):
    """The releases of a rendered site, each changed by a function."""

    def __init__(self, rendering: Rendering, edit: Edit) -> None:
        super().__init__(rendering)
        self._edit = edit

    def find(self, name: str) -> LiveRelease | None:
        found = super().find(name)
        return self._edit(found) if found else None


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Live:
    """Return a function that makes a cluster in which a rendered site is installed."""

    def made(rendering: Rendering, edit: Edit = lambda found: found) -> Objects:
        releases, cluster = Edited(rendering, edit), Objects(rendering)
        cluster.lists = {NODES: [node("edge-1")]}
        for module in (install_module, status_module):
            monkeypatch.setattr(module, "open_cluster", lambda *_: (releases, cluster))
        monkeypatch.setattr(reading, "SETTLE_SECONDS", 0.0)
        return cluster

    return made


def codes(text: str) -> list[str]:
    """Return the codes at the ends of lines."""
    return re.findall(r"\[([a-z-]+)\]$", text, re.MULTILINE)


def found_codes(run: Run) -> list[str]:
    """Return the codes of what `generator status` finds."""
    return [one["ruleId"] for one in json.loads(run("status", "--format", "json").stdout)["findings"]]


# --- blockers and warnings ------------------------------------------------------------------


def test_objects_of_another_release_block(run: Run, live: Live) -> None:
    live(rendered(), lambda _: None)
    done = run("install", *PLAIN, "--dry-run")
    assert done.exit_code == 1
    assert "objects-of-other-release" in codes(done.stderr)
    assert "exist already and belong to no Helm release: " in done.stderr


def test_a_field_that_cannot_change_blocks(run: Run, live: Live) -> None:
    def other_selector(found: LiveRelease) -> LiveRelease:
        text = re.sub(r"(matchLabels:\n(?: +\S+: \S+\n)*? +kubeedge: )cloudcore", r"\1other", found.manifest)
        return replace(found, manifest=text)

    live(rendered(), other_selector)
    done = run("install", *PLAIN, "--dry-run")
    assert done.exit_code == 1
    assert "field-immutable" in codes(done.stderr)


def test_objects_of_a_newer_cloudcore_are_a_warning(run: Run, live: Live) -> None:
    cluster = live(rendered())
    cluster.lists[SYNCS_OF_ALL] = [{"metadata": {"name": "edge-1.u1"}}]
    done = run("install", *PLAIN, "--set-string", "kubeedgeVersion=v1.16.6", "--dry-run")
    assert "objectsyncs-of-newer-kubeedge" in codes(done.stdout)


# --- the order of a switch ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "version", "expected"),
    [
        ("plain", "one-way", "v1.23.1", ["cloudcore-before-nodes", "edgemesh-after-nodes"]),
        ("one-way", "plain", "v1.23.1", ["cloudcore-after-nodes", "edgemesh-after-nodes"]),
        (
            "plain",
            "one-way",
            "v1.13.5",
            ["cloudcore-after-nodes", "endpoint-unchecked-until-done", "edgemesh-after-nodes"],
        ),
    ],
)
def test_the_order_comes_with_its_reasons(
    run: Run, live: Live, before: str, after: str, version: str, expected: list[str]
) -> None:
    release = f"kubeedgeVersion={version}"
    live(rendered(before, set_string=(release,)))
    done = run("install", "--profile", after, "--set", ADDRESS, "--set-string", release, "--dry-run")
    assert [code for code in codes(done.stdout) if code in {*expected, "cloudcore-before-nodes"}] == expected


# --- findings -------------------------------------------------------------------------------


def test_drift_is_a_finding(run: Run, live: Live) -> None:
    cluster = live(rendered())
    config = next(one for one in cluster.objects_there if one["kind"] == "ConfigMap")
    config["data"] = {"cloudcore.yaml": "modules: {}\n"}
    assert "drift" in found_codes(run)


def test_a_release_that_is_not_deployed_is_a_finding(run: Run, live: Live) -> None:
    live(rendered(), lambda found: replace(found, status="failed"))
    assert found_codes(run).count("release-not-deployed") == 3


def test_profiles_and_tls_that_differ_are_findings(run: Run, live: Live) -> None:
    secured = rendered("one-way")
    config = next(
        one.data for one in secured.documents if one.kind == "ConfigMap" and one.chart == "edgecore"
    )
    other = Installed(secured)
    cluster = live(rendered(), lambda found: other.find("edgecore") if found.name == "edgecore" else found)
    for one in cluster.objects_there:
        if one["kind"] == "ConfigMap" and one["metadata"]["name"] == config["metadata"]["name"]:
            one["data"] = config["data"]
    assert {"profiles-differ", "tls-in-part"} <= set(found_codes(run))
