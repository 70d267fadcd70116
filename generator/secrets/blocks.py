"""Hides secrets in a text that follow a name: in brackets, or in the lines below the name."""

from __future__ import annotations

import re

from generator.patterns import pattern
from generator.secrets.values import HIDDEN, KEYWORDS, QUOTED, Hide, names_secret, unquoted

_OPEN = pattern(r"""(?<![\w.-])([\w.-]+)\\?["']?[ \t]*[=:]\s*(?=\[|\{(?!\{))""")
_PART = pattern(rf"""<hidden[ 0-9a-f]*>|[\[\]{{}}]|({QUOTED}|[^\s,"'\[\]{{}}]+)(\s*:)?""")
_HEAD = pattern(
    r"""^([ \t]*(?:-[ \t]+)?)["']?([\w.-]+)["']?[ \t]*:[ \t]*"""
    r"""(?:[!&]\S*(?:[ \t]+|(?=\r?\n)))*(?:([|>][-+0-9]*)[ \t]*)?([^\s"'].*)?\r?\n""",
    re.MULTILINE,
)
_BELOW = pattern(r"""[ \t]*(?:-[ \t]+)*(?:["']?([\w.-]+)["']?[ \t]*:(?:[ \t]+|\Z))?""")


def in_brackets(text: str, hide: Hide) -> str:
    """Hide the values in brackets after the name of a secret: `"tokens": ["..."]`."""
    parts, end = [], 0
    for opened in _OPEN.finditer(text):
        if opened.start() >= end and names_secret(opened[1], single=text[opened.end()] == "["):
            parts += [text[end : opened.end()]]
            end, inside = _until_closed(text, opened.end(), hide)
            parts += inside
    return "".join([*parts, text[end:]])


def _until_closed(text: str, begin: int, hide: Hide) -> tuple[int, list[str]]:
    parts, depth, end, key = [], 0, begin, ""
    for part in _PART.finditer(text, begin):
        parts.append(text[end : part.start()])
        end = part.end()
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(part[0], 0)
        word = part[1] or ""
        named = part[2] or word.endswith(":")
        hidden = word and not named and key not in KEYWORDS
        parts.append(unquoted(word, hide) if hidden else part[0])
        key = word.strip("\\\"': ") if named else ""
        if not depth:
            break
    return end, parts


def in_lines_below(text: str, hide: Hide) -> str:
    """Hide the lines below the name of a secret: a block of text as a whole, in other cases each value."""
    parts, end = [], 0
    for head in _HEAD.finditer(text):
        value = bool(head[4]) and not head[4].startswith("#")
        if head.start() >= end and names_secret(head[2], single=value or bool(head[3])):
            parts.append(text[end : head.end()])
            # Lines that are indented below a value continue it.
            end = _last_below(text, head, items=not value and not head[3])
            lines = text[head.end() : end]
            if value or not head[3]:
                parts += [_value_below(line, hide) for line in lines.splitlines(keepends=True)]
            elif lines.strip() and not lines.strip().startswith(HIDDEN):
                rest = lines[len(lines.rstrip()) :]
                parts.append(f"{' ' * (len(head[1]) + 2)}{hide(lines.strip())}{rest}")
            else:
                parts.append(lines)
    return "".join([*parts, text[end:]])


def _last_below(text: str, head: re.Match[str], *, items: bool) -> int:
    """Return the end of the lines that belong to a key: indented lines, and with `items` its list items."""
    end = head.end()
    while end < len(text):
        after = text.find("\n", end) + 1 or len(text)
        line = text[end:after].expandtabs(1)
        rest = line.lstrip()
        indent = len(line) - len(rest) - len(head[1])
        if rest and not (indent > 0 or (indent == 0 and rest.startswith("- ") and items)):
            break
        end = after
    return end


def _value_below(line: str, hide: Hide) -> str:
    found = _BELOW.match(line)
    assert found
    value = line[found.end() :].rstrip().removesuffix(",")
    if found[1] in KEYWORDS or not value or value.startswith(("#", HIDDEN)):
        return line
    return f"{line[: found.end()]}{unquoted(value, hide)}{line[found.end() + len(value) :]}"
