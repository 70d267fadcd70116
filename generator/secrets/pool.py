"""Collects the secrets of objects, so that they can be hidden in other places too.

Some secrets look like ordinary text: a word, the name of an object, a line of settings. They are hidden only
in their own place, because the same text can mean something else in other places.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from typing import Any, Protocol

from generator import go_yaml
from generator.secrets.places import NO_SECRET, SECRET, Place, after_flags, is_harmless, is_harmless_map
from generator.secrets.texts import decoded, hide_all
from generator.secrets.values import HIDDEN, KEYWORDS, is_value, names_secret

# A secret shorter than LONG is hidden only where it stands alone; one shorter than SHORT, in its own place.
LONG, SHORT = 8, 4
CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----\n?")
_SOME_NAME = re.compile(r"(?i)pas+w?|pwd|token|psk|secret|key|credential|auth|cookie")
_SINGLE = frozenset((str, int, float, bool, type(None)))
# A word (camel case too), or a number in a version, an address or a port.
_PLAIN = re.compile(r"(?:[A-Z]?[a-z]{0,15}|(?:[a-z]{2,15})?(?:[A-Z][a-z]{1,14}){1,4}|[A-Z]{1,15}|v?\d{1,5})")
_APART = re.compile(r"[^A-Za-z0-9]+")
_IMAGE = re.compile(r"[/:@]")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_COMMON = KEYWORDS | {
    "string", "object", "integer", "number", "array", "boolean", "enable", "disable", "disabled", "default",
    "always", "never", "basic", "bearer", "digest",
}  # fmt: skip


class HasData(Protocol):
    """A Kubernetes object, or anything else that has the same kind of data."""

    @property
    def data(self) -> dict[str, Any]: ...


def is_plain(text: str) -> bool:
    """Return whether a text has only words and short numbers, like names, addresses and settings."""
    return all(_PLAIN.fullmatch(part) for part in _APART.split(text))


def is_word(text: str) -> bool:
    """Return whether a text is one word."""
    return _WORD.fullmatch(text) is not None


class Pool:
    """The secrets of objects.

    `every` has all secrets, `sought` has those to hide in other places too. `beside` has the secrets that are
    recognised only by the list item before them or by the name next to them. A change may lack that name.
    """

    def __init__(self, objects: Iterable[HasData], texts: Iterable[str] = ()) -> None:
        """Collect the secrets of objects; `texts` are further known secrets."""
        self.every: set[str] = set()
        self.beside: set[str] = set()
        # Not secrets: names of objects and namespaces, and parts of image names.
        self._known: set[str] = set()
        self._likely: set[str] = set()
        self._searched: set[str] = set()
        self._add(texts)
        for data in {id(one.data): one.data for one in objects}.values():
            self._object(data)
        self.sought = {text for text in self._likely if self._may_be_met(text)}

    def _may_be_met(self, text: str) -> bool:
        if len(text) < SHORT or HIDDEN in text or text.lower() in _COMMON:
            return False
        return not (is_plain(text) and (text in self._known or names_secret(text, single=True)))

    def _add(self, texts: Iterable[str], likely: bool = True) -> None:
        found = set(texts)
        self.every |= found
        if likely:
            self._likely |= found

    def _object(self, data: dict[str, Any]) -> None:
        metadata = data.get("metadata")
        if isinstance(metadata, dict):
            self._known |= {str(metadata.get(name)) for name in ("name", "namespace")}
        if data.get("kind") == "Secret":
            for part in ("data", "stringData"):
                holder = data.get(part)
                for name, text in holder.items() if isinstance(holder, dict) else ():
                    if isinstance(text, str):
                        self._data(name, text, decoded(text) if part == "data" else text)
            data = {name: child for name, child in data.items() if name not in ("data", "stringData")}
        self._tree(data, NO_SECRET)

    def _data(self, name: str, text: str, plain: str | None) -> None:
        """Add the forms of a value of a Secret: unchanged, decoded, and each of its lines."""
        # A certificate is not a secret. Text beside a certificate in the same value is a secret.
        rest = CERTIFICATE.sub("", plain or "").strip()
        if plain and not rest:
            return
        forms = (text, rest, base64.b64encode(rest.encode()).decode()) if rest else (text,)
        self._add(forms, names_secret(name, single=True) or not is_plain(rest or text))
        for line in map(str.strip, rest.splitlines()):
            if len(line) >= LONG and "-----" not in line:
                self._add([line], not is_plain(line))
        self._text(rest)

    def _tree(self, value: Any, place: Place) -> None:
        if isinstance(value, dict):
            self._map(value, place)
        elif isinstance(value, list):
            flags = after_flags(value)
            self.beside.update(value[at] for at in flags)
            for at, item in enumerate(value):
                self._tree(item, SECRET if at in flags else place)
        else:
            self._single(value, place)

    def _map(self, value: dict[str, Any], place: Place) -> None:
        image = value.get("image")
        if isinstance(image, str):
            self._known.update(_IMAGE.split(image))
        quick = place is NO_SECRET and value.get("kind") != "Secret"
        for name, child in value.items():
            # Almost all values of an object are harmless.
            kind = type(child)
            if quick and kind is dict and is_harmless_map(name):
                self._map(child, place)
                continue
            if quick and kind in _SINGLE and is_harmless(name):
                if kind is str and len(child) > LONG:
                    self._text(child)
                continue
            below = place.below(name, child, value)
            if below.hidden and name == "value":
                self.beside.add(str(child))
            self._tree(child, below)

    def _single(self, value: Any, place: Place) -> None:
        if place.hidden and is_value(value):
            self._add([str(value)])
        elif isinstance(value, str) and len(value) > LONG and place.schema != "description":
            self._text(value)

    def _text(self, text: str) -> None:
        if text in self._searched:
            return
        self._searched.add(text)
        found: list[str] = []

        def keep(secret: str) -> str:
            found.append(secret)
            return f"{HIDDEN}>"

        hide_all(text, keep)
        self._add(found, False)
        # A single word can be part of a sentence: `token rotation`.
        self._add(secret for secret in found if not is_word(secret))
        # In YAML, the name can be several lines above its value.
        if "\n" in text and _SOME_NAME.search(text):
            loaded = _loaded(text)
            if isinstance(loaded, dict | list):
                self._tree(loaded, NO_SECRET)


def _loaded(text: str) -> Any:
    try:
        return go_yaml.load(text)
    except (ValueError, RecursionError, TypeError):
        return None
