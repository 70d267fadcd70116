"""`generator schema`."""

from __future__ import annotations

import click

from generator.cli.command import GeneratorCommand
from generator.cli.releases import releases, version_options


@click.command(cls=GeneratorCommand)
@version_options()
def schema(kubeedge_version: str | None, edgemesh_version: str | None) -> None:
    """Print the JSON schema of a site file for an editor.

    \b
    Examples:
      generator schema > site.schema.json
      generator schema --kubeedge-version v1.16.6 > site-1.16.schema.json
    """
    import json

    from generator.chart_files.schema import site_schema
    from generator.cli.result import show

    show(json.dumps(site_schema(*releases(kubeedge_version, edgemesh_version)), indent=2, ensure_ascii=False))
