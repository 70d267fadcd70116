"""Characters that look like those of YAML and are others: full-width colons, typographic quotes, odd spaces.

Word processors, web pages and keyboards of other languages write them. Owns their names and what to
write instead; where they are looked for is decided by others.
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


def hint(text: str) -> str:
    """Say what to write in place of the first look-alike in a text, "" if it has none."""
    found = next((character for character in text if character in _PLAIN), None)
    if found is None:
        return ""
    shown = found if found.isprintable() else f"U+{ord(found):04X}"
    name, plain = unicodedata.name(found).lower(), _PLAIN[found]
    return f"write {plain} in place of {shown}, the {name}" if plain else f"remove {shown}, the {name}"


def ends_key_with_full_width_colon(line: str) -> bool:
    """Say whether a line of YAML begins with a key and a full-width colon behind it."""
    return _COLON_OF_KEY.match(line) is not None
