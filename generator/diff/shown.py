"""Values for display: certificates described, secrets hidden."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from importlib import import_module
from typing import Any

from generator.kube.compare import NOTHING, Change
from generator.kube.objects import Object
from generator.paths import Path
from generator.secrets.masks import Masker
from generator.secrets.pool import CERTIFICATE
from generator.secrets.texts import decoded

# The beginning of PEM in base64.
_ENCODED = "LS0tLS1CRUdJTi"


class Shown:
    """Masks secrets in changes; every value of an object is masked here before it is printed."""

    def __init__(self, objects: Iterable[Object]) -> None:
        """Collect the secrets of both sides."""
        self._masker = Masker(objects)

    def change(self, change: Change, kind: str) -> Change:
        """Return a change without secrets."""
        secret = kind == "Secret" and change.path[:1] == ("data",) and not change.file
        path = tuple(self.text(part) if isinstance(part, str) else part for part in change.path)
        sides = (change.before, change.after)
        if kind in ("Role", "ClusterRole") and change.path == ("rules",):
            # Our own code wrote permissions as text: `serviceaccounts/token: create`.
            before, after = map(self._permissions, sides)
        else:
            before, after = (self._value(value, change.path, secret) for value in sides)
        if before == after and before is not NOTHING and change.before != change.after:
            # The difference is in a part that is hidden the same way, for example white space.
            before, after = f"{before} (1)", f"{after} (2)"
        return replace(
            change,
            path=path,
            before=before,
            after=after,
            note=change.note and change.note.map_texts(self.text),
        )

    def text(self, text: str) -> str:
        """Return a sentence, or a part of a path, without secrets."""
        return self._masker.text(text, prose=True)

    def _permissions(self, value: Any) -> Any:
        return [self.text(line) for line in value] if isinstance(value, list) else value

    def _value(self, value: Any, path: Path, secret: bool) -> Any:
        if value is NOTHING:
            return value
        if secret and isinstance(value, str) and CERTIFICATE.search(value):
            # Data beside a certificate is as secret as other data.
            rest = CERTIFICATE.sub("", value).strip()
            described = "".join(_brief(match) for match in CERTIFICATE.finditer(value))
            return f"{described}{self._masker.digest(rest)}\n" if rest else described
        return self._masker.value(_described(value), path, secret=secret)


def _described(value: Any) -> Any:
    """Return a value with every certificate in it described; the value itself if it has none."""
    if isinstance(value, str):
        text = decoded(value) if value.startswith(_ENCODED) else value
        return CERTIFICATE.sub(_brief, text) if text and "-----BEGIN CERTIFICATE" in text else value
    if isinstance(value, dict):
        fields = {name: _described(child) for name, child in value.items()}
        return fields if any(fields[name] is not child for name, child in value.items()) else value
    if isinstance(value, list):
        items = [_described(item) for item in value]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    return value


def _brief(match: re.Match[str]) -> str:
    # Imported here because it imports cryptography; few changes have a certificate.
    return f"{import_module('generator.certs.inspect').brief(match[0].encode())}\n"
