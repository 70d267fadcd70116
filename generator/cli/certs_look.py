"""`generator certs inspect`, `verify` and `needs-renewal`."""

from __future__ import annotations

import json

import click

from generator.cli.certs import certs, load, now, site_options
from generator.cli.result import show

__all__ = ["certs"]


@certs.command("inspect")
@click.argument("targets", nargs=-1, required=True, metavar="FILE|SECRET.yaml|HOST:PORT...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def inspect_command(targets: tuple[str, ...], as_json: bool) -> None:
    r"""Say what certificates are, and what they are good for here. Keys are not shown.

    \b
    generator certs inspect certs/server.crt
    generator certs inspect 127.0.0.1:10550
    """
    from generator.certs.inspect import inspect
    from generator.certs.words import sight_text

    found = [sight for target in targets for sight in inspect(target, now())]
    if as_json:
        show(json.dumps([sight.as_dict() for sight in found], indent=2))
        return
    show("\n".join(sight_text(sight) for sight in found))


@certs.command("verify")
@click.argument("names", nargs=-1, required=True, metavar="FILES...")
@site_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def verify_command(
    ctx: click.Context,
    names: tuple[str, ...],
    profile: str | None,
    files: tuple[str, ...],
    set_plain: tuple[str, ...],
    set_string: tuple[str, ...],
    as_json: bool,
) -> None:
    r"""Say whether edgecore and EdgeMesh of the site's release will accept the certificates.

    FILES are folders, Secret manifests, files under the names that `issue` gives them, or ROLE=FILE.
    Exit code 1 if something is refused; each refusal quotes what the program would log.

    \b
    generator certs verify --profile mtls -f site.yaml certs
    generator certs verify --profile mtls ca=/etc/kubernetes/pki/ca.crt metaserver-certs.yaml
    """
    from generator.certs.material import collect
    from generator.certs.plan import plan
    from generator.certs.verify import verify

    found = plan(load(profile, files, set_plain, set_string))
    verdict = verify(found, collect(names, found.secrets), now())
    if as_json:
        show(json.dumps(verdict.as_dict(), indent=2))
    else:
        for refusal in verdict.refusals:
            show(str(refusal))
        for note in verdict.notes:
            click.echo(f"note: {note}", err=True)
        if not verdict.refusals:
            show(
                f"accepted by KubeEdge {found.kubeedge}"
                + (f", profile {found.profile}" if found.profile else "")
            )
    ctx.exit(1 if verdict.refusals else 0)


@certs.command("needs-renewal")
@click.argument("targets", nargs=-1, required=True, metavar="FILE|DIR|SECRET.yaml|HOST:PORT...")
@click.option(
    "--at", default="66%", show_default=True, metavar="SHARE", help="Share of the life, or 30d, 720h."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def needs_renewal_command(ctx: click.Context, targets: tuple[str, ...], at: str, as_json: bool) -> None:
    r"""Say whether a certificate is due: exit code 0 renew now, 1 fine, 2 cannot be told.

    \b
    generator certs needs-renewal certs && generator certs issue --force -o certs
    """
    from generator.certs.renewal import ages
    from generator.errors import GeneratorError

    try:
        found = ages(targets, at, now())
    except GeneratorError as error:
        # Not 1, which says that all is fine.
        click.echo(str(error), err=True)
        ctx.exit(2)
    if as_json:
        show(json.dumps([age.as_dict() for age in found], indent=2))
    else:
        show("\n".join(map(str, found)))
    ctx.exit(0 if any(age.due for age in found) else 1)
