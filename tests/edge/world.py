"""A cluster with one cloud node and one edge node on which KubeEdge runs, as `generator` sets it up."""

from __future__ import annotations

import base64
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml

from tests.certs import pki
from tests.cluster.api import Api, Object, until
from tests.cluster.command import Generator
from tests.cluster.control_plane import ControlPlane, binary
from tests.cluster.helm import Helm
from tests.edge import machine, outcomes, pods
from tests.edge.ask import SERVICES, Pair, Reply, Way, ask
from tests.edge.audit import Audit
from tests.edge.cloud_node import CloudNode
from tests.edge.edge_node import CONFIG, EdgeNode
from tests.edge.endpoint import Callers
from tests.edge.images import FOREVER, SMALL
from tests.edge.pods import NAMESPACE as FACTORY
from tests.edge.pods import READS, Application
from tests.edge.releases import version

SITE = Path(__file__).with_name("site.yaml")
NAMESPACE = "kubeedge"
CLOUDCORE = f"{NAMESPACE}:cloudcore"
READY_SECONDS = 120.0
# The port that cloudcore gives the first node of its tunnel, and where it takes these connections.
TUNNEL_PORT, STREAM_PORT = "10351", "10003"


class World:
    """The cluster of a run: control plane, cloud node, edge node, and the command."""

    def __init__(self, release: str, folder: Path, edge: EdgeNode) -> None:
        """Start the control plane and the cloud node; the edge node is as new, and has not joined yet."""
        self.release, self.folder, self.edge = release, folder, edge
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

    def values(self, profile: str, release: str = "", site: str = "site.yaml") -> list[str]:
        """Return the arguments that name the site."""
        tag = version(release or self.release)
        return ["--profile", profile, "-f", site, "--set", f"kubeedgeVersion={tag}"]

    def install(self, profile: str, *more: str, code: int = 0, release: str = "") -> str:
        """Run `generator install` and return what it prints."""
        arguments = (*self.values(profile, release), "--yes", "--timeout", "2m", *more)
        done = self.generator("install", *arguments, code=code)
        return done.out + done.err

    def status(self, *more: str, code: int = 0) -> str:
        """Run `generator status` and return what it prints."""
        done = self.generator("status", *more, code=code)
        return done.out + done.err

    def render(self, profile: str, release: str = "", site: str = "site.yaml") -> Path:
        """Run `generator render -o` and return the folder of the node group, with its join.sh."""
        out = self.generator.folder / f"rendered-{profile}-{release or self.release}"
        self.generator("render", *self.values(profile, release, site), "-o", str(out))
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

    def issue(self, profile: str, *more: str) -> Path:
        """Run `generator certs issue` and apply what it wrote; return its folder."""
        out = self.certs
        approve = ("--apply", "--approve") if profile == "mtls" else ()
        self.generator("certs", "issue", *self.values(profile), "-o", str(out), *approve, *more)
        for manifest in sorted((out / "secrets").glob("*.yaml")):
            self.kubectl("apply", "--filename", str(manifest))
        return out

    def kubectl(self, *arguments: str, check: bool = True) -> str:
        """Run kubectl as the administrator and return its output."""
        command = (binary("kubectl"), "--kubeconfig", self.plane.kubeconfig, "--namespace", NAMESPACE)
        return machine.run(*command, *arguments, check=check)

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

        until(there, "cloudcore creates its token", READY_SECONDS)
        return found[0]

    def wait_until_ready(self) -> None:
        """Wait until the edge node is Ready."""
        until(self.node_ready, "the edge node is Ready", READY_SECONDS)

    def agent_ready(self) -> bool:
        """Return whether the agent's pod on the edge node is Ready."""
        found = pods.pods_of(self.api, NAMESPACE, "edgemesh-agent", machine.EDGE_NODE)
        return bool(found) and all(pods.ready(self.api, NAMESPACE, one["metadata"]["name"]) for one in found)

    def connections(self) -> int:
        """Return how often the edge node has connected to cloudcore until now."""
        connected = f"edge node {machine.EDGE_NODE} for project"
        lines = self.cloud.log.read_text("utf-8", "replace").splitlines()
        return sum(connected in line and line.endswith(" connected") for line in lines)

    def wait_until_connected(self, before: int) -> None:
        """Wait until the edge node has connected once more than `before`."""
        until(lambda: self.connections() > before, "the edge node connects", READY_SECONDS)

    def node_ready(self) -> bool:
        """Return whether the edge node is Ready."""
        node = self.api.get("v1", "Node", machine.EDGE_NODE)
        conditions = node["status"].get("conditions", []) if node else []
        return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)

    # --- objects ---------------------------------------------------------------------------------

    def add_secret(self, name: str, data: dict[str, str]) -> None:
        """Create a Secret in kubeedge."""
        meta = {"name": name, "namespace": NAMESPACE}
        self.api.create({"apiVersion": "v1", "kind": "Secret", "metadata": meta, "stringData": data})


