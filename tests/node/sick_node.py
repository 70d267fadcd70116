"""A fake edge node for doctor.sh: edgecore, edgemesh-agent and their files in /proc; the servers are real."""

from __future__ import annotations

import base64
import json
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.render.node_script import doctor_script
from tests.certs import pki
from tests.node.node import PROGRAMS, config, text_of, tools, which
from tests.node.servers import Answers, serve

SCRIPT = doctor_script()
MORE_TOOLS = ("base64", "id", "mktemp", "uniq", "wc")
EDGECORE, AGENT, SHIM = 4000, 500, 50
MOUNT = "511 500 0:{0} / /run/secrets/kubernetes.io/serviceaccount ro,relatime - tmpfs tmpfs rw\n"
ON_NODE = "88 25 0:{0} / /var/lib/kubelet/pods/u/volumes/kubernetes.io~projected/x rw - tmpfs rw\n"
ACCOUNT = "system:serviceaccount:kubeedge:edgemesh-agent"
TOKEN_FOLDER = "run/secrets/kubernetes.io/serviceaccount"
DNS = "169.254.96.16"
# cloudcore at 192.0.2.10:10000, in /proc/net/tcp.
PEER = "0A0200C0:2710"


def token(**changes: Any) -> str:
    """Return a token of a pod on this node; None removes a claim."""
    claims = {
        "aud": ["https://kubernetes.default.svc.cluster.local"],
        "exp": int(time.time()) + 3600,
        "iss": "https://kubernetes.default.svc.cluster.local",
        "kubernetes.io": {
            "namespace": "kubeedge",
            "node": {"name": "edge-1", "uid": "1"},
            "pod": {"name": "edgemesh-agent-x", "uid": "2"},
            "serviceaccount": {"name": "edgemesh-agent", "uid": "3"},
        },
        "sub": ACCOUNT,
        **changes,
    }
    kept = json.dumps({name: value for name, value in claims.items() if value is not None}).encode()
    parts = (b'{"alg":"RS256"}', kept, b"signature-of-the-token")
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


@dataclass(frozen=True)
class Found:
    """The end of one run: exit code, text, and with --codes the findings as code, variant and fields."""

    code: int
    out: str
    err: str

    @property
    def causes(self) -> list[tuple[str, str, dict[str, str]]]:
        """Return the causes, most likely first."""
        first, *lines, last = self.out.splitlines()
        assert (first, last) == ("doctor 1", "done"), self.out
        parts = [line.split("\t") for line in lines]
        return [(code, variant, dict(one.split("=", 1) for one in rest)) for code, variant, *rest in parts]

    @property
    def codes(self) -> list[str]:
        """Return the codes of the causes."""
        return [code for code, _, _ in self.causes]


