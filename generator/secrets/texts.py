"""Finds secrets in a text by their context; every search takes linear time."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from functools import lru_cache

from generator.patterns import pattern
from generator.secrets.blocks import in_brackets, in_lines_below
from generator.secrets.values import QUOTED, Hide, is_value, names_secret, unquoted

_PRIVATE_KEY = pattern(r"-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----.*?(?:-----END \1-----|\Z)", re.DOTALL)
# PEM, encoded as base64.
_ENCODED = pattern(r"LS0tLS1CRUdJTi[A-Za-z0-9+/]+=*")
_TOKEN = pattern(r"(?<![\w-])eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*")
_LOGIN = pattern(r"(?<=://)([^/\s:@]*:)([^/\s]+)(?=@)")
_USER = pattern(r"((?<=http://)|(?<=https://))([^/\s:@]+)(?=@)")
_BEARER = pattern(
    r"""(?i)(\bbearer[ \t]+|\bauthorization["']?[ \t]*[:=][ \t]*["']?(?:basic|digest|token)[ \t]+)"""
    r"""([^\s"',;]+)"""
)
# curl -u me:secret. Two numbers are not a login but a user and a group ID.
_CURL = pattern(r"""((?<![\w-])(?:-u|--user|--proxy-user)[ \t=]+["']?(?!\d+:\d+\b)[^\s:"'/]+:)([^\s"']+)""")

# Commands with their own syntax for a password, and .netrc.
_COMMAND = pattern(
    r"""(\bsshpass[ \t]+-p[ \t]*|\bredis-cli[ \t](?:[^\n;|&]{0,200}[ \t])?-a[ \t]+"""
    r"""|\bmysql\w*[ \t](?:[^\n;|&]{0,200}[ \t])?-p|\blogin[ \t]+\S{1,200}[ \t]+password[ \t]+)"""
    r"""(["']?[^\s"']+)"""
)

# A key, and the rest of the line.
_LINE = pattern(
    r"""^([ \t]*(?:(?:-|export)[ \t]+)?["']?([\w.-]+)["']?[ \t]*(?:=>|:=|[:=])[ \t]*)"""
    r"""(["']?)([^\s|>{\[#"'].*)$""",
    re.MULTILINE,
)
# Pairs of patterns: a name up to its value, and the value. Names inside the value of another name match too.
_ENTRY = (
    r"""\b(?:name|key)\\?["']?[ \t]*[:=][ \t]*\\?["']?([\w.-]+)\\?["']?[\s,]+"""
    r"""\\?["']?value\\?["']?[ \t]*[:=][ \t]*"""
)
_VALUES = (
    # An entry of `env`: `- name: DB_PASSWORD`, and `value: ...` after it.
    (
        _ENTRY,
        rf"""{QUOTED}|[^\s"',;}}\[{{][^"',;}}\n]*""",
    ),
    # A line with a name, a blank and a value: after a name with `_` the rest of the line, else one word.
    (r"^[ \t]*(?=[a-zA-Z0-9.-]*_)([\w.-]+)[ \t]+", r"""[^\s:="'#].*"""),
    (r"^[ \t]*([\w.-]+)[ \t]+", r"""(?:"[^"\n]*"|'[^'\n]*'|[^\s:="'#]\S*)(?=[ \t\r]*$)"""),
    (
        r"""(?<![\w.-])([\w.-]+)\\*["']?[ \t]*(?:=>|:=|[=:])[ \t]*""",
        rf"""{QUOTED}|\\*["']?[^\s"',;}}\[{{][^\s"',;}}]*""",
    ),
    (r"(?<![\w-])(--?[\w.-]+)[ \t]+", r"""\\"[^"\\]*\\"|"[^"\n]*"|'[^'\n]*'|[^\s"'-][^\s"']*"""),
    (r"<([\w.-]+)(?:[ \t][^<>]*)?>", r"[^<]+(?=</)"),
)
# What all these patterns accept as a name.
_WORD = pattern(r"[\w.-]+")
_PAIRS = [tuple(pattern(part, re.MULTILINE) for part in pair) for pair in _VALUES]


def decoded(text: str) -> str | None:
    """Return the text that base64 encodes, None if it is not base64 of a text."""
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None


def has_login(text: str) -> bool:
    """Return whether a text has a URL with a password."""
    return _LOGIN.search(text) is not None


def hide_all(text: str, hide: Hide, *, prose: bool = False) -> str:
    """Return a text with `hide` of each secret in its place.

    In `prose`, the text after a name and a colon is not a secret: `no Secret edgemesh-psk: make it first`.
    """
    # Each test is for a text that the pattern needs: searching for it is much faster than the pattern.
    if "-----BEGIN" in text:
        text = _PRIVATE_KEY.sub(lambda m: hide(m[0]), text)
    if "LS0tLS1CRUdJTi" in text:
        text = _ENCODED.sub(lambda m: hide(m[0]) if "PRIVATE KEY" in (decoded(m[0]) or "") else m[0], text)
    if "eyJ" in text:
        text = _TOKEN.sub(lambda m: hide(m[0]), text)
    for login in _logins(text):
        text = login.sub(lambda m: f"{m[1]}{hide(m[2])}" if is_value(m[2]) else m[0], text)
    if prose or not _has_names(text):
        return text
    if "[" in text or "{" in text:
        text = in_brackets(text, hide)
    if "\n" in text:
        text = in_lines_below(text, hide)
    text = _LINE.sub(lambda m: _line(m, hide), text)
    for name, value in _PAIRS:
        text = _after(name, value, text, hide)
    return text


def _has_names(text: str) -> bool:
    """Return whether a text has the name of a secret; true if this is hard to decide."""
    # After a dot, the name of a flag is only a part of the word.
    return ".-" in text or any(map(_is_name, set(_WORD.findall(text))))


@lru_cache(maxsize=8192)
def _is_name(word: str) -> bool:
    return not word.isdecimal() and names_secret(word, single=True)


def _logins(text: str) -> Iterator[re.Pattern[str]]:
    """Yield the patterns of logins that can match a text."""
    if "://" in text and "@" in text:
        yield from (_LOGIN, _USER)
    # Without the case of ASCII letters, the pattern knows more letters than lower() does.
    lower = text.lower()
    if "bearer" in lower or "authorization" in lower or not text.isascii():
        yield _BEARER
    if "-u" in text or "--proxy-user" in text:
        yield _CURL
    if any(command in text for command in ("sshpass", "redis-cli", "mysql", "login")):
        yield _COMMAND


def _line(match: re.Match[str], hide: Hide) -> str:
    quote, value = match[3], match[4].rstrip(" \t")
    value = value.removesuffix(",").rstrip(" \t")
    # If the quote does not end on this line, the later patterns handle the value.
    if not names_secret(match[2], single=True) or not value.endswith(quote):
        return match[0]
    value = value.removesuffix(quote)
    if not is_value(value):
        return match[0]
    return f"{match[1]}{quote}{hide(value)}{match[4][len(value) :]}"


def _after(name: re.Pattern[str], value: re.Pattern[str], text: str, hide: Hide) -> str:
    """Hide the value after each name of a secret."""
    parts, end = [], 0
    for named in name.finditer(text):
        if named.start() >= end and names_secret(named[1], single=True):
            found = value.match(text, named.end())
            if found:
                parts += [text[end : named.end()], unquoted(found[0], hide)]
                end = found.end()
    return "".join([*parts, text[end:]])
