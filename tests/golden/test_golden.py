"""The exact rendering of every profile in every TLS mode.

`make golden` rewrites the files; read the diff before you commit it. The CRDs are only in crds.yaml,
because they are the same in every profile.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from generator import load_site, render_site
from generator.model.profiles import PROFILES
from generator.render.site import stream

FOLDER = Path(__file__).parent
# The last minor release of every TLS mode.
TLS_MODES = ("1.11", "1.13", "1.16", "1.22", "1.23")
CASES = [
    (profile, kubeedge)
    for profile in ("unset", *PROFILES)
    for kubeedge in TLS_MODES
    if kubeedge != "1.11" or profile in ("unset", "plain")
]
SITE = [
    "cloudCore.modules.cloudHub.advertiseAddress[0]=192.0.2.10",
    "agent.relayNodes[0].nodeName=relay-1",
    "agent.relayNodes[0].advertiseAddress[0]=192.0.2.20",
]


def compare(name: str, text: str, request: pytest.FixtureRequest) -> None:
    """Compare a text with its golden file, or write the file."""
    path = FOLDER / name
    if request.config.getoption("--rewrite-golden"):
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8") == text, f"{name} differs; `make golden` rewrites it"


@pytest.mark.parametrize(("profile", "kubeedge"), CASES)
def test_profile(profile: str, kubeedge: str, request: pytest.FixtureRequest) -> None:
    chosen = None if profile == "unset" else profile
    site = load_site(profile=chosen, set_string=[*SITE, f"kubeedgeVersion={kubeedge}"])
    documents = [
        d for d in render_site(site, engine="embedded").documents if d.kind != "CustomResourceDefinition"
    ]
    compare(f"{profile}-{kubeedge}.yaml", stream(documents), request)


def test_crds(request: pytest.FixtureRequest) -> None:
    site = load_site(set=["crds.istio=true", *SITE])
    documents = [
        d for d in render_site(site, engine="embedded").documents if d.kind == "CustomResourceDefinition"
    ]
    compare("crds.yaml", stream(documents), request)
