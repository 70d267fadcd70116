"""The cloud node: runs cloudcore with runc as its pod says, and reports the pods of this node.

Every other pod of the cloud node is reported as running without being run: none has a part in the tests.
The container gets what a kubelet gives it: files of ConfigMaps and Secrets, the token of the pod's service
account, the capabilities and the read-only root of the pod. KubeEdge's image is replaced by the program that
tools/kubeedge.sh built, in the version of the image's tag. The default seccomp profile is left out.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import shutil
import ssl
import subprocess
import threading
import time
import traceback
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.cluster.api import Api, Denied, Object
from tests.cluster.control_plane import binary
from tests.edge.machine import CLOUD_ADDRESS, run
from tests.edge.pods import is_ready
from tests.edge.releases import releases, version

NODE = "cloud-1"
READY = ("Initialized", "PodScheduled", "ContainersReady", "Ready")
# What the program finds of this machine; its image has the same.
SYSTEM = ("/usr", "/lib", "/lib64", "/bin")
BEAT_SECONDS = 5.0
_KLOG = re.compile(r"[IWEF](\d\d)(\d\d) ([\d:.]+) ")


@dataclass
class Running:
    """The container of a cloudcore pod."""

    name: str
    process: subprocess.Popen[bytes]


class CloudNode:
    """The cloud node's kubelet, in a thread."""

    def __init__(self, api: Api, port: int, folder: Path) -> None:
        """Register the node; `port` is where the API server listens on loopback."""
        self._api, self._port, self._folder = api, port, folder / "cloud"
        self._folder.mkdir()
        self._runc = ("runc", "--root", str(self._folder / "runc"))
        self._running: dict[str, Running] = {}
        self._restarts: dict[str, int] = {}
        # Where the log of the present container begins.
        self._begin = 0
        self._beaten = 0.0
        self._stopped = False
        self._over = threading.Event()
        self._logs = _serve_log(self._own_log, folder / "plane")
        self._register()
        self._thread = threading.Thread(target=self._play, daemon=True)
        self._thread.start()

    @property
    def log(self) -> Path:
        """Return the file that every cloudcore writes to."""
        return self._folder / "cloudcore.log"

    def _own_log(self) -> bytes:
        """Return what the present container has written."""
        return self.log.read_bytes()[self._begin :] if self.log.exists() else b""

    def stop_cloudcore(self) -> None:
        """Stop cloudcore until `start_cloudcore`; its pod stays, as with a process that hangs."""
        self._stopped = True
        for uid in list(self._running):
            self._end(uid)

    def start_cloudcore(self) -> None:
        """Let cloudcore start again."""
        self._stopped = False

    def stop(self) -> None:
        """Stop the node and what runs on it."""
        self._over.set()
        self._thread.join(30)
        self._logs.shutdown()
        self._logs.server_close()
        for uid in list(self._running):
            self._end(uid)

    def _register(self) -> None:
        meta = {"name": NODE, "labels": {"kubernetes.io/hostname": NODE, "kubernetes.io/os": "linux"}}
        self._api.create({"apiVersion": "v1", "kind": "Node", "metadata": meta})
        lease = {"holderIdentity": NODE, "leaseDurationSeconds": 40, "renewTime": _now()}
        meta = {"name": NODE, "namespace": "kube-node-lease"}
        found = {
            "apiVersion": "coordination.k8s.io/v1",
            "kind": "Lease",
            "metadata": meta,
            "spec": lease,
        }
        self._api.create(found)

    def _play(self) -> None:
        while not self._over.wait(0.5):
            try:
                self._beat()
                query = {"fieldSelector": f"spec.nodeName={NODE}"}
                for pod in self._api.do("GET", "/api/v1/pods", **query)["items"]:
                    self._serve(pod)
            except (OSError, Denied):
                # The API server is restarted by some tests; a pod may be gone by now.
                continue
            except Exception:  # noqa: BLE001 - the log of the node has it; the test that needs the pod fails
                with self.log.open("a") as log:
                    log.write(traceback.format_exc())

    def _beat(self) -> None:
        if time.monotonic() - self._beaten < BEAT_SECONDS:
            return
        resources = {"cpu": "8", "memory": "16Gi", "pods": "110"}
        ready = {"type": "Ready", "status": "True", "reason": "Test", "lastHeartbeatTime": _now()}
        status = {
            "conditions": [ready],
            "capacity": resources,
            "allocatable": resources,
            "addresses": [{"type": "InternalIP", "address": CLOUD_ADDRESS}],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": self._logs.server_port}},
        }
        self._api.do("PATCH", f"/api/v1/nodes/{NODE}/status", {"status": status}, "merge")
        path = f"/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/{NODE}"
        self._api.do("PATCH", path, {"spec": {"renewTime": _now()}}, "merge")
        self._beaten = time.monotonic()

    def _serve(self, pod: Object) -> None:
        meta, spec = pod["metadata"], pod["spec"]
        path = f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}"
        uid: str = meta["uid"]
        if "deletionTimestamp" in meta:
            self._end(uid)
            self._api.call("DELETE", path, gracePeriodSeconds="0")
            return
        ready = True
        if "/cloudcore:" in spec["containers"][0]["image"]:
            ready = not self._stopped and self._run(pod)
        if is_ready(pod) != ready or not pod["status"].get("containerStatuses"):
            self._report(path, pod, ready=ready)

    def _report(self, path: str, pod: Object, *, ready: bool) -> None:
        word = "True" if ready else "False"
        conditions = [{"type": one, "status": word if "eady" in one else "True"} for one in READY]
        containers = [
            {
                "name": one["name"],
                "image": one["image"],
                "imageID": one["image"],
                "ready": ready,
                "started": ready,
                "restartCount": self._restarts.get(pod["metadata"]["uid"], 0),
                "state": {"running": {"startedAt": _now()}},
            }
            for one in pod["spec"]["containers"]
        ]
        status = {
            "phase": "Running",
            "startTime": pod["status"].get("startTime", _now()),
            "conditions": conditions,
            "containerStatuses": containers,
            "hostIP": CLOUD_ADDRESS,
            "podIP": CLOUD_ADDRESS,
            "podIPs": [{"ip": CLOUD_ADDRESS}],
        }
        self._api.call("PATCH", f"{path}/status", {"status": status}, "merge")

    def _run(self, pod: Object) -> bool:
        """Run the container of a pod, again if it ended; return whether its readiness probe succeeds."""
        uid: str = pod["metadata"]["uid"]
        running = self._running.get(uid)
        if running and running.process.poll() is not None:
            self._end(uid)
            self._restarts[uid] = self._restarts.get(uid, 0) + 1
            running = None
        if not running:
            self._running[uid] = self._start(pod)
        return _probe(pod["spec"]["containers"][0]["readinessProbe"])

    def _start(self, pod: Object) -> Running:
        (container,) = pod["spec"]["containers"]
        name = f"{pod['metadata']['name']}-{self._restarts.get(pod['metadata']['uid'], 0)}"
        bundle = self._folder / name
        shutil.rmtree(bundle, ignore_errors=True)
        (bundle / "rootfs").mkdir(parents=True)
        spec = self._spec(pod, container, bundle)
        (bundle / "config.json").write_text(json.dumps(spec, indent=1), "utf-8")
        self._begin = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as output:
            process = subprocess.Popen(
                [*self._runc, "run", "--bundle", str(bundle), name],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        return Running(name, process)

    def _spec(self, pod: Object, container: Object, bundle: Path) -> Object:
        """Return the config.json of the OCI runtime for a container of a pod."""
        security = container["securityContext"]
        assert security["capabilities"] == {"drop": ["ALL"]}, security
        program = "/usr/local/bin/cloudcore"
        tag = container["image"].rsplit(":", 1)[1]
        built = binary(f"cloudcore-{next(one for one in releases() if version(one) == tag)}")
        root = bundle / "rootfs"
        mounts: list[Object] = [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["mode=755"]},
        ]
        mounts += [_bind(Path(place), place, read_only=True) for place in SYSTEM]
        (bundle / "bin").mkdir()
        shutil.copy(built.resolve(), bundle / "bin" / "cloudcore")
        mounts.append(_bind(bundle / "bin", "/usr/local/bin", read_only=True))
        for mounted in container.get("volumeMounts", []):
            volume = next(one for one in pod["spec"]["volumes"] if one["name"] == mounted["name"])
            source = self._volume(pod, volume, bundle) / mounted.get("subPath", "")
            mounts.append(_bind(source, mounted["mountPath"], read_only=mounted.get("readOnly", False)))
        hosts = bundle / "hosts"
        hosts.write_text(f"127.0.0.1 localhost\n{CLOUD_ADDRESS} {NODE}\n", "utf-8")
        mounts.append(_bind(hosts, "/etc/hosts", read_only=True))
        for mounted in mounts:
            place = root / mounted["destination"].lstrip("/")
            is_file = Path(mounted["source"]).is_file()
            (place.parent if is_file else place).mkdir(parents=True, exist_ok=True)
            if is_file:
                place.touch()
        given = {one["name"]: one["value"] for one in container.get("env", [])}
        environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": "/root",
            "KUBERNETES_SERVICE_HOST": "127.0.0.1",
            "KUBERNETES_SERVICE_PORT": str(self._port),
            **given,
        }
        return {
            "ociVersion": "1.0.2",
            "root": {"path": str(root), "readonly": security["readOnlyRootFilesystem"]},
            "hostname": NODE,
            "process": {
                "args": [*container.get("command", [program]), *container.get("args", [])],
                "env": [f"{key}={value}" for key, value in environment.items()],
                "cwd": "/",
                "user": {"uid": 0, "gid": 0},
                "noNewPrivileges": not security["allowPrivilegeEscalation"],
                "capabilities": {},
            },
            "mounts": mounts,
            "linux": {
                "namespaces": [{"type": one} for one in ("mount", "pid", "ipc", "uts")],
                "cgroupsPath": f"/cloud/{bundle.name}",
            },
        }

    def _volume(self, pod: Object, volume: Object, bundle: Path) -> Path:
        """Return the folder of a volume, with its files."""
        folder: Path = bundle / "volumes" / volume["name"]
        namespace = pod["metadata"]["namespace"]
        if "hostPath" in volume:
            # The edge node has the machine's own folders.
            folder = self._folder / "host" / volume["hostPath"]["path"].lstrip("/")
        folder.mkdir(parents=True, exist_ok=True)
        for kind, key in (("ConfigMap", "configMap"), ("Secret", "secret")):
            if key in volume:
                source = volume[key]
                self._write(folder, kind, namespace, source.get("name") or source["secretName"], source)
        for source in volume.get("projected", {}).get("sources", []):
            if "serviceAccountToken" in source:
                (folder / source["serviceAccountToken"]["path"]).write_text(self._token(pod), "utf-8")
            elif "configMap" in source:
                self._write(folder, "ConfigMap", namespace, source["configMap"]["name"], source["configMap"])
            else:
                (folder / "namespace").write_text(namespace, "utf-8")
        return folder

    def _write(self, folder: Path, kind: str, namespace: str, name: str, source: Object) -> None:
        """Write the files of a ConfigMap or Secret, those of its `items` if it names some."""
        found = self._api.get("v1", kind, name, namespace)
        if found is None:
            raise OSError(f"{kind} {namespace}/{name} does not exist")
        data = found.get("data", {})
        items = source.get("items") or [{"key": key, "path": key} for key in data]
        for item in items:
            text = data[item["key"]]
            content = base64.b64decode(text) if kind == "Secret" else text.encode()
            path = folder / item["path"]
            path.write_bytes(content)
            path.chmod(item.get("mode", source.get("defaultMode", 0o644)))

    def _token(self, pod: Object) -> str:
        """Return a token of the pod's service account, bound to the pod."""
        meta, account = pod["metadata"], pod["spec"]["serviceAccountName"]
        bound = {"apiVersion": "v1", "kind": "Pod", "name": meta["name"], "uid": meta["uid"]}
        wanted = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenRequest",
            "spec": {"boundObjectRef": bound, "expirationSeconds": 3607},
        }
        path = f"/api/v1/namespaces/{meta['namespace']}/serviceaccounts/{account}/token"
        made: Any = self._api.do("POST", path, wanted)
        return str(made["status"]["token"])

    def _end(self, uid: str) -> None:
        """Stop the container of a pod, as a kubelet does; a container that does not listen is killed."""
        running = self._running.pop(uid, None)
        if not running:
            return
        running.process.terminate()
        try:
            running.process.wait(10)
        except subprocess.TimeoutExpired:
            run(*self._runc, "kill", running.name, "KILL", check=False)
            running.process.wait(10)
        with contextlib.suppress(AssertionError):
            run(*self._runc, "delete", "--force", running.name)


