"""`generator init`."""

from __future__ import annotations

import shlex
import shutil
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from generator.cli.cluster import cluster_options
from generator.cli.colour import warn
from generator.cli.command import GeneratorCommand
from generator.cli.complete import DIR, PROFILE
from generator.cli.import_ import report_import
from generator.cli.options import PROFILES, many
from generator.cli.releases import version_options
from generator.cli.result import named, show

if TYPE_CHECKING:
    from pathlib import Path

    from generator.errors import Problem
    from generator.importer import Imported
    from generator.init import Interview, Question

SITE, SCHEMA = "site.yaml", "site.schema.json"


@click.command(
    cls=GeneratorCommand,
    epilog="Without a terminal, each question needs its option, or --yes. An address has no default. With "
    "--from-cluster only those questions are asked that the cluster does not answer.",
)
@click.argument("folder", type=DIR, metavar="[DIR]", default=".", callback=named)
@click.option(
    "--profile",
    type=PROFILE,
    help=f"TLS and authentication of the endpoint: {', '.join(PROFILES)}.",
)
@version_options()
@many(
    "--advertise-address",
    "addresses",
    metavar="ADDR",
    help="IP address or DNS name of cloudcore for edge nodes; several with commas, or repeated.",
)
@many("--node-group", "groups", metavar="NAME", help='Group of edge nodes, as --advertise-address; "": none.')
@click.option("--registry", metavar="HOST", help='Registry mirror of all images; "": none.')
@click.option("--edgemesh/--no-edgemesh", "mesh", default=None, help="Use EdgeMesh.")
@click.option("--streams/--no-streams", "streams", default=None, help="kubectl logs and exec on edge nodes.")
@click.option("--from-cluster", is_flag=True, help="Start with an import of what runs in the cluster.")
@cluster_options
@click.option("--yes", is_flag=True, help="Accept the default of each question that no option answers.")
@click.option("--force", is_flag=True, help="Overwrite existing files.")
def init(folder: str, yes: bool, force: bool, from_cluster: bool, **values: Any) -> None:
    """Ask a few questions and write a first site file.

    \b
    Examples:
      generator init
      generator init factory --advertise-address 192.0.2.10,edge.example.com --yes
      generator init --profile mtls --advertise-address 192.0.2.10 --node-group line-a,line-b --yes
      generator init --from-cluster
    """
    from pathlib import Path

    from generator.init import Interview
    from generator.secrets.trees import mode_of

    target = Path(folder)
    _check_targets(target, force)
    given = _typed(values)
    interview, told = _imported(values, given) if from_cluster else (Interview(), set())
    _take_flags(interview, given)
    _take_others(interview, told, yes)
    site = interview.site()
    _write(target, site, mode_of(site.values), force)
    if from_cluster and not report_import(site, [_placed(one) for one in interview.problems()]):
        raise SystemExit(1)
    show(_next(target, site))


def _check_targets(folder: Path, force: bool) -> None:
    """Raise InvalidInput for files that exist without --force: before any question is asked."""
    from generator.catalogue.message import say
    from generator.errors import InvalidInput, Problem, UnwritableOutput
    from generator.io.files import is_folder, is_there
    from generator.io.write import recover

    if is_there(folder) and not is_folder(folder):
        raise UnwritableOutput(str(folder), "it is not a folder")
    for step in recover(folder):
        click.echo(str(step), err=True)
    found = [path for path in (folder / SITE, folder / SCHEMA) if is_there(path)]
    if found and not force:
        raise InvalidInput(Problem(str(path), "", say("output-exists", "folder")) for path in found)


def _typed(values: dict[str, Any]) -> dict[str, str]:
    """Return the answers that options give, by the names of the questions."""
    given = {
        "kubeedge": values["kubeedge_version"],
        "edgemesh": values["edgemesh_version"],
        "profile": values["profile"],
        "addresses": ",".join(values["addresses"]) if values["addresses"] else None,
        "groups": ",".join(values["groups"]) if values["groups"] else None,
        "registry": values["registry"],
        **{name: {True: "yes", False: "no"}.get(values[name]) for name in ("mesh", "streams")},
    }
    return {name: text for name, text in given.items() if text is not None}


