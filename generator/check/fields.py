"""One config file by itself: what its program ignores, rejects, crashes on or reads differently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from generator import paths
from generator.catalogue.message import Message, say
from generator.check.findings import Edit, Finding, Level, at
from generator.check.sources import Source
from generator.merge import differing
from generator.paths import Path
from generator.secrets.names import is_secret
from generator.upstream import Field, Release, config_fields
from generator.upstream.check import Wrong, check, nearest_name
from generator.upstream.moves import Move, moved_to, newer
from generator.upstream.reading import spelling
from generator.upstream.releases import table


def field_findings(source: Source, release: Release, fine: dict[str, Any] | None = None) -> Iterator[Finding]:
    """Yield everything that the field table of a release finds in a config file.

    `fine` are values of another file of the same program and release, in which the table finds nothing.
    """
    tree = config_fields(source.kind, release)
    yield from _api_version(source, release)
    for path, line in source.document.twice:
        message = say("duplicate-key", "program", component=source.kind)
        yield Finding(message, "error", source.file, source.offset + line, paths.text(path), source)
    for wrong in check(differing(source.value, fine or {}), tree, source.kind, release):
        # This key names the release of the file, whether its program reads it or not.
        if (wrong.path, wrong.code) != (("edgecoreVersion",), "key-of-other-release"):
            yield from _explained(source, release, tree, wrong)


# The upstream chart writes an apiVersion that no release has; no program checks it.
_WRITTEN_BY_UPSTREAM = {"cloudcore": "cloudcore.config.kubeedge.io/v1alpha2"}


def _api_version(source: Source, release: Release) -> Iterator[Finding]:
    """Compare apiVersion with the release: no program checks it, but it shows the intended layout."""
    rows = {row["minor"]: row for row in table(source.kind)["versions"]}
    wanted = rows[release.minor]["apiVersion"]
    found = source.value.get("apiVersion")
    if isinstance(found, str) and found not in (wanted, _WRITTEN_BY_UPSTREAM.get(source.kind)):
        message = say("api-version-differs", got=found, release=str(release), wanted=wanted)
        yield at(source, ("apiVersion",), message)


def _explained(source: Source, release: Release, tree: Field, wrong: Wrong) -> Iterator[Finding]:
    """Yield the problem, and if known the new place of the key, the intended key or the value read."""
    if wrong.code == "unused-key":
        yield from _moved(source, release, wrong.path, wrong.message)
    elif wrong.code == "unknown-gate":
        yield at(source, wrong.path, wrong.message, edit=_renamed(source, tree, wrong.path), ends=True)
    elif wrong.code in ("unknown-key", "key-of-other-release"):
        yield from _unknown(source, release, tree, wrong)
    else:
        yield from _misread(source, tree, wrong)


def _misread(source: Source, tree: Field, wrong: Wrong) -> Iterator[Finding]:
    """Yield the finding for a value that its key does not accept."""
    field = _field(tree, wrong.path)
    raw = source.document.texts.get(wrong.path)
    if wrong.code == "null-item":
        yield at(source, wrong.path, wrong.message, "warning")
    elif field and field.type == "string" and raw is not None and wrong.code == "wrong-type":
        yield _unquoted(source, wrong.path, field, raw)
    elif field:
        yield at(source, wrong.path, wrong.message, ends=True)


def _unquoted(source: Source, path: Path, field: Field, raw: str) -> Finding:
    """Return the finding of a text that YAML reads as a number, or as true or false."""
    value = paths.at(source.value, path)
    read = str(value).lower() if isinstance(value, bool) else str(value)
    same = not field.inlined and read == raw
    variant = "rejected" if field.inlined else "same" if same else "changed"
    hidden = is_secret(str(path[-1]))
    message = say("unquoted-text", variant, raw=None if hidden else raw, read=None if hidden else read)
    level: Level = "warning" if same else "error"
    return at(source, path, message, level, edit=Edit(path, text=raw), ends=field.inlined)


def _unknown(source: Source, release: Release, tree: Field, wrong: Wrong) -> Iterator[Finding]:
    """Yield the finding of a key that the program does not read, or reads under another name."""
    path, name = wrong.path, str(wrong.path[-1])
    parent = _field(tree, path[:-1])
    cased = spelling(name, parent) if parent else name
    if cased != name:
        yield from _cased(source, release, tree, path, cased)
        return
    moved = list(_moved(source, release, path))
    if moved:
        yield from moved
        return
    if wrong.code == "key-of-other-release":
        yield at(source, path, wrong.message)
        return
    # A key of another section is not a misspelt key of this section.
    places = _places(tree, name)
    message = replace(wrong.message, variant="file").with_fields(**({"places": places} if places else {}))
    yield at(source, path, message, edit=None if places else _renamed(source, tree, path))


def _renamed(source: Source, tree: Field, path: Path) -> Edit | None:
    """Return the edit that gives a misspelt key its name, if one is close and not given yet."""
    parent = _field(tree, path[:-1])
    near = nearest_name(str(path[-1]), parent.fields if parent else {})
    return Edit(path, (*path[:-1], near)) if near and near not in paths.at(source.value, path[:-1]) else None


def _cased(source: Source, release: Release, tree: Field, path: Path, cased: str) -> Iterator[Finding]:
    """Yield the finding of a key in other case, and go on below it: the program reads it."""
    below = (*path[:-1], cased)
    edit = None if cased in paths.at(source.value, path[:-1]) else Edit(path, below)
    yield at(source, path, say("key-in-other-case", name=cased), edit=edit)
    field = _field(tree, below)
    if field:
        for wrong in check(paths.at(source.value, path), field, source.kind, release, path):
            yield from _explained(source, release, tree, wrong)


def _moved(source: Source, release: Release, path: Path, message: Message | None = None) -> Iterator[Finding]:
    """Yield a finding if a key, or keys below it, have another place in this release.

    `message` is the message to use instead of one about the move.
    """
    dotted = ".".join("[]" if isinstance(part, int) else part for part in path).replace(".[]", "[]")
    value = paths.at(source.value, path)
    move = moved_to(source.kind, release, dotted)
    if move is None:
        if isinstance(value, dict):
            for name in value:
                yield from _moved(source, release, (*path, name))
        return
    free = next(iter(paths.find(source.value, move.new)), None) is None
    carried = move.carried(value, release, source.kind)
    sure = free and carried is not None and not any(isinstance(part, int) for part in path)
    edit = Edit(path, tuple(move.new.split(".")), value=carried) if sure else None
    found = message or _move_message(release, move)
    yield at(source, path, replace(found, variant="by-hand") if carried is None else found, edit=edit)


def _move_message(release: Release, move: Move) -> Message:
    if newer(release, move):
        return say("key-of-other-release", release=str(release), to=move.new, since=move.since)
    return say("key-of-other-release", release=str(release), instead=move.new)


def _places(tree: Field, name: str) -> list[str]:
    """Return the places of the fields with this name, [] if there are many."""
    places = [path for path, _ in tree.walk() if path.rpartition(".")[2] == name]
    return places if len(places) <= 3 else []


def _field(tree: Field, path: Path) -> Field | None:
    here: Field | None = tree
    for part in path:
        if here is None:
            return None
        here = here.items if isinstance(part, int) else here.fields.get(spelling(part, here)) or here.values
    return here