def _bind(source: Path, place: str, *, read_only: bool) -> Object:
    options = ["rbind", "ro" if read_only else "rw"]
    return {"destination": place, "type": "bind", "source": str(source), "options": options}


def _probe(probe: Object) -> bool:
    """Ask as a readiness probe does; a kubelet verifies no certificate."""
    asked = probe["httpGet"]
    context = ssl._create_unverified_context()
    try:
        url = f"https://127.0.0.1:{asked['port']}{asked['path']}"
        with urllib.request.urlopen(url, timeout=2, context=context):
            return True
    except (OSError, urllib.error.URLError):
        return False


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _stamped(log: bytes) -> bytes:
    """Return a log with the time before each line, as a kubelet gives it: here, the time in klog's header."""
    time, lines = _now(), []
    for line in log.decode("utf-8", "replace").splitlines():
        if header := _KLOG.match(line):
            time = f"{datetime.now(timezone.utc).year}-{header[1]}-{header[2]}T{header[3]}Z"
        lines.append(f"{time} {line}\n")
    return "".join(lines).encode()


def _serve_log(read: Callable[[], bytes], certificates: Path) -> ThreadingHTTPServer:
    """Answer the API server's requests for the log of a pod of this node with that of cloudcore."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text = _stamped(read()) if "timestamps=true" in self.path else read()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer((CLOUD_ADDRESS, 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "apiserver.crt", certificates / "apiserver.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
