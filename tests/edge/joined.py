"""A cluster with KubeEdge and a profile, a joined node, and an application on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from tests.certs import pki
from tests.cluster.api import Object
from tests.edge import machine, pods
from tests.edge.ask import SERVICES, Pair, Reply, Way, ask
from tests.edge.edge_node import CONFIG
from tests.edge.endpoint import Callers
from tests.edge.images import FOREVER, SMALL
from tests.edge.pods import NAMESPACE as FACTORY
from tests.edge.pods import READS, TOKEN, Application
from tests.edge.releases import version
from tests.edge.waiting import until, until_nothing
from tests.edge.world import NAMESPACE, World


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
        until(lambda: self.ask().from_cloud, "the endpoint answers from the cloud")

    def install(self, *more: str, code: int = 0) -> str:
        """Run `generator install` with this profile."""
        return self.world.install(self.profile, *more, code=code)

    @property
    def way(self) -> Way:
        """Return how the application connects: with its token, and the CA of its pod."""
        return self.way_of(self.app)

    def way_of(self, app: Application) -> Way:
        """Return how an application connects: with the token that its container has."""
        scheme = "http" if self.profile == "plain" else "https"
        return Way(scheme=scheme, token=self.world.edge.execute(app.uid, "cat", TOKEN), ca=self.ca)

    def repair(self) -> None:
        """Run `generator install` again, and restart cloudcore if it says so."""
        before = self.world.connections()
        said = self.install()
        assert "[step-restart-pods]" in said or "cloudcore: nothing to do" in said, said
        if "[step-restart-pods]" in said:
            self.world.kubectl("rollout", "restart", "deployment/cloudcore")
            self.world.wait_until_connected(before)

    def ask(self, path: str = SERVICES) -> Reply:
        """Ask as the application."""
        return ask(self.way, path)

    def wait_until_served(self, app: Application, path: str = SERVICES) -> None:
        """Wait until cloudcore answers an application; a busy one answers late, and then the node answers."""
        way = self.way_of(app)
        until(lambda: ask(way, path).from_cloud, f"{app.name} gets {path} from cloudcore")

    @property
    def ca(self) -> Path:
        """Return the cluster's CA, as pods have it."""
        return self.world.plane.folder / "ca.crt"

    @contextmanager
    def callers(self) -> Iterator[Callers]:
        """Give what the callers of the endpoint have; creates the other accounts and certificates."""
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
        yield Callers(
            allowed=self.app.token,
            powerless=powerless.token,
            created=created,
            elsewhere=elsewhere,
            ca=self.ca,
            foreign_ca=folder / "rootCA.crt",
            pairs={by: Pair(place / "client.crt", place / "client.key") for by, place in pairs.items()},
            foreign=Pair(folder / "server.crt", folder / "server.key"),
        )
        # doctor.sh finds the old token of a pod that stays while edgecore restarts.
        powerless.delete()

    def foreign_files(self) -> dict[str, str]:
        """Return a CA and a client pair of another CA, by their names in the agent's Secret."""
        # Not about to expire, which would be a finding.
        ca = pki.make("another CA", ca=True, end=3650 * pki.DAY)
        pair = pki.client(ca, end=365 * pki.DAY)
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

    def run_script(self) -> str:
        """Run the script of `helm test` on the node; return "" if it passes, else what it says.

        `helm test` itself needs cloudcore, which sends the pod to the node.
        """
        name = f"tester-{self._testers}"
        if self._tester != name:
            self._tester = name
            self.world.api.create(self._tester_pod(name))
            until(lambda: pods.ready(self.world.api, NAMESPACE, name), "the tester is Ready")
        pod = self.world.api.get("v1", "Pod", name, NAMESPACE)
        assert pod
        said = self.world.edge.execute(pod["metadata"]["uid"], *self._script)
        passed = said.startswith("healthy: ")
        assert passed or said.startswith("not healthy: "), said
        return "" if passed else said

    def doctor(self, *more: str, probe: bool = True) -> tuple[list[str], Object]:
        """Run `generator doctor`; return the codes of its errors, the first cause first, and its report."""
        self.world.route_streams()
        asked = ("--node", machine.EDGE_NODE, "--probe", "--image", SMALL) if probe else ()
        running = self.world.generator.start("doctor", *asked, "--format", "json", *more)
        out, err = running.communicate(timeout=300)
        report: Object = json.loads(out)
        found = [one for check in report["checks"] for one in check["findings"]]
        codes = [one["ruleId"] for one in found if one["severity"] == "error"]
        assert running.returncode == (1 if codes else 0), err
        first = report["cause"]["ruleId"] if report["cause"] else ""
        return [first, *(code for code in codes if code != first)] if codes else [], report

    def wait_until_healthy(self) -> None:
        """Wait until `generator doctor` finds nothing."""
        until_nothing(lambda: self.doctor()[0], "generator doctor finds nothing")

    def doctor_script(self, *arguments: str) -> str:
        """Run the doctor.sh of `generator render -o` on the node, and return what it prints."""
        script = self.world.render(self.profile) / "doctor.sh"
        return machine.run("sh", script, *arguments, edge=True, seconds=180, check=False)

    def restart_edgecore(self) -> None:
        """Restart edgecore and wait until it is connected."""
        before = self.world.connections()
        self.world.edge.systemctl("restart")
        self.world.wait_until_connected(before)

    def restart_pods(self) -> None:
        """Restart the pods of these tests, as is asked for after a restart of edgecore."""
        self.app.restart()
        self.restart_tester()

    def restart_agent(self) -> None:
        """Restart the agent on the node, as is asked for after a restart of edgecore."""
        before = self._agent()
        self.world.kubectl("delete", "pod", before)
        until(lambda: self._agent() not in ("", before), "the agent has a new pod")
        until(lambda: pods.ready(self.world.api, NAMESPACE, self._agent()), "the agent is Ready")

    def _agent(self) -> str:
        """Return the name of the agent's pod on the node, "" without one."""
        path, on = f"/api/v1/namespaces/{NAMESPACE}/pods", f"spec.nodeName={machine.EDGE_NODE}"
        chosen = {"labelSelector": "kubeedge=edgemesh-agent", "fieldSelector": on}
        found = self.world.api.do("GET", path, **chosen)["items"]
        return next((str(one["metadata"]["name"]) for one in found), "")

    def restart_tester(self) -> None:
        """Let the next `run_script` run in a new pod, with the token and the files that it gets then.

        doctor.sh finds the old token of a pod that stays.
        """
        if self._tester:
            self.world.api.delete("v1", "Pod", self._tester, NAMESPACE)
            self._tester = ""
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
        self.restart_edgecore()

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