def _imported(values: dict[str, Any], given: dict[str, str]) -> tuple[Interview, set[str]]:
    """Import the cluster; return the interview about the rest, and the questions that have an answer."""
    from generator.components import KUBEEDGE
    from generator.init import Answers, Interview, read_cluster, releases_of, site_in_cluster, told_by
    from generator.io.kubectl import Kubectl
    from generator.upstream.releases import default_release

    # Bad options are reported before the cluster is contacted.
    _take_flags(Interview(answers=Answers(imported=default_release(KUBEEDGE))), given)
    kubeedge, edgemesh = (given.pop(name, None) for name in ("kubeedge", "edgemesh"))
    kubectl = Kubectl(kubeconfig=values["kubeconfig"], context=values["kube_context"])
    objects = read_cluster(kubectl, values["namespace"])
    found = site_in_cluster(objects, values["namespace"], kubeedge=kubeedge, edgemesh=edgemesh)
    return Interview(found, Answers(imported=releases_of(found)[0])), told_by(found, objects)


def _take_flags(interview: Interview, given: dict[str, str]) -> None:
    """Take the answers that options give; raise InvalidInput with all that are rejected."""
    from generator.errors import InvalidInput
    from generator.init import QUESTIONS

    problems = []
    for question in QUESTIONS:
        if question.name not in given:
            continue
        try:
            warnings = interview.give(question, given[question.name])
        except InvalidInput as error:
            problems += [_placed(one, question) for one in error.problems]
        else:
            warn(map(_placed, warnings))
    if problems:
        raise InvalidInput(problems)


def _placed(problem: Problem, question: Question | None = None) -> Problem:
    """Return a problem of an answer with its option as the place."""
    from generator.init import QUESTIONS

    flags = {one.name: one.flag for one in QUESTIONS}
    where = problem.where or (question.name if question else "")
    return replace(problem, where=flags.get(where, where))


def _take_others(interview: Interview, told: set[str], yes: bool) -> None:
    """Ask the questions without an answer, or with `yes` take their defaults."""
    from generator.cli.ask import ask
    from generator.init import QUESTIONS

    missing = [one for one in QUESTIONS if one.name not in told and not interview.has(one)]
    asks = not yes and sys.stdin is not None and sys.stdin.isatty()
    if not asks:
        _need_options([one for one in missing if one.asked], interview, yes)
    for question in missing:
        if asks and question.asked:
            ask(interview, question)
        else:
            default = interview.default(question) or ""
            warn(map(_placed, interview.give(question, default)))


def _need_options(missing: list[Question], interview: Interview, yes: bool) -> None:
    """Raise UsageError for the questions without an answer; with `yes`, for those without a default."""
    if yes:
        options = [one.flag for one in missing if interview.default(one) is None]
        text = "no default for {}: give it too"
    else:
        options = [one.flag for one in missing]
        text = "no terminal to ask on: give {} (or --yes for the defaults)"
    if options:
        raise click.UsageError(text.format(", ".join(options)))


def _write(folder: Path, site: Imported, mode: int, force: bool) -> None:
    import json

    from generator.chart_files.schema import site_schema
    from generator.init import head_of, releases_of
    from generator.io.write import File, write_files

    files = {
        SITE: File(site.text(*head_of(site, SCHEMA)), mode),
        SCHEMA: File(f"{json.dumps(site_schema(*releases_of(site)), indent=2, ensure_ascii=False)}\n"),
    }
    keep = () if force else tuple(files)
    for written in write_files(folder, files, keep=keep, command="generator init"):
        show(str(written))


def _next(folder: Path, site: Imported) -> str:
    """Return the three commands to go on with, as they can be typed where this command was."""
    program = _program()
    file, build = (shlex.quote(str(folder / name)) for name in (SITE, "build"))
    charts = "" if "edgemesh" in _charts(site) else " --chart cloudcore --chart edgecore"
    commands = {
        f"certs plan -f {file}": "list the certificates that you must create",
        f"render -f {file}{charts} -o {build}": "write the manifests and the files for edge nodes",
        f"install -f {file}{charts} --dry-run": "list missing Secrets and the changes to the cluster",
    }
    lines = [f"  {program} {command}\n      {text}" for command, text in commands.items()]
    return "\n".join(["", "Next:", *lines])


def _charts(site: Imported) -> tuple[str, ...]:
    from generator import paths
    from generator.components import CHARTS

    off = paths.first(site.values, "agent.enable") is False and not paths.first(site.values, "gateway.enable")
    return tuple(one for one in CHARTS if not (off and one == "edgemesh"))


def _program() -> str:
    """Return how to start this program: its name if the shell finds it, else the way to it."""
    from pathlib import Path

    own, found = Path(sys.executable).parent, shutil.which("generator")
    if found and Path(found).resolve().parent == own.resolve():
        return "generator"
    if Path(sys.argv[0]).name == "generator":
        return shlex.quote(sys.argv[0])
    return f"{shlex.quote(sys.executable)} -m generator"
