"""update.sh: the programs that send its requests, and the Event that it writes after a failure."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.node.node import Edgecore, Node, config, which

URL = "http://127.0.0.1:10550"
POD = {"POD_UID": "u-1", "POD_NAME": "rollout-x", "POD_NAMESPACE": "kubeedge", "NODE_NAME": "edge-1"}


def test_without_curl_and_wget_the_endpoint_is_not_asked(node: Node) -> None:
    (node.fakes / "curl").unlink()
    # The shell of busybox always has wget.
    if node.shell == "busybox":
        node.shell = "sh"
        (node.tools / "sh").unlink()
        (node.tools / "sh").symlink_to("/bin/sh")
    node.behaves(Edgecore(services=None))
    run = node.run()
    assert run.state == "updated try-1"
    assert "; the endpoint was not asked, because the node has neither curl nor wget" in run.message


@contextmanager
def endpoint(status: int, seen: list[str]) -> Iterator[int]:
    """Serve a status, and the Node of the fake edgecore, on a free port of loopback."""
    node = {"status": {"conditions": [{"type": "Ready", "status": "False", "message": "from the server"}]}}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if "/nodes/" in self.path else status)
            self.end_headers()
            self.wfile.write(json.dumps(node, separators=(",", ":")).encode())

        def do_POST(self) -> None:
            seen.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            seen.append(f"{self.headers['Content-Type']} {self.headers['Authorization']}")
            self.send_response(201)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


CLIENTS = ("curl", "wget", "busybox")


def real_client(node: Node, client: str) -> None:
    """Put a real program on PATH in place of the fake curl."""
    (node.fakes / "curl").unlink()
    name = "wget" if client == "busybox" else client
    (node.tools / name).symlink_to(which(client))


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("status", [200, 401, 503])
def test_real_clients_report_the_status_and_the_answer(node: Node, client: str, status: int) -> None:
    real_client(node, client)
    with endpoint(status, []) as port:
        server = {"enable": True, "server": f"127.0.0.1:{port}"}
        node.wants(config(modules__metaManager__metaServer=server))
        run = node.run(HEALTH_TIMEOUT="0")
    url = f"http://127.0.0.1:{port}"
    why = "the Node is not Ready: from the server"
    assert (why if status == 200 else f"the endpoint answers with HTTP {status} at {url};") in run.message
    assert "the endpoint does not answer at http://127.0.0.1:10550" in run.message


@pytest.mark.parametrize("client", CLIENTS)
def test_real_clients_send_the_event(node: Node, client: str, tmp_path: Path) -> None:
    real_client(node, client)
    seen: list[str] = []
    token(node, tmp_path)
    with endpoint(503, seen) as port:
        server = {"enable": True, "server": f"127.0.0.1:{port}"}
        kubelet = {"rootDirectory": str(tmp_path / "kubelet"), "hostnameOverride": "edge-1"}
        node.has(config(modules__metaManager__metaServer=server, modules__edged=kubelet))
        node.wants(config(modules__metaManager__metaServer=server, modules__edged=kubelet, a="b"))
        node.environment |= POD
        run = node.run(HEALTH_TIMEOUT="0")
    assert "no Event was written" not in run.out
    assert json.loads(seen[0])["reason"] == "EdgecoreRollback"
    # wget would have the token as an argument, which everybody on the node can read.
    authorization = "Bearer of-the-pod" if client == "curl" else None
    assert seen[1] == f"application/json {authorization}"


# --- the Event -------------------------------------------------------------------------------


def token(node: Node, folder: Path) -> None:
    """Write the token of the pod where edgecore mounts it, with a config that says so."""
    mount = folder / "kubelet/pods/u-1/volumes/kubernetes.io~projected/token"
    mount.mkdir(parents=True)
    (mount / "token").write_text("of-the-pod")
    kubelet = {"rootDirectory": str(folder / "kubelet"), "hostnameOverride": "edge-1"}
    node.has(config(modules__edged=kubelet))
    node.wants(config(modules__edged=kubelet, modules__edgeHub__heartbeat=20))


def test_a_failure_is_written_as_an_event_of_the_pod(node: Node, tmp_path: Path) -> None:
    token(node, tmp_path)
    node.behaves(Edgecore(ready="False"))
    node.environment |= POD
    run = node.run()
    event: dict[str, Any] = json.loads((node.root / "event").read_text())
    assert event["message"] == run.message
    assert event["involvedObject"] == {
        "apiVersion": "v1", "kind": "Pod", "name": "rollout-x", "uid": "u-1", "namespace": "kubeedge",
    }  # fmt: skip
    assert (event["type"], event["source"]["host"]) == ("Warning", "edge-1")
    asked = node.calls("curl")
    assert (
        asked[-1]
        == f'curl {URL}/api/v1/namespaces/kubeedge/events header = "Authorization: Bearer of-the-pod"'
    )
    # The request that must work without permissions has no token.
    assert asked[0].endswith('header = "Accept: application/json"')


@pytest.mark.parametrize(
    ("edgecore", "pod", "says"),
    [
        (Edgecore(events=403), POD, True),
        (Edgecore(events=None), POD, True),
        (Edgecore(events=403), {}, False),
    ],
    ids=["denied", "no answer", "no pod"],
)
def test_an_event_that_is_not_written_is_reported(
    node: Node, edgecore: Edgecore, pod: dict[str, str], says: bool
) -> None:
    node.behaves(Edgecore(ready="False"), edgecore)
    node.environment |= pod
    run = node.run()
    assert run.state == "failed try-1"
    assert (f"no Event was written (HTTP {edgecore.events or '000'})" in run.out) is says
