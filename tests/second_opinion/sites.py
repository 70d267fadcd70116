"""The configs that the generator renders for a release, written to files for its loader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator import load_site, render_site
from generator.components import CHARTS, KUBEEDGE
from generator.load import LoadedSite
from generator.locations import ROOT
from generator.model.profiles import PROFILES
from generator.upstream import Release

ADDRESS = "cloudCore.modules.cloudHub.advertiseAddress[0]=192.0.2.10"
# Values files, and the minors that each is made for.
EXAMPLES = {
    "values/examples/quickstart.yaml": {"from": "1.7"},
    "values/examples/legacy-1.16.yaml": {"from": "1.12", "to": "1.16"},
    "values/examples/factory.yaml": {"from": "1.17"},
    "charts/cloudcore/ci/everything-values.yaml": {"from": "1.23"},
    "charts/edgecore/ci/everything-values.yaml": {"from": "1.23"},
}


def sites(minor: str) -> Iterator[tuple[str, LoadedSite]]:
    """Yield a name and a site for every profile and values file that a release supports."""
    release = Release.parse(KUBEEDGE, minor)
    version = f"kubeedgeVersion={minor}"
    for profile in (None, *PROFILES):
        if profile in (None, "plain") or release.within({"from": "1.12"}):
            yield str(profile), load_site(profile=profile, set_string=[ADDRESS, version])
    for path, span in EXAMPLES.items():
        if release.within(span):
            charts = [path.split("/")[1]] if path.startswith("charts/") else CHARTS
            yield path.replace("/", "-"), load_site([str(ROOT / path)], set_string=[version], charts=charts)


def write_configs(minor: str, folder: Path) -> list[Path]:
    """Write the configs of cloudcore and edgecore of all sites of a release; return their paths."""
    files = []
    for name, site in sites(minor):
        for config in render_site(site, engine="embedded").configs:
            if config.component in ("cloudcore", "edgecore"):
                path = folder / f"{name}-{config.name}"
                path.write_text(config.text, "utf-8")
                files.append(path)
    return files
