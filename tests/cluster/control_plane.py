"""A Kubernetes control plane on loopback: etcd, kube-apiserver, kube-controller-manager, kube-scheduler.

RBAC is on, tokens have the issuer that KubeEdge expects, and approved certificate requests are signed.
tests/cluster starts no scheduler and no kubelet: tests create the nodes, and kubelet.py stands in for both.
"""

from __future__ import annotations

import base64
import json
import os
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from tests.cluster import certificates
from tests.cluster.process import Ended, Program, free_ports

BINARIES = Path(__file__).resolve().parents[2] / ".tools" / "bin"
ISSUER = "https://kubernetes.default.svc.cluster.local"
READY_SECONDS = 60.0
ATTEMPTS = 3


def binary(name: str) -> Path:
    """Return the path of a program; a missing one is a failure, not a skip."""
    path = BINARIES / name
    assert os.access(path, os.X_OK), f"{path} is missing; run `make control-plane`"
    return path


class ControlPlane:
    """A running control plane; it writes to one folder."""

    def __init__(self, folder: Path, **server_flags: object) -> None:
        """Start etcd and kube-apiserver and wait until they answer; raise Ended with a log otherwise.

        `server_flags` are more flags of kube-apiserver, with _ for -.
        """
        self.folder = folder
        self._more_flags = {name.replace("_", "-"): value for name, value in server_flags.items()}
        self.programs: list[Program] = []
        certificates.write(folder)
        self._root_ca, self._signer = folder / "ca.crt", (folder / "ca.crt", folder / "ca.key")
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self._start()
            except BaseException as error:
                self.stop()
                # Another process took the port after it was chosen.
                taken = isinstance(error, Ended) and "address already in use" in str(error)
                if not taken or attempt == ATTEMPTS:
                    raise
            else:
                return

    def start_controllers(self, *, nodes: bool = False, signs: bool = True) -> None:
        """Start kube-controller-manager and wait for the first objects that it creates.

        With `nodes` it also taints nodes that send no heartbeats, and removes the taint of ready ones. If it
        does not sign, approved certificate requests stay without a certificate.
        """
        folder = self.folder
        flags = {
            "kubeconfig": self.kubeconfig,
            "leader-elect": "false",
            "secure-port": "0",
            # The nodes that tests/cluster creates do not renew their leases.
            "controllers": "*" if nodes else "*,-node-lifecycle-controller",
            "root-ca-file": self._root_ca,
            "service-account-private-key-file": folder / "tokens.key",
        }
        if signs:
            certificate, key = self._signer
            flags |= {"cluster-signing-cert-file": certificate, "cluster-signing-key-file": key}
        manager = self._run("kube-controller-manager", flags)
        first = "/api/v1/namespaces/default"
        for made in ("serviceaccounts/default", "configmaps/kube-root-ca.crt"):
            manager.wait(partial(self._answers, f"{first}/{made}"), READY_SECONDS)

    def restart(self, trust: Path, signer: tuple[Path, Path] | None = None) -> None:
        """Restart kube-apiserver and the controllers with other CAs, as when the cluster's CA is replaced.

        `trust` has the CAs of clients, and goes to every pod; `signer` signs requests from then on.
        """
        self._stop_all_but_etcd()
        self._server_flags["client-ca-file"] = self._root_ca = trust
        if signer:
            self._signer = signer
        self._start_server()
        self.start_controllers(nodes=True)
        self.start_scheduler()

    def stop_controllers(self) -> None:
        """Stop kube-controller-manager."""
        found = next(program for program in self.programs if program.name == "kube-controller-manager")
        self.programs.remove(found)
        found.stop()

    def start_scheduler(self) -> None:
        """Start kube-scheduler."""
        flags = {"kubeconfig": self.kubeconfig, "leader-elect": "false", "secure-port": "0"}
        self._run("kube-scheduler", flags)

    @contextmanager
    def without_server(self, *, paused: bool) -> Iterator[None]:
        """Pause kube-apiserver, or stop it and start it again afterwards.

        A stop also ends kube-controller-manager, which exits if it cannot renew its lease.
        """
        server = next(program for program in self.programs if program.name == "kube-apiserver")
        if paused:
            server.pause()
        else:
            self._stop_all_but_etcd()
        try:
            yield
        finally:
            if paused:
                server.go_on()
            else:
                self._start_server()
                self.start_controllers()

    def unserve_crds(self) -> None:
        """Store the CRDs as after a server that stopped between accepting names and serving them.

        Call this while no server runs.
        """
        first = b"/registry/apiextensions.k8s.io/customresourcedefinitions/"
        found = self._etcd("range", {"key": _base64(first), "range_end": _base64(first[:-1] + b"0")})
        for pair in found.get("kvs", []):
            crd = json.loads(base64.b64decode(pair["value"]))
            conditions = crd["status"]["conditions"]
            crd["status"]["conditions"] = [c for c in conditions if c["type"] != "Established"]
            self._etcd("put", {"key": pair["key"], "value": _base64(json.dumps(crd).encode())})

    def stop(self) -> None:
        """Stop all programs, in reverse order."""
        while self.programs:
            self.programs.pop().stop()

    def _stop_all_but_etcd(self) -> None:
        while self.programs[-1].name != "etcd":
            self.programs.pop().stop()

    def _start(self) -> None:
        etcd, peer, self.port = free_ports(3)
        folder, store = self.folder, f"http://127.0.0.1:{etcd}"
        self.kubeconfig = certificates.write_kubeconfig(folder, self.port)
        etcd_flags = {
            "data-dir": folder / f"etcd-{etcd}",
            "listen-client-urls": store,
            "advertise-client-urls": store,
            "listen-peer-urls": f"http://127.0.0.1:{peer}",
            "initial-advertise-peer-urls": f"http://127.0.0.1:{peer}",
            "initial-cluster": f"default=http://127.0.0.1:{peer}",
            # Nothing here outlives the machine.
            "unsafe-no-fsync": "true",
        }
        server_flags = {
            "etcd-servers": store,
            "bind-address": "127.0.0.1",
            "secure-port": self.port,
            # Its address would be loopback, which Endpoints must not contain.
            "endpoint-reconciler-type": "none",
            "service-cluster-ip-range": certificates.SERVICES,
            "authorization-mode": "Node,RBAC",
            "allow-privileged": "true",
            "client-ca-file": folder / "ca.crt",
            "tls-cert-file": folder / "apiserver.crt",
            "tls-private-key-file": folder / "apiserver.key",
            "service-account-issuer": ISSUER,
            "service-account-key-file": folder / "tokens.pub",
            "service-account-signing-key-file": folder / "tokens.key",
            **self._more_flags,
        }
        self._run("etcd", etcd_flags)
        self._server_flags: dict[str, object] = server_flags
        self._start_server()

    def _start_server(self) -> None:
        server = self._run("kube-apiserver", self._server_flags)
        try:
            server.wait(lambda: self._answers("/readyz"), READY_SECONDS)
        except Ended as error:
            raise Ended(f"{error}\netcd:\n{self.programs[0].tail()}") from None

    def _run(self, name: str, flags: dict[str, object]) -> Program:
        command = [f"--{flag}={value}" for flag, value in flags.items()]
        program = Program(binary(name), command, self.folder / f"{name}.log")
        self.programs.append(program)
        return program

    def _etcd(self, what: str, wanted: dict[str, str]) -> dict[str, Any]:
        url, body = f"{self._server_flags['etcd-servers']}/v3/kv/{what}", json.dumps(wanted).encode()
        with urllib.request.urlopen(url, body, timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def _answers(self, path: str) -> bool:
        context = ssl.create_default_context(cafile=str(self.folder / "ca.crt"))
        context.load_cert_chain(self.folder / "admin.crt", self.folder / "admin.key")
        try:
            url = f"https://127.0.0.1:{self.port}{path}"
            with urllib.request.urlopen(url, timeout=5, context=context):
                return True
        except (OSError, urllib.error.URLError):
            return False


def _base64(text: bytes) -> str:
    return base64.b64encode(text).decode()
