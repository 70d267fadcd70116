"""What the shell completes as the values of options and arguments.

Each kind of text is a type of an option or argument. Completion never prints and never fails: after an
error it completes nothing. completion.py has the scripts of the shells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem
from click.types import StringParamType

from generator.components import DEFAULT_RELEASES, EDGEMESH, KUBEEDGE, VERSION_KEYS

if TYPE_CHECKING:
    from generator.model.key_names import Known

_Find = Callable[[click.Context, click.Parameter, str], Iterable[str | CompletionItem]]

# The variable in which click finds the shell that asks.
ASKED = "_GENERATOR_COMPLETE"

# What precedes the last `key=value` of --set: complete ones, each with its comma. Lists are in braces.
_COMPLETE = re.compile(r"(?:(?:[^,{\\]|\\.|\{[^}]*\})*,)*")
_SCHEMES = ("profile:", "values:", "git:", "release:")


class Words(StringParamType):
    """A text, named by its metavar, that the shell completes to what `find` returns."""

    def __init__(self, metavar: str, find: _Find) -> None:
        self.name = metavar
        self._find = find

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the completions; none after an error, which the command reports when it runs."""
        with suppress(Exception):
            found = self._find(ctx, param, incomplete)
            return [one if isinstance(one, CompletionItem) else CompletionItem(one) for one in found]
        return []


def _starting(begun: str, names: Iterable[str]) -> Iterator[str]:
    return (name for name in names if name.startswith(begun))


def _profiles(_: click.Context, __: click.Parameter, begun: str) -> Iterator[str]:
    """Complete the name of a profile."""
    from generator.cli.options import PROFILES

    return _starting(begun, PROFILES)


def _releases(program: str, begun: str) -> Iterator[str]:
    """Yield tags, newest first; minors if the text begins without the v of a tag."""
    from generator.upstream.releases import tags

    known = reversed(tags(program).items())
    return _starting(begun, (minor if begun[:1].isdigit() else tag for minor, tag in known))


def _codes(_: click.Context, __: click.Parameter, begun: str) -> Iterator[CompletionItem]:
    """Complete the code of a message."""
    from generator.catalogue import catalogue

    found = catalogue()
    return (CompletionItem(code, help=found[code].means) for code in _starting(begun, found))


def _classes(_: click.Context, __: click.Parameter, begun: str) -> Iterator[str]:
    """Complete the last class of --fail-on; leave out those that are there already."""
    # diff.impact has the same table, and imports much more.
    from generator.catalogue import area

    head, comma, last = begun.rpartition(",")
    given = [name.strip() for name in head.split(",")]
    return (f"{head}{comma}{name}" for name in _starting(last, area("impacts")) if name not in given)


def _sides(schemes: tuple[str, ...], begun: str) -> Iterator[str]:
    """Complete a side of `generator diff` or `graph`: a profile, a scheme, or a file."""
    from generator.cli.options import PROFILES

    scheme, colon, rest = begun.partition(":")
    if not colon:
        yield from _starting(begun, (*PROFILES, *schemes))
        yield from _paths(begun)
    elif scheme == "profile":
        yield from (f"profile:{name}" for name in _starting(rest, PROFILES))
    elif scheme == "values":
        yield from (f"values:{name}" for name in _paths(rest))


def _outputs(formats: tuple[str, ...], begun: str) -> Iterator[str]:
    """Complete FORMAT=FILE."""
    form, equals, name = begun.partition("=")
    return (
        (f"{form}={path}" for path in _paths(name))
        if equals
        else _starting(begun, (f"{f}=" for f in formats))
    )


def _settings(ctx: click.Context, param: click.Parameter, begun: str) -> Iterator[str]:
    """Complete the last key of a --set flag, or its value."""
    from generator.model import key_names

    # JSON has commas of its own.
    complete = None if param.name == "set_json" else _COMPLETE.match(begun)
    head = complete[0] if complete else ""
    key, equals, value = begun.removeprefix(head).partition("=")
    if not equals:
        found: Iterable[str] = key_names.keys(key, _known(ctx))
    elif param.name == "set_file":
        found = (f"{key}={path}" for path in _paths(value))
    elif param.name == "set_plain":
        found = (f"{key}={one}" for one in _starting(value, _values(ctx, key, value)))
    else:
        found = ()
    return (f"{head}{one}" for one in found)


def _values(ctx: click.Context, key: str, begun: str) -> Iterable[str]:
    from generator.model import key_names

    program = next((name for name, one in VERSION_KEYS.items() if one == key), None)
    return _releases(program, begun) if program else key_names.values(key, _known(ctx))


def _known(ctx: click.Context) -> Known:
    """Return the readable values files of the command line, and the releases that they name."""
    from generator.model.key_names import Known
    from generator.upstream import Release

    found = tuple(_read(ctx.params.get("files") or ()))
    kubeedge, edgemesh = (
        Release.parse(
            program,
            next((str(one[key]) for one in reversed(found) if one.get(key)), DEFAULT_RELEASES[program]),
        )
        for program, key in ((name, VERSION_KEYS[name]) for name in (KUBEEDGE, EDGEMESH))
    )
    return Known(found, kubeedge, edgemesh)


def _read(names: Iterable[str]) -> Iterator[dict[str, Any]]:
    from generator.io import yaml_reader
    from generator.io.files import read_bytes

    for name in names:
        # Never wait for standard input or a pipe.
        with suppress(Exception):
            value = yaml_reader.read(read_bytes(name, pipes=False).decode("utf-8"), name).value
            if isinstance(value, dict):
                yield value


def _paths(begun: str) -> Iterator[str]:
    """Yield files and folders; only for names inside a longer text, which shells do not complete."""
    from pathlib import Path

    head, slash, name = begun.rpartition("/")
    head += slash
    for path in sorted(Path(head or ".").expanduser().iterdir()):
        if path.name.startswith(name) and (name or not path.name.startswith(".")):
            yield f"{head}{path.name}{'/' if path.is_dir() else ''}"


FILE = Words("FILE", lambda _, __, begun: [CompletionItem(begun, type="file")])
DIR = Words("DIR", lambda _, __, begun: [CompletionItem(begun, type="dir")])
PROFILE = Words("PROFILE", _profiles)
CODE = Words("CODE", _codes)
CLASSES = Words("CLASS,…", _classes)
SIDE = Words("SIDE", lambda _, __, begun: _sides(_SCHEMES, begun))
SITE_SIDE = Words("SIDE", lambda _, __, begun: _sides(_SCHEMES[:2], begun))
SETTING = Words("K=V", _settings)
# A release of each program.
VERSION = {
    KUBEEDGE: Words("V", lambda _, __, begun: _releases(KUBEEDGE, begun)),
    EDGEMESH: Words("V", lambda _, __, begun: _releases(EDGEMESH, begun)),
}


def output_of(formats: tuple[str, ...]) -> Words:
    """Return the type of FORMAT=FILE with some formats."""
    return Words("FORMAT=FILE", lambda _, __, begun: _outputs(formats, begun))
