"""`generator profiles`."""

from __future__ import annotations

import click


@click.command(short_help="List the profiles, the keys that each sets, and why.")
@click.argument("name", required=False, metavar="[PROFILE]")
@click.option("--kubeedge-version", metavar="V", help="Release of KubeEdge (default: v1.23.1).")
@click.option("--edgemesh-version", metavar="V", help="Release of EdgeMesh (default: v1.17.0).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def profiles(
    name: str | None, kubeedge_version: str | None, edgemesh_version: str | None, as_json: bool
) -> None:
    """List the profiles, the keys that each sets in a release, and why.

    \b
    generator profiles
    generator profiles mtls --kubeedge-version v1.16.6
    """
    import json

    from generator.cli.releases import releases
    from generator.cli.result import show
    from generator.errors import InvalidInput, plain
    from generator.model.profile_text import explain
    from generator.model.profiles import PROFILES, UNSET

    known = (*PROFILES, UNSET)
    if name is not None and name not in known:
        raise InvalidInput([plain("PROFILE", name, f"is not a profile (one of {', '.join(known)})")])
    found = [
        explain(one, *releases(kubeedge_version, edgemesh_version)) for one in ([name] if name else PROFILES)
    ]
    if as_json:
        show(json.dumps([one.as_dict() for one in found], indent=2))
        return
    show("\n\n".join(str(one) for one in found))
