"""Graphs of sites for the tests, each rendered once."""

from __future__ import annotations

from functools import cache

from generator import load_site, render_site
from generator.graph.build import site_graph
from generator.graph.model import Edge, Graph
from tests.charts.conftest import ROOT

# The last minor release of every TLS mode.
TLS_MODES = ("1.11", "1.13", "1.16", "1.22", "1.23")
PROFILES = ("plain", "one-way", "one-way-verified", "mtls")
CASES = [(p, kubeedge) for p in PROFILES for kubeedge in TLS_MODES if kubeedge != "1.11" or p == "plain"]
SITE = (
    "cloudCore.modules.cloudHub.advertiseAddress[0]=192.0.2.10",
    "agent.relayNodes[0].nodeName=relay-1",
    "agent.relayNodes[0].advertiseAddress[0]=192.0.2.20",
)
FILES = {"factory": "mtls", "legacy-1.16": "one-way-verified"}


@cache
def graph(profile: str | None = None, *values: str, file: str = "") -> Graph:
    """Return the graph of a site with some values, and those of SITE if it has no file."""
    files = [str(ROOT / f"values/examples/{file}.yaml")] if file else []
    given = values if file else (*SITE, *values)
    return site_graph(render_site(load_site(files, profile=profile, set=given), engine="embedded"))


def of_release(profile: str, kubeedge: str) -> Graph:
    """Return the graph of a site in a release."""
    return graph(profile, f"kubeedgeVersion=v{kubeedge}.0")


def edges(found: Graph, purpose: str) -> list[Edge]:
    """Return the edges of a purpose."""
    return [edge for edge in found.edges if edge.purpose == purpose]
