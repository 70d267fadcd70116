"""Secrets in a text and among values, told from what stands around them."""

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
    r"""(?i)(\bbearer[ \t]+|\bauthorization["']?[ \t]*[:=][ \t]*["']?basic[ \t]+)([^\s"',;]+)"""
)

# A key and its value: as a block below it, as the rest of its line, and anywhere in a line.
_BLOCK = re.compile(
    r"""^([ \t]*)((?:-[ \t]+)?["']?([\w.-]+)["']?[ \t]*:[ \t]*[|>][-+0-9]*[ \t]*\n)"""
    r"""((?:\1[ \t]+\S.*(?:\n|\Z))+)""",
    re.MULTILINE,
)
_LINE = re.compile(
    r"""^([ \t]*(?:(?:-|export)[ \t]+)?["']?([\w.-]+)["']?[ \t]*[:=][ \t]*)"""
    r"""(["']?)([^\s|>{\[&#"'].*?)(\3[ \t]*,?)$""",
    re.MULTILINE,
)
_ASSIGNED = re.compile(
    r"""(?<![\w.-])([\w.-]+)(\\?["']?[ \t]*[=:][ \t]*)(\\"[^"\\]*\\"|"[^"\n]*"|'[^'\n]*'|[^\s"',;}]+)"""
)
_FLAG = re.compile(r"""(?<![\w-])(--?[\w.-]+)([ \t]+)("[^"\n]*"|'[^'\n]*'|[^\s"'-][^\s"']*)""")

# Names of single values; maps are called so too, and are none.
_SINGLE = re.compile(
    r"(?i)(passphrase|credentials?|^secret|(api|access|account|client|encryption|private|secret|signing)"
    r"[-_.]?(key|secret)([-_.]?data)?)$"
)
_PATH = re.compile(r"/(etc|var|run|opt|usr|home|root|mnt|srv|tmp|data|certs?|secrets?|keys?)(/.*)?")
_REFERENCE = re.compile(r"\$\([\w.-]+\)|\$\{?\w+\}?")
HIDDEN = "<hidden"


def names_secret(name: str, *, single: bool = False) -> bool:
    """Say whether a name is that of a secret; `single` says that its value is one text or number."""
    if name.startswith("["):
        return False
    return is_secret(name.strip("-")) or (single and _SINGLE.search(name) is not None)


def is_value(value: Any) -> bool:
    """Say whether a value may be a secret: an empty one, a path, a reference or a switch is none."""
    if isinstance(value, bool) or value is None:
        return False
    if not isinstance(value, str):
        return isinstance(value, int | float)
    shown = value.startswith(HIDDEN) or value in ("", "true", "false")
    return not (shown or _PATH.fullmatch(value) or _REFERENCE.fullmatch(value))


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
    for pattern in (_LOGIN, _USER, _BEARER):
        text = pattern.sub(lambda m: f"{m[1]}{hide(m[2])}" if is_value(m[2]) else m[0], text)
    if prose:
        return text
    text = _BLOCK.sub(lambda m: _block(m, hide), text)
    text = _LINE.sub(lambda m: _line(m, hide), text)
    for pattern in (_ASSIGNED, _FLAG):
        text = pattern.sub(lambda m: _assigned(m, hide), text)
    return text


def _block(match: re.Match[str], hide: Hide) -> str:
    if not names_secret(match[3], single=True) or HIDDEN in match[4]:
        return match[0]
    end = "\n" if match[4].endswith("\n") else ""
    return f"{match[1]}{match[2]}{match[1]}  {hide(match[4].strip())}{end}"


def _line(match: re.Match[str], hide: Hide) -> str:
    if not names_secret(match[2], single=True) or not is_value(match[4]):
        return match[0]
    return f"{match[1]}{match[3]}{hide(match[4])}{match[5]}"


def _assigned(match: re.Match[str], hide: Hide) -> str:
    quote = next((mark for mark in ('\\"', '"', "'") if match[3].startswith(mark)), "")
    value = match[3][len(quote) : len(match[3]) - len(quote)]
    if not names_secret(match[1], single=True) or not is_value(value):
        return match[0]
    return f"{match[1]}{match[2]}{quote}{hide(value)}{quote}"
