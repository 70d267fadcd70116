"""The certificates of a control plane, and the kubeconfig of its administrator."""

from __future__ import annotations

import json
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from tests.certs import pki

# Names that kube-apiserver is reached by; the first address of the range of services is its own.
SERVICES = "10.96.0.0/16"
ADDRESSES = ("127.0.0.1", "10.96.0.1")
NAMES = ("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc")


def write(folder: Path) -> None:
    """Write a CA, its certificates and the key pair of service-account tokens to `folder`."""
    # As long as kubeadm's, so that certificates signed by it are not about to expire.
    ca = pki.make("test cluster CA", ca=True, end=3650 * pki.DAY)
    _pair(folder, "ca", ca)
    _pair(folder, "apiserver", pki.make("kube-apiserver", by=ca, ips=ADDRESSES, dns=NAMES, uses=("server",)))
    _pair(folder, "admin", pki.make("admin", organization="system:masters", by=ca, uses=("client",)))
    tokens = pki.make("service accounts")
    _file(folder / "tokens.key", tokens.key_text)
    public = tokens.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    _file(folder / "tokens.pub", public.decode())


def write_kubeconfig(folder: Path, port: int) -> Path:
    """Write the kubeconfig of the administrator and return its path."""
    cluster = {
        "server": f"https://127.0.0.1:{port}",
        "certificate-authority": str(folder / "ca.crt"),
    }
    user = {"client-certificate": str(folder / "admin.crt"), "client-key": str(folder / "admin.key")}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "test", "cluster": cluster}],
        "users": [{"name": "admin", "user": user}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "admin"}}],
        "current-context": "test",
    }
    path = folder / "kubeconfig.yaml"
    _file(path, json.dumps(config, indent=2))
    return path


def _pair(folder: Path, name: str, made: pki.Made) -> None:
    _file(folder / f"{name}.crt", made.cert_text)
    _file(folder / f"{name}.key", made.key_text)


def _file(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, "utf-8")
