"""The command as a process: entry points, pipes, locales, imports at start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generator import helm, locations
from generator.cli import options
from generator.model import profiles
from tests.cli.conftest import ADDRESS

GENERATOR = str(Path(sys.executable).with_name("generator"))


def process(
    *command: str, env: dict[str, str] | None = None, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command, capture_output=True, input=stdin, check=False, env={**os.environ, **(env or {})}
    )


def test_command_and_module_both_start() -> None:
    by_module = process(sys.executable, "-W", "error", "-m", "generator", "profiles", "mtls")
    by_script = process(GENERATOR, "profiles", "mtls")
    assert by_module.returncode == by_script.returncode == 0
    assert by_module.stdout == by_script.stdout
    assert by_module.stderr == by_script.stderr == b""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["render", "--set", ADDRESS], 0),
        (["render", "--set", "zzz=1"], 1),
        (["rendr"], 2),
        (["render", "--engine", "helm"], 3),
    ],
)
def test_exit_codes(arguments: list[str], code: int) -> None:
    ran = process(GENERATOR, *arguments, env={"HELM_BIN": "/nonexistent"})
    assert ran.returncode == code
    assert bool(ran.stdout) == (code == 0)
    assert b"Traceback" not in ran.stderr


def test_a_closed_pipe_causes_no_traceback() -> None:
    command = f'"{GENERATOR}" render --set "{ADDRESS}" | head -c 1; exit ${{PIPESTATUS[0]}}'
    ran = process("bash", "-c", command)
    assert ran.stdout == b"-"
    assert [line for line in ran.stderr.splitlines() if not line.startswith(b"warning: ")] == []
    assert ran.returncode in (0, 3)


@pytest.mark.parametrize("buffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("arguments", [f"render --set {ADDRESS}", "profiles"])
def test_a_closed_standard_output_causes_no_traceback(arguments: str, buffered: str) -> None:
    command = f'"{GENERATOR}" {arguments} >/dev/full; exit $?'
    ran = process("bash", "-c", command, env={"PYTHONUNBUFFERED": buffered})
    assert ran.returncode == 3
    assert ran.stderr.splitlines()[-1] == b"standard output: cannot be written: No space left on device"


def test_help_fails_on_a_full_disk() -> None:
    ran = process("bash", "-c", f'"{GENERATOR}" --help >/dev/full; exit $?', env={"PYTHONUNBUFFERED": ""})
    assert ran.returncode == 3
    assert b"No space left on device" in ran.stderr


@pytest.mark.parametrize("arguments", ["render", "profiles", "schema", "render -o build --dry-run"])
def test_a_missing_standard_output_is_a_failure(arguments: str) -> None:
    ran = process("bash", "-c", f'"{GENERATOR}" {arguments} >&-; exit $?')
    assert ran.returncode == 3
    assert ran.stderr.splitlines()[-1] == b"standard output: cannot be written: it is closed"


def test_non_ascii_text_is_printed_in_any_locale() -> None:
    site = "agent: {podAnnotations: {name: Größe €}}\n".encode()
    ran = process(
        GENERATOR, "render", "--chart", "edgemesh", "-f", "-", env={"LC_ALL": "C", "LANG": "C"}, stdin=site
    )
    assert ran.returncode == 0
    assert "Größe €".encode() in ran.stdout


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_messages_are_printed_in_any_encoding(encoding: str) -> None:
    ran = process(
        GENERATOR,
        "render",
        "--set",
        "agent.größe€=1",
        "--profile",
        "mtls",
        env={"PYTHONIOENCODING": encoding},
    )
    assert ran.returncode == 1
    assert b"Traceback" not in ran.stderr
    assert b"unknown key" in ran.stderr


def test_input_that_is_not_utf_8_is_rejected() -> None:
    ran = subprocess.run([GENERATOR, "render", "--set", b"a=\xff"], capture_output=True, check=False)
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert ran.stderr == b"--set: is not UTF-8 (use a UTF-8 terminal) [not-utf8]\n1 problem found.\n"


def in_c_locale(*arguments: bytes) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a locale where Python does not decode the bytes of the command line."""
    env = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    return subprocess.run([GENERATOR.encode(), *arguments], capture_output=True, check=False, env=env)


def test_non_ascii_flags_are_read_in_the_c_locale(tmp_path: Path) -> None:
    file = tmp_path / "größe.txt"
    file.write_text("x")
    flags = ["--set", "agent.podAnnotations.é=ü", "--set-file", f"agent.podAnnotations.f={file}"]
    ran = in_c_locale(b"render", b"--chart", b"edgemesh", *(flag.encode() for flag in flags))
    assert (ran.returncode, ran.stderr.count(b"Traceback")) == (0, 0)
    assert "é: ü".encode() in ran.stdout
    assert b"f: x" in ran.stdout


