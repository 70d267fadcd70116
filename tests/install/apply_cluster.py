"""A stand-in for kubectl that keeps what commands create: run as a program, with its state in $STATE."""

from __future__ import annotations

import base64
import json
import os
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import yaml

if TYPE_CHECKING:
    from generator.certs import ca

STATE = Path(os.environ.get("STATE", "."))


def created(folder: Path) -> dict[tuple[str, str, str], list[str]]:
    """Return the keys of the data of each object in a state folder, by kind, namespace and name."""
    found = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
    return {(one["kind"], one["namespace"], one["name"]): one["keys"] for one in found}


def keep(kind: str, namespace: str, name: str, keys: list[str]) -> None:
    data = {"kind": kind, "namespace": namespace, "name": name, "keys": sorted(keys)}
    (STATE / f"{kind}.{namespace}.{name}.json").write_text(json.dumps(data), "utf-8")


def apply(text: str) -> None:
    for one in yaml.safe_load_all(text):
        if one["kind"] == "CertificateSigningRequest":
            (STATE / "request").write_text(one["spec"]["request"], "utf-8")
        meta = one["metadata"]
        data = {**(one.get("data") or {}), **(one.get("stringData") or {})}
        assert all(data.values())
        keep(one["kind"], meta.get("namespace", ""), meta["name"], list(data))


def create(namespace: str, words: list[str]) -> None:
    kinds = {"namespace": "Namespace", "configmap": "ConfigMap", "serviceaccount": "ServiceAccount",
             "priorityclass": "PriorityClass"}  # fmt: skip
    if words[0] == "namespace" and "--dry-run=client" in words:
        click.echo(yaml.safe_dump({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": words[1]}}))
        return
    if words[0] != "secret":
        keep(kinds[words[0]], namespace, words[1], [])
        return
    keys = []
    for flag in words[3:]:
        name, _, file = flag.removeprefix("--from-file=").partition("=")
        if flag.startswith("--from-file="):
            assert Path(file or name).read_bytes()
            keys.append(name)
    keep("Secret", namespace, words[2], keys if words[1] == "generic" else [".dockerconfigjson"])


def authority() -> ca.CA:
    """Return the CA of the cluster, the same in every call."""
    # Imported here because most calls need no certificate, and this takes longest.
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    from generator.certs import ca, pem

    files = STATE / "ca.crt", STATE / "ca.key"
    if not files[0].exists():
        made = ca.make_ca("kubernetes", datetime.now(timezone.utc))
        files[0].write_text(pem.certificate_text(made.certificate), "utf-8")
        files[1].write_text(pem.key_text(made.key), "utf-8")
    certificate = x509.load_pem_x509_certificate(files[0].read_bytes())
    key: Any = load_pem_private_key(files[1].read_bytes(), None)
    return ca.CA(certificate, key)


def signed() -> str:
    from cryptography import x509

    from generator.certs import ca, pem
    from generator.certs.names import Names

    asked = x509.load_pem_x509_csr(base64.b64decode((STATE / "request").read_text("utf-8")))

    class Asked:
        def public_key(self) -> Any:
            return asked.public_key()

    key: Any = Asked()
    names = Names("edgemesh-metaserver-client")
    return pem.certificate_text(ca.sign(authority(), key, names, "client", datetime.now(timezone.utc)))


def main(words: list[str]) -> None:
    namespace = ""
    if words[0] == "--namespace":
        namespace, words = words[1], words[2:]
    if words[0] == "create":
        create(namespace, words[1:])
    elif words[0] == "apply":
        assert words[1:] in (["-f", "-"], ["--filename", "-"])
        apply(sys.stdin.read())
    elif words[:2] == ["get", "csr"]:
        certificate = base64.b64encode(signed().encode()).decode()
        click.echo(json.dumps({"status": {"conditions": [{"type": "Approved"}], "certificate": certificate}}))
    elif words[:2] == ["get", "configmap"]:
        from generator.certs import pem

        click.echo(json.dumps({"data": {"ca.crt": pem.certificate_text(authority().certificate)}}))
    else:
        assert words[0] in ("label", "certificate"), words


if __name__ == "__main__":
    main(sys.argv[1:])
