"""Secret manifests with the keys that the charts and programs expect."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from generator import go_yaml
from generator.certs.plan import SecretPlan
from generator.io.write import File

HEADER = "# Written by `generator certs`; holds private keys.\n"


def manifest(secret: SecretPlan, namespace: str, texts: Mapping[str, str]) -> str:
    """Write a Secret with the text of each file under the key that its reader expects."""
    data = {key: base64.b64encode(texts[file].encode()).decode() for key, file in secret.entries}
    found = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": secret.name, "namespace": namespace},
        "type": "Opaque",
        "data": data,
    }
    return go_yaml.dump(found)


def files(secrets: tuple[SecretPlan, ...], namespace: str, texts: Mapping[str, str]) -> dict[str, File]:
    """Return `secrets/<name>.yaml`, mode 0600, for each Secret whose files all have a text."""
    return {
        f"secrets/{secret.name}.yaml": File(HEADER + manifest(secret, namespace, texts), 0o600)
        for secret in secrets
        if all(file in texts for _, file in secret.entries)
    }