@pytest.mark.parametrize("command", ["check", "render -o"])
def test_a_file_name_that_is_not_utf_8_is_printed(command: str, tmp_path: Path) -> None:
    name = b"s-\xff"
    (tmp_path / os.fsdecode(name)).write_bytes(b"agent: {zzz: 1}\n" if command == "check" else b"")
    if command != "check":
        (tmp_path / os.fsdecode(name)).unlink()
    env = {**os.environ, "PYTHONIOENCODING": "utf-8:strict"}
    ran = subprocess.run(
        [GENERATOR.encode(), *command.encode().split(), name],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        env=env,
    )
    assert b"Traceback" not in ran.stderr
    assert name in ran.stdout


def test_a_bug_and_a_finding_have_different_exit_codes() -> None:
    code = """
import generator.cli.profiles
import generator.model.profile_text
def fault(*_):
    raise KeyError("fault")
generator.model.profile_text.explain = fault
from generator.cli import main
main(["profiles"])
"""
    ran = process(sys.executable, "-c", code)
    assert (ran.returncode, ran.stdout) == (3, b"")
    assert ran.stderr.splitlines()[-1] == b"KeyError: 'fault'"


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_is_reported_with_its_own_exit_code(sent: int) -> None:
    started = subprocess.Popen(
        [GENERATOR, "render", "-f", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    # Wait until the command has installed its signal handler; it then waits for its input.
    status = Path(f"/proc/{started.pid}/status")
    for _ in range(400):
        caught = int(status.read_text().partition("SigCgt:")[2].split()[0], 16)
        if caught >> (signal.SIGTERM - 1) & 1:
            break
        time.sleep(0.02)
    time.sleep(0.3)
    started.send_signal(sent)
    out, err = started.communicate(timeout=60)
    assert (started.returncode, out, err) == (3, b"", b"interrupted\n")


@pytest.mark.parametrize("name", [b"missing-\xff.yaml", "größe.yaml".encode()])
def test_unusual_file_names_are_accepted(name: bytes) -> None:
    ran = subprocess.run([GENERATOR, "render", "-f", name], capture_output=True, check=False)
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert ran.stderr.splitlines()[0].endswith(b".yaml: does not exist [file-missing]")


# Libraries and parts that take long to import, and those that each command needs.
HEAVY = (
    "pydantic", "yaml", "jinja2", "helm_python", "asyncio", "rich", "importlib.metadata", "cryptography",
    "pyhelm3.command", "pyhelm3.models", "ruamel", "generator.load", "generator.diff.report",
)  # fmt: skip
NEEDED = {
    "--version": (),
    "--help": (),
    "explain tls-needs-1.12": (),
    # It has findings, and the fixes need ruamel.yaml.
    "check {edgecore}": ("yaml", "ruamel", "generator.load"),
    # Only what no program writes needs the parser of yaml.
    "render": ("helm_python", "generator.load"),
    "diff {manifest} {manifest}": ("generator.diff.report",),
    "render -o {out}": ("jinja2", "helm_python", "generator.load"),
    "import {edgecore}": ("yaml", "helm_python", "generator.load"),
    # They import what they need before they find no cluster.
    "status": (
        "yaml",
        "asyncio",
        "cryptography",
        "pyhelm3.command",
        "generator.load",
        "generator.diff.report",
    ),
    "install --yes": (
        "yaml",
        "asyncio",
        "helm_python",
        "pyhelm3.command",
        "generator.load",
        "generator.diff.report",
    ),
}


@pytest.mark.parametrize("command", NEEDED)
def test_a_command_imports_only_what_it_needs(command: str, tmp_path: Path) -> None:
    edgecore = locations.ROOT / "tests/data/check/edgecore.yaml"
    manifest = locations.ROOT / "tests/data/check/cloudcore.yaml"
    words = command.format(edgecore=edgecore, manifest=manifest, out=tmp_path / "out").split()
    code = f"""
import sys
from generator.cli import main
try:
    main({words!r})
except SystemExit:
    pass
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    missing = {"KUBECONFIG": str(tmp_path / "missing")}
    ran = process(sys.executable, "-c", code, env=missing)
    assert ran.stdout.splitlines()[-1].decode() == str([name for name in HEAVY if name in NEEDED[command]])


def test_choices_of_the_command_match_the_package() -> None:
    # The command has a copy of these names: importing the package would slow down `--help`.
    assert options.PROFILES == profiles.PROFILES
    assert options.ENGINES == helm.ENGINES
