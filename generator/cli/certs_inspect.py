"""`generator certs inspect`, `verify`, `needs-renewal` and `rotate`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from generator.cli.certs import certs, key_options, load, now, password, site_options
from generator.cli.complete import DIR, FILE
from generator.cli.options import namespace_option
from generator.cli.result import named, show

__all__ = ["certs"]


@certs.command("inspect")
@click.argument("targets", nargs=-1, required=True, type=FILE, metavar="FILE|SECRET.yaml|HOST:PORT...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def inspect_command(targets: tuple[str, ...], as_json: bool) -> None:
    """Show certificates and what each can be used for.

    \b
    Examples:
      generator certs inspect certs/server.crt
      generator certs inspect 127.0.0.1:10550
    """
    from generator.certs.as_text import sight_text
    from generator.certs.inspect import inspect

    found = [sight for target in targets for sight in inspect(target, now())]
    if as_json:
        _show_json([sight.as_dict() for sight in found])
        return
    show("\n".join(sight_text(sight) for sight in found))


def _show_json(data: Any) -> None:
    import json

    show(json.dumps(data, indent=2))


@contextmanager
def _no_answer() -> Iterator[None]:
    """Raise errors with exit code 2 or 3, because 1 is an answer of these commands."""
    from generator.errors import GeneratorError

    try:
        yield
    except GeneratorError as error:
        error.exit_code = max(2, error.exit_code)
        raise


@certs.command(
    "verify",
    epilog="FILES are folders, Secret manifests, files with the names that `issue` gives them, or "
    "ROLE=FILE. Exit code 0: everything is accepted; 1: something is rejected, with the log line of the "
    "program; 2: nothing is rejected, but not everything could be verified. From KubeEdge 1.17 on, "
    "edgecore accepts only "
    "the CA of the cluster: pass it as cluster-ca=FILE.",
)
@click.argument("names", nargs=-1, required=True, type=FILE, metavar="FILES...")
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
    """Check whether edgecore and EdgeMesh accept certificates.

    \b
    Examples:
      generator certs verify --profile mtls -f site.yaml certs
      generator certs verify --profile mtls cluster-ca=/etc/kubernetes/pki/ca.crt metaserver-certs.yaml
    """
    from generator.certs.as_text import verdict_lines
    from generator.certs.material import collect
    from generator.certs.plan import plan
    from generator.certs.verify import verify

    found = plan(load(profile, files, set_plain, set_string))
    with _no_answer():
        material = collect(names, found.secrets)
    verdict = verify(found, material, now())
    if as_json:
        _show_json(verdict.as_dict())
    else:
        for line in verdict_lines(verdict, found):
            show(line)
        for note in verdict.notes:
            click.echo(f"note: {note}", err=True)
    ctx.exit(1 if verdict.rejections else 0 if verdict.accepted else 2)


@certs.command(
    "needs-renewal",
    epilog="Exit code 0: renew now; 1: not due yet; 2 or 3: cannot be checked.",
)
@click.argument("targets", nargs=-1, required=True, type=FILE, metavar="FILE|DIR|SECRET.yaml|HOST:PORT...")
@click.option(
    "--at",
    default="66%",
    show_default=True,
    metavar="TIME",
    help="Due after this share of the validity, or this long before the end: 30d, 720h.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def needs_renewal_command(ctx: click.Context, targets: tuple[str, ...], at: str, as_json: bool) -> None:
    """Check whether a certificate must be renewed now.

    \b
    Examples:
      generator certs needs-renewal certs && generator certs issue --force -o certs
    """
    from generator.certs.as_text import age_text
    from generator.certs.renewal import ages

    with _no_answer():
        found = ages(targets, at, now())
        data = [age.as_dict() for age in found]
        if as_json:
            _show_json(data)
        else:
            show("\n".join(map(age_text, found)))
    ctx.exit(0 if any(age.due for age in found) else 1)


@certs.command(
    "rotate",
    epilog="A rotation has three stages: `trust`, `leaves` and `drop`. Roll out the files of a stage "
    "everywhere before the next one. Each stage may be repeated; `abandon` goes back, `status` shows the "
    "current stage.",
)
@click.argument("stage", type=click.Choice(("status", "trust", "leaves", "drop", "abandon")))
@site_options
@click.option("-o", "--output", type=DIR, callback=named, required=True, help="Folder that `issue` wrote.")
@click.option("--new-ca-cert", type=FILE, help="Existing CA to change to (default: a new CA).")
@click.option("--new-ca-key", type=FILE, help="Key of that CA.")
@click.option("--ca-key", type=FILE, help="Key of the old CA, if it is not in DIR/ca.")
@click.option("--ca-password-file", type=FILE, help="File with the password of the CA keys.")
@key_options
@namespace_option("Namespace of the Secrets.")
@click.option("--dry-run", is_flag=True, help="List the files, write nothing.")
def rotate_command(
    stage: str,
    profile: str | None,
    files: tuple[str, ...],
    set_plain: tuple[str, ...],
    set_string: tuple[str, ...],
    output: str,
    new_ca_cert: str | None,
    new_ca_key: str | None,
    ca_password_file: str | None,
    dry_run: bool,
    **options: Any,
) -> None:
    """Replace a CA and its certificates without downtime.

    \b
    Examples:
      generator certs rotate status --profile mtls -f site.yaml -o certs
      generator certs rotate trust --profile mtls -f site.yaml -o certs
    """
    from pathlib import Path

    from generator.certs.as_text import line
    from generator.certs.plan import plan
    from generator.certs.rotate import finished, rotate
    from generator.certs.signers import IssueOptions
    from generator.io.write import FINISHED, need_finished, recover, write_files

    found = plan(load(profile, files, set_plain, set_string))
    wish = IssueOptions(now(), password=password(ca_password_file), **options)
    folder, command = Path(output), f"generator certs rotate {stage}"
    if stage == "status" or dry_run:
        need_finished(folder)
        recovered = []
    else:
        recovered = recover(folder)
    for written in recovered:
        show(str(written))
    if any(written.action == FINISHED and written.command == command for written in recovered):
        # The interrupted run was this stage; running it again would start the next one.
        step = finished(found, folder, stage)
    else:
        step = rotate(found, folder, stage, wish, (new_ca_cert, new_ca_key))
    if stage != "status":
        for written in write_files(
            folder,
            step.files,
            remove=step.remove,
            keep=step.keep,
            dry_run=dry_run,
            command=command,
            fix="move them away first",
        ):
            show(str(written))
    for note in step.notes:
        if stage == "status":
            show(line(note))
        else:
            click.echo(line(note), err=True)
