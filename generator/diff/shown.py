"""Values as they may be shown: certificates described, secrets hidden."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from generator.certs.inspect import brief
from generator.kube.compare import NOTHING, Change
from generator.kube.objects import Object
from generator.paths import Path
from generator.secrets.masks import Masker
from generator.secrets.pool import CERTIFICATE
from generator.secrets.texts import decoded

# The beginning of PEM in base64.
_ENCODED = "LS0tLS1CRUdJTi"


class Shown:
    """Makes changes fit to be shown; everything that is printed of an object goes through here."""

    def __init__(self, objects: Iterable[Object]) -> None:
        """Collect the secrets of both sides."""
        self._masker = Masker(objects)

    def change(self, change: Change, kind: str) -> Change:
        """Return a change with values that may be shown."""
        secret = kind == "Secret" and change.path[:1] == ("data",) and not change.file
        path = tuple(self.text(part) if isinstance(part, str) else part for part in change.path)
        sides = (change.before, change.after)
        if kind in ("Role", "ClusterRole") and change.path == ("rules",):
            # Rights are sentences of ours: `serviceaccounts/token: create`.
            before, after = map(self._rights, sides)
        else:
            before, after = (self._value(value, change.path, secret) for value in sides)
        if before == after and before is not NOTHING and change.before != change.after:
            # What differs lies in what is hidden in the same way, white space for example.
            before, after = f"{before} (1)", f"{after} (2)"
        return replace(change, path=path, before=before, after=after, note=self.text(change.note))

    def text(self, text: str) -> str:
        """Return a sentence, or a part of a path, that may be shown."""
        return self._masker.text(text, prose=True)

    def _rights(self, value: Any) -> Any:
        return [self.text(line) for line in value] if isinstance(value, list) else value

    def _value(self, value: Any, path: Path, secret: bool) -> Any:
        if value is NOTHING:
            return value
        if secret and isinstance(value, str) and CERTIFICATE.search(value):
            # What stands beside a certificate is as secret as any data.
            rest = CERTIFICATE.sub("", value).strip()
            told = "".join(_words(match) for match in CERTIFICATE.finditer(value))
            return f"{told}{self._masker.digest(rest)}\n" if rest else told
        return self._masker.value(_described(value), path, secret=secret)


def _described(value: Any) -> Any:
    """Copy a value with every certificate in it told in words; the value itself if there is none."""
    if isinstance(value, str):
        text = decoded(value) if value.startswith(_ENCODED) else value
        return CERTIFICATE.sub(_words, text) if text and "-----BEGIN CERTIFICATE" in text else value
    if isinstance(value, dict):
        told = {name: _described(child) for name, child in value.items()}
        return told if any(told[name] is not child for name, child in value.items()) else value
    if isinstance(value, list):
        items = [_described(item) for item in value]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    return value


def _words(match: re.Match[str]) -> str:
    return f"{brief(match[0].encode())}\n"
