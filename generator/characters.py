"""Characters that look like YAML's own: full-width colons, typographic quotes, unusual spaces.

Word processors, web pages and keyboards of other languages write them. This module knows their names and
what to write instead; other modules decide where to look for them.
"""

from __future__ import annotations

import re
import unicodedata

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
_COLON_OF_KEY = re.compile(rf"\s*(?:- +)*[\"'{TYPOGRAPHIC_QUOTES}]?[\w./-]+[\"'{TYPOGRAPHIC_QUOTES}]?\s*：")


def look_alike(text: str) -> dict[str, str]:
    """Return the fields of a message about the first look-alike in a text, none if it has none.

    `odd` is the character, `odd_name` its name, and `instead` what to write, "" where it is to be removed.
    """
    found = next((character for character in text if character in _PLAIN), None)
    if found is None:
        return {}
    shown = found if found.isprintable() else f"U+{ord(found):04X}"
    return {"odd": shown, "odd_name": unicodedata.name(found).lower(), "instead": _PLAIN[found]}


def ends_key_with_full_width_colon(line: str) -> bool:
    """Return whether a line of YAML begins with a key that ends with a full-width colon."""
    return _COLON_OF_KEY.match(line) is not None
