"""Makes the safe edits of a report: moves, spelling and quotes. Keeps comments and the order of keys."""

from __future__ import annotations

import difflib
import io
import itertools
import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from generator import paths
from generator.catalogue.message import say
from generator.check.findings import Edit, Finding
from generator.check.results import CheckReport
from generator.errors import NotFixable, Problem
from generator.io.files import read_text
from generator.secrets.masks import mask_diff
from generator.secrets.trees import secret_lines


@dataclass(frozen=True)
class Fixed:
    """A fixed file: the number of edits, the diff without secrets, the new text, the name of the backup."""

    file: str
    count: int
    diff: str
    text: str = field(repr=False)
    backup: str


def plan_fixes(report: CheckReport) -> list[Fixed]:
    """Return the files after the safe edits of a report. Raises NotFixable."""
    if "-" in report.fixed:
        raise NotFixable([Problem("-", "", say("not-fixable", "stdin"))])
    if report.unfixable:
        raise NotFixable([Problem(file, "", why) for file, why in report.unfixable.items()])
    values = [*(source.value for source in report.sources), *(found.value for found in report.objects)]
    secrets = [text for value in values for text in secret_lines(value)]
    return [_planned(file, *fixed, secrets) for file, fixed in report.fixed.items()]


def _planned(file: str, after: str, number: int, secrets: list[str]) -> Fixed:
    before = read_text(file)
    diff = "".join(
        difflib.unified_diff(before.splitlines(True), after.splitlines(True), file, f"{file} (fixed)")
    )
    return Fixed(file, number, mask_diff(diff, secrets), after, _backup(file))


def _backup(file: str) -> str:
    """Return a free name for the backup, or the name of the backup of an interrupted run."""
    now = Path(file).read_bytes()
    names = (f"{_target(file)}.orig{number or ''}" for number in itertools.count())
    return next(name for name in names if not Path(name).exists() or Path(name).read_bytes() == now)


def _target(file: str) -> str:
    """Return the file behind a link: the link stays one."""
    return os.path.realpath(file) if Path(file).is_symlink() else file


def edited(text: str, findings: Iterable[Finding]) -> str:
    """Return a text after the edits of its findings; raise YAMLError if it cannot be rewritten."""
    findings = list(findings)
    yaml = _round_trip(text)
    documents = list(yaml.load_all(text))
    for number in sorted({finding.source.number for finding in findings if finding.source}):
        own = [f for f in findings if f.source and f.source.number == number]
        _edit_document(documents[number], own)
    out = io.StringIO()
    if _is_json(text):
        indent = re.search(r'\n([ \t]+)"', text)
        out.write(json.dumps(documents[0], indent=indent[1] if indent else None, ensure_ascii=False) + "\n")
    else:
        yaml.dump_all(documents, out)
    after = out.getvalue()
    return re.sub(r"\r?\n", "\r\n", after) if "\r\n" in text else after


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _round_trip(text: str) -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.explicit_start = text.startswith("---")
    yaml.width = 10_000
    # Lists below a key may be indented or not; the first list of the file decides.
    if re.search(r"^( *)[^\s#-][^\n]*:[ \t]*\n\1 +- ", text, re.MULTILINE):
        yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _edit_document(document: Any, findings: list[Finding]) -> None:
    inner: dict[tuple[paths.Path, str], list[Finding]] = {}
    for finding in findings:
        source = finding.source
        if source and source.inside:
            inner.setdefault((source.holder, source.inside), []).append(finding)
    _apply(document, [f.edit for f in findings if f.edit and f.source and not f.source.inside])
    for (holder, key), own in inner.items():
        data = paths.at(document, holder)
        data[key] = LiteralScalarString(edited(str(data[key]), [_outermost(f) for f in own]))


def _outermost(finding: Finding) -> Finding:
    """Return a finding of an embedded text as a finding of a file."""
    return (
        replace(finding, source=replace(finding.source, inside="", number=0)) if finding.source else finding
    )


def _apply(document: CommentedMap, edits: Iterable[Edit]) -> None:
    # Values first and the deepest keys first: a move must not change the paths of later edits.
    ordered = sorted(edits, key=lambda edit: (edit.to is not None, -len(edit.path)))
    for edit in ordered:
        parent = paths.at(document, edit.path[:-1])
        name = edit.path[-1]
        if edit.to is None:
            parent[name] = DoubleQuotedScalarString(edit.text)
        elif edit.to[:-1] == edit.path[:-1]:
            _rename(parent, str(name), str(edit.to[-1]))
        else:
            _move(document, edit)


def _rename(parent: CommentedMap, old: str, new: str) -> None:
    position = list(parent).index(old)
    comment = parent.ca.items.pop(old, None)
    value = parent.pop(old)
    parent.insert(position, new, value)
    if comment:
        parent.ca.items[new] = comment


def _move(document: CommentedMap, edit: Edit) -> None:
    parent, name = paths.at(document, edit.path[:-1]), edit.path[-1]
    comment = _own_comment(parent, str(name))
    value = parent.pop(name)
    _drop_empty(document, edit.path[:-1])
    *parents, last = edit.to or ()
    here: Any = document
    for part in parents:
        if not isinstance(here.get(part), dict):
            here[part] = CommentedMap()
        here = here[part]
    here[last] = value if value == edit.value else edit.value
    if comment and isinstance(edit.value, list) and not isinstance(value, list):
        here[last] = CommentedSeq(edit.value)
        here[last].ca.items[0] = [comment[2], None, None, None]
    elif comment:
        here.ca.items[last] = comment


def _own_comment(parent: CommentedMap, name: str) -> Any:
    """Remove and return the comment beside a key; comment lines after it go to the next key."""
    comment = parent.ca.items.pop(name, None)
    token = comment[2] if comment else None
    if token is None:
        return comment
    beside, _, after = token.value.partition("\n")
    names = list(parent)
    following = names[names.index(name) + 1 :]
    if after.strip() and following:
        lines = [line.strip().removeprefix("#").removeprefix(" ") for line in after.splitlines()]
        parent.yaml_set_comment_before_after_key(following[0], "\n".join(lines), parent.lc.col)
        token.value = f"{beside}\n"
    return comment if beside or not following else None


def _drop_empty(document: CommentedMap, path: paths.Path) -> None:
    """Remove sections that a move left empty: an empty section crashes the program."""
    while path and not paths.at(document, path):
        del paths.at(document, path[:-1])[path[-1]]
        path = path[:-1]
