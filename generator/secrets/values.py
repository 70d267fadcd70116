"""Decides whether a name belongs to a secret, and whether a value can be a secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from generator.patterns import pattern
from generator.secrets.names import is_secret

Hide = Callable[[str], str]

HIDDEN = "<hidden"
# Quoted strings: JSON inside JSON, TOML, and single or double quotes.
QUOTED = (
    r'''\\"(?:[^"\\]|\\\\(?:\\.|[^\\]))*\\"|"""[\s\S]*?"""|'''
    r"""'''[\s\S]*?'''|"(?:[^"\\]|\\[\s\S])*"|'[^'\n]*'"""
)
# Keywords of a JSON schema that describe a property and do not hold its value.
KEYWORDS = {
    "type", "format", "title", "description", "pattern", "nullable", "required", "enum", "minLength",
    "maxLength", "minimum", "maximum", "minItems", "maxItems", "readOnly", "writeOnly", "deprecated",
}  # fmt: skip

_PATH = pattern(r"/(dev|proc|etc|var|run|opt|usr|home|root|mnt|srv|tmp|data|certs?|secrets?|keys?)(/.*)?")
_REFERENCE = pattern(r"\$\([\w.-]+\)|\$\{?\w+\}?")
_BLOCK = pattern(r"[|>][-+0-9]*")
_SWITCHES = {"", "true", "false", "null", "none", "yes", "no", "on", "off"}


def names_secret(name: str, *, single: bool = False) -> bool:
    """Return whether a name belongs to a secret; `single`: its value is one string or number."""
    return not name.startswith("[") and is_secret(name.strip("-"), single)


def is_value(value: Any) -> bool:
    """Return whether a value can be a secret; empty values, paths, references and switches are not."""
    if isinstance(value, bool) or value is None:
        return False
    if not isinstance(value, str):
        return isinstance(value, int | float)
    shown = value.startswith(HIDDEN) or value.lower() in _SWITCHES
    return not (shown or _PATH.fullmatch(value) or _REFERENCE.fullmatch(value) or _BLOCK.fullmatch(value))


def unquoted(value: str, hide: Hide) -> str:
    """Hide a value, but keep its quotes."""
    quote = next((mark for mark in ('\\"', '"""', "'''", '"', "'") if value.startswith(mark)), "")
    inner = value.removeprefix(quote).removesuffix(quote) if quote else value
    shown = inner.strip()
    return f"{quote}{hide(inner)}{quote}" if shown and is_value(shown) else value
