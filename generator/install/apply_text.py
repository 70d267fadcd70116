"""The list that `generator render` ends with, as text."""

from __future__ import annotations

from collections.abc import Iterator

from generator.errors import Paint, one_line, unpainted
from generator.install.apply_step import APPLY, BEFORE, NODES, ApplyStep
from generator.install.before_apply import BeforeApply
from generator.language import translated

_TITLES = {BEFORE: "Before you apply", APPLY: "Apply, in this order", NODES: "On the edge nodes"}


def before_apply_text(found: BeforeApply, paint: Paint = unpainted) -> str:
    """Write the steps with their commands, numbered, below a title for each part."""
    return "".join(f"{line}\n" for line in _lines(found, paint))


def _lines(found: BeforeApply, paint: Paint) -> Iterator[str]:
    number = 0
    for part, title in _TITLES.items():
        steps = [step for step in found.steps if step.part == part]
        where = (
            translated("words", " in namespace {name}").format(name=found.namespace) if part == BEFORE else ""
        )
        if not steps and part != BEFORE:
            continue
        yield paint("heading", f"{translated('words', title)}{where}:")
        if not steps:
            yield f"  {translated('words', 'nothing to do')}"
        for step in steps:
            number += 1
            yield from _of_step(number, step)


def _of_step(number: int, step: ApplyStep) -> Iterator[str]:
    yield f"  {number}. {one_line(step.sentence)} [{step.code}]"
    yield from (f"       {command}" for command in step.commands)
