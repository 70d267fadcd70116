"""The library of the embedded Helm, opened before it is needed."""

from __future__ import annotations

import os
import subprocess
import sys

import helm_python

RENDER = """
import os, re, sys
from pathlib import Path
from generator.cli import main
from generator.helm import early
{prepare}
try:
    main(["render", "--profile", "mtls"])
except SystemExit as end:
    assert not end.code
maps = Path("/proc/self/maps").read_text()
mapped = {{*re.findall(r" ([0-9]+) +(/.*libhelm_c.*)$", maps, re.MULTILINE)}}
print(len(mapped), early._VARIABLE in os.environ, file=sys.stderr)
"""


def render(prepare: str = "", **variables: str) -> str:
    """Render in a new process; return how many libraries it has open, and whether the variable is set."""
    env = {name: value for name, value in os.environ.items() if name != "HELM_C_LIB"} | variables
    code = RENDER.format(prepare=prepare)
    ran = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True)
    assert ran.stdout.startswith(b"---\n")
    return ran.stderr.decode().splitlines()[-1]


def test_the_process_has_one_copy_of_the_library() -> None:
    assert render() == "1 True"


def test_a_library_in_another_folder_is_left_to_the_package() -> None:
    assert render("early.Path.glob = lambda *_: iter(())") == "1 False"


def test_the_library_of_the_user_wins() -> None:
    assert render(HELM_C_LIB=str(helm_python.library_path)) == "1 True"
