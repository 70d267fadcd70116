"""`helm template --set profile=P` and `generator render --profile P` give the same documents."""

from __future__ import annotations

import re
import subprocess

import pytest

from generator import load_site, render_site
from generator.components import CHARTS
from generator.model.profiles import PROFILES
from tests.charts.conftest import ROOT
from tests.helm.binaries import BINARIES
from tests.levels import program

ADDRESS = "cloudCore.modules.cloudHub.advertiseAddress[0]=192.0.2.10"
GUIDE = {
    "one-way": (
        "edgemesh",
        "agent.kubeAPIConfig.metaServer.security.requireAuthorization=true",
        "agent.kubeAPIConfig.metaServer.security.insecureSkipTLSVerify=true",
    ),
    "two-way": (
        "edgemesh",
        "agent.kubeAPIConfig.metaServer.security.requireAuthorization=true",
        "agent.metaServerSecret=metaserver-certs",
    ),
    "cloudcore": (
        "cloudcore",
        "cloudCore.modules.dynamicController.enable=true",
        "cloudCore.featureGates.requireAuthorization=true",
        ADDRESS,
    ),
    "edgemesh-readme": (
        "edgemesh",
        "agent.psk=bm90IGEgcmVhbCBrZXksIG9ubHkgZm9yIGEgdGVzdCE=",
        "agent.relayNodes[0].nodeName=k8s-master",
        "agent.relayNodes[0].advertiseAddress={192.0.2.20}",
    ),
}


def helm_template(binary: str, chart: str, *flags: str) -> dict[tuple[str, str], str]:
    """Run `helm template` as an operator would; map (kind, name) to the text of each document."""
    command = [
        program(binary),
        "template",
        chart,
        str(ROOT / "charts" / chart),
        "--namespace",
        "kubeedge",
    ]
    for flag in flags:
        command += ["--set", flag]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return by_identity(run.stdout)


def by_identity(stream: str) -> dict[tuple[str, str], str]:
    """Split a stream into documents; source comments and test hooks are left out."""
    found = {}
    for part in re.split(r"^---$", stream, flags=re.MULTILINE):
        text = re.sub(r"^# Source: .*\n", "", part.strip("\n"), flags=re.MULTILINE).strip("\n")
        if text and "helm.sh/hook: test" not in text and '"helm.sh/hook": test' not in text:
            kind = re.search(r"^kind: (\S+)", text, re.MULTILINE)
            name = re.search(r"^  name: (\S+)", text, re.MULTILINE)
            assert kind, text
            assert name, text
            found[kind[1], name[1].strip('"')] = text
    return found


@pytest.mark.parametrize("binary", BINARIES)
@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_renders_the_same_with_helm(profile: str, chart: str, binary: str) -> None:
    site = load_site(profile=profile, set=[ADDRESS], charts=[chart])
    ours = by_identity(render_site(site, engine="embedded").manifests)
    assert helm_template(binary, chart, f"profile={profile}", ADDRESS) == ours
    assert ours


@pytest.mark.parametrize("binary", BINARIES)
@pytest.mark.parametrize("name", GUIDE)
def test_the_flags_of_the_guide_render_the_same_with_helm(name: str, binary: str) -> None:
    chart, *flags = GUIDE[name]
    site = load_site(set=flags, charts=[chart])
    assert helm_template(binary, chart, *flags) == by_identity(render_site(site, engine="embedded").manifests)
