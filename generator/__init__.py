"""One values model for KubeEdge: charts, manifests and node configs for every profile and release.

The public API is three calls, in this order:

    site = generator.load_site(["site.yaml"], profile="mtls")  # validated values, or InvalidInput
    rendering = generator.render_site(site)                    # documents and configs, or HelmError
    written = generator.write_site(rendering, "build")         # files, or UnwritableOutput

The types of arguments, results and exceptions are documented where they are defined.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.load import load_site
    from generator.render.site import render_site
    from generator.render.tree import write_site

__all__ = ["load_site", "render_site", "write_site"]

# Here, because to read it from the metadata of the package takes a quarter of the time of --version.
__version__ = "0.1.0"

_HOME = {
    "load_site": "generator.load",
    "render_site": "generator.render.site",
    "write_site": "generator.render.tree",
}


def __getattr__(name: str) -> Any:
    """Import the three calls on first use: `generator --help` needs none of them."""
    if name not in _HOME:
        raise AttributeError(f"module 'generator' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
