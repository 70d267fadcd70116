"""Secrets of two sides, shown as a keyed digest: that one changed is seen, it is not.

The digest is an HMAC. Its key comes from $GENERATOR_DIGEST_KEY; without that it is derived from all
secrets of both sides together, slowly, so that the same input gives the same digests.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any

from generator import go_yaml
from generator.diff.objects import Object
from generator.diff.secret_texts import HIDDEN, decoded, hide_all, is_value, names_secret

KEY_VARIABLE = "GENERATOR_DIGEST_KEY"
# A shorter secret is hidden where it stands alone; one that is shorter yet at its own place only:
# elsewhere the same letters may be anything.
_LONG, _SHORT = 8, 4
_DIGITS = 10

CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n?", re.DOTALL)
_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_SOME_NAME = re.compile(r"(?i)pas+w|pwd|token|psk|secret|key|credential")
_FLAG = re.compile(r"--?[\w.-]+")


class Masker:
    """Hides the secrets of two sides, in values and in texts."""

    def __init__(self, objects: Iterable[Object], texts: Iterable[str] = ()) -> None:
        """Collect the secrets of objects; `texts` are secrets known from elsewhere."""
        self._objects = tuple(objects)
        self._texts = tuple(texts)

    @cached_property
    def _secrets(self) -> list[str]:
        once = {id(one.data): one.data for one in self._objects}
        found = {text for data in once.values() for text in secrets_of(data)} | set(self._texts)
        return sorted(found, key=lambda text: (-len(text), text))

    @cached_property
    def _everywhere(self) -> re.Pattern[str] | None:
        long = [text for text in self._secrets if len(text) >= _LONG]
        return re.compile("|".join(map(re.escape, long))) if long else None

    @cached_property
    def _alone(self) -> frozenset[str]:
        return frozenset(text for text in self._secrets if len(text) >= _SHORT)

    @cached_property
    def _key(self) -> bytes:
        own = os.environ.get(KEY_VARIABLE)
        if own:
            return hashlib.sha256(own.encode()).digest()
        secrets = "\0".join(self._secrets).encode("utf-8", "surrogatepass")
        return hashlib.scrypt(secrets, salt=b"generator diff", n=2**14, r=8, p=1, dklen=32)

    def digest(self, value: Any) -> str:
        """Return what is shown in place of a secret: `<hidden 3fa94c01d2>`."""
        text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
        found = hmac.new(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
        return f"{HIDDEN} {found[:_DIGITS]}>"

    def text(self, text: str) -> str:
        """Return a text with every secret in it hidden."""
        if text in self._alone:
            return self.digest(text)
        text = hide_all(text, self.digest)
        if self._everywhere is not None:
            text = self._everywhere.sub(lambda m: self.digest(m[0]), text)
        return text

    def value(self, value: Any, path: Iterable[Any] = (), *, secret: bool = False) -> Any:
        """Return a copy of a value at a path of an object with every secret in it hidden."""
        names = [part for part in path if isinstance(part, str)]
        hidden = secret or any(names_secret(name) or name == _APPLIED for name in names)
        if names and not isinstance(value, dict | list):
            hidden = hidden or names_secret(names[-1], single=True)
        # The value of a list's item that is named like a secret.
        if names[-1:] == ["value"] and len(names) > 1 and names[-2].startswith("["):
            hidden = hidden or names_secret(names[-2][1:-1], single=True)
        return self._masked(value, hidden)

    def _masked(self, value: Any, hidden: bool) -> Any:
        if isinstance(value, dict):
            return {
                self.text(name): self._masked(child, hidden or _is_hidden(value, name))
                for name, child in value.items()
            }
        if isinstance(value, list):
            flags = _after_flags(value)
            return [self._masked(item, hidden or at in flags) for at, item in enumerate(value)]
        if hidden and is_value(value):
            return self.digest(value)
        return self.text(value) if isinstance(value, str) else value


def _is_hidden(holder: dict[str, Any], name: str) -> bool:
    """Say whether the value of a key is a secret: by its name, or by that of a named value, as in `env`."""
    single = not isinstance(holder[name], dict | list)
    own = holder.get("name")
    pair = name == "value" and isinstance(own, str) and names_secret(own, single=True)
    return names_secret(name, single=single) or name == _APPLIED or pair


def _after_flags(items: list[Any]) -> set[int]:
    """Return which items of a list are the value of a flag before them: `--token`, `...`."""
    return {
        at
        for at, (flag, item) in enumerate(pairwise(items), 1)
        if isinstance(flag, str)
        and _FLAG.fullmatch(flag)
        and names_secret(flag, single=True)
        and isinstance(item, str)
        and not item.startswith("-")
    }


# --- finding them ---------------------------------------------------------------------------


def secrets_of(data: dict[str, Any]) -> Iterator[str]:
    """Yield the texts in an object that are secrets: the data of a Secret, and by their names."""
    if data.get("kind") == "Secret":
        for part in ("data", "stringData"):
            holder = data.get(part)
            for text in holder.values() if isinstance(holder, dict) else ():
                if isinstance(text, str):
                    yield from _forms(text, decoded(text) if part == "data" else text)
    yield from _named(data, False)


def _forms(text: str, plain: str | None) -> Iterator[str]:
    """Yield the forms in which a value of a Secret may be met: as it stands, decoded, each of its lines."""
    # A certificate is no secret, and is shown as what it is; what stands beside it is one.
    rest = CERTIFICATE.sub("", plain or "").strip()
    if plain and not rest:
        return
    yield text
    if rest:
        yield rest
        yield base64.b64encode(rest.encode()).decode()
        lines = (line.strip() for line in rest.splitlines())
        yield from (line for line in lines if len(line) >= _LONG and "-----" not in line)
        yield from _in_text(rest)


def _named(value: Any, hidden: bool) -> Iterator[str]:
    if isinstance(value, dict):
        for name, child in value.items():
            yield from _named(child, hidden or _is_hidden(value, name))
    elif isinstance(value, list):
        flags = _after_flags(value)
        for at, item in enumerate(value):
            yield from _named(item, hidden or at in flags)
    elif hidden and is_value(value):
        yield str(value)
    elif isinstance(value, str) and len(value) > _LONG:
        yield from _in_text(value)
        yield from _inside(value)


def _inside(text: str) -> Iterator[str]:
    """Yield the secrets of a text that is YAML itself: its names may stand lines above their values."""
    if "\n" not in text or not _SOME_NAME.search(text):
        return
    try:
        loaded = go_yaml.load(text)
    except (ValueError, RecursionError, TypeError):
        return
    if isinstance(loaded, dict | list):
        yield from _named(loaded, False)


def _in_text(text: str) -> list[str]:
    found: list[str] = []

    def keep(secret: str) -> str:
        found.append(secret)
        return HIDDEN

    hide_all(text, keep)
    return found
