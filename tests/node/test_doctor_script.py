"""The text of doctor.sh: its codes are those of the catalogue and tested, and it is one valid file."""

from __future__ import annotations

import re
import subprocess

import pytest

from generator.catalogue.causes import ENTRIES, answers
from generator.render import node_script
from tests.node.node import SCRIPTS, which
from tests.node.sick_node import SCRIPT
from tests.node.test_doctor import FAULTS, OTHERS

SOURCE = (SCRIPTS / "doctor.sh").read_text()


def test_each_code_of_the_script_is_tested_and_in_the_catalogue() -> None:
    named = set(re.findall(r"\bfound ([a-z]+(?:-[a-z0-9]+)+)", SOURCE))
    assert named - ENTRIES.keys() == set()
    assert {*named, *(one.code for one in answers())} == {*OTHERS, *(fault[1] for fault in FAULTS.values())}


def test_each_variant_of_the_script_is_tested() -> None:
    named = set(re.findall(r"\bfound ([a-z]+(?:-[a-z0-9]+)+) ([a-z]+)", SOURCE))
    assert named == {(code, variant) for _, code, variant, _ in FAULTS.values() if variant}


def test_the_script_has_no_open_mark() -> None:
    assert "#:" in SOURCE
    assert "#:" not in SCRIPT


def test_a_part_that_update_sh_does_not_have_is_an_error() -> None:
    with pytest.raises(LookupError, match="no_such_part"):
        node_script._shared("", ["no_such_part"])


@pytest.mark.parametrize("shell", ["dash", "busybox sh"])
def test_the_script_is_valid(shell: str) -> None:
    program, *arguments = shell.split()
    command = [which(program), *arguments, "-n"]
    done = subprocess.run(command, input=SCRIPT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
