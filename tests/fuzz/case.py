"""One run of the command on input from a seed, and the checks that every run must pass."""

from __future__ import annotations

import os
import random
import traceback
from pathlib import Path

from click.testing import CliRunner, Result

from generator.cli.main import cli
from tests.fuzz import arguments as arguments_of
from tests.fuzz import inputs

# Verbs whose output is the values themselves.
_SHOWS = ("render", "import")


def run(verb: str, seed: int, folder: Path) -> tuple[list[str], list[str]]:
    """Run a verb in an empty folder; return its arguments and the faults of the run."""
    draw = random.Random(f"{verb} {seed}")
    secret = not draw.randrange(3)
    arguments = arguments_of.VERBS[verb](draw)
    os.chdir(folder)
    for name in ("one.yaml", "two.yaml"):
        Path(name).write_bytes(inputs.file(draw, secret=secret))
    before = {name: Path(name).read_bytes() for name in ("one.yaml", "two.yaml")}
    ran = CliRunner().invoke(cli, arguments, prog_name="generator")
    return arguments, [*_faults(ran), *_shown(ran, verb, secret), *_left(folder, ran, before)]


def _faults(ran: Result) -> list[str]:
    if ran.exception and not isinstance(ran.exception, SystemExit):
        return ["".join(traceback.format_exception(ran.exception)[-6:])]
    found = [] if ran.exit_code in (0, 1, 2, 3) else [f"exit code {ran.exit_code}"]
    if ran.exit_code and not ran.output.strip():
        found.append("fails without a message")
    return [*found, "prints a traceback"] if "Traceback" in ran.output else found


def _shown(ran: Result, verb: str, secret: bool) -> list[str]:
    output = ran.stderr if verb in _SHOWS else ran.output
    return [f"shows a secret: {line}" for line in output.splitlines() if secret and inputs.SECRET in line]


def _left(folder: Path, ran: Result, before: dict[str, bytes]) -> list[str]:
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    wrong = [f"leaves {name}" for name, path in there.items() if path.name.startswith(".")]
    for name, data in before.items():
        kept = there.get(f"{name}.orig", there[name]).read_bytes()
        wrong += [f"changed {name} without a copy"] if kept != data else []
    if ran.exit_code in (2, 3):
        wrong += [f"wrote {name} and failed" for name in there if name.removesuffix(".orig") not in before]
    # A copy has the mode of its original.
    for name, path in there.items():
        open_to_others = path.stat().st_mode & 0o077
        if (
            name.removesuffix(".orig") not in before
            and open_to_others
            and inputs.SECRET.encode() in path.read_bytes()
        ):
            wrong.append(f"{name} holds a secret and is open to others")
    return wrong
