"""The library of the embedded Helm, opened before it is needed."""

from __future__ import annotations

import os
import subprocess
import sys

import helm_python

RUN = """
import os, re, sys
from pathlib import Path
from generator.cli import main
from generator.helm import early
{prepare}
try:
    main({command})
except SystemExit as end:
    assert (end.code or 0) == {code}
maps = Path("/proc/self/maps").read_text()
mapped = {{*re.findall(r" ([0-9]+) +(/.*libhelm_c.*)$", maps, re.MULTILINE)}}
print(len(mapped), early._VARIABLE in os.environ, file=sys.stderr)
"""


def run(
    prepare: str = "",
    command: str = "render --profile mtls",
    code: int = 0,
    begin: bytes = b"---\n",
    **variables: str,
) -> str:
    """Run a command in a new process; return how many libraries are open, and whether the variable is set."""
    env = {name: value for name, value in os.environ.items() if name != "HELM_C_LIB"} | variables
    program = RUN.format(prepare=prepare, command=command.split(), code=code)
    ran = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, check=True)
    assert ran.stdout.startswith(begin)
    return ran.stderr.decode().splitlines()[-1]


def test_the_process_has_one_copy_of_the_library() -> None:
    assert run() == "1 True"


def test_a_comparison_of_profiles_has_one_copy_too() -> None:
    assert run(command="diff plain mtls", code=1, begin=b"profile plain -> profile mtls: ") == "1 True"


def test_a_library_in_another_folder_is_left_to_the_package() -> None:
    assert run("early.Path.glob = lambda *_: iter(())") == "1 False"


def test_the_library_of_the_user_wins() -> None:
    assert run(HELM_C_LIB=str(helm_python.library_path)) == "1 True"
