"""Colours: --color decides, then NO_COLOR, FORCE_COLOR and TERM, then whether the stream is a terminal."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from click.testing import CliRunner

from generator.catalogue.message import say
from generator.cli.certs import certs
from generator.cli.charts import charts
from generator.cli.colour import has_colour, paint
from generator.cli.command import GeneratorCommand
from generator.cli.main import cli
from generator.errors import Problem
from generator.install.plan_text import plan_text
from tests.cli.conftest import Run
from tests.install.test_findings import status

ESCAPE = "\x1b["
VARIABLES = ("NO_COLOR", "FORCE_COLOR", "TERM")
COMMANDS = {
    # `certs` only groups its subcommands; `charts` is a command too.
    **{name: command for name, command in cli.commands.items() if name != "certs"},
    **{f"certs {name}": command for name, command in certs.commands.items()},
    **{f"charts {name}": command for name, command in charts.commands.items()},
}
# A run of each kind of command that prints something with a severity.
RUNS = {
    "check": ["check", "edgecore.yaml"],
    "diff": ["diff", "1.yaml", "2.yaml"],
    "render": ["render", "--set", "zzz=1"],
    "import": ["import", "missing.yaml"],
    "profiles": ["profiles", "mtl"],
    "schema": ["schema", "--kubeedge-version", "9"],
    "certs plan": ["certs", "plan", "--set", "zzz=1"],
    "certs verify": ["certs", "verify", "missing.crt", "--set", "zzz=1"],
    "install": ["install", "--dry-run", "--set", "zzz=1"],
    "status": ["status", "--set", "zzz=1"],
}


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the files of the runs, and remove the variables of this terminal."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    objects = "kind: ConfigMap\napiVersion: v1\nmetadata: {{name: a, namespace: b}}\ndata: {{c: '{}'}}\n"
    for number in "12":
        (tmp_path / f"{number}.yaml").write_text(objects.format(number))
    (tmp_path / "edgecore.yaml").write_text(
        "apiVersion: edgecore.config.kubeedge.io/v1alpha2\nkind: EdgeCore\nmodules: {edgeHub: {zzz: 1}}\n"
    )


@pytest.mark.parametrize(
    ("wanted", "env", "colour"),
    [
        ("auto", {}, None),
        ("auto", {"TERM": "dumb"}, False),
        ("auto", {"NO_COLOR": "1"}, False),
        ("auto", {"NO_COLOR": ""}, None),
        ("auto", {"FORCE_COLOR": "1"}, True),
        ("auto", {"FORCE_COLOR": "0"}, None),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
    ],
)
def test_option_and_variables_decide_in_this_order(
    wanted: str, env: dict[str, str], colour: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert has_colour(wanted) is colour


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_every_command_has_the_option(command: click.Command) -> None:
    assert isinstance(command, GeneratorCommand)
    assert [param.name for param in command.params].count("color") == 1


@pytest.mark.parametrize(
    ("more", "env", "colour"),
    [
        ([], {}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color=never"], {"FORCE_COLOR": "1"}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ([], {"TERM": "dumb"}, False),
    ],
)
@pytest.mark.parametrize("arguments", RUNS.values(), ids=RUNS)
def test_option_and_variables_decide_whether_output_has_colours(
    run: Run,
    arguments: list[str],
    more: list[str],
    env: dict[str, str],
    colour: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    ran = run(*arguments, *more)
    assert ran.exit_code in (1, 2)
    assert (ESCAPE in ran.output) is colour


def test_colours_depend_on_whether_each_stream_is_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard error in a file has no colours, even if standard output is a terminal."""
    monkeypatch.setattr("click._compat.isatty", lambda stream: stream.name == "<stdout>")
    ran = CliRunner().invoke(cli, ["render", "--set", "zzz=1"])
    assert ESCAPE not in ran.stderr


@pytest.mark.parametrize("form", ["markdown", "json", "github", "sarif", "junit"])
def test_other_formats_have_no_colours(run: Run, form: str) -> None:
    ran = run("diff", "1.yaml", "2.yaml", "--format", form, "--color", "always")
    assert ran.exit_code == 1
    assert ESCAPE not in ran.stdout


def test_check_in_other_formats_has_no_colours(run: Run) -> None:
    assert ESCAPE not in run("check", "edgecore.yaml", "--format", "json", "--color", "always").stdout


def test_status_colours_the_code_by_its_severity() -> None:
    from generator.install.status_formats import as_text

    assert ESCAPE not in as_text(status())
    problem = Problem("release x", "", say("unknown-key"))
    assert paint("error", "[unknown-key]") in problem.text(paint)


def test_install_colours_warnings() -> None:
    made: Any = SimpleNamespace(steps=[], warnings=["x"], order=SimpleNamespace(switch=""))
    assert plan_text(made, paint) == f"{paint('warning', 'warning:')} x\n"
    assert plan_text(made) == "warning: x\n"


def test_colour_codes_in_the_input_are_not_printed(run: Run) -> None:
    assert ESCAPE not in run("render", "--set", "a\x1b[31m=1", "--color", "never").stderr
