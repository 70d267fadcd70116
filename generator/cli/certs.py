"""`generator certs`: the group, `plan` and `issue`; certs_inspect.py has the other commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import click

from generator.cli.command import GeneratorGroup
from generator.cli.complete import DIR, FILE, SETTING
from generator.cli.options import many, namespace_option, profile_option
from generator.cli.result import named, show

if TYPE_CHECKING:
    from pathlib import Path

    from generator.catalogue.message import Message
    from generator.certs.plan import CertPlan
    from generator.certs.signers import Issue, IssueOptions
    from generator.io.write import Written
    from generator.load import LoadedSite

_Command = TypeVar("_Command", bound=Callable[..., Any])
_SIGNERS = ("own-ca", "cluster-ca", "csr", "cert-manager", "none")
_KEY_TYPES = ("p-256", "p-384", "rsa-2048", "rsa-4096")


@click.group(cls=GeneratorGroup)
def certs() -> None:
    """Create, inspect, verify and rotate the certificates of a site.

    \b
    Examples:
      generator certs plan -f site.yaml --profile mtls
      generator certs issue -f site.yaml --profile mtls -o certs
      generator certs verify -f site.yaml --profile mtls certs
    """


def site_options(command: _Command) -> _Command:
    """Add the options for the values of a site."""
    options = (
        profile_option,
        many("-f", "--values", "files", type=FILE, help="Values file; later ones override."),
        many("--set", "set_plain", type=SETTING, help="Set a value, as Helm does."),
        many("--set-string", type=SETTING, help="Set a value as a string."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def key_options(command: _Command) -> _Command:
    """Add the options for new keys and certificates."""
    days = partial(click.option, type=click.IntRange(1, 36500), show_default=True, metavar="DAYS")
    options = (
        click.option(
            "--key-type",
            type=click.Choice(_KEY_TYPES),
            default="p-256",
            show_default=True,
            help="Type of keys.",
        ),
        days("--days", default=365, help="Validity of certificates."),
        days("--ca-days", default=3650, help="Validity of a new CA."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def target_option(command: _Command) -> _Command:
    """Add the option that limits a command to the certificates of one part of the site."""
    option = click.option(
        "--for",
        "target",
        type=click.Choice(("endpoint", "streams")),
        help="Only the certificates of the endpoint, or of kubectl logs and exec (default: all).",
    )
    return option(command)


def load(
    profile: str | None, files: tuple[str, ...], set_plain: tuple[str, ...], set_string: tuple[str, ...]
) -> LoadedSite:
    """Load the site that the options name."""
    from generator.load import load_site

    return load_site(files, profile=profile, set=set_plain, set_string=set_string)


def now() -> datetime:
    """Return the current time, which decides what has expired."""
    return datetime.now(timezone.utc)


@certs.command("plan")
@site_options
@target_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def plan_command(
    profile: str | None,
    files: tuple[str, ...],
    set_plain: tuple[str, ...],
    set_string: tuple[str, ...],
    target: str | None,
    as_json: bool,
) -> None:
    """List the certificates that a site needs.

    \b
    Examples:
      generator certs plan --profile mtls
      generator certs plan -f site.yaml --for streams
      generator certs plan -f values/examples/legacy-1.16.yaml --profile one-way-verified
    """
    import json

    from generator.certs.as_text import plan_text

    found, notes = _planned(target, profile, files, set_plain, set_string)
    found = replace(found, notes=(*found.notes, *notes))
    show(json.dumps(found.as_dict(), indent=2) if as_json else plan_text(found).rstrip("\n"))


def _planned(
    target: str | None,
    profile: str | None,
    files: tuple[str, ...],
    set_plain: tuple[str, ...],
    set_string: tuple[str, ...],
) -> tuple[CertPlan, tuple[Message, ...]]:
    """Return the plan for a target, and notes about values that the site lacks."""
    from generator.certs.plan import plan
    from generator.certs.targets import load_for, only
    from generator.load.site import merge_layers

    layers = merge_layers(files, set=set_plain, set_string=set_string)
    if profile is not None:
        layers.put("profile", profile, "--profile")
    site, notes = load_for(target, layers)
    return only(plan(site), target), notes


@certs.command(
    "issue",
    epilog="Existing pairs in DIR are kept. DIR/ca holds the key of a CA that was created here: store it "
    "in a safe place.",
)
@site_options
@target_option
@click.option(
    "-o",
    "--output",
    type=DIR,
    callback=named,
    required=True,
    help="Folder to write to; keys get mode 0600.",
)
@click.option(
    "--signer", type=click.Choice(_SIGNERS), help="Signer of the certificates (default: as `plan` lists)."
)
@click.option("--ca-cert", type=FILE, help="Existing CA to sign with (default: a new CA).")
@click.option("--ca-key", type=FILE, help="Key of that CA.")
@click.option("--ca-password-file", type=FILE, help="File with the password of the CA key.")
@key_options
@many("--node", "nodes", metavar="NAME", help="Create a server pair for this node; may be repeated.")
@namespace_option("Namespace of the Secrets.")
@click.option("--force", is_flag=True, help="Replace existing pairs.")
@click.option("--dry-run", is_flag=True, help="List the files, write nothing.")
@click.option(
    "--secrets", "print_secrets", is_flag=True, help="Print the Secrets with their keys, for kubectl apply."
)
@click.option("--apply", "apply", is_flag=True, help="csr: apply the request and fetch the certificate.")
@click.option("--approve", is_flag=True, help="csr: with --apply, also approve the request.")
@click.option(
    "--wait", type=click.IntRange(1), default=120, show_default=True, help="csr: longest wait in seconds."
)
@click.option("--context", metavar="NAME", help="csr: context of the kubeconfig (default: the current one).")
@click.option("--issuer", metavar="NAME", help="cert-manager: name of an existing issuer.")
@click.option(
    "--issuer-kind",
    type=click.Choice(("Issuer", "ClusterIssuer")),
    default="Issuer",
    show_default=True,
    help="Kind of that issuer.",
)
def issue_command(
    profile: str | None,
    files: tuple[str, ...],
    set_plain: tuple[str, ...],
    set_string: tuple[str, ...],
    target: str | None,
    output: str,
    print_secrets: bool,
    dry_run: bool,
    ca_password_file: str | None,
    **options: Any,
) -> None:
    """Create the certificates of a plan, and their Secrets.

    \b
    Examples:
      generator certs issue --profile mtls -f values/examples/legacy-1.16.yaml -o certs
      generator certs issue --profile mtls -o certs --signer csr --apply --approve
      generator certs issue --profile mtls -o certs --signer cert-manager
      generator certs issue -f site.yaml -o certs --for streams --secrets | kubectl apply -f -
    """
    from pathlib import Path

    from generator.catalogue.message import say
    from generator.certs.as_text import line
    from generator.certs.signers import IssueOptions, check_wish
    from generator.io.write import need_finished, recover

    if options["approve"] and not options["apply"]:
        raise click.UsageError("--approve needs --apply")
    found, notes = _planned(target, profile, files, set_plain, set_string)
    own = ("signer", "key_type", "days", "ca_days", "ca_cert", "ca_key", "nodes", "force", "namespace")
    wish = IssueOptions(now(), password=password(ca_password_file), **{name: options[name] for name in own})
    check_wish(found, wish)
    folder = Path(output)
    if dry_run:
        need_finished(folder)
    for step in [] if dry_run else recover(folder):
        click.echo(str(step), err=print_secrets)
    made = _made(found, folder, wish, options, dry_run)
    for step in _write(folder, made, wish, dry_run=dry_run):
        click.echo(str(step), err=print_secrets)
    for note in (*made.notes, *(notes if wish.signer not in _SIGNERS[-2:] else ())):
        click.echo(line(note), err=True)
    if not made.files and not made.notes:
        click.echo(line(say("no-certificate-needed")), err=print_secrets)
    if print_secrets:
        for name in sorted(made.files):
            if name.startswith("secrets/"):
                show("---\n" + made.files[name].text, nl=False)


def _write(folder: Path, made: Issue, wish: IssueOptions, *, dry_run: bool = False) -> list[Written]:
    from generator.io.write import write_files

    keep = () if wish.force else made.keep
    command = "generator certs issue"
    return write_files(folder, made.files, remove=made.remove, keep=keep, dry_run=dry_run, command=command)


def _made(plan: CertPlan, folder: Path, wish: IssueOptions, options: dict[str, Any], dry_run: bool) -> Issue:
    from generator.catalogue.message import say
    from generator.certs import certmanager
    from generator.certs.signers import Issue

    if wish.signer == "none":
        return Issue(notes=(say("secrets-not-made"),))
    if wish.signer == "cert-manager":
        return certmanager.issue(plan, wish.namespace, options["issuer"], options["issuer_kind"])
    return _issue(plan, folder, wish, options, dry_run)


def _issue(plan: CertPlan, folder: Path, wish: IssueOptions, options: dict[str, Any], dry_run: bool) -> Issue:
    """Create the pairs that are signed locally, and the client pair that the cluster signs."""
    from generator.certs import csr
    from generator.certs.signers import issue, signer_of
    from generator.io.files import is_there
    from generator.io.kubectl import Kubectl

    made = issue(plan, folder, wish)
    pair = plan.pair("client")
    if pair is None or signer_of(pair, plan, wish) != "csr":
        return made
    if not wish.force and is_there(folder / "client.key") and is_there(folder / "client.crt"):
        return made.joined(csr.kept())
    waiting = csr.prepare(pair, folder, wish)
    if not options["apply"] or dry_run:
        return made.joined(waiting)
    # Write the key before the request: a signature is useless if the key is lost.
    _write(folder, waiting, wish)
    kubectl = Kubectl(context=options["context"])
    return made.joined(
        csr.fetch(plan, folder, wish, kubectl, approve=options["approve"], wait=options["wait"])
    )


def password(path: str | None) -> bytes | None:
    """Return the content of a password file without the last line break."""
    from generator.certs import pem

    return None if path is None else pem.read_bytes(path).rstrip(b"\r\n")
