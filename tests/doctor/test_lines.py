"""Every line that `doctor.sh --codes` can print becomes a finding with whole sentences."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from generator.catalogue import find
from generator.catalogue.message import fields_of
from generator.catalogue.shell import codes_in
from generator.doctor.probe import read_line
from generator.errors import Problem
from generator.render.node_script import doctor_script


def _lines() -> Iterator[str]:
    for code in codes_in(doctor_script()):
        entry = find(code)
        variants = entry.what if isinstance(entry.what, dict) else {"": entry.what}
        for variant, text in variants.items():
            names = dict.fromkeys((*fields_of(text), *fields_of(entry.fix)))
            yield "\t".join([code, variant, *(f"{name}=value-of-{name}" for name in names)])


@pytest.mark.parametrize("line", [*_lines()], ids=lambda line: "-".join(line.split("\t")[:2]))
def test_line_becomes_a_finding(line: str) -> None:
    message = read_line(line)
    assert message is not None
    said = str(Problem("node edge-1", "", message))
    assert said.endswith(f" [{line.split(chr(9))[0]}]")
    assert "{" not in said
