"""`generator images`."""

from __future__ import annotations

from typing import Any

import click

from generator.cli.colour import warn
from generator.cli.command import GeneratorCommand
from generator.cli.options import charts_option, format_option, quiet_option, site_layers, values_options
from generator.cli.progress import progress
from generator.cli.releases import version_options
from generator.cli.result import show

ARCHES = ("amd64", "arm64", "arm")
FORMATS = ("text", "json", "skopeo", "docker")


@click.command(
    cls=GeneratorCommand,
    epilog="skopeo is a file for `skopeo sync --src yaml`; its first lines have the commands. docker is a "
    "script that pulls the images, and pushes them to images.registry.",
)
@values_options
@version_options("that of the site")
@charts_option
@click.option("--arch", type=click.Choice(ARCHES), help="Copy only this architecture (default: all).")
@format_option(*FORMATS, text="Format of the list.")
@quiet_option
def images(
    kubeedge_version: str | None,
    edgemesh_version: str | None,
    charts: tuple[str, ...],
    arch: str | None,
    form: str,
    **values: Any,
) -> None:
    """List every image that a site pulls: pods, keadm, tests, and the pause image.

    \b
    Examples:
      generator images --profile mtls -f site.yaml
      generator images -f site.yaml --format skopeo > images.yaml
      generator images -f site.yaml --format docker --arch arm64 > copy-images.sh
    """
    if form == "docker" and arch is None:
        raise click.UsageError("--format docker needs --arch: docker copies one architecture (skopeo: all)")

    from generator.load.site import validate
    from generator.render.images.collect import images_of, warnings_of
    from generator.render.images.formats import write

    layers = site_layers(values, kubeedge_version, edgemesh_version)
    with progress("rendering the charts"):
        found = images_of(validate(layers, charts))
        text = write(found, form, arch or "")
    warn(warnings_of(found))
    show(text, nl=False)
