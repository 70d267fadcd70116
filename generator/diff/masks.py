"""Secrets, told from what surrounds them, and shown as a keyed digest: that one changed is seen, it is not.

The digest is an HMAC. Its key comes from $GENERATOR_DIGEST_KEY; without that it is derived from all
secrets of both sides together, slowly, so that the same input gives the same digests.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

from generator.diff.objects import Object
from generator.secret_names import is_secret

KEY_VARIABLE = "GENERATOR_DIGEST_KEY"
# A shorter secret is hidden at its own place only: elsewhere the same letters may be anything.
_LONG = 8
_DIGITS = 10

_PRIVATE_KEY = re.compile(r"-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----.*?(?:-----END \1-----|\Z)", re.DOTALL)
_TOKEN = re.compile(r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*")
_LOGIN = re.compile(r"(?<=://)([^/\s:@]*):([^/\s@]+)(?=@)")
_ASSIGNED = re.compile(r"""([\w.-]+)(["']?[ \t]*[=:][ \t]*["']?)([^\s"',;]+)""")
# What Kubernetes calls so and is none: fields whose values say which, not what.
_NO_SECRETS = {
    "automountServiceAccountToken", "serviceAccountToken", "tokenRequests", "passwordKey", "tokenKey",
}  # fmt: skip
# Names that say of a secret where it is, how long it lasts or what it is called.
_ABOUT = re.compile(
    r"(?i)(duration|seconds|timeout|period|ttl|name|names|file|path|dir|type|kind|ref|issuers?|audiences?)$"
)
_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


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
        return f"<hidden {found[:_DIGITS]}>"

    def text(self, text: str) -> str:
        """Return a text with every secret in it hidden."""
        text = _PRIVATE_KEY.sub(lambda m: self.digest(m[0]), text)
        text = _TOKEN.sub(lambda m: self.digest(m[0]), text)
        text = _LOGIN.sub(lambda m: f"{m[1]}:{self.digest(m[2])}", text)
        text = _ASSIGNED.sub(self._assigned, text)
        if self._everywhere is not None:
            text = self._everywhere.sub(lambda m: self.digest(m[0]), text)
        return text

    def _assigned(self, match: re.Match[str]) -> str:
        if not _names_secret(match[1]) or not _is_value(match[3]) or match[3].startswith("<hidden"):
            return match[0]
        return f"{match[1]}{match[2]}{self.digest(match[3])}"

    def value(self, value: Any, path: Iterable[Any] = (), *, secret: bool = False) -> Any:
        """Return a copy of a value at a path of an object with every secret in it hidden."""
        name = next((part for part in reversed(tuple(path)) if isinstance(part, str)), "")
        hidden = secret or _names_secret(name) or name == _APPLIED
        return self._masked(value, hidden)

    def _masked(self, value: Any, hidden: bool) -> Any:
        if isinstance(value, dict):
            pair = _names_pair(value)
            return {
                self.text(name): self._masked(
                    child, hidden or _names_secret(name) or name == _APPLIED or (pair and name == "value")
                )
                for name, child in value.items()
            }
        if isinstance(value, list):
            return [self._masked(item, hidden) for item in value]
        if hidden and _is_value(value):
            return self.digest(value)
        return self.text(value) if isinstance(value, str) else value


def _names_secret(name: str) -> bool:
    return name not in _NO_SECRETS and name[:1] != "[" and is_secret(name) and not _ABOUT.search(name)


def _is_value(value: Any) -> bool:
    """Say whether a value may be a secret: an empty one, a path, a reference or a switch is none."""
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, str):
        return bool(value) and not value.startswith(("/", "$(", "<hidden")) and value not in ("true", "false")
    return isinstance(value, int | float)


def _names_pair(value: dict[str, Any]) -> bool:
    """Say whether a map is a named value, as in `env`, and the name that of a secret."""
    return isinstance(value.get("name"), str) and "value" in value and _names_secret(value["name"])


# --- finding them ---------------------------------------------------------------------------


def secrets_of(data: dict[str, Any]) -> Iterator[str]:
    """Yield the texts in an object that are secrets: the data of a Secret, and by their names."""
    if data.get("kind") == "Secret":
        for part, read in (("data", decoded), ("stringData", _as_it_is)):
            holder = data.get(part)
            for text in holder.values() if isinstance(holder, dict) else ():
                if isinstance(text, str):
                    yield from _forms(text, read)
    yield from _named(data, False)


def _forms(text: str, read: Callable[[str], str | None]) -> Iterator[str]:
    """Yield the forms in which a value of a Secret may be met: as it stands, decoded, each of its lines."""
    plain = read(text)
    # A certificate is no secret, and is shown as what it is.
    if plain is not None and "-----BEGIN CERTIFICATE-----" in plain and "PRIVATE KEY" not in plain:
        return
    yield text
    if plain:
        yield plain.strip()
        yield from (
            line.strip() for line in plain.splitlines() if len(line.strip()) >= _LONG and "-----" not in line
        )


def _as_it_is(text: str) -> str | None:
    return text


def decoded(text: str) -> str | None:
    """Return the text behind base64, None if there is none."""
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None


def _named(value: Any, hidden: bool) -> Iterator[str]:
    if isinstance(value, dict):
        pair = _names_pair(value)
        for name, child in value.items():
            yield from _named(child, hidden or _names_secret(str(name)) or (pair and name == "value"))
    elif isinstance(value, list):
        for item in value:
            yield from _named(item, hidden)
    elif hidden and _is_value(value):
        yield str(value)
    elif isinstance(value, str) and len(value) > _LONG:
        yield from (match[0] for match in _PRIVATE_KEY.finditer(value))
        yield from (match[2] for match in _LOGIN.finditer(value))
        if "\n" in value or "=" in value:
            yield from (m[3] for m in _ASSIGNED.finditer(value) if _names_secret(m[1]) and _is_value(m[3]))
