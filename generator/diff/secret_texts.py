"""Secrets in a text, told from what stands around them; every search takes time linear in the text."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any

from generator.secret_names import is_secret

Hide = Callable[[str], str]

_PRIVATE_KEY = re.compile(r"-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----.*?(?:-----END \1-----|\Z)", re.DOTALL)
# PEM in base64.
_ENCODED = re.compile(r"LS0tLS1CRUdJTi[A-Za-z0-9+/]+=*")
_TOKEN = re.compile(r"(?<![\w-])eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*")
_LOGIN = re.compile(r"(?<=://)([^/\s:@]*:)([^/\s]+)(?=@)")
_USER = re.compile(r"((?<=http://)|(?<=https://))([^/\s:@]+)(?=@)")
_BEARER = re.compile(
    r"""(?i)(\bbearer[ \t]+|\bauthorization["']?[ \t]*[:=][ \t]*["']?(?:basic|digest|token)[ \t]+)"""
    r"""([^\s"',;]+)"""
)
# curl -u me:secret; two numbers are a user and a group.
_CURL = re.compile(
    r"""((?<![\w-])(?:-u|--user|--proxy-user)[ \t=]+["']?(?!\d+:\d+\b)[^\s:"'/]+:)([^\s"']+)"""
)

# Commands that take a password in a way of their own, and .netrc.
_COMMAND = re.compile(
    r"""(\bsshpass[ \t]+-p[ \t]*|\bredis-cli[ \t](?:[^\n;|&]{0,200}[ \t])?-a[ \t]+"""
    r"""|\bmysql\w*[ \t](?:[^\n;|&]{0,200}[ \t])?-p|\blogin[ \t]+\S{1,200}[ \t]+password[ \t]+)"""
    r"""(["']?[^\s"']+)"""
)

# JSON within JSON, TOML, and what most have.
_QUOTED = (
    r'''\\"(?:[^"\\]|\\\\(?:\\.|[^\\]))*\\"|"""[\s\S]*?"""|'''
    r"""'''[\s\S]*?'''|"(?:[^"\\]|\\[\s\S])*"|'[^'\n]*'"""
)
# A key and the rest of its line.
_LINE = re.compile(
    r"""^([ \t]*(?:(?:-|export)[ \t]+)?["']?([\w.-]+)["']?[ \t]*(?:=>|:=|[:=])[ \t]*)"""
    r"""(["']?)([^\s|>{\[#"'].*)$""",
    re.MULTILINE,
)
# A name up to its value, and the value. What stands in the value of another name is looked at as well.
_ENTRY = (
    r"""\bname\\?["']?[ \t]*[:=][ \t]*\\?["']?([\w.-]+)\\?["']?[\s,]+"""
    r"""\\?["']?value\\?["']?[ \t]*[:=][ \t]*"""
)
_VALUES = (
    # An entry of `env`: `- name: DB_PASSWORD`, and `value: ...` after it.
    (
        _ENTRY,
        rf"""{_QUOTED}|[^\s"',;}}\[{{][^"',;}}\n]*""",
    ),
    # After a blank, on a line of their own: all of it after a name that is no word, else one word.
    (r"^[ \t]*(?=[a-zA-Z0-9.-]*_)([\w.-]+)[ \t]+", r"""[^\s:="'#].*"""),
    (r"^[ \t]*([\w.-]+)[ \t]+", r"""(?:"[^"\n]*"|'[^'\n]*'|[^\s:="'#]\S*)(?=[ \t]*$)"""),
    (
        r"""(?<![\w.-])([\w.-]+)\\?["']?[ \t]*(?:=>|:=|[=:])[ \t]*""",
        rf"""{_QUOTED}|["']?[^\s"',;}}\[{{][^\s"',;}}]*""",
    ),
    (r"(?<![\w-])(--?[\w.-]+)[ \t]+", r"""\\"[^"\\]*\\"|"[^"\n]*"|'[^'\n]*'|[^\s"'-][^\s"']*"""),
    (r"<([\w.-]+)(?:[ \t][^<>]*)?>", r"[^<]+(?=</)"),
)
_PAIRS = [tuple(re.compile(part, re.MULTILINE) for part in pair) for pair in _VALUES]
# What may hold several: brackets after a key, and lines below it.
_OPEN = re.compile(r"""(?<![\w.-])([\w.-]+)\\?["']?[ \t]*[=:]\s*(?=\[|\{(?!\{))""")
_PART = re.compile(rf"""<hidden[ 0-9a-f]*>|[\[\]{{}}]|({_QUOTED}|[^\s,"'\[\]{{}}]+)(\s*:)?""")
_HEAD = re.compile(
    r"""^([ \t]*(?:-[ \t]+)?)["']?([\w.-]+)["']?[ \t]*:[ \t]*"""
    r"""(?:[!&]\S*(?:[ \t]+|(?=\n)))*(?:([|>][-+0-9]*)[ \t]*)?(?:#.*)?\n""",
    re.MULTILINE,
)
_BELOW = re.compile(r"""[ \t]*(?:-[ \t]+)*(?:["']?([\w.-]+)["']?[ \t]*:(?:[ \t]+|\Z))?""")
# What a schema says of a property, and no value of it.
KEYWORDS = {
    "type", "format", "title", "description", "pattern", "nullable", "required", "enum", "minLength",
    "maxLength", "minimum", "maximum", "minItems", "maxItems", "readOnly", "writeOnly", "deprecated",
}  # fmt: skip

_PATH = re.compile(r"/(etc|var|run|opt|usr|home|root|mnt|srv|tmp|data|certs?|secrets?|keys?)(/.*)?")
_REFERENCE = re.compile(r"\$\([\w.-]+\)|\$\{?\w+\}?")
_BLOCK = re.compile(r"[|>][-+0-9]*")
_SWITCHES = {"", "true", "false", "null", "none", "yes", "no", "on", "off"}
HIDDEN = "<hidden"


def names_secret(name: str, *, single: bool = False) -> bool:
    """Say whether a name is that of a secret; `single` says that its value is one text or number."""
    return not name.startswith("[") and is_secret(name.strip("-"), single)


def is_value(value: Any) -> bool:
    """Say whether a value may be a secret: an empty one, a path, a reference or a switch is none."""
    if isinstance(value, bool) or value is None:
        return False
    if not isinstance(value, str):
        return isinstance(value, int | float)
    shown = value.startswith(HIDDEN) or value.lower() in _SWITCHES
    return not (shown or _PATH.fullmatch(value) or _REFERENCE.fullmatch(value) or _BLOCK.fullmatch(value))


def decoded(text: str) -> str | None:
    """Return the text behind base64, None if there is none."""
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None


def hide_all(text: str, hide: Hide, *, prose: bool = False) -> str:
    """Return a text with `hide` of each secret in its place.

    In `prose` a name and a colon say nothing of what follows: `no Secret edgemesh-psk: make it first`.
    """
    text = _PRIVATE_KEY.sub(lambda m: hide(m[0]), text)
    text = _ENCODED.sub(lambda m: hide(m[0]) if "PRIVATE KEY" in (decoded(m[0]) or "") else m[0], text)
    text = _TOKEN.sub(lambda m: hide(m[0]), text)
    for pattern in (_LOGIN, _USER, _BEARER, _CURL, _COMMAND):
        text = pattern.sub(lambda m: f"{m[1]}{hide(m[2])}" if is_value(m[2]) else m[0], text)
    if prose:
        return text
    text = _below(_brackets(text, hide), hide)
    text = _LINE.sub(lambda m: _line(m, hide), text)
    for name, value in _PAIRS:
        text = _after(name, value, text, hide)
    return text


def _line(match: re.Match[str], hide: Hide) -> str:
    quote, value = match[3], match[4].rstrip(" \t")
    value = value.removesuffix(",").rstrip(" \t")
    # A quote that ends elsewhere is left to what reads on.
    if not names_secret(match[2], single=True) or not value.endswith(quote):
        return match[0]
    value = value.removesuffix(quote)
    if not is_value(value):
        return match[0]
    return f"{match[1]}{quote}{hide(value)}{match[4][len(value) :]}"


def _after(name: re.Pattern[str], value: re.Pattern[str], text: str, hide: Hide) -> str:
    """Hide the value after every name of a secret."""
    parts, end = [], 0
    for named in name.finditer(text):
        if named.start() >= end and names_secret(named[1], single=True):
            found = value.match(text, named.end())
            if found:
                parts += [text[end : named.end()], _unquoted(found[0], hide)]
                end = found.end()
    return "".join([*parts, text[end:]])


def _unquoted(value: str, hide: Hide) -> str:
    """Hide a value, and leave its quotes."""
    quote = next((mark for mark in ('\\"', '"""', "'''", '"', "'") if value.startswith(mark)), "")
    inner = value.removeprefix(quote).removesuffix(quote) if quote else value
    shown = inner.strip()
    return f"{quote}{hide(inner)}{quote}" if shown and is_value(shown) else value


def _brackets(text: str, hide: Hide) -> str:
    """Hide what stands in brackets after a name: `"tokens": ["..."]`."""
    parts, end = [], 0
    for opened in _OPEN.finditer(text):
        if opened.start() >= end and names_secret(opened[1], single=text[opened.end()] == "["):
            parts += [text[end : opened.end()]]
            end, inside = _in_brackets(text, opened.end(), hide)
            parts += inside
    return "".join([*parts, text[end:]])


def _in_brackets(text: str, begin: int, hide: Hide) -> tuple[int, list[str]]:
    parts, depth, end, key = [], 0, begin, ""
    for part in _PART.finditer(text, begin):
        parts.append(text[end : part.start()])
        end = part.end()
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(part[0], 0)
        word = part[1] or ""
        named = part[2] or word.endswith(":")
        hidden = word and not named and key not in KEYWORDS
        parts.append(_unquoted(word, hide) if hidden else part[0])
        key = word.strip("\\\"': ") if named else ""
        if not depth:
            break
    return end, parts


def _below(text: str, hide: Hide) -> str:
    """Hide the lines below a name: a block of text as one, else each value."""
    parts, end = [], 0
    for head in _HEAD.finditer(text):
        if head.start() >= end and names_secret(head[2], single=bool(head[3])):
            parts.append(text[end : head.end()])
            end = _last_below(text, head)
            lines = text[head.end() : end]
            if not head[3]:
                parts += [_value_below(line, hide) for line in lines.splitlines(keepends=True)]
            elif lines.strip() and not lines.strip().startswith(HIDDEN):
                rest = lines[len(lines.rstrip()) :]
                parts.append(f"{' ' * (len(head[1]) + 2)}{hide(lines.strip())}{rest}")
            else:
                parts.append(lines)
    return "".join([*parts, text[end:]])


def _last_below(text: str, head: re.Match[str]) -> int:
    """Return where the lines end that are indented below a key, or are items of its list."""
    end = head.end()
    while end < len(text):
        after = text.find("\n", end) + 1 or len(text)
        line = text[end:after].expandtabs(1)
        rest = line.lstrip()
        indent = len(line) - len(rest) - len(head[1])
        if rest and not (indent > 0 or (indent == 0 and rest.startswith("- ") and not head[3])):
            break
        end = after
    return end


def _value_below(line: str, hide: Hide) -> str:
    found = _BELOW.match(line)
    assert found
    value = line[found.end() :].rstrip().removesuffix(",")
    if found[1] in KEYWORDS or not value or value[0] in "|>#" or HIDDEN in value:
        return line
    return f"{line[: found.end()]}{_unquoted(value, hide)}{line[found.end() + len(value) :]}"
