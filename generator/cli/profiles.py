"""`generator profiles`."""

from __future__ import annotations

import click

from generator.cli.command import GeneratorCommand
from generator.cli.complete import PROFILE
from generator.cli.releases import releases, version_options


@click.command(cls=GeneratorCommand)
@click.argument("name", required=False, type=PROFILE, metavar="[PROFILE]")
@version_options()
@click.option("--explain", "reasons", is_flag=True, help="Print every key of each profile, with the reason.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def profiles(
    name: str | None, kubeedge_version: str | None, edgemesh_version: str | None, reasons: bool, as_json: bool
) -> None:
    """Compare the profiles, or list the keys that one of them sets.

    \b
    Examples:
      generator profiles                            what differs between the profiles
      generator profiles mtls --kubeedge-version v1.16.6
      generator profiles mtls --explain             why it sets each key
    """
    import json

    from generator.catalogue.message import say
    from generator.cli.result import show
    from generator.errors import InvalidInput, Problem
    from generator.model.profile_table import differences
    from generator.model.profile_text import explain
    from generator.model.profiles import PROFILES, UNSET

    known = (*PROFILES, UNSET)
    if name is not None and name not in known:
        raise InvalidInput([Problem("PROFILE", name, say("unknown-profile", known=known))])
    found = [
        explain(one, *releases(kubeedge_version, edgemesh_version)) for one in ([name] if name else PROFILES)
    ]
    if as_json:
        show(json.dumps([one.as_dict() for one in found], indent=2))
    elif name or reasons:
        show("\n\n".join(one.text(reasons=reasons) for one in found))
    else:
        show(differences(found))
