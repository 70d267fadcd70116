"""One config file by itself: what its program would ignore, reject, crash on or read otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from generator import paths
from generator.check.findings import Edit, Finding, Level, plain_at, plain_finding
from generator.check.sources import Source
from generator.errors import Plain
from generator.paths import Path
from generator.secrets.names import is_secret
from generator.upstream import Field, Release, config_fields
from generator.upstream.check import Wrong, check, nearest_name
from generator.upstream.moves import moved_to, newer
from generator.upstream.reading import spelling
from generator.upstream.releases import table


def field_findings(source: Source, release: Release) -> Iterator[Finding]:
    """Yield everything that the field table of a release says about a config file."""
    tree = config_fields(source.kind, release)
    yield from _head(source, release)
    for path, line in source.document.twice:
        what = "is given twice, and the program takes the last one without a word"
        yield plain_finding(
            "twice", "error", source.file, source.offset + line, paths.text(path), what, "remove one", source
        )
    for wrong in check(source.value, tree, source.kind, release):
        # By this key a file says which release it is for, whether its program reads it or not.
        if (wrong.path, wrong.code) != (("edgecoreVersion",), "key-of-other-release"):
            yield from _explained(source, release, tree, wrong)


# The upstream chart writes an apiVersion that no release has; no program looks at it.
_WRITTEN_BY_UPSTREAM = {"cloudcore": "cloudcore.config.kubeedge.io/v1alpha2"}


def _head(source: Source, release: Release) -> Iterator[Finding]:
    """Compare apiVersion with the release: no program looks at it, but it tells which layout is meant."""
    rows = {row["minor"]: row for row in table(source.kind)["versions"]}
    wanted = rows[release.minor]["apiVersion"]
    found = source.value.get("apiVersion")
    if isinstance(found, str) and found not in (wanted, _WRITTEN_BY_UPSTREAM.get(source.kind)):
        what = f"is {found}, {release} has {wanted}; the program does not look, it reads its own layout"
        fix = "see the other findings for keys that moved"
        yield plain_at(source, ("apiVersion",), "api-version", what, fix, level="warning")


# The codes of the field table for a key that the program does not read.
_NOT_READ = ("unknown-key", "key-of-other-release", "unknown-gate")


def _explained(source: Source, release: Release, tree: Field, wrong: Wrong) -> Iterator[Finding]:
    """Yield what is wrong, and where a key moved, what was meant, or what the program reads instead."""
    field = _field(tree, wrong.path)
    if wrong.code == "unused-key":
        (moved,) = _moved(source, release, wrong.path)
        yield replace(moved, message=Plain("unused", (("fix", moved.fix), ("what", wrong.message.what))))
    elif wrong.code in _NOT_READ:
        yield from _unknown(source, release, tree, wrong)
    elif field:
        yield _misread(source, field, wrong)


def _misread(source: Source, field: Field, wrong: Wrong) -> Finding:
    """Return the finding of a value that its key does not take."""
    path, what, fix, code = wrong.path, wrong.message.what, wrong.message.fix, wrong.code
    if code == "null-item":
        return plain_at(source, path, "null", what, fix, level="warning")
    if code == "null-section":
        return plain_at(source, path, "null", what, fix, ends=True)
    value, raw = paths.at(source.value, path), source.document.texts.get(path)
    if raw is not None and field.type in ("string", "duration") and not isinstance(value, (dict, list)):
        return _number_like(source, path, field, raw)
    return plain_at(
        source, path, "type" if code in ("wrong-type", "not-one-of") else "value", what, fix, ends=True
    )


def _number_like(source: Source, path: Path, field: Field, raw: str) -> Finding:
    secret = is_secret(str(path[-1]))
    value = paths.at(source.value, path)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if field.type == "duration":
        what, fix = f"{raw} has no unit, the program refuses the file", "a duration is text such as 10s"
        return plain_at(source, path, "number-like", what, fix, ends=True)
    read = "refuses the file" if field.inlined else "reads another text" if secret else f"reads {text}"
    if not field.inlined and text == raw:
        read = "reads it as it stands, a stricter reader would not"
    what = f"{'the value' if secret else raw} is not in quotes, the program {read}"
    level: Level = "warning" if not field.inlined and text == raw else "error"
    edit = Edit(path, text=raw)
    return plain_at(
        source, path, "number-like", what, "put it in quotes", level, edit=edit, ends=field.inlined
    )


def _unknown(source: Source, release: Release, tree: Field, wrong: Wrong) -> Iterator[Finding]:
    path, what, fix, code = wrong.path, wrong.message.what, wrong.message.fix, wrong.code
    name, parent = str(path[-1]), _field(tree, path[:-1])
    siblings = parent.fields if parent else {}
    taken = paths.at(source.value, path[:-1])
    near = nearest_name(name, siblings)
    renamed = Edit(path, (*path[:-1], near)) if near and near not in taken else None
    if path[:1] == ("featureGates",):
        yield plain_at(source, path, "gate", what, fix, edit=renamed, ends=code == "unknown-gate")
        return
    cased = spelling(name, parent) if parent else name
    if cased != name:
        yield from _cased(source, release, tree, path, cased)
        return
    moved = list(_moved(source, release, path))
    if moved:
        yield from moved
        return
    # A key of another release, or of another section, is no misspelling of this one's.
    elsewhere = _elsewhere(tree, name)
    edit = None if elsewhere or code == "key-of-other-release" else renamed
    what = f"{what}; the program ignores it without a word"
    yield plain_at(source, path, "unknown", what, elsewhere or fix, edit=edit)


def _cased(source: Source, release: Release, tree: Field, path: Path, cased: str) -> Iterator[Finding]:
    """Name a key in other letters, and go on below it: the program reads what is there."""
    below = (*path[:-1], cased)
    edit = None if cased in paths.at(source.value, path[:-1]) else Edit(path, below)
    what = f"is written {cased}; the program takes it all the same, a stricter reader would not"
    yield plain_at(source, path, "case", what, f"write {cased}", level="warning", edit=edit)
    field = _field(tree, below)
    if field:
        for wrong in check(paths.at(source.value, path), field, source.kind, release, path):
            yield from _explained(source, release, tree, wrong)


def _moved(source: Source, release: Release, path: Path) -> Iterator[Finding]:
    """Yield where a key stands in this release, or the keys below it."""
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
    fix = f"move it to {move.new}" if carried is not None else f"write it at {move.new} in its new form"
    stood = "stands" if newer(release, move) else "stood"
    until = f"from {move.since} on" if newer(release, move) else f"before {move.since}"
    what = f"not read by {release}, without a word; it {stood} at {move.new} {until}"
    yield plain_at(source, path, "moved", what, fix, edit=edit)


def _elsewhere(tree: Field, name: str) -> str:
    """Say where fields of that name stand, when they are few."""
    places = [path for path, _ in tree.walk() if path.rpartition(".")[2] == name]
    return f"there is {' and '.join(places)}" if 0 < len(places) <= 3 else ""


def _field(tree: Field, path: Path) -> Field | None:
    here: Field | None = tree
    for part in path:
        if here is None:
            return None
        here = here.items if isinstance(part, int) else here.fields.get(spelling(part, here)) or here.values
    return here
