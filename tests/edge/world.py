"""A cluster with one cloud node and one edge node on which KubeEdge runs, as `generator` sets it up."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from tests.cluster.api import Api, Object
from tests.cluster.command import Generator
from tests.cluster.control_plane import ControlPlane, binary
from tests.cluster.helm import Helm
from tests.edge import machine, pods
from tests.edge.audit import Audit
from tests.edge.cloud_node import CloudNode
from tests.edge.edge_node import EdgeNode
from tests.edge.releases import version
from tests.edge.waiting import SECONDS, until, until_nothing

SITE = Path(__file__).with_name("site.yaml")
NAMESPACE = "kubeedge"
CLOUDCORE = f"{NAMESPACE}:cloudcore"
# The port that cloudcore gives the first node of its tunnel, and where it takes these connections.
TUNNEL_PORT, STREAM_PORT = "10351", "10003"


class World:
    """The cluster of a run: control plane, cloud node, edge node, and the command."""

    def __init__(self, release: str, folder: Path, edge: EdgeNode, *, empty: bool = False) -> None:
        """Start the control plane and the cloud node; the edge node is as new, and has not joined yet.

        An `empty` cluster has neither the namespace nor the Secrets that an operator creates.
        """
        self.release, self.folder, self.edge = release, folder, edge
        # More values of the site, as --set takes them.
        self.settings: dict[str, str] = {}
        edge.reset(release)
        home = folder / "work"
        home.mkdir(parents=True)
        self.audit = Audit(folder / "audit.log")
        (folder / "plane").mkdir()
        self.plane = ControlPlane(
            folder / "plane",
            kubelet_client_certificate=folder / "plane" / "admin.crt",
            kubelet_client_key=folder / "plane" / "admin.key",
            kubelet_preferred_address_types="InternalIP",
            advertise_address=machine.CLOUD_ADDRESS,
            **self.audit.flags(),
        )
        self.plane.start_controllers(nodes=True)
        self.plane.start_scheduler()
        self.api = Api.of(str(self.plane.kubeconfig))
        self.helm = Helm("helm-4.3", str(self.plane.kubeconfig), home)
        self.generator = Generator(self.helm, home)
        self.cloud = CloudNode(self.api, self.plane.port, folder)
        self._routed = False
        if empty:
            return
        shutil.copy(SITE, home / "site.yaml")
        self.api.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})
        psk = base64.b64encode(secrets.token_bytes(32)).decode()
        self.add_secret("edgemesh-psk", {"psk": psk})

    def stop(self) -> None:
        """Stop everything, the nodes before the API server."""
        self.generator.stop()
        self.edge.systemctl("stop")
        self.edge.keep_log(self.folder)
        self.cloud.stop()
        self.plane.stop()

    # --- the command -----------------------------------------------------------------------------

    def values(self, profile: str, release: str = "") -> list[str]:
        """Return the arguments that name the site."""
        tag = version(release or self.release)
        settings = {"kubeedgeVersion": tag, **self.settings}
        chosen = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
        return ["--profile", profile, "-f", "site.yaml", *chosen]

    def install(self, profile: str, *more: str, code: int = 0, release: str = "") -> str:
        """Run `generator install` and return what it prints."""
        arguments = (*self.values(profile, release), "--yes", "--timeout", "4m", *more)
        done = self.generator("install", *arguments, code=code)
        return done.out + done.err

    def status(self, *more: str, code: int = 0) -> str:
        """Run `generator status` and return what it prints."""
        done = self.generator("status", *more, code=code)
        return done.out + done.err

    def findings(self) -> list[str]:
        """Return unexpected findings of `generator status`, and expected ones that it lacks.

        KubeEdge sometimes loses the status of a pod, for minutes, while it registers or is away for a moment.
        A pod that the API server has as not ready is a finding then, and the only one.
        """
        running = self.generator.start("status", "--format", "json")
        out, _ = running.communicate(timeout=240)
        found = [one["ruleId"] for one in json.loads(out)["findings"]]
        assert running.returncode == bool(found), out
        wanted = [
            one for one in self.api.all("v1", "Pod", NAMESPACE) if one["metadata"].get("ownerReferences")
        ]
        lost = any(not pods.is_ready(one) for one in wanted)
        return sorted({*found} ^ ({"pods-missing"} if lost else set()))

    def wait_for_no_findings(self) -> None:
        """Wait until `generator status` finds nothing."""
        until_nothing(self.findings, "generator status finds nothing")

    def render(self, profile: str, release: str = "") -> Path:
        """Run `generator render -o` and return the folder of the node group, with its join.sh."""
        out = self.generator.folder / f"rendered-{profile}-{release or self.release}"
        self.generator("render", *self.values(profile, release), "-o", str(out))
        return out / "edgecore" / "default"

    def images(self) -> set[str]:
        """Return the images of all pods of the installed releases, those of `helm test` too."""
        found = set()
        for _, release, _ in self.helm.releases():
            for what in ("manifest", "hooks"):
                text = self.helm("get", what, release, "--namespace", NAMESPACE)
                for pod in _pods([one for one in yaml.safe_load_all(text) if one]):
                    found |= {one["image"] for one in pod["containers"]}
        return found

    @property
    def certs(self) -> Path:
        """Return the folder of `generator certs issue`."""
        return self.generator.folder / "certs"

    def issue(self, profile: str) -> None:
        """Run `generator certs issue` and apply what it wrote."""
        approve = ("--apply", "--approve") if profile == "mtls" else ()
        self.certs_command("issue", "", profile, *approve)
        self.apply_secrets()

    def certs_command(self, command: str, stage: str, profile: str, *more: str) -> str:
        """Run a command of `generator certs` on the folder; return what it prints."""
        words = (command, stage) if stage else (command,)
        done = self.generator("certs", *words, *self.values(profile), "-o", str(self.certs), *more)
        return done.out + done.err

    def apply_secrets(self) -> None:
        """Apply the Secrets that `generator certs` wrote."""
        for manifest in sorted((self.certs / "secrets").glob("*.yaml")):
            self.kubectl("apply", "--filename", str(manifest))

    def kubectl(self, *arguments: str, check: bool = True) -> str:
        """Run kubectl as the administrator and return its output."""
        command = (binary("kubectl"), "--kubeconfig", self.plane.kubeconfig, "--namespace", NAMESPACE)
        # Longer than any wait of kubectl itself.
        return machine.run(*command, *arguments, check=check, seconds=SECONDS + 60)

    # --- the edge node ---------------------------------------------------------------------------

    def join(self, profile: str) -> str:
        """Render, make the images available and join the node; wait until it is Ready."""
        rendered = self.render(profile)
        self.edge.load({*self.images(), f"kubeedge/installation-package:{version(self.release)}"})
        said = self.edge.join(rendered, self.token())
        self.wait_until_ready()
        return said

    def token(self) -> str:
        """Return the token that `keadm gettoken` prints."""
        found: list[str] = []

        def there() -> bool:
            secret = self.api.get("v1", "Secret", "tokensecret", NAMESPACE)
            found[:] = [base64.b64decode(secret["data"]["tokendata"]).decode()] if secret else []
            return bool(found)

        until(there, "cloudcore creates its token")
        return found[0]

    def wait_until_ready(self) -> None:
        """Wait until the edge node is Ready."""
        until(self.node_ready, "the edge node is Ready")

    def route_streams(self) -> None:
        """Send what the API server sends to the node's kubelet to cloudcore, as the iptables manager does."""
        if self._routed:
            return
        rule = ("OUTPUT", "-d", machine.EDGE_ADDRESS, "-p", "tcp", "--dport", TUNNEL_PORT)
        target = ("-j", "DNAT", "--to", f"{machine.CLOUD_ADDRESS}:{STREAM_PORT}")
        machine.run("iptables", "-t", "nat", "-A", *rule, *target)
        self._routed = True

    def connections(self) -> int:
        """Return how often the edge node has connected to cloudcore until now."""
        connected = f"edge node {machine.EDGE_NODE} for project"
        lines = self.cloud.log.read_text("utf-8", "replace").splitlines()
        return sum(connected in line and line.endswith(" connected") for line in lines)

    def wait_until_connected(self, before: int) -> None:
        """Wait until the edge node has connected once more than `before`."""
        until(lambda: self.connections() > before, "the edge node connects")

    def node_ready(self) -> bool:
        """Return whether the edge node is Ready."""
        node = self.api.get("v1", "Node", machine.EDGE_NODE)
        return node is not None and pods.is_ready(node)

    # --- objects ---------------------------------------------------------------------------------

    def add_secret(self, name: str, data: dict[str, str]) -> None:
        """Create a Secret in kubeedge."""
        meta = {"name": name, "namespace": NAMESPACE}
        self.api.create({"apiVersion": "v1", "kind": "Secret", "metadata": meta, "stringData": data})


def folder() -> Path:
    """Return the folder of this run."""
    return Path(os.environ["EDGE_FOLDER"])


@contextmanager
def world_of(name: str, release: str, edge: EdgeNode, *, empty: bool = False) -> Iterator[World]:
    """Give a cluster without KubeEdge inside the `with` block, in a folder `name` of the run's folder."""
    started = World(release, folder() / re.sub(r"\W+", "-", name).strip("-"), edge, empty=empty)
    try:
        yield started
    finally:
        started.stop()


def _pods(documents: list[Object]) -> list[Object]:
    """Return the pod specs in manifests."""
    found = []
    for one in documents:
        if one["kind"] == "Pod":
            found.append(one["spec"])
        elif one["kind"] in ("Deployment", "DaemonSet", "Job"):
            found.append(one["spec"]["template"]["spec"])
    return found
