"""The values of plain (unquoted) scalars, by the rules of Go."""

from __future__ import annotations

from typing import Any

from generator.patterns import pattern

_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE = {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"}
_FALSE = {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"}
# Other values than text are one of WORDS, or begin with one of NUMBERS.
WORDS = _NULL | _TRUE | _FALSE
NUMBERS = "+-.0123456789"
SPECIAL = {".nan", ".NaN", ".NAN"} | {s + i for s in ("", "+", "-") for i in (".inf", ".Inf", ".INF")}
_INTEGER = pattern(r"[-+]?(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)")
# strconv.ParseInt accepts a sign after the 0b prefix.
_SIGNED_BINARY = pattern(r"0b[-+][01]+")
_FLOAT = pattern(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_BETWEEN = pattern(r"(?<=[0-9])_(?=[0-9])")
# The number of digits of 2**64.
_MAX_DIGITS = 20


def resolve(text: str) -> Any:
    """Return the value of a plain scalar."""
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if text[0] in NUMBERS and text not in SPECIAL:
        plain = _BETWEEN.sub("", text) if text[0] == "." else text.replace("_", "")
        integer = _integer(plain)
        if integer is not None:
            return integer
        if _FLOAT.fullmatch(plain):
            value = float(plain)
            if value in (float("inf"), float("-inf")):
                return text
            return int(value) if value.is_integer() and abs(value) < 2**63 else value
    return text


def _integer(plain: str) -> int | None:
    """Return a plain scalar as an integer, None if it is not an integer of at most 64 bits."""
    if _SIGNED_BINARY.fullmatch(plain):
        value = int(plain.removeprefix("0b"), base=2)
    elif _INTEGER.fullmatch(plain):
        digits = plain.lstrip("+-").lower()
        # More digits do not fit into 64 bits, and Python refuses to convert very long numbers.
        if len(digits) > _MAX_DIGITS and digits[0] != "0":
            return None
        octal = digits.startswith("0") and digits.isdigit()
        value = int(digits, 8 if octal else 0)
        value = -value if plain.startswith("-") else value
    else:
        return None
    return value if -(2**63) <= value < 2**64 else None
