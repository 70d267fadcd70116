"""Shell text made from the table of causes: for doctor.sh on the node, and for the pod of `helm test`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from generator.catalogue import english
from generator.catalogue.causes import ENTRIES, answers, fix_without_fields, rank
from generator.catalogue.entries import Text
from generator.catalogue.message import fields_of

_CODE = re.compile(r"[a-z]+(?:-[a-z0-9]+)+")


def codes_in(script: str) -> tuple[str, ...]:
    """Return the causes that a script names, and all answers, most likely first."""
    words = set(_CODE.findall(script))
    named = {code for code in ENTRIES if code in words} | {answer.code for answer in answers()}
    return tuple(sorted(named, key=rank().__getitem__))


def answer_function() -> str:
    """Return the function `answer EXIT:STATUS`, which sets `code` to the code of the answer."""
    lines = [f"  {_alternatives(one.match)}) code={one.code} ;;" for one in answers()]
    return "\n".join(["answer() {", '  case "$1" in', *lines, "  esac", "}"])


def sentence_function(codes: Iterable[str]) -> str:
    """Return the function `sentence CODE VARIANT`.

    It sets `what` and `fix`. The field `url`, for example, is the variable `f_url`. It also sets `place` (the
    lower, the more likely the code is the cause of the others), `severity`, and the `answers` of a cause.
    """
    lines = ["sentence() {", '  what="" fix="" place="" severity="" answers=""', '  case "$1" in']
    for code in codes:
        entry = english(code)
        lines.append(f"  {code})")
        lines.append(
            f'    place={rank()[code]} severity={entry.severity} answers="{" ".join(answers_of(code))}"'
        )
        for name, text in (("what", entry.what), ("fix", entry.fix)):
            lines += [f"    {line}" for line in _assignment(name, text)]
        lines.append("    ;;")
    return "\n".join([*lines, "  esac", "}"])


def explain_case() -> str:
    """Return a `case` over "$exit:$status" that sets `why`, the answer, and `causes`, a line for each cause.

    Only the answer's own sentence has fields: `$url`, `$status` and `$error`.
    """
    lines = ['case "$exit:$status" in']
    for one in answers():
        lines.append(f"{_alternatives(one.match)})")
        lines.append("  why=" + quoted(f"{english(one.code).what} [{one.code}]", prefix=""))
        listed = "".join(f"\n- {_cause_line(code)}" for code in one.causes)
        lines.append(f"  causes={quoted(listed)} ;;")
    return "\n".join([*lines, "esac"])


def _cause_line(code: str) -> str:
    entry = english(code)
    span = f"{entry.releases}: " if entry.releases else ""
    return f"{span}{entry.means} ({fix_without_fields(code)}) [{code}]"


def answers_of(code: str) -> tuple[str, ...]:
    """Return the answers that a cause can have."""
    return tuple(one.code for one in answers() if code in one.causes)


def quoted(text: str, prefix: str = "f_") -> str:
    """Write a template as a word of the shell; its fields become variables."""
    word = re.sub(r'(["$`\\])', r"\\\1", text)
    for name in fields_of(text):
        word = word.replace(f"{{{name}}}", f"${{{prefix}{name}:-}}")
    return f'"{word}"'


def _alternatives(patterns: Iterable[str]) -> str:
    return " | ".join(patterns)


def _assignment(name: str, text: Text) -> Iterator[str]:
    """Yield the lines that set a variable to the sentence of the variant $2."""
    if not isinstance(text, Mapping):
        yield from _first_complete(name, text)
        return
    yield 'case "$2" in'
    for variant in sorted(text, key=lambda variant: variant == ""):
        yield f"{variant or '*'})"
        yield from (f"  {line}" for line in _first_complete(name, text[variant]))
        yield "  ;;"
    yield "esac"


def _first_complete(name: str, text: str | tuple[str, ...]) -> Iterator[str]:
    """Yield the lines that set a variable to the first sentence with all its fields."""
    templates = (text,) if isinstance(text, str) else text
    word = "if"
    for template in templates[:-1]:
        given = " && ".join(f'[ -n "${{f_{field}:-}}" ]' for field in fields_of(template))
        yield f"{word} {given}; then"
        yield f"  {name}={quoted(template)}"
        word = "elif"
    if len(templates) > 1:
        yield "else"
    yield f"{'  ' if len(templates) > 1 else ''}{name}={quoted(templates[-1])}"
    if len(templates) > 1:
        yield "fi"
