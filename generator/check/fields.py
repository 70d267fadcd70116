"""One config file by itself: what its program would ignore, refuse, crash on or read otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.check.findings import Edit, Finding, at
from generator.check.sources import Source
from generator.model import paths
from generator.upstream import Field, Release, config_fields
from generator.upstream.check import Path, check, nearest_name
from generator.upstream.moves import moved_to
from generator.upstream.releases import table


def field_findings(source: Source, release: Release) -> Iterator[Finding]:
    """Yield everything that the field table of a release says about a config file."""
    tree = config_fields(source.kind, release)
    yield from _head(source, release)
    for path, line in source.document.twice:
        what = "is given twice, and the program takes the last one without a word"
        yield Finding(
            "twice", "error", source.file, source.offset + line, paths.text(path), what, "remove one", source
        )
    for path, what, fix in check(source.value, tree, source.kind, release):
        yield _explained(source, release, tree, path, what, fix)


def _head(source: Source, release: Release) -> Iterator[Finding]:
    """Compare apiVersion with the release: no program looks at it, but it tells which layout is meant."""
    rows = {row["minor"]: row for row in table(source.kind)["versions"]}
    wanted = rows[release.minor]["apiVersion"]
    found = source.value.get("apiVersion")
    if isinstance(found, str) and found != wanted:
        what = f"is {found}, {release} has {wanted}; the program does not look, it reads its own layout"
        yield at(
            source,
            ("apiVersion",),
            "api-version",
            what,
            "see the other findings for keys that moved",
            level="warning",
        )


def _explained(source: Source, release: Release, tree: Field, path: Path, what: str, fix: str) -> Finding:
    """Say more of a problem of the field table: where a key moved, how it is meant, what is read."""
    value = paths.at(source.value, path)
    field = _field(tree, path)
    if value is None:
        return at(
            source, path, "null", "an empty value crashes the program", "remove the key, or give it a value"
        )
    if field is None:
        return _unknown(source, release, tree, path, what, fix)
    raw = source.document.texts.get(path)
    if raw is not None and field.type in ("string", "duration") and not isinstance(value, (dict, list)):
        read = "the program refuses the file" if field.inlined else f"the program reads {_as_text(value)}"
        edit = Edit(path, text=raw) if field.type == "string" else None
        return at(
            source, path, "number-like", f"{raw} is not in quotes, {read}", "put it in quotes", edit=edit
        )
    return at(source, path, "type" if "must be" in what else "value", what, fix)


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _unknown(source: Source, release: Release, tree: Field, path: Path, what: str, fix: str) -> Finding:
    if path[:1] == ("featureGates",):
        return at(source, path, "gate", what, fix)
    name, parent = str(path[-1]), _field(tree, path[:-1])
    siblings = parent.fields if parent else {}
    taken = paths.at(source.value, path[:-1])
    cased = next((known for known in siblings if known.lower() == name.lower()), None)
    if cased:
        edit = None if cased in taken else Edit(path, (*path[:-1], cased))
        what = f"is written {cased}; the program takes it all the same, a stricter reader would not"
        return at(source, path, "case", what, f"write {cased}", level="warning", edit=edit)
    dotted = ".".join("[]" if isinstance(part, int) else part for part in path).replace(".[]", "[]")
    move = moved_to(source.kind, release, dotted)
    if move:
        to = tuple(move.new.split("."))
        free = next(iter(paths.find(source.value, move.new)), None) is None
        edit = Edit(path, to) if free and not any(isinstance(part, int) for part in path) else None
        what = f"not read by {release}, without a word; it stands at {move.new} from {move.since} on"
        return at(source, path, "moved", what, f"move it to {move.new}", edit=edit)
    near = nearest_name(name, siblings)
    edit = Edit(path, (*path[:-1], near)) if near and near not in taken else None
    return at(
        source,
        path,
        "unknown",
        f"{what}; the program ignores it without a word",
        fix or _elsewhere(tree, name),
        edit=edit,
    )


def _elsewhere(tree: Field, name: str) -> str:
    """Say where a field of that name stands, when it stands in one place only."""
    places = [path for path, _ in tree.walk() if path.rpartition(".")[2] == name]
    return f"there is {places[0]}" if len(places) == 1 else ""


def _field(tree: Field, path: Path) -> Field | None:
    here: Field | None = tree
    for part in path:
        if here is None:
            return None
        here = here.items if isinstance(part, int) else here.fields.get(part) or here.values
    return here
