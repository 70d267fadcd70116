"""Characters that look like characters of the YAML syntax: full-width colons, typographic quotes, odd spaces.

Word processors, web pages and non-English keyboards produce them. This module has their names and their
replacements. Other modules decide where to look for them.
"""

from __future__ import annotations

import unicodedata

from generator.patterns import pattern

TYPOGRAPHIC_QUOTES = "“”„‟‘’‚‛«»＂＇"
_PLAIN = {
    **dict.fromkeys("“”„‟«»＂", '"'),
    **dict.fromkeys("‘’‚‛＇", "'"),
    "：": ":",
    "，": ",",
    "－": "-",
    "\u00a0": "a space",
    "\u3000": "a space",
    "\u200b": "",
    "\ufeff": "",
}
_COLON_OF_KEY = pattern(rf"\s*(?:- +)*[\"'{TYPOGRAPHIC_QUOTES}]?[\w./-]+[\"'{TYPOGRAPHIC_QUOTES}]?\s*：")


def look_alike(text: str) -> dict[str, str]:
    """Return the fields of a message about the first look-alike in a text, {} if it has none.

    `odd` is the character, `odd_name` is its name, and `instead` is its replacement ("": remove it).
    """
    found = next((character for character in text if character in _PLAIN), None)
    if found is None:
        return {}
    shown = found if found.isprintable() else f"U+{ord(found):04X}"
    return {"odd": shown, "odd_name": unicodedata.name(found).lower(), "instead": _PLAIN[found]}


def ends_key_with_full_width_colon(line: str) -> bool:
    """Return whether a line of YAML starts with a key and a full-width colon."""
    return _COLON_OF_KEY.match(line) is not None
