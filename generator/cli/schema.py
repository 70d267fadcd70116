"""`generator schema`."""

from __future__ import annotations

import click


@click.command(short_help="Print the JSON schema of a site file.")
@click.option("--kubeedge-version", metavar="V", help="Release of KubeEdge (default: that of the model).")
@click.option("--edgemesh-version", metavar="V", help="Release of EdgeMesh (default: that of the model).")
def schema(kubeedge_version: str | None, edgemesh_version: str | None) -> None:
    """Print the full JSON schema of a site file for a release, for editors.

    \b
    generator schema > site.schema.json
    generator schema --kubeedge-version v1.16.6 > site-1.16.schema.json
    """
    import json

    from generator.chart_files.schema import site_schema
    from generator.cli.releases import releases
    from generator.cli.result import show

    show(json.dumps(site_schema(*releases(kubeedge_version, edgemesh_version)), indent=2))
