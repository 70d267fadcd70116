"""Secret manifests with the keys that the charts and programs look for."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from generator import go_yaml
from generator.certs.plan import SecretPlan
from generator.errors import InvalidInput, plain
from generator.io.write import File

HEADER = "# Written by `generator certs`; holds private keys.\n"


def manifest(secret: SecretPlan, namespace: str, texts: Mapping[str, str]) -> str:
    """Write a Secret, with the text of each file under the key that its reader looks for."""
    lost = [file for _, file in secret.entries if file not in texts]
    if lost:
        what = f"the secret {secret.name} needs {', '.join(lost)}"
        raise InvalidInput([plain("", "", what)])
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
    """Return `secrets/<name>.yaml` for each Secret whose files are all there, readable by the owner only."""
    return {
        f"secrets/{secret.name}.yaml": File(HEADER + manifest(secret, namespace, texts), 0o600)
        for secret in secrets
        if all(file in texts for _, file in secret.entries)
    }
