"""Write the tables of translations again (generator/tables/zh): `make translations`.

Known translations stay, texts that no longer exist go, and new texts are added without a translation, which
tests/test_language.py rejects until somebody writes it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Any

import click

from generator import doctor, go_yaml, tables
from generator.catalogue import AREAS, area
from generator.catalogue.causes import CATEGORIES
from generator.catalogue.entries import Text
from generator.cli.main import cli
from generator.language import CHINESE
from generator.model.site import Site
from generator.model.tree import walk

FOLDER = Path(tables.__file__).parent / CHINESE
WORDS = "words"
DOCTOR = Path(doctor.__file__).parent
# The names of variables of generator.doctor that have texts of its report.
TOLD = (".skipped", "_PAGE", "_NOT_READ", "_NOTHING", "_NONE", "_ONE", "_SEVERAL")


def texts() -> dict[str, list[str]]:
    """Return the English texts of each area; those of `words` are known by their table only."""
    found = {name: list(_of_area(name)) for name in AREAS}
    found["model"] = [text for key in walk(Site) for text in (key.text, key.unit, key.unset)]
    found["help"] = list(_of_command(cli))
    found["doctor"] = [*CATEGORIES.values(), *_of_checks()]
    found["impact"] = list(_of_impact(tables.parsed("impact.yaml")))
    return {name: [text for text in dict.fromkeys(several) if text] for name, several in found.items()}


def translations(name: str) -> dict[str, str]:
    """Return the translations of an area, in the order of its table."""
    return {one["en"]: one[CHINESE] for one in tables.pairs(f"{CHINESE}/{name}.yaml")}


def _of_area(name: str) -> Iterator[str]:
    for entry in area(name).values():
        yield entry.means
        yield from _sentences(entry.what)
        yield from _sentences(entry.fix)
        yield entry.why


def _sentences(text: Text) -> Iterator[str]:
    if isinstance(text, str):
        yield text
    else:
        for part in text if isinstance(text, tuple) else text.values():
            yield from _sentences(part)


def _of_command(command: click.Command) -> Iterator[str]:
    yield from (cleandoc(command.help or ""), cleandoc(command.epilog or ""))
    yield from (one.help or "" for one in command.params if isinstance(one, click.Option))
    if isinstance(command, click.Group):
        for name in command.commands:
            yield from _of_command(command.commands[name])


def _of_checks() -> Iterator[str]:
    """Yield the titles of the checks of doctor, why one did not run, and the other words of its report."""
    for path in sorted(DOCTOR.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                if node.func.id == "Check":
                    yield from _constants(node.args[1:2])
                elif node.func.id == "translated" and ast.unparse(node.args[0]) == "'doctor'":
                    yield from _constants(node.args[1:])
            elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).endswith(TOLD):
                yield from _constants([node.value])


def _constants(values: Iterable[ast.expr]) -> Iterator[str]:
    """Yield the texts in expressions, of both sides of a condition."""
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value
        elif isinstance(value, ast.IfExp):
            yield from _constants([value.body, value.orelse])


def _of_impact(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for one in part:
            yield from _of_impact(one)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name in ("says", "fix"):
                yield from [value] if isinstance(value, str) else value
            else:
                yield from _of_impact(value)


def main() -> None:
    """Write every table but that of words, and print what lacks a translation."""
    for name, several in texts().items():
        path = FOLDER / f"{name}.yaml"
        known = translations(name) if path.exists() else {}
        path.write_text(
            go_yaml.dump([{"en": text, CHINESE: known.get(text, "")} for text in several]), "utf-8"
        )
        lacking = [text for text in several if not known.get(text)]
        click.echo(f"{path.name}: {len(several)} texts, {len(lacking)} without a translation")


if __name__ == "__main__":
    main()
