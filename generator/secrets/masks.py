"""Replaces the secrets of two sides by digests: the reader sees that a secret changed, but not the secret.

The digest is an HMAC. Its key comes from $GENERATOR_DIGEST_KEY. Without that variable, a slow function
derives the key from all secrets of both sides. The same input gives the same digests.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from functools import cached_property
from importlib import import_module
from typing import Any

from generator.secrets.places import SECRET, Place, after_flags, place_of
from generator.secrets.pool import LONG, HasData, Pool, is_word
from generator.secrets.safe_text import MASK
from generator.secrets.texts import hide_all
from generator.secrets.values import HIDDEN, is_value

KEY_VARIABLE = "GENERATOR_DIGEST_KEY"


class Masker:
    """Hides the secrets of two sides, in values and in texts."""

    def __init__(
        self, objects: Iterable[HasData], texts: Iterable[str] = (), *, digests: bool = True
    ) -> None:
        """Collect the secrets of objects; `texts` are secrets known from elsewhere."""
        self._objects = tuple(objects)
        self._texts = tuple(texts)
        self._digests = digests

    @cached_property
    def _pool(self) -> Pool:
        return Pool(self._objects, self._texts)

    @cached_property
    def _everywhere(self) -> re.Pattern[str] | None:
        long = [_pattern(text) for text in _sorted(self._pool.sought) if len(text) >= LONG]
        return re.compile("|".join(long)) if long else None

    @cached_property
    def _key(self) -> bytes:
        own = os.environ.get(KEY_VARIABLE)
        if own:
            key: bytes = _digests().key_of(own)
        else:
            key = _digests().key_from("\0".join(_sorted(self._pool.every)))
        return key

    def digest(self, value: Any) -> str:
        """Return the text that replaces a secret: `<hidden 3fa94c01d2>`, or `<hidden>` without digests."""
        if not self._digests:
            return MASK
        text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
        return f"{HIDDEN} {_digests().digest(self._key, text)}>"

    def text(self, text: str, *, prose: bool = False) -> str:
        """Return a text with every secret in it hidden; `prose`: the text is one of our messages."""
        if text in self._pool.sought:
            return self.digest(text)
        text = hide_all(text, self.digest, prose=prose)
        if self._everywhere is not None:
            text = self._everywhere.sub(lambda m: self.digest(m[0]), text)
        return text

    def value(self, value: Any, path: Iterable[Any] = (), *, secret: bool = False) -> Any:
        """Return a copy of a value at a path of an object with every secret in it hidden."""
        parts = tuple(path)
        place = SECRET if secret or self._is_beside(parts, value) else place_of(parts, value)
        return self._masked(value, place)

    def _is_beside(self, path: tuple[Any, ...], value: Any) -> bool:
        """Return whether only the list item before a value, or the name next to it, makes it a secret."""
        item = path[:-1] if path[-1:] == ("value",) else path
        return bool(item) and isinstance(item[-1], int) and str(value) in self._pool.beside

    def _masked(self, value: Any, place: Place) -> Any:
        if isinstance(value, dict):
            return {
                self.text(name): self._masked(child, place.below(name, child, value))
                for name, child in value.items()
            }
        if isinstance(value, list):
            flags, beside = after_flags(value), self._pool.beside
            flags |= {at for at, item in enumerate(value) if isinstance(item, str) and item in beside}
            return [self._masked(item, SECRET if at in flags else place) for at, item in enumerate(value)]
        if place.hidden and is_value(value):
            return self.digest(value)
        return self.text(value) if isinstance(value, str) else value


def mask_diff(diff: str, secrets: Iterable[str]) -> str:
    """Return a unified diff with every secret in its lines hidden; `secrets` are single lines."""
    masker = Masker((), secrets, digests=False)
    return "".join(line[:1] + masker.text(line[1:]) for line in diff.splitlines(keepends=True))


def _digests() -> Any:
    # Imported when there is a secret to hide: hashlib takes 5 ms.
    return import_module("generator.secrets.digests")


def _pattern(text: str) -> str:
    # Match whole words only: a word can be part of a longer word.
    return rf"(?<![A-Za-z0-9]){text}(?![A-Za-z0-9])" if is_word(text) else re.escape(text)


def _sorted(secrets: Iterable[str]) -> list[str]:
    """Return secrets with the longest first; the order does not depend on the order of the input."""
    return sorted(secrets, key=lambda text: (-len(text), text))