@dataclass
class SickNode:
    """A node that is healthy under profile mtls of KubeEdge 1.23 until a test breaks it."""

    root: Path
    shell: str
    gate: bool = True
    # Whether the endpoint uses https; None: as requireAuthorization says.
    tls: bool | None = None
    endpoint: Answers = field(default_factory=Answers)
    cloudcore: Answers = field(default_factory=Answers)
    token: str = field(default_factory=token)
    settings: dict[str, Any] = field(default_factory=dict)
    # Changes of kubeAPIConfig.metaServer in the config of the agent; None: no agent runs on the node.
    agent: dict[str, Any] | None = field(default_factory=dict)
    security: dict[str, Any] = field(default_factory=dict)
    program: str = "edgemesh-agent"
    journal: str = ""
    runs: bool = True
    connection: str = "01"
    listens: Sequence[str] = ("0100007F", "0A1EFEA9")
    unit: str = "ActiveState=active\nResult=success\nNRestarts=0\n"
    # Seconds since the start of edgecore.
    age: int = 5000
    mounted: bool = True
    # The rendered edgecore.yaml beside doctor.sh is that of the node.
    same: bool = False
    dns: str = "Server: x\nAddress: x\n\nName: kubernetes.default.svc.cluster.local\nAddress: 10.96.0.1\n"
    # Programs that the node lacks, and that it has besides the usual ones.
    without: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.ca = pki.make("kubernetes", ca=True)
        self.server = pki.server(self.ca)
        self.client = pki.client(self.ca)
        self.client_ca = self.ca
        self.proc = self.root / "proc"
        self.config = self.root / "etc" / "edgecore.yaml"

    @contextmanager
    def running(self) -> Iterator[dict[str, str]]:
        """Write the node and start its servers; give the environment of doctor.sh."""
        if self.gate if self.tls is None else self.tls:
            self.endpoint.tls = self.endpoint.tls or (self.server, self.client_ca)
        self.cloudcore.tls = (self.server, self.ca)
        folders = [self.root / name for name in ("one", "two")]
        for folder in folders:
            folder.mkdir()
        with serve(self.endpoint, folders[0]) as port, serve(self.cloudcore, folders[1]) as cloud:
            self._write(port, cloud)
            yield self._environment()

    def run(self, *arguments: str, **more: str) -> Found:
        """Run doctor.sh as a file."""
        with self.running() as environment:
            return self._run_file(arguments, environment | more)

    def run_twice(self) -> tuple[Found, Found]:
        """Run doctor.sh with --codes, and for people."""
        with self.running() as environment:
            return self._run_file(["--codes"], environment), self._run_file([], environment)

    def _run_file(self, arguments: Sequence[str], environment: dict[str, str]) -> Found:
        script = self.root / "doctor.sh"
        script.write_text(SCRIPT)
        start = f'{self._functions()}. "$0"'
        return self.start([*self.shell_command(), "-c", start, str(script), *arguments], environment)

    def run_from_stdin(self, *arguments: str) -> Found:
        """Run doctor.sh from standard input; without the fake programs, which need functions."""
        with self.running() as environment:
            return self.start([*self.shell_command(), "-s", "--", *arguments], environment, SCRIPT)

    def start(self, command: Sequence[str], environment: dict[str, str], stdin: str = "") -> Found:
        """Run a command."""
        done = subprocess.run(
            command, env=environment, input=stdin, capture_output=True, text=True, check=False, timeout=100
        )
        return Found(done.returncode, done.stdout, done.stderr)

    def wants(self, data: dict[str, Any], defaults: dict[str, Any] | None = None) -> None:
        """Put a rendered edgecore.yaml beside doctor.sh."""
        (self.root / "edgecore.yaml").write_text(text_of(data))
        if defaults is not None:
            (self.root / "defaults").write_text(text_of(defaults))

    # --- files -------------------------------------------------------------------------------

    def shell_command(self) -> list[str]:
        """Return the shell of the node."""
        return [str(self.root / "tools" / "sh")]

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": f"{self.root}/fakes:{self.root}/tools",
            "MORE_PATH": "",
            "ROOT": str(self.root),
            "CONFIG": str(self.config),
            "PROC": str(self.proc),
            "PKI": str(self.root / "pki"),
            "LOG": str(self.root / "no.log"),
            "LATE": "4",
        }

    def _functions(self) -> str:
        """Return functions that call the fake programs: the shell of Debian's busybox ignores PATH."""
        fakes = [f'{path.name}() {{ "{path}" "$@"; }}' for path in (self.root / "fakes").iterdir()]
        # The program would start that of busybox.
        return "\n".join([*fakes, 'timeout() { shift; "$@"; }', ""])

    def _write(self, port: int, cloud: int) -> None:
        tools(self.shell, self.root / "tools")
        busybox = self.shell == "busybox"
        for name in MORE_TOOLS:
            (self.root / "tools" / name).symlink_to(which("busybox" if busybox else name))
        for name in ("curl", "openssl", *self.extra):
            if name not in self.without:
                (self.root / "tools" / name).symlink_to(which(name))
        (self.root / "fakes").mkdir()
        for name in ("journalctl", "nslookup", "unit", "hostname"):
            target = self.root / "fakes" / ("systemctl" if name == "unit" else name)
            if target.name not in self.without:
                target.symlink_to(PROGRAMS / name)
        (self.root / "journal").write_text(self.journal)
        (self.root / "unit").write_text(self.unit)
        (self.root / "nslookup").write_text(self.dns)
        self._write_config(port, cloud)
        self._write_edgecore(port)
        if self.agent is not None:
            self._write_agent(port)

    def data(self, port: int = 10550, cloud: int = 10002) -> dict[str, Any]:
        """Return the edgecore.yaml of the node."""
        found = config(
            edgecoreVersion="v1.23.1",
            modules__edgeHub__httpServer=f"https://127.0.0.1:{cloud}",
            modules__metaManager__metaServer__server=f"127.0.0.1:{port}",
            modules__metaManager__metaServer__dummyServer=f"169.254.30.10:{port}",
            modules__edged__tailoredKubeletConfig__clusterDNS=[DNS],
            featureGates__requireAuthorization=self.gate,
        )
        for key, value in self.settings.items():
            *parents, last = key.split("__")
            target = found
            for parent in parents:
                target = target.setdefault(parent, {})
            target[last] = value
        return found

    def _write_config(self, port: int, cloud: int) -> None:
        self.config.parent.mkdir()
        self.config.write_text(text_of(self.data(port, cloud)))
        if self.same:
            self.wants(self.data(port, cloud), {"modules": {"edgeHub": {"heartbeat": 99}}})

    def _write_edgecore(self, port: int) -> None:
        for name in ("1", str(EDGECORE), str(SHIM), "self/net"):
            (self.proc / name).mkdir(parents=True)
        (self.proc / "uptime").write_text("10000.50 900.00\n")
        (self.proc / "1" / "mountinfo").write_text(ON_NODE.format(9) if self.mounted else "")
        (self.proc / str(SHIM) / "comm").write_text("containerd-shim\n")
        if not self.runs:
            return
        folder = self.proc / str(EDGECORE)
        (folder / "comm").write_text("edgecore\n")
        (folder / "status").write_text("Name:\tedgecore\nState:\tS (sleeping)\nPPid:\t1\n")
        began = (10000 - self.age) * 100
        (folder / "stat").write_text(f"{EDGECORE} (edgecore) S 1 {' '.join('0' * 17)} {began} 0\n")
        (folder / "fd").mkdir()
        (folder / "fd" / "3").symlink_to("socket:[7]")
        (folder / "net").mkdir()
        rows = [
            f"0B0200C0:A001 {PEER} {self.connection}",
            *(f"{a}:{port:04X} 00000000:0000 0A" for a in self.listens),
        ]
        (folder / "net" / "tcp").write_text(
            "".join(f"  {n}: {row} 0:0 00:0 0 0 0 7 1 0 20\n" for n, row in enumerate(rows))
        )

    def _write_agent(self, port: int) -> None:
        folder = self.proc / str(AGENT)
        root = folder / "root"
        for name in (TOKEN_FOLDER, "etc/edgemesh/config", "etc/edgemesh/metaserver"):
            (root / name).mkdir(parents=True)
        (folder / "comm").write_text(f"{self.program}\n")
        (folder / "status").write_text(f"Name:\tedgemesh-agent\nState:\tS (sleeping)\nPPid:\t{SHIM}\n")
        (folder / "mountinfo").write_text(MOUNT.format(9))
        # In many images this link leads to the node's own folder, if the script follows it.
        (root / "var").mkdir()
        (root / "var" / "run").symlink_to("/run")
        (root / TOKEN_FOLDER / "token").write_text(self.token)
        (root / TOKEN_FOLDER / "ca.crt").write_text(self.ca.cert_text)
        for name, text in (
            ("rootCA.crt", self.ca.cert_text),
            ("server.crt", self.client.cert_text),
            ("server.key", self.client.key_text),
        ):
            (root / "etc/edgemesh/metaserver" / name).write_text(text)
        server = {"server": f"http://127.0.0.1:{port}", **(self.agent or {})}
        server["security"] = {
            "requireAuthorization": self.gate,
            "insecureSkipTLSVerify": False,
            **self.security,
        }
        (root / "etc/edgemesh/config/edgemesh-agent.yaml").write_text(
            text_of({"kubeAPIConfig": {"metaServer": server}, "commonConfig": {"bridgeDeviceIP": DNS}})
        )
