"""The steps by hand that follow the steps carried out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from generator.diff.report import report
from generator.diff.sources import SideSource
from generator.helm.releases import LiveRelease
from generator.install.access import renew_command
from generator.install.order import Order
from generator.install.plan import InstallPlan, InstallStep, rendered_objects
from generator.install.plan_text import by_hand_text
from generator.kube.objects import Object
from generator.load import load_site
from generator.render.site import Rendering, render_site
from generator.secrets.masks import Masker
from tests.cli.conftest import ADDRESS

SWITCH = Order(("cloudcore", "edgecore"), ("edgemesh",), "on", ("cloudcore", "edgecore", "edgemesh"))


def rendering_of(profile: str, version: str) -> Rendering:
    """Render a site."""
    site = load_site(profile=profile, set=(ADDRESS,), set_string=(f"kubeedgeVersion={version}",))
    return render_site(site)


def step(chart: str, wanted: Rendering, before: Rendering, version: str) -> InstallStep:
    """Return the upgrade of a chart from one rendering to another."""
    was, now = (rendered_objects(each, chart) for each in (before, wanted))
    live = LiveRelease(chart, "kubeedge", chart, 1, "deployed", "", values={"kubeedgeVersion": version})
    same: list[Object] = []
    nothing = report(SideSource("a", same), SideSource("b", same))
    return InstallStep(
        chart, chart, now, live, report(SideSource("before", was), SideSource("after", now)), nothing
    )


def switched(version: str, *charts: str, before: str = "") -> str:
    """Return the steps by hand after the first run of a switch to TLS."""
    wanted, was = rendering_of("one-way", version), rendering_of("plain", before or version)
    steps = [step(chart, wanted, was, before or version) for chart in charts]
    plan = InstallPlan(wanted, SWITCH, steps, ["edge-1"], [], Masker([]), tls=True)
    plan.done.extend(plan.now)
    return by_hand_text(plan)


@pytest.mark.parametrize(("version", "renews"), [("v1.23.1", True), ("v1.17.0", True), ("v1.16.6", False)])
def test_command_for_access_objects_is_shown_if_cloudcore_does_not_heal(version: str, renews: bool) -> None:
    text = switched(version, "cloudcore", "edgecore", "edgemesh")
    assert (
        "then run the same command again with --nodes-done; it then upgrades the Helm releases "
        "edgemesh [step-nodes-done]\n" in text
    )
    assert (f"  {renew_command()}\n" in text) is renews


def test_command_for_access_objects_is_shown_if_no_release_is_left() -> None:
    text = switched("v1.23.1", "cloudcore", "edgecore")
    assert (
        "then run the same command again with --nodes-done; it only sends missing access objects "
        "[step-nodes-done]\n" in text
    )
    assert renew_command() in text


@pytest.mark.parametrize(("before", "upgrade"), [("v1.22.1", True), ("v1.23.1", False)])
def test_upgrade_of_edgecore_is_a_step_if_its_release_changes(before: str, upgrade: bool) -> None:
    text = switched("v1.23.1", "edgecore", before=before)
    assert ("upgrade edgecore to v1.23.1 on every edge node" in text) is upgrade


AGENTS = "kubectl --namespace kubeedge rollout restart daemonset/edgemesh-agent"


@pytest.mark.parametrize(
    ("version", "charts", "asked", "command"),
    [
        ("v1.23.1", ("edgecore",), True, True),
        # This upgrade restarts the agents.
        ("v1.23.1", ("edgecore", "edgemesh"), True, False),
        ("v1.13.5", ("edgecore",), False, False),
    ],
)
def test_pods_on_nodes_are_restarted_after_edgecore(
    version: str, charts: tuple[str, ...], asked: bool, command: bool
) -> None:
    text = switched(version, *charts)
    assert ("edgecore rejects the token that they have [step-restart-edge-pods]" in text) is asked
    assert (AGENTS in text) is command


def test_pods_need_no_restart_with_plain() -> None:
    wanted, was = rendering_of("plain", "v1.23.1"), rendering_of("one-way", "v1.23.1")
    one = step("edgecore", wanted, was, "v1.23.1")
    plan = InstallPlan(wanted, Order(("edgecore",)), [one], ["edge-1"], [], Masker([]))
    plan.done.append(one)
    assert "step-restart-edgecore" in by_hand_text(plan)
    assert "step-restart-edge-pods" not in by_hand_text(plan)


def test_new_addresses_of_cloudcore_need_a_new_certificate() -> None:
    wanted, was = rendering_of("plain", "v1.23.1"), rendering_of("plain", "v1.23.1")
    other = render_site(
        load_site(profile="plain", set=("cloudCore.modules.cloudHub.advertiseAddress[0]=192.0.2.9",))
    )
    steps = [step("cloudcore", other, was, "v1.23.1")]
    plan = InstallPlan(wanted, Order(("cloudcore",)), steps, ["edge-1"], [], Masker([]))
    plan.done.extend(plan.now)
    assert "delete secret cloudcoresecret    (never casecret)" in by_hand_text(plan)


def test_workload_with_drifted_config_must_be_restarted() -> None:
    wanted = rendering_of("plain", "v1.23.1")
    now = rendered_objects(wanted, "cloudcore")
    drifted = [replace(one, data=_other_config(one.data), text="") for one in now]
    one = step("cloudcore", wanted, wanted, "v1.23.1")
    one.drift = report(SideSource("installed", now), SideSource("live", drifted))
    plan = InstallPlan(wanted, Order(("cloudcore",)), [one], ["edge-1"], [], Masker([]))
    plan.done.append(one)
    assert "rollout restart deployment/cloudcore) [step-restart-pods]" in by_hand_text(plan)


def _other_config(data: dict[str, Any]) -> dict[str, Any]:
    if "cloudcore.yaml" not in (data.get("data") or {}):
        return data
    text = data["data"]["cloudcore.yaml"].replace("nodeLimit: 1000", "nodeLimit: 1001")
    assert text != data["data"]["cloudcore.yaml"]
    return {**data, "data": {"cloudcore.yaml": text}}