def folder() -> Path:
    """Return the folder of this run."""
    return Path(os.environ["EDGE_FOLDER"])


@contextmanager
def world_of(name: str, release: str, edge: EdgeNode) -> Iterator[World]:
    """Give a cluster without KubeEdge inside the `with` block, in a folder `name` of the run's folder."""
    started = World(release, folder() / re.sub(r"\W+", "-", name).strip("-"), edge)
    try:
        yield started
    finally:
        started.stop()


@dataclass(frozen=True)
class Switch:
    """What `generator install` said, whether it stopped for the nodes, and when the steps ended."""

    said: str
    stopped: bool
    cloud: datetime
    nodes: datetime
    all: datetime


class Joined:
    """A cluster with KubeEdge and a profile, a joined node, and an application on it."""

    def __init__(self, world: World, profile: str, *, issue: bool = True) -> None:
        """Issue the certificates, install, join, and run the application `reader`."""
        self.world, self.profile = world, profile
        self._testers, self._tester = 0, ""
        if issue:
            world.issue(profile)
        self.install()
        self.said = world.join(profile)
        meta = {"name": "reader-config", "namespace": FACTORY}
        volume = {"name": "config", "configMap": {"name": meta["name"]}}
        container = {
            "name": "app",
            "image": SMALL,
            "command": ["sh", "-c", "echo started; exec tail -f /dev/null"],
            "volumeMounts": [{"name": "config", "mountPath": "/config"}],
        }
        pods.add_namespace(world.api)
        world.api.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": {"word": "old"}})
        self.app = Application(world.api, "reader", READS, containers=[container], volumes=[volume]).wait()
        # The certificate of the endpoint is requested once the node is connected.
        until(lambda: self.ask().from_cloud, "the endpoint answers from the cloud", READY_SECONDS)

    def install(self, *more: str, code: int = 0) -> str:
        """Run `generator install` with this profile."""
        return self.world.install(self.profile, *more, code=code)

    @property
    def way(self) -> Way:
        """Return how the application connects: with its token, and the CA of its pod."""
        return self.way_of(self.app)

    def way_of(self, app: Application) -> Way:
        """Return how an application connects."""
        scheme = "http" if self.profile == "plain" else "https"
        return Way(scheme=scheme, token=app.token, ca=self.ca)

    def switch(self, profile: str) -> Switch:
        """Switch to another profile as docs/install.md says; return the times of its steps."""
        switched = self._install_in_steps(profile, self.world.release)
        self.profile = profile
        return switched

    def upgrade(self, release: str) -> Switch:
        """Upgrade KubeEdge as docs/install.md says, edgecore by its program; return the times of its steps."""
        self.world.edge.replace_program(release)
        upgraded = self._install_in_steps(self.profile, release)
        self.world.release = release
        return upgraded

    def _install_in_steps(self, profile: str, release: str) -> Switch:
        said = self.world.install(profile, release=release)
        cloud = outcomes.now()
        stopped = "--nodes-done" in said
        if stopped or release != self.world.release:
            self.write_node_file(self.world.render(profile, release) / "edgecore.yaml")
            self.world.wait_until_ready()
        nodes = outcomes.now()
        if stopped:
            said += self.world.install(profile, "--nodes-done", release=release)
        return Switch(said, stopped, cloud, nodes, outcomes.now())

    def ask(self, path: str = SERVICES) -> Reply:
        """Ask as the application."""
        return ask(self.way, path)

    @property
    def ca(self) -> Path:
        """Return the cluster's CA, as pods have it."""
        return self.world.plane.folder / "ca.crt"

    def callers(self) -> Callers:
        """Return what the callers of the endpoint have; creates the other accounts and certificates."""
        api = self.world.api
        powerless = Application(api, "powerless", []).wait()
        api.create(
            {
                "apiVersion": "v1",
                "kind": "ServiceAccount",
                "metadata": {"name": "elsewhere", "namespace": FACTORY},
            }
        )
        created, elsewhere = (
            self.world.kubectl("create", "token", name, "--namespace", FACTORY).strip()
            for name in (self.app.name, "elsewhere")
        )
        pairs = {}
        if self.profile == "mtls":
            pairs = {"csr": self.world.certs, "cluster-ca": self._issue_by_cluster_ca()}
        folder = self.world.folder / "foreign"
        folder.mkdir()
        for name, text in self.foreign_files().items():
            (folder / name).write_text(text, "utf-8")
        return Callers(
            allowed=self.app.token,
            powerless=powerless.token,
            created=created,
            elsewhere=elsewhere,
            ca=self.ca,
            foreign_ca=folder / "rootCA.crt",
            pairs={by: Pair(place / "client.crt", place / "client.key") for by, place in pairs.items()},
            foreign=Pair(folder / "server.crt", folder / "server.key"),
        )

    def foreign_files(self) -> dict[str, str]:
        """Return a CA and a client pair of another CA, by their names in the agent's Secret."""
        ca = pki.make("another CA", ca=True)
        pair = pki.client(ca)
        return {"rootCA.crt": ca.cert_text, "server.crt": pair.cert_text, "server.key": pair.key_text}

    def _issue_by_cluster_ca(self) -> Path:
        """Issue the client certificate with the files of the cluster's CA; return the folder."""
        out, plane = self.world.generator.folder / "certs-by-cluster-ca", self.world.plane.folder
        signer = (
            "--signer",
            "cluster-ca",
            "--ca-cert",
            str(plane / "ca.crt"),
            "--ca-key",
            str(plane / "ca.key"),
        )
        self.world.generator("certs", "issue", *self.world.values(self.profile), "-o", str(out), *signer)
        return out

    def route_streams(self) -> None:
        """Send what the API server sends to the node's kubelet to cloudcore, as the iptables manager does."""
        rule = ("OUTPUT", "-d", machine.EDGE_ADDRESS, "-p", "tcp", "--dport", TUNNEL_PORT)
        target = ("-j", "DNAT", "--to", f"{machine.CLOUD_ADDRESS}:{STREAM_PORT}")
        machine.run("iptables", "-t", "nat", "-A", *rule, *target)

    def run_script(self) -> str:
        """Run the script of `helm test` on the node, without the cloud; return "" if it passes, else its words.

        `helm test` itself needs cloudcore, which sends the pod to the node.
        """
        name = f"tester-{self._testers}"
        if self._tester != name:
            self._tester = name
            self.world.api.create(self._tester_pod(name))
            until(lambda: pods.ready(self.world.api, NAMESPACE, name), "the tester is Ready", READY_SECONDS)
        said = self.world.edge.execute(name, *self._script)
        passed = said.startswith("healthy: ")
        assert passed or said.startswith("not healthy: "), said
        return "" if passed else said

    def restart_tester(self) -> None:
        """Let the next `run_script` run in a new pod, with the files that the Secrets have then."""
        self._testers += 1

    def _tester_pod(self, name: str) -> Object:
        """Return the pod of `helm test`, which waits instead of running its script."""
        (hook,) = yaml.safe_load_all(self.world.helm("get", "hooks", "edgemesh", "--namespace", NAMESPACE))
        (container,) = hook["spec"]["containers"]
        self._script: list[str] = [*container["command"], *container["args"]]
        idle = {**container, "command": FOREVER, "args": []}
        meta = {"name": name, "namespace": NAMESPACE}
        pod: Object = {"apiVersion": "v1", "kind": "Pod", "metadata": meta}
        return {**pod, "spec": {**hook["spec"], "containers": [idle]}}

    def write_node_file(self, file: Path) -> None:
        """Write edgecore.yaml as the steps of `generator install` say, and restart edgecore."""
        config = yaml.safe_load(file.read_text("utf-8"))
        config["modules"]["edged"]["hostnameOverride"] = machine.EDGE_NODE
        CONFIG.write_text(yaml.safe_dump(config), "utf-8")
        before = self.world.connections()
        self.world.edge.systemctl("restart")
        self.world.wait_until_connected(before)

    def helm_test(self) -> str:
        """Run `helm test`; return "" if it passes, else what its pod says."""
        done = self.world.helm.attempt("test", "edgemesh", "--namespace", NAMESPACE)
        path = "jsonpath={.status.containerStatuses[0].state.terminated.message}"
        said = self.world.kubectl("get", "pod", "edgemesh-test", "--output", path)
        assert said.startswith("healthy: " if done.code == 0 else "not healthy: "), (done, said)
        return "" if done.code == 0 else said

    def check(self, *, code: int) -> str:
        """Run `generator check --cluster` on the files that really run; return what it prints."""
        folder = self.world.generator.folder / "live"
        folder.mkdir(exist_ok=True)
        texts = {
            "cloudcore.yaml": self._config("cloudcore", "cloudcore.yaml"),
            "edgecore.yaml": CONFIG.read_text("utf-8"),
            "edgemesh-agent.yaml": self._config("edgemesh-agent-cfg", "edgemesh-agent.yaml"),
        }
        for name, text in texts.items():
            (folder / name).write_text(text, "utf-8")
        files = [str(folder / name) for name in texts]
        release = ("--kubeedge-version", version(self.world.release))
        cluster = ("--cluster", str(self.world.plane.kubeconfig))
        done = self.world.generator("check", *release, *cluster, *files, code=code)
        return done.out + done.err

    def _config(self, name: str, key: str) -> str:
        found = self.world.api.get("v1", "ConfigMap", name, NAMESPACE)
        assert found, name
        return str(found["data"][key])


def _pods(documents: list[Object]) -> list[Object]:
    """Return the pod specs in manifests."""
    found = []
    for one in documents:
        if one["kind"] == "Pod":
            found.append(one["spec"])
        elif one["kind"] in ("Deployment", "DaemonSet", "Job"):
            found.append(one["spec"]["template"]["spec"])
    return found
